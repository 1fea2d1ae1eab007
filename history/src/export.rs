//! The whole journal as one stream.

use std::vec;

use rusqlite::params;

use crate::call::Call;
use crate::error::Result;
use crate::journal::Journal;
use crate::line::Line;

/// A row of the export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// A line.
    Line(Line),
    /// A call.
    Call(Box<Call>),
}

impl Journal {
    /// All rows: first the lines, then the calls, the oldest first. They are read in pages, so that no other process has to
    /// wait. Rows that are written in the meantime may be included.
    pub fn export(&self) -> Export<'_> {
        Export { journal: self, after: 0, calls: false, page: Vec::new().into_iter(), over: false }
    }
}

/// The iterator of [`Journal::export`].
#[derive(Debug)]
pub struct Export<'j> {
    journal: &'j Journal,
    /// The number of the last row that was returned.
    after: i64,
    /// All lines have been read.
    calls: bool,
    page: vec::IntoIter<Record>,
    over: bool,
}

/// How many rows are read at a time.
const PAGE: i64 = 500;

impl Export<'_> {
    fn read(&mut self) -> Result<Vec<Record>> {
        self.journal.find(|state| {
            let table = if self.calls { "calls" } else { "lines" };
            let sql = format!("SELECT * FROM {table} WHERE id > ?1 ORDER BY id LIMIT ?2");
            let mut select = state.database.connection.prepare_cached(&sql)?;
            let rows = select.query_map(params![self.after, PAGE], |row| {
                Ok(match self.calls {
                    true => Record::Call(Box::new(Call::of_row(row)?)),
                    false => Record::Line(Line::of_row(row)?),
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<Vec<Record>>>()?)
        })
    }
}

impl Iterator for Export<'_> {
    type Item = Result<Record>;

    /// The next row. The iterator ends after an error.
    fn next(&mut self) -> Option<Result<Record>> {
        loop {
            if let Some(record) = self.page.next() {
                self.after = match &record {
                    Record::Line(line) => line.id.0,
                    Record::Call(call) => call.id.0,
                };
                return Some(Ok(record));
            }
            if self.over {
                return None;
            }
            match self.read() {
                Ok(page) if page.is_empty() => {
                    self.over = self.calls;
                    self.calls = true;
                    self.after = 0;
                }
                Ok(page) => self.page = page.into_iter(),
                Err(error) => {
                    self.over = true;
                    return Some(Err(error));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;

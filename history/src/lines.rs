//! Lines: kept one by one before they run, recalled, and shared with other shells.

use std::ops::Range;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Params, params};

use crate::account::{self, Account, of_provider};
use crate::cut;
use crate::database::Survives;
use crate::error::Result;
use crate::journal::{Journal, State};
use crate::line::{Appended, Entry, LineId, millis};
use crate::moment::Millis;

impl Journal {
    /// Puts a line on record, with [`STAND_IN`](crate::STAND_IN) in the place of each range of bytes to hide. The ranges
    /// may come in any order and overlap; those that split a character or reach beyond the line are widened or cut to
    /// fit.
    pub fn append(&self, at: Millis, account: Option<&Account>, line: &str, hide: &[Range<usize>]) -> Result<Appended> {
        if line.trim().is_empty() || line.starts_with(char::is_whitespace) {
            return Ok(Appended::Skipped);
        }
        let text = cut::cut(line, hide);
        self.with(|state| {
            state.look()?;
            let repeated = state.last.as_deref() == Some(&*text);
            let (provider, profile, id, host) = account::four(account);
            let id = state.database.write(Survives::Kill, |transaction| {
                let mut insert = transaction.prepare_cached(INSERT)?;
                insert.execute(params![at, self.session, provider, host, profile, id, text, repeated])?;
                Ok(LineId(transaction.last_insert_rowid()))
            })?;
            state.last = Some(text.into_owned());
            Ok(if repeated { Appended::Repeated(id) } else { Appended::Stored(id) })
        })
    }

    /// Notes how a line ended. A line that is not there any more is no fault.
    pub fn line_ended(&self, id: LineId, exit_code: i32, duration: Duration) -> Result<()> {
        self.write(Survives::Kill, |transaction| {
            let mut update = transaction.prepare_cached(ENDED)?;
            update.execute(params![id.0, exit_code, millis(duration)])?;
            Ok(())
        })
    }

    /// The lines that other shells have stored since this was last asked, the newest last. Cheap when there are none.
    pub fn news(&self) -> Result<Vec<Entry>> {
        self.watch(|state| {
            state.look()?;
            let seen = state.seen.unwrap_or_default();
            let connection = &state.database.connection;
            let mut news = Vec::new();
            let mut select = connection.prepare_cached(NEWS)?;
            let mut rows = select.query(params![seen])?;
            while let Some(row) = rows.next()? {
                state.seen = Some(row.get("id")?);
                let session: Option<String> = row.get("session")?;
                // Lines that were taken over have no session, and are nobody's news.
                if session.is_some_and(|session| session != self.session) && !row.get::<_, bool>("repeated")? {
                    news.push(Entry::new(row.get("text")?));
                }
            }
            Ok(news)
        })
    }

    /// The newest entries, the very newest last; those of other shells among them.
    pub fn load(&self, most: usize) -> Result<Vec<Entry>> {
        self.watch(|state| {
            state.look()?;
            entries(&state.database.connection, LOAD, params![count(most)])
        })
    }

    /// At most so many entries in the order of recalling, the first to recall last: those of one account, the newest
    /// first, before those of the others. Where its service is does not count here.
    pub fn load_for(&self, account: &Account, most: usize) -> Result<Vec<Entry>> {
        self.watch(|state| {
            state.look()?;
            let connection = &state.database.connection;
            let (provider, profile, id, _) = account::four(Some(account));
            let own = entries(connection, LOAD_OWN, params![provider, profile, id, count(most)])?;
            let rest = count(most.saturating_sub(own.len()));
            let mut all = entries(connection, LOAD_OTHERS, params![provider, profile, id, rest])?;
            all.extend(own);
            Ok(all)
        })
    }
}

impl State {
    /// Begins to watch: from now on, what others store is news.
    fn look(&mut self) -> Result<()> {
        if self.seen.is_some() && self.last.is_some() {
            return Ok(());
        }
        let newest =
            self.database.connection.query_row("SELECT id, text FROM lines ORDER BY id DESC LIMIT 1", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            });
        let (id, text) = newest.optional()?.unwrap_or_default();
        self.seen.get_or_insert(id);
        self.last.get_or_insert(text);
        Ok(())
    }
}

fn entries(connection: &Connection, sql: &str, parameters: impl Params) -> Result<Vec<Entry>> {
    let mut select = connection.prepare_cached(sql)?;
    let rows = select.query_map(parameters, |row| Ok(Entry::new(row.get(0)?)))?;
    let mut entries = rows.collect::<rusqlite::Result<Vec<Entry>>>()?;
    entries.reverse();
    Ok(entries)
}

fn count(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX)
}

const INSERT: &str = "INSERT INTO lines (at, session, provider, host, profile, account, text, repeated)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const ENDED: &str = "UPDATE lines SET exit_code = ?2, duration = ?3 WHERE id = ?1";
const NEWS: &str = "SELECT id, session, repeated, text FROM lines WHERE id > ?1 ORDER BY id";
const LOAD: &str = "SELECT text FROM lines WHERE NOT repeated ORDER BY id DESC LIMIT ?1";
const LOAD_OWN: &str = concat!(
    "SELECT text FROM lines WHERE NOT repeated AND coalesce(",
    of_provider!(),
    ", FALSE) ORDER BY id DESC LIMIT ?4"
);
const LOAD_OTHERS: &str = concat!(
    "SELECT text FROM lines WHERE NOT repeated AND NOT coalesce(",
    of_provider!(),
    ", FALSE) ORDER BY id DESC LIMIT ?4"
);

#[cfg(test)]
mod tests;

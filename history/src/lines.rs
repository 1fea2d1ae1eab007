//! Storing lines one by one before they run, and recalling them together with those of other shells.

use std::ops::Range;
use std::time::Duration;

use rusqlite::{OptionalExtension, params};

use crate::account::{self, Account, of_provider};
use crate::cut;
use crate::database::Survives;
use crate::error::Result;
use crate::journal::{Journal, State};
use crate::line::{Appended, LineId, millis};
use crate::moment::Millis;

impl Journal {
    /// Stores a line, with [`STAND_IN`](crate::STAND_IN) in place of each range of bytes in `hide`. The ranges may be in any
    /// order and overlap. A range that splits a character is widened, and one that exceeds the line is cut.
    pub fn append(&self, at: Millis, account: Option<&Account>, line: &str, hide: &[Range<usize>]) -> Result<Appended> {
        if line.trim().is_empty() || line.starts_with(char::is_whitespace) {
            return Ok(Appended::Skipped);
        }
        let text = cut::cut(line, hide);
        self.with(|state| {
            state.look()?;
            let repeated = state.last.as_ref().is_some_and(|(last, of)| *last == *text && of.as_ref() == account);
            let (provider, profile, id, host) = account::four(account);
            let id = state.database.write(Survives::Kill, |transaction| {
                let mut insert = transaction.prepare_cached(INSERT)?;
                insert.execute(params![at, self.session, provider, host, profile, id, text, repeated])?;
                Ok(LineId(transaction.last_insert_rowid()))
            })?;
            state.last = Some((text.into_owned(), account.cloned()));
            Ok(if repeated { Appended::Repeated(id) } else { Appended::Stored(id) })
        })
    }

    /// Replaces the text of a line by its complete form, with the same rules for `hide` as [`append`](Self::append). It is not
    /// an error if the line has been removed.
    pub fn line_completed(&self, id: LineId, line: &str, hide: &[Range<usize>]) -> Result<()> {
        let text = cut::cut(line, hide);
        self.with(|state| {
            let account = state.last.take().and_then(|(_, account)| account);
            state.database.write(Survives::Kill, |transaction| {
                transaction.prepare_cached(COMPLETED)?.execute(params![id.0, text])?;
                Ok(())
            })?;
            state.last = Some((text.into_owned(), account));
            Ok(())
        })
    }

    /// Records how a line ended. It is not an error if the line has been removed.
    pub fn line_ended(&self, id: LineId, exit_code: i32, duration: Duration) -> Result<()> {
        self.write(Survives::Kill, |transaction| {
            let mut update = transaction.prepare_cached(ENDED)?;
            update.execute(params![id.0, exit_code, millis(duration)])?;
            Ok(())
        })
    }

    /// Whether other sessions have stored lines to recall since the last call of this method. Cheap if they have not.
    pub fn has_news(&self) -> Result<bool> {
        self.watch(|state| {
            state.look()?;
            let mut select = state.database.connection.prepare_cached(NEWS)?;
            let (newest, has_news): (Option<i64>, bool) = select
                .query_row(params![state.seen.unwrap_or_default(), self.session], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })?;
            state.seen = newest.or(state.seen);
            Ok(has_news)
        })
    }

    /// The newest lines of all other sessions, at most `most` of them: those of an account first, and then those of other
    /// accounts. The host of the account does not matter here. Without an account, all lines count as its own. The lines of
    /// this session are not included, because the caller has them with their secrets.
    pub fn recall(&self, account: Option<&Account>, most: usize) -> Result<Recalled> {
        self.watch(|state| {
            state.look()?;
            let (provider, profile, id, _) = account::four(account);
            let texts = |sql: &str, most: usize| {
                let most = i64::try_from(most).unwrap_or(i64::MAX);
                let mut select = state.database.connection.prepare_cached(sql)?;
                let rows = select.query_map(params![provider, profile, id, self.session, most], |row| row.get(0))?;
                rows.collect::<rusqlite::Result<Vec<String>>>()
            };
            let own = texts(RECALL_OWN, most)?;
            let rest = most.saturating_sub(own.len());
            let others = if account.is_none() || rest == 0 { Vec::new() } else { texts(RECALL_OTHERS, rest)? };
            Ok(Recalled { own, others })
        })
    }
}

/// Lines that can be recalled, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recalled {
    /// Those of the account.
    pub own: Vec<String>,
    /// Those of other accounts, and those without an account.
    pub others: Vec<String>,
}

impl State {
    /// Remembers the newest line, if that has not happened yet: lines that others store after it are news.
    fn look(&mut self) -> Result<()> {
        if self.seen.is_some() && self.last.is_some() {
            return Ok(());
        }
        let newest = self
            .database
            .connection
            .query_row(NEWEST, [], |row| Ok((row.get("id")?, (row.get("text")?, account::of_row(row)?))));
        let (id, line) = newest.optional()?.unwrap_or_default();
        self.seen.get_or_insert(id);
        self.last.get_or_insert(line);
        Ok(())
    }
}

const INSERT: &str = "INSERT INTO lines (at, session, provider, host, profile, account, text, repeated)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const COMPLETED: &str = "UPDATE lines SET text = ?2, repeated = FALSE WHERE id = ?1";
const ENDED: &str = "UPDATE lines SET exit_code = ?2, duration = ?3 WHERE id = ?1";
const NEWEST: &str = "SELECT * FROM lines ORDER BY id DESC LIMIT 1";
/// Imported lines have no session and are never news.
const NEWS: &str = "SELECT max(id), coalesce(max(session <> ?2 AND NOT repeated), FALSE) FROM lines WHERE id > ?1";
const RECALL_OWN: &str = concat!(
    "SELECT text FROM lines WHERE NOT repeated AND session IS NOT ?4 AND coalesce(",
    of_provider!(),
    ", FALSE) ORDER BY id DESC LIMIT ?5"
);
const RECALL_OTHERS: &str = concat!(
    "SELECT text FROM lines WHERE NOT repeated AND session IS NOT ?4 AND NOT coalesce(",
    of_provider!(),
    ", FALSE) ORDER BY id DESC LIMIT ?5"
);

#[cfg(test)]
mod tests;

//! What is kept of the journal, and for how long.

use rusqlite::{Connection, params};

use crate::call::is_open;
use crate::database::Survives;
use crate::error::{Error, Result};
use crate::journal::Journal;
use crate::moment::Millis;

/// What is to be kept. What is `None` has no limit. Open calls are always kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keep {
    /// At most so many lines, the newest.
    pub lines: Option<u64>,
    /// Lines since then.
    pub lines_since: Option<Millis>,
    /// Calls since then.
    pub calls_since: Option<Millis>,
}

/// How many rows were removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Lines.
    pub lines: u64,
    /// Calls.
    pub calls: u64,
    /// The space was given back to the system, and nothing of the removed rows is left in the files. It waits while
    /// another program uses the journal; pruning again tries again.
    pub compacted: bool,
}

impl Journal {
    /// Removes the lines that are too many or too old, and the calls that are too old. Cheap when there are none. The
    /// space is used again for new rows.
    pub fn tend(&self, keep: &Keep) -> Result<Removed> {
        let mut removed = Removed::default();
        if let Some(most) = keep.lines.and_then(|most| i64::try_from(most).ok())
            && self.with(|state| may_be_more(&state.database.connection, most))?
        {
            removed.lines += self.delete(TOO_MANY_LINES, most)?;
        }
        if let Some(since) = keep.lines_since {
            removed.lines += self.delete(OLD_LINES, since)?;
        }
        if let Some(since) = keep.calls_since {
            removed.calls += self.delete(OLD_CALLS, since)?;
        }
        Ok(removed)
    }

    fn delete(&self, sql: &str, limit: i64) -> Result<u64> {
        self.write(Survives::Kill, |transaction| Ok(transaction.execute(sql, params![limit])? as u64))
    }

    /// Removes the lines and calls from before then, and gives the space back. Open calls are kept.
    pub fn prune(&self, before: Millis) -> Result<Removed> {
        let mut removed = self.tend(&Keep { lines: None, lines_since: Some(before), calls_since: Some(before) })?;
        removed.compacted = match self.with(|state| compact(&state.database.connection)) {
            Err(Error::Locked) => false,
            done => done?,
        };
        Ok(removed)
    }
}

/// Looks at no more than two rows. Numbers may be left out, but none is given twice.
fn may_be_more(connection: &Connection, most: i64) -> Result<bool> {
    let span = "SELECT (SELECT max(id) FROM lines) - (SELECT min(id) FROM lines)";
    let span: Option<i64> = connection.query_row(span, [], |row| row.get(0))?;
    Ok(span.is_some_and(|span| span >= most))
}

/// Writes the database anew without what was removed, and empties the log. Says whether both were possible.
fn compact(connection: &Connection) -> Result<bool> {
    connection.execute_batch("VACUUM")?;
    let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(busy == 0)
}

/// Lines that were taken over are as old as the journal.
const OLD_LINES: &str = "DELETE FROM lines WHERE coalesce(at, (SELECT max(at) FROM taken_over)) < ?1";
const TOO_MANY_LINES: &str = "DELETE FROM lines WHERE id <= (SELECT id FROM lines ORDER BY id DESC LIMIT 1 OFFSET ?1)";
const OLD_CALLS: &str = concat!("DELETE FROM calls WHERE begun < ?1 AND NOT (", is_open!(), ")");

#[cfg(test)]
mod tests;

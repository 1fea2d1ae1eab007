//! Removing old rows.

use rusqlite::{Connection, OptionalExtension, ToSql, Transaction, named_params, params};

use crate::call::is_open;
use crate::database::Survives;
use crate::error::{Error, Result};
use crate::journal::Journal;
use crate::moment::Millis;

/// Which rows to keep. `None` means no limit. Open calls are always kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keep {
    /// At most this many lines, the newest ones.
    pub lines: Option<u64>,
    /// Only lines typed at this time or later.
    pub lines_since: Option<Millis>,
    /// Only calls started, and values last seen, at this time or later.
    pub calls_since: Option<Millis>,
}

/// The rows that a [`Keep`] would remove at one moment. Rows that are written or closed after that are not included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removable {
    /// The number of lines.
    pub lines: u64,
    /// The number of calls.
    pub calls: u64,
    /// The number of values kept for completion.
    seen: u64,
    keep: Keep,
    /// The newest line and call at that moment.
    newest: (i64, i64),
    /// The newest line that exceeds the number of lines to keep; 0 if there is none.
    surplus: i64,
    /// The calls that were open at that moment, each between commas.
    open: String,
}

/// What was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// The number of lines.
    pub lines: u64,
    /// The number of calls.
    pub calls: u64,
    /// Whether the space was given back to the system, so that nothing of the removed rows is left in the files. That is
    /// not possible while another program uses the journal; the next pruning tries again.
    pub compacted: bool,
}

impl Journal {
    /// What [`tend`](Journal::tend) would remove now: lines that exceed the number or the age to keep, and calls that exceed
    /// the age. The same rule finds the rows and removes them.
    pub fn would_remove(&self, keep: &Keep) -> Result<Removable> {
        self.find(|state| {
            // One transaction sees everything as it was at one moment.
            let transaction = state.database.connection.transaction()?;
            Removable::of(&transaction, keep)
        })
    }

    /// Removes what [`would_remove`](Journal::would_remove) finds. Cheap if there is nothing to remove. The space is reused
    /// for new rows.
    pub fn tend(&self, keep: &Keep) -> Result<Removed> {
        self.remove(&self.would_remove(keep)?)
    }

    fn remove(&self, rows: &Removable) -> Result<Removed> {
        if rows.lines + rows.calls + rows.seen == 0 {
            return Ok(Removed::default());
        }
        self.write(Survives::Kill, |transaction| {
            let lines = rows.lines_by("DELETE FROM lines", |sql, named| Ok(transaction.execute(sql, named)?))?;
            let calls = rows.calls_by("DELETE FROM calls", |sql, named| Ok(transaction.execute(sql, named)?))?;
            if let Some(since) = rows.keep.calls_since {
                transaction.execute(&format!("DELETE FROM seen WHERE {SEEN}"), [since])?;
            }
            Ok(Removed { lines: lines as u64, calls: calls as u64, compacted: false })
        })
    }

    /// Removes these rows and no others, and gives the space back to the system.
    pub fn prune(&self, rows: &Removable) -> Result<Removed> {
        let mut removed = self.remove(rows)?;
        removed.compacted = match self.look(|state| compact(&state.database.connection)) {
            Err(Error::Locked) => false,
            done => done?.unwrap_or(true),
        };
        Ok(removed)
    }
}

impl Removable {
    fn of(transaction: &Transaction<'_>, keep: &Keep) -> Result<Removable> {
        let number = |sql: &str| transaction.query_row(sql, [], |row| row.get::<_, i64>(0));
        let newest =
            (number("SELECT coalesce(max(id), 0) FROM lines")?, number("SELECT coalesce(max(id), 0) FROM calls")?);
        let open = transaction.query_row(OPEN, [], |row| row.get(0))?;
        let surplus = keep.lines.map_or(Ok(0), |most| surplus(transaction, most))?;
        let mut rows = Removable { lines: 0, calls: 0, seen: 0, keep: *keep, newest, surplus, open };
        let count = |sql: &str, named: Named<'_>| Ok(transaction.query_row(sql, named, |row| row.get::<_, i64>(0))?);
        rows.lines = rows.lines_by("SELECT count(*) FROM lines", count)?.unsigned_abs();
        rows.calls = rows.calls_by("SELECT count(*) FROM calls", count)?.unsigned_abs();
        if let Some(since) = keep.calls_since {
            let seen = transaction
                .query_row(&format!("SELECT count(*) FROM seen WHERE {SEEN}"), [since], |row| row.get::<_, i64>(0))?;
            rows.seen = seen.unsigned_abs();
        }
        Ok(rows)
    }

    /// Applies a statement to these lines. Without a limit, it is not even run.
    fn lines_by<T: Default>(&self, act_on: &str, act: impl FnOnce(&str, Named<'_>) -> Result<T>) -> Result<T> {
        if self.surplus == 0 && self.keep.lines_since.is_none() {
            return Ok(T::default());
        }
        let named =
            named_params! { ":newest": self.newest.0, ":surplus": self.surplus, ":since": self.keep.lines_since };
        act(&format!("{act_on} WHERE {LINES}"), named)
    }

    /// The same for these calls.
    fn calls_by<T: Default>(&self, act_on: &str, act: impl FnOnce(&str, Named<'_>) -> Result<T>) -> Result<T> {
        if self.keep.calls_since.is_none() {
            return Ok(T::default());
        }
        let named = named_params! { ":newest": self.newest.1, ":since": self.keep.calls_since, ":open": self.open };
        act(&format!("{act_on} WHERE {CALLS}"), named)
    }
}

/// Values of parameters.
type Named<'n> = &'n [(&'n str, &'n dyn ToSql)];

/// The newest line that exceeds this number of lines; 0 if there is none. Usually two rows are enough to know: numbers may
/// have gaps, but none is used twice.
fn surplus(connection: &Connection, most: u64) -> Result<i64> {
    let Ok(most) = i64::try_from(most) else { return Ok(0) };
    let span = "SELECT (SELECT max(id) FROM lines) - (SELECT min(id) FROM lines)";
    let span: Option<i64> = connection.query_row(span, [], |row| row.get(0))?;
    if span.is_none_or(|span| span < most) {
        return Ok(0);
    }
    let newest = "SELECT id FROM lines ORDER BY id DESC LIMIT 1 OFFSET ?1";
    Ok(connection.query_row(newest, params![most], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// Rewrites the database without the removed rows, and empties the log. False if another program prevents that.
fn compact(connection: &Connection) -> Result<bool> {
    connection.execute_batch("VACUUM")?;
    let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(busy == 0)
}

/// Imported lines have no time of their own: they are as old as their import.
const LINES: &str = "id <= :newest AND (id <= :surplus OR coalesce(at, (SELECT max(at) FROM taken_over)) < :since)";
/// A call that was open at that moment is kept, even if it has been closed since.
const CALLS: &str =
    concat!("id <= :newest AND begun < :since AND NOT (", is_open!(), ") AND instr(:open, ',' || id || ',') = 0");
const SEEN: &str = "at < ?1";
const OPEN: &str = concat!("SELECT ',' || coalesce(group_concat(id), '') || ',' FROM calls WHERE ", is_open!());

#[cfg(test)]
mod tests;

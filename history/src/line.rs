//! Lines that were typed.

use std::fmt;
use std::time::Duration;

use rusqlite::Row;
use serde::{Deserialize, Serialize};

use crate::account::{self, Account};
use crate::cut::STAND_IN;
use crate::moment::Millis;

/// The number of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LineId(pub i64);

impl fmt::Display for LineId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The result of storing a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// The line was stored.
    Stored(LineId),
    /// The line was stored, but will not be recalled separately: it repeats the newest line of the same account.
    Repeated(LineId),
    /// The line was not stored, because it is empty or begins with a blank.
    Skipped,
}

impl Appended {
    /// The number of the stored line, if it was stored.
    pub fn id(self) -> Option<LineId> {
        match self {
            Appended::Stored(id) | Appended::Repeated(id) => Some(id),
            Appended::Skipped => None,
        }
    }
}

/// A stored line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number. Later lines have higher numbers, and no number is used twice.
    pub id: LineId,
    /// When it was typed; `None` for a line that was imported from an older version.
    pub at: Option<Millis>,
    /// The session that it was typed in; `None` for an imported line.
    pub session: Option<String>,
    /// The account in use when it was typed.
    pub account: Option<Account>,
    /// The line, redacted.
    pub text: String,
    /// Whether something was cut out of it.
    pub redacted: bool,
    /// The exit code that it would have had as a command of its own; `None` while it runs, or if its process was killed.
    pub exit_code: Option<i32>,
    /// How long it took; `None` in the same cases.
    pub duration: Option<Duration>,
}

impl Line {
    pub(crate) fn of_row(row: &Row<'_>) -> rusqlite::Result<Line> {
        let text: String = row.get("text")?;
        // A line that was recalled and typed again with the stand-in in it cannot be run any more than the first one.
        let redacted = text.contains(STAND_IN);
        Ok(Line {
            id: LineId(row.get("id")?),
            at: row.get("at")?,
            session: row.get("session")?,
            account: account::of_row(row)?,
            text,
            redacted,
            exit_code: row.get("exit_code")?,
            duration: duration(row)?,
        })
    }
}

/// The column `duration`, in milliseconds.
pub(crate) fn duration(row: &Row<'_>) -> rusqlite::Result<Option<Duration>> {
    let millis: Option<i64> = row.get("duration")?;
    Ok(millis.map(|millis| Duration::from_millis(millis.unsigned_abs())))
}

/// A duration as it is stored.
pub(crate) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_a_number_unless_it_was_left_out() {
        let id = LineId(3);
        let numbers = [Appended::Stored(id), Appended::Repeated(id), Appended::Skipped].map(Appended::id);
        assert_eq!((numbers, id.to_string().as_str()), ([Some(id), Some(id), None], "3"));
    }

    #[test]
    fn a_duration_is_stored_in_milliseconds() {
        for (duration, stored) in [
            (Duration::ZERO, 0),
            (Duration::from_micros(1999), 1),
            (Duration::from_secs(2), 2000),
            (Duration::MAX, i64::MAX),
        ] {
            assert_eq!(millis(duration), stored);
        }
    }
}

//! Queries: the newest rows that match, the open ones, and single ones.

use rusqlite::{Connection, OptionalExtension, Params, Row, named_params, params};

use crate::account::{self, Account, of_account};
use crate::call::{Call, CallId, Outcome, is_open, may_change};
use crate::error::Result;
use crate::journal::Journal;
use crate::line::{Line, LineId};
use crate::moment::Millis;

/// Which rows to list. The default lists all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The text contains all of these words, in upper or lower case. For calls, the name of the method counts as well.
    pub words: Vec<String>,
    /// Only what did not succeed: lines with an exit code other than 0, and calls that failed or whose outcome is unknown.
    pub failed: bool,
    /// Only changes. For lines, those that made one.
    pub changes: bool,
    /// Only of this profile.
    pub profile: Option<String>,
    /// Only of this account.
    pub account: Option<Account>,
    /// Only from this time on.
    pub since: Option<Millis>,
    /// At most this many, the newest ones.
    pub most: Option<usize>,
}

impl Journal {
    /// The lines that match, the newest last.
    pub fn lines(&self, filter: &Filter) -> Result<Vec<Line>> {
        self.find(|state| {
            chosen(&state.database.connection, LINES, filter, Line::of_row, |line| vec![line.text.to_lowercase()])
        })
    }

    /// The calls that match, the newest last.
    pub fn calls(&self, filter: &Filter) -> Result<Vec<Call>> {
        self.find(|state| {
            chosen(&state.database.connection, CALLS, filter, Call::of_row, |call| {
                vec![call.call.text.to_lowercase(), call.call.method.to_lowercase()]
            })
        })
    }

    /// The calls of all lines from the first to the last number, with their lines and outcomes, the oldest first.
    pub fn calls_of_lines(&self, first: LineId, last: LineId) -> Result<Vec<(LineId, CallId, Outcome)>> {
        self.find(|state| {
            let of_row = |row: &Row<'_>| Ok((LineId(row.get(0)?), CallId(row.get(1)?), row.get(2)?));
            let mut select = state.database.connection.prepare_cached(CALLS_OF_LINES)?;
            let rows = select.query_map(params![first.0, last.0], of_row)?;
            Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?)
        })
    }

    /// A call by its number.
    pub fn call(&self, id: CallId) -> Result<Option<Call>> {
        self.find(|state| {
            let mut select = state.database.connection.prepare_cached("SELECT * FROM calls WHERE id = ?1")?;
            Ok(select.query_row(params![id.0], Call::of_row).optional()?)
        })
    }

    /// The calls of all sessions and accounts whose job has an id that begins with this prefix, the newest last.
    pub fn calls_by_job(&self, prefix: &str) -> Result<Vec<Call>> {
        self.find(|state| all(&state.database.connection, BY_JOB, params![prefix], Call::of_row))
    }

    /// The open calls of one account, or of all, the newest last: changes whose outcome is unknown, and jobs that have not
    /// been seen to end. A change that another session is making at this moment is included.
    pub fn open_calls(&self, account: Option<&Account>) -> Result<Vec<Call>> {
        let account = account::four(account);
        self.find(|state| all(&state.database.connection, OPEN, account, Call::of_row))
    }

    /// The number of open calls. Very cheap if there are few.
    pub fn count_open(&self, account: Option<&Account>) -> Result<u64> {
        let account = account::four(account);
        self.find(|state| {
            let mut select = state.database.connection.prepare_cached(COUNT_OPEN)?;
            let count: i64 = select.query_row(account, |row| row.get(0))?;
            Ok(count.unsigned_abs())
        })
    }

    /// The calls with the same request to the same account whose outcome is unknown, the newest last. Calls whose outcome
    /// can no longer be found out are included.
    pub fn same_unknown(&self, account: &Account, request: &str) -> Result<Vec<Call>> {
        self.find(|state| same_unknown(&state.database.connection, account, request))
    }
}

/// As [`Journal::same_unknown`].
pub(crate) fn same_unknown(connection: &Connection, account: &Account, request: &str) -> Result<Vec<Call>> {
    let (provider, profile, id, host) = account::four(Some(account));
    all(connection, SAME_UNKNOWN, params![provider, profile, id, host, request], Call::of_row)
}

fn all<T>(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
    of_row: fn(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>> {
    let mut select = connection.prepare_cached(sql)?;
    let rows = select.query_map(parameters, of_row)?;
    Ok(rows.collect::<rusqlite::Result<Vec<T>>>()?)
}

/// Reads rows from the newest one back until there are enough. Words are compared here, because SQLite ignores case only
/// for ASCII.
fn chosen<T>(
    connection: &Connection,
    sql: &str,
    filter: &Filter,
    of_row: fn(&Row<'_>) -> rusqlite::Result<T>,
    texts: impl Fn(&T) -> Vec<String>,
) -> Result<Vec<T>> {
    let words: Vec<String> = filter.words.iter().map(|word| word.to_lowercase()).collect();
    let (provider, profile, account, host) = account::four(filter.account.as_ref());
    let mut select = connection.prepare_cached(sql)?;
    let mut rows = select.query(named_params! {
        "?1": provider,
        "?2": profile,
        "?3": account,
        "?4": host,
        ":failed": filter.failed,
        ":changes": filter.changes,
        ":profile": filter.profile,
        ":since": filter.since,
    })?;
    let mut chosen = Vec::new();
    while chosen.len() < filter.most.unwrap_or(usize::MAX)
        && let Some(row) = rows.next()?
    {
        let found = of_row(row)?;
        let texts = texts(&found);
        if words.iter().all(|word| texts.iter().any(|text| text.contains(word))) {
            chosen.push(found);
        }
    }
    chosen.reverse();
    Ok(chosen)
}

const LINES: &str = concat!(
    "SELECT * FROM lines WHERE ",
    of_account!(),
    " AND (NOT :failed OR exit_code <> 0)
    AND (NOT :changes OR id IN (SELECT line FROM calls WHERE line IS NOT NULL AND is_change))
    AND (:profile IS NULL OR profile = :profile)
    AND (:since IS NULL OR at >= :since)
    ORDER BY id DESC"
);
const CALLS: &str = concat!(
    "SELECT * FROM calls WHERE ",
    of_account!(),
    " AND (NOT :failed OR outcome NOT IN ('done', 'running'))
    AND (NOT :changes OR is_change)
    AND (:profile IS NULL OR profile = :profile)
    AND (:since IS NULL OR begun >= :since)
    ORDER BY id DESC"
);
const CALLS_OF_LINES: &str =
    "SELECT line, id, outcome FROM calls WHERE line IS NOT NULL AND line BETWEEN ?1 AND ?2 ORDER BY id";
const BY_JOB: &str = "SELECT * FROM calls
    WHERE job >= ?1 AND job < ?1 || char(0x10FFFF) AND job IS NOT NULL ORDER BY id";
/// Sorting the few open calls is less work than reading all calls in order.
const OPEN: &str = concat!(
    "SELECT * FROM calls INDEXED BY calls_not_known WHERE ",
    is_open!(),
    " AND ",
    of_account!(),
    " ORDER BY id"
);
const COUNT_OPEN: &str =
    concat!("SELECT count(*) FROM calls INDEXED BY calls_not_known WHERE ", is_open!(), " AND ", of_account!());
const SAME_UNKNOWN: &str = concat!(
    "SELECT * FROM calls INDEXED BY calls_not_known WHERE ",
    may_change!(),
    " AND outcome = 'unknown' AND request = ?5 AND ",
    of_account!(),
    " ORDER BY id"
);

/// What is queried at each prompt or for each change, with the number of parameters.
#[cfg(test)]
pub(crate) const FREQUENT: &[(&str, usize)] = &[(COUNT_OPEN, 4), (OPEN, 4), (SAME_UNKNOWN, 5), (BY_JOB, 1)];

#[cfg(test)]
mod tests;

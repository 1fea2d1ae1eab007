//! A call of a provider's method, and what can become of it.

use std::fmt;
use std::time::Duration;

use rusqlite::Row;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};

use crate::account::{self, Account};
use crate::line::{self, LineId};
use crate::moment::Millis;

/// The number of a call, by which a user names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CallId(pub i64);

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An enum that is stored, shown and read by names.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &[$name] = &[$($name::$variant,)*];

            /// The name in the database and in exports; it never changes.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $text,)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }

        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(self.name().into())
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<$name> {
                let text = value.as_str()?;
                $name::ALL.iter().find(|known| known.name() == text).copied().ok_or(FromSqlError::InvalidType)
            }
        }
    };
}

named! {
    /// What became of a call.
    Outcome {
        /// The provider did it.
        Done = "done",
        /// The provider said no, and did nothing.
        Refused = "refused",
        /// It came to nothing: an error on the way, before anything can have happened.
        Failed = "failed",
        /// Nobody knows: it may have happened. So it is from the begin of a change until its answer is on record, and
        /// for ever when the process was killed in between.
        Unknown = "unknown",
        /// The provider has begun a job that is not over yet.
        Running = "running",
        /// The job is over, and came to nothing or stopped half-way.
        EndedBadly = "ended_badly",
    }
}

/// [`Outcome::is_open`] of a row.
macro_rules! may_change {
    () => {
        "outcome IN ('unknown', 'running')"
    };
}
pub(crate) use may_change;

/// [`Call::is_open`] of a row.
macro_rules! is_open {
    () => {
        concat!($crate::call::may_change!(), " AND reconciled_at IS NULL")
    };
}
pub(crate) use is_open;

impl Outcome {
    /// More is to come: only such a row can still be changed.
    pub fn is_open(self) -> bool {
        matches!(self, Outcome::Unknown | Outcome::Running)
    }
}

named! {
    /// What was found out later about a call whose outcome was not known.
    Found {
        /// The provider did it: the row is done.
        Happened = "happened",
        /// The provider did not do it: the row has failed.
        DidNot = "did_not",
        /// That cannot be seen any more: the outcome stays unknown, and nobody is reminded of it.
        CannotTell = "cannot_tell",
    }
}

/// A call that is about to be made. **All texts must be free of secrets**: they are stored as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewCall {
    /// When it begins.
    pub begun: Millis,
    /// The line it is part of, if that is on record.
    pub line: Option<LineId>,
    /// The account.
    pub account: Account,
    /// The method's name.
    pub method: String,
    /// The call as one would type it, redacted.
    pub text: String,
    /// What the method does to the account, in the caller's words.
    pub effect: String,
    /// A hash of all that is sent and decides what happens: two calls with the same one ask for the same.
    pub request: String,
    /// The key by which the provider knows a repetition.
    pub key: Option<Key>,
    /// The file that its result goes to.
    pub output: Option<String>,
    /// The name of a stored value: what was there before.
    pub before: Option<String>,
}

/// A key by which a provider knows a repetition, made before the first try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// The key; it gives access to nothing.
    pub text: String,
    /// Until then the provider remembers it; `None` for a provider that does not say.
    pub until: Option<Millis>,
}

/// What is known when a call is over, or when its answer did not come. What is `None` leaves what is on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finish {
    /// What became of it. [`Outcome::Unknown`] and [`Outcome::Running`] leave the row open.
    pub outcome: Outcome,
    /// The exit code.
    pub exit_code: i32,
    /// The time from the begin until now.
    pub duration: Duration,
    /// The size of the answer.
    pub bytes: Option<u64>,
    /// What the provider calls the object that was made or changed.
    pub object: Option<String>,
    /// What the provider calls the job.
    pub job: Option<String>,
    /// The name of a stored value: what was there afterwards.
    pub after: Option<String>,
}

impl Finish {
    /// No more than what is always known.
    pub fn new(outcome: Outcome, exit_code: i32, duration: Duration) -> Finish {
        Finish { outcome, exit_code, duration, bytes: None, object: None, job: None, after: None }
    }
}

/// A call with all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Its number. Later calls have higher ones, and none is given twice.
    pub id: CallId,
    /// The session that made it.
    pub session: String,
    /// The process that made it; once that has ended, another may have the same number.
    pub process: u32,
    /// What was known before it was made.
    pub call: NewCall,
    /// It was to change something.
    pub is_change: bool,
    /// How often it was sent, as far as is known.
    pub attempts: u32,
    /// What became of it.
    pub outcome: Outcome,
    /// The exit code; `None` while it runs, and when its process was killed.
    pub exit_code: Option<i32>,
    /// How long it took; `None` as above.
    pub duration: Option<Duration>,
    /// The size of the answer.
    pub bytes: Option<u64>,
    /// What the provider calls the object.
    pub object: Option<String>,
    /// What the provider calls the job.
    pub job: Option<String>,
    /// The name of a stored value: what was there afterwards.
    pub after: Option<String>,
    /// What was found out about it later.
    pub reconciled: Option<Reconciled>,
}

/// What was found out later, how and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconciled {
    /// What was found.
    pub found: Found,
    /// By what it was seen, or who said so.
    pub by: String,
    /// When.
    pub at: Millis,
}

impl Call {
    /// Its outcome is not known, or its job not over, and that has not been found out to stay so.
    pub fn is_open(&self) -> bool {
        self.outcome.is_open() && self.reconciled.is_none()
    }

    pub(crate) fn of_row(row: &Row<'_>) -> rusqlite::Result<Call> {
        let bytes: Option<i64> = row.get("bytes")?;
        Ok(Call {
            id: CallId(row.get("id")?),
            session: row.get("session")?,
            process: row.get("process")?,
            call: begun(row)?,
            is_change: row.get("is_change")?,
            attempts: row.get("attempts")?,
            outcome: row.get("outcome")?,
            exit_code: row.get("exit_code")?,
            duration: line::duration(row)?,
            bytes: bytes.map(i64::unsigned_abs),
            object: row.get("object")?,
            job: row.get("job")?,
            after: row.get("after")?,
            reconciled: reconciled(row)?,
        })
    }
}

fn begun(row: &Row<'_>) -> rusqlite::Result<NewCall> {
    let line: Option<i64> = row.get("line")?;
    let key: Option<String> = row.get("key")?;
    let until = row.get("key_until")?;
    Ok(NewCall {
        begun: row.get("begun")?,
        line: line.map(LineId),
        // The table does not allow a call without a provider.
        account: account::of_row(row)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?,
        method: row.get("method")?,
        text: row.get("text")?,
        effect: row.get("effect")?,
        request: row.get("request")?,
        key: key.map(|text| Key { text, until }),
        output: row.get("output")?,
        before: row.get("before")?,
    })
}

fn reconciled(row: &Row<'_>) -> rusqlite::Result<Option<Reconciled>> {
    let Some(found) = row.get("found")? else { return Ok(None) };
    Ok(Some(Reconciled { found, by: row.get("reconciled_by")?, at: row.get("reconciled_at")? }))
}

#[cfg(test)]
mod tests;

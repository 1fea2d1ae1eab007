//! A call of a provider's method, and its possible outcomes.

use std::fmt;
use std::time::Duration;

use rusqlite::Row;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};

use crate::account::{self, Account};
use crate::line::{self, LineId};
use crate::moment::Millis;

/// The number of a call, which users see and type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CallId(pub i64);

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An enum that is stored and shown by name.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &[$name] = &[$($name::$variant,)*];

            /// The name in the database and in exports. It never changes.
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
    /// The outcome of a call.
    Outcome {
        /// The provider did it.
        Done = "done",
        /// The provider refused, and did nothing.
        Refused = "refused",
        /// An error occurred before the provider can have done anything.
        Failed = "failed",
        /// It may have happened. A change has this outcome until its answer is recorded, and keeps it if the process is
        /// killed before that.
        Unknown = "unknown",
        /// The provider has started a job that has not ended yet.
        Running = "running",
        /// The job ended without success, or stopped half-way.
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
    /// Whether the outcome can still change. Rows with any other outcome are never updated.
    pub fn is_open(self) -> bool {
        matches!(self, Outcome::Unknown | Outcome::Running)
    }
}

named! {
    /// What was found out later about a call whose outcome was unknown.
    Found {
        /// The provider did it: the row becomes *done*.
        Happened = "happened",
        /// The provider did not do it: the row becomes *failed*.
        DidNot = "did_not",
        /// It can no longer be found out: the outcome stays *unknown*, but the call is no longer listed as open.
        CannotTell = "cannot_tell",
    }
}

/// A call that is about to be made. **No text may contain a secret**: texts are stored as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewCall {
    /// When it starts.
    pub begun: Millis,
    /// The line that makes it, if that line was stored.
    pub line: Option<LineId>,
    /// The account.
    pub account: Account,
    /// The method's name.
    pub method: String,
    /// The call as a line, redacted.
    pub text: String,
    /// What kind of effect the method has; the caller chooses the words.
    pub effect: String,
    /// A hash of everything in the request that matters for its effect. Two calls with the same hash ask for the same
    /// thing.
    pub request: String,
    /// The key by which the provider recognises a repetition.
    pub key: Option<Key>,
    /// The file for its result.
    pub output: Option<String>,
    /// The name of a stored value: the object as it was before.
    pub before: Option<String>,
}

/// An idempotency key: a provider recognises a repetition by it. It is made before the first attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// The key. It is not a secret.
    pub text: String,
    /// When the provider forgets it; `None` if the provider does not say.
    pub until: Option<Millis>,
}

/// What is known when a call has ended, or when no answer came. A field that is `None` leaves the stored value
/// unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finish {
    /// Its outcome. [`Outcome::Unknown`] and [`Outcome::Running`] leave the row open.
    pub outcome: Outcome,
    /// The exit code.
    pub exit_code: i32,
    /// The time since it started.
    pub duration: Duration,
    /// The size of the answer in bytes.
    pub bytes: Option<u64>,
    /// The provider's id of the object that was created or changed.
    pub object: Option<String>,
    /// The provider's id of the job.
    pub job: Option<String>,
    /// The name of a stored value: the object as it was afterwards.
    pub after: Option<String>,
}

impl Finish {
    /// An end with only the fields that are always known.
    pub fn new(outcome: Outcome, exit_code: i32, duration: Duration) -> Finish {
        Finish { outcome, exit_code, duration, bytes: None, object: None, job: None, after: None }
    }
}

/// A recorded call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Its number. Later calls have higher numbers, and no number is used twice.
    pub id: CallId,
    /// The session that made it.
    pub session: String,
    /// The id of the process that made it. After that process has ended, another one may have the same id.
    pub process: u32,
    /// What was recorded before it was sent.
    pub call: NewCall,
    /// Whether it was meant to change something.
    pub is_change: bool,
    /// How many times it was sent, as far as is known.
    pub attempts: u32,
    /// Its outcome.
    pub outcome: Outcome,
    /// The exit code; `None` while it runs, or if its process was killed.
    pub exit_code: Option<i32>,
    /// How long it took; `None` in the same cases.
    pub duration: Option<Duration>,
    /// The size of the answer in bytes.
    pub bytes: Option<u64>,
    /// The provider's id of the object.
    pub object: Option<String>,
    /// The provider's id of the job.
    pub job: Option<String>,
    /// The name of a stored value: the object as it was afterwards.
    pub after: Option<String>,
    /// What was found out about it later.
    pub reconciled: Option<Reconciled>,
}

/// What was found out about a call later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconciled {
    /// What was found.
    pub found: Found,
    /// The method that showed it, or who said so.
    pub by: String,
    /// When.
    pub at: Millis,
}

impl Call {
    /// Whether its outcome is unknown or its job has not ended, unless that can no longer be found out.
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

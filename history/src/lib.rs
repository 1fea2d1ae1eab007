//! What a shell remembers: the lines that were typed and the calls that were made, in one SQLite database.
//!
//! [`Journal`] is the handle. Its promises:
//!
//! - A change is on disk, synced, before [`Journal::begin_changes`] returns. A process that is killed at any moment leaves
//!   a row that says *unknown*.
//! - A closed row is never opened again.
//! - Several shells write at once, and nothing is lost.
//! - Only the owner can read the files.
//!
//! **No secret may come in.** The crate cannot know what is one: it cuts the ranges out of a line that it is told to, and
//! stores every other text as it is.
//!
//! Times come from the caller, as milliseconds since 1970 in UTC.

mod account;
mod call;
mod calls;
mod cut;
mod database;
mod error;
mod export;
mod health;
mod journal;
mod keep;
mod line;
mod lines;
mod migrate;
mod moment;
mod old;
mod private;
mod query;
mod reads;
mod rows;

pub use account::Account;
pub use call::{Call, CallId, Finish, Found, Key, NewCall, Outcome, Reconciled};
pub use cut::STAND_IN;
pub use error::{Error, Result};
pub use export::{Export, Record};
pub use health::{FileState, Health, Mend};
pub use journal::Journal;
pub use keep::{Keep, Removable, Removed};
pub use line::{Appended, Line, LineId};
pub use lines::Recalled;
pub use moment::{Millis, now};
pub use query::Filter;

#[cfg(test)]
mod tests;

//! A shell's memory: the lines that were typed, the calls that were made and the objects that answers showed, in one
//! SQLite database.
//!
//! [`Journal`] is the handle. It guarantees:
//!
//! - A change is on disk, synced, before [`Journal::begin_changes`] returns. If the process is killed after that, the row
//!   says *unknown*.
//! - A closed row is never opened again.
//! - Several shells can write at the same time, and nothing is lost.
//! - Only the owner can read the files.
//! - Looking creates nothing: until something is recorded, there is no journal, and every query is empty.
//!
//! **The caller keeps secrets out.** This crate cannot recognise them: it cuts the given ranges out of a line, and stores
//! every other text as it is.
//!
//! Times come from the caller, in milliseconds since 1970-01-01 UTC.

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
mod same;
mod values;

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
pub use same::Start;
pub use values::{MOST_SEEN, Object, Seen, Sighting};

#[cfg(test)]
mod tests;

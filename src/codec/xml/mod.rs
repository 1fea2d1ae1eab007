//! XML as services send it, whatever is said in it.
//!
//! Out of the text of a `message`, `events` finds the tags. `tree` keeps a whole document, and `typed`
//! makes a value of it by what the catalogue says.

mod error;
mod events;
mod trail;
pub(crate) mod tree;
pub(crate) mod typed;

pub use error::{DecodeError, Place};
pub(crate) use events::{Event, Events, Vocabulary};

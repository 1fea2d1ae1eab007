//! XML as services send it, whatever is said in it.
//!
//! Out of the text of a `message`, `events` finds the tags. `tree` keeps a whole document, and `typed`
//! makes a value of it by what the catalogue says.

mod error;
mod events;
pub(in crate::codec) mod tree;
pub(in crate::codec) mod typed;

pub use error::{DecodeError, Place};
pub(in crate::codec) use events::{Event, Events, Vocabulary};

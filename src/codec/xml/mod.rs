//! XML as services send it, with any content.
//!
//! `events` finds the tags in the text of a `message`. `tree` keeps a whole document, and `typed` turns it into a value
//! as declared in the catalogue.

mod error;
mod events;
mod trail;
pub(crate) mod tree;
pub(crate) mod typed;

pub use error::{DecodeError, Place};
pub(crate) use events::{Event, Events, Vocabulary};

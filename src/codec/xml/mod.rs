//! XML as services send it, whatever is said in it.
//!
//! From the bytes upwards: `input` counts them and remembers the first, `charset` turns them into UTF-8 and `events`
//! finds the tags. `tree` keeps a whole document, and `typed` makes a value of it by what the catalogue says. `found`
//! describes what came when it was no XML.

pub(in crate::codec) mod charset;
mod error;
mod events;
mod found;
mod input;
mod limits;
pub(in crate::codec) mod tree;
pub(in crate::codec) mod typed;

pub use error::{DecodeError, Place};
pub(in crate::codec) use events::{Event, Events, Vocabulary};
pub use found::Found;
pub(in crate::codec) use found::{by_start, clip, excerpt};
pub(in crate::codec) use input::read_all;
pub use limits::Limits;

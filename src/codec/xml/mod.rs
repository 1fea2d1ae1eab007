//! XML as services send it, with any content.
//!
//! `events` finds the tags in the text of a `message`: what is `plain` itself, everything else through the `library`;
//! a reader that knows what comes next may `leap` over several plain tags.
//! `tree` keeps a whole document, and `typed` turns it into a value as declared in the catalogue.

mod error;
mod events;
mod leap;
mod library;
mod names;
mod plain;
mod text;
mod trail;
pub(crate) mod tree;
pub(crate) mod typed;

#[cfg(test)]
mod tests;

pub use error::{DecodeError, Place};
pub(crate) use events::{Event, Events, Vocabulary};
pub(crate) use leap::{Ahead, Leap};

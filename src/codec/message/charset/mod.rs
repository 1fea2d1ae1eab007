//! Whatever the character set of a message, UTF-8 comes out.
//!
//! `choice` finds the character set. `stream` does it while the message is read, with `checked` for what should be UTF-8
//! already; `mending` is for whole messages.

mod checked;
mod choice;
mod mending;
mod stream;

#[cfg(test)]
mod tests;

pub use mending::Mended;
pub(crate) use mending::{mend, text};
pub(crate) use stream::{Notation, Utf8};

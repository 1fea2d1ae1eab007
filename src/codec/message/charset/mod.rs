//! Converts a message in any character set to UTF-8.
//!
//! `choice` determines the character set. `stream` converts while the message is read, with `checked` for what should
//! already be UTF-8; `mending` works on whole messages.

mod checked;
mod choice;
mod mending;
mod stream;

#[cfg(test)]
mod tests;

pub use mending::Mended;
pub(crate) use mending::{mend, text};
pub(crate) use stream::{Notation, Utf8};

//! Keys and passwords: a type that cannot be printed, and the search for text that must never be shown.

mod entity;
mod layer;
mod letters;
mod matcher;
mod names;
mod pairs;
mod redactor;
mod views;

use std::fmt;

use zeroize::Zeroizing;

pub use letters::is_unseen;
pub use names::sounds_secret;
pub use redactor::{Redactor, mask};

/// Shown in place of a secret.
pub const REDACTED: &str = "(redacted)";

/// A key, a password or a token. It has no `Display`, a value that holds one serializes as a placeholder, and it is
/// wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(Zeroizing::new(text.into()))
    }

    /// The secret itself. Only the last step before the wire, and the redactor, may call this; a test enforces it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The number of characters.
    pub fn length(&self) -> usize {
        self.0.chars().count()
    }

    /// Whether it matches a pattern.
    pub fn fits(&self, pattern: super::Pattern) -> bool {
        pattern.fits(&self.0)
    }

    /// The last `count` characters, for ma-shell's prompt; never more than a quarter of the secret.
    pub fn tail(&self, count: usize) -> String {
        let length = self.0.chars().count();
        let count = count.min(length / 4);
        self.0.chars().skip(length - count).collect()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

#[cfg(test)]
mod tests;

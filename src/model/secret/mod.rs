//! Keys and passwords: a type that cannot be printed, and the search for what must never be shown.

mod entity;
mod layer;
mod matcher;
mod redactor;
mod views;

use std::fmt;

use zeroize::Zeroizing;

pub use redactor::{Redactor, mask};
pub use views::is_unseen;

/// What is shown in the place of a secret.
pub const REDACTED: &str = "(redacted)";

/// A key, a password or a token. It has no `Display`, serialises as nothing and is wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Seals a text.
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(Zeroizing::new(text.into()))
    }

    /// Opens the seal. Only the last step before the wire, and the redactor, may do so; a test holds that border.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// How many characters it has.
    pub fn length(&self) -> usize {
        self.0.chars().count()
    }

    /// Whether it matches a pattern.
    pub fn fits(&self, pattern: super::Pattern) -> bool {
        pattern.fits(&self.0)
    }

    /// The last `count` characters of the secret, for ma-shell's prompt; fewer when that would show half of it.
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

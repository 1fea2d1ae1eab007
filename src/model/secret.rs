//! Keys and passwords: a type that cannot be printed, and the list of what must never be shown.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use zeroize::Zeroizing;

/// What stands where a secret was.
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

/// Every secret seen in this process, by value. It only learns, and whatever is logged, traced or shown as an error
/// passes through it.
#[derive(Clone, Default, Debug)]
pub struct Redactor {
    known: Vec<Secret>,
}

/// Shorter secrets are not searched for: they would black out ordinary words.
const SHORTEST: usize = 6;

impl Redactor {
    /// Remembers a secret and the forms it takes on the wire (URL-encoded, Base64 as a Basic user name).
    pub fn learn(&mut self, secret: &Secret) {
        if secret.expose().len() >= SHORTEST && !self.known.contains(secret) {
            self.known.push(secret.clone());
        }
    }

    /// Remembers a text that stands for a secret (its Base64 form, its URL-encoded form).
    pub fn learn_text(&mut self, text: &str) {
        self.learn(&Secret::new(text));
    }

    /// Where known secrets stand in a text, in order and without overlaps.
    pub fn find(&self, text: &str) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        for secret in &self.known {
            let needle = secret.expose();
            found.extend(text.match_indices(needle).map(|(at, _)| at..at + needle.len()));
        }
        found.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
        found.dedup_by(|next, kept| {
            let overlaps = next.start < kept.end;
            if overlaps {
                kept.end = kept.end.max(next.end);
            }
            overlaps
        });
        found
    }

    /// The text with stars in place of every known secret, byte for byte, so that places in it stay what they are.
    pub fn mask(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for range in self.find(text) {
            out.push_str(text.get(from..range.start).unwrap_or(""));
            out.extend(std::iter::repeat_n('*', range.len()));
            from = range.end;
        }
        out.push_str(text.get(from..).unwrap_or(""));
        out
    }

    /// The text with every known secret replaced.
    pub fn apply<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let found = self.find(text);
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for range in found {
            out.push_str(text.get(from..range.start).unwrap_or(""));
            out.push_str(REDACTED);
            from = range.end;
        }
        out.push_str(text.get(from..).unwrap_or(""));
        Cow::Owned(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_prints_as_nothing() {
        assert_eq!(format!("{:?}", Secret::new("hunter22")), REDACTED);
        assert_eq!(Secret::new("0123456789abcdef01234567a32a1fe9").tail(8), "a32a1fe9");
        assert_eq!(Secret::new("short").tail(8), "t");
    }

    #[test]
    fn secrets_are_found_by_value() {
        let mut redactor = Redactor::default();
        redactor.learn(&Secret::new("canary-key"));
        redactor.learn(&Secret::new("canary-key-longer"));
        redactor.learn(&Secret::new("abc"));
        assert_eq!(redactor.apply("x canary-key-longer y canary-key abc"), "x (redacted) y (redacted) abc");
        assert_eq!(redactor.apply("nothing here"), "nothing here");
        assert_eq!(redactor.mask("é canary-key é"), "é ********** é");
    }
}

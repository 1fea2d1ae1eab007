//! Keys and passwords: a type that cannot be printed, and the list of what must never be shown.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use zeroize::Zeroizing;

use super::escape;

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

/// Every secret seen in this process, by value. It only learns, and whatever is logged, traced or shown as an error
/// passes through it.
#[derive(Clone, Default, Debug)]
pub struct Redactor {
    known: Vec<Secret>,
}

/// Shorter secrets are not searched for: they would black out ordinary words.
const SHORTEST: usize = 6;

impl Redactor {
    /// Remembers a secret, as it is and as a stranger may give it back: in XML, in JSON, with its blanks run together.
    pub fn learn(&mut self, secret: &Secret) {
        let text = secret.expose();
        let json = text.replace('\\', r"\\").replace('"', r#"\""#);
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let others = [escape::xml(text).into_owned(), json, words].map(Secret::new);
        for form in std::iter::once(secret.clone()).chain(others.into_iter().filter(|form| form != secret)) {
            if form.expose().len() >= SHORTEST && !self.known.contains(&form) {
                self.known.push(form);
            }
        }
    }

    /// Remembers a text that stands for a secret (its Base64 form, its URL-encoded form).
    pub fn learn_text(&mut self, text: &str) {
        self.learn(&Secret::new(text));
    }

    /// Where known secrets stand in a text, in order and without overlaps. The beginning of one counts where the text
    /// has been cut.
    pub fn find(&self, text: &str) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        for secret in &self.known {
            let needle = secret.expose();
            found.extend(text.match_indices(needle).map(|(at, _)| at..at + needle.len()));
            found.extend(text.match_indices('…').filter_map(|(end, _)| beginning(needle, text.get(..end)?)));
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

/// Where a text ends with the beginning of a secret.
fn beginning(secret: &str, text: &str) -> Option<Range<usize>> {
    let ends = text.char_indices().rev().map(|(at, _)| at).take_while(|at| text.len() - at < secret.len());
    let fits = |at: &usize| text.len() - at >= SHORTEST && text.get(*at..).is_some_and(|end| secret.starts_with(end));
    ends.filter(fits).last().map(|at| at..text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_found_in_other_notations_and_where_a_text_is_cut() {
        let mut redactor = Redactor::default();
        redactor.learn(&Secret::new("a<b&c  \"d\\"));
        for text in ["a<b&c  \"d\\", "a&lt;b&amp;c  \"d\\", r#"a<b&c  \"d\\"#, "a<b&c \"d\\"] {
            assert_eq!(redactor.apply(&format!("x {text} y")), "x (redacted) y");
        }
        for (text, shown) in [
            ("it is a<b&c …", "it is (redacted)…"),
            ("it is a<b&c  … and a<b&c \"…", "it is (redacted)… and (redacted)…"),
            ("it is a<b&…", "it is a<b&…"),
            ("it is a<b&c ", "it is a<b&c "),
            ("…", "…"),
        ] {
            assert_eq!(redactor.apply(text), shown);
        }
    }

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

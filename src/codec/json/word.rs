//! What JSON cannot hold: literals of other languages, control characters, half surrogate pairs.

use crate::message::clip;

/// The literals of JSON.
const WORDS: [&[u8]; 3] = [b"true", b"false", b"null"];
/// The longest word that is looked at.
const LONGEST: usize = 24;

/// The word that begins with a byte and continues with `rest`, if it is not a JSON literal. Numbers are left to the
/// parser; a word that has not fully arrived must be the beginning of a literal.
pub(super) fn foreign(first: u8, rest: &[u8]) -> Option<String> {
    let is_sign = matches!(first, b'-' | b'+');
    if is_sign && !rest.first().is_some_and(u8::is_ascii_alphabetic) || first == b'.' {
        return None;
    }
    let length = rest.iter().take(LONGEST).take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
    let (more, whole) = (rest.get(..length).unwrap_or_default(), length < rest.len());
    let known = WORDS
        .iter()
        .filter_map(|known| known.split_first())
        .any(|(begin, known)| *begin == first && if whole { known == more } else { known.starts_with(more) });
    (!known).then(|| String::from_utf8_lossy(&[&[first], more].concat()).into_owned())
}

/// The name of a word in an error.
pub(super) fn name(word: &str) -> String {
    let bare = word.trim_start_matches(['-', '+']).to_ascii_lowercase();
    match ["nan", "inf", "infinity"].contains(&bare.as_str()) {
        true => format!("{word}, a number that JSON does not have"),
        false => format!("the word {}, which JSON does not have", clip(word)),
    }
}

/// The name of a control character in an error.
pub(super) fn control(byte: u8) -> String {
    format!("the control character U+{byte:04X}, which JSON cannot contain as it is")
}

/// Characters written as `\u` escapes; those beyond U+FFFF in two halves.
#[derive(Debug, Default)]
pub(super) struct Hex {
    digits: u8,
    code: u16,
    /// The first half has come.
    half: bool,
}

/// The effect of a digit on a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Digit {
    /// It is the last digit.
    pub(super) over: bool,
    /// It leaves no half of a surrogate pair alone.
    pub(super) fits: bool,
}

impl Hex {
    /// Processes a digit. The parser handles any other character.
    pub(super) fn digit(&mut self, byte: u8) -> Digit {
        let Some(digit) = char::from(byte).to_digit(16).and_then(|digit| u16::try_from(digit).ok()) else {
            *self = Hex::default();
            return Digit { over: true, fits: true };
        };
        (self.digits, self.code) = (self.digits + 1, self.code << 4 | digit);
        if self.digits < 4 {
            return Digit { over: false, fits: true };
        }
        let (first, second) = ((0xd800..0xdc00).contains(&self.code), (0xdc00..0xe000).contains(&self.code));
        let fits = self.half == second;
        *self = Hex { half: first, ..Hex::default() };
        Digit { over: true, fits }
    }

    /// Whether the first half of a surrogate pair has come, but not the second.
    #[inline]
    pub(super) fn is_half(&self) -> bool {
        self.half
    }

    /// Processes anything else. Returns whether no half of a surrogate pair was left alone.
    #[inline]
    pub(super) fn ends(&mut self) -> bool {
        !std::mem::take(&mut self.half)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_json_literals_pass() {
        for (text, word) in [
            ("true,", None),
            ("null", None),
            ("nu", None),
            ("nul]", Some("nul")),
            ("nan", Some("nan")),
            ("NaN]", Some("NaN")),
            ("Infinity", Some("Infinity")),
            ("-Infinity}", Some("-Infinity")),
            ("-1", None),
            ("-", None),
            ("True}", Some("True")),
            ("undefined ", Some("undefined")),
            ("truer ", Some("truer")),
        ] {
            let (first, rest) = text.as_bytes().split_first().unwrap();
            assert_eq!(foreign(*first, rest).as_deref(), word, "{text}");
        }
        assert_eq!(name("-Infinity"), "-Infinity, a number that JSON does not have");
        assert_eq!(name("True"), "the word True, which JSON does not have");
    }

    #[test]
    fn surrogates_come_in_pairs() {
        for (escapes, fits) in [
            (&["00e9"][..], true),
            (&["d83d", "de00"], true),
            (&["D83D", "DE00", "0041"], true),
            (&["de00"], false),
            (&["d83d"], false),
            (&["d83d", "0041"], false),
            (&["d83d", "d83d"], false),
        ] {
            let mut hex = Hex::default();
            let all = escapes.iter().flat_map(|escape| escape.bytes());
            let digits = all.map(|byte| hex.digit(byte).fits).collect::<Vec<_>>();
            assert_eq!(digits.into_iter().all(|fits| fits) && hex.ends(), fits, "{escapes:?}");
        }
    }
}

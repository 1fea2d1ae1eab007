//! The meaning of the word being typed: its text without the opening quote.

use lang::written;

/// A word being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Typed {
    /// Its text so far.
    pub(super) text: String,
    /// Its opening quote.
    quote: Option<char>,
    /// The user's own shell handles quotes.
    apart: bool,
}

impl Typed {
    /// The word up to the cursor. A closing quote is removed like the opening one.
    pub(super) fn of(word: &str) -> Typed {
        match word.chars().next().filter(|first| matches!(first, '\'' | '"')) {
            Some(quote) => {
                let inside = word.strip_prefix(quote).unwrap_or(word);
                Typed {
                    text: inside.strip_suffix(quote).unwrap_or(inside).to_owned(),
                    quote: Some(quote),
                    apart: false,
                }
            }
            None => Typed { text: word.replace('\\', ""), quote: None, apart: false },
        }
    }

    /// A word from which another shell has removed the quotes.
    pub(super) fn apart(word: &str) -> Typed {
        Typed { text: word.to_owned(), quote: None, apart: true }
    }

    /// A text as it must be typed in place of the word: quoted if necessary, or if the user began with a quote. With
    /// `whole` the quote is closed.
    pub(super) fn spell(&self, text: &str, whole: bool) -> String {
        let spelt = match self.quote {
            _ if self.apart => return text.to_owned(),
            Some('\'') if !text.contains('\'') => format!("'{text}'"),
            Some('"') if !text.contains(['"', '\\', '$']) => format!("\"{text}\""),
            _ => written(text),
        };
        match spelt.strip_suffix(['\'', '"']) {
            Some(open) if !whole && spelt != text => open.to_owned(),
            _ => spelt,
        }
    }

    /// Whether a text begins with what was typed, in any letter case.
    pub(super) fn begins(&self, text: &str) -> bool {
        begins(text, &self.text)
    }
}

/// Whether a text begins with another, in any letter case.
pub(super) fn begins(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_keeps_its_opening_quote() {
        for (word, text, whole, spelt) in [
            ("a", "ab", true, "ab"),
            ("a", "a b", true, "'a b'"),
            ("a", "a b/", false, "'a b/"),
            ("'a", "ab", true, "'ab'"),
            ("\"a", "ab", true, "\"ab\""),
            ("\"a", "a$b", true, "'a$b'"),
            ("'it", "it's", true, "\"it's\""),
            ("a\\ ", "a b", true, "'a b'"),
        ] {
            let typed = Typed::of(word);
            assert!(typed.begins(text), "{word}");
            assert_eq!(typed.spell(text, whole), spelt, "{word}");
        }
    }
}

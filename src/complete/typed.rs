//! The half-typed word as it is meant: without the quote that it begins with.

use lang::written;

/// A word on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Typed {
    /// What it says so far.
    pub(super) text: String,
    /// The quote that it begins with.
    quote: Option<char>,
    /// The user's own shell takes care of quotes.
    apart: bool,
}

impl Typed {
    /// The word up to the cursor. A closing quote belongs to it no less than the opening one.
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

    /// A word that another shell has taken the quotes from.
    pub(super) fn apart(word: &str) -> Typed {
        Typed { text: word.to_owned(), quote: None, apart: true }
    }

    /// A text as it is to be typed in the place of the word: quoted where it has to be, or where the user began so.
    /// With `whole` the quote is closed.
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

    /// Whether a text begins with what was typed, whatever the case.
    pub(super) fn begins(&self, text: &str) -> bool {
        begins(text, &self.text)
    }
}

/// Whether a text begins with another, whatever the case.
pub(super) fn begins(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_spelt_as_it_was_begun() {
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

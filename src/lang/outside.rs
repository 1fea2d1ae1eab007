//! The unquoted parts of a text that another language quotes: JSON, or a command of the user's own.

use super::SyntaxError;
use model::{Span, unseen};

/// The first invisible character of a text that is outside quotes of these kinds and not escaped. `start` is the
/// position of the text.
pub(super) fn unseen_outside(text: &str, quotes: &[char], start: usize) -> Option<SyntaxError> {
    let (mut within, mut escaped) = (None, false);
    for (at, c) in text.char_indices() {
        match within {
            _ if escaped => escaped = false,
            // A backslash has no meaning between single quotes.
            Some('\'') if c != '\'' => {}
            _ if c == '\\' => escaped = true,
            Some(quote) if c == quote => within = None,
            Some(_) => {}
            None if quotes.contains(&c) => within = Some(c),
            None if unseen::is_unseen(c) => {
                let span = Span::new(start + at, start + at + c.len_utf8());
                return Some(SyntaxError::UnseenCharacter { character: c, span });
            }
            None => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unquoted_characters_are_found() {
        for (text, quotes, found) in [
            ("{\"a\u{a0}\": 1}", &['"'][..], None),
            ("{\"a\\\"\u{a0}\":\u{a0}1}", &['"'], Some(9)),
            ("jq 'a\u{a0}\\' \u{a0}", &['\'', '"'], Some(10)),
            ("jq \"a\\\"\u{a0}\" \\\u{a0}", &['\'', '"'], None),
            ("jq \u{200b}.", &['\'', '"'], Some(3)),
        ] {
            let at = unseen_outside(text, quotes, 0).map(|error| match error {
                SyntaxError::UnseenCharacter { span, .. } => span.start,
                other => panic!("{other}"),
            });
            assert_eq!(at, found, "{text}");
        }
    }
}

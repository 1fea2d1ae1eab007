//! A wrong line as words, from which others can be put together.

use lang::TokenKind;

/// The words of one line as they were typed, quotes and all.
pub(super) struct Row<'t> {
    /// The head and what may be names and values.
    pub(super) words: Vec<&'t str>,
    /// The options with their values, wherever they were.
    pub(super) options: Vec<&'t str>,
    /// From the first operator to the end.
    pub(super) tail: &'t str,
}

impl<'t> Row<'t> {
    /// Cuts a text; only its first line counts. `None` without a word.
    pub(super) fn of(text: &'t str) -> Option<Row<'t>> {
        let mut row = Row { words: Vec::new(), options: Vec::new(), tail: "" };
        let (mut end, mut in_option) = (None, false);
        for token in lang::tokens(text) {
            let range = token.span.range();
            match token.kind {
                TokenKind::Comment | TokenKind::Separator => break,
                TokenKind::Operator => {
                    row.tail = text.get(range.start..)?.split(['\n', ';']).next()?.trim_end();
                    break;
                }
                _ => {}
            }
            let is_option = matches!(token.kind, TokenKind::Option | TokenKind::OptionValue);
            let words = if is_option { &mut row.options } else { &mut row.words };
            // A colon between an account and its method belongs to neither.
            let colon = end.is_some_and(|end| text.get(end..range.start) == Some(":"));
            let glued = (end == Some(range.start) || colon) && in_option == is_option;
            match words.last_mut().filter(|_| glued) {
                // Parts of one word: a type and its value, a profile and its method.
                Some(last) => *last = text.get(range.start.checked_sub(last.len() + usize::from(colon))?..range.end)?,
                None => words.push(text.get(range.clone())?),
            }
            (end, in_option) = (Some(range.end), is_option);
        }
        (!row.words.is_empty()).then_some(row)
    }

    /// A line of other words, with the same options and the same place for its result.
    pub(super) fn with(&self, words: &[String]) -> String {
        let options = self.options.iter().copied();
        let parts: Vec<&str> = words.iter().map(String::as_str).chain(options).chain([self.tail]).collect();
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_into_words_options_and_the_rest() {
        for (text, words, options, tail) in [
            ("reboot myserver1", &["reboot", "myserver1"][..], &[][..], ""),
            ("work:x a=b (int)5 -o json", &["work:x", "a=b", "(int)5"], &["-o", "json"], ""),
            ("x --frob 'a b' | f; y", &["x", "--frob", "'a b'"], &[], "| f"),
            ("x -o json y |! jq .", &["x", "y"], &["-o", "json"], "|! jq ."),
            ("if true then # c", &["if", "true", "then"], &[], ""),
        ] {
            let row = Row::of(text).unwrap();
            assert_eq!((&*row.words, &*row.options, row.tail), (words, options, tail), "{text}");
        }
        assert!(Row::of("# nothing").is_none() && Row::of("").is_none());
        let row = Row::of("a b -o json | f").unwrap();
        assert_eq!(row.with(&["a.b".into()]), "a.b -o json | f");
    }
}

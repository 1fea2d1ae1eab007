//! `$name.path`: an existing value instead of a typed one.

use super::path::segments;
use super::{Segment, SyntaxError, Word};
use model::Span;

/// A variable, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// As typed, including the dollar sign.
    pub text: String,
    /// Its name, without the dollar sign.
    pub name: String,
    /// The path from the variable to its part.
    pub path: Vec<Segment>,
    /// Where it is.
    pub span: Span,
}

impl Variable {
    /// The name of the last result.
    pub const LAST: &str = "_";

    /// The variable that a word names; `None` when it is text. A word is text if its dollar sign is quoted or
    /// escaped, or not followed by a letter or `_`.
    pub fn of(word: &Word) -> Option<Result<Variable, SyntaxError>> {
        let first = word.pieces.first().filter(|piece| !piece.quoted)?;
        if !Variable::begins(&first.text) {
            return None;
        }
        let text = word.text();
        let said = text.strip_prefix('$').unwrap_or(&text);
        let parts = segments(said).and_then(|path| match path.split_first() {
            Some((Segment::Key(name), path)) if Variable::is_name(name) => Ok((name.clone(), path.to_vec())),
            _ => Err(("a name has letters, digits, - and _ only", 0)),
        });
        Some(match parts {
            Ok((name, path)) => Ok(Variable { name, path, span: word.span, text }),
            Err((reason, at)) => {
                let span = word.part(at + 1..text.len());
                Err(SyntaxError::BadVariable { text, reason, span })
            }
        })
    }

    /// Whether a bare word with this beginning is a variable.
    pub fn begins(text: &str) -> bool {
        text.strip_prefix('$').is_some_and(|name| name.starts_with(|c: char| c.is_alphabetic() || c == '_'))
    }

    /// Whether a variable can have this name.
    pub fn is_name(name: &str) -> bool {
        name.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{parse, parse_words};
    use model::Diagnostic;

    /// The value of a line as name and path; `text` if it is not a variable.
    fn shown(value: &str) -> String {
        let lines = parse(&format!("x n {value}")).unwrap();
        let Some(variable) = Variable::of(&lines[0].items[1].word) else { return "text".into() };
        let Variable { name, path, .. } = variable.unwrap();
        let parts = path.iter().map(|segment| match segment {
            Segment::Key(key) => format!(" '{key}"),
            Segment::Index(index) => format!(" {index}"),
        });
        name + &parts.collect::<String>()
    }

    #[test]
    fn an_unquoted_word_with_a_dollar_is_a_variable() {
        for (value, variable) in [
            ("$_", "_"),
            ("$_.id", "_ 'id"),
            ("$_.job.id", "_ 'job 'id"),
            ("$_[0].name", "_ 0 'name"),
            ("$_[a.b][1]", "_ 'a.b 1"),
            ("$_['a b'].c", "_ 'a b 'c"),
            ("$zone", "zone"),
            ("$my-zone_2.id", "my-zone_2 'id"),
            ("'$_'", "text"),
            ("\"$_\"", "text"),
            ("\\$_", "text"),
            ("a$_", "text"),
            ("''$_", "text"),
            ("$", "text"),
            ("$5", "text"),
            ("$1$salt$hash", "text"),
            ("$.a", "text"),
        ] {
            assert_eq!(shown(value), variable, "{value}");
        }
    }

    #[test]
    fn a_malformed_variable_is_refused_where_it_is_wrong() {
        for (value, wrong) in
            [("$_.", "."), ("$_..a", "..a"), ("$_[", "["), ("$_[0]a", "a"), ("$a/b", "a/b"), ("$a:b.c", "a:b.c")]
        {
            let text = format!("x n {value}");
            let error = parse(&text).unwrap_err();
            assert!(error.to_string().starts_with(&format!("{value} is not a variable: ")), "{error}");
            assert_eq!(&text[error.span().unwrap().range()], wrong, "{value}");
            assert!(error.hint().unwrap().contains("quote"), "{value}");
        }
    }

    #[test]
    fn program_arguments_have_no_variables() {
        for value in ["$_", "$_.", "$x", "(list)$x, $y", "(json)$x", "(list) $x"] {
            let (line, _) = parse_words(&["x", "n", value]).unwrap();
            let word = &line.items[1].word;
            let words = std::iter::once(word.clone()).chain(word.members());
            assert!(words.into_iter().all(|word| Variable::of(&word).is_none()), "{value}: {word:?}");
            assert!(value.ends_with(&word.text()));
        }
    }
}

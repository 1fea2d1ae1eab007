//! The words of a remote call as names and values.

use super::{Instead, Item, Line, Path, SyntaxError, Tag, Word};

/// A value with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair<'a> {
    /// The parameter, or a path inside it.
    pub name: Path,
    /// The type before the value.
    pub tag: Option<&'a Tag>,
    /// The value.
    pub value: &'a Word,
}

impl Line {
    /// The names and values of the line. Local commands take words instead and read the items themselves.
    pub fn pairs(&self) -> Result<Vec<Pair<'_>>, SyntaxError> {
        let mut items = self.items.iter();
        let mut pairs = Vec::with_capacity(items.len() / 2);
        while let Some(name) = items.next() {
            let pair = self.pair(name, items.next());
            pairs.push(pair.map_err(|error| if self.in_words { error.in_words() } else { error })?);
        }
        Ok(pairs)
    }

    fn pair<'a>(&self, name: &Item, value: Option<&'a Item>) -> Result<Pair<'a>, SyntaxError> {
        if let Some(tag) = &name.tag {
            return Err(SyntaxError::TypeForName { span: tag.span });
        }
        match (value, self.option_between(name, value)) {
            (Some(value), None) => {
                Ok(Pair { name: Path::parse(&name.word)?, tag: value.tag.as_ref(), value: &value.word })
            }
            (_, option) => {
                let instead = option.unwrap_or_else(|| self.instead_at_the_end(name));
                Err(SyntaxError::NameWithoutValue { name: name.word.text(), instead, span: name.word.span })
            }
        }
    }

    /// The option that was typed instead of the value.
    fn option_between(&self, name: &Item, value: Option<&Item>) -> Option<Instead> {
        let (from, to) = (name.word.span.start, value.map_or(usize::MAX, |value| value.word.span.start));
        let found = self.options.iter().find(|given| from < given.span.start && given.span.start < to);
        found.map(|given| Instead::Option(given.typed.clone()))
    }

    /// What may have been meant as the value of the last name.
    fn instead_at_the_end(&self, name: &Item) -> Instead {
        let took_a_word = |item: &Item| {
            let apart = item.tag.as_ref().is_some_and(|tag| tag.span.end < item.word.span.start);
            apart && item.is_list()
        };
        match &self.redirect {
            Some(redirect) if name.word.span.end < redirect.span.start => Instead::Redirect(redirect.kind.symbol()),
            _ if self.items.iter().any(took_a_word) => Instead::List,
            _ => Instead::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;
    use model::{Diagnostic, Span};

    fn pairs_of(text: &str) -> Result<Vec<String>, SyntaxError> {
        let lines = parse(text)?;
        let shown = |pair: &Pair<'_>| {
            let tag = pair.tag.map(ToString::to_string).unwrap_or_default();
            format!("{}={tag}{}", pair.name.text, pair.value.text())
        };
        Ok(lines[0].pairs()?.iter().map(shown).collect())
    }

    #[test]
    fn names_and_values_alternate() {
        for (text, pairs) in [
            ("x", &[][..]),
            ("x a 1 b (int)2", &["a=1", "b=(int)2"]),
            ("x a (null) b (list)c, d e ''", &["a=(null)", "b=(list)c, d", "e="]),
            ("x -o json a 1 --xml b 2 | f", &["a=1", "b=2"]),
            ("x roles[0].name server", &["roles[0].name=server"]),
            ("x a -5 b -", &["a=-5", "b=-"]),
        ] {
            assert_eq!(pairs_of(text).as_deref(), Ok(&pairs.iter().map(ToString::to_string).collect::<Vec<_>>()[..]));
        }
    }

    #[test]
    fn items_that_are_not_pairs_are_refused() {
        for (text, message, span) in [
            ("x a", "a has no value", (2, 3)),
            ("x a 1 b", "b has no value", (6, 7)),
            ("x a -o json", "a has no value", (2, 3)),
            ("x a --xml 1", "a has no value", (2, 3)),
            ("x a -x (int)1", "a has no value", (2, 3)),
            ("x (int)a 1", "a type is written before a name", (2, 7)),
            ("x a 1 (null) 2", "a type is written before a name", (6, 12)),
            ("x a..b 1", "a..b is not the name of a parameter: a key is missing", (3, 6)),
        ] {
            let error = pairs_of(text).unwrap_err();
            assert_eq!(
                (error.to_string().as_str(), error.span()),
                (message, Some(Span::new(span.0, span.1))),
                "{text}"
            );
        }
    }

    #[test]
    fn an_option_instead_of_a_value_is_named() {
        let hint = pairs_of("x a -o json").unwrap_err().hint().unwrap();
        assert!(hint.starts_with("-o is an option"), "{hint}");
    }
}

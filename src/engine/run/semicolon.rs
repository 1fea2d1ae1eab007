//! An unquoted `;` ends a call. If no call follows it, it was meant as a part of the value before it.

use std::ops::Range;

use crate::engine::accounts::secrets::{Doubt, Place};
use crate::engine::state::error::CallError;
use lang::{SyntaxError, Token, TokenKind};
use model::Diagnostic;
use registry::Registry;
use registry::resolve::ResolveError;

/// A longer value is not repeated in a hint.
const LONGEST: usize = 120;

/// A value that a `;` cuts in two.
pub(super) struct Cut {
    /// What to do about it.
    pub(super) advice: String,
    /// It may be a secret: the rest of it is not shown.
    pub(super) hidden: bool,
}

/// The value that was cut, if a line that calls nothing follows a `;`. `is_hidden` says whether a part of the text may
/// contain a secret.
pub(super) fn cut_value(
    error: &CallError,
    (text, tokens): (&str, &[Token]),
    is_hidden: impl FnOnce(&Range<usize>) -> bool,
) -> Option<Cut> {
    let near = match error {
        CallError::Resolve(ResolveError::Unknown { near, .. }) if near.is_empty() => None,
        CallError::Resolve(ResolveError::Unknown { .. }) => error.hint(),
        CallError::Syntax(SyntaxError::NoMethod { .. }) => None,
        _ => return None,
    };
    let (name, value) = severed(text, tokens, error.span()?.start)?;
    let end = row_end(text, value.end);
    let whole = text.get(value.start..end).unwrap_or_default().trim_end();
    let hidden = is_hidden(&value);
    let shown = !hidden && whole.len() <= LONGEST && !whole.contains(['\'', '"', '\\', '\n']);
    let advice = "a `;` ends a call; a value that contains one needs quotes";
    let advice = if shown { format!("{advice}: {name} {}", lang::written(whole)) } else { advice.to_owned() };
    let near = near.filter(|_| !hidden);
    Some(Cut { advice: near.map_or(advice.clone(), |near| format!("{near} Or: {advice}")), hidden })
}

/// The name and the position of the value that ends at a `;` just before a position of the text.
fn severed<'t>(text: &'t str, tokens: &[Token], at: usize) -> Option<(&'t str, Range<usize>)> {
    let behind = tokens.iter().position(|token| token.span.start >= at)?;
    let before = tokens.get(..behind)?;
    let [.., name, value, semicolon] = before else { return None };
    let word = |token: &Token| text.get(token.span.range()).unwrap_or_default();
    let cut = semicolon.kind == TokenKind::Separator && word(semicolon) == ";" && value.kind == TokenKind::Value;
    (cut && name.kind == TokenKind::Name).then(|| (word(name), value.span.range()))
}

/// The end of the row that contains a position of the text.
pub(super) fn row_end(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |length| at + length)
}

/// The ranges that a `;` cuts off from secrets: the rest of each row, if it calls nothing.
pub(super) fn cut_off(text: &str, tokens: &[Token], places: &[Place], registry: &Registry) -> Vec<Place> {
    let mut found = Vec::new();
    for pair in tokens.windows(2) {
        let [semicolon, head] = pair else { continue };
        let word = |token: &Token| text.get(token.span.range()).unwrap_or_default();
        let begins = semicolon.kind == TokenKind::Separator && word(semicolon) == ";" && head.kind == TokenKind::Head;
        if !begins || registry.knows(None, word(head)) {
            continue;
        }
        let before = places.iter().filter(|place| place.range.end == semicolon.span.start);
        if let Some(doubt) = before.map(|place| place.doubt).min().filter(|doubt| *doubt <= Doubt::Little) {
            let row = text.get(head.span.start..row_end(text, head.span.start)).unwrap_or_default().trim_end();
            found.push(Place { range: head.span.start..head.span.start + row.len(), doubt });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use registry::Source;
    use registry::catalog::Catalog;
    use registry::embedded;

    #[test]
    fn the_value_before_a_semicolon_is_found() {
        for (text, at, found) in [
            ("x n v=DMARC1; p=none; rua=a", "p=", Some(("n", "v=DMARC1"))),
            ("x n 'a'; b", "b", Some(("n", "'a'"))),
            ("x n a\nb", "b", None),
            ("x; b", "b", None),
            ("x n; b", "b", None),
            ("x n a --xml; b", "b", None),
            ("x n a b", "b", None),
        ] {
            let found_here = severed(text, &lang::tokens(text), text.rfind(at).unwrap());
            assert_eq!(found_here.map(|(name, value)| (name, &text[value])), found, "{text}");
        }
    }

    #[test]
    fn the_rest_of_a_secret_is_one_too() {
        let source = Source::new("here", Catalog::open(embedded::find(embedded::DEFAULT).unwrap()).unwrap());
        let registry = Registry::new(source, Vec::new());
        for (text, secret, found) in [
            ("x password ab;cd;ef\nnext", "ab", &["cd;ef"][..]),
            ("x password ab; cd", "ab", &["cd"]),
            ("x password ab; service.list", "ab", &[]),
            ("x password ab n c; d", "ab", &[]),
            ("x password ab\ncd", "ab", &[]),
        ] {
            let at = text.find(secret).unwrap();
            for (doubt, found) in [(Doubt::None, found), (Doubt::Little, found), (Doubt::Great, &[])] {
                let place = Place { range: at..at + secret.len(), doubt };
                let cut = cut_off(text, &lang::tokens(text), &[place], &registry);
                assert!(cut.iter().all(|place| place.doubt == doubt));
                let cut: Vec<_> = cut.into_iter().map(|place| &text[place.range]).collect();
                assert_eq!(cut, found, "{text}");
            }
        }
    }
}

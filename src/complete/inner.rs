//! A line inside another one: what follows `watch 5s` and `save NAME`.

use lang::{Own, Token, TokenKind, tokens};
use model::Span;

/// The commands with a line after them, each with how many words come before that line.
const OUTER: [(&str, usize); 2] = [("watch", 1), (Own::SAVE, 1)];

/// The number of words before the line that follows this command.
fn words_before(head: &str) -> Option<usize> {
    OUTER.iter().find(|(name, _)| *name == head).map(|(_, count)| *count)
}

/// A line inside another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Inner<'t> {
    /// The byte where it begins.
    pub(super) start: usize,
    /// The command before it.
    pub(super) command: &'t str,
}

/// The line inside the last line of a text, where the cursor is at the end of the text.
pub(super) fn at_end(typed: &str) -> Option<Inner<'_>> {
    let all = tokens(typed);
    let begin = all.iter().rposition(|token| token.kind == TokenKind::Separator).map_or(0, |at| at + 1);
    let found = of(typed, all.get(begin..)?)?;
    // A line inside of that one.
    let deeper = at_end(typed.get(found.start..)?);
    Some(deeper.map_or(found, |deeper| Inner { start: found.start + deeper.start, ..deeper }))
}

/// The line inside one line, which has these parts.
fn of<'t>(text: &'t str, parts: &[Token]) -> Option<Inner<'t>> {
    let (head, rest) = parts.split_first().filter(|(head, _)| head.kind == TokenKind::Head)?;
    let command = text.get(head.span.range())?;
    let count = words_before(command)?;
    let (words, mut rest) = rest.split_at_checked(count)?;
    let is_word = |token: &Token| matches!(token.kind, TokenKind::Name | TokenKind::Value);
    if !words.iter().all(is_word) {
        return None;
    }
    // Options of the command itself may come first.
    while let Some((first, behind)) = rest.split_first()
        && matches!(first.kind, TokenKind::Option | TokenKind::OptionValue)
    {
        rest = behind;
    }
    let end = parts.last().map_or(0, |last| last.span.end);
    let ends = |token: &&Token| {
        matches!(token.kind, TokenKind::Operator | TokenKind::Command | TokenKind::Comment | TokenKind::Separator)
    };
    match rest.first() {
        first if first.as_ref().is_some_and(ends) => None,
        Some(first) => Some(Inner { start: first.span.start, command }),
        // A word that the end of the text touches is not complete.
        None if text.get(end..).is_some_and(|behind| behind.starts_with([' ', '\t'])) => {
            Some(Inner { start: text.len(), command })
        }
        None => None,
    }
}

/// The parts of a text, with those of a line that is inside another one as its own.
pub(super) fn all_tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::new();
    for line in tokens(text).split_inclusive(|token| token.kind == TokenKind::Separator) {
        let end = line.last().map_or(0, |last| last.span.end);
        let found = text.get(..end).and_then(|text| of(text, line)).filter(|inner| inner.start < end);
        let start = found.map_or(end, |inner| inner.start);
        out.extend(line.iter().take_while(|token| token.span.start < start));
        let inner = text.get(start..end).map(all_tokens).unwrap_or_default();
        let moved = |span: Span| Span::new(span.start + start, span.end + start);
        out.extend(inner.into_iter().map(|token| Token { span: moved(token.span), ..token }));
    }
    out
}

/// How many words of a line that another shell has split come before the line inside of it, if the last word is in
/// that.
pub(super) fn skipped(words: &[&str]) -> Option<usize> {
    let count = words_before(words.first()?)? + 1;
    let complete = words.get(1..count)?.iter().all(|word| !word.starts_with('-'));
    (complete && words.len() > count).then_some(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_begins_after_the_words_of_its_command() {
        for (text, inner) in [
            ("watch", None),
            ("watch ", None),
            ("watch 5s", None),
            ("watch 5s ", Some(("watch", ""))),
            ("watch 5s serv", Some(("watch", "serv"))),
            ("x; watch 5s work:a.b n v -o", Some(("watch", "work:a.b n v -o"))),
            ("watch 5s --times 3 a.b ", Some(("watch", "a.b "))),
            ("watch 5s --times", None),
            ("watch 5s --times 3", None),
            ("watch 5s --times 3 ", Some(("watch", ""))),
            ("save n x | each y ", Some(("save", "x | each y "))),
            ("save n watch 5s x", Some(("watch", "x"))),
            ("work:watch 5s x", None),
            ("help watch 5s x", None),
            ("watch 5s x; y", None),
            ("a.b watch 5s x", None),
        ] {
            let found = at_end(text).map(|inner| (inner.command, &text[inner.start..]));
            assert_eq!(found, inner, "{text}");
        }
    }

    #[test]
    fn the_parts_of_the_inner_line_are_those_of_a_line() {
        let kinds = |text: &str| {
            let shown = |token: &Token| format!("{:?} {}", token.kind, &text[token.span.range()]);
            all_tokens(text).iter().map(shown).collect::<Vec<_>>()
        };
        assert_eq!(
            kinds("watch 5s w:a n v; x"),
            ["Head watch", "Name 5s", "Profile w", "Head a", "Name n", "Value v", "Separator ;", "Head x"]
        );
        for text in ["", "a n v; b", "watch", "watch 5s", "watch 5s ", "save n | f"] {
            assert_eq!(all_tokens(text), tokens(text), "{text}");
        }
    }

    #[test]
    fn words_of_another_shell_are_skipped_by_their_number() {
        for (words, count) in [
            (&["watch", "5s", ""][..], Some(2)),
            (&["watch", "5s"], None),
            (&["watch", "--times", "3"], None),
            (&["save", "n", "x", "a"], Some(2)),
            (&["x", "5s", ""], None),
            (&[], None),
        ] {
            assert_eq!(skipped(words), count, "{words:?}");
        }
    }
}

//! The typed line with a mark under the fault.

use super::sanitize::for_terminal;
use super::style::{Role, paint};
use super::text::{blanks, cut_end, cut_start, width};
use model::Span;

/// The most columns that a line and its mark may take, including their indentation.
pub(super) const WIDTH: usize = 76;
/// The indentation of both.
const INDENT: &str = "  ";

/// Two lines: the one in which the fault begins, and carets below it. If the line is long, only the part around the
/// fault is shown. A span outside the text is drawn at its end.
pub(super) fn mark(text: &str, span: Span, colour: bool) -> String {
    let start = text.floor_char_boundary(span.start);
    let (head, tail) = text.split_at(start);
    let before = head.rsplit('\n').next().unwrap_or("");
    let rest = tail.split('\n').next().unwrap_or("");
    let (marked, after) = rest.split_at(rest.ceil_char_boundary(span.end.saturating_sub(start)));

    let (before, marked, after) = window(&shown(before), &shown(marked), &shown(after));
    let carets = "^".repeat(width(&marked).max(1));
    let below = format!("{}{}", blanks(width(&before)), paint(Role::Caret, &carets, colour));
    format!("{INDENT}{before}{marked}{after}\n{INDENT}{below}\n")
}

/// A tab is shown as one space, so that columns can be counted.
fn shown(text: &str) -> String {
    for_terminal(text).replace('\t', " ")
}

/// Cuts what does not fit: first the end of an overlong fault, then both sides of it; each side may use the room that
/// the other does not need.
fn window(before: &str, marked: &str, after: &str) -> (String, String, String) {
    let whole = WIDTH - INDENT.len();
    let sides = width(before) + width(after);
    // Two columns are reserved for the ellipses at the sides, and one for the caret after the end.
    let marked = if width(marked) + sides <= whole { marked.into() } else { cut_end(marked, whole - sides.min(2)) };
    let room = whole.saturating_sub(width(&marked).max(1));
    let before = cut_start(before, room - width(after).min(room / 2));
    let after = cut_end(after, room.saturating_sub(width(&before)));
    (before.into_owned(), marked.into_owned(), after.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn marked(text: &str, start: usize, end: usize) -> String {
        mark(text, Span::new(start, end), false)
    }

    #[test]
    fn carets_are_under_the_fault() {
        for (text, start, end, shown) in [
            ("service.info nam x", 13, 16, "  service.info nam x\n               ^^^\n"),
            ("a 東京 b", 2, 8, "  a 東京 b\n    ^^^^\n"),
            ("a 😀\t| 東 b", 7, 8, "  a 😀 | 東 b\n       ^\n"),
            ("a 😀\t| 東 b", 9, 12, "  a 😀 | 東 b\n         ^^\n"),
            ("a\tb\tc", 4, 5, "  a b c\n      ^\n"),
            ("a \x1b[1m b", 7, 8, "  a \\u{1b}[1m b\n              ^\n"),
            ("missing ", 8, 8, "  missing \n          ^\n"),
            ("x", 7, 9, "  x\n   ^\n"),
            ("", 0, 0, "  \n  ^\n"),
            ("é!", 1, 2, "  é!\n  ^\n"),
            ("abc", 2, 1, "  abc\n    ^\n"),
            ("first\nsecond bad\nthird", 13, 16, "  second bad\n         ^^^\n"),
            ("open 'one\ntwo", 5, 13, "  open 'one\n       ^^^^\n"),
            ("one\ntwo", 3, 3, "  one\n     ^\n"),
        ] {
            assert_eq!(marked(text, start, end), shown, "{text:?}");
        }
    }

    #[test]
    fn a_long_line_is_shown_around_the_fault() {
        let line = format!("{} BAD {}", "left ".repeat(30), "right ".repeat(30));
        let at = line.find("BAD").unwrap();
        for (start, end, first, last) in [
            (at, at + 3, "…", "…"),
            (0, 4, "left", "…"),
            (line.len() - 6, line.len() - 1, "…", "right "),
            (0, line.len(), "left", "…"),
        ] {
            let drawn = marked(&line, start, end);
            let (shown, carets) = drawn.trim_end_matches('\n').split_once('\n').unwrap();
            assert_eq!(width(shown), WIDTH, "{shown}");
            assert!(shown[2..].starts_with(first) && shown.ends_with(last), "{shown}");
            let from = carets.find('^').unwrap();
            let under: String = shown.chars().skip(from).take(carets.len() - from).collect();
            assert!(under.starts_with(line[start..end].get(..3).unwrap()), "{under}");
        }
    }

    #[test]
    fn carets_can_be_coloured() {
        assert_eq!(mark("x", Span::new(0, 1), true), "  x\n  \x1b[1;31m^\x1b[0m\n");
    }

    proptest! {
        #[test]
        fn any_span_in_any_text_can_be_drawn(text in any::<String>(), start in 0usize..99, end in 0usize..99) {
            let drawn = marked(&text, start, end);
            prop_assert_eq!(drawn.matches('\n').count(), 2);
            prop_assert!(drawn.lines().all(|line| width(line) <= WIDTH), "{}", drawn);
        }

        #[test]
        fn any_span_in_a_long_line_can_be_drawn(
            text in "([a-zé東 ]|❤\u{fe0f}){0,300}",
            start in 0usize..600,
            end in 0usize..600,
        ) {
            // A span may separate a character from the variation selector that widens it.
            prop_assert!(marked(&text, start, end).lines().all(|line| width(line) <= WIDTH + 2));
        }
    }
}

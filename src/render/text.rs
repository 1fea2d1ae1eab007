//! Text layout for people: width on screen, wrapping, two columns.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};

use textwrap::{Options, WordSplitter};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Marks text that was cut.
const ELLIPSIS: &str = "…";
/// The same where the terminal has only ASCII.
const DOTS: &str = "...";

/// Whether the terminal of this process has only ASCII.
static ASCII: AtomicBool = AtomicBool::new(false);

/// From here on, the program's own messages are ASCII, because the user's locale has nothing else.
pub fn be_ascii() {
    ASCII.store(true, Ordering::Relaxed);
}

/// A text of the program's own, with the characters that the terminal has.
pub fn own(text: &str) -> Cow<'_, str> {
    match ASCII.load(Ordering::Relaxed) && text.contains(ELLIPSIS) {
        true => Cow::Owned(text.replace(ELLIPSIS, DOTS)),
        false => Cow::Borrowed(text),
    }
}

/// The mark for text that was cut.
pub fn ellipsis() -> &'static str {
    if ASCII.load(Ordering::Relaxed) { DOTS } else { ELLIPSIS }
}

/// Spaces between a name and its summary.
const GAP: usize = 2;
/// The least room for a column of text, however narrow the terminal.
const NARROWEST: usize = 16;

/// The number of columns that a text takes on screen.
pub fn width(text: &str) -> usize {
    text.width()
}

/// This many spaces.
pub fn blanks(count: usize) -> String {
    " ".repeat(count)
}

/// The text in at most `width` columns; if it is longer, its end is replaced by `…`.
pub fn cut_end(text: &str, width: usize) -> Cow<'_, str> {
    if text.width() <= width {
        return Cow::Borrowed(text);
    }
    let mut kept: String = fitting(text.chars(), width).collect();
    kept.push_str(mark_in(width));
    Cow::Owned(kept)
}

/// The most characters of an untrusted text that are shown to a person.
const MOST: usize = 1000;

/// An untrusted text for a person; if it is longer than a thousand characters, its end is replaced by `…`.
pub fn abridged(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MOST) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}{ELLIPSIS}", text.get(..end).unwrap_or_default())),
    }
}

/// A remark for a person that may quote a server: of limited length, and with its later lines indented, so that no line
/// of it looks like a remark of its own.
pub fn remark(text: &str) -> Cow<'_, str> {
    let text = abridged(text);
    if !text.contains('\n') {
        return text;
    }
    let indented = |line: &str| if line.starts_with(' ') { line.to_owned() } else { format!("  {line}") };
    let mut lines = text.split('\n');
    let first = lines.next().unwrap_or_default().to_owned();
    Cow::Owned(lines.fold(first, |all, line| all + "\n" + &indented(line)))
}

/// The most bytes of an untrusted text that are passed to a program.
pub const MOST_BYTES: usize = 64 * 1024;

/// A text for a program; if it is longer than [`MOST_BYTES`], its end is replaced by `…`.
pub fn bounded(mut text: String) -> String {
    if text.len() > MOST_BYTES {
        text.truncate(text.floor_char_boundary(MOST_BYTES - ELLIPSIS.len()));
        text.push_str(ELLIPSIS);
    }
    text
}

/// The text in at most `width` columns; if it is longer, its start is replaced by `…`.
pub fn cut_start(text: &str, width: usize) -> Cow<'_, str> {
    if text.width() <= width {
        return Cow::Borrowed(text);
    }
    let kept: Vec<char> = fitting(text.chars().rev(), width).collect();
    Cow::Owned(mark_in(width).chars().chain(kept.into_iter().rev()).collect())
}

/// The mark in so many columns.
fn mark_in(width: usize) -> &'static str {
    let mark = ellipsis();
    if mark.width() <= width { mark } else { DOTS.get(..width).filter(|_| mark == DOTS).unwrap_or_default() }
}

/// The first of some characters that fit together with the mark.
fn fitting(chars: impl Iterator<Item = char>, width: usize) -> impl Iterator<Item = char> {
    let room = width.saturating_sub(ellipsis().width());
    chars
        .scan(0, |used, c| {
            *used += most_columns(c);
            Some((*used, c))
        })
        .take_while(move |(used, _)| *used <= room)
        .map(|(_, c)| c)
}

/// The most columns that a character can add to a text. Two selectors without a width widen the character before them.
fn most_columns(c: char) -> usize {
    match c {
        '\u{fe01}' | '\u{fe0f}' => 1,
        c => c.width().unwrap_or(1),
    }
}

/// Wraps at spaces to `width` columns; every line but the first is indented. Words are never broken, so that an address
/// or an option can be copied from the screen even if it is too long.
pub fn wrap(text: &str, width: usize, indent: usize) -> String {
    wrap_after("", text, width, indent)
}

/// Wraps like [`wrap`] a text that begins after `lead` on its first line. Colours in the lead take no space.
pub fn wrap_after(lead: &str, text: &str, width: usize, indent: usize) -> String {
    let hanging = blanks(indent);
    let options = Options::new(width.max(indent + NARROWEST))
        .initial_indent(lead)
        .subsequent_indent(&hanging)
        .break_words(false)
        .word_splitter(WordSplitter::NoHyphenation);
    textwrap::wrap(text, options).join("\n")
}

/// The lines of a text in a column: broken at its line feeds, and at spaces if it is wider than the column.
pub fn lines(text: &str, width: usize) -> Vec<Cow<'_, str>> {
    let options = Options::new(width).break_words(false).word_splitter(WordSplitter::NoHyphenation);
    textwrap::wrap(text, options)
}

/// The narrowest column in which [`lines`] breaks no word.
pub fn longest_word(text: &str) -> usize {
    text.split([' ', '\n']).map(width).max().unwrap_or(0)
}

/// Names with their summaries beside them, one below the other, wrapped at `width`. A name that takes more than half
/// the width has its own line, so that it does not push all summaries aside. Ends with a line feed.
pub fn columns(rows: &[(String, String)], width: usize, indent: usize) -> String {
    let widest = rows.iter().map(|(name, _)| name.width()).filter(|name| *name <= width / 2).max().unwrap_or(0);
    let at = indent + widest + GAP;
    let mut out = String::new();
    for (name, summary) in rows {
        let mut lead = blanks(indent) + name;
        if summary.is_empty() {
            out.push_str(&lead);
        } else {
            if lead.width() + GAP > at {
                out.push_str(&lead);
                out.push('\n');
                lead.clear();
            }
            lead.push_str(&blanks(at - lead.width()));
            out.push_str(&wrap_after(&lead, summary, width, at));
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_line_of_a_remark_looks_like_another_one() {
        assert_eq!(remark("note: a: no\nmarsh: b was deleted\n  x"), "note: a: no\n  marsh: b was deleted\n  x");
        assert_eq!(remark("note: a"), "note: a");
        assert_eq!(remark(&"é\n".repeat(5000)).chars().filter(|c| *c == 'é').count(), 500);
    }

    #[test]
    fn cutting_counts_columns() {
        for (text, most, end, start) in [
            ("service", 7, "service", "service"),
            ("service", 4, "ser…", "…ice"),
            ("東京都", 4, "東…", "…都"),
            ("東京都", 5, "東京…", "…京都"),
            ("❤\u{fe0f}❤\u{fe0f}❤\u{fe0f}", 5, "❤\u{fe0f}❤\u{fe0f}…", "…❤\u{fe0f}❤\u{fe0f}"),
            ("a\nb\nc", 3, "a\n…", "…\nc"),
            ("abc", 1, "…", "…"),
            ("abc", 0, "", ""),
        ] {
            assert_eq!(cut_end(text, most), end, "{text} {most}");
            assert_eq!(cut_start(text, most), start, "{text} {most}");
        }
    }

    #[test]
    fn wrapped_lines_hang() {
        assert_eq!(wrap("one two three four five six", 20, 2), "one two three four\n  five six");
        assert_eq!(wrap("  said: a-b-c\nnext", 20, 4), "  said: a-b-c\n    next");
        assert_eq!(wrap_after("\x1b[1mlead:\x1b[0m ", "one two three", 16, 2), "\x1b[1mlead:\x1b[0m one two\n  three");
        let url = "https://api.example.org/a/very/long/path";
        assert_eq!(wrap(&format!("see {url}"), 20, 2), format!("see\n  {url}"));
    }

    #[test]
    fn a_column_is_never_wider_than_its_longest_word() {
        for (text, width, broken) in [
            ("one two three", 7, &["one two", "three"][..]),
            ("one two", 2, &["one", "two"]),
            ("a\n\nb c", 9, &["a", "", "b c"]),
            ("", 3, &[""]),
        ] {
            assert_eq!(lines(text, width), broken);
            assert!(broken.iter().all(|line| line.len() <= width.max(longest_word(text))), "{text}");
        }
        assert_eq!(longest_word("two words\n東京"), 5);
    }

    #[test]
    fn summaries_line_up() {
        let rows = [
            ("help", "show help, or what one method takes and returns"),
            ("日本", "wide"),
            ("alone", ""),
            ("dns.zone_record_create_with_ttl", "a long name"),
        ]
        .map(|(name, summary)| (name.to_owned(), summary.to_owned()));
        let shown = "  help   show help, or what one method
         takes and returns
  日本   wide
  alone
  dns.zone_record_create_with_ttl
         a long name
";
        assert_eq!(columns(&rows, 40, 2), shown);
        assert_eq!(columns(&[], 40, 2), "");
    }

    proptest! {
        #[test]
        fn any_text_and_any_width_can_be_laid_out(
            text in "(\\PC|[\u{fe01}\u{fe0f}\\n❤‘]){0,40}",
            width in 0usize..90,
            indent in 0usize..12,
        ) {
            prop_assert!(super::width(&cut_end(&text, width)) <= width.max(1));
            prop_assert!(super::width(&cut_start(&text, width)) <= width.max(1));
            let laid_out = columns(&[(text.clone(), text)], width, indent);
            prop_assert!(laid_out.ends_with('\n'));
        }
    }
}

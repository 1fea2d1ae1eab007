//! Texts of a service as they may be stored and shown: without controls, and not longer than anyone would read.

use model::unseen::is_hidden;

/// The most methods that are kept of a list.
pub(super) const METHODS: usize = 20_000;
/// The most parameters of a method.
pub(super) const PARAMS: usize = 200;
/// The most allowed values of a parameter.
pub(super) const CHOICES: usize = 200;
/// The most characters of a name.
const NAME: usize = 200;
/// The most characters of one line about something.
const LINE: usize = 160;
/// The most characters of what is said about a method.
const TEXT: usize = 8_000;

/// A name, if it can be the name of a method or a parameter: it is not empty, not too long, and every character of it
/// can be seen.
pub(super) fn name(text: &str) -> Option<String> {
    let fits =
        !text.is_empty() && text.chars().count() <= NAME && !text.chars().any(|c| is_hidden(c) || c.is_whitespace());
    fits.then(|| text.to_owned())
}

/// One line: white space is a single space, and what is too long is cut.
pub(super) fn line(text: &str) -> String {
    let mut out = String::new();
    for word in text.split_whitespace() {
        let space = usize::from(!out.is_empty());
        let shown = word.chars().filter(|c| !is_hidden(*c));
        if out.chars().count() + space + word.chars().count() > LINE {
            if !out.is_empty() {
                out.push('…');
            } else {
                out.extend(shown.take(LINE));
            }
            break;
        }
        if space > 0 {
            out.push(' ');
        }
        out.extend(shown);
    }
    out
}

/// Several lines, without what they are all moved in by.
pub(super) fn lines(text: &str) -> String {
    let short: String = text.chars().take(TEXT).collect();
    let mut rows: Vec<String> = short
        .lines()
        .map(|row| {
            row.replace('\t', "    ").chars().filter(|c| !is_hidden(*c)).collect::<String>().trim_end().to_owned()
        })
        .collect();
    // The first line stands behind the quotes of the source, and is not moved in.
    let indent = |row: &String| row.len() - row.trim_start().len();
    let least = rows.iter().skip(1).filter(|row| !row.is_empty()).map(indent).min().unwrap_or_default();
    for (nth, row) in rows.iter_mut().enumerate() {
        let by = if nth == 0 { indent(row) } else { least.min(indent(row)) };
        row.drain(..by);
    }
    in_one_line(rows).join("\n").trim().to_owned()
}

/// The same rows with a first sentence that goes on in the next ones in one line: it is what lists show.
fn in_one_line(rows: Vec<String>) -> Vec<String> {
    let mut rest = rows.into_iter().skip_while(String::is_empty).peekable();
    let mut first = rest.next().unwrap_or_default();
    while let Some(next) = rest.next_if(|next| goes_on(&first, next)) {
        first.push(' ');
        first.push_str(&next);
    }
    std::iter::once(first).chain(rest).collect()
}

/// Whether a sentence goes on in the next row: it has no end, and the row is no list of parameters.
fn goes_on(first: &str, next: &str) -> bool {
    let open = first.contains(' ') && !first.ends_with(['.', ':', '!', '?', ')', ';']) && first.len() < LINE;
    let word = next.split(' ').next().unwrap_or_default();
    let goes = next.starts_with(char::is_lowercase) && !word.ends_with(':') && !next.contains(" -- ");
    open && goes && !next.contains(" : ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_be_seen_and_typed() {
        for (text, fits) in [
            ("a.b", true),
            ("größe", true),
            ("", false),
            ("a b", false),
            ("a\u{1b}[31m", false),
            ("a\u{202e}b", false),
            ("a\nb", false),
        ] {
            assert_eq!(name(text).is_some(), fits, "{text:?}");
        }
        assert!(name(&"x".repeat(200)).is_some() && name(&"x".repeat(201)).is_none());
    }

    #[test]
    fn texts_have_no_controls_and_an_end() {
        assert_eq!(line("  a\u{1b}[31m  b\n c "), "a[31m b c");
        assert_eq!(line(&"word ".repeat(100)).chars().count(), 160);
        assert_eq!(line(&"w".repeat(500)).len(), 160);
        assert_eq!(lines(&"w".repeat(50_000)).len(), 8_000);
        assert_eq!(lines("Start.\n\n        Waits\u{7}\n          for it.\n        "), "Start.\n\nWaits\n  for it.");
        assert_eq!(lines("\n    One.\n    Two.\n"), "One.\nTwo.");
        assert_eq!(lines(""), "");
        for (text, shown) in [
            (
                "Tail the log faster than\n  readLog(). Use it\n\n  @param int n",
                "Tail the log faster than readLog(). Use it\n\n@param int n",
            ),
            ("\n  Stop it\n  at once\n  Or not", "Stop it at once\nOr not"),
            ("drop(name, wait)\nremoves it", "drop(name, wait)\nremoves it"),
            ("Start it\nname: the process", "Start it\nname: the process"),
            ("Start it\nname -- the process", "Start it\nname -- the process"),
            ("Start it\n@param x", "Start it\n@param x"),
        ] {
            assert_eq!(lines(text), shown);
        }
    }
}

//! An entry on one line of the file, whatever it holds.

use std::borrow::Cow;

/// Writes line breaks as `\n` and `\r`, and the backslash twice.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['\\', '\n', '\r']) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace('\\', r"\\").replace('\n', r"\n").replace('\r', r"\r"))
}

/// Reads what [`escape`] wrote; any other use of the backslash stays as it is.
pub(crate) fn unescape(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        let meant = match (c, chars.peek()) {
            ('\\', Some('n')) => Some('\n'),
            ('\\', Some('r')) => Some('\r'),
            ('\\', Some('\\')) => Some('\\'),
            _ => None,
        };
        if meant.is_some() {
            chars.next();
        }
        out.push(meant.unwrap_or(c));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_takes_one_line_and_comes_back() {
        for (text, line) in [
            ("plain", "plain"),
            ("one\ntwo\r\n", r"one\ntwo\r\n"),
            (r"a\nb", r"a\\nb"),
            (r"\\", r"\\\\"),
            ("\\\n", r"\\\n"),
        ] {
            assert_eq!(escape(text), line);
            assert_eq!(unescape(line), text);
        }
    }

    #[test]
    fn what_others_wrote_is_left_alone() {
        for line in [r"a\", r"C:\temp", r"\d+"] {
            assert_eq!(unescape(line), line);
        }
    }
}

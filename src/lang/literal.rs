//! Quoted text and JSON inside a line.

use std::borrow::Cow;

/// Quoted text at the start of a text.
pub(super) struct Quoted {
    /// Its content, with escapes resolved.
    pub(super) text: String,
    /// Its length in the line, including quotes.
    pub(super) length: usize,
    /// Whether the closing quote is there.
    pub(super) closed: bool,
}

/// Reads the quoted text at the start of `text`. `'…'` has no escapes; `"…"` has `\"`, `\\`, `\n`, `\t` and `\$`, and
/// keeps a backslash before anything else.
pub(super) fn quoted(text: &str) -> Quoted {
    let mut chars = text.char_indices();
    let quote = chars.next().map(|(_, quote)| quote);
    let mut out = String::new();
    while let Some((at, c)) = chars.next() {
        if Some(c) == quote {
            return Quoted { text: out, length: at + c.len_utf8(), closed: true };
        }
        if c != '\\' || quote == Some('\'') {
            out.push(c);
            continue;
        }
        match chars.next().map(|(_, escaped)| escaped) {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some(escaped @ ('"' | '\\' | '$')) => out.push(escaped),
            other => {
                out.push('\\');
                out.extend(other);
            }
        }
    }
    Quoted { text: out, length: text.len(), closed: false }
}

/// A text in quotes that [`quoted`] reads back.
pub(super) fn quote(text: &str) -> String {
    if !text.contains('\'') {
        return format!("'{text}'");
    }
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '"' | '\\' | '$' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The length of the JSON object or array at the start of `text`; `None` when it does not end. Only brackets are
/// counted; whether it is valid JSON is checked later.
pub(super) fn json_length(text: &str) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            _ if in_string => {}
            '{' | '[' => depth += 1,
            '}' | ']' if depth <= 1 => return Some(at + 1),
            '}' | ']' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// A text as a word that is read back as this text: bare if nothing in it has a meaning, quoted otherwise.
pub fn literal_of(text: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':');
    match text.starts_with('-') || text.is_empty() || !text.chars().all(plain) {
        true => Cow::Owned(quote(text)),
        false => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_read_to_their_end() {
        for (given, text, length) in [
            ("'a b'c", "a b", 5),
            (r"'a\n'", r"a\n", 5),
            ("''", "", 2),
            (r#""a\"b\\\n\t\$" x"#, "a\"b\\\n\t$", 14),
            (r#""\x\é""#, r"\x\é", 7),
            ("'a\nb'", "a\nb", 5),
        ] {
            let quoted = quoted(given);
            assert_eq!((quoted.text.as_str(), quoted.length, quoted.closed), (text, length, true), "{given}");
        }
        for open in ["'", "\"", "'a\"", r#""a\""#, "\"a\\"] {
            assert!(!quoted(open).closed, "{open}");
        }
    }

    #[test]
    fn quoted_text_reads_back() {
        for (text, written) in [
            ("", "''"),
            ("a b", "'a b'"),
            ("$x \"\\", "'$x \"\\'"),
            ("it's", "\"it's\""),
            ("'\"\\$\n\t", r#""'\"\\\$\n\t""#),
        ] {
            assert_eq!(quote(text), written);
            assert_eq!(quoted(written).text, text);
        }
    }

    #[test]
    fn json_ends_with_its_last_bracket() {
        for (text, length) in [
            ("{}x", Some(2)),
            (r#"{"a": [1, 2]} b"#, Some(13)),
            ("[\n]", Some(3)),
            (r#"["]\"]"]"#, Some(8)),
            ("[é]", Some(4)),
            ("[[]", None),
            (r#"{"a}"#, None),
        ] {
            assert_eq!(json_length(text), length, "{text}");
        }
    }
}

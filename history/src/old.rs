//! Importing the lines of an older version: a text file with one entry on each line, the newest last.

use std::path::Path;
use std::{fs, iter};

use rusqlite::{Transaction, params};

use crate::error::Result;

/// Whether there may be lines to import.
pub(crate) fn are_there(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_file() && found.len() > 0)
}

/// Imports the lines of the file, which is left unchanged. A file that is missing or cannot be read counts as empty.
pub(crate) fn take_over(transaction: &Transaction<'_>, path: &Path) -> Result<()> {
    let content = match fs::metadata(path) {
        Ok(found) if found.is_file() => fs::read(path),
        // A journal without the older lines is better than no journal.
        Ok(_) => return Ok(()),
        Err(error) => Err(error),
    };
    let Ok(content) = content else { return Ok(()) };
    let lines = lines(&content);
    let mut insert = transaction.prepare("INSERT INTO lines (text, repeated) VALUES (?1, ?2)")?;
    let before = iter::once(None).chain(lines.iter().map(Some));
    for (line, before) in lines.iter().zip(before) {
        insert.execute(params![line, before == Some(line)])?;
    }
    let source = path.to_string_lossy();
    let count = i64::try_from(lines.len()).unwrap_or(i64::MAX);
    transaction.execute("INSERT INTO taken_over VALUES (?1, unixepoch() * 1000, ?2)", params![source, count])?;
    Ok(())
}

/// The entries of a file. Bytes that are not valid text are replaced. An incomplete last line counts as an entry.
fn lines(content: &[u8]) -> Vec<String> {
    let lines = content.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| unescape(&String::from_utf8_lossy(line))).collect()
}

/// An entry as it was typed: in the file, `\n` and `\r` are line breaks, and `\\` is a backslash. Any other backslash is
/// itself.
fn unescape(line: &str) -> String {
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
    fn a_torn_or_foreign_file_is_read() {
        for (content, expected) in [
            (&b""[..], &[][..]),
            (b"one\n\n\xff\xfetwo\nservice.li", &["one", "\u{fffd}\u{fffd}two", "service.li"]),
            (b"a\\nb\\\\n\n", &["a\nb\\n"]),
        ] {
            assert_eq!(lines(content), expected);
        }
    }

    #[test]
    fn an_entry_comes_back_as_it_was_typed() {
        for (line, text) in [
            ("plain", "plain"),
            (r"one\ntwo\r\n", "one\ntwo\r\n"),
            (r"a\\nb", r"a\nb"),
            (r"\\\\", r"\\"),
            (r"\\\n", "\\\n"),
            (r"a\", r"a\"),
            (r"C:\temp", r"C:\temp"),
            (r"\d+", r"\d+"),
        ] {
            assert_eq!(unescape(line), text);
        }
    }
}

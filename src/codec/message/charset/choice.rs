//! How the character set of a message is chosen.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// The encoding of a message with this beginning, and the length of its byte order mark. Bytes that can only be UTF-16,
/// or a byte order mark, take precedence over the header: in any other encoding they would not be text. An unknown
/// character set is ignored: real servers send `charset=none` with XML that declares its encoding.
pub(super) fn choose(label: Option<&str>, head: &[u8]) -> (&'static Encoding, usize) {
    if let Some(marked) = marked(head) {
        return marked;
    }
    let known = |label: &str| Encoding::for_label(label.as_bytes());
    let by_label = label.and_then(known);
    // A declaration that can be read as ASCII is not UTF-16, whatever it says.
    let by_declaration = || declared(head).and_then(known).map(Encoding::output_encoding);
    (by_label.or_else(by_declaration).unwrap_or(UTF_8), 0)
}

/// The encoding that the first bytes of a message prove, and the length of its byte order mark.
pub(super) fn marked(head: &[u8]) -> Option<(&'static Encoding, usize)> {
    match head {
        _ if Encoding::for_bom(head).is_some() => Encoding::for_bom(head),
        [0, first, ..] if first.is_ascii_graphic() => Some((UTF_16BE, 0)),
        [first, 0, ..] if first.is_ascii_graphic() => Some((UTF_16LE, 0)),
        _ => None,
    }
}

/// The encoding named in the XML declaration.
fn declared(head: &[u8]) -> Option<&str> {
    let head = head.trim_ascii_start().strip_prefix(b"<?xml")?;
    let end = head.windows(2).position(|pair| pair == b"?>")?;
    let declaration = std::str::from_utf8(head.get(..end)?).ok()?;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value.split(quote).nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_precedes_the_header_and_the_header_the_declaration() {
        for (label, head, name, mark) in [
            (Some("iso-8859-1"), &b"\xef\xbb\xbf<a"[..], "UTF-8", 3),
            (Some("utf-8"), b"\0<\0a", "UTF-16BE", 0),
            (Some("iso-8859-1"), b"<?xml encoding='utf-8'?>", "windows-1252", 0),
            (None, b"<?xml encoding='latin1'?>", "windows-1252", 0),
            (Some("none"), b"<a", "UTF-8", 0),
        ] {
            let (encoding, length) = choose(label, head);
            assert_eq!((encoding.name(), length), (name, mark), "{label:?} {head:?}");
        }
    }
}

//! Whatever the character set of a message, UTF-8 comes out.
//!
//! `stream` does it while the message is read, with `checked` for what should be UTF-8 already; here is how a character
//! set is chosen, and what is done with whole messages.

mod checked;
mod stream;

use std::borrow::Cow;
use std::fmt;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

pub(crate) use stream::{Notation, Utf8};

/// Bytes that were read in another character set than the one that they should be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mended {
    /// How many bytes stand before the first of them.
    at: u64,
    /// What they were read as.
    charset: &'static str,
    /// All that follows was, too.
    to_the_end: bool,
}

impl fmt::Display for Mended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mended { at, charset, to_the_end } = self;
        match to_the_end {
            true => write!(f, "byte {at} of the answer is not UTF-8: from there on it was read as {charset}"),
            false => write!(f, "byte {at} of the answer is not UTF-8: such bytes were read as {charset}"),
        }
    }
}

/// A message that claims to be UTF-8 and is not quite: every byte that does not fit is taken for Latin-1, so that one
/// careless name does not cost the whole answer. Any other message stays what it is.
pub(crate) fn mend<'b>(bytes: &'b [u8], label: Option<&str>) -> (Cow<'b, [u8]>, Option<Mended>) {
    let at = match std::str::from_utf8(bytes) {
        Err(error) if choose(label, bytes).0 == UTF_8 => error.valid_up_to() as u64,
        _ => return (Cow::Borrowed(bytes), None),
    };
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 16);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|&byte| char::from(byte)));
    }
    (Cow::Owned(text.into_bytes()), Some(Mended { at, charset: LATIN_1, to_the_end: false }))
}

/// What bytes without a better name are read as: each as the character of its number.
const LATIN_1: &str = "Latin-1 (ISO-8859-1)";

/// A whole message as text, whatever its character set; bytes that cannot be text are replaced.
pub(crate) fn text(bytes: &[u8], label: Option<&str>) -> (String, Option<Mended>) {
    let (encoding, _) = choose(label, bytes);
    let (bytes, mended) = mend(bytes, label);
    (encoding.decode(&bytes).0.into_owned(), mended)
}

/// The encoding of a message that begins so, and the length of its byte order mark. Bytes that can only be UTF-16, or
/// a byte order mark, count more than the header: under any other reading they would be no text at all. A character set
/// that nobody knows is as good as none: `charset=none` is sent by real servers, over XML that says better.
fn choose(label: Option<&str>, head: &[u8]) -> (&'static Encoding, usize) {
    if let Some(marked) = marked(head) {
        return marked;
    }
    let known = |label: &str| Encoding::for_label(label.as_bytes());
    let by_label = label.and_then(known);
    // A declaration that can be read as ASCII is in no UTF-16, whatever it says.
    let by_declaration = || declared(head).and_then(known).map(Encoding::output_encoding);
    (by_label.or_else(by_declaration).unwrap_or(UTF_8), 0)
}

/// The encoding that the first bytes of a message leave no doubt about, and the length of its byte order mark.
fn marked(head: &[u8]) -> Option<(&'static Encoding, usize)> {
    match head {
        _ if Encoding::for_bom(head).is_some() => Encoding::for_bom(head),
        [0, first, ..] if first.is_ascii_graphic() => Some((UTF_16BE, 0)),
        [first, 0, ..] if first.is_ascii_graphic() => Some((UTF_16LE, 0)),
        _ => None,
    }
}

/// The encoding that the XML declaration names.
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
    use std::io::{self, BufRead, Read};

    use super::super::Limits;
    use super::*;

    /// More than is made ready at a time.
    const MANY: usize = 16 * 1024;

    /// The text of a message, and what was mended in it.
    fn told(bytes: &[u8], notation: Notation, label: Option<&str>, chunk: usize) -> Result<(String, String), String> {
        let input = io::BufReader::with_capacity(chunk, bytes);
        let mut message = Utf8::new(input, notation, label, Limits::default());
        let mut text = String::new();
        message.read_to_string(&mut text).map_err(|error| error.to_string())?;
        assert!(message.fill_buf().is_ok_and(|rest| rest.is_empty()), "an end is an end");
        let mended = message.mended().map(ToString::to_string).unwrap_or_default();
        Ok((text, mended))
    }

    fn read(bytes: &[u8], label: Option<&str>, chunk: usize) -> Result<String, String> {
        told(bytes, Notation::Xml, label, chunk).map(|(text, _)| text)
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn the_encoding_is_found() {
        let latin = b"<?xml version='1.0' encoding = 'ISO-8859-1' ?>caf\xe9";
        let cases: &[(&[u8], Option<&str>, &str)] = &[
            ("<é€😀".as_bytes(), None, "<é€😀"),
            ("\u{feff}<é".as_bytes(), None, "<é"),
            ("\u{feff}<é".as_bytes(), Some("iso-8859-1"), "<é"),
            (b"caf\xe9 \x80", Some("iso-8859-1"), "café €"),
            (b"caf\xe9 \x80", Some("windows-1252"), "café €"),
            (latin, None, "<?xml version='1.0' encoding = 'ISO-8859-1' ?>café"),
            (latin, Some("none"), "<?xml version='1.0' encoding = 'ISO-8859-1' ?>café"),
            ("<é".as_bytes(), Some("none"), "<é"),
            ("<?xml encoding='x-klingon'?>é".as_bytes(), Some("klingon"), "<?xml encoding='x-klingon'?>é"),
            ("<?xml encoding=\"latin1\"?>é".as_bytes(), Some("UTF-8"), "<?xml encoding=\"latin1\"?>é"),
            ("<?xml encoding=\"utf-16\"?>é".as_bytes(), None, "<?xml encoding=\"utf-16\"?>é"),
            (b"\xef\xbb\xbf", None, ""),
            (b"", None, ""),
            (&utf16("\u{feff}<é😀", u16::to_le_bytes), None, "<é😀"),
            (&utf16("\u{feff}<é😀", u16::to_be_bytes), Some("utf-16"), "<é😀"),
            (&utf16("<é😀", u16::to_be_bytes), Some("utf-16"), "<é😀"),
            (&utf16("<é😀", u16::to_le_bytes), None, "<é😀"),
            (&utf16("{é😀", u16::to_be_bytes), None, "{é😀"),
        ];
        for (bytes, label, text) in cases {
            for chunk in [1, 2, 5, 8192] {
                assert_eq!(read(bytes, *label, chunk).as_deref(), Ok(*text), "{label:?}, in chunks of {chunk}");
            }
        }
    }

    #[test]
    fn json_is_utf_8_unless_it_cannot_be() {
        let latin = "byte 4 of the answer is not UTF-8: from there on it was read as windows-1252";
        let late = "byte 8 of the answer is not UTF-8: from there on it was read as windows-1252";
        let cases: &[(&[u8], Option<&str>, &str, &str)] = &[
            ("\"é€😀\"".as_bytes(), None, "\"é€😀\"", ""),
            ("\"é€😀\"".as_bytes(), Some("us-ascii"), "\"é€😀\"", ""),
            ("\"é€😀\"".as_bytes(), Some("iso-8859-15"), "\"é€😀\"", ""),
            ("\"é€😀\"".as_bytes(), Some("utf-16"), "\"é€😀\"", ""),
            ("\u{feff}\"é\"".as_bytes(), Some("klingon"), "\"é\"", ""),
            (&utf16("{é😀", u16::to_be_bytes), Some("utf-8"), "{é😀", ""),
            (b"\"caf\xe9 \x80\"", Some("iso-8859-1"), "\"café €\"", latin),
            (b"\"caf\xe9", Some("iso-8859-1"), "\"café", latin),
            (b"\"\xc3\xa9\xe2\x82\xac caf\xe9\"", Some("latin1"), "\"é€ café\"", "byte 10"),
            (b"\"abcdefg\xe2\x82\"", Some("latin1"), "\"abcdefgâ‚\"", late),
            (b"\"\x82\xa0\"", Some("shift_jis"), "\"あ\"", "byte 1"),
        ];
        for (bytes, label, text, mended) in cases {
            for chunk in [1, 2, 5, 8192] {
                let (read, said) = told(bytes, Notation::Json, *label, chunk).unwrap();
                assert_eq!(&read, text, "{label:?}, in chunks of {chunk}");
                assert!(said.starts_with(mended) && said.is_empty() == mended.is_empty(), "{said}");
            }
        }
        for (bytes, label) in
            [(&b"\"abc\xe9\""[..], None), (b"\"abc\xe2\x82", Some("none")), (b"\"abc\xff", Some("utf-8"))]
        {
            for chunk in [1, 8192] {
                assert_eq!(told(bytes, Notation::Json, label, chunk), Err("byte 4 is not UTF-8".to_owned()));
            }
        }
    }

    #[test]
    fn stray_latin_1_is_mended_where_utf_8_was_promised() {
        let mended = |bytes: &[u8], label| {
            let (text, mended) = mend(bytes, label);
            (String::from_utf8(text.into_owned()).ok(), mended.map(|mended| mended.at))
        };
        assert_eq!(mended("<a>é €</a>".as_bytes(), None), (Some("<a>é €</a>".into()), None));
        let stray = b"<a>caf\xe9 caf\xc3\xa9</a>";
        assert_eq!(mended(stray, Some("utf-8")), (Some("<a>café café</a>".into()), Some(6)));
        assert_eq!(mended(stray, Some("none")), (Some("<a>café café</a>".into()), Some(6)));
        assert_eq!(mended(b"<?xml encoding='iso-8859-1'?>\xe9", None), (None, None));
        assert_eq!(text(b"<?xml encoding='iso-8859-1'?>\xe9", None).0, "<?xml encoding='iso-8859-1'?>é");
        let (read, said) = text(b"\xef\xbb\xbf\xe9", None);
        assert_eq!(read, "é");
        let said = said.map(|said| said.to_string()).unwrap_or_default();
        assert_eq!(said, "byte 3 of the answer is not UTF-8: such bytes were read as Latin-1 (ISO-8859-1)");
    }

    #[test]
    fn long_texts_pass_in_pieces() {
        let text = "<é€".repeat(MANY);
        assert!(read(&utf16(&text, u16::to_be_bytes), None, 1000).as_deref() == Ok(&text));
        let (json, mended) = told(text.as_bytes(), Notation::Json, None, 1000).unwrap();
        assert!(json == text && mended.is_empty());
    }

    #[test]
    fn what_cannot_be_decoded_is_an_error() {
        let lone = utf16("<a", u16::to_le_bytes).into_iter().chain([0x00, 0xd8, b'b', 0]).collect::<Vec<u8>>();
        let cases: &[(&[u8], Option<&str>, &str)] =
            &[(&lone, None, "byte 4 is not UTF-16LE"), (b"<a>\x82", Some("shift_jis"), "byte 3 is not Shift_JIS")];
        for (bytes, label, message) in cases {
            assert_eq!(read(bytes, *label, 8192), Err((*message).to_owned()));
        }
    }
}

//! Messages in any character set, read in pieces of any size.

use std::io::{self, BufRead, Read};

use super::mending::{mend, text};
use super::stream::{Notation, Utf8};
use crate::message::Limits;

/// More than is converted at a time.
const MANY: usize = 16 * 1024;

/// The text of a message, and what was repaired in it.
fn shown(bytes: &[u8], notation: Notation, label: Option<&str>, chunk: usize) -> Result<(String, String), String> {
    let input = io::BufReader::with_capacity(chunk, bytes);
    let mut message = Utf8::new(input, notation, label, Limits::default());
    let mut text = String::new();
    message.read_to_string(&mut text).map_err(|error| error.to_string())?;
    assert!(message.fill_buf().is_ok_and(|rest| rest.is_empty()), "an end is an end");
    let mended = message.mended().map(ToString::to_string).unwrap_or_default();
    Ok((text, mended))
}

fn read(bytes: &[u8], label: Option<&str>, chunk: usize) -> Result<String, String> {
    shown(bytes, Notation::Xml, label, chunk).map(|(text, _)| text)
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
        // Servers that put one character set on everything.
        ("<?xml encoding='UTF-8'?>é€".as_bytes(), Some("iso-8859-1"), "<?xml encoding='UTF-8'?>é€"),
        ("<é€😀".as_bytes(), Some("windows-1252"), "<é€😀"),
        ("<?xml encoding='us-ascii'?>é".as_bytes(), None, "<?xml encoding='us-ascii'?>é"),
        ("<?xml encoding='latin1'?>é".as_bytes(), None, "<?xml encoding='latin1'?>é"),
        (b"<abcdefg\xe2\x82<", Some("iso-8859-1"), "<abcdefgâ‚<"),
        (b"<\xc4\xc5", Some("koi8-r"), "<де"),
        (b"<\x82\xa0", Some("shift_jis"), "<あ"),
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
            let (read, said) = shown(bytes, Notation::Json, *label, chunk).unwrap();
            assert_eq!(&read, text, "{label:?}, in chunks of {chunk}");
            assert!(said.starts_with(mended) && said.is_empty() == mended.is_empty(), "{said}");
        }
    }
    for (bytes, label) in [(&b"\"abc\xe9\""[..], None), (b"\"abc\xe2\x82", Some("none")), (b"\"abc\xff", Some("utf-8"))]
    {
        for chunk in [1, 8192] {
            assert_eq!(shown(bytes, Notation::Json, label, chunk), Err("byte 4 is not UTF-8".to_owned()));
        }
    }
}

#[test]
fn stray_latin_1_is_repaired_where_utf_8_was_promised() {
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
    assert_eq!(text("<?xml encoding='iso-8859-1'?>é€".as_bytes(), None).0, "<?xml encoding='iso-8859-1'?>é€");
    for (bytes, label) in [(&b"caf\xe9 \x80"[..], "iso-8859-1"), ("café €".as_bytes(), "iso-8859-1")] {
        let mut stream = Utf8::new(bytes, Notation::Xml, Some(label), Limits::default()).mending();
        assert_eq!(io::read_to_string(&mut stream).unwrap(), "café €");
        assert_eq!(stream.mended(), None);
    }
    let (read, said) = text(b"\xef\xbb\xbf\xe9", None);
    assert_eq!(read, "é");
    let said = said.map(|said| said.to_string()).unwrap_or_default();
    assert_eq!(said, "byte 3 of the answer is not UTF-8: such bytes were read as Latin-1 (ISO-8859-1)");
}

#[test]
fn long_texts_pass_in_pieces() {
    let text = "<é€".repeat(MANY);
    assert!(read(&utf16(&text, u16::to_be_bytes), None, 1000).as_deref() == Ok(&text));
    let (json, mended) = shown(text.as_bytes(), Notation::Json, None, 1000).unwrap();
    assert!(json == text && mended.is_empty());
}

#[test]
fn undecodable_bytes_are_an_error() {
    let lone = utf16("<a", u16::to_le_bytes).into_iter().chain([0x00, 0xd8, b'b', 0]).collect::<Vec<u8>>();
    let cases: &[(&[u8], Option<&str>, &str)] =
        &[(&lone, None, "byte 4 is not UTF-16LE"), (b"<a>\x82", Some("shift_jis"), "byte 3 is not Shift_JIS")];
    for (bytes, label, message) in cases {
        assert_eq!(read(bytes, *label, 8192), Err((*message).to_owned()));
    }
}

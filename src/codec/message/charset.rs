//! Whatever the character set of a message, UTF-8 comes out.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::error::MessageError;
use super::found::clip;
use super::input::Input;
use super::limits::Limits;

/// How many bytes are made ready at a time.
const ROOM: usize = 16 * 1024;

/// A message as UTF-8. What is UTF-8 already is not looked at: whoever reads it checks it.
pub(crate) struct Utf8<R> {
    input: Input<R>,
    label: Option<String>,
    /// The encoding, once the head has been read.
    encoding: Option<&'static Encoding>,
    /// What decodes it, if it is not UTF-8.
    decoding: Option<Decoding>,
    /// How many bytes of the message were left out at its beginning.
    skipped: usize,
    /// `room[from..to]` is ready and not yet consumed.
    room: Vec<u8>,
    from: usize,
    to: usize,
}

impl<R: BufRead> Utf8<R> {
    /// A message within limits. `label` is the character set that the HTTP header names.
    pub(crate) fn new(input: R, label: Option<&str>, limits: Limits) -> Utf8<R> {
        let (input, label, room) = (Input::new(input, limits), label.map(str::to_owned), vec![0; ROOM]);
        Utf8 { input, label, encoding: None, decoding: None, skipped: 0, room, from: 0, to: 0 }
    }

    /// How many bytes of the message are missing in front of what comes out: a byte order mark's.
    pub(crate) fn skipped(&self) -> u64 {
        self.skipped as u64
    }

    /// Whether the beginning of the message, once any of it has been read, is all there is.
    pub(crate) fn is_short(&self) -> bool {
        self.input.is_short()
    }

    /// Another piece begins, with as many bytes of its own as any.
    pub(crate) fn begin_piece(&mut self) {
        self.input.begin_piece();
    }

    /// The beginning of the message as far as it can be read.
    pub(crate) fn head(&self) -> String {
        let bytes = self.input.head().get(self.skipped..).unwrap_or_default();
        self.encoding.unwrap_or(UTF_8).decode_without_bom_handling(bytes).0.into_owned()
    }

    // Apart, so that what is asked for several times a tag stays small enough to be inlined.
    #[cold]
    fn refill(&mut self) -> io::Result<()> {
        if self.encoding.is_none() {
            self.start()?;
        }
        self.from = 0;
        self.to = 0;
        self.to = match &mut self.decoding {
            None => self.input.read(&mut self.room)?,
            Some(decoding) => decoding.fill(&mut self.room, &mut self.input)?,
        };
        Ok(())
    }

    fn start(&mut self) -> io::Result<()> {
        self.input.look_ahead()?;
        let (encoding, mark) = choose(self.label.as_deref(), self.input.head()).map_err(io::Error::other)?;
        self.input.consume(mark);
        self.skipped = mark;
        self.encoding = Some(encoding);
        self.decoding = (encoding != UTF_8).then(|| Decoding::new(encoding));
        Ok(())
    }
}

impl<R: BufRead> BufRead for Utf8<R> {
    #[inline]
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.from >= self.to {
            self.refill()?;
        }
        Ok(self.room.get(self.from..self.to).unwrap_or_default())
    }

    #[inline]
    fn consume(&mut self, count: usize) {
        self.from += count;
    }
}

impl<R: BufRead> Read for Utf8<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(out)?;
        self.consume(count);
        Ok(count)
    }
}

/// The way from another encoding to UTF-8.
struct Decoding {
    decoder: Decoder,
    /// How many bytes have been taken from the input.
    taken: u64,
    /// The input has ended: the decoder must not be asked again.
    finished: bool,
}

impl Decoding {
    fn new(encoding: &'static Encoding) -> Decoding {
        Decoding { decoder: encoding.new_decoder_without_bom_handling(), taken: 0, finished: false }
    }

    /// Decodes some of the input and returns how many bytes came of it: none only at its end.
    fn fill<R: BufRead>(&mut self, room: &mut [u8], input: &mut Input<R>) -> io::Result<usize> {
        while !self.finished {
            let bytes = input.fill_buf()?;
            let last = bytes.is_empty();
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(bytes, room, last);
            input.consume(read);
            self.taken += read as u64;
            match result {
                DecoderResult::InputEmpty => self.finished = last,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(wrong, after) => {
                    let at = self.taken.saturating_sub(u64::from(wrong) + u64::from(after));
                    let charset = self.decoder.encoding().name();
                    return Err(io::Error::other(MessageError::Encoding { at, charset }));
                }
            }
            if written > 0 {
                return Ok(written);
            }
        }
        Ok(0)
    }
}

/// A message that claims to be UTF-8 and is not quite: every byte that does not fit is taken for Latin-1, so that one
/// careless name does not cost the whole answer. Any other message stays what it is.
pub(crate) fn mend<'b>(bytes: &'b [u8], label: Option<&str>) -> Cow<'b, [u8]> {
    let utf8 = choose(label, bytes).is_ok_and(|(encoding, _)| encoding == UTF_8);
    if !utf8 || std::str::from_utf8(bytes).is_ok() {
        return Cow::Borrowed(bytes);
    }
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 16);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|&byte| char::from(byte)));
    }
    Cow::Owned(text.into_bytes())
}

/// A whole message as text, whatever its character set; bytes that cannot be text are replaced.
pub(crate) fn text(bytes: &[u8], label: Option<&str>) -> String {
    let encoding = choose(label, bytes).map_or(UTF_8, |(encoding, _)| encoding);
    encoding.decode(&mend(bytes, label)).0.into_owned()
}

/// The encoding of a message that begins so, and the length of its byte order mark. Bytes that can only be UTF-16, or
/// a byte order mark, count more than the header: under any other reading they would be no text at all.
fn choose(label: Option<&str>, head: &[u8]) -> Result<(&'static Encoding, usize), MessageError> {
    if let Some(marked) = Encoding::for_bom(head) {
        return Ok(marked);
    }
    match head {
        [0, first, ..] if first.is_ascii_graphic() => return Ok((UTF_16BE, 0)),
        [first, 0, ..] if first.is_ascii_graphic() => return Ok((UTF_16LE, 0)),
        _ => {}
    }
    let known = |label: &str| {
        let unknown = || MessageError::Charset { label: clip(label) };
        Encoding::for_label(label.as_bytes()).ok_or_else(unknown)
    };
    let encoding = match (label, declared(head)) {
        (Some(label), _) => known(label)?,
        // A declaration that can be read as ASCII is in no UTF-16, whatever it says.
        (None, Some(label)) => known(label)?.output_encoding(),
        (None, None) => UTF_8,
    };
    Ok((encoding, 0))
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
    use super::super::Limits;
    use super::*;

    fn read(bytes: &[u8], label: Option<&str>, chunk: usize) -> Result<String, String> {
        let mut message = Utf8::new(io::BufReader::with_capacity(chunk, bytes), label, Limits::default());
        let mut text = String::new();
        message.read_to_string(&mut text).map_err(|error| error.to_string())?;
        assert!(message.fill_buf().is_ok_and(|rest| rest.is_empty()), "an end is an end");
        Ok(text)
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
    fn stray_latin_1_is_mended_where_utf_8_was_promised() {
        let mended = |bytes: &[u8], label| String::from_utf8(mend(bytes, label).into_owned()).ok();
        assert_eq!(mended("<a>é €</a>".as_bytes(), None).as_deref(), Some("<a>é €</a>"));
        assert_eq!(mended(b"<a>caf\xe9 caf\xc3\xa9</a>", Some("utf-8")).as_deref(), Some("<a>café café</a>"));
        assert_eq!(mended(b"<?xml encoding='iso-8859-1'?>\xe9", None), None);
        assert_eq!(text(b"<?xml encoding='iso-8859-1'?>\xe9", None), "<?xml encoding='iso-8859-1'?>é");
        assert_eq!(text(b"\xef\xbb\xbf\xe9", None), "é");
    }

    #[test]
    fn long_texts_pass_in_pieces() {
        let text = "<é€".repeat(ROOM);
        assert!(read(&utf16(&text, u16::to_be_bytes), None, 1000).as_deref() == Ok(&text));
    }

    #[test]
    fn what_cannot_be_decoded_is_an_error() {
        let lone = utf16("<a", u16::to_le_bytes).into_iter().chain([0x00, 0xd8, b'b', 0]).collect::<Vec<u8>>();
        let cases: &[(&[u8], Option<&str>, &str)] = &[
            (b"<a/>", Some("klingon"), "unknown character set \"klingon\""),
            (b"<?xml encoding='x-\x1b[2J'?>", None, "unknown character set \"x-\u{fffd}[2J\""),
            (&lone, None, "byte 4 is not UTF-16LE"),
            (b"<a>\x82", Some("shift_jis"), "byte 3 is not Shift_JIS"),
        ];
        for (bytes, label, message) in cases {
            assert_eq!(read(bytes, *label, 8192), Err((*message).to_owned()));
        }
    }
}

//! A message in any character set as a stream of UTF-8.

use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8};

use super::checked::Checked;
use super::choice::{choose, marked};
use super::mending::{LATIN_1, Mended};
use crate::message::error::MessageError;
use crate::message::input::Input;
use crate::message::limits::Limits;

/// The number of bytes that are converted at a time.
const ROOM: usize = 4 * 1024;

/// The notation of a message, which decides how its character set is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notation {
    /// The HTTP header decides, then the XML declaration; unknown names are ignored. What is said to be in a character set
    /// of single bytes and is UTF-8 all the same is read as UTF-8: servers add such a name to everything.
    Xml,
    /// UTF-8, whatever the header says (RFC 8259, 8.1 and 11). Only bytes that are not UTF-8 are read as the header
    /// says.
    Json,
}

/// A message as UTF-8.
pub(crate) struct Utf8<R> {
    input: Input<R>,
    notation: Notation,
    label: Option<String>,
    /// The encoding, once the beginning of the message has been read.
    encoding: Option<&'static Encoding>,
    /// The character set that XML says it is in, as long as it is UTF-8.
    said: Option<&'static Encoding>,
    way: Way,
    /// The number of bytes skipped at the beginning of the message.
    skipped: usize,
    /// `room[from..]` is ready and not yet consumed.
    room: String,
    from: usize,
    /// The error of what comes after it.
    trouble: Option<io::Error>,
    /// The part that had to be read in a different character set.
    mended: Option<Mended>,
    /// Bytes that are not UTF-8 are read as Latin-1.
    mends: bool,
}

/// How bytes become UTF-8.
enum Way {
    /// Unchanged, but checked.
    Checked(Checked),
    /// Decoded.
    Decoded(Decoding),
}

impl<R: BufRead> Utf8<R> {
    /// A message within limits. `label` is the character set named in the HTTP header.
    pub(crate) fn new(input: R, notation: Notation, label: Option<&str>, limits: Limits) -> Utf8<R> {
        Utf8 {
            input: Input::new(input, limits),
            notation,
            label: label.map(str::to_owned),
            encoding: None,
            said: None,
            way: Way::Checked(Checked::new(0)),
            skipped: 0,
            room: String::with_capacity(ROOM),
            from: 0,
            trouble: None,
            mended: None,
            mends: false,
        }
    }

    /// The same for a message that claims to be UTF-8 and may not quite be: every byte that does not fit is read as
    /// Latin-1.
    pub(crate) fn mending(self) -> Utf8<R> {
        Utf8 { mends: true, ..self }
    }

    /// The number of bytes skipped at the beginning: the byte order mark's.
    pub(crate) fn skipped(&self) -> u64 {
        self.skipped as u64
    }

    /// Starts a new piece: the limit for pieces counts from here.
    pub(crate) fn begin_piece(&mut self) {
        self.input.begin_piece();
    }

    /// The text that is ready, which is empty only at the end of the message. What is consumed of it must be whole
    /// characters.
    #[inline]
    pub(crate) fn ready(&mut self) -> io::Result<&str> {
        if self.from >= self.room.len() {
            self.refill()?;
        }
        Ok(self.room.get(self.from..).unwrap_or_default())
    }

    /// The part of it that can be had without reading on; it may be empty anywhere.
    #[inline]
    pub(crate) fn at_hand(&self) -> &str {
        self.room.get(self.from..).unwrap_or_default()
    }

    /// Reads on, keeping what is at hand, while nothing needs a repair. Returns whether there is more at hand now. An
    /// error waits until all of that is consumed.
    pub(crate) fn read_on(&mut self) -> bool {
        let Way::Checked(checked) = &mut self.way else { return false };
        if self.encoding.is_none() || self.trouble.is_some() {
            return false;
        }
        self.room.drain(..self.from.min(self.room.len()));
        self.from = 0;
        let before = self.room.len();
        self.trouble = checked.fill(&mut self.room, ROOM, &mut self.input).err();
        self.room.len() > before
    }

    /// What has been repaired so far.
    pub(crate) fn mended(&self) -> Option<&Mended> {
        self.mended.as_ref()
    }

    /// The beginning of the message, as far as it can be read.
    pub(crate) fn head(&self) -> String {
        let bytes = self.input.head().get(self.skipped..).unwrap_or_default();
        self.encoding.unwrap_or(UTF_8).decode_without_bom_handling(bytes).0.into_owned()
    }

    // Separate, so that the code that runs several times for each tag stays small enough to be inlined.
    #[cold]
    fn refill(&mut self) -> io::Result<()> {
        if self.encoding.is_none() {
            self.start()?;
        }
        if let Some(trouble) = self.trouble.take() {
            return Err(trouble);
        }
        self.from = 0;
        self.room.clear();
        let filled = match &mut self.way {
            Way::Decoded(decoding) => decoding.fill(&mut self.room, &mut self.input),
            Way::Checked(checked) => match checked.fill(&mut self.room, ROOM, &mut self.input) {
                Ok(false) => self.fall_back(),
                filled => filled.map(drop),
            },
        };
        // What was decoded before an error is not passed on: the message ends with the error.
        filled.inspect_err(|_| self.room.clear())
    }

    fn start(&mut self) -> io::Result<()> {
        self.input.look_ahead()?;
        let head = self.input.head();
        let (encoding, mark) = match self.notation {
            Notation::Xml => choose(self.label.as_deref(), head),
            Notation::Json => marked(head).unwrap_or((UTF_8, 0)),
        };
        self.input.consume(mark);
        self.skipped = mark;
        self.said = Some(encoding).filter(|encoding| encoding.is_single_byte());
        let encoding = if self.said.is_some() { UTF_8 } else { encoding };
        self.encoding = Some(encoding);
        self.way = match encoding == UTF_8 {
            true => Way::Checked(Checked::new(mark)),
            false => Way::Decoded(Decoding::new(encoding)),
        };
        Ok(())
    }

    /// Continues in the character set of the header, or of the XML declaration, from the first byte that is not UTF-8.
    fn fall_back(&mut self) -> io::Result<()> {
        let Way::Checked(checked) = &mut self.way else { return Ok(()) };
        let said = self.said.take();
        if self.mends && said.is_none() {
            let at = checked.taken;
            self.mended.get_or_insert(Mended { at, charset: LATIN_1, to_the_end: false });
            return checked.as_latin_1(&mut self.room, &mut self.input);
        }
        let (at, begun) = (checked.taken, std::mem::take(&mut checked.begun));
        let label = self.label.as_deref().filter(|_| self.notation == Notation::Json);
        let label = label.and_then(|label| Encoding::for_label(label.as_bytes()));
        let label = label.filter(|encoding| *encoding != UTF_8 && encoding.is_ascii_compatible());
        let Some(encoding) = said.or(label) else {
            return Err(io::Error::other(MessageError::Encoding { at, charset: UTF_8.name(), place: None }));
        };
        self.encoding = said.or(self.encoding);
        // XML in the character set that it says it is in needs no word.
        self.mended = said.is_none().then_some(Mended { at, charset: encoding.name(), to_the_end: true });
        let mut decoding = Decoding::new(encoding);
        decoding.taken = at;
        decoding.take(&mut self.room, &begun);
        let filled = match self.room.is_empty() {
            true => decoding.fill(&mut self.room, &mut self.input),
            false => Ok(()),
        };
        self.way = Way::Decoded(decoding);
        filled
    }
}

impl<R: BufRead> BufRead for Utf8<R> {
    #[inline]
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.from >= self.room.len() {
            self.refill()?;
        }
        Ok(self.room.as_bytes().get(self.from..).unwrap_or_default())
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

/// Converts another encoding to UTF-8.
struct Decoding {
    decoder: Decoder,
    /// The number of bytes taken from the input.
    taken: u64,
    /// The input has ended: the decoder must not be called again.
    finished: bool,
}

impl Decoding {
    fn new(encoding: &'static Encoding) -> Decoding {
        Decoding { decoder: encoding.new_decoder_without_bom_handling(), taken: 0, finished: false }
    }

    /// Decodes bytes that have already been taken from the input.
    fn take(&mut self, room: &mut String, bytes: &[u8]) {
        let (_, read) = self.decoder.decode_to_string_without_replacement(bytes, room, false);
        self.taken += read as u64;
    }

    /// Decodes some of the input: nothing only at its end.
    fn fill<R: BufRead>(&mut self, room: &mut String, input: &mut Input<R>) -> io::Result<()> {
        while !self.finished && room.is_empty() {
            let bytes = match input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                bytes => bytes?,
            };
            let last = bytes.is_empty();
            let (result, read) = self.decoder.decode_to_string_without_replacement(bytes, room, last);
            input.consume(read);
            self.taken += read as u64;
            match result {
                DecoderResult::InputEmpty => self.finished = last,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(wrong, after) => {
                    let at = self.taken.saturating_sub(u64::from(wrong) + u64::from(after));
                    let charset = self.decoder.encoding().name();
                    return Err(io::Error::other(MessageError::Encoding { at, charset, place: None }));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message<'b>(notation: Notation, label: Option<&str>, bytes: &'b [u8]) -> Utf8<&'b [u8]> {
        Utf8::new(bytes, notation, label, Limits::default())
    }

    #[test]
    fn the_head_can_be_read_and_a_byte_order_mark_is_counted() {
        for (notation, label, bytes, head, skipped) in [
            (Notation::Json, None, &b"\xef\xbb\xbf{}"[..], "{}", 3),
            (Notation::Json, None, b"{}", "{}", 0),
            (Notation::Xml, None, b"\xff\xfe<\0a\0", "<a", 2),
            (Notation::Xml, Some("iso-8859-1"), b"<\xe9", "<é", 0),
        ] {
            let mut message = message(notation, label, bytes);
            let mut text = String::new();
            message.read_to_string(&mut text).unwrap();
            assert_eq!((text.as_str(), message.head().as_str(), message.skipped()), (head, head, skipped), "{bytes:?}");
            assert_eq!(message.mended(), None);
        }
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_mended_as_in_a_whole_message() {
        for bytes in [
            &b"a\xe9b"[..],
            b"\xe2\x82b\xff",
            b"\xc3\xa9\xc3",
            b"\xf0\x9f\x98\x80 \xf0\x9f\x98",
            b"\xe2\x82\xe2\x82\xac",
            b"fine",
        ] {
            let (whole, mended) = super::super::mend(bytes, None);
            for chunk in 1..5 {
                let input = io::BufReader::with_capacity(chunk, bytes);
                let mut message = Utf8::new(input, Notation::Xml, None, Limits::default()).mending();
                assert_eq!(io::read_to_string(&mut message).unwrap().as_bytes(), &*whole, "{bytes:?}");
                assert_eq!(message.mended().copied(), mended, "{bytes:?}");
            }
        }
    }

    /// Gives two bytes at a time, and then fails.
    fn in_twos(bytes: &[u8]) -> impl BufRead {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::ErrorKind::ConnectionReset.into())
            }
        }
        io::BufReader::with_capacity(2, bytes.chain(Broken))
    }

    #[test]
    fn what_is_at_hand_is_kept_when_it_reads_on_and_an_error_waits() {
        for (rest, seen, problem) in
            [(&b"abcd"[..], "xabcd", "reset"), (b"abc\xff", "xabc", "is not UTF-8"), (b"", "x", "reset")]
        {
            let bytes = [&[b'x'; ROOM][..], rest].concat();
            let mut message = Utf8::new(in_twos(&bytes), Notation::Xml, None, Limits::default());
            assert!(!message.read_on(), "nothing has been read yet");
            let length = message.ready().unwrap().len();
            message.consume(length - 1);
            while message.read_on() {}
            assert!(!message.read_on());
            assert_eq!(message.at_hand(), seen);
            assert_eq!(message.ready().unwrap(), seen);
            message.consume(seen.len());
            let error = message.ready().unwrap_err().to_string();
            assert!(error.contains(problem), "{error}");
        }
    }

    #[test]
    fn a_repair_gives_its_position() {
        let mut message = message(Notation::Json, Some("latin1"), b"\"\xc3\xa9\xe9\"");
        assert_eq!(io::read_to_string(&mut message).unwrap(), "\"éé\"");
        assert_eq!(message.mended().map(|mended| (mended.at, mended.to_the_end)), Some((3, true)));
    }
}

//! The only file that uses the compression crate: compressed bodies are decompressed completely while they are read.
//!
//! The HTTP client's own decompression stops after the first member (a gzip body may have any number of them) and skips
//! the rest, so that half an answer would look complete.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

use super::incoming::{Incoming, Received, Trouble};

/// The body of an answer as a blocking reader, decompressed. [`Body::trouble`] has the errors of its connection.
#[derive(Debug)]
pub struct Body<'w> {
    trouble: Trouble,
    received: Received,
    bytes: Bytes<'w>,
}

#[derive(Debug)]
enum Bytes<'w> {
    /// Unchanged: not compressed, or with an unknown encoding.
    Plain(Incoming<'w>),
    /// Compressed with gzip, and nothing of it has been read.
    Packed(Incoming<'w>),
    /// Being decompressed.
    Unpacked(Box<BufReader<MultiGzDecoder<Incoming<'w>>>>),
    /// An error of the connection ended it.
    Ended,
}

impl<'w> Body<'w> {
    /// The body of an answer with this encoding.
    pub(super) fn of(incoming: Incoming<'w>, coding: &Coding) -> Body<'w> {
        let (trouble, received) = (incoming.trouble(), incoming.received());
        let bytes = match coding {
            Coding::Gzip => Bytes::Packed(incoming),
            Coding::None | Coding::Unknown(_) => Bytes::Plain(incoming),
        };
        Body { trouble, received, bytes }
    }

    /// Access to the connection error that stopped the body, for use after reading.
    pub fn trouble(&self) -> Trouble {
        self.trouble.clone()
    }

    /// Counts what comes, also after the body itself is gone.
    pub fn received(&self) -> Received {
        self.received.clone()
    }

    /// Sets up the decompression at the first read. A body of no bytes is empty, whatever its declared encoding. The
    /// decompressor is made on the stack, which has room for it only here: other bodies do not touch those pages.
    #[inline(never)]
    fn begin(&mut self) -> io::Result<()> {
        let Bytes::Packed(incoming) = &mut self.bytes else { return Ok(()) };
        let empty = incoming.fill_buf()?.is_empty();
        let Bytes::Packed(incoming) = std::mem::replace(&mut self.bytes, Bytes::Ended) else { return Ok(()) };
        self.bytes = match empty {
            true => Bytes::Plain(incoming),
            false => Bytes::Unpacked(Box::new(BufReader::with_capacity(ROOM, MultiGzDecoder::new(incoming)))),
        };
        Ok(())
    }
}

/// The number of bytes that are decompressed at a time.
const ROOM: usize = 32 * 1024;
/// The only encoding that is requested and supported.
pub(super) const GZIP: &str = "gzip";

/// The encoding of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// None.
    None,
    /// One that can be decoded here.
    Gzip,
    /// Any other, in lower case and in the order of application.
    Unknown(String),
}

impl Coding {
    /// The encoding given by the values of the header.
    pub(super) fn of<'h>(lines: impl Iterator<Item = &'h [u8]>) -> Coding {
        let lines = lines.map(|line| String::from_utf8_lossy(line).to_lowercase());
        let all = lines.collect::<Vec<_>>().join(",");
        let named = all.split(',').map(str::trim).filter(|coding| !matches!(*coding, "" | "identity"));
        match named.collect::<Vec<_>>().as_slice() {
            [] => Coding::None,
            [GZIP | "x-gzip"] => Coding::Gzip,
            several => Coding::Unknown(several.join(", ")),
        }
    }

    /// The encoding that remains after reading; `None` if there is none.
    pub(super) fn left(&self) -> Option<String> {
        match self {
            Coding::Unknown(names) => Some(names.clone()),
            Coding::None | Coding::Gzip => None,
        }
    }
}

/// A decompression error, in words about the answer. A connection error is returned unchanged.
fn damaged(error: io::Error) -> io::Error {
    let words = match error.kind() {
        io::ErrorKind::Interrupted => return error,
        io::ErrorKind::UnexpectedEof => "it ends in the middle".to_owned(),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => error.to_string(),
        _ => return error,
    };
    io::Error::new(io::ErrorKind::InvalidData, format!("its gzip compression is damaged ({words})"))
}

impl BufRead for Body<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if let Bytes::Packed(_) = self.bytes {
            self.begin()?;
        }
        match &mut self.bytes {
            Bytes::Plain(incoming) | Bytes::Packed(incoming) => incoming.fill_buf(),
            Bytes::Unpacked(unpacker) => unpacker.fill_buf().map_err(damaged),
            Bytes::Ended => Ok(&[]),
        }
    }

    fn consume(&mut self, count: usize) {
        match &mut self.bytes {
            Bytes::Plain(incoming) | Bytes::Packed(incoming) => incoming.consume(count),
            Bytes::Unpacked(unpacker) => unpacker.consume(count),
            Bytes::Ended => {}
        }
    }
}

impl Read for Body<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codings_are_known_in_any_letter_case() {
        let unknown = |names: &str| Coding::Unknown(names.to_owned());
        for (lines, coding) in [
            (&[][..], Coding::None),
            (&[""], Coding::None),
            (&["Identity"], Coding::None),
            (&["GZIP"], Coding::Gzip),
            (&["x-Gzip"], Coding::Gzip),
            (&["gzip, identity"], Coding::Gzip),
            (&["br"], unknown("br")),
            (&["Deflate"], unknown("deflate")),
            (&["gzip, gzip"], unknown("gzip, gzip")),
            (&["gzip", "br"], unknown("gzip, br")),
            (&["utf-8"], unknown("utf-8")),
        ] {
            assert_eq!(Coding::of(lines.iter().map(|line| line.as_bytes())), coding, "{lines:?}");
        }
    }
}

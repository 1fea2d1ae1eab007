//! The only file that knows the compression crate: bodies that were packed on their way are unpacked while they are
//! read, to their very end.
//!
//! The HTTP client has an unpacker of its own. It stops after the first of several pieces (a gzip body may have any
//! number of them) and passes over what comes after it, so that half of an answer would look like the whole.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

use super::incoming::{Incoming, Received, Trouble};

/// The body of an answer as a blocking reader, unpacked. [`Body::trouble`] has the errors of its connection.
#[derive(Debug)]
pub struct Body<'w> {
    trouble: Trouble,
    received: Received,
    bytes: Bytes<'w>,
}

#[derive(Debug)]
enum Bytes<'w> {
    /// As they come: they are not packed, or in a way that is not known here.
    Plain(Incoming<'w>),
    /// Packed with gzip, and nothing of it has been read.
    Packed(Incoming<'w>),
    /// Being unpacked.
    Unpacked(Box<BufReader<MultiGzDecoder<Incoming<'w>>>>),
    /// An error of the connection ended it.
    Ended,
}

impl<'w> Body<'w> {
    /// The body of an answer that is packed so.
    pub(super) fn of(incoming: Incoming<'w>, coding: &Coding) -> Body<'w> {
        let (trouble, received) = (incoming.trouble(), incoming.received());
        let bytes = match coding {
            Coding::Gzip => Bytes::Packed(incoming),
            Coding::None | Coding::Unknown(_) => Bytes::Plain(incoming),
        };
        Body { trouble, received, bytes }
    }

    /// Tells afterwards why the body could not be read to its end, where the connection was the reason.
    pub fn trouble(&self) -> Trouble {
        self.trouble.clone()
    }

    /// Counts what comes, also after the body itself is gone.
    pub fn received(&self) -> Received {
        self.received.clone()
    }

    /// Sets the unpacker up at the first read. A body without a byte is an empty one, whatever it was announced as.
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

/// How many bytes are unpacked at a time.
const ROOM: usize = 32 * 1024;
/// The one coding that is asked for and understood.
pub(super) const GZIP: &str = "gzip";

/// What a body is packed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// Nothing.
    None,
    /// What can be unpacked here.
    Gzip,
    /// Anything else, in lower case and in the order of packing.
    Unknown(String),
}

impl Coding {
    /// By the values of the headers that say so.
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

    /// What a body still has when it is read: `None` for nothing.
    pub(super) fn left(&self) -> Option<String> {
        match self {
            Coding::Unknown(names) => Some(names.clone()),
            Coding::None | Coding::Gzip => None,
        }
    }
}

/// An error of the unpacker in words about the answer. One of the connection passes as it is.
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
        self.begin()?;
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
    fn codings_are_known_whatever_their_letters() {
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

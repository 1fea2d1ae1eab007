//! The bytes of a message: counted, with the first of them kept to recognize what it is.

use std::io::{self, BufRead, Read};

use super::{Limits, MessageError};

/// The number of bytes that are examined before the first is read: enough for an XML declaration, and to show the user
/// what came instead.
const HEAD: usize = 4096;

/// An input that ends in an error when it, or a piece of it, is too long.
pub(crate) struct Input<R> {
    inner: R,
    room: Room,
    head: Vec<u8>,
    /// The number of bytes of the head that have been consumed.
    at: usize,
}

impl<R: BufRead> Input<R> {
    pub(crate) fn new(inner: R, limits: Limits) -> Input<R> {
        let room = Room { limits, message: limits.bytes, piece: limits.piece };
        Input { inner, room, head: Vec::new(), at: 0 }
    }

    /// Starts a new piece: the limit for pieces counts from here.
    pub(crate) fn begin_piece(&mut self) {
        self.room.piece = self.room.limits.piece;
    }

    /// Reads the head without consuming it.
    pub(crate) fn look_ahead(&mut self) -> io::Result<()> {
        while let Some(wanted @ 1..) = HEAD.checked_sub(self.head.len()) {
            let chunk = match self.room.bound(&mut self.inner) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                chunk => chunk?,
            };
            let taken = chunk.get(..wanted).unwrap_or(chunk);
            let count = taken.len();
            if count == 0 {
                break;
            }
            self.head.extend_from_slice(taken);
            self.advance(count);
        }
        Ok(())
    }

    /// The first bytes of the message, consumed or not.
    pub(crate) fn head(&self) -> &[u8] {
        &self.head
    }

    fn advance(&mut self, count: usize) {
        self.inner.consume(count);
        self.room.message = self.room.message.saturating_sub(count as u64);
        self.room.piece = self.room.piece.saturating_sub(count as u64);
    }
}

/// The longest message that is read as a whole, in bytes: its text, its tree and its values are in memory at the same
/// time.
const WHOLE: u64 = 128 * 1024 * 1024;

/// Reads a message as a whole. It stays in memory, so its length is limited even if it is written to a file.
pub(crate) fn read_all<R: BufRead>(input: R, limits: Limits) -> Result<Vec<u8>, MessageError> {
    let mut bytes = Vec::new();
    let most = limits.bytes.min(WHOLE);
    let limits = Limits { bytes: most, piece: most, streams: false, ..limits };
    Input::new(input, limits).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The number of bytes that may still be read.
struct Room {
    limits: Limits,
    message: u64,
    piece: u64,
}

impl Room {
    /// The bytes that the input has ready, up to the limit; an error once there are more.
    fn bound<'i, R: BufRead>(&self, inner: &'i mut R) -> io::Result<&'i [u8]> {
        let chunk = inner.fill_buf()?;
        let left = self.message.min(self.piece);
        if left == 0 && !chunk.is_empty() {
            return Err(io::Error::other(match self.message {
                0 => MessageError::Long { limit: self.limits.bytes, streams: self.limits.streams },
                _ => MessageError::LongPiece { limit: self.limits.piece },
            }));
        }
        let left = usize::try_from(left).unwrap_or(usize::MAX);
        Ok(chunk.get(..left).unwrap_or(chunk))
    }
}

impl<R: BufRead> BufRead for Input<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self.head.get(self.at..) {
            Some(rest @ [_, ..]) => Ok(rest),
            _ => self.room.bound(&mut self.inner),
        }
    }

    fn consume(&mut self, count: usize) {
        if self.at < self.head.len() {
            self.at += count;
        } else {
            self.advance(count);
        }
    }
}

impl<R: BufRead> Read for Input<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(out)?;
        self.consume(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_passed_on_once() {
        let bytes: Vec<u8> = (0..HEAD as u32 * 3).map(|at| at as u8).collect();
        for chunk in [1, 7, HEAD, HEAD * 4] {
            let mut input = Input::new(io::BufReader::with_capacity(chunk, &bytes[..]), Limits::default());
            input.look_ahead().unwrap();
            assert_eq!(input.head(), &bytes[..HEAD]);
            let mut read = Vec::new();
            input.read_to_end(&mut read).unwrap();
            assert!(read == bytes, "in chunks of {chunk}");
        }
    }

    #[test]
    fn the_limit_is_the_last_length_that_passes() {
        for length in [10, HEAD, HEAD + 10] {
            let bytes = vec![b'x'; length];
            for (limit, passes) in [(length as u64, true), (length as u64 - 1, false)] {
                let limits = Limits { bytes: limit, ..Limits::default() };
                let mut input = Input::new(&bytes[..], limits);
                let read = input.look_ahead().and_then(|()| input.read_to_end(&mut Vec::new()));
                assert_eq!(read.is_ok(), passes, "{length} bytes of {limit}");
            }
        }
    }
}

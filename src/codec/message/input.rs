//! The bytes of a message: counted, and the first of them kept to tell what it is.

use std::io::{self, BufRead, Read};

use super::{Limits, MessageError};

/// How many bytes are looked at before the first is read: enough for an XML declaration, and for a human to see what
/// came in its place.
const HEAD: usize = 4096;

/// An input that ends in an error when it is too long.
pub(in crate::codec) struct Input<R> {
    inner: R,
    limit: u64,
    /// How many bytes may still be taken from `inner`.
    left: u64,
    head: Vec<u8>,
    /// How many bytes of the head have been consumed.
    at: usize,
}

impl<R: BufRead> Input<R> {
    pub(in crate::codec) fn new(inner: R, limit: u64) -> Input<R> {
        Input { inner, limit, left: limit, head: Vec::new(), at: 0 }
    }

    /// Reads the head, without consuming it.
    pub(in crate::codec) fn look_ahead(&mut self) -> io::Result<()> {
        while let Some(wanted @ 1..) = HEAD.checked_sub(self.head.len()) {
            let chunk = match bounded(&mut self.inner, self.left, self.limit) {
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

    /// Whether the head, once it has been read, is all there is.
    pub(super) fn is_short(&self) -> bool {
        self.head.len() < HEAD
    }

    /// The first bytes of the message, consumed or not.
    pub(in crate::codec) fn head(&self) -> &[u8] {
        &self.head
    }

    fn advance(&mut self, count: usize) {
        self.inner.consume(count);
        self.left = self.left.saturating_sub(count as u64);
    }
}

/// Reads a message whole.
pub(in crate::codec) fn read_all<R: BufRead>(input: R, limits: Limits) -> Result<Vec<u8>, MessageError> {
    let mut bytes = Vec::new();
    Input::new(input, limits.bytes).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What the input has ready, as far as it is allowed; an error once there is more than that.
fn bounded<R: BufRead>(inner: &mut R, left: u64, limit: u64) -> io::Result<&[u8]> {
    let chunk = inner.fill_buf()?;
    if left == 0 && !chunk.is_empty() {
        return Err(io::Error::other(MessageError::Long { limit }));
    }
    let left = usize::try_from(left).unwrap_or(usize::MAX);
    Ok(chunk.get(..left).unwrap_or(chunk))
}

impl<R: BufRead> BufRead for Input<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self.head.get(self.at..) {
            Some(rest @ [_, ..]) => Ok(rest),
            _ => bounded(&mut self.inner, self.left, self.limit),
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
    fn every_byte_is_handed_on_once() {
        let bytes: Vec<u8> = (0..HEAD as u32 * 3).map(|at| at as u8).collect();
        for chunk in [1, 7, HEAD, HEAD * 4] {
            let mut input = Input::new(io::BufReader::with_capacity(chunk, &bytes[..]), u64::MAX);
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
                let mut input = Input::new(&bytes[..], limit);
                let read = input.look_ahead().and_then(|()| input.read_to_end(&mut Vec::new()));
                assert_eq!(read.is_ok(), passes, "{length} bytes of {limit}");
            }
        }
    }
}

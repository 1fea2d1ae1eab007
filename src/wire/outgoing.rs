//! The body of a request: what is in memory, and files that are read while they are sent.

use std::fs::File;
use std::io::{self, Read};
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use std::vec;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

use super::auth::Ready;
use super::error::WireError;

/// How much of a file is read at once.
const MOST: usize = 64 * 1024;
/// How many bytes a connection is expected to carry in a second at least.
const SLOWEST: u64 = 64 * 1024;

/// A body that is being sent.
#[derive(Debug)]
pub(super) struct Outgoing {
    pieces: vec::IntoIter<Open>,
    now: Option<Open>,
    /// How many bytes are still to be sent.
    left: u64,
}

#[derive(Debug)]
enum Open {
    Bytes(Vec<u8>),
    File { file: File, left: u64 },
}

impl Outgoing {
    /// Opens the files of a body. One that cannot be read, or has another length than before, is not sent.
    pub(super) fn of(pieces: Vec<Ready>) -> Result<Outgoing, WireError> {
        let opened = pieces.into_iter().map(|piece| match piece {
            Ready::Bytes(bytes) => Ok(Open::Bytes(bytes)),
            Ready::File(upload) => {
                let fault = |cause: String| WireError::Client { cause: format!("{}: {cause}", upload.path) };
                let file = File::open(&upload.path).map_err(|error| fault(error.to_string()))?;
                let length = file.metadata().map_err(|error| fault(error.to_string()))?.len();
                match length == upload.size {
                    true => Ok(Open::File { file, left: length }),
                    false => Err(fault(format!("it had {} bytes and has {length} now", upload.size))),
                }
            }
        });
        let pieces = opened.collect::<Result<Vec<_>, _>>()?;
        let left = pieces.iter().map(Open::left).sum();
        Ok(Outgoing { pieces: pieces.into_iter(), now: None, left })
    }

    /// How many bytes it has.
    pub(super) fn length(&self) -> u64 {
        self.left
    }

    /// How much longer than usual an answer may take because of its length.
    pub(super) fn takes(&self) -> Duration {
        Duration::from_secs(self.left / SLOWEST)
    }

    /// The next bytes; `None` at the end. Reading a file blocks for as long as the disk takes: nothing else runs here.
    fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            match self.now.as_mut() {
                Some(Open::Bytes(bytes)) => {
                    let bytes = mem::take(bytes);
                    self.now = None;
                    if !bytes.is_empty() {
                        return Ok(Some(bytes));
                    }
                }
                Some(Open::File { left: 0, .. }) => self.now = None,
                Some(Open::File { file, left }) => {
                    let most = usize::try_from(*left).unwrap_or(MOST).min(MOST);
                    let mut bytes = vec![0; most];
                    let read = file.read(&mut bytes)?;
                    if read == 0 {
                        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file became shorter"));
                    }
                    bytes.truncate(read);
                    *left -= read as u64;
                    return Ok(Some(bytes));
                }
                None => match self.pieces.next() {
                    Some(piece) => self.now = Some(piece),
                    None => return Ok(None),
                },
            }
        }
    }
}

impl Open {
    fn left(&self) -> u64 {
        match self {
            Open::Bytes(bytes) => bytes.len() as u64,
            Open::File { left, .. } => *left,
        }
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        Poll::Ready(self.next().transpose().map(|bytes| {
            let bytes = Bytes::from(bytes?);
            self.left = self.left.saturating_sub(bytes.len() as u64);
            Ok(Frame::data(bytes))
        }))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Upload;

    fn sent(pieces: Vec<Ready>) -> Result<Vec<u8>, String> {
        let mut body = Outgoing::of(pieces).map_err(|error| error.to_string())?;
        let (length, mut sent) = (body.length(), Vec::new());
        while let Some(bytes) = body.next().map_err(|error| error.to_string())? {
            sent.extend(bytes);
        }
        assert_eq!(length, sent.len() as u64);
        Ok(sent)
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a file for a test")]
    fn files_are_read_between_what_is_in_memory() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.img");
        let content: Vec<u8> = (0..200_000_u32).map(|at| at as u8).collect();
        std::fs::write(&path, &content).unwrap();
        let file = |size: u64| Ready::File(Upload { path: path.display().to_string(), size, digest: String::new() });
        let bytes = |text: &str| Ready::Bytes(text.as_bytes().to_vec());
        let whole = [b"<".as_slice(), &content, b">", &content].concat();
        assert_eq!(sent(vec![bytes("<"), file(200_000), bytes(">"), bytes(""), file(200_000)]), Ok(whole));
        assert_eq!(sent(vec![]), Ok(vec![]));
        assert!(sent(vec![file(5)]).unwrap_err().contains("it had 5 bytes and has 200000 now"));
        let long = Outgoing::of(vec![file(200_000)]).unwrap();
        assert_eq!((long.takes(), long.size_hint().exact()), (Duration::from_secs(3), Some(200_000)));
        std::fs::remove_file(&path).unwrap();
        assert!(sent(vec![file(200_000)]).unwrap_err().contains("a.img"));
    }
}

//! The body of an answer while it arrives: a blocking reader over the connection.

use std::cell::{Cell, RefCell};
use std::io::{self, BufRead, Read};
use std::rc::Rc;
use std::time::Instant;

use bytes::{Buf, Bytes};

use super::client::cause;
use super::error::WireError;
use super::line::{Line, next_piece};
use super::pace::Pace;
use super::shared::Turning;
use super::waiting::{Breaks, Waited};
use super::watch::Watch;
use model::Sent;

/// The body of an answer while it arrives, as a blocking reader. [`Incoming::trouble`] gives its errors.
#[derive(Debug)]
pub(super) struct Incoming<'w> {
    turning: Turning<'w>,
    /// The connection, if nobody else drives it.
    line: Option<&'w mut Line>,
    body: hyper::body::Incoming,
    chunk: Bytes,
    /// All of it has come.
    whole: bool,
    host: String,
    pace: Pace,
    watch: Watch,
    breaks: Breaks,
    trouble: Trouble,
    received: Received,
}

/// How many bytes of a body have come, as they were on their way.
#[derive(Clone, Debug, Default)]
pub struct Received(Rc<Cell<u64>>);

impl Received {
    /// So many until now.
    pub fn bytes(&self) -> u64 {
        self.0.get()
    }

    fn add(&self, bytes: usize) {
        self.0.set(self.0.get() + bytes as u64);
    }
}

/// Keeps the error of a body, which is also passed on: on its way through a decoder it may lose everything but its
/// text.
#[derive(Clone, Debug, Default)]
pub struct Trouble(Rc<RefCell<Option<WireError>>>);

impl Trouble {
    /// Takes the error out.
    pub fn take(&self) -> Option<WireError> {
        self.0.borrow_mut().take()
    }

    fn note(&self, error: WireError) -> io::Error {
        *self.0.borrow_mut() = Some(error.clone());
        io::Error::other(error)
    }
}

impl<'w> Incoming<'w> {
    /// The body of an answer whose head has arrived.
    pub(super) fn new(
        (turning, line): (Turning<'w>, Option<&'w mut Line>),
        body: hyper::body::Incoming,
        host: String,
        (pace, watch): (Pace, Watch),
        breaks: Breaks,
    ) -> Incoming<'w> {
        let (chunk, trouble, received) = (Bytes::new(), Trouble::default(), Received::default());
        Incoming { turning, line, body, chunk, whole: false, host, pace, watch, breaks, trouble, received }
    }

    /// Access to the error that stopped the body, for use after reading.
    pub(super) fn trouble(&self) -> Trouble {
        self.trouble.clone()
    }

    /// Counts what comes.
    pub(super) fn received(&self) -> Received {
        self.received.clone()
    }
}

impl Read for Incoming<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Incoming<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.chunk.is_empty() && !self.whole {
            let waited = Instant::now();
            let left = self.pace.left();
            let work = next_piece(self.line.as_deref_mut(), &mut self.body);
            let next = self.turning.wait(left, &self.breaks, &self.watch, work);
            self.pace.waited(waited.elapsed());
            let host = || self.host.clone();
            let error = match next {
                Waited::Done(Some(Ok(chunk))) => {
                    self.pace.came(chunk.len());
                    self.received.add(chunk.len());
                    self.watch.came(chunk.len());
                    self.chunk = chunk;
                    continue;
                }
                Waited::Done(None) => {
                    self.watch.end();
                    self.whole = true;
                    break;
                }
                Waited::Done(Some(Err(error))) => WireError::Broken { host: host(), cause: cause(&error), begun: true },
                Waited::TimedOut => self.pace.error(host()),
                Waited::Broken(by) => WireError::Interrupted { sent: Sent::Unknown, by },
            };
            self.watch.end();
            return Err(self.trouble.note(error));
        }
        Ok(&self.chunk)
    }

    fn consume(&mut self, count: usize) {
        self.chunk.advance(count.min(self.chunk.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_of_a_body_is_passed_on_and_can_be_taken_once() {
        let trouble = Trouble::default();
        let there = trouble.clone();
        let broken = || WireError::Broken { host: "h:1".into(), cause: "cut".into(), begun: true };
        assert_eq!(there.note(broken()).to_string(), broken().to_string());
        assert_eq!(trouble.take().map(|error| error.to_string()), Some(broken().to_string()));
        assert!(trouble.take().is_none());
    }
}

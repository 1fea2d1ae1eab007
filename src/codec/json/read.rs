//! JSON as a stream: from the bytes of a message straight to serde.

use std::io::BufRead;

use super::guard::Guard;
use crate::DecodeError;
use crate::consume::{Consume, Tree};
use crate::message::{Limits, Mended, MessageError, Notation, Utf8, by_text, excerpt};
use model::{Decimal, Value};

/// The most bytes that are still read of a message that is no longer needed.
const REST: usize = 1024 * 1024;

/// Reads one JSON message.
pub struct Reader<R> {
    guard: Guard<R>,
}

impl<R: BufRead> Reader<R> {
    /// Reads from `input`. `charset` comes from the HTTP header, if it names one.
    pub fn new(input: R, charset: Option<&str>, limits: Limits) -> Reader<R> {
        Reader { guard: Guard::new(Utf8::new(input, Notation::Json, charset, limits), limits) }
    }

    /// Passes the value of the message to a consumer. Nothing may follow it.
    pub fn read<C: Consume>(&mut self, consumer: C) -> Result<C::Output, C::Error> {
        self.open()?;
        let value = self.value(consumer)?;
        self.end()?;
        Ok(value)
    }

    /// The beginning of a message of which nothing has been read yet: a few thousand bytes, or all of it.
    pub fn begins(&mut self) -> Result<String, DecodeError> {
        self.peek()?;
        Ok(self.guard.text.head())
    }

    /// The part of the message that had to be read in another character set than UTF-8.
    pub fn mended(&self) -> Option<Mended> {
        self.guard.text.mended().copied()
    }

    /// The beginning of the message as readable text; `None` when it holds none.
    pub fn excerpt(&self) -> Option<String> {
        Some(excerpt(&self.guard.text.head())).filter(|words| !words.is_empty())
    }

    /// Checks that the message is JSON.
    pub(super) fn open(&mut self) -> Result<(), DecodeError> {
        self.peek()?;
        let head = self.guard.text.head();
        match begins_json(&head) {
            true => Ok(()),
            false => Err(MessageError::foreign("JSON", by_text(&head), &head).into()),
        }
    }

    /// Passes the next value to a consumer.
    pub(super) fn value<C: Consume>(&mut self, consumer: C) -> Result<C::Output, C::Error> {
        self.next()?;
        let mut json = serde_json::Deserializer::from_reader(self.guard.value());
        let value = consumer.consume(&mut json).and_then(|value| {
            json.end().map_err(DecodeError::from)?;
            Ok(value)
        });
        drop(json);
        match self.guard.trouble() {
            // Whatever the consumer reported, the error found in the bytes is the real cause.
            Some(trouble) if value.is_err() => Err(trouble.into()),
            _ => value,
        }
    }

    /// Reads the rest of a message whose values are no longer needed, up to a limit.
    pub(crate) fn rest(&mut self) -> Result<(), DecodeError> {
        for _ in 0..REST {
            match self.peek()? {
                Some(byte) => self.take(byte)?,
                None if self.guard.is_whole() => return Ok(()),
                None => return Err(self.expected("the end of the message")),
            }
        }
        Ok(())
    }

    /// Checks that nothing follows.
    pub(super) fn end(&mut self) -> Result<(), DecodeError> {
        match self.next()? {
            None => Ok(()),
            Some(_) => Err(self.expected("the end of the message")),
        }
    }

    /// Consumes the next byte after white space if it is this one.
    pub(super) fn takes(&mut self, byte: u8) -> Result<bool, DecodeError> {
        let found = self.next()? == Some(byte);
        if found {
            self.take(byte)?;
        }
        Ok(found)
    }

    /// The error of a message that goes on in another way than expected, or ends.
    pub(super) fn expected(&mut self, what: &str) -> DecodeError {
        let problem = match self.guard.peek() {
            Ok(Some(_)) => format!("expected {what}"),
            Ok(None) => "the message breaks off".to_owned(),
            Err(error) => return self.guard.error(error),
        };
        DecodeError::Json { place: self.guard.place(), problem }
    }

    fn next(&mut self) -> Result<Option<u8>, DecodeError> {
        loop {
            match self.peek()? {
                Some(blank @ (b' ' | b'\n' | b'\r' | b'\t')) => self.take(blank)?,
                next => return Ok(next),
            }
        }
    }

    fn peek(&mut self) -> Result<Option<u8>, DecodeError> {
        self.guard.peek().map_err(|error| self.guard.error(error))
    }

    fn take(&mut self, byte: u8) -> Result<(), DecodeError> {
        self.guard.take(byte).map_err(|error| self.guard.error(error))
    }
}

/// Reads a whole message into a tree.
pub fn read<R: BufRead>(input: R, charset: Option<&str>, limits: Limits) -> Result<Value, DecodeError> {
    Reader::new(input, charset, limits).read(Tree)
}

/// Whether a message with this beginning is meant to be JSON. A word counts only if it is a whole literal or number.
fn begins_json(head: &str) -> bool {
    let head = head.trim_ascii_start();
    let word = head.split_ascii_whitespace().next().unwrap_or_default();
    head.starts_with(['{', '[', '"']) || matches!(word, "true" | "false" | "null") || Decimal::parse(word).is_some()
}

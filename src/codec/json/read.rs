//! JSON as a stream: from the bytes of a message straight to serde.

use std::io::BufRead;

use super::error::broken;
use super::guard::Guard;
use crate::DecodeError;
use crate::consume::{Consume, Tree};
use crate::message::{Limits, MessageError, Utf8, by_text, excerpt};
use model::{Decimal, Value};

/// Reads one JSON message.
pub struct Reader<R> {
    guard: Guard<R>,
}

impl<R: BufRead> Reader<R> {
    /// Reads from `input`. `charset` is what the HTTP header says of it, if anything.
    pub fn new(input: R, charset: Option<&str>, limits: Limits) -> Reader<R> {
        Reader { guard: Guard::new(Utf8::new(input, charset, limits), limits.depth) }
    }

    /// Hands the value of the message to a consumer. Nothing may stand behind it.
    pub fn read<C: Consume>(&mut self, consumer: C) -> Result<C::Output, C::Error> {
        self.open()?;
        let value = self.value(consumer)?;
        self.end()?;
        Ok(value)
    }

    /// The whole message, still unread, when it is so short that it came at once.
    pub fn short(&mut self) -> Result<Option<String>, DecodeError> {
        self.guard.peek().map_err(broken)?;
        Ok(self.guard.text.is_short().then(|| self.guard.text.head()))
    }

    /// How the message begins, as readable text; `None` when it holds none.
    pub fn excerpt(&self) -> Option<String> {
        Some(excerpt(&self.guard.text.head())).filter(|words| !words.is_empty())
    }

    /// Makes sure that it is JSON that comes.
    pub(super) fn open(&mut self) -> Result<(), DecodeError> {
        self.guard.peek().map_err(broken)?;
        let head = self.guard.text.head();
        match begins_json(&head) {
            true => Ok(()),
            false => Err(MessageError::foreign("JSON", by_text(&head), &head).into()),
        }
    }

    /// Hands the value that comes next to a consumer.
    pub(super) fn value<C: Consume>(&mut self, consumer: C) -> Result<C::Output, C::Error> {
        self.next()?;
        let mut json = serde_json::Deserializer::from_reader(self.guard.value());
        let value = consumer.consume(&mut json)?;
        json.end().map_err(DecodeError::from)?;
        Ok(value)
    }

    /// Makes sure that nothing else comes.
    pub(super) fn end(&mut self) -> Result<(), DecodeError> {
        match self.next()? {
            None => Ok(()),
            Some(_) => Err(self.expected("the end of the message")),
        }
    }

    /// Takes the next byte behind blanks if it is this one.
    pub(super) fn takes(&mut self, byte: u8) -> Result<bool, DecodeError> {
        let found = self.next()? == Some(byte);
        if found {
            self.guard.take(byte).map_err(broken)?;
        }
        Ok(found)
    }

    /// The error of a message in which something else stands here, or nothing any more.
    pub(super) fn expected(&mut self, what: &str) -> DecodeError {
        let problem = match self.guard.peek() {
            Ok(Some(_)) => format!("expected {what}"),
            Ok(None) => "the message breaks off".to_owned(),
            Err(error) => return broken(error),
        };
        DecodeError::Json { place: self.guard.place(), problem }
    }

    fn next(&mut self) -> Result<Option<u8>, DecodeError> {
        loop {
            match self.guard.peek().map_err(broken)? {
                Some(blank @ (b' ' | b'\n' | b'\r' | b'\t')) => self.guard.take(blank).map_err(broken)?,
                next => return Ok(next),
            }
        }
    }
}

/// Reads a whole message into a tree.
pub fn read<R: BufRead>(input: R, charset: Option<&str>, limits: Limits) -> Result<Value, DecodeError> {
    Reader::new(input, charset, limits).read(Tree)
}

/// Whether a message that begins so is meant to be JSON. Words are not: they must be a whole literal or number.
fn begins_json(head: &str) -> bool {
    let head = head.trim_ascii_start();
    let word = head.split_ascii_whitespace().next().unwrap_or_default();
    head.starts_with(['{', '[', '"']) || matches!(word, "true" | "false" | "null") || Decimal::parse(word).is_some()
}

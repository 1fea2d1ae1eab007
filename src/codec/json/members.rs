//! A dictionary read member by member, so that one of them can be handed on while it arrives.

use std::io::BufRead;

use super::read::Reader;
use crate::DecodeError;
use crate::consume::{Consume, Tree};
use model::Value;

/// The members of the dictionary that a message consists of.
pub struct Members<'r, R> {
    reader: &'r mut Reader<R>,
    first: bool,
}

impl<R: BufRead> Reader<R> {
    /// Opens the dictionary that the message consists of.
    pub fn members(&mut self) -> Result<Members<'_, R>, DecodeError> {
        self.open()?;
        match self.takes(b'{')? {
            true => Ok(Members { reader: self, first: true }),
            false => Err(self.expected("a dictionary")),
        }
    }
}

impl<R: BufRead> Members<'_, R> {
    /// The next key, whose value must be read then; `None` at the end of the message.
    pub fn key(&mut self) -> Result<Option<String>, DecodeError> {
        let reader = &mut *self.reader;
        if reader.takes(b'}')? {
            return reader.end().map(|()| None);
        }
        if !std::mem::take(&mut self.first) && !reader.takes(b',')? {
            return Err(reader.expected("`,` or `}`"));
        }
        let Value::Text(key) = reader.value(Tree)? else { return Err(reader.expected("a text as key")) };
        match reader.takes(b':')? {
            true => Ok(Some(key)),
            false => Err(reader.expected("`:`")),
        }
    }

    /// Hands the value of the last key to a consumer.
    pub fn value<C: Consume>(&mut self, consumer: C) -> Result<C::Output, C::Error> {
        self.reader.value(consumer)
    }
}

//! A dictionary read member by member, so that one of them can be passed on while it arrives, and a duplicate name is
//! noticed.

use std::io::BufRead;

use super::read::Reader;
use crate::DecodeError;
use crate::Skip;
use crate::consume::{Consume, Tree};
use model::Value;

/// The members of a dictionary.
pub struct Members<'r, R> {
    reader: &'r mut Reader<R>,
    first: bool,
    /// The dictionary is the whole message.
    whole: bool,
}

/// The dictionaries in the list that is the whole message.
pub struct Dictionaries<'r, R> {
    reader: &'r mut Reader<R>,
    first: bool,
}

impl<R: BufRead> Reader<R> {
    /// Opens the dictionary that is the whole message.
    pub fn members(&mut self) -> Result<Members<'_, R>, DecodeError> {
        self.open()?;
        match self.takes(b'{')? {
            true => Ok(Members { reader: self, first: true, whole: true }),
            false => Err(self.expected("a dictionary")),
        }
    }

    /// Opens the list that is the whole message; `None` when the message is something else, which remains unread.
    pub fn dictionaries(&mut self) -> Result<Option<Dictionaries<'_, R>>, DecodeError> {
        self.open()?;
        Ok(self.takes(b'[')?.then_some(Dictionaries { reader: self, first: true }))
    }
}

impl<R: BufRead> Dictionaries<'_, R> {
    /// The next dictionary, which must then be read to its end; `None` at the end of the message. Other members are
    /// skipped.
    pub fn following(&mut self) -> Result<Option<Members<'_, R>>, DecodeError> {
        loop {
            if self.reader.takes(b']')? {
                self.reader.end()?;
                return Ok(None);
            }
            if !std::mem::take(&mut self.first) && !self.reader.takes(b',')? {
                return Err(self.reader.expected("`,` or `]`"));
            }
            if self.reader.takes(b'{')? {
                break;
            }
            self.reader.value(Skip)?;
        }
        Ok(Some(Members { reader: self.reader, first: true, whole: false }))
    }
}

impl<R: BufRead> Members<'_, R> {
    /// The next key, whose value must then be read; `None` at the end of the dictionary. If the dictionary is the whole
    /// message, nothing may follow it.
    pub fn key(&mut self) -> Result<Option<String>, DecodeError> {
        let reader = &mut *self.reader;
        if reader.takes(b'}')? {
            return if self.whole { reader.end().map(|()| None) } else { Ok(None) };
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

    /// Passes the value of the last key to a consumer.
    pub fn value<C: Consume>(&mut self, consumer: C) -> Result<C::Output, C::Error> {
        self.reader.value(consumer)
    }
}

//! The envelope around the values: answers for the client, calls for the server.

use std::io::BufRead;

use serde::de::{Deserialize, Deserializer, Error as _, Visitor};
use serde::forward_to_deserialize_any;

use super::tag::Tag;
use super::value::Node;
use super::{DecodeError, Event, Events, Limits};
use crate::Fault;
use model::Value;

/// What an answer turned out to be, before its value is read.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A value, which the reader now deserialises.
    Value,
    /// A fault, read whole.
    Fault(Fault),
}

/// A whole answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// The result of the call.
    Value(Value),
    /// The call was refused.
    Fault(Fault),
}

/// Reads one answer as a stream.
///
/// [`Reader::open_response`] says what it is; a value is then read by using `&mut Reader` as a [`Deserializer`], once;
/// [`Reader::close`] makes sure that the message is complete.
pub struct Reader<R> {
    events: Events<R>,
    stage: Stage,
}

/// So many tags are read of a message that is of no use any more.
const REST: usize = 100_000;

/// How far the reading of an answer has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Nothing but the envelope is left to read.
    Envelope,
    /// A value has been opened.
    Value,
    /// The answer holds no value, which stands for none.
    Nothing,
}

impl<R: BufRead> Reader<R> {
    /// Reads from `input`. `charset` is what the HTTP header says of it, if anything.
    pub fn new(input: R, charset: Option<&str>, limits: Limits) -> Reader<R> {
        Reader { events: Events::new(input, charset, limits), stage: Stage::Envelope }
    }

    /// Reads up to the value of an answer, or the whole of a fault.
    pub fn open_response(&mut self) -> Result<Answer, DecodeError> {
        self.root(Tag::MethodResponse)?;
        match self.events.tag()? {
            Event::Open(Tag::Params) => {
                self.stage = Stage::Nothing;
                if self.events.another(Tag::Param)? {
                    self.events.open(Tag::Value)?;
                    self.stage = Stage::Value;
                }
                Ok(Answer::Value)
            }
            Event::Open(Tag::Fault) => {
                let value = self.value()?;
                self.events.close()?;
                Ok(Answer::Fault(Fault::read(value, "faultCode", "faultString")))
            }
            event => Err(self.events.unexpected(event, "<params> or <fault>")),
        }
    }

    /// Reads to the end: past a value that nobody wanted, the closing tags, and blanks and comments behind them.
    pub fn close(&mut self) -> Result<(), DecodeError> {
        if std::mem::replace(&mut self.stage, Stage::Envelope) == Stage::Value {
            self.events.skip()?;
        }
        loop {
            match self.events.tag()? {
                Event::Close => {}
                Event::End => return Ok(()),
                event => return Err(self.events.unexpected(event, "the end of the message")),
            }
        }
    }

    /// Reads what is left of a message of which no value is wanted any more, as far as it may be worth it.
    pub(crate) fn rest(&mut self) -> Result<(), DecodeError> {
        self.stage = Stage::Envelope;
        for _ in 0..REST {
            if self.events.is_over() {
                return self.close();
            }
            self.events.next()?;
        }
        Ok(())
    }

    /// Opens the root element, or says what the message is instead.
    fn root(&mut self, root: Tag) -> Result<(), DecodeError> {
        const WANTED: &str = "XML-RPC";
        match self.events.tag() {
            Ok(Event::Open(tag)) if tag == root => Ok(()),
            Ok(Event::Open(tag)) => Err(self.events.foreign(tag, WANTED)),
            Ok(_) => Err(self.events.explain(DecodeError::Truncated { place: self.events.place() }, WANTED)),
            Err(error) => Err(self.events.explain(error, WANTED)),
        }
    }

    /// The value to be read now, if the answer has one; only once.
    fn node(&mut self) -> Result<Option<Node<'_, R>>, DecodeError> {
        match std::mem::replace(&mut self.stage, Stage::Envelope) {
            Stage::Value => Ok(Some(Node(&mut self.events))),
            Stage::Nothing => Ok(None),
            Stage::Envelope => Err(DecodeError::custom("the message has no value here")),
        }
    }

    fn value(&mut self) -> Result<Value, DecodeError> {
        self.events.open(Tag::Value)?;
        Value::deserialize(Node(&mut self.events))
    }

    fn call(&mut self) -> Result<(String, Vec<Value>), DecodeError> {
        self.root(Tag::MethodCall)?;
        self.events.open(Tag::MethodName)?;
        let name = self.events.leaf()?.trim_ascii().to_owned();
        let mut values = Vec::new();
        if self.events.another(Tag::Params)? {
            while self.events.another(Tag::Param)? {
                values.push(self.value()?);
                self.events.close()?;
            }
        }
        self.close()?;
        Ok((name, values))
    }
}

impl<'de, R: BufRead> Deserializer<'de> for &mut Reader<R> {
    type Error = DecodeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        let value = match self.node()? {
            Some(node) => node.deserialize_any(visitor),
            None => visitor.visit_unit(),
        };
        value.map_err(|error| self.events.within(error))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.node()? {
            Some(node) => node.deserialize_ignored_any(visitor),
            None => visitor.visit_unit(),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier
    }
}

/// Reads a whole answer.
pub fn read_response<R: BufRead>(input: R, charset: Option<&str>, limits: Limits) -> Result<Reply, DecodeError> {
    let mut reader = Reader::new(input, charset, limits);
    let reply = match reader.open_response()? {
        Answer::Value => Reply::Value(Value::deserialize(&mut reader)?),
        Answer::Fault(fault) => Reply::Fault(fault),
    };
    reader.close()?;
    Ok(reply)
}

/// Reads a whole call: the method's name and its arguments in order.
pub fn read_call<R: BufRead>(
    input: R,
    charset: Option<&str>,
    limits: Limits,
) -> Result<(String, Vec<Value>), DecodeError> {
    Reader::new(input, charset, limits).call()
}

//! The envelope around the values: answers for the client, calls for the server.

use std::io::BufRead;

use serde::de::{Deserialize, Deserializer, Error as _, Visitor};
use serde::forward_to_deserialize_any;

use super::tag::Tag;
use super::value::Node;
use super::{DecodeError, Event, Events, Limits};
use crate::Fault;
use model::Value;

/// The kind of an answer, before its value is read.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A value, which the reader can now deserialize.
    Value,
    /// A fault, completely read.
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
/// [`Reader::open_response`] returns its kind; a value is then read by using `&mut Reader` as a [`Deserializer`], once;
/// [`Reader::close`] checks that the message is complete.
pub struct Reader<R> {
    events: Events<R>,
    stage: Stage,
}

/// The most tags that are still read of a message that is no longer needed.
const REST: usize = 100_000;

/// How far an answer has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Only the envelope is left.
    Envelope,
    /// A value has been opened.
    Value,
    /// The answer has no value, which counts as null.
    Nothing,
}

impl<R: BufRead> Reader<R> {
    /// Reads from `input`. `charset` comes from the HTTP header, if it names one.
    pub fn new(input: R, charset: Option<&str>, limits: Limits) -> Reader<R> {
        Reader { events: Events::new(input, charset, limits), stage: Stage::Envelope }
    }

    /// Reads up to the value of an answer, or all of a fault.
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

    /// Reads to the end: a value that was not read, the closing tags, and white space and comments after them.
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

    /// Reads the rest of a message whose values are no longer needed, up to a limit.
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

    /// Opens the root element; an error that describes the message if it is something else.
    fn root(&mut self, root: Tag) -> Result<(), DecodeError> {
        const WANTED: &str = "XML-RPC";
        match self.events.tag() {
            Ok(Event::Open(tag)) if tag == root => Ok(()),
            Ok(Event::Open(tag)) => Err(self.events.foreign(tag, WANTED)),
            Ok(_) => Err(self.events.explain(DecodeError::Truncated { place: self.events.place() }, WANTED)),
            Err(error) => Err(self.events.explain(error, WANTED)),
        }
    }

    /// The value to read now, if the answer has one; only once.
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

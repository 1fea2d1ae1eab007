//! The answer to one call: its result goes to whoever wants it while it arrives, the rest is looked at afterwards.

use std::io::BufRead;

use super::encode::ALONE;
use crate::consume::{Consume, Tree};
use crate::json::Reader;
use crate::{DecodeError, Fault, Limits, Reply, Skip};
use model::http::Head;
use model::{Map, Value};

/// Reads the answer to a call that travelled alone. What the consumer made of a result is dropped when the same answer
/// turns out to be an error, or another call's.
pub fn decode<R: BufRead, C: Consume>(
    head: &Head,
    body: R,
    limits: Limits,
    consumer: C,
) -> Result<Reply<C::Output>, C::Error> {
    // The envelope is a level of its own.
    let limits = Limits { depth: limits.depth.saturating_add(1), ..limits };
    let mut reader = Reader::new(body, head.charset.as_deref(), limits);
    let reply = match read(&mut reader, consumer) {
        Ok(envelope) => envelope.reply(ALONE).and_then(|reply| believed(reply, head)),
        Err(Trouble::Answer(error)) => Err(error),
        Err(Trouble::Consumer(error)) => return Err(error),
    };
    Ok(reply.map_err(|error| error.under(head, reader.excerpt()))?)
}

/// Whose error it is.
enum Trouble<E> {
    Answer(DecodeError),
    Consumer(E),
}

impl<E> From<DecodeError> for Trouble<E> {
    fn from(error: DecodeError) -> Trouble<E> {
        Trouble::Answer(error)
    }
}

fn read<R: BufRead, C: Consume>(reader: &mut Reader<R>, consumer: C) -> Result<Envelope<C::Output>, Trouble<C::Error>> {
    let mut consumer = Some(consumer);
    let mut envelope = Envelope { result: None, error: Value::Null, id: None };
    let mut members = reader.members()?;
    while let Some(key) = members.key()? {
        match key.as_str() {
            "result" => {
                let consumer = consumer.take().ok_or_else(|| foreign("it holds two results"))?;
                envelope.result = Some(members.value(consumer).map_err(Trouble::Consumer)?);
            }
            "error" => envelope.error = members.value(Tree)?,
            "id" => envelope.id = Some(members.value(Tree)?),
            _ => members.value(Skip)?,
        }
    }
    Ok(envelope)
}

/// What an answer consists of.
pub(super) struct Envelope<T> {
    pub(super) result: Option<T>,
    /// Null for none.
    pub(super) error: Value,
    pub(super) id: Option<Value>,
}

impl Envelope<Value> {
    /// The envelope of an answer that has been read whole.
    pub(super) fn of(mut answer: Map) -> Envelope<Value> {
        let error = answer.remove("error").unwrap_or_default();
        Envelope { result: answer.remove("result"), error, id: answer.remove("id") }
    }
}

impl<T> Envelope<T> {
    /// What the call of that id is answered.
    pub(super) fn reply(self, id: i64) -> Result<Reply<T>, DecodeError> {
        let known = match &self.id {
            None | Some(Value::Null) => None,
            Some(other) if *other == Value::Int(id) => Some(id),
            Some(Value::Int(other)) => return Err(foreign(format!("it answers call {other}, not {id}"))),
            Some(other) => return Err(foreign(format!("the id of its call is {}, not {id}", other.kind()))),
        };
        match (self.error, self.result) {
            (Value::Null, None) => Err(foreign("it holds neither a result nor an error")),
            // A server that could not read the call does not know its id.
            (Value::Null, Some(_)) if known.is_none() => Err(foreign("it does not say which call it answers")),
            (Value::Null, Some(result)) => Ok(Reply::Value(result)),
            (error, _) => Ok(Reply::Fault(fault(error))),
        }
    }
}

/// A result under an HTTP status of failure is a gateway's invention: the status counts.
pub(super) fn believed<T>(reply: Reply<T>, head: &Head) -> Result<Reply<T>, DecodeError> {
    match reply {
        Reply::Value(_) if !head.succeeded() => Err(DecodeError::http(head, None)),
        reply => Ok(reply),
    }
}

/// The fault of an error; what is not understood stays in its data.
pub(super) fn fault(error: Value) -> Fault {
    let mut fault = match error {
        Value::Text(message) => Fault { message, ..Fault::default() },
        error => Fault::read(error, "code", "message"),
    };
    if let Value::Map(rest) = &mut fault.data
        && rest.len() == 1
        && let Some(data) = rest.remove("data")
    {
        fault.data = data;
    }
    fault
}

pub(super) fn foreign(problem: impl Into<String>) -> DecodeError {
    DecodeError::NotJsonRpc { problem: problem.into() }
}

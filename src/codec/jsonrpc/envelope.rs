//! The answer to one call: its result is passed on while it arrives, and the other members are checked at the end.

use std::io::BufRead;

use super::encode::ALONE;
use crate::consume::{Consume, Tree};
use crate::json::{Members, Reader};
use crate::message::clip;
use crate::promise::{Broken, Promise};
use crate::{Aside, DecodeError, Fault, Limits, Outcome, Remark, Reply, Skip};
use model::Value;
use model::http::Head;

/// Reads the answer to a call that was sent alone. The consumer's output is dropped if the same answer turns out to be
/// an error, or to belong to another call.
pub(crate) fn decode<R: BufRead, C: Consume>(
    head: &Head,
    body: R,
    limits: Limits,
    consumer: C,
    (promise, broken): (Promise, &Broken),
) -> Result<Outcome<C::Output>, C::Error> {
    // The envelope is one more level.
    let limits = Limits { depth: limits.depth.saturating_add(1), ..limits };
    let mut reader = Reader::new(body, head.charset.as_deref(), limits);
    // Under an error status no result is believed, whatever it is.
    let promise = if head.succeeded() { promise } else { Promise::Anything };
    let consumer = promise.watched(consumer, broken);
    let reply = match reader.members().map_err(Trouble::from).and_then(|members| read(members, consumer)) {
        Ok(envelope) => envelope.reply(ALONE).and_then(|reply| believed(reply, head)),
        Err(Trouble::Answer(error)) => Err(error),
        Err(Trouble::Consumer(error)) => return broken.settle(Err(error), || reader.rest()),
    };
    let reply = reply.map_err(|error| error.under(head, reader.excerpt()))?;
    Ok(Outcome { reply, aside: Aside::odd(reader.mended().map(Remark::Mended)) })
}

/// Whether the error is in the message or comes from the consumer.
pub(super) enum Trouble<E> {
    Answer(DecodeError),
    Consumer(E),
}

impl<E> From<DecodeError> for Trouble<E> {
    fn from(error: DecodeError) -> Trouble<E> {
        Trouble::Answer(error)
    }
}

/// Reads one envelope to its end.
pub(super) fn read<R: BufRead, C: Consume>(
    mut members: Members<'_, R>,
    consumer: C,
) -> Result<Envelope<C::Output>, Trouble<C::Error>> {
    let mut consumer = Some(consumer);
    let mut envelope = Envelope { result: None, error: None, id: None, twice: None };
    while let Some(key) = members.key()? {
        match key.as_str() {
            "result" if consumer.is_none() => envelope.again("two results", &mut members)?,
            "error" if envelope.error.is_some() => envelope.again("two errors", &mut members)?,
            "id" if envelope.id.is_some() => envelope.again("the ids of two calls", &mut members)?,
            "result" => {
                if let Some(consumer) = consumer.take() {
                    envelope.result = Some(members.value(consumer).map_err(Trouble::Consumer)?);
                }
            }
            "error" => envelope.error = Some(members.value(Tree)?),
            "id" => envelope.id = Some(members.value(Tree)?),
            _ => members.value(Skip)?,
        }
    }
    Ok(envelope)
}

/// The members of an answer.
pub(super) struct Envelope<T> {
    pub(super) result: Option<T>,
    /// Null is the same as no error.
    pub(super) error: Option<Value>,
    pub(super) id: Option<Value>,
    /// A member that occurs twice: it is unclear which of the two is meant.
    twice: Option<&'static str>,
}

impl<T> Envelope<T> {
    /// Notes that another answer to the same call has come.
    pub(super) fn contradict(&mut self) {
        self.twice = Some("two answers to the same call");
    }

    /// Notes a member that has come before, and skips it.
    fn again<R: BufRead>(&mut self, what: &'static str, members: &mut Members<'_, R>) -> Result<(), DecodeError> {
        self.twice = Some(what);
        members.value(Skip)
    }

    /// The answer to the call with that id.
    pub(super) fn reply(self, id: i64) -> Result<Reply<T>, DecodeError> {
        let known = match &self.id {
            None | Some(Value::Null) => None,
            Some(other) if number(other) == Some(id) => Some(id),
            Some(other @ (Value::Int(_) | Value::Decimal(_))) => {
                return Err(foreign(format!("it answers call {}, not {id}", clip(&other.plain()))));
            }
            Some(other) => return Err(foreign(format!("the id of its call is {}, not {id}", other.kind()))),
        };
        if let Some(what) = self.twice {
            return Err(foreign(format!("it contains {what}")));
        }
        let alone = self.result.is_none();
        let error = self.error.filter(|error| alone || says_something(error));
        match (error.unwrap_or_default(), self.result) {
            (Value::Null, None) => Err(foreign("it contains neither a result nor an error")),
            // A server that could not read the call does not know its id.
            (Value::Null, Some(_)) if known.is_none() => Err(foreign("it does not say which call it answers")),
            (Value::Null, Some(result)) => Ok(Reply::Value(result)),
            (error, _) => Ok(Reply::Fault(fault(error))),
        }
    }
}

/// A result under an error status comes from a gateway, not from the service: the status counts.
pub(super) fn believed<T>(reply: Reply<T>, head: &Head) -> Result<Reply<T>, DecodeError> {
    match reply {
        Reply::Value(_) if !head.succeeded() => Err(DecodeError::http(head, None)),
        reply => Ok(reply),
    }
}

/// Whether an error beside a result is one: some servers always send the member, and leave it empty.
fn says_something(error: &Value) -> bool {
    match error {
        Value::Null | Value::Bool(false) | Value::Int(0) => false,
        Value::Text(text) => !text.is_empty(),
        _ => true,
    }
}

/// An id as a whole number: some servers write it as `1.0` or as `"1"`.
pub(super) fn number(id: &Value) -> Option<i64> {
    match id {
        Value::Text(text) => text.parse().ok().filter(|number: &i64| number.to_string() == *text),
        Value::Decimal(digits) => {
            let (whole, rest) = digits.as_str().split_once('.')?;
            rest.bytes().all(|digit| digit == b'0').then(|| whole.parse().ok())?
        }
        other => other.as_int(),
    }
}

/// The fault of an error; unknown members stay in its data.
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

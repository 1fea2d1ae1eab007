//! An answer → a result, a fault, or what came in place of both.

use std::io::BufRead;

use serde::de::{Deserializer, IntoDeserializer};

use super::consume::{Consume, Tree};
use super::error::DecodeError;
use super::fault::Fault;
use super::message::Limits;
use super::service::Service;
use super::{jsonform, jsonrpc, rest, xmlrpc};
use model::http::Head;
use model::provider::Protocol;
use model::{Method, Value};

/// What the provider said.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply<T> {
    /// The result, or what the consumer made of it.
    Value(T),
    /// The call was refused.
    Fault(Fault),
}

/// What an answer says beside its result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aside {
    /// How many members there are in all, where the answer tells.
    pub total: Option<u64>,
    /// How many members the result itself holds, where it is a list that was looked through.
    pub members: Option<u64>,
    /// What went not quite well, in the provider's words.
    pub warning: Option<String>,
}

/// A reply and what was said beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome<T> {
    /// The result or the refusal.
    pub reply: Reply<T>,
    /// What was said beside it.
    pub aside: Aside,
}

impl<T> From<Reply<T>> for Outcome<T> {
    fn from(reply: Reply<T>) -> Outcome<T> {
        Outcome { reply, aside: Aside::default() }
    }
}

/// Reads the answer to a call of a method and hands its result to a consumer.
pub fn decode<R: BufRead, C: Consume>(
    service: &Service<'_>,
    method: &Method,
    head: &Head,
    body: R,
    limits: Limits,
    consumer: C,
) -> Result<Outcome<C::Output>, C::Error> {
    match service.transport.protocol {
        Protocol::XmlRpc => xml_rpc(head, body, limits, consumer).map(Outcome::from),
        Protocol::JsonRpc => jsonrpc::decode(head, body, limits, consumer).map(Outcome::from),
        Protocol::Json => jsonform::decode(head, body, limits, consumer).map(Outcome::from),
        Protocol::Rest => {
            let Outcome { reply, aside } = rest::decode(service, method, head, body, limits)?;
            let reply = match reply {
                Reply::Value(value) => Reply::Value(consumer.consume(source(value))?),
                Reply::Fault(fault) => Reply::Fault(fault),
            };
            Ok(Outcome { reply, aside })
        }
    }
}

/// Reads the answer to a call of a method into a tree.
pub fn decode_value<R: BufRead>(
    service: &Service<'_>,
    method: &Method,
    head: &Head,
    body: R,
    limits: Limits,
) -> Result<Outcome<Value>, DecodeError> {
    decode(service, method, head, body, limits, Tree)
}

/// A tree as a source for a consumer.
fn source(value: Value) -> impl for<'de> Deserializer<'de, Error = serde::de::value::Error> {
    IntoDeserializer::<serde::de::value::Error>::into_deserializer(value)
}

fn xml_rpc<R: BufRead, C: Consume>(
    head: &Head,
    body: R,
    limits: Limits,
    consumer: C,
) -> Result<Reply<C::Output>, C::Error> {
    let mut reader = xmlrpc::Reader::new(body, head.charset.as_deref(), limits);
    let opened = reader.open_response().map_err(|error| DecodeError::from(error).under(head, None))?;
    match opened {
        xmlrpc::Answer::Fault(fault) => {
            reader.close().map_err(DecodeError::from)?;
            Ok(Reply::Fault(fault))
        }
        // A value under an error status is a gateway's invention: the status counts.
        xmlrpc::Answer::Value if !head.succeeded() => Err(DecodeError::http(head, None).into()),
        xmlrpc::Answer::Value => {
            let value = consumer.consume(&mut reader)?;
            reader.close().map_err(DecodeError::from)?;
            Ok(Reply::Value(value))
        }
    }
}

/// An error that only has words, in the words of whoever passed it on.
pub fn broken_off(words: &str) -> DecodeError {
    DecodeError::Consumer(words.to_owned())
}

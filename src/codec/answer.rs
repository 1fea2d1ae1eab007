//! An answer → a result, a fault, or what came in place of both.

use std::io::BufRead;

use super::consume::{Consume, Tree};
use super::error::{DecodeError, succeeded};
use super::fault::Fault;
use super::message::Limits;
use super::{jsonform, jsonrpc, xmlrpc};
use crate::model::Value;
use crate::model::http::Head;
use crate::model::provider::{Protocol, Transport};

/// What the provider said.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply<T> {
    /// The result, or what the consumer made of it.
    Value(T),
    /// The call was refused.
    Fault(Fault),
}

/// Reads an answer and hands its result to a consumer.
pub fn decode<R: BufRead, C: Consume>(
    transport: &Transport,
    head: &Head,
    body: R,
    limits: Limits,
    consumer: C,
) -> Result<Reply<C::Output>, C::Error> {
    match transport.protocol {
        Protocol::XmlRpc => xml_rpc(head, body, limits, consumer),
        Protocol::JsonRpc => jsonrpc::decode(head, body, limits, consumer),
        Protocol::Json => jsonform::decode(head, body, limits, consumer),
    }
}

/// Reads an answer into a tree.
pub fn decode_value<R: BufRead>(
    transport: &Transport,
    head: &Head,
    body: R,
    limits: Limits,
) -> Result<Reply<Value>, DecodeError> {
    decode(transport, head, body, limits, Tree)
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
        xmlrpc::Answer::Value if !succeeded(head) => Err(DecodeError::http(head, None).into()),
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

//! An answer → a result, a fault, or an error if it is neither.

use std::cell::RefCell;
use std::io::BufRead;

use super::consume::{Consume, Noting, source};
use super::error::DecodeError;
use super::message::{Limits, MessageError, clip};
use super::promise::{Broken, Promise};
use super::remark::Remark;
use super::reply::{Outcome, Reply};
use super::service::Service;
use super::{jsonform, jsonrpc, rest, xmlrpc};
use model::http::Head;
use model::provider::Protocol;
use model::{Field, Method, Twins, Type, Value, base64};

/// Reads the answer to a call of a method and passes its result to a consumer, as far as it is what the method
/// promises.
pub fn decode<R: BufRead, C: Consume>(
    service: &Service<'_>,
    method: &Method,
    head: &Head,
    body: R,
    limits: Limits,
    consumer: C,
) -> Result<Outcome<C::Output>, C::Error> {
    unpacked(head)?;
    let promise = promised(service, method);
    let protocol = service.transport.protocol;
    // A result that is read tag by tag can also be written tag by tag.
    let limits = Limits { streams: protocol != Protocol::Rest, ..limits };
    let broken = Broken::default();
    let promised = (promise, &broken);
    match protocol {
        Protocol::XmlRpc => xml_rpc(head, body, limits, consumer, promised).map(Outcome::from),
        Protocol::JsonRpc => jsonrpc::decode(head, body, limits, consumer, promised),
        Protocol::Json => jsonform::decode(head, body, limits, consumer, promised),
        Protocol::Rest => {
            let Outcome { reply, aside } = rest::decode(service, method, head, body, limits)?;
            let reply = match reply {
                Reply::Value(value) => Reply::Value(consumer.consume(source(promise.held(value)?))?),
                Reply::Fault(fault) => Reply::Fault(fault),
            };
            Ok(Outcome { reply, aside })
        }
    }
}

/// The result of one call that came in an answer to several.
pub fn held(service: &Service<'_>, method: &Method, value: Value) -> Result<Value, DecodeError> {
    promised(service, method).held(value)
}

fn promised(service: &Service<'_>, method: &Method) -> Promise {
    Promise::of(method, service.shapes, service.transport.protocol != Protocol::Rest)
}

/// Refuses a body in an encoding that cannot be decoded.
pub(super) fn unpacked(head: &Head) -> Result<(), DecodeError> {
    let Some(coding) = &head.packed else { return Ok(()) };
    Err(DecodeError::from(MessageError::Packed { coding: coding.clone() }).under(head, None))
}

/// Reads the answer to a call of a method into a tree.
pub fn decode_value<R: BufRead>(
    service: &Service<'_>,
    method: &Method,
    head: &Head,
    body: R,
    limits: Limits,
) -> Result<Outcome<Value>, DecodeError> {
    let lost = RefCell::default();
    let twins = Twins { lost: Some(&lost), ..Twins::default() };
    let mut outcome = decode(service, method, head, body, limits, Noting(twins))?;
    outcome.aside.remarks.extend(lost.take().map(|name| Remark::Twice { name: clip(&name) }));
    if let Reply::Value(value) = &mut outcome.reply {
        as_bytes(value, method.result_fields(service.shapes));
    }
    Ok(outcome)
}

/// Turns the texts of declared byte fields into bytes: JSON has no other way to carry bytes.
fn as_bytes(value: &mut Value, fields: &[Field]) {
    let mut declared = fields.iter().filter(|field| field.type_ == Type::Bytes).peekable();
    match value {
        _ if declared.peek().is_none() => {}
        Value::List(list) => list.iter_mut().for_each(|member| as_bytes(member, fields)),
        Value::Map(map) => declared.for_each(|field| {
            let value = map.get_mut(&field.name);
            if let Some(place @ Value::Text(_)) = value
                && let Some(bytes) = place.as_str().and_then(base64::decode)
            {
                *place = Value::Bytes(bytes);
            }
        }),
        _ => {}
    }
}

fn xml_rpc<R: BufRead, C: Consume>(
    head: &Head,
    body: R,
    limits: Limits,
    consumer: C,
    (promise, broken): (Promise, &Broken),
) -> Result<Reply<C::Output>, C::Error> {
    let mut reader = xmlrpc::Reader::new(body, head.charset.as_deref(), limits);
    let opened = reader.open_response().map_err(|error| DecodeError::from(error).under(head, None))?;
    match opened {
        xmlrpc::Answer::Fault(fault) => {
            reader.close().map_err(DecodeError::from)?;
            Ok(Reply::Fault(fault))
        }
        // A value under an error status comes from a gateway, not from the service: the status counts.
        xmlrpc::Answer::Value if !head.succeeded() => Err(DecodeError::http(head, None).into()),
        xmlrpc::Answer::Value => {
            let value = promise.watched(consumer, broken).consume(&mut reader);
            let value = broken.settle(value, || Ok(reader.rest()?))?;
            reader.close().map_err(DecodeError::from)?;
            Ok(Reply::Value(value))
        }
    }
}

//! An answer → a result, a fault, or an error if it is neither.

use std::cell::{Cell, RefCell};
use std::io::BufRead;

use super::consume::{Consume, Noting, source};
use super::error::DecodeError;
use super::glimpse::{Glimpse, Names};
use super::looked::{Look, Looked, Sample, as_bytes};
use super::message::{Limits, MessageError};
use super::promise::{Broken, Promise};
use super::remark::Remark;
use super::reply::{Outcome, Reply};
use super::service::Service;
use super::{jsonform, jsonrpc, rest, xmlrpc};
use model::http::Head;
use model::provider::Protocol;
use model::{Method, Twins, Value, weight};

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
    let limits = Limits { streams: passes(service, method), ..limits };
    let broken = Broken::default();
    let promised = (promise, &broken);
    match protocol {
        Protocol::XmlRpc => xml_rpc(head, body, limits, consumer, promised).map(Outcome::from),
        Protocol::JsonRpc => jsonrpc::decode(head, body, limits, consumer, promised),
        Protocol::Json => jsonform::decode(head, body, limits, consumer, promised),
        Protocol::Rest => {
            let body = match rest::Passing::of(service, method, head, body, limits)? {
                Ok(list) => return list.decode(consumer, promised),
                Err(body) => body,
            };
            let Outcome { reply, aside } = rest::decode(service, method, head, body, limits)?;
            let reply = match reply {
                Reply::Value(value) if value == Value::Null && rest::is_done(method, head) => {
                    Reply::Value(consumer.consume(source(value))?)
                }
                Reply::Value(value) => Reply::Value(consumer.consume(source(promise.held(value)?))?),
                Reply::Fault(fault) => Reply::Fault(fault),
            };
            Ok(Outcome { reply, aside })
        }
    }
}

/// Whether the result of a method can be passed on while it is read.
pub fn passes(service: &Service<'_>, method: &Method) -> bool {
    service.transport.protocol != Protocol::Rest || rest::passes(service, method)
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
    outcome.aside.remarks.extend(lost.take().map(|name| Remark::twice(&name)));
    if let Reply::Value(value) = &mut outcome.reply {
        as_bytes(value, method.result_fields(service.shapes));
    }
    Ok(outcome)
}

/// Reads the answer to a call of a method and passes its result to a consumer, a list member by member, while the
/// beginning of it is kept. Anything but a list is held as a tree on its way.
pub fn decode_looking<R: BufRead, C: Consume>(
    service: &Service<'_>,
    method: &Method,
    head: &Head,
    body: R,
    consumer: C,
) -> Result<Outcome<(C::Output, Sample)>, C::Error> {
    let (lost, sample, room) = (RefCell::default(), RefCell::default(), Cell::new(weight::MOST));
    let look = Look { fields: method.result_fields(service.shapes), lost: &lost, sample: &sample, room: &room };
    let consumer = Looked { consumer, look: &look };
    let read = decode(service, method, head, body, Limits::streaming(), consumer);
    let Outcome { reply, mut aside } = read.map_err(|error| match room.get() {
        0 => DecodeError::from(MessageError::Heavy { limit: weight::MOST, streams: true }).into(),
        _ => error,
    })?;
    aside.remarks.extend(lost.take().map(|name| Remark::twice(&name)));
    Ok(Outcome { reply: reply.map(|output| (output, sample.take())), aside })
}

/// Reads the answer to a call of a method and passes its result to a consumer unchanged, while the fields with certain
/// names are kept, of the beginning of it. What comes after that beginning passes as fast as without.
pub fn decode_glimpsing<R: BufRead, C: Consume>(
    service: &Service<'_>,
    method: &Method,
    head: &Head,
    (body, limits): (R, Limits),
    consumer: C,
    names: &Names<'_>,
) -> Result<Outcome<(C::Output, Sample)>, C::Error> {
    let glimpse = Glimpse::of(names);
    let Outcome { reply, aside } = decode(service, method, head, body, limits, glimpse.of_what_reaches(consumer))?;
    Ok(Outcome { reply: reply.map(|output| (output, glimpse.sample())), aside })
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

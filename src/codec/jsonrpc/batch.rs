//! Many calls in one request, and their answers in the order of the calls.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io::BufRead;

use super::encode::{request, write_call};
use super::envelope::{self, Envelope, Trouble, believed, fault, foreign};
use crate::answer::unpacked;
use crate::consume::Tree;
use crate::{DecodeError, Limits, Reply, json};
use model::http::{Body, Head, Request};
use model::provider::Auth;
use model::{Call, Value};

/// A request that carries several calls.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// The request.
    pub request: Request,
    /// The number of calls in it.
    pub calls: usize,
}

/// One request with all calls, in order. The caller must respect the service's limit.
pub fn encode_batch<'c>(url: &str, auth: &Auth, calls: impl ExactSizeIterator<Item = &'c Call>) -> Batch {
    let count = calls.len();
    let mut body = Body::default();
    body.push("[");
    for (id, call) in (1..).zip(calls) {
        if id > 1 {
            body.push(",");
        }
        write_call(call, id, auth, &mut body);
    }
    body.push("]");
    Batch { request: request(url, body), calls: count }
}

/// Reads the answers to the calls of one batch, in the order of the calls. An error for the batch as a whole applies to
/// every call; a call that got no answer has its own error.
pub fn decode_batch<R: BufRead>(
    batch: &Batch,
    head: &Head,
    body: R,
    limits: Limits,
) -> Result<Vec<Result<Reply<Value>, DecodeError>>, DecodeError> {
    // The list and the envelopes are two more levels.
    let limits = Limits { depth: limits.depth.saturating_add(2), ..limits };
    let mut reader = json::Reader::new(body, head.charset.as_deref(), limits);
    let answers = unpacked(head).and_then(|()| by_call(&mut reader, batch.calls));
    let answers = answers.map_err(|error| error.under(head, reader.excerpt()))?;
    Ok(answers.into_iter().map(|answer| answer.and_then(|reply| believed(reply, head))).collect())
}

fn by_call<R: BufRead>(
    reader: &mut json::Reader<R>,
    calls: usize,
) -> Result<Vec<Result<Reply<Value>, DecodeError>>, DecodeError> {
    let Some(mut members) = reader.dictionaries()? else { return for_all(reader.read(Tree)?, calls) };
    let mut answers: HashMap<i64, Envelope<Value>> = HashMap::with_capacity(calls);
    while let Some(members) = members.following()? {
        let envelope = envelope::read(members, Tree).map_err(|trouble| match trouble {
            Trouble::Answer(error) | Trouble::Consumer(error) => error,
        })?;
        if let Some(id) = envelope.id.as_ref().and_then(envelope::number) {
            match answers.entry(id) {
                Entry::Vacant(place) => drop(place.insert(envelope)),
                Entry::Occupied(mut place) => place.get_mut().contradict(),
            }
        }
    }
    let mut reply = |id| match answers.remove(&id) {
        Some(envelope) => envelope.reply(id),
        None => Err(foreign("it leaves the call without an answer")),
    };
    Ok((1..).take(calls).map(&mut reply).collect())
}

/// One answer to all calls, which can only be an error.
fn for_all(answer: Value, calls: usize) -> Result<Vec<Result<Reply<Value>, DecodeError>>, DecodeError> {
    match answer {
        Value::Map(mut map) => match map.remove("error") {
            None | Some(Value::Null) => Err(foreign("it contains neither answers nor an error")),
            Some(error) => {
                let fault = fault(error);
                Ok((0..calls).map(|_| Ok(Reply::Fault(fault.clone()))).collect())
            }
        },
        other => Err(foreign(format!("it is {}, not a list of answers", other.kind()))),
    }
}

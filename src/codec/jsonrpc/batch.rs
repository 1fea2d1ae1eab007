//! Many calls in one request, and their answers back in the order of the calls.

use std::collections::HashMap;
use std::io::BufRead;

use super::encode::{request, write_call};
use super::envelope::{Envelope, believed, fault, foreign};
use crate::consume::Tree;
use crate::{DecodeError, Limits, Reply, json};
use model::http::{Body, Head, Request};
use model::{Call, Map, Value};

/// A request that carries several calls.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// The request.
    pub request: Request,
    /// How many calls it carries.
    pub calls: usize,
}

/// One request with all calls, in order. How many it may carry is for the caller to know.
pub fn encode_batch<'c>(url: &str, calls: impl ExactSizeIterator<Item = &'c Call>) -> Batch {
    let count = calls.len();
    let mut body = Body::default();
    body.push("[");
    for (id, call) in (1..).zip(calls) {
        if id > 1 {
            body.push(",");
        }
        write_call(call, id, &mut body);
    }
    body.push("]");
    Batch { request: request(url, body), calls: count }
}

/// Reads the answers to the calls of one batch, in the order of the calls. An error for the batch as a whole is every
/// call's; a call that was left without an answer has an error of its own.
pub fn decode_batch<R: BufRead>(
    batch: &Batch,
    head: &Head,
    body: R,
    limits: Limits,
) -> Result<Vec<Result<Reply<Value>, DecodeError>>, DecodeError> {
    // The list and the envelopes are levels of their own.
    let limits = Limits { depth: limits.depth.saturating_add(2), ..limits };
    let mut reader = json::Reader::new(body, head.charset.as_deref(), limits);
    let answers = reader.read(Tree).and_then(|answer| by_call(answer, batch.calls));
    let answers = answers.map_err(|error| error.under(head, reader.excerpt()))?;
    Ok(answers.into_iter().map(|answer| answer.and_then(|reply| believed(reply, head))).collect())
}

fn by_call(answer: Value, calls: usize) -> Result<Vec<Result<Reply<Value>, DecodeError>>, DecodeError> {
    let members = match answer {
        Value::List(members) => members,
        Value::Map(mut map) => match map.remove("error") {
            None | Some(Value::Null) => return Err(foreign("it holds neither answers nor an error")),
            Some(error) => {
                let fault = fault(error);
                return Ok((0..calls).map(|_| Ok(Reply::Fault(fault.clone()))).collect());
            }
        },
        other => return Err(foreign(format!("it is {}, not a list of answers", other.kind()))),
    };
    let mut answers: HashMap<i64, Map> = HashMap::with_capacity(calls);
    for member in members {
        if let Value::Map(map) = member
            && let Some(id) = map.get("id").and_then(Value::as_int)
        {
            answers.insert(id, map);
        }
    }
    let mut reply = |id| match answers.remove(&id) {
        Some(map) => Envelope::of(map).reply(id),
        None => Err(foreign("it leaves the call without an answer")),
    };
    Ok((1..).take(calls).map(&mut reply).collect())
}

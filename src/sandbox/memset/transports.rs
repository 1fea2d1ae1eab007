//! One set of methods over three transports: the account gives the codecs the same answers over each.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::account::{CATALOG, Memset};
use super::json::dated;
use super::testing::memset;
use crate::kit::values::{date, decimal, map};
use crate::{DEFAULT_KEY, Options, Request, Service as _};
use codec::jsonrpc::{decode_batch, encode_batch};
use codec::{self, Limits, Reply, Service};
use model::http::{self, Head};
use model::{Arguments, Call, Map, Transport, Value, base64};
use registry::catalog::Catalog;
use registry::embedded;

fn catalog() -> Catalog {
    Catalog::open(embedded::find(CATALOG).unwrap()).unwrap()
}

fn call(name: &str, arguments: Map) -> Call {
    let method = Arc::new(catalog().method(name).unwrap().unwrap());
    Call { method, arguments: Arguments::Named(arguments) }
}

/// Passes a request to the account, as the wire would.
fn carry(memset: &mut Memset, request: &http::Request) -> (Head, Vec<u8>) {
    let (_, path) = request.url.split_once("://api.memset.com").unwrap();
    let response = memset.respond(&Request {
        headers: Vec::new(),
        verb: request.verb.to_owned(),
        path: path.to_owned(),
        query: String::new(),
        range: None,
        authorization: Some(format!("Basic {}", base64::encode(format!("{DEFAULT_KEY}:").as_bytes()))),
        cookie: None,
        content_type: request.headers.iter().find(|(name, _)| *name == "content-type").map(|(_, value)| value.clone()),
        body: request.body.preview().into_bytes(),
    });
    (Head { status: response.status, ..Head::default() }, response.body)
}

/// The reply to a call over each transport in the catalogue.
fn replies(call: &Call) -> Vec<Reply<Value>> {
    let provider = catalog().provider().clone();
    let reply = |transport: &Transport| {
        let url = format!("{}{}", provider.host, transport.path);
        let (auth, variables) = (&provider.auth, &BTreeMap::new());
        let service = Service { transport, url: &url, provider: &provider, auth, shapes: &[], variables };
        let request = codec::encode(&service, call).unwrap();
        let (head, body) = carry(&mut memset(Options::default()), &request);
        codec::decode_value(&service, &call.method, &head, body.as_slice(), Limits::default()).unwrap().reply
    };
    provider.transports.iter().map(reply).collect()
}

#[test]
fn a_call_gives_the_same_value_over_every_transport() {
    let echo = map! {
        "string" => "<é> & \"\\\n+%",
        "list" => vec![Value::from("a"), 2.into(), Vec::<Value>::new().into()],
        "dictionary" => map! { "a b" => map! { "c" => true } },
        "boolean" => true,
        "float" => decimal("21.60"),
        "integer" => 3_860_997_965_i64,
        "date" => date("20121201T10:20:30"),
    };
    for (name, arguments) in [
        ("dns.zone_list", map! {}),
        ("service.info", map! { "name" => "myserver1" }),
        ("internal.echo", echo.clone()),
        ("internal.echo", map! {}),
    ] {
        let replies = replies(&call(name, arguments));
        assert_eq!(replies.len(), 3);
        let Reply::Value(first) = &replies[0] else { panic!("{name}: {replies:?}") };
        for reply in &replies[1..] {
            // JSON has no dates of its own: they are texts there, in its own form.
            assert_eq!(*reply, Reply::Value(dated(first.clone())), "{name}");
        }
    }
    let Reply::Value(echoed) = &replies(&call("internal.echo", echo.clone()))[0] else { panic!("no echo") };
    assert_eq!(echoed.as_map(), Some(&echo));
}

#[test]
fn a_refusal_has_the_same_code_and_words_over_every_transport() {
    for (name, arguments, code) in [
        ("service.info", map! { "name" => "nosuch" }, 3),
        ("service.info", map! {}, 7),
        ("server.reboot", map! { "name" => "busyserver1" }, 11),
    ] {
        let replies = replies(&call(name, arguments));
        let Reply::Fault(first) = &replies[0] else { panic!("{name}: {replies:?}") };
        for reply in &replies {
            let Reply::Fault(fault) = reply else { panic!("{name}: {reply:?}") };
            assert_eq!((&fault.code, &fault.message), (&Some(code.into()), &first.message), "{name}");
        }
    }
}

#[test]
fn many_calls_travel_in_batches() {
    let transport = catalog().provider().transport("jsonrpc").cloned().unwrap();
    let calls: Vec<Call> = (0..250).map(|at| call("internal.echo", map! { "integer" => i64::from(at) })).collect();
    let together = calls.chunks(transport.batch.unwrap());
    let batches: Vec<_> = together
        .map(|calls| encode_batch("https://api.memset.com/v1/jsonrpc", &model::provider::Auth::default(), calls.iter()))
        .collect();
    assert_eq!(batches.len(), 3);
    let mut account = memset(Options::default());
    let answers = batches.iter().flat_map(|batch| {
        let (head, body) = carry(&mut account, &batch.request);
        decode_batch(batch, &head, body.as_slice(), Limits::default()).unwrap()
    });
    let numbers: Vec<Option<i64>> = answers
        .map(|answer| match answer.unwrap() {
            Reply::Value(value) => value.get("integer").and_then(Value::as_int),
            Reply::Fault(_) => None,
        })
        .collect();
    assert_eq!(numbers, (0..250).map(Some).collect::<Vec<_>>());
}

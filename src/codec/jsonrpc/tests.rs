//! JSON-RPC as it is written and read on the wire.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::consume::Tree;
use crate::promise::{Broken, Promise};
use crate::{DecodeError, Fault, Limits, Reply};
use model::http::Head;
use model::method::Passing;
use model::provider::{Auth, AuthScheme};
use model::{Arguments, Call, Class, Code, Diagnostic, Map, Method, Secret, Value};

const URL: &str = "https://api.example.com/rpc";

fn call(name: &str, arguments: Arguments) -> Call {
    Call { method: Arc::new(Method { name: name.into(), ..Method::default() }), arguments }
}

fn named<const N: usize>(members: [(&str, Value); N]) -> Arguments {
    Arguments::Named(Map::from_iter(members))
}

fn head(status: u16) -> Head {
    Head { status, content_type: "application/json".into(), ..Head::default() }
}

fn read(status: u16, answer: &str) -> Result<Reply<Value>, DecodeError> {
    let any = (Promise::Anything, &Broken::default());
    decode(&head(status), answer.as_bytes(), Limits::default(), Tree, any).map(|outcome| outcome.reply)
}

fn refused(code: Option<i64>, message: &str, data: Value) -> Reply<Value> {
    Reply::Fault(Fault { code: code.map(Code::from), message: message.into(), data })
}

#[test]
fn calls_are_written() {
    let secret = Value::Secret(Secret::new("canary"));
    for (call, message) in [
        (call("a.list", named([])), r#"{"jsonrpc":"2.0","method":"a.list","params":{},"id":1}"#),
        (
            call("a\"b", named([("n", 1.into()), ("key", secret)])),
            r#"{"jsonrpc":"2.0","method":"a\"b","params":{"n":1,"key":"(redacted)"},"id":1}"#,
        ),
        (
            call("system.help", Arguments::Positional(vec!["a.list".into()])),
            r#"{"jsonrpc":"2.0","method":"system.help","params":["a.list"],"id":1}"#,
        ),
    ] {
        let request = encode(URL, &Auth::default(), &call);
        assert_eq!((request.verb, request.url.as_str()), ("POST", URL));
        assert_eq!(
            request.headers,
            [("content-type".into(), "application/json".into()), ("accept".into(), "application/json".into())]
        );
        assert_eq!(request.body.preview(), message);
    }
}

#[test]
fn a_credential_goes_before_the_values_and_a_single_dictionary_into_a_list() {
    let auth = Auth { scheme: AuthScheme::Argument, value: "token:{key}".into(), ..Auth::default() };
    for (auth, arguments, params) in [
        (&auth, Arguments::Positional(vec![]), r#"["token:(redacted)"]"#),
        (&auth, Arguments::Positional(vec![1.into(), "x".into()]), r#"["token:(redacted)",1,"x"]"#),
        (&auth, named([("n", 1.into())]), r#"["token:(redacted)",{"n":1}]"#),
        (&auth, named([]), r#"["token:(redacted)"]"#),
        (&Auth::default(), named([("n", 1.into())]), r#"[{"n":1}]"#),
    ] {
        let method = Method { name: "a".into(), arguments: Some(Passing::Struct), ..Method::default() };
        let request = encode(URL, auth, &Call { method: Arc::new(method), arguments });
        let message = format!(r#"{{"jsonrpc":"2.0","method":"a","params":{params},"id":1}}"#);
        assert_eq!(request.body.preview(), message);
    }
}

#[test]
fn results_count_only_under_a_success_status_and_members_in_any_order() {
    let data = || Value::from(Map::from_iter([("why", 1)]));
    for (answer, reply) in [
        (r#"{"jsonrpc":"2.0","result":{"a":[1]},"id":1}"#, Reply::Value(data_of("a"))),
        (r#"{"id":1,"result":null,"jsonrpc":"2.0"}"#, Reply::Value(Value::Null)),
        (r#"{"id":1,"error":null,"result":2}"#, Reply::Value(2.into())),
        (r#"{"x":{"result":1},"result":2,"id":1}"#, Reply::Value(2.into())),
        (r#"{"id":1,"error":{"code":3,"message":"no"}}"#, refused(Some(3), "no", Value::Null)),
        (r#"{"error":{"message":"no","code":"-32700"},"id":null}"#, refused(Some(-32700), "no", Value::Null)),
        (r#"{"error":{"code":3,"message":"no","data":{"why":1}}}"#, refused(Some(3), "no", data())),
        (r#"{"error":{"code":3,"message":"no","why":1},"id":1}"#, refused(Some(3), "no", data())),
        (r#"{"result":{"a":1},"error":{"code":3,"message":"no"},"id":1}"#, refused(Some(3), "no", Value::Null)),
        (r#"{"result":null,"id":1,"error":"no"}"#, refused(None, "no", Value::Null)),
        (r#"{"id":1,"error":{}}"#, refused(None, "", Value::Null)),
        (r#"{"id":1,"error":[5]}"#, refused(None, "", Value::List(vec![5.into()]))),
    ] {
        assert_eq!(read(200, answer).unwrap(), reply, "{answer}");
        for status in [302, 404, 500] {
            match (&reply, read(status, answer)) {
                (Reply::Value(_), Err(DecodeError::Http { status: told, .. })) => assert_eq!(told, status, "{answer}"),
                (Reply::Fault(_), Ok(told)) => assert_eq!(told, reply, "{answer}"),
                (_, other) => panic!("{status} {answer}: {other:?}"),
            }
        }
    }
}

fn data_of(key: &str) -> Value {
    Map::from_iter([(key, Value::List(vec![1.into()]))]).into()
}

#[test]
fn other_messages_are_refused() {
    let mismatch = "the answer is not JSON-RPC: ";
    for (answer, said) in [
        (r#"{"jsonrpc":"2.0","result":1,"id":2}"#, format!("{mismatch}it answers call 2, not 1")),
        (r#"{"result":1,"id":"x"}"#, format!("{mismatch}the id of its call is string, not 1")),
        (r#"{"result":1,"id":"01"}"#, format!("{mismatch}the id of its call is string, not 1")),
        (r#"{"error":{"code":1,"message":""},"id":7}"#, format!("{mismatch}it answers call 7, not 1")),
        (r#"{"result":1}"#, format!("{mismatch}it does not say which call it answers")),
        (r#"{"result":1,"id":null}"#, format!("{mismatch}it does not say which call it answers")),
        (r#"{"result":1,"result":2,"id":1}"#, format!("{mismatch}it contains two results")),
        (r#"{"id":1}"#, format!("{mismatch}it contains neither a result nor an error")),
        ("{}", format!("{mismatch}it contains neither a result nor an error")),
        ("[]", "the answer cannot be read: expected a dictionary at line 1, column 1".into()),
        ("<html>", "the answer cannot be read: the message is not JSON but an HTML page".into()),
        (r#"{"result":[1,],"id":1}"#, "the answer cannot be read: trailing comma at line 1, column 14".into()),
    ] {
        let error = read(200, answer).unwrap_err();
        assert_eq!((error.to_string(), error.class()), (said, Class::Failed), "{answer}");
        if !answer.contains("1,]") {
            let error = read(503, answer).unwrap_err();
            assert!(matches!(error, DecodeError::Http { status: 503, .. }), "{answer}");
        }
    }
    let error = read(401, "{\"detail\": \"who?\"}").unwrap_err();
    assert_eq!((error.class(), error.provider_words()), (Class::Credentials, Some("{\"detail\": \"who?\"}")));
}

#[test]
fn every_truncation_is_an_error() {
    let answer = r#" {"jsonrpc":"2.0","result":[{"a":"é"},12],"error":null,"id":1}"#;
    assert!(read(200, answer).is_ok());
    for length in 0..answer.len() {
        let cut = &answer.as_bytes()[..length];
        let any = (Promise::Anything, &Broken::default());
        assert!(decode(&head(200), cut, Limits::default(), Tree, any).is_err(), "{length}");
    }
    let deep = |depth: usize| format!("{{\"result\":{}{},\"id\":1}}", "[".repeat(depth), "]".repeat(depth));
    assert!(read(200, &deep(64)).is_ok() && read(200, &deep(65)).is_err());
}

/// This many echo calls, each with its number.
fn echoes(count: i64) -> Vec<Call> {
    (0..count).map(|at| call("echo", named([("n", at.into())]))).collect()
}

/// The answer of an echoing server to a batch.
fn echo(batch: &Batch) -> Vec<String> {
    let calls = crate::json::read(batch.request.body.preview().as_bytes(), None, Limits::default()).unwrap();
    let answer = |call: &Value| {
        let (number, id) = (call.get("params").unwrap().get("n").unwrap(), call.get("id").unwrap());
        format!(r#"{{"jsonrpc":"2.0","result":{},"id":{}}}"#, number.plain(), id.plain())
    };
    calls.as_list().unwrap().iter().map(answer).collect()
}

fn answered(batch: &Batch, answers: &[String]) -> Vec<Result<Reply<Value>, DecodeError>> {
    let body = format!("[{}]", answers.join(","));
    decode_batch(batch, &head(200), body.as_bytes(), Limits::default()).unwrap()
}

#[test]
fn many_calls_become_few_requests() {
    let batches: Vec<Batch> =
        echoes(250).chunks(100).map(|calls| encode_batch(URL, &Auth::default(), calls.iter())).collect();
    assert_eq!(batches.iter().map(|batch| batch.calls).collect::<Vec<_>>(), [100, 100, 50]);
    let mut numbers = Vec::new();
    for batch in &batches {
        for reply in answered(batch, &echo(batch)) {
            numbers.push(reply.unwrap());
        }
    }
    assert_eq!(numbers, (0..250).map(|at| Reply::Value(Value::Int(at))).collect::<Vec<_>>());
    assert_eq!(
        encode_batch(URL, &Auth::default(), echoes(2)[1..].iter()).request.body.preview(),
        r#"[{"jsonrpc":"2.0","method":"echo","params":{"n":1},"id":1}]"#
    );
}

#[test]
fn a_batch_may_be_answered_in_part_or_as_a_whole() {
    let batch = &encode_batch(URL, &Auth::default(), echoes(3).iter());
    let answers = [r#"{"error":{"code":3,"message":"no"},"id":3}"#, r#"{"result":0,"id":1}"#, "null", r#"{"id":9}"#];
    let replies = answered(batch, &answers.map(str::to_owned));
    assert_eq!(replies[0].as_ref().unwrap(), &Reply::Value(0.into()));
    assert_eq!(
        replies[1].as_ref().unwrap_err().to_string(),
        "the answer is not JSON-RPC: it leaves the call without an answer"
    );
    assert_eq!(replies[2].as_ref().unwrap(), &refused(Some(3), "no", Value::Null));

    let twice = [
        (r#"{"result":0,"error":{"code":3},"error":null,"id":1}"#, "two errors"),
        (r#"{"result":0,"id":2,"result":1}"#, "two results"),
        (r#"{"result":0,"id":3,"id":3}"#, "the ids of two calls"),
        (r#"{"result":0,"id":1},{"result":1,"id":1.0}"#, "two answers to the same call"),
    ];
    for (answers, what) in twice {
        let replies = answered(batch, &[answers.to_owned()]);
        let said = format!("the answer is not JSON-RPC: it contains {what}");
        assert!(replies.iter().flat_map(|reply| reply.as_ref().err()).any(|error| error.to_string() == said), "{what}");
    }

    let whole = |status, body: &str| decode_batch(batch, &head(status), body.as_bytes(), Limits::default());
    let replies = whole(200, r#"{"jsonrpc":"2.0","error":{"code":-32600,"message":"too many"},"id":null}"#).unwrap();
    let fault = refused(Some(-32600), "too many", Value::Null);
    assert_eq!(replies.into_iter().map(Result::unwrap).collect::<Vec<_>>(), [fault.clone(), fault.clone(), fault]);
    for (body, said) in [
        ("{}", "the answer is not JSON-RPC: it contains neither answers nor an error"),
        ("7", "the answer is not JSON-RPC: it is int, not a list of answers"),
        ("[1", "the answer cannot be read: the message breaks off at line 1, column 3"),
        ("<p>Busy", "the answer cannot be read: the message is not JSON but an HTML page"),
    ] {
        assert_eq!(whole(200, body).unwrap_err().to_string(), said, "{body}");
        assert!(whole(502, body).unwrap_err().retryable(), "{body}");
    }
}

proptest! {
    #[test]
    fn answers_are_put_back_in_order(order in Just((0..20).collect::<Vec<usize>>()).prop_shuffle()) {
        let batch = &encode_batch(URL, &Auth::default(), echoes(20).iter());
        let answers = echo(batch);
        let shuffled: Vec<String> = order.iter().map(|at| answers[*at].clone()).collect();
        let replies: Vec<_> = answered(batch, &shuffled).into_iter().map(Result::unwrap).collect();
        prop_assert_eq!(replies, (0..20).map(|at| Reply::Value(Value::Int(at))).collect::<Vec<_>>());
    }

    #[test]
    fn members_may_come_in_any_order(
        order in Just(vec!["\"jsonrpc\":\"2.0\"", "\"id\":1", "\"result\":{\"id\":7}", "\"x\":[]"]).prop_shuffle()
    ) {
        let result = Map::from_iter([("id", 7)]);
        prop_assert_eq!(read(200, &format!("{{{}}}", order.join(","))).unwrap(), Reply::Value(result.into()));
    }
}

#[test]
fn what_some_servers_always_send_is_no_error() {
    for answer in [
        r#"{"result":5,"error":false,"id":1}"#,
        r#"{"error":0,"result":5,"id":1}"#,
        r#"{"result":5,"error":"","id":"1"}"#,
        r#"{"result":5,"error":null,"id":1.0}"#,
    ] {
        assert_eq!(read(200, answer).ok(), Some(Reply::Value(Value::Int(5))), "{answer}");
    }
    // Alone, or with something in it, it is one.
    for answer in
        [r#"{"error":false,"id":1}"#, r#"{"error":{},"result":5,"id":1}"#, r#"{"error":"no","result":5,"id":1}"#]
    {
        assert!(matches!(read(200, answer), Ok(Reply::Fault(_))), "{answer}");
    }
}

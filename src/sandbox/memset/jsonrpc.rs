//! JSON-RPC 2.0: single calls and batches, with named parameters only.

use super::account::Memset;
use super::fault::Code;
use super::json::{in_order, text};
use crate::kit::values::map;
use crate::{Request, Response, auth};
use codec::{Limits, json};
use model::{Method, Value};

/// The most calls in a batch.
const MOST: usize = 100;

/// The errors of the envelope, with the specification's numbers.
const PARSE_ERROR: i64 = -32700;
const INVALID_REQUEST: i64 = -32600;
const METHOD_NOT_FOUND: i64 = -32601;
const INVALID_PARAMS: i64 = -32602;

impl Memset {
    /// Answers a request. Errors have status 200, as has the empty answer to notifications: some clients accept no
    /// other status.
    pub(super) fn jsonrpc(&mut self, request: &Request) -> Response {
        let user = request.authorization.as_deref().and_then(auth::user);
        let message = json::read(request.body.as_slice(), request.charset(), Limits::default());
        let answer = match message {
            Err(error) => Some(failure(Value::Null, PARSE_ERROR, &format!("Parse error: {error}"))),
            Ok(Value::List(calls)) => self.batch(user.as_deref(), calls),
            Ok(call) => self.single(user.as_deref(), call),
        };
        let body = answer.map(|answer| text(&answer)).unwrap_or_default();
        Response::new(200, "application/json", body.into_bytes())
    }

    fn batch(&mut self, user: Option<&str>, calls: Vec<Value>) -> Option<Value> {
        if !(1..=MOST).contains(&calls.len()) {
            let (code, message) = invalid(&format!("a batch holds 1 to {MOST} calls"));
            return Some(failure(Value::Null, code, &message));
        }
        let answers: Vec<Value> = calls.into_iter().filter_map(|call| self.single(user, call)).collect();
        (!answers.is_empty()).then_some(Value::List(answers))
    }

    /// The answer to one call; `None` for a notification, which is a call without an id. An invalid call is answered
    /// too, with the id null if it has no valid one.
    fn single(&mut self, user: Option<&str>, call: Value) -> Option<Value> {
        let call = match Message::read(call) {
            Ok(call) => call,
            Err((id, (code, message))) => return Some(failure(id, code, &message)),
        };
        let id = call.id.clone();
        let answer = self.rpc(user, call);
        id.map(|id| match answer {
            Ok(result) => map! { "jsonrpc" => "2.0", "result" => result, "id" => id }.into(),
            Err((code, message)) => failure(id, code, &message),
        })
    }

    fn rpc(&mut self, user: Option<&str>, Message { name, params, .. }: Message) -> Result<Value, Failure> {
        let method = self.method(&name).ok();
        let values = arguments(method.as_ref(), params)?;
        self.call(user, &name, values).map_err(|fault| match fault.code {
            Code::MethodNotFound if method.is_none() => (METHOD_NOT_FOUND, fault.message),
            code => (code as i64, fault.message),
        })
    }
}

/// A code and its message.
type Failure = (i64, String);

/// A well-formed call.
struct Message {
    name: String,
    params: Option<Value>,
    id: Option<Value>,
}

impl Message {
    /// Parses a call. The error contains the id for the answer.
    fn read(call: Value) -> Result<Message, (Value, Failure)> {
        let Value::Map(mut call) = call else { return Err((Value::Null, invalid("a call is an object"))) };
        let id = call.remove("id");
        if !matches!(id, None | Some(Value::Null | Value::Int(_) | Value::Decimal(_) | Value::Text(_))) {
            return Err((Value::Null, invalid("id is neither text nor a number")));
        }
        let refused = |what: &str| Err((id.clone().unwrap_or_default(), invalid(what)));
        if call.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
            return refused("jsonrpc is not \"2.0\"");
        }
        let params = call.remove("params");
        match (call.remove("method"), &params) {
            (Some(Value::Text(_)), Some(other)) if !matches!(other, Value::Map(_) | Value::List(_)) => {
                refused("params is neither an object nor an array")
            }
            (Some(Value::Text(name)), _) => Ok(Message { name, params, id }),
            (Some(_), _) => refused("method is no text"),
            (None, _) => refused("there is no method"),
        }
    }
}

/// The values of a call. The document only allows named parameters, no argument lists; an empty list counts as none.
fn arguments(method: Option<&Method>, params: Option<Value>) -> Result<Vec<Value>, Failure> {
    match (params, method) {
        (Some(Value::List(list)), _) if !list.is_empty() => {
            Err((INVALID_PARAMS, "Invalid params: only named parameters are supported".to_owned()))
        }
        (Some(Value::Map(named)), Some(method)) => Ok(in_order(method, named)),
        (Some(named @ Value::Map(_)), None) => Ok(vec![named]),
        _ => Ok(Vec::new()),
    }
}

fn invalid(what: &str) -> Failure {
    (INVALID_REQUEST, format!("Invalid Request: {what}"))
}

fn failure(id: Value, code: i64, message: &str) -> Value {
    map! { "jsonrpc" => "2.0", "error" => map! { "code" => code, "message" => message }, "id" => id }.into()
}

#[cfg(test)]
mod tests {
    use super::super::testing::memset;
    use super::*;
    use crate::DEFAULT_KEY;
    use crate::kit::clock::testing::story;
    use crate::{Options, Service};
    use model::base64;

    fn ask(user: &str, body: &str) -> (u16, String) {
        let authorization = Some(format!("Basic {}", base64::encode(format!("{user}:x").as_bytes())));
        let (verb, path, body) = ("POST".into(), "/v1/jsonrpc/".into(), body.into());
        let request = Request { verb, path, authorization, body, ..Request::default() };
        let response = memset(Options { starts: story(), ..Options::default() }).respond(&request);
        (response.status, String::from_utf8(response.body).unwrap())
    }

    fn answer_to(body: &str) -> String {
        ask(DEFAULT_KEY, body).1
    }

    #[test]
    fn calls_are_answered_with_their_id() {
        for (id, shown) in [("7", "7"), ("\"a\"", "\"a\""), ("null", "null")] {
            let call = format!(r#"{{"jsonrpc":"2.0","method":"internal.version","id":{id}}}"#);
            assert_eq!(answer_to(&call), format!(r#"{{"jsonrpc":"2.0","result":{{"version":"0.20"}},"id":{shown}}}"#));
        }
        let day = r#"{"jsonrpc":"2.0","method":"service.info","params":{"name":"myserver1"},"id":1}"#;
        assert!(answer_to(day).contains(r#""start_date":"2011-06-17""#), "{}", answer_to(day));
        let silent = r#"{"jsonrpc":"2.0","method":"internal.noop"}"#;
        let unknown = r#"{"jsonrpc":"2.0","method":"no.such"}"#;
        let bad = r#"{"jsonrpc":"2.0","method":"service.info","params":["myserver1"]}"#;
        for notification in [silent, unknown, bad] {
            assert_eq!(ask(DEFAULT_KEY, notification), (200, String::new()), "{notification}");
            assert_eq!(ask(DEFAULT_KEY, &format!("[{notification}]")), (200, String::new()), "{notification}");
        }
    }

    #[test]
    fn every_kind_of_error_has_its_code() {
        let call = |rest: &str| format!(r#"{{"jsonrpc":"2.0","id":1,{rest}}}"#);
        for (user, body, code, id) in [
            (DEFAULT_KEY, "{".to_owned(), -32700, "null"),
            (DEFAULT_KEY, "<methodCall/>".to_owned(), -32700, "null"),
            (DEFAULT_KEY, "7".to_owned(), -32600, "null"),
            (DEFAULT_KEY, "[]".to_owned(), -32600, "null"),
            (DEFAULT_KEY, r#"{"method":"internal.noop","id":1}"#.to_owned(), -32600, "1"),
            (DEFAULT_KEY, call(r#""params":{}"#), -32600, "1"),
            (DEFAULT_KEY, call(r#""method":"internal.noop","params":7"#), -32600, "1"),
            (DEFAULT_KEY, r#"{"jsonrpc":"2.0","method":1,"params":"bar"}"#.to_owned(), -32600, "null"),
            (DEFAULT_KEY, r#"{"method":"internal.noop"}"#.to_owned(), -32600, "null"),
            (DEFAULT_KEY, r#"{"jsonrpc":"2.0"}"#.to_owned(), -32600, "null"),
            (DEFAULT_KEY, r#"{"jsonrpc":"2.0","method":"internal.noop","params":7}"#.to_owned(), -32600, "null"),
            (DEFAULT_KEY, r#"{"jsonrpc":"2.0","method":"internal.noop","id":[1]}"#.to_owned(), -32600, "null"),
            (DEFAULT_KEY, r#"{"jsonrpc":"2.0","method":"internal.noop","id":true}"#.to_owned(), -32600, "null"),
            (DEFAULT_KEY, call(r#""method":["internal.noop"]"#), -32600, "1"),
            (DEFAULT_KEY, call(r#""method":"system.methodHelp","params":["internal.noop"]"#), -32602, "1"),
            (DEFAULT_KEY, call(r#""method":"no.such""#), -32601, "1"),
            (DEFAULT_KEY, call(r#""method":"service.info","params":["myserver1"]"#), -32602, "1"),
            (DEFAULT_KEY, call(r#""method":"service.info","params":{"name":"nosuch"}"#), 3, "1"),
            (DEFAULT_KEY, call(r#""method":"service.info""#), 7, "1"),
            ("wrong", call(r#""method":"no.such""#), 4, "1"),
            ("", call(r#""method":"internal.noop""#), 10, "1"),
        ] {
            let (status, answer) = ask(user, &body);
            assert_eq!(status, 200);
            assert!(answer.starts_with(&format!(r#"{{"jsonrpc":"2.0","error":{{"code":{code},"#)), "{answer}");
            assert!(answer.ends_with(&format!(r#"}},"id":{id}}}"#)), "{answer}");
        }
        let help = call(r#""method":"system.methodHelp","params":{"method_name":"internal.noop"}"#);
        assert_eq!(answer_to(&help), r#"{"jsonrpc":"2.0","result":"","id":1}"#);
        let none = call(r#""method":"internal.noop","params":[]"#);
        assert_eq!(answer_to(&none), r#"{"jsonrpc":"2.0","result":{},"id":1}"#);
    }

    #[test]
    fn a_batch_has_at_most_a_hundred_calls() {
        let batch = |count: usize| {
            let call = |id| format!(r#"{{"jsonrpc":"2.0","method":"internal.noop","id":{id}}}"#);
            format!("[{}]", (0..count).map(call).collect::<Vec<_>>().join(","))
        };
        assert_eq!(answer_to(&batch(100)).matches("\"result\":{}").count(), 100);
        assert!(answer_to(&batch(101)).contains("-32600"));
        let mixed = r#"[7,{"jsonrpc":"2.0","method":"internal.noop"},{"jsonrpc":"2.0","method":"no.such","id":2}]"#;
        assert_eq!(answer_to(mixed).matches("\"error\"").count(), 2);
    }
}

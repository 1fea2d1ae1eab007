//! JSON-RPC 2.0: single calls and batches, named parameters only.

use super::Memset;
use super::fault::Code;
use super::json::{in_order, text};
use super::values::map;
use crate::{Request, Response, auth};
use codec::{Limits, json};
use model::method::Passing;
use model::{Map, Method, Value};

/// How many calls a batch may hold.
const MOST: usize = 100;

/// The errors of the envelope, by the specification's numbers.
const PARSE_ERROR: i64 = -32700;
const INVALID_REQUEST: i64 = -32600;
const METHOD_NOT_FOUND: i64 = -32601;
const INVALID_PARAMS: i64 = -32602;

impl Memset {
    /// Answers a request. Errors come with status 200; what asks for no answer gets an empty one.
    pub(super) fn jsonrpc(&mut self, request: &Request) -> Response {
        let user = request.authorization.as_deref().and_then(auth::user);
        let message = json::read(request.body.as_slice(), request.charset(), Limits::default());
        let answer = match message {
            Err(error) => Some(failure(Value::Null, PARSE_ERROR, &format!("Parse error: {error}"))),
            Ok(Value::List(calls)) => self.batch(user.as_deref(), calls),
            Ok(call) => self.single(user.as_deref(), call),
        };
        let body = answer.map(|answer| text(&answer)).unwrap_or_default();
        Response::new(if body.is_empty() { 204 } else { 200 }, "application/json", body.into_bytes())
    }

    fn batch(&mut self, user: Option<&str>, calls: Vec<Value>) -> Option<Value> {
        if !(1..=MOST).contains(&calls.len()) {
            let (code, message) = invalid(&format!("a batch holds 1 to {MOST} calls"));
            return Some(failure(Value::Null, code, &message));
        }
        let answers: Vec<Value> = calls.into_iter().filter_map(|call| self.single(user, call)).collect();
        (!answers.is_empty()).then_some(Value::List(answers))
    }

    /// The answer to one call; none when the call has no id.
    fn single(&mut self, user: Option<&str>, call: Value) -> Option<Value> {
        let Value::Map(mut call) = call else {
            let (code, message) = invalid("a call is an object");
            return Some(failure(Value::Null, code, &message));
        };
        let id = call.remove("id");
        let answer = match self.rpc(user, call) {
            Ok(result) => {
                map! { "jsonrpc" => "2.0", "result" => result, "id" => id.clone().unwrap_or_default() }.into()
            }
            Err((code, message)) => failure(id.clone().unwrap_or_default(), code, &message),
        };
        id.map(|_| answer)
    }

    fn rpc(&mut self, user: Option<&str>, mut call: Map) -> Result<Value, (i64, String)> {
        if call.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
            return Err(invalid("jsonrpc is not \"2.0\""));
        }
        let Some(Value::Text(name)) = call.remove("method") else { return Err(invalid("there is no method")) };
        let method = self.method(&name).ok();
        let values = arguments(method.as_ref(), call.remove("params"))?;
        self.call(user, &name, values).map_err(|fault| match fault.code {
            Code::MethodNotFound if method.is_none() => (METHOD_NOT_FOUND, fault.message),
            code => (code as i64, fault.message),
        })
    }
}

/// The values that a call carries. A list is taken only by the methods that know no names.
fn arguments(method: Option<&Method>, params: Option<Value>) -> Result<Vec<Value>, (i64, String)> {
    match (params, method) {
        (None, _) => Ok(Vec::new()),
        (Some(Value::Map(named)), Some(method)) => Ok(in_order(method, named)),
        (Some(Value::List(list)), Some(method)) if method.arguments == Passing::Named && !list.is_empty() => {
            Err((INVALID_PARAMS, "Invalid params: only named parameters are supported".to_owned()))
        }
        (Some(Value::List(list)), _) => Ok(list),
        (Some(named @ Value::Map(_)), None) => Ok(vec![named]),
        (Some(_), _) => Err(invalid("params is neither an object nor an array")),
    }
}

fn invalid(what: &str) -> (i64, String) {
    (INVALID_REQUEST, format!("Invalid Request: {what}"))
}

fn failure(id: Value, code: i64, message: &str) -> Value {
    map! { "jsonrpc" => "2.0", "error" => map! { "code" => code, "message" => message }, "id" => id }.into()
}

#[cfg(test)]
mod tests {
    use super::super::DEFAULT_KEY;
    use super::super::testing::memset;
    use super::*;
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

    fn told(body: &str) -> String {
        ask(DEFAULT_KEY, body).1
    }

    #[test]
    fn calls_are_answered_with_their_id() {
        for (id, shown) in [("7", "7"), ("\"a\"", "\"a\""), ("null", "null")] {
            let call = format!(r#"{{"jsonrpc":"2.0","method":"internal.version","id":{id}}}"#);
            assert_eq!(told(&call), format!(r#"{{"jsonrpc":"2.0","result":{{"version":"0.20"}},"id":{shown}}}"#));
        }
        let day = r#"{"jsonrpc":"2.0","method":"service.info","params":{"name":"myserver1"},"id":1}"#;
        assert!(told(day).contains(r#""start_date":"2011-06-17""#), "{}", told(day));
        let silent = r#"{"jsonrpc":"2.0","method":"internal.noop"}"#;
        assert_eq!(ask(DEFAULT_KEY, silent), (204, String::new()));
        assert_eq!(ask(DEFAULT_KEY, &format!("[{silent}]")), (204, String::new()));
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
        for help in [r#"["internal.noop"]"#, r#"{"method_name":"internal.noop"}"#] {
            let call = call(&format!(r#""method":"system.methodHelp","params":{help}"#));
            assert_eq!(told(&call), r#"{"jsonrpc":"2.0","result":"","id":1}"#);
        }
    }

    #[test]
    fn a_batch_holds_a_hundred_calls() {
        let batch = |count: usize| {
            let call = |id| format!(r#"{{"jsonrpc":"2.0","method":"internal.noop","id":{id}}}"#);
            format!("[{}]", (0..count).map(call).collect::<Vec<_>>().join(","))
        };
        assert_eq!(told(&batch(100)).matches("\"result\":{}").count(), 100);
        assert!(told(&batch(101)).contains("-32600"));
        let mixed = r#"[7,{"jsonrpc":"2.0","method":"internal.noop"},{"jsonrpc":"2.0","method":"no.such","id":2}]"#;
        assert_eq!(told(mixed).matches("\"error\"").count(), 2);
    }
}

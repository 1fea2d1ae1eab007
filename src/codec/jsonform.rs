//! JSON over HTTPS: a form with one field, a dictionary as JSON, is sent to each method's own address; JSON comes back.
//!
//! All parameters are in that one field, because other fields cannot hold lists and dictionaries.

use std::io::BufRead;

use super::consume::{Consume, Tree, source};
use super::error::EncodeError;
use super::json::{self, Reader};
use super::promise::{Broken, Promise};
use super::{Aside, DecodeError, Fault, Limits, Outcome, Remark, Reply};
use model::escape::{Escape, percent};
use model::http::{Body, Head, Request};
use model::{Arguments, Call, Map, Value};

/// The placeholder of the method's name in an address; without it, the name is appended.
const METHOD: &str = "{method}";
/// The members of an error answer: the kind of error, and its message.
const ERROR: [&str; 2] = ["error_type", "error"];

/// The request of a call.
pub fn encode(url: &str, call: &Call) -> Result<Request, EncodeError> {
    let mut parameters = Body::default();
    match &call.arguments {
        Arguments::Named(map) => json::write_map(map, &mut parameters),
        Arguments::Positional(list) if list.is_empty() => json::write_map(&Map::new(), &mut parameters),
        Arguments::Positional(_) => {
            return Err(EncodeError::Positional { method: call.method.name.clone(), others: Vec::new() });
        }
    }
    let mut body = Body::default();
    body.push("parameters=");
    body.nest(parameters, Escape::Form);
    let media = ("application/x-www-form-urlencoded", "application/json");
    Ok(Request::post(address(url, &call.method.name), media, body))
}

fn address(url: &str, method: &str) -> String {
    let name = percent(method);
    match url.contains(METHOD) {
        true => url.replace(METHOD, &name),
        false => format!("{}/{name}", url.trim_end_matches('/')),
    }
}

/// Reads an answer: any JSON is a result, except a dictionary that reports an error.
pub(crate) fn decode<R: BufRead, C: Consume>(
    head: &Head,
    body: R,
    limits: Limits,
    consumer: C,
    (promise, broken): (Promise, &Broken),
) -> Result<Outcome<C::Output>, C::Error> {
    let mut reader = Reader::new(body, head.charset.as_deref(), limits);
    if !head.succeeded() {
        let told = reader.read(Tree);
        let told = told.map_err(|error| error.under(head, reader.excerpt()))?;
        let fault = fault(told).map_err(|_| DecodeError::http(head, reader.excerpt()))?;
        return Ok(Reply::Fault(fault).into());
    }
    // The answer is checked for an error, whatever the status, before the consumer sees any of it.
    let reply = match reader.begins()? {
        head if names_an_error(&head) => match fault(reader.read(Tree)?) {
            Ok(fault) => Reply::Fault(fault),
            Err(value) => {
                let value = promise.watched(consumer, broken).consume(source(value));
                Reply::Value(broken.settle(value, || Ok(()))?)
            }
        },
        _ => {
            let value = reader.read(promise.watched(consumer, broken));
            Reply::Value(broken.settle(value, || reader.rest())?)
        }
    };
    Ok(Outcome { reply, aside: Aside::odd(reader.mended().map(Remark::Mended)) })
}

/// Whether the beginning of an answer looks like an error: such an answer is read as a whole.
fn names_an_error(head: &str) -> bool {
    let names = ERROR.map(|name| format!("\"{name}\""));
    head.trim_start().starts_with('{') && names.iter().any(|name| head.contains(name))
}

/// The fault in a dictionary that has both members of an error. `Err` returns any other value, which may be a result.
fn fault(value: Value) -> Result<Fault, Value> {
    match ERROR.iter().all(|key| value.get(key).and_then(Value::as_str).is_some()) {
        true => Ok(Fault::read(value, "error_code", "error")),
        false => Err(value),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use model::{Class, Date, Diagnostic, Method, Secret};

    fn call(arguments: Arguments) -> Call {
        Call { method: Arc::new(Method { name: "zone.info".into(), ..Method::default() }), arguments }
    }

    fn read(status: u16, body: &str) -> Result<Reply<Value>, DecodeError> {
        let head = Head { status, ..Head::default() };
        let any = (Promise::Anything, &Broken::default());
        decode(&head, body.as_bytes(), Limits::default(), Tree, any).map(|outcome| outcome.reply)
    }

    #[test]
    fn the_method_is_in_the_address_and_the_parameters_in_a_field() {
        for (url, address) in [
            ("https://h/v1/json/{method}", "https://h/v1/json/zone.info"),
            ("https://h/v1/json/{method}/", "https://h/v1/json/zone.info/"),
            ("https://h/v1/json", "https://h/v1/json/zone.info"),
            ("https://h/", "https://h/zone.info"),
        ] {
            let request = encode(url, &call(Arguments::Positional(vec![]))).unwrap();
            assert_eq!((request.verb, request.url.as_str()), ("POST", address));
            assert_eq!(request.body.preview(), "parameters=%7B%7D");
        }
        let odd = Call { method: Arc::new(Method::discovered("a/b?c é")), arguments: Arguments::Named(Map::new()) };
        assert_eq!(encode("https://h/json", &odd).unwrap().url, "https://h/json/a%2Fb%3Fc%20%C3%A9");
    }

    #[test]
    fn parameters_are_json_in_a_form() {
        let secret = Secret::new("canary\"&");
        let date = Date::verbatim("20110617T00:00:00");
        let map = Map::from_iter([("a b", Value::List(vec![date.into()])), ("key", Value::Secret(secret.clone()))]);
        let request = encode("https://h", &call(Arguments::Named(map))).unwrap();
        assert_eq!(request.headers[0], ("content-type".into(), "application/x-www-form-urlencoded".into()));
        assert_eq!(
            request.body.preview(),
            "parameters=%7B%22a+b%22%3A%5B%222011-06-17+00%3A00%3A00%22%5D%2C%22key%22%3A%22(redacted)%22%7D"
        );
        let sealed = model::http::Part::Sealed(secret, vec![Escape::Json, Escape::Form]);
        assert!(request.body.parts().contains(&sealed));
        let refusal = encode("https://h", &call(Arguments::Positional(vec![1.into()]))).unwrap_err();
        assert_eq!(refusal.to_string(), "zone.info takes its arguments by position, which this transport cannot carry");
        assert_eq!(refusal.hint().as_deref(), Some("no transport of the provider carries them"));
    }

    #[test]
    fn any_json_except_an_error_is_a_result() {
        let told = |type_: &str| Value::from(Map::from_iter([("error_type", type_)]));
        let fault = |code, message: &str, data| Reply::Fault(Fault { code, message: message.into(), data });
        let missing = r#"{"error_type": "NotThere", "error_code": 3, "error": "Couldn't find it"}"#;
        let codeless = r#"{"error": "no", "error_type": "Odd"}"#;
        let job = Map::from_iter([("id", Value::from("x")), ("error", false.into())]);
        for (status, body, reply) in [
            (200, "[]", Reply::Value(Value::List(vec![]))),
            (201, "null", Reply::Value(Value::Null)),
            (200, r#"{"id": "x", "error": false}"#, Reply::Value(job.into())),
            (404, missing, fault(Some(3.into()), "Couldn't find it", told("NotThere"))),
            (200, missing, fault(Some(3.into()), "Couldn't find it", told("NotThere"))),
            (500, codeless, fault(None, "no", told("Odd"))),
        ] {
            assert_eq!(read(status, body).unwrap(), reply, "{body}");
        }
    }

    #[test]
    fn an_error_status_without_an_error_is_an_http_error() {
        for (status, body, words, class) in [
            (404, "<h1>Not Found</h1>", Some("Not Found"), Class::Refused),
            (403, "", None, Class::Credentials),
            (500, "[1", Some("[1"), Class::Failed),
            (400, r#"{"error": "no"}"#, Some(r#"{"error": "no"}"#), Class::Refused),
            (302, "{}", Some("{}"), Class::Refused),
        ] {
            let error = read(status, body).unwrap_err();
            assert!(matches!(error, DecodeError::Http { status: told, .. } if told == status), "{body}");
            assert_eq!((error.provider_words(), error.class()), (words, class), "{body}");
        }
        for (body, said) in [
            ("<h1>Hello</h1>", "the message is not JSON but an HTML page"),
            ("", "the message is not JSON but empty"),
            ("{} {}", "expected the end of the message at line 1, column 4"),
        ] {
            assert_eq!(read(200, body).unwrap_err().to_string(), format!("the answer cannot be read: {said}"));
        }
    }

    #[test]
    fn an_error_of_any_length_is_found() {
        let long = "x".repeat(5000);
        for (body, is_error) in [
            (format!(r#"{{"error_type":"a","error":"{long}"}}"#), true),
            (format!(r#"  {{"error":"{long}","error_code":3,"error_type":"a"}}"#), true),
            (format!(r#"{{"error":"{long}"}}"#), false),
            (format!(r#"{{"a":"{long}","error_type":1}}"#), false),
            (format!(r#"["error","error_type","{long}"]"#), false),
        ] {
            let reply = read(200, &body).unwrap();
            assert_eq!(matches!(reply, Reply::Fault(_)), is_error, "{body}");
            match reply {
                Reply::Value(value) => assert_eq!(value, serde_json::from_str(&body).unwrap()),
                Reply::Fault(fault) => assert_eq!(fault.message, long),
            }
        }
    }
}

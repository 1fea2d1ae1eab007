//! Calls → messages.

use crate::json;
use model::escape::Escape;
use model::http::{Body, Request};
use model::method::Passing;
use model::provider::Auth;
use model::{Arguments, Call, Value};

/// The id of a call that is sent alone.
pub(super) const ALONE: i64 = 1;

/// The media types of the request and of the answer.
const MEDIA: (&str, &str) = ("application/json", "application/json");

/// The request of one call.
pub fn encode(url: &str, auth: &Auth, call: &Call) -> Request {
    let mut body = Body::default();
    write_call(call, ALONE, auth, &mut body);
    request(url, body)
}

/// A request with a message.
pub(super) fn request(url: &str, body: Body) -> Request {
    Request::post(url.to_owned(), MEDIA, body)
}

/// Adds a call. `params` is always present, even when empty; it is a list only if the method does not take names, or if
/// a credential or a single dictionary is in it.
pub(super) fn write_call(call: &Call, id: i64, auth: &Auth, body: &mut Body) {
    body.push("{\"jsonrpc\":\"2.0\",\"method\":");
    json::write(&Value::from(call.method.name.as_str()), body);
    body.push(",\"params\":");
    match (auth.first_argument(&call.method.name), &call.arguments) {
        (Some(template), arguments) => after(template, arguments, body),
        (None, Arguments::Named(map)) if call.method.passing() == Passing::Struct => {
            body.push("[");
            json::write_map(map, body);
            body.push("]");
        }
        (None, Arguments::Named(map)) => json::write_map(map, body),
        (None, Arguments::Positional(list)) => json::write_list(list, body),
    }
    body.push(&format!(",\"id\":{id}}}"));
}

/// The values after a credential, whose template has a place for the key.
fn after(template: &str, arguments: &Arguments, body: &mut Body) {
    body.push("[\"");
    body.credential(template, Escape::Json);
    body.push("\"");
    match arguments {
        Arguments::Named(map) if map.is_empty() => {}
        Arguments::Named(map) => {
            body.push(",");
            json::write_map(map, body);
        }
        Arguments::Positional(list) => {
            for value in list {
                body.push(",");
                json::write(value, body);
            }
        }
    }
    body.push("]");
}

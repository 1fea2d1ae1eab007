//! Calls → messages.

use crate::json;
use model::http::{Body, Request};
use model::{Arguments, Call, Value};

/// The id of a call that is sent alone.
pub(super) const ALONE: i64 = 1;

/// The media types of the request and of the answer.
const MEDIA: (&str, &str) = ("application/json", "application/json");

/// The request of one call.
pub fn encode(url: &str, call: &Call) -> Request {
    let mut body = Body::default();
    write_call(call, ALONE, &mut body);
    request(url, body)
}

/// A request with a message.
pub(super) fn request(url: &str, body: Body) -> Request {
    Request::post(url.to_owned(), MEDIA, body)
}

/// Adds a call. `params` is always present, even when empty; it is a list only if the method does not take names.
pub(super) fn write_call(call: &Call, id: i64, body: &mut Body) {
    body.push("{\"jsonrpc\":\"2.0\",\"method\":");
    json::write(&Value::from(call.method.name.as_str()), body);
    body.push(",\"params\":");
    match &call.arguments {
        Arguments::Named(map) => json::write_map(map, body),
        Arguments::Positional(list) => json::write_list(list, body),
    }
    body.push(&format!(",\"id\":{id}}}"));
}

//! Bodies as a JSON object.

use super::given::Given;
use crate::json;
use model::http::Body;
use model::{Map, Value};

/// Writes the constant fields and the values of a call, inside a wrapper if there is one.
pub(super) fn write(wrap: Option<&str>, fixed: &Map, given: &[&Given<'_>]) -> Body {
    let values = given.iter().map(|given| (given.wire.as_ref(), as_typed(given.value)));
    let mut map: Map = fixed.clone();
    for (name, value) in values {
        map.insert(name, value);
    }
    let wrapped = match wrap {
        Some(key) => Map::from_iter([(key, map)]),
        None => map,
    };
    let mut body = Body::default();
    json::write_map(&wrapped, &mut body);
    body
}

/// Writes a value as the whole body.
pub(super) fn write_whole(value: &Value) -> Body {
    let mut body = Body::default();
    json::write(&as_typed(value), &mut body);
    body
}

/// The value with its dates as they were typed: each of these services has its own form for them.
fn as_typed(value: &Value) -> Value {
    match value {
        Value::Date(date) => Value::from(date.as_str()),
        Value::List(list) => Value::List(list.iter().map(as_typed).collect()),
        Value::Map(map) => Value::Map(map.iter().map(|(key, member)| (key, as_typed(member))).collect()),
        other => other.clone(),
    }
}

//! Bodies as a JSON object.

use super::EncodeError;
use super::given::Given;
use crate::json;
use model::http::Body;
use model::{Map, Value};

/// Writes the constant fields and the values of a call, inside a wrapper if there is one, beside which other constant
/// fields may be.
pub(super) fn write(
    wrap: Option<&str>,
    (fixed, beside): (&Map, &Map),
    given: &[&Given<'_>],
) -> Result<Body, EncodeError> {
    let mut map: Map = fixed.clone();
    for given in given {
        let value = as_typed(given.value);
        // Only a name that the catalogue gives is a path.
        let path = given.param.is_some_and(|param| param.wire.is_some());
        let placed = if path { place(&mut map, &given.wire, value) } else { put(&mut map, &given.wire, value) };
        placed.map_err(|Taken| EncodeError::Taken { name: given.name.to_string(), path: given.wire.to_string() })?;
    }
    let mut whole = beside.clone();
    match wrap {
        Some(key) => drop(whole.insert(key, Value::Map(map))),
        None => map.into_iter().for_each(|(name, value)| drop(whole.insert(name, value))),
    }
    let mut body = Body::default();
    json::write_map(&whole, &mut body);
    Ok(body)
}

/// There is a value of another kind.
struct Taken;

/// Puts a value at a path. The steps that several paths share are one object.
fn place(map: &mut Map, path: &str, value: Value) -> Result<(), Taken> {
    let Some((step, rest)) = path.split_once('/') else { return put(map, path, value) };
    let inner = map.entry(step);
    if *inner == Value::Null {
        *inner = Value::Map(Map::new());
    }
    match inner {
        Value::Map(inner) => place(inner, rest, value),
        _ => Err(Taken),
    }
}

/// Puts a value under a name. An object that is there already gets the members of another.
fn put(map: &mut Map, name: &str, value: Value) -> Result<(), Taken> {
    match (map.entry(name), value) {
        (Value::Map(there), Value::Map(more)) => {
            more.into_iter().for_each(|(name, value)| drop(there.insert(name, value)));
        }
        (Value::Map(there), _) if !there.is_empty() => return Err(Taken),
        (there, value) => *there = value,
    }
    Ok(())
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

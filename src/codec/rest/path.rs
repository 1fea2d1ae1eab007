//! The path of a call: the catalogue's path with the values of this call.

use std::collections::BTreeMap;

use super::EncodeError;
use super::given::Given;
use super::leaf::{Leaf, leaf};
use model::escape::percent;
use model::route::Route;

/// Writes the path. `variables` are inserted unchanged.
pub(super) fn write(
    route: &Route,
    given: &[Given<'_>],
    variables: &BTreeMap<String, String>,
) -> Result<String, EncodeError> {
    let mut rest = chosen(route, given)?;
    let mut path = String::new();
    while let Some((before, placeholder)) = rest.split_once('{') {
        let (name, behind) = placeholder.split_once('}').unwrap_or((placeholder, ""));
        path.push_str(before);
        match (given.iter().find(|given| given.wire == name), variables.get(name)) {
            (Some(given), _) => path.push_str(&percent(&segment(given)?)),
            (None, Some(variable)) => path.push_str(variable),
            (None, None) => return Err(EncodeError::Missing { name: name.to_owned() }),
        }
        rest = behind;
    }
    path.push_str(rest);
    Ok(path)
}

/// The path that a parameter chooses, or the only one.
fn chosen<'r>(route: &'r Route, given: &[Given<'_>]) -> Result<&'r str, EncodeError> {
    let choice = route.by.as_ref().and_then(|by| Some((by, given.iter().find(|given| given.name == by.param)?)));
    let Some((by, given)) = choice else { return Ok(&route.path) };
    let value = text(given)?;
    by.paths.get(&value).map(String::as_str).ok_or_else(|| EncodeError::NoPath { name: by.param.clone(), value })
}

/// A value between two slashes. It must not be empty or consist of dots, which would lead to another address: to a list
/// instead of its member, for example.
fn segment(given: &Given<'_>) -> Result<String, EncodeError> {
    let value = text(given)?;
    match value.as_str() {
        "" | "." | ".." => Err(EncodeError::Segment { name: given.name.to_string(), value }),
        _ => Ok(value),
    }
}

fn text(given: &Given<'_>) -> Result<String, EncodeError> {
    let name = || given.name.to_string();
    match leaf(given.value) {
        Some(Leaf::Plain(text)) => Ok(text.into_owned()),
        Some(Leaf::Sealed(_)) => Err(EncodeError::Secret { name: name() }),
        None => Err(EncodeError::Nested { name: name(), kind: given.value.kind() }),
    }
}

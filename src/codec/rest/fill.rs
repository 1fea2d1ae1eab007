//! What the program adds to a call: values that the service gave, and paths around bare ids.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::EncodeError;
use model::escape::unform;
use model::{Arguments, Call, Map, Param, Value};

/// The call with the values that the catalogue says are filled in.
pub(super) fn filled<'c>(call: &'c Call, variables: &BTreeMap<String, String>) -> Result<Cow<'c, Call>, EncodeError> {
    let given = match &call.arguments {
        Arguments::Named(given) => given,
        // An empty list of values counts as no names too.
        Arguments::Positional(values) if values.is_empty() => {
            let arguments = Arguments::Named(Map::new());
            return Ok(Cow::Owned(Call { method: call.method.clone(), arguments }));
        }
        Arguments::Positional(_) => return Ok(Cow::Borrowed(call)),
    };
    let mut changes = Vec::new();
    for param in &call.method.params {
        let value = match given.get(&param.name) {
            Some(Value::Text(text)) if param.template.is_some() => wrapped(param, text, variables),
            Some(_) => None,
            None => param.variable.as_ref().map(|name| known(name, variables)).transpose()?,
        };
        changes.extend(value.map(|value| (param.name.as_str(), value)));
    }
    if changes.is_empty() {
        return Ok(Cow::Borrowed(call));
    }
    let mut arguments = given.clone();
    for (name, value) in changes {
        arguments.insert(name, value);
    }
    Ok(Cow::Owned(Call { method: call.method.clone(), arguments: Arguments::Named(arguments) }))
}

/// Variables are kept escaped for a path.
fn known(name: &str, variables: &BTreeMap<String, String>) -> Result<String, EncodeError> {
    variables.get(name).map(|value| unform(value)).ok_or_else(|| EncodeError::Missing { name: name.to_owned() })
}

/// The path around a bare id; a value with a slash is already a path.
fn wrapped(param: &Param, text: &str, variables: &BTreeMap<String, String>) -> Option<String> {
    let path = match (text.contains('/'), &param.template) {
        (false, Some(template)) => template.replace("{}", text),
        _ => text.to_owned(),
    };
    let fill = |path: String, (name, value): (&String, &String)| path.replace(&format!("{{{name}}}"), value);
    let path = variables.iter().fold(path, fill);
    (path != text).then_some(path)
}

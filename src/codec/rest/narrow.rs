//! From a whole JSON answer to the part that is the result.

use crate::DecodeError;
use crate::message::clip;
use crate::words;
use model::route::Answers;
use model::{Field, Map, Type, Value};

/// The value at a dotted path.
pub(super) fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(value, |value, key| value.get(key))
}

/// Removes the value at a dotted path, and the dictionaries that are then empty.
pub(super) fn remove(value: &mut Value, path: &str) -> Option<Value> {
    let Value::Map(map) = value else { return None };
    let Some((key, rest)) = path.split_once('.') else { return map.remove(path) };
    let inner = map.get_mut(key)?;
    let found = remove(inner, rest);
    if matches!(inner, Value::Map(inner) if inner.is_empty()) {
        map.remove(key);
    }
    found
}

/// The result inside an answer. `fields` are those of the result, or of its members.
///
/// Where the path to it is missing, the answer itself may be the result: a list with nothing around it, or a dictionary
/// with one of the fields. A wrapper may always be missing.
pub(super) fn result(
    mut answer: Value,
    answers: &Answers,
    returns: &Type,
    fields: &[Field],
) -> Result<Value, DecodeError> {
    let lists = matches!(returns, Type::List(_));
    if let Some(path) = &answers.at {
        match take(&mut answer, path) {
            Some(found) => answer = found,
            None if *returns == Type::None || has_any(&answer, fields) => {}
            None => return Err(instead(&format!("`{path}`"), &answer)),
        }
    }
    if !answers.list.is_empty() {
        match answers.list.iter().find_map(|path| take_list(&mut answer, path)) {
            Some(found) => answer = found,
            None if matches!(answer, Value::List(_)) => {}
            None => return Err(instead(&wanted(&answers.list), &answer)),
        }
    }
    Ok(match (answer, returns) {
        (Value::List(list), Type::List(_)) => {
            Value::List(list.into_iter().map(|member| unwrapped(member, &answers.unwrap)).collect())
        }
        (Value::Map(map), Type::List(_)) if is_sparse(&map) => {
            Value::List(map.into_iter().map(|(_, member)| unwrapped(member, &answers.unwrap)).collect())
        }
        // Some services return a list of one where a single object belongs.
        (Value::List(mut list), Type::Dict | Type::Shape(_)) if list.len() == 1 => {
            unwrapped(list.pop().unwrap_or_default(), &answers.unwrap)
        }
        (answer, Type::None) if answer == Value::Map(Map::new()) => Value::Null,
        (answer, _) if lists => answer,
        (answer, _) => unwrapped(answer, &answers.unwrap),
    })
}

/// Whether a value is, or has as its only member, a dictionary with one of these fields.
pub(super) fn has_any(value: &Value, fields: &[Field]) -> bool {
    let map = match value {
        Value::List(list) if list.len() == 1 => list.first().and_then(Value::as_map),
        value => value.as_map(),
    };
    map.is_some_and(|map| fields.iter().any(|field| map.get(&field.name).is_some()))
}

/// Whether a dictionary is really a list that lost some of its members: a language in which both are one type writes
/// such a list with the indices as keys.
fn is_sparse(map: &Map) -> bool {
    !map.is_empty() && map.keys().all(|key| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The error of an answer that is something else.
pub(super) fn instead(wanted: &str, answer: &Value) -> DecodeError {
    let found = match answer {
        Value::Map(map) if map.is_empty() => "nothing".to_owned(),
        Value::Map(map) => {
            let keys: Vec<String> = map.keys().take(3).map(|key| format!("`{}`", clip(key))).collect();
            keys.join(", ") + if map.len() > 3 { ", …" } else { "" }
        }
        Value::List(_) => "a list".to_owned(),
        single => format!("`{}`", clip(&single.plain())),
    };
    DecodeError::Unpromised { wanted: wanted.to_owned(), found, words: words::of_value(answer) }
}

/// Removes the list at a path, the last step of which may stand for the only list there is.
fn take_list(answer: &mut Value, path: &str) -> Option<Value> {
    let Some(outer) = path.strip_suffix(Answers::ONLY_LIST) else { return take(answer, path) };
    let around = outer.split('.').filter(|step| !step.is_empty()).try_fold(answer, |value, step| match value {
        Value::Map(map) => map.get_mut(step),
        _ => None,
    });
    let Value::Map(map) = around? else { return None };
    let mut lists = map.iter().filter(|(_, value)| matches!(value, Value::List(_))).map(|(name, _)| name.to_owned());
    let only = lists.next().filter(|_| lists.next().is_none());
    drop(lists);
    map.remove(&only?)
}

/// The list that is missing, in words.
fn wanted(paths: &[String]) -> String {
    let words = |path: &String| match path.strip_suffix(Answers::ONLY_LIST) {
        Some("") => "exactly one list".to_owned(),
        Some(outer) => format!("exactly one list in `{}`", outer.trim_end_matches('.')),
        None => format!("`{path}`"),
    };
    paths.iter().map(words).collect::<Vec<_>>().join(" or ")
}

/// Removes the value at a path from an object, or from the only object in a list.
fn take(answer: &mut Value, path: &str) -> Option<Value> {
    match answer {
        Value::List(list) => match list.as_mut_slice() {
            [only] => remove(only, path),
            _ => None,
        },
        object => remove(object, path),
    }
}

/// An object without the single key around it. An object that has a field of that name among others is not wrapped.
pub(super) fn unwrapped(value: Value, wrappers: &[String]) -> Value {
    let Value::Map(map) = &value else { return value };
    let wrapper =
        wrappers.iter().find(|key| map.len() == 1 && matches!(map.get(key), Some(Value::Map(_) | Value::List(_))));
    match (wrapper, value) {
        (Some(key), Value::Map(mut map)) => map.remove(key).unwrap_or_default(),
        (_, value) => value,
    }
}

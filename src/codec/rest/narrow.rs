//! From a whole JSON answer to the part of it that is the result.

use model::route::Answers;
use model::{Map, Type, Value};

/// The value at a dotted path.
pub(super) fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(value, |value, key| value.get(key))
}

/// Takes the value at a dotted path out, and the dictionaries that are empty then.
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

/// The result inside an answer. Where a promised path or wrapper is missing, what came is kept whole.
pub(super) fn result(mut answer: Value, answers: &Answers, returns: &Type) -> Value {
    for path in answers.at.iter().chain(&answers.list) {
        if let Some(found) = take(&mut answer, path) {
            answer = found;
        }
    }
    match (answer, returns) {
        (Value::List(list), Type::List(_)) => {
            Value::List(list.into_iter().map(|member| unwrapped(member, &answers.unwrap)).collect())
        }
        // Lists of one where a single object belongs are a habit of some services.
        (Value::List(mut list), Type::Dict | Type::Shape(_)) if list.len() == 1 => {
            unwrapped(list.pop().unwrap_or_default(), &answers.unwrap)
        }
        (answer, Type::None) if answer == Value::Map(Map::new()) => Value::Null,
        (answer, _) => unwrapped(answer, &answers.unwrap),
    }
}

/// Takes the value at a path out of an object, or out of the only one in a list.
fn take(answer: &mut Value, path: &str) -> Option<Value> {
    match answer {
        Value::List(list) => match list.as_mut_slice() {
            [only] => remove(only, path),
            _ => None,
        },
        object => remove(object, path),
    }
}

/// An object without the one key around it. An object that has a field of that name among others is no wrapper.
fn unwrapped(value: Value, wrappers: &[String]) -> Value {
    let Value::Map(map) = &value else { return value };
    let wrapper =
        wrappers.iter().find(|key| map.len() == 1 && matches!(map.get(key), Some(Value::Map(_) | Value::List(_))));
    match (wrapper, value) {
        (Some(key), Value::Map(mut map)) => map.remove(key).unwrap_or_default(),
        (_, value) => value,
    }
}

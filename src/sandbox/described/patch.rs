//! JSON Patch: a list of changes of a document.

use model::{Map, Value};

/// A document after changes. `Err` says what cannot be done.
pub(super) fn patched(document: Value, changes: &[Value]) -> Result<Value, String> {
    changes.iter().try_fold(document, one)
}

fn one(mut document: Value, change: &Value) -> Result<Value, String> {
    let text = |key: &str| change.get(key).and_then(Value::as_str);
    let path = text("path").ok_or("each change needs a path")?;
    let steps = steps(path).ok_or_else(|| format!("{path:?} is no JSON pointer"))?;
    let given = || change.get("value").cloned().ok_or("the change has no value".to_owned());
    let missing = || format!("there is nothing at {path}");
    match text("op").unwrap_or_default() {
        "test" => {
            let same = found(&document, &steps) == Some(&given()?);
            return if same { Ok(document) } else { Err(format!("{path} has another value")) };
        }
        "remove" => take(&mut document, &steps).map(drop).ok_or_else(missing)?,
        "add" => put(&mut document, &steps, given()?, false).ok_or_else(missing)?,
        "replace" => put(&mut document, &steps, given()?, true).ok_or_else(missing)?,
        verb @ ("copy" | "move") => {
            let from = text("from").and_then(self::steps).ok_or("the change needs `from`")?;
            let value = if verb == "move" { take(&mut document, &from) } else { found(&document, &from).cloned() };
            put(&mut document, &steps, value.ok_or_else(missing)?, false).ok_or_else(missing)?;
        }
        other => return Err(format!("{other:?} is no change of JSON Patch")),
    }
    Ok(document)
}

fn steps(pointer: &str) -> Option<Vec<String>> {
    if pointer.is_empty() {
        return Some(Vec::new());
    }
    Some(pointer.strip_prefix('/')?.split('/').map(|step| step.replace("~1", "/").replace("~0", "~")).collect())
}

fn found<'v>(value: &'v Value, steps: &[String]) -> Option<&'v Value> {
    steps.iter().try_fold(value, |value, step| match value {
        Value::List(list) => list.get(step.parse::<usize>().ok()?),
        other => other.get(step),
    })
}

fn holder<'v>(value: &'v mut Value, steps: &[String]) -> Option<&'v mut Value> {
    steps.iter().try_fold(value, |value, step| match value {
        Value::List(list) => list.get_mut(step.parse::<usize>().ok()?),
        Value::Map(map) => map.get_mut(step),
        _ => None,
    })
}

fn take(document: &mut Value, steps: &[String]) -> Option<Value> {
    let (last, before) = steps.split_last()?;
    match holder(document, before)? {
        Value::Map(map) => map.remove(last),
        Value::List(list) => {
            let at = last.parse::<usize>().ok().filter(|at| *at < list.len())?;
            Some(list.remove(at))
        }
        _ => None,
    }
}

fn put(document: &mut Value, steps: &[String], value: Value, replaces: bool) -> Option<()> {
    let Some((last, before)) = steps.split_last() else {
        *document = value;
        return Some(());
    };
    match holder(document, before)? {
        Value::Map(map) => {
            (!replaces || map.get(last).is_some()).then_some(())?;
            map.insert(last.as_str(), value);
        }
        Value::List(list) if replaces => *list.get_mut(last.parse::<usize>().ok()?)? = value,
        Value::List(list) if last == "-" => list.push(value),
        Value::List(list) => {
            let at = last.parse::<usize>().ok().filter(|at| *at <= list.len())?;
            list.insert(at, value);
        }
        _ => return None,
    }
    Some(())
}

/// A body over what is known. Each value takes the place of the one before; only what identifies an object under
/// `metadata` stays.
pub(super) fn merged(facts: &mut Map, body: &Map) {
    for (key, value) in body.iter() {
        match (facts.get_mut(key), value) {
            (Some(Value::Map(inner)), Value::Map(more)) if !more.is_empty() && key == "metadata" => merged(inner, more),
            _ => drop(facts.insert(key, value.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn run(document: &str, changes: &str) -> Result<String, String> {
        let changes: Vec<Value> = serde_json::from_str(changes).unwrap();
        patched(serde_json::from_str(document).unwrap(), &changes).map(|it| serde_json::to_string(&it).unwrap())
    }

    #[test]
    fn changes_are_made_in_their_order() {
        for (changes, result) in [
            (r#"[{"op":"add","path":"/l/-","value":3},{"op":"remove","path":"/a"}]"#, Ok(r#"{"l":[1,2,3]}"#)),
            (
                r#"[{"op":"replace","path":"/a","value":{"x":1}},{"op":"add","path":"/l/0","value":0}]"#,
                Ok(r#"{"a":{"x":1},"l":[0,1,2]}"#),
            ),
            (r#"[{"op":"move","from":"/a","path":"/b~1c"}]"#, Ok(r#"{"l":[1,2],"b/c":1}"#)),
            (r#"[{"op":"test","path":"/a","value":1}]"#, Ok(r#"{"a":1,"l":[1,2]}"#)),
            (r#"[{"op":"test","path":"/a","value":2}]"#, Err("/a has another value")),
            (r#"[{"op":"replace","path":"/z","value":2}]"#, Err("there is nothing at /z")),
            (r#"[{"op":"remove","path":"/l/9"}]"#, Err("there is nothing at /l/9")),
            (r#"[{"op":"x","path":"/l"}]"#, Err("\"x\" is no change of JSON Patch")),
            (r#"[5]"#, Err("each change needs a path")),
        ] {
            assert_eq!(
                run(r#"{"a":1,"l":[1,2]}"#, changes),
                result.map(str::to_owned).map_err(str::to_owned),
                "{changes}"
            );
        }
    }

    #[test]
    fn a_body_takes_the_place_of_what_was_known() {
        let map = |text: &str| serde_json::from_str::<Value>(text).unwrap().as_map().unwrap().clone();
        let mut facts = map(r#"{"a":{"x":1},"metadata":{"name":"n","labels":{}}}"#);
        merged(&mut facts, &map(r#"{"a":{"y":2},"metadata":{"labels":{"l":"1"}}}"#));
        assert_eq!(
            serde_json::to_string(&Value::Map(facts)).unwrap(),
            r#"{"a":{"y":2},"metadata":{"name":"n","labels":{"l":"1"}}}"#
        );
    }

    proptest! {
        #[test]
        fn no_change_panics(op in "add|remove|replace|move|copy|test", path in "[/a-c0-9~-]{0,8}", from in "[/a-c0-9~-]{0,8}") {
            let changes = format!(r#"[{{"op":"{op}","path":"{path}","from":"{from}","value":{{"a":[1]}}}}]"#);
            let _ = run(r#"{"a":[{"b":1}],"c":2}"#, &changes);
        }
    }
}

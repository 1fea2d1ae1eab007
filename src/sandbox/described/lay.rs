//! Values that are known laid over values that are made up, as far as they fit the schema.

use model::{Map, Value};
use openapi::{Kind, Schemas};

use super::check::fits;

/// How deep values are laid over each other.
const DEEPEST: usize = 16;
/// Fields by which an object is named where only its name is given.
const NAMES: [&str; 5] = ["id", "name", "slug", "uuid", "key"];

/// The value `known` over the value `base` of a schema.
pub(super) fn over(schemas: &Schemas, id: usize, base: Value, known: &Value) -> Value {
    // Of an object of which nothing is known, all is made up.
    if known.as_map().is_some_and(Map::is_empty) { base } else { laid(schemas, id, base, known, DEEPEST) }
}

fn laid(schemas: &Schemas, id: usize, base: Value, known: &Value, left: usize) -> Value {
    let (Some(schema), Some(left)) = (schemas.get(id), left.checked_sub(1)) else { return base };
    match (base, known) {
        (Value::Map(mut map), Value::Map(known)) => {
            let bare = schema.properties.is_empty() && schema.branches.is_empty() && !schema.closed;
            for (key, value) in known.iter() {
                let (property, before) = (schemas.property(id, key), map.get(key).cloned());
                let described = property.map(|property| property.schema).or(schema.values);
                match (described, before) {
                    (Some(inner), before) => {
                        // A key that is given takes the place of one that is made up.
                        let base = before.unwrap_or_else(|| empty(schemas, inner, value));
                        let found = laid(schemas, inner, base, value, left);
                        map.insert(key, found);
                    }
                    // Beside what is described, nothing is shown: a password that was sent is not sent back.
                    (None, _) if bare => drop(map.insert(key, value.clone())),
                    (None, _) => {}
                }
            }
            if schema.properties.is_empty() && schema.values.is_some() {
                map = map.into_iter().filter(|(key, _)| known.get(key).is_some()).collect();
            }
            Value::Map(map)
        }
        (Value::Map(mut map), Value::Text(_) | Value::Int(_)) if !fits(schemas, id, known) => {
            let fitting =
                |name: &&&str| schemas.property(id, name).is_some_and(|property| fits(schemas, property.schema, known));
            if let Some(name) = NAMES.iter().find(fitting) {
                map.insert(*name, known.clone());
            }
            Value::Map(map)
        }
        (_, known) if fits(schemas, id, known) => known.clone(),
        (Value::List(made), Value::List(known)) => of_members(schemas, schema.items, made, known, left),
        (base, _) => base,
    }
}

/// Each member that is known over the one that is made up.
fn of_members(schemas: &Schemas, items: Option<usize>, made: Vec<Value>, known: &[Value], left: usize) -> Value {
    let Some((items, pattern)) = items.zip(made.first().cloned()) else { return Value::List(made) };
    Value::List(known.iter().map(|member| laid(schemas, items, pattern.clone(), member, left)).collect())
}

/// The value used where none was made up.
fn empty(schemas: &Schemas, id: usize, known: &Value) -> Value {
    match known {
        Value::Map(_) if schemas.get(id).is_some_and(|it| it.allows(Kind::Map) || it.kinds.is_empty()) => {
            Value::Map(Map::new())
        }
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::schema;
    use super::*;
    use crate::kit::rest::json;

    #[test]
    fn what_is_known_is_kept_where_it_fits() {
        let text = r#"{"properties":{"id":{"type":"integer"},"name":{"type":"string"},"image":{"type":"object","properties":{"id":{"type":"integer"},"name":{"type":"string"}}},
            "labels":{"type":"object","additionalProperties":{"type":"string"}},"tags":{"type":"array","items":{"type":"string"}},
            "nets":{"type":"array","items":{"type":"object","properties":{"id":{"type":"integer"}}}}},"additionalProperties":false}"#;
        let (schemas, id) = schema(text);
        for (known, shown) in [
            (
                r#"{"name":"web","no":1}"#,
                r#"{"id":1,"name":"web","image":{"id":1,"name":"i"},"labels":{"example":"x"},"tags":["t"],"nets":[{"id":1}]}"#,
            ),
            (
                r#"{"image":"debian","labels":{"a":"b"}}"#,
                r#"{"id":1,"name":"n","image":{"id":1,"name":"debian"},"labels":{"a":"b"},"tags":["t"],"nets":[{"id":1}]}"#,
            ),
            (
                r#"{"image":7,"tags":[],"nets":[5,6]}"#,
                r#"{"id":1,"name":"n","image":{"id":7,"name":"i"},"labels":{"example":"x"},"tags":[],"nets":[{"id":5},{"id":6}]}"#,
            ),
            (
                r#"{"id":"x","tags":"y","image":{"name":"z"}}"#,
                r#"{"id":1,"name":"n","image":{"id":1,"name":"z"},"labels":{"example":"x"},"tags":["t"],"nets":[{"id":1}]}"#,
            ),
        ] {
            let base = r#"{"id":1,"name":"n","image":{"id":1,"name":"i"},"labels":{"example":"x"},"tags":["t"],"nets":[{"id":1}]}"#;
            let found = over(&schemas, id, serde_json::from_str(base).unwrap(), &serde_json::from_str(known).unwrap());
            assert_eq!(String::from_utf8(json::write(&found)).unwrap(), shown, "{known}");
        }
    }
}

//! JSON schemas, as far as a line needs them: the type of a value, and which values are allowed.

use super::text;
use model::{Map, Type, Value};

/// How many references are followed one after the other.
const DEEPEST: usize = 12;

/// Looks a reference up.
type Find<'f, 'v> = &'f dyn Fn(&str) -> Option<&'v Value>;

/// The type that a schema describes, and its allowed values. References are looked up with `find`.
pub(super) fn read<'v>(schema: &'v Value, find: Find<'_, 'v>) -> (Type, Vec<Value>) {
    let Some(schema) = followed(schema, find, DEEPEST) else { return (Type::Any, Vec::new()) };
    let enums = ["enum", "enums"].iter().find_map(|key| schema.get(key)?.as_list());
    let choices = enums.unwrap_or_default().iter().filter(|it| is_plain(it)).take(text::CHOICES).cloned().collect();
    (type_of(schema, find), choices)
}

/// The schema that a schema refers to, itself if it refers to none; `None` if there is none, or if references lead in a
/// circle.
pub(super) fn followed<'v>(schema: &'v Value, find: Find<'_, 'v>, left: usize) -> Option<&'v Value> {
    match schema.get("$ref").and_then(Value::as_str) {
        None => Some(schema),
        Some(_) if left == 0 => None,
        Some(name) => followed(find(name)?, find, left - 1),
    }
}

fn is_plain(value: &Value) -> bool {
    match value {
        Value::Text(choice) => text::name(choice).is_some(),
        Value::Int(_) | Value::Bool(_) | Value::Decimal(_) => true,
        _ => false,
    }
}

fn type_of<'v>(schema: &'v Value, find: Find<'_, 'v>) -> Type {
    let word = match schema.get("type") {
        Some(Value::Text(word)) => word.as_str(),
        // A type or null is the type: null is what is not given.
        Some(Value::List(words)) => {
            let mut words = words.iter().filter_map(Value::as_str).filter(|word| *word != "null");
            match (words.next(), words.next()) {
                (Some(word), None) => word,
                _ => return Type::Any,
            }
        }
        _ => return Type::Any,
    };
    match word {
        "string" => Type::String,
        "integer" => Type::Int,
        "number" => Type::Float,
        "boolean" => Type::Boolean,
        "object" => Type::Dict,
        "array" => {
            let member = schema.get("items").and_then(|items| followed(items, find, DEEPEST));
            // Only the outermost list has a type for its members: deeper ones could refer to themselves.
            let member = member.map(|member| member.get("type").and_then(Value::as_str).unwrap_or_default());
            Type::List(Box::new(match member {
                Some("string") => Type::String,
                Some("integer") => Type::Int,
                Some("number") => Type::Float,
                Some("boolean") => Type::Boolean,
                Some("object") => Type::Dict,
                _ => Type::Any,
            }))
        }
        "null" => Type::None,
        _ => Type::Any,
    }
}

/// The member of a document at a JSON pointer such as `#/components/schemas/Pet`.
pub(super) fn at<'v>(document: &'v Value, pointer: &str) -> Option<&'v Value> {
    let path = pointer.strip_prefix("#/")?;
    // The fragment of an address is decoded before the signs of a pointer are.
    path.split('/').try_fold(document, |value, step| {
        let step = model::escape::unform(&step.replace('+', "%2B")).replace("~1", "/").replace("~0", "~");
        match value {
            Value::Map(map) => map.get(&step),
            Value::List(list) => list.get(step.parse::<usize>().ok()?),
            _ => None,
        }
    })
}

/// The members of a dictionary; none if the value is something else.
pub(super) fn members(value: Option<&Value>) -> Option<&Map> {
    match value {
        Some(Value::Map(map)) => Some(map),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_become_types_and_references_end() {
        let document: Value = serde_json::from_str(
            r##"{"a/b":{"type":"integer"},"loop":{"$ref":"#/loop"},"one":{"$ref":"#/a~1b"},"two":{"$ref":"#/a%7E1b"},"l":[{"type":"string"}]}"##,
        )
        .unwrap();
        for (schema, type_, choices) in [
            (r#"{"type":"string","enum":["a","b",{}]}"#, "string", 2),
            (r#"{"type":["integer","null"]}"#, "int", 0),
            (r#"{"type":["integer","string"]}"#, "any", 0),
            (r#"{"type":"array","items":{"type":"boolean"}}"#, "list:boolean", 0),
            (r##"{"type":"array","items":{"$ref":"#/loop"}}"##, "list", 0),
            (r##"{"$ref":"#/one"}"##, "int", 0),
            (r##"{"$ref":"#/two"}"##, "int", 0),
            (r##"{"$ref":"#/l/0"}"##, "string", 0),
            (r##"{"$ref":"#/loop"}"##, "any", 0),
            (r##"{"$ref":"#/nowhere"}"##, "any", 0),
            (r##"{"$ref":"http://elsewhere/x"}"##, "any", 0),
            ("{}", "any", 0),
            ("5", "any", 0),
        ] {
            let schema: Value = serde_json::from_str(schema).unwrap();
            let find = |name: &str| at(&document, name);
            let (found, allowed) = read(&schema, &find);
            assert_eq!((found.to_string().as_str(), allowed.len()), (type_, choices), "{schema:?}");
        }
        assert!(members(Some(&document)).is_some() && members(None).is_none());
    }
}

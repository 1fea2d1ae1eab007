//! Values against the schemas of a document.

use std::net::{Ipv4Addr, Ipv6Addr};

use model::{Map, Value};
use openapi::{Kind, Schema, Schemas};

/// How deep values are checked.
const DEEPEST: usize = 24;

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// The path of the value, empty for all of it.
    pub(super) at: String,
    /// What it must be.
    pub(super) words: String,
}

impl Fault {
    /// A fault of the whole value.
    pub(super) fn new(words: impl Into<String>) -> Fault {
        Fault { at: String::new(), words: words.into() }
    }

    /// The same, seen from the value that this one is in.
    pub(super) fn inside(self, name: &str) -> Fault {
        let at = if self.at.is_empty() { name.to_owned() } else { format!("{name}.{}", self.at) };
        Fault { at, ..self }
    }

    /// One sentence.
    pub(super) fn sentence(&self) -> String {
        format!("{} {}", if self.at.is_empty() { "the body" } else { &self.at }, self.words)
    }
}

/// What is wrong with a value of that schema, if anything.
pub(super) fn fault(schemas: &Schemas, id: usize, value: &Value) -> Option<Fault> {
    Checker { schemas }.fault(id, value, DEEPEST)
}

/// Whether a value fits a schema; whatever is not described fits.
pub(super) fn fits(schemas: &Schemas, id: usize, value: &Value) -> bool {
    fault(schemas, id, value).is_none()
}

/// Texts of a form or an address as the types that a schema wants.
pub(super) fn typed(schemas: &Schemas, id: Option<usize>, value: Value) -> Value {
    Checker { schemas }.typed(id, value, DEEPEST)
}

struct Checker<'s> {
    schemas: &'s Schemas,
}

impl Checker<'_> {
    fn fault(&self, id: usize, value: &Value, left: usize) -> Option<Fault> {
        let schema = self.schemas.get(id)?;
        let left = left.checked_sub(1)?;
        if *value == Value::Null {
            let free = schema.nullable || schema.kinds.is_empty();
            return (!free).then(|| Fault::new("must not be null"));
        }
        if !schema.kinds.is_empty() && !kind(value).is_some_and(|kind| schema.allows(kind)) {
            let names: Vec<&str> = schema.kinds.iter().map(|kind| named(*kind)).collect();
            return Some(Fault::new(format!("must be {}", names.join(" or "))));
        }
        if !schema.choices.is_empty() && !schema.choices.contains(value) {
            let words: Vec<String> = schema.choices.iter().take(12).map(Value::plain).collect();
            return Some(Fault::new(format!("must be one of {}", words.join(", "))));
        }
        let own = match value {
            Value::Text(text) => of_text(schema, text),
            Value::Int(number) => of_number(schema, *number),
            Value::List(members) => self.of_list(schema, members, left),
            Value::Map(map) => self.of_map(schema, map, left),
            _ => None,
        };
        if let Some(branch) = chosen(schema, value) {
            return own.or_else(|| self.fault(branch, value, left));
        }
        own.or_else(|| schema.branches.iter().find_map(|group| self.of_branches(group, value, left)))
    }

    /// The fault of the branch that is most likely meant, if none of them fits.
    fn of_branches(&self, group: &[usize], value: &Value, left: usize) -> Option<Fault> {
        let mut first: Option<Fault> = None;
        for branch in group {
            let found = self.fault(*branch, value, left)?;
            let of_kind = self.schemas.get(*branch).is_some_and(|it| kind(value).is_some_and(|kind| it.allows(kind)));
            if first.is_none() || of_kind && first.as_ref().is_some_and(|it| it.at.is_empty()) {
                first = Some(found);
            }
        }
        first
    }

    fn of_list(&self, schema: &Schema, members: &[Value], left: usize) -> Option<Fault> {
        let size = of_length(schema, members.len(), "members");
        let items = schema.items?;
        let member = || {
            members.iter().enumerate().find_map(|(nth, it)| Some(self.fault(items, it, left)?.inside(&nth.to_string())))
        };
        size.or_else(member)
    }

    fn of_map(&self, schema: &Schema, map: &Map, left: usize) -> Option<Fault> {
        for property in schema.properties.iter().filter(|property| property.required) {
            let given_by_us = self.schemas.get(property.schema).is_some_and(|it| it.read_only);
            if map.get(&property.name).is_none() && !given_by_us {
                return Some(Fault::new("is required").inside(&property.name));
            }
        }
        map.iter().find_map(|(key, value)| {
            let found = match (schema.property(key), schema.values) {
                (Some(property), _) => self.fault(property.schema, value, left),
                (None, Some(values)) => self.fault(values, value, left),
                (None, None) if schema.closed && schema.branches.is_empty() => Some(Fault::new("is not known")),
                (None, None) => None,
            };
            found.map(|fault| fault.inside(key))
        })
    }

    fn typed(&self, id: Option<usize>, value: Value, left: usize) -> Value {
        let (Some(schema), Some(left)) = (id.and_then(|id| self.schemas.get(id)), left.checked_sub(1)) else {
            return value;
        };
        match value {
            Value::Text(text) => self.of_word(schema, text, left),
            Value::Map(map) if schema.allows(Kind::List) && map.keys().all(|key| key.parse::<u32>().is_ok()) => {
                Value::List(map.into_iter().map(|(_, it)| self.typed(schema.items, it, left)).collect())
            }
            Value::Map(map) => {
                let member = |(key, it): (String, Value)| {
                    let of = schema.property(&key).map(|property| property.schema).or(schema.values);
                    let typed = self.typed(of, it, left);
                    (key, typed)
                };
                Value::Map(map.into_iter().map(member).collect())
            }
            Value::List(list) => Value::List(list.into_iter().map(|it| self.typed(schema.items, it, left)).collect()),
            other => other,
        }
    }

    fn of_word(&self, schema: &Schema, text: String, left: usize) -> Value {
        let number = (schema.allows(Kind::Int) || schema.allows(Kind::Number)).then(|| Value::number(&text)).flatten();
        if let Some(number) = number {
            return number;
        }
        match text.as_str() {
            "true" if schema.allows(Kind::Bool) => return true.into(),
            "false" if schema.allows(Kind::Bool) => return false.into(),
            _ => {}
        }
        let branch = |id: &usize| {
            let found = self.typed(Some(*id), Value::Text(text.clone()), left);
            found.as_str().is_none().then_some(found)
        };
        let found = schema.branches.iter().flatten().find_map(branch);
        found.unwrap_or(Value::Text(text))
    }
}

/// The branch that a value says it follows.
fn chosen(schema: &Schema, value: &Value) -> Option<usize> {
    let (chooser, branches) = schema.chooser.as_ref()?;
    let said = value.get(chooser)?;
    branches.iter().find(|(known, _)| known == said).map(|(_, branch)| *branch)
}

fn kind(value: &Value) -> Option<Kind> {
    match value {
        Value::Bool(_) => Some(Kind::Bool),
        Value::Int(_) => Some(Kind::Int),
        Value::Decimal(_) => Some(Kind::Number),
        Value::Text(_) | Value::Date(_) => Some(Kind::Text),
        Value::List(_) => Some(Kind::List),
        Value::Map(_) => Some(Kind::Map),
        _ => None,
    }
}

fn named(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "a string",
        Kind::Int => "a whole number",
        Kind::Number => "a number",
        Kind::Bool => "true or false",
        Kind::Map => "an object",
        Kind::List => "a list",
    }
}

fn of_text(schema: &Schema, text: &str) -> Option<Fault> {
    let wrong = match schema.format.as_str() {
        "ipv4" => text.parse::<Ipv4Addr>().is_err().then_some("must be an IPv4 address"),
        "ipv6" => text.parse::<Ipv6Addr>().is_err().then_some("must be an IPv6 address"),
        "uuid" => (!is_uuid(text)).then_some("must be a UUID"),
        _ => None,
    };
    wrong.map(Fault::new).or_else(|| of_length(schema, text.chars().count(), "characters"))
}

fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}

fn of_length(schema: &Schema, length: usize, unit: &str) -> Option<Fault> {
    match (schema.shortest, schema.longest) {
        (Some(least), _) if length < least => Some(Fault::new(format!("must have at least {least} {unit}"))),
        (_, Some(most)) if length > most => Some(Fault::new(format!("must have at most {most} {unit}"))),
        _ => None,
    }
}

fn of_number(schema: &Schema, number: i64) -> Option<Fault> {
    match (schema.min, schema.max) {
        (Some(min), _) if number < min => Some(Fault::new(format!("must be at least {min}"))),
        (_, Some(max)) if number > max => Some(Fault::new(format!("must be at most {max}"))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{schema, schema_of};
    use super::*;

    #[test]
    fn what_does_not_fit_is_named() {
        for (text, value, said) in [
            (r#"{"type":"integer","minimum":1}"#, "0", "the body must be at least 1"),
            (r#"{"type":"integer"}"#, "\"1\"", "the body must be a whole number"),
            (r#"{"type":"number"}"#, "1", ""),
            (r#"{"type":"integer"}"#, "1.5", "the body must be a whole number"),
            (r#"{"type":["string","null"]}"#, "null", ""),
            (r#"{"type":"string"}"#, "null", "the body must not be null"),
            (r#"{"enum":["a","b"]}"#, "\"c\"", "the body must be one of a, b"),
            (r#"{"type":"string","format":"ipv4"}"#, "\"1.2.3\"", "the body must be an IPv4 address"),
            (r#"{"type":"string","format":"uuid"}"#, "\"x\"", "the body must be a UUID"),
            (r#"{"type":"string","maxLength":1}"#, "\"ab\"", "the body must have at most 1 characters"),
            (r#"{"required":["n"],"properties":{"n":{"type":"string"}}}"#, "{}", "n is required"),
            (r#"{"required":["n"],"properties":{"n":{"type":"string","readOnly":true}}}"#, "{}", ""),
            (r#"{"properties":{"n":{"items":{"type":"integer"}}}}"#, r#"{"n":[1,"x"]}"#, "n.1 must be a whole number"),
            (r#"{"additionalProperties":{"type":"string"}}"#, r#"{"n":1}"#, "n must be a string"),
            (r#"{"properties":{"n":{}},"additionalProperties":false}"#, r#"{"m":1}"#, "m is not known"),
            (r#"{"oneOf":[{"type":"integer"},{"required":["n"],"properties":{"n":{}}}]}"#, "{}", "n is required"),
            (r#"{"anyOf":[{"type":"integer"},{"type":"string"}]}"#, "\"a\"", ""),
            ("{}", "[1]", ""),
        ] {
            let (schemas, id) = schema(text);
            let value: Value = serde_json::from_str(value).unwrap();
            let found = fault(&schemas, id, &value).map(|fault| fault.sentence()).unwrap_or_default();
            assert_eq!(found, said, "{text} {value:?}");
        }
    }

    #[test]
    fn the_value_that_chooses_a_branch_says_what_is_missing() {
        let (schemas, id) = schema_of(
            r##"{"s":{"oneOf":[{"$ref":"#/A"},{"$ref":"#/B"}],"discriminator":{"propertyName":"kind","mapping":{"a":"#/A","b":"#/B"}}},
                "A":{"required":["kind","ip"],"properties":{"kind":{"type":"string"},"ip":{"type":"string"}}},
                "B":{"required":["kind","host"],"properties":{"kind":{"type":"string"},"host":{"type":"string"}}}}"##,
        );
        for (value, said) in [
            (r#"{"kind":"a","ip":"x"}"#, ""),
            (r#"{"kind":"b","ip":"x"}"#, "host is required"),
            (r#"{"kind":"a","host":"x"}"#, "ip is required"),
            // What chooses none of them has to fit one of them.
            (r#"{"kind":"c","host":"x"}"#, ""),
            (r#"{"kind":"c"}"#, "ip is required"),
        ] {
            let value: Value = serde_json::from_str(value).unwrap();
            let found = fault(&schemas, id, &value).map(|fault| fault.sentence()).unwrap_or_default();
            assert_eq!(found, said, "{value:?}");
        }
    }

    #[test]
    fn texts_of_forms_get_their_types() {
        let (schemas, id) = schema(
            r#"{"properties":{"n":{"type":"integer"},"f":{"type":"boolean"},"l":{"items":{"type":"number"}},"t":{"type":"string"},
                "m":{"properties":{"x":{"anyOf":[{"type":"integer"},{"enum":[""]}]}}}}}"#,
        );
        let given = crate::kit::rest::form::read("n=5&f=true&l[]=1.5&t=7&m[x]=3");
        let typed = typed(&schemas, Some(id), given.into());
        let text = String::from_utf8(crate::kit::rest::json::write(&typed)).unwrap();
        assert_eq!(text, r#"{"n":5,"f":true,"l":[1.5],"t":"7","m":{"x":3}}"#);
    }
}

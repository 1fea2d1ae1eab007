//! Values made up from schemas: the same for the same schema, the same name and the same object.

use model::{Decimal, Map, Value};
use openapi::{Kind, Schema, Schemas};

use super::check::fits;
use super::text::{self, About};
use super::words;

/// Schemas may contain each other; below this depth nothing is made up that is not required.
const DEEPEST: usize = 7;
/// The depth below which only what is required is made up.
const WHOLE: usize = 4;
/// The most values of one answer.
const MOST: usize = 20_000;

/// Makes up values.
pub(super) struct Inventor<'s> {
    schemas: &'s Schemas,
    about: &'s About,
    /// How many values may still be made up.
    room: usize,
    /// The schemas around the present one.
    around: Vec<usize>,
}

/// A value of a schema; `name` is that of the field that it is for.
pub(super) fn value(schemas: &Schemas, id: usize, name: &str, about: &About) -> Value {
    Inventor { schemas, about, room: MOST, around: Vec::new() }.value(id, name)
}

impl Inventor<'_> {
    fn value(&mut self, id: usize, name: &str) -> Value {
        let schemas = self.schemas;
        let Some(schema) = schemas.get(id) else { return Value::Null };
        self.room = self.room.saturating_sub(1);
        if schema.nullable && words::is_failure(name) {
            return Value::Null;
        }
        if let Some(told) = self.told(id, schema, name) {
            return told;
        }
        self.around.push(id);
        let value = self.made(schema, name);
        self.around.pop();
        value
    }

    /// What the document itself gives as a value.
    fn told(&self, id: usize, schema: &Schema, name: &str) -> Option<Value> {
        if words::is_state(name) && !schema.choices.is_empty() {
            return words::settled(&schema.choices).cloned();
        }
        let fitting = |value: &&Value| **value != Value::Null && fits(self.schemas, id, value);
        let given = schema.example.as_ref().filter(fitting).or_else(|| schema.default.as_ref().filter(fitting));
        // An empty list or dictionary shows less than what can be made up.
        let given = given.filter(|value| match value {
            Value::List(list) => !list.is_empty(),
            Value::Map(map) => !map.is_empty(),
            _ => true,
        });
        given.or(schema.choices.first()).cloned()
    }

    fn made(&mut self, schema: &Schema, name: &str) -> Value {
        let own = match schema.kinds.first() {
            Some(Kind::Text) => Some(text::text(schema, name, self.about).into()),
            Some(Kind::Int) => Some(whole(schema, name, self.about).into()),
            Some(Kind::Number) => Some(number(schema)),
            Some(Kind::Bool) => Some(truth(name).into()),
            Some(Kind::List) => Some(self.list(schema, name)),
            Some(Kind::Map) => Some(self.map(schema).into()),
            None => None,
        };
        let branches: Vec<usize> = schema.branches.iter().filter_map(|group| group.first().copied()).collect();
        let mut value = own.unwrap_or_else(|| match branches.is_empty() {
            true => text::text(schema, name, self.about).into(),
            false => Value::Null,
        });
        for branch in branches {
            if self.around.contains(&branch) {
                continue;
            }
            match (&mut value, self.value(branch, name)) {
                (Value::Map(map), Value::Map(more)) => more.into_iter().for_each(|(key, it)| drop(map.insert(key, it))),
                (value @ Value::Null, found) => *value = found,
                _ => {}
            }
        }
        value
    }

    fn list(&mut self, schema: &Schema, name: &str) -> Value {
        let count = schema.shortest.unwrap_or(1).clamp(1, 5);
        let Some(items) = schema.items.filter(|items| self.may_have(*items, schema.shortest.is_some())) else {
            return Value::List(Vec::new());
        };
        let single = words::single(name);
        Value::List((0..count).map(|_| self.value(items, &single)).collect())
    }

    fn map(&mut self, schema: &Schema) -> Map {
        let mut map = Map::new();
        for property in &schema.properties {
            if self.may_have(property.schema, property.required) {
                let value = self.value(property.schema, &property.name);
                map.insert(property.name.as_str(), value);
            } else if property.required {
                map.insert(property.name.as_str(), self.least(property.schema));
            }
        }
        if let Some(values) = schema.values.filter(|it| schema.properties.is_empty() && self.may_have(*it, false)) {
            let value = self.value(values, "example");
            map.insert("example", value);
        }
        map
    }

    /// Whether there is room for a value inside the present one.
    fn may_have(&self, id: usize, required: bool) -> bool {
        let depth = self.around.len();
        let plain = self.schemas.get(id).is_some_and(|it| !it.allows(Kind::Map) && !it.allows(Kind::List));
        let room = self.room > 0 && depth < DEEPEST;
        room && !self.around.contains(&id) && (required || plain || depth < WHOLE)
    }

    /// The least that can stand for a value that would never end.
    fn least(&self, id: usize) -> Value {
        let schema = self.schemas.get(id);
        match schema.and_then(|schema| schema.kinds.first()) {
            _ if schema.is_some_and(|schema| schema.nullable) => Value::Null,
            Some(Kind::List) => Value::List(Vec::new()),
            Some(Kind::Text) => "example".into(),
            Some(Kind::Int | Kind::Number) => 1.into(),
            Some(Kind::Bool) => false.into(),
            _ => Value::Map(Map::new()),
        }
    }
}

fn whole(schema: &Schema, name: &str, about: &About) -> i64 {
    let usual = match words::plain(name).as_str() {
        "port" => 443,
        "ttl" => 3600,
        "progress" | "percent" => 100,
        name if name == "id" || name == "number" => about.number,
        _ => 1,
    };
    match (schema.min, schema.max) {
        (Some(min), _) if usual < min => min,
        (_, Some(max)) if usual > max => max,
        _ => usual,
    }
}

fn number(schema: &Schema) -> Value {
    let usual = || Value::Decimal(Decimal::parse("1.5").unwrap_or_else(|| 0.0.into()));
    match (schema.min, schema.max) {
        (Some(min), _) if min > 1 => min.into(),
        (_, Some(max)) if max < 2 => max.into(),
        _ => usual(),
    }
}

/// Marks are set, unless they are about something unusual.
fn truth(name: &str) -> bool {
    let name = words::plain(name);
    let unusual = [
        "delet", "disab", "lock", "block", "archiv", "protect", "suspend", "deprecat", "private", "rescue", "fork",
        "hasmore", "readonly", "fail", "expired", "revoked", "hidden", "isdir", "force", "dryrun", "draft", "template",
    ];
    !unusual.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{about, schema};
    use super::*;
    use crate::kit::rest::json;

    #[test]
    fn values_are_made_of_what_a_schema_says() {
        for (text, made) in [
            (r#"{"type":"string","example":"e","default":"d","enum":["e","d"]}"#, r#""e""#),
            (r#"{"type":"string","default":"d"}"#, r#""d""#),
            (r#"{"type":"string","enum":["c","d"]}"#, r#""c""#),
            (r#"{"type":"integer","example":"no"}"#, "1"),
            (r#"{"type":"integer","minimum":7,"maximum":9}"#, "7"),
            (r#"{"type":"integer","maximum":0}"#, "0"),
            (r#"{"type":"number","minimum":5}"#, "5"),
            (r#"{"type":"number"}"#, "1.5"),
            (r#"{"type":["boolean","null"]}"#, "true"),
            (r#"{"items":{"type":"integer"},"minItems":2}"#, "[1,1]"),
            (
                r#"{"properties":{"status":{"enum":["running","success"]},"error":{"type":["object","null"]}}}"#,
                r#"{"status":"success","error":null}"#,
            ),
            (r#"{"additionalProperties":{"type":"integer"}}"#, r#"{"example":1}"#),
            (r#"{"oneOf":[{"type":"null"},{"properties":{"n":{"type":"integer"}}},{"type":"string"}]}"#, r#"{"n":1}"#),
            (
                r#"{"properties":{"a":{"type":"integer"}},"anyOf":[{"properties":{"b":{"type":"integer"}}}]}"#,
                r#"{"a":1,"b":1}"#,
            ),
        ] {
            let (schemas, id) = schema(text);
            let value = value(&schemas, id, "x", &about());
            assert_eq!(String::from_utf8(json::write(&value)).unwrap(), made, "{text}");
            assert!(fits(&schemas, id, &value), "{text}");
        }
    }

    #[test]
    fn what_contains_itself_ends() {
        let own = r##"{"required":["me"],"properties":{"me":{"$ref":"#/s"},"l":{"type":"array","items":{"$ref":"#/s"}},"n":{"type":"integer"}}}"##;
        let (schemas, id) = schema(own);
        let value = value(&schemas, id, "x", &about());
        assert_eq!(String::from_utf8(json::write(&value)).unwrap(), r#"{"me":{},"l":[],"n":1}"#);
        // Each level has the next one ten times.
        let level = |next: usize| {
            let fields: Vec<String> = (0..10)
                .map(|n| {
                    format!(
                        r##""f{n}":{{"type":"object","required":["x"],"properties":{{"x":{{"$ref":"#/l{next}"}}}}}}"##
                    )
                })
                .collect();
            format!(r#"{{"required":["f0","f1","f2","f3","f4","f5"],"properties":{{{}}}}}"#, fields.join(","))
        };
        let levels: Vec<String> = (1..9).map(|n| format!(r#""l{n}":{}"#, level(n + 1))).collect();
        let (schemas, id) = super::super::testing::schema_of(&format!(r#"{{"s":{},{}}}"#, level(1), levels.join(",")));
        let bytes = json::write(&super::value(&schemas, id, "x", &about()));
        assert!(bytes.len() < 1_000_000, "{}", bytes.len());
    }
}

//! Schemas → types, fields and shapes of a catalogue.

use std::collections::{BTreeMap, BTreeSet};

use model::{Map, Type, Value};

use super::schema::Schema;
use super::secret::is_secret;
use super::words::{line, small};

/// How deep fields are described inside each other where they have no shape of their own.
const DEEPEST: usize = 6;
/// How deep shapes are inside each other.
const DEEPEST_SHAPE: usize = 8;
/// The most fields of one dictionary that are described.
const FIELDS: usize = 400;

/// What a schema is described for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mode {
    /// A value that is sent: what can only be read is left out.
    Given,
    /// A value that is received.
    Shown,
}

/// A type, with the fields of its dictionary.
#[derive(Clone, Debug, Default)]
pub(crate) struct Described {
    pub(crate) type_: Type,
    /// The types that a value of type `any` may have.
    pub(crate) takes: Vec<Type>,
    pub(crate) fields: Vec<Value>,
    /// How the fields of a value that is sent depend on each other.
    pub(crate) rules: Vec<Value>,
}

impl Described {
    fn plain(type_: Type) -> Described {
        Described { type_, ..Described::default() }
    }
}

/// The shapes of a catalogue, which are made as they are needed.
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    /// The names of shapes, by the place of their schema.
    known: BTreeMap<(usize, Mode), String>,
    /// Those that are being described: a shape inside itself is any dictionary.
    open: Vec<(usize, Mode)>,
    taken: BTreeSet<String>,
    /// The shapes that are complete.
    all: Vec<Value>,
}

impl Shapes {
    /// The shapes that were made.
    pub(crate) fn into_all(self) -> Vec<Value> {
        self.all
    }

    /// What a schema describes.
    pub(crate) fn describe(&mut self, schema: &Schema<'_>, mode: Mode) -> Described {
        self.at_depth(schema, mode, DEEPEST)
    }

    fn at_depth(&mut self, schema: &Schema<'_>, mode: Mode, left: usize) -> Described {
        if schema.is_record() {
            return self.record(schema, mode, left);
        }
        let kinds = schema.kinds;
        let mut types = Vec::new();
        if kinds.array || kinds.none() && schema.items.is_some() {
            let member =
                schema.items.filter(|_| left > 0).map(|items| self.at_depth(&Schema::of(items), mode, left - 1));
            let member = member.unwrap_or_default();
            let list = Type::List(Box::new(member.type_.clone()));
            if !(kinds.string || kinds.object || kinds.integer || kinds.number || kinds.boolean) {
                let fields = if member.type_ == Type::Dict { member.fields } else { Vec::new() };
                let rules = if fields.is_empty() { Vec::new() } else { member.rules };
                return Described { type_: list, fields, rules, takes: Vec::new() };
            }
            types.push(Type::List(Box::new(Type::Any)));
        }
        let dictionary = || kinds.object || kinds.none() && (schema.values.is_some() || schema.open);
        if dictionary() {
            let only = !(kinds.string || kinds.array || kinds.integer || kinds.number || kinds.boolean);
            match schema.values.filter(|_| only && left > 0) {
                Some(values) => return self.map_of(&Schema::of(values), mode, left),
                None => types.push(Type::Dict),
            }
        }
        types.extend(singles(schema));
        match types.as_slice() {
            [] => Described::plain(by_choices(schema)),
            [only] => Described::plain(only.clone()),
            _ => Described { type_: Type::Any, takes: types, ..Described::default() },
        }
    }

    fn map_of(&mut self, values: &Schema<'_>, mode: Mode, left: usize) -> Described {
        let inner = self.at_depth(values, mode, left - 1);
        let fields = if inner.type_ == Type::Dict { inner.fields } else { Vec::new() };
        Described { type_: Type::MapOf(Box::new(inner.type_)), fields, ..Described::default() }
    }

    /// A dictionary with named fields: a shape if its schema has a name.
    fn record(&mut self, schema: &Schema<'_>, mode: Mode, left: usize) -> Described {
        let key = (schema.place, mode);
        if let Some(name) = self.known.get(&key) {
            return Described::plain(Type::Shape(name.clone()));
        }
        let deep = self.open.len() >= DEEPEST_SHAPE;
        let named = schema.name.map(own_part).and_then(small).filter(|_| schema.place != 0);
        if self.open.contains(&key) || left == 0 || deep && named.is_some() {
            return Described::plain(Type::Dict);
        }
        let Some(name) = named else {
            let fields = self.fields(schema, mode, left - 1);
            let rules = rules(schema, mode, &fields);
            return Described { type_: Type::Dict, fields, rules, takes: Vec::new() };
        };
        self.open.push(key);
        let fields = self.fields(schema, mode, DEEPEST);
        self.open.pop();
        if fields.is_empty() {
            return Described::plain(Type::Dict);
        }
        let name = self.free(&name, mode);
        let mut shape = Map::new();
        shape.insert("name", name.as_str());
        let rules = rules(schema, mode, &fields);
        shape.insert("fields", fields);
        if !rules.is_empty() {
            shape.insert("rules", rules);
        }
        self.all.push(shape.into());
        self.known.insert(key, name.clone());
        Described::plain(Type::Shape(name))
    }

    /// A name that no shape has yet.
    fn free(&mut self, name: &str, mode: Mode) -> String {
        let own = if mode == Mode::Given { format!("{name}_input") } else { name.to_owned() };
        let numbered = (2..).map(|number| format!("{own}_{number}"));
        let free =
            std::iter::once(own.clone()).chain(numbered).find(|name| !self.taken.contains(name)).unwrap_or(own.clone());
        self.taken.insert(free.clone());
        free
    }

    fn fields(&mut self, schema: &Schema<'_>, mode: Mode, left: usize) -> Vec<Value> {
        let mut fields = Vec::new();
        for property in schema.properties.iter().take(FIELDS).filter(|property| !property.name.is_empty()) {
            let inner = property.schema();
            if mode == Mode::Shown && inner.write_only {
                continue;
            }
            let described = self.at_depth(&inner, mode, left);
            let beside = schema.properties.iter().map(|other| other.name);
            let mut field = Map::new();
            field.insert("name", property.name);
            limits(&mut field, &inner, &described);
            let read_only = mode == Mode::Given && inner.read_only;
            if !property.required || read_only {
                field.insert("optional", true);
            }
            if read_only {
                // An object that was read may be given as it is.
                field.insert("read_only", true);
            }
            if is_secret(property.name, &inner, beside) {
                field.insert("secret", true);
            }
            if !described.fields.is_empty() {
                field.insert("fields", described.fields);
            }
            if !described.rules.is_empty() {
                field.insert("rules", described.rules);
            }
            if inner.deprecated && mode == Mode::Given {
                let summary = field.get("summary").and_then(Value::as_str).unwrap_or_default();
                field.insert("summary", format!("(deprecated) {summary}").trim_end().to_owned());
            }
            fields.push(field.into());
        }
        fields
    }
}

/// The last part of a name that begins with those of packages, such as `io.k8s.api.core.v1.Pod`.
fn own_part(name: &str) -> &str {
    let last = name.rsplit('.').next().filter(|last| !last.is_empty());
    last.filter(|_| name.matches('.').count() > 1).unwrap_or(name)
}

/// How the fields of a value that is sent depend on each other.
fn rules(schema: &Schema<'_>, mode: Mode, fields: &[Value]) -> Vec<Value> {
    let known = |name: &str| fields.iter().any(|field| field.get("name").and_then(Value::as_str) == Some(name));
    let rules = || schema.rules(|name| known(name).then(|| name.to_owned()));
    if mode == Mode::Given { rules() } else { Vec::new() }
}

/// The types of single values that a schema allows.
fn singles(schema: &Schema<'_>) -> Vec<Type> {
    let kinds = schema.kinds;
    let dated = ["date", "date-time"].contains(&schema.format) && schema.choices.is_empty();
    let mut types = Vec::new();
    if kinds.string {
        types.push(if dated { Type::Date } else { Type::String });
    }
    match (kinds.integer, kinds.number) {
        (_, true) => types.push(Type::Float),
        (true, false) => types.push(Type::Int),
        (false, false) => {}
    }
    if kinds.boolean {
        types.push(Type::Boolean);
    }
    types
}

/// The type of a value of which only the allowed values are known.
fn by_choices(schema: &Schema<'_>) -> Type {
    let all = |fits: fn(&Value) -> bool| !schema.choices.is_empty() && schema.choices.iter().all(fits);
    match () {
        () if all(|value| matches!(value, Value::Text(_))) => Type::String,
        () if all(|value| matches!(value, Value::Int(_))) => Type::Int,
        () if all(|value| matches!(value, Value::Bool(_))) => Type::Boolean,
        () => Type::Any,
    }
}

/// Writes the type and the limits of a value, as far as they fit each other: a document may contradict itself.
pub(crate) fn limits(entry: &mut Map, schema: &Schema<'_>, described: &Described) {
    if described.type_ != Type::Any {
        entry.insert("type", described.type_.to_string());
    }
    if !described.takes.is_empty() {
        let takes = described.takes.iter().map(|type_| type_.to_string().into()).collect::<Vec<Value>>();
        entry.insert("takes", takes);
    }
    let summary = line(schema.description);
    if !summary.is_empty() {
        entry.insert("summary", summary);
    }
    // The limits of a list are those of its members, except for its length.
    let inner = schema.items.filter(|_| matches!(described.type_, Type::List(_))).map(Schema::of);
    let one = inner.as_ref().unwrap_or(schema);
    let type_ = match &described.type_ {
        Type::List(member) => member,
        other => other,
    };
    let choices: Vec<Value> = one.choices.iter().filter(|choice| fits(choice, type_)).cloned().collect();
    if !choices.is_empty() && choices.len() == one.choices.len() {
        entry.insert("choices", choices);
    }
    if matches!(type_, Type::Int | Type::Float) && one.min.zip(one.max).is_none_or(|(min, max)| min <= max) {
        put(entry, "min", one.min);
        put(entry, "max", one.max);
        put(entry, "step", one.step.filter(|_| *type_ == Type::Int));
    }
    // A list that is written as one text has no length of its own.
    let counted = match described.type_ {
        Type::String => !schema.kinds.array,
        Type::List(_) => true,
        _ => false,
    };
    if counted && schema.min_length.zip(schema.max_length).is_none_or(|(min, max)| min <= max) {
        put(entry, "min_length", schema.min_length.and_then(|length| i64::try_from(length).ok()));
        put(entry, "max_length", schema.max_length.and_then(|length| i64::try_from(length).ok()));
    }
    if schema.distinct && matches!(described.type_, Type::List(_)) {
        entry.insert("distinct", true);
    }
    let pattern = ["ipv4", "ipv6"].into_iter().find(|known| *known == one.format);
    if let Some(pattern) = pattern.filter(|_| *type_ == Type::String) {
        entry.insert("pattern", pattern);
    }
}

fn put(entry: &mut Map, key: &str, number: Option<i64>) {
    if let Some(number) = number {
        entry.insert(key, number);
    }
}

/// Whether a value is of a type.
pub(crate) fn fits(value: &Value, type_: &Type) -> bool {
    match type_ {
        Type::String => matches!(value, Value::Text(_)),
        Type::Int => matches!(value, Value::Int(_)),
        Type::Float => matches!(value, Value::Int(_) | Value::Decimal(_)),
        Type::Boolean => matches!(value, Value::Bool(_)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::Library;
    use crate::node::Node;

    fn described(schema: &str, mode: Mode) -> (Described, Vec<Value>) {
        let text = format!(
            r##"{{"s":{schema},"Zone":{{"type":"object","required":["id"],"properties":{{"id":{{"type":"integer","readOnly":true}},
                "name":{{"type":"string"}},"token":{{"type":"string"}},"up":{{"$ref":"#/Zone"}}}}}}}}"##
        );
        let library = Library::of(serde_json::from_str(&text).unwrap());
        let mut shapes = Shapes::default();
        let found = shapes.describe(&Schema::of(Node::root(&library).unwrap().get("s").unwrap()), mode);
        (found, shapes.into_all())
    }

    #[test]
    fn schemas_have_types() {
        for (schema, type_, takes) in [
            (r#"{"type":"string"}"#, "string", ""),
            (r#"{"type":"string","format":"date-time"}"#, "date", ""),
            (r#"{"type":"number"}"#, "float", ""),
            (r#"{"type":["integer","null"]}"#, "int", ""),
            (r#"{"type":["integer","string"]}"#, "any", "string int"),
            (r#"{"type":"array","items":{"type":"integer"}}"#, "list:int", ""),
            (r#"{"type":"array"}"#, "list", ""),
            (r#"{"type":"object"}"#, "dict", ""),
            (r#"{"type":"object","additionalProperties":{"type":"string"}}"#, "map:string", ""),
            (r#"{"type":"object","properties":{"a":{}}}"#, "dict", ""),
            (r##"{"$ref":"#/Zone"}"##, "@zone", ""),
            (r##"{"type":"array","items":{"$ref":"#/Zone"}}"##, "list:@zone", ""),
            (r##"{"oneOf":[{"type":"array","items":{"type":"string"}},{"type":"string"}]}"##, "any", "list string"),
            (r#"{"enum":["a"]}"#, "string", ""),
            (r#"{"enum":["a",1]}"#, "any", ""),
            ("{}", "any", ""),
            ("true", "any", ""),
        ] {
            let (found, _) = described(schema, Mode::Shown);
            let takes_: Vec<String> = found.takes.iter().map(ToString::to_string).collect();
            assert_eq!((found.type_.to_string().as_str(), takes_.join(" ").as_str()), (type_, takes), "{schema}");
        }
    }

    #[test]
    fn a_shape_is_called_after_itself_and_not_after_its_packages() {
        for (name, own) in [("io.k8s.api.core.v1.Pod", "Pod"), ("v1.Pod", "v1.Pod"), ("Pod", "Pod"), ("a..", "a..")] {
            assert_eq!(own_part(name), own);
        }
    }

    #[test]
    fn a_shape_inside_itself_ends_and_what_can_only_be_read_is_not_sent() {
        let (_, shapes) = described(r##"{"$ref":"#/Zone"}"##, Mode::Shown);
        let text = serde_json::to_string(&shapes).unwrap();
        assert_eq!(
            text,
            r#"[{"name":"zone","fields":[{"name":"id","type":"int"},{"name":"name","type":"string","optional":true},{"name":"token","type":"string","optional":true,"secret":true},{"name":"up","type":"dict","optional":true}]}]"#
        );
        let (given, shapes) = described(r##"{"$ref":"#/Zone"}"##, Mode::Given);
        assert_eq!(given.type_.to_string(), "@zone_input");
        let shapes = serde_json::to_string(&shapes).unwrap();
        assert!(shapes.contains(r#"{"name":"id","type":"int","optional":true,"read_only":true}"#), "{shapes}");
    }

    #[test]
    fn limits_fit_their_type() {
        let written = |schema: &str| {
            let library = Library::of(serde_json::from_str(schema).unwrap());
            let schema = Schema::of(Node::root(&library).unwrap());
            let (mut entry, mut shapes) = (Map::new(), Shapes::default());
            let described = shapes.describe(&schema, Mode::Given);
            limits(&mut entry, &schema, &described);
            serde_json::to_string(&entry.into_iter().collect::<Vec<_>>()).unwrap()
        };
        for (schema, found) in [
            (r#"{"type":"integer","minimum":1,"maximum":9}"#, r#"[["type","int"],["min",1],["max",9]]"#),
            (r#"{"type":"integer","minimum":9,"maximum":1}"#, r#"[["type","int"]]"#),
            (r#"{"type":"string","minimum":9,"enum":["a"]}"#, r#"[["type","string"],["choices",["a"]]]"#),
            (r#"{"type":"integer","enum":["a"]}"#, r#"[["type","int"]]"#),
            (
                r#"{"type":"string","format":"ipv4","maxLength":15}"#,
                r#"[["type","string"],["max_length",15],["pattern","ipv4"]]"#,
            ),
            (
                r#"{"type":"array","maxItems":2,"uniqueItems":true,"items":{"type":"string","enum":["a"],"maxLength":5}}"#,
                r#"[["type","list:string"],["choices",["a"]],["max_length",2],["distinct",true]]"#,
            ),
        ] {
            assert_eq!(written(schema), found, "{schema}");
        }
    }
}

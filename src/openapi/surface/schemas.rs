//! The schemas of a document in one list, each once: they name each other by their numbers, so that circles do no harm.

use std::collections::{BTreeMap, VecDeque};

use model::{Map, Value};

use crate::node::Node;
use crate::operation::{Content, Parameter};

/// How many schemas are inside each other in `allOf`.
const DEEPEST: usize = 8;

/// A kind of value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A whole number.
    Int,
    /// Any number.
    Number,
    /// True or false.
    Bool,
    /// A dictionary.
    Map,
    /// A list.
    List,
}

/// One property of a dictionary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    /// Its name.
    pub name: String,
    /// Its schema.
    pub schema: usize,
    /// Whether it must be there.
    pub required: bool,
}

/// What a schema says, with everything that `allOf` adds to it.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// The kinds of values that it allows; none if it does not say.
    pub kinds: Vec<Kind>,
    /// Whether null is allowed.
    pub nullable: bool,
    /// The format of a text or number.
    pub format: String,
    /// The pattern of a text.
    pub pattern: String,
    /// The only allowed values.
    pub choices: Vec<Value>,
    /// The least number.
    pub min: Option<i64>,
    /// The greatest number.
    pub max: Option<i64>,
    /// The least length of a text or list.
    pub shortest: Option<usize>,
    /// The greatest length of a text or list.
    pub longest: Option<usize>,
    /// An example.
    pub example: Option<Value>,
    /// The value if none is given.
    pub default: Option<Value>,
    /// The schema of the members of a list.
    pub items: Option<usize>,
    /// The properties of a dictionary.
    pub properties: Vec<Property>,
    /// The schema of the values of other keys.
    pub values: Option<usize>,
    /// Whether other keys are forbidden.
    pub closed: bool,
    /// Whether only the service gives it.
    pub read_only: bool,
    /// The names of properties that must be there, wherever these are described.
    pub required: Vec<String>,
    /// Groups of schemas; a value follows at least one of each group.
    pub branches: Vec<Vec<usize>>,
    /// The property whose values choose one of the branches, and which value chooses which.
    pub chooser: Option<(String, Vec<(Value, usize)>)>,
}

impl Schema {
    /// The property of that name.
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.name == name)
    }

    /// Whether values of that kind are allowed.
    pub fn allows(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind) || kind == Kind::Int && self.kinds.contains(&Kind::Number)
    }
}

/// All schemas of a document.
#[derive(Clone, Debug, Default)]
pub struct Schemas(Vec<Schema>);

impl Schemas {
    /// The schema of that number.
    pub fn get(&self, number: usize) -> Option<&Schema> {
        self.0.get(number)
    }

    /// The number of schemas.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The property of a dictionary, also of one that is described by branches: the first that has one.
    pub fn property(&self, number: usize, name: &str) -> Option<&Property> {
        self.property_in(number, name, DEEPEST)
    }

    fn property_in(&self, number: usize, name: &str, left: usize) -> Option<&Property> {
        let schema = self.get(number)?;
        let inner = || {
            let left = left.checked_sub(1)?;
            schema.branches.iter().flatten().find_map(|branch| self.property_in(*branch, name, left))
        };
        schema.property(name).or_else(inner)
    }
}

impl FromIterator<Schema> for Schemas {
    fn from_iter<I: IntoIterator<Item = Schema>>(schemas: I) -> Schemas {
        Schemas(schemas.into_iter().collect())
    }
}

/// Gives each schema of a document its number, and reads it.
#[derive(Default)]
pub(super) struct Reader<'d> {
    numbers: BTreeMap<usize, usize>,
    waiting: VecDeque<(usize, Node<'d>)>,
    read: BTreeMap<usize, Schema>,
    count: usize,
}

impl<'d> Reader<'d> {
    /// The number of the schema at a place.
    pub(super) fn id(&mut self, node: Node<'d>) -> usize {
        if let Some(known) = self.numbers.get(&node.place()) {
            return *known;
        }
        let number = self.next();
        self.numbers.insert(node.place(), number);
        self.waiting.push_back((number, node));
        number
    }

    /// The number of the schema of a body; the fields of a form are those of a dictionary.
    pub(super) fn content(&mut self, content: &Content<'d>) -> Option<usize> {
        match content {
            Content::Schema(node) => Some(self.id(*node)),
            Content::Anything => None,
            Content::Fields(fields) => {
                let property = |field: &Parameter<'d>| {
                    let schema = self.id(field.schema?);
                    Some(Property { name: field.name.to_owned(), schema, required: field.required })
                };
                let properties = fields.iter().filter_map(property).collect();
                let number = self.next();
                self.read.insert(number, Schema { kinds: vec![Kind::Map], properties, ..Schema::default() });
                Some(number)
            }
        }
    }

    /// All of them, by their numbers.
    pub(super) fn all(mut self) -> Schemas {
        while let Some((number, node)) = self.waiting.pop_front() {
            let schema = self.schema(node, DEEPEST);
            self.read.insert(number, schema);
        }
        self.read.into_values().collect()
    }

    fn next(&mut self) -> usize {
        self.count += 1;
        self.count - 1
    }

    fn schema(&mut self, node: Node<'d>, left: usize) -> Schema {
        let schema = self.alone(node, left);
        match node.beside().zip(left.checked_sub(1)) {
            Some((beside, left)) => {
                let mut more = self.alone(beside, left);
                add(&mut more, schema);
                more
            }
            None => schema,
        }
    }

    fn alone(&mut self, node: Node<'d>, left: usize) -> Schema {
        let mut schema = self.own(node);
        if let Some(left) = left.checked_sub(1) {
            for part in node.list("allOf").filter(|part| part.place() != node.place()) {
                let part = self.schema(part, left);
                add(&mut schema, part);
            }
        }
        for key in ["oneOf", "anyOf"] {
            let all: Vec<Node<'d>> = node.list(key).collect();
            let real: Vec<Node<'d>> = all.iter().copied().filter(|branch| branch.text("type") != "null").collect();
            schema.nullable |= real.len() < all.len();
            // Two branches that only say what is required allow everything that the whole allows.
            let says =
                |branch: &Node<'d>| branch.value().as_map().is_some_and(|map| map.keys().any(|it| it != "required"));
            if real.iter().any(says) {
                let branches: Vec<usize> = real.iter().map(|branch| self.id(*branch)).collect();
                if let Some(chooser) = discriminator(node) {
                    let chosen =
                        real.iter().zip(&branches).flat_map(|(branch, id)| chosen(node, *branch, chooser, *id));
                    schema.chooser = Some((chooser.to_owned(), chosen.collect()));
                }
                schema.branches.push(branches);
            }
        }
        schema
    }

    /// What a schema says without those that it is put together from.
    fn own(&mut self, node: Node<'d>) -> Schema {
        let value = node.value();
        let (kinds, nullable) = kinds(node);
        let is_list = kinds.contains(&Kind::List);
        let length = |array, text| whole(node, if is_list { array } else { text });
        let required = node.texts("required");
        let properties: Vec<(&str, Node<'d>)> = node.all_members_of("properties").collect();
        let listed = || value.get("examples")?.as_list()?.first();
        let choices: Vec<Value> = match (value.get("const"), value.get("enum").and_then(Value::as_list)) {
            (Some(only), _) => vec![only.clone()],
            (None, listed) => listed.unwrap_or_default().to_vec(),
        };
        let free = node.get("additionalProperties");
        Schema {
            nullable: nullable || node.flag("nullable") || node.flag("x-nullable") || choices.contains(&Value::Null),
            format: node.text("format").to_owned(),
            pattern: node.text("pattern").to_owned(),
            choices: choices.into_iter().filter(|choice| *choice != Value::Null).collect(),
            min: bound(node, "minimum", "exclusiveMinimum", 1),
            max: bound(node, "maximum", "exclusiveMaximum", -1),
            shortest: length("minItems", "minLength"),
            longest: length("maxItems", "maxLength"),
            example: value.get("example").or_else(listed).cloned(),
            default: value.get("default").cloned(),
            items: node.get("items").map(|items| self.id(items)),
            properties: properties
                .into_iter()
                .map(|(name, inner)| Property {
                    name: name.to_owned(),
                    schema: self.id(inner),
                    required: required.contains(&name),
                })
                .collect(),
            values: free.filter(|it| it.value().as_map().is_some()).map(|it| self.id(it)),
            closed: value.get("additionalProperties") == Some(&Value::Bool(false)),
            read_only: node.flag("readOnly"),
            branches: Vec::new(),
            chooser: None,
            required: required.into_iter().map(str::to_owned).collect(),
            kinds,
        }
    }
}

/// The name of the property that chooses a branch.
fn discriminator(node: Node<'_>) -> Option<&str> {
    match node.value().get("discriminator")? {
        Value::Text(name) => Some(name),
        other => other.get("propertyName")?.as_str(),
    }
}

/// The values that choose a branch: those that the document maps to it, those that the branch itself allows, or its name.
fn chosen(node: Node<'_>, branch: Node<'_>, chooser: &str, id: usize) -> Vec<(Value, usize)> {
    let name = branch.name().unwrap_or_default();
    let mapping = node.get("discriminator").and_then(|it| it.get("mapping"));
    let pairs = mapping.and_then(|it| it.value().as_map()).into_iter().flat_map(Map::iter);
    let leads = |to: &Value| to.as_str().and_then(|to| to.rsplit('/').next()) == Some(name);
    let mapped: Vec<Value> = pairs.filter(|(_, to)| leads(to)).map(|(value, _)| value.into()).collect();
    let own = || {
        let own = branch.get("properties")?.get(chooser)?;
        let listed = own.value().get("enum").and_then(Value::as_list).unwrap_or_default();
        let values: Vec<Value> = own.value().get("const").into_iter().chain(listed).cloned().collect();
        (!values.is_empty()).then_some(values)
    };
    let values = if mapped.is_empty() { own().unwrap_or_else(|| vec![name.into()]) } else { mapped };
    values.into_iter().filter(|value| *value != Value::from("")).map(|value| (value, id)).collect()
}

/// The kinds that a schema names, or those that the rest of it is about; and whether it names null.
fn kinds(node: Node<'_>) -> (Vec<Kind>, bool) {
    let value = node.value();
    let words: Vec<&str> = match value.get("type") {
        Some(Value::Text(word)) => vec![word],
        Some(Value::List(words)) => words.iter().filter_map(Value::as_str).collect(),
        _ if value.get("properties").is_some() || value.get("additionalProperties").is_some() => vec!["object"],
        _ if value.get("items").is_some() => vec!["array"],
        _ => Vec::new(),
    };
    let kind = |word: &&str| match *word {
        "string" | "file" => Some(Kind::Text),
        "integer" => Some(Kind::Int),
        "number" => Some(Kind::Number),
        "boolean" => Some(Kind::Bool),
        "object" => Some(Kind::Map),
        "array" => Some(Kind::List),
        _ => None,
    };
    (words.iter().filter_map(kind).collect(), words.contains(&"null"))
}

fn number(node: Node<'_>, key: &str) -> Option<i64> {
    node.value().get(key).and_then(Value::as_int)
}

fn whole(node: Node<'_>, key: &str) -> Option<usize> {
    number(node, key).and_then(|number| usize::try_from(number).ok())
}

/// A bound that belongs to the allowed values, in the notation of every version.
fn bound(node: Node<'_>, key: &str, exclusive: &str, inward: i64) -> Option<i64> {
    let inside = |bound: i64| bound.checked_add(inward);
    match (number(node, key), number(node, exclusive)) {
        (Some(bound), None) if node.flag(exclusive) => inside(bound),
        (Some(bound), None) => Some(bound),
        (_, Some(bound)) => inside(bound),
        (None, None) => None,
    }
}

/// Adds what another part of the same schema says.
fn add(schema: &mut Schema, part: Schema) {
    let first = |one: &mut String, other: String| {
        if one.is_empty() {
            *one = other;
        }
    };
    first(&mut schema.format, part.format);
    first(&mut schema.pattern, part.pattern);
    if schema.kinds.is_empty() {
        schema.kinds = part.kinds;
    }
    if schema.choices.is_empty() {
        schema.choices = part.choices;
    }
    schema.nullable |= part.nullable;
    schema.read_only |= part.read_only;
    schema.min = schema.min.or(part.min);
    schema.max = schema.max.or(part.max);
    schema.shortest = schema.shortest.or(part.shortest);
    schema.longest = schema.longest.or(part.longest);
    schema.example = schema.example.take().or(part.example);
    schema.default = schema.default.take().or(part.default);
    schema.items = schema.items.or(part.items);
    schema.values = schema.values.or(part.values);
    schema.branches.extend(part.branches);
    schema.chooser = schema.chooser.take().or(part.chooser);
    for property in part.properties {
        match schema.properties.iter_mut().find(|known| known.name == property.name) {
            Some(known) => known.required |= property.required,
            None => schema.properties.push(property),
        }
    }
    schema.required.extend(part.required);
    for property in &mut schema.properties {
        property.required |= schema.required.contains(&property.name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::Library;

    fn read(text: &str) -> (Schemas, usize) {
        let text = format!(
            r##"{{"s":{text},"a":{{"type":"object","required":["x"],"properties":{{"x":{{"type":"integer"}}}}}},
            "b":{{"type":"object","required":["y"],"properties":{{"y":{{"type":"string"}}}}}},
            "loop":{{"allOf":[{{"$ref":"#/loop"}}],"properties":{{"self":{{"$ref":"#/loop"}}}}}}}}"##
        );
        let library = Library::of(serde_json::from_str(&text).unwrap());
        let mut reader = Reader::default();
        let id = reader.id(Node::root(&library).unwrap().get("s").unwrap());
        (reader.all(), id)
    }

    #[test]
    fn parts_are_put_together_and_branches_are_kept_apart() {
        let (all, id) = read(r##"{"allOf":[{"$ref":"#/a"},{"$ref":"#/b"}],"required":["y"]}"##);
        let schema = all.get(id).unwrap();
        let names: Vec<(&str, bool)> = schema.properties.iter().map(|it| (it.name.as_str(), it.required)).collect();
        assert_eq!((names, schema.kinds.as_slice()), (vec![("x", true), ("y", true)], &[Kind::Map][..]));
        let (all, id) = read(r##"{"oneOf":[{"$ref":"#/a"},{"$ref":"#/b"},{"type":"null"}]}"##);
        assert_eq!((all.get(id).unwrap().branches[0].len(), all.get(id).unwrap().nullable), (2, true));
        assert_eq!(all.property(id, "y").map(|it| it.required), Some(true));
        for (keys, values) in [
            (
                r##""discriminator":{"propertyName":"k","mapping":{"one":"#/a","two":"#/b","more":"#/b"}}"##,
                &["one", "two", "more"][..],
            ),
            (r#""discriminator":"k""#, &["a", "b"]),
        ] {
            let (all, id) = read(&format!(r##"{{"oneOf":[{{"$ref":"#/a"}},{{"$ref":"#/b"}}],{keys}}}"##));
            let (chooser, chosen) = all.get(id).unwrap().chooser.clone().unwrap();
            let found: Vec<&str> = chosen.iter().filter_map(|(value, _)| value.as_str()).collect();
            assert_eq!((chooser.as_str(), found.as_slice()), ("k", values));
        }
        let (all, id) = read(r##"{"type":"object","anyOf":[{"required":["x"]},{"required":["y"]}]}"##);
        assert!(all.get(id).unwrap().branches.is_empty());
    }

    #[test]
    fn circles_are_read_once() {
        let (all, id) = read(r##"{"$ref":"#/loop"}"##);
        assert_eq!((all.len(), all.property(id, "self").map(|it| it.schema)), (1, Some(id)));
        assert!(!all.is_empty());
    }

    #[test]
    fn what_a_schema_says_is_read_in_the_notation_of_every_version() {
        for (text, kinds, nullable, bounds) in [
            (
                r#"{"type":["integer","null"],"exclusiveMinimum":1,"maximum":5}"#,
                vec![Kind::Int],
                true,
                (Some(2), Some(5)),
            ),
            (
                r#"{"type":"integer","nullable":true,"minimum":1,"exclusiveMinimum":true}"#,
                vec![Kind::Int],
                true,
                (Some(2), None),
            ),
            (r#"{"enum":["a",null]}"#, vec![], true, (None, None)),
            (r#"{"properties":{}}"#, vec![Kind::Map], false, (None, None)),
            (r#"{"items":{}}"#, vec![Kind::List], false, (None, None)),
        ] {
            let (all, id) = read(text);
            let schema = all.get(id).unwrap();
            assert_eq!(
                (&schema.kinds, schema.nullable, (schema.min, schema.max)),
                (&kinds, nullable, bounds),
                "{text}"
            );
        }
        let (all, id) =
            read(r#"{"type":"string","minLength":2,"maxLength":3,"examples":["ab"],"default":"abc","readOnly":true}"#);
        let schema = all.get(id).unwrap();
        assert_eq!((schema.shortest, schema.longest, schema.read_only), (Some(2), Some(3), true));
        assert_eq!((schema.example.clone(), schema.default.clone()), (Some("ab".into()), Some("abc".into())));
        assert!(schema.allows(Kind::Text) && !schema.allows(Kind::Int));
    }
}

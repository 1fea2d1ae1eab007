//! Elements → values, as declared in the catalogue.

use super::tree::Element;
use model::{Date, Field, Map, Shape, Type, Value};

/// What the catalogue says about a value: its type, and its fields unless they come from a shape.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Declared<'d> {
    pub(crate) type_: &'d Type,
    pub(crate) fields: &'d [Field],
    pub(crate) shapes: &'d [Shape],
}

impl<'d> Declared<'d> {
    fn of(self, field: &'d Field) -> Declared<'d> {
        Declared { type_: &field.type_, fields: &field.fields, ..self }
    }

    fn inner(self, type_: &'d Type) -> Declared<'d> {
        Declared { type_, ..self }
    }

    fn all_fields(self) -> &'d [Field] {
        let shape = self.type_.shape().and_then(|name| self.shapes.iter().find(|shape| shape.name == name));
        shape.map_or(self.fields, |shape| &shape.fields)
    }
}

/// The value of an element.
pub(crate) fn value(element: &Element, declared: Declared<'_>) -> Value {
    match declared.type_ {
        Type::Dict | Type::Shape(_) => dictionary(element, declared),
        Type::MapOf(inner) => element
            .children
            .iter()
            .map(|child| (child.name.as_str(), value(child, declared.inner(inner))))
            .collect::<Map>()
            .into(),
        Type::List(inner) => list(element.children.iter(), declared.inner(inner)),
        Type::Any | Type::None => untyped(element),
        _ if element.children.is_empty() => scalar(&element.text, declared.type_),
        // The document does not describe its content.
        _ => untyped(element),
    }
}

/// The values of elements that are the members of one list.
pub(crate) fn list<'e>(elements: impl Iterator<Item = &'e Element>, declared: Declared<'_>) -> Value {
    Value::List(elements.map(|element| value(element, declared)).collect())
}

/// The declared fields in their order, then everything else in the element.
fn dictionary(element: &Element, declared: Declared<'_>) -> Value {
    let fields = declared.all_fields();
    let mut map = Map::new();
    for field in fields {
        if let Some(value) = member(element, field.wire_name(), declared.of(field)) {
            map.insert(&*field.name, value);
        }
    }
    let steps: Vec<&str> = fields.iter().map(|field| first_step(field.wire_name())).collect();
    let known = |name: &str| steps.contains(&name);
    for (name, text) in element.attributes.iter().filter(|(name, _)| !known(&format!("@{name}"))) {
        add(&mut map, name, text.as_str().into());
    }
    for child in element.children.iter().filter(|child| !known(&child.name)) {
        add(&mut map, &child.name, untyped(child));
    }
    map.into()
}

fn first_step(path: &str) -> &str {
    path.split_once('/').map_or(path, |(step, _)| step)
}

/// The value at the path of a field. A list is present even when it has no members.
fn member(element: &Element, path: &str, declared: Declared<'_>) -> Option<Value> {
    let (path, attribute) = match path.rsplit_once('@') {
        Some((path, name)) => (path.trim_end_matches('/'), Some(name)),
        None => (path, None),
    };
    let found = if path.is_empty() { vec![element] } else { element.at(path) };
    match (attribute, declared.type_) {
        (Some(name), type_) => found.iter().find_map(|element| element.attribute(name)).map(|text| scalar(text, type_)),
        (None, Type::List(inner)) => Some(list(found.into_iter(), declared.inner(inner))),
        (None, _) => found.first().map(|element| value(element, declared)),
    }
}

/// An element about which nothing is known: text, or a dictionary in which a repeated name becomes a list.
pub(crate) fn untyped(element: &Element) -> Value {
    if element.children.is_empty() && element.attributes.is_empty() {
        return element.text.as_str().into();
    }
    let mut map = Map::new();
    for (name, text) in &element.attributes {
        add(&mut map, name, text.as_str().into());
    }
    for child in &element.children {
        add(&mut map, &child.name, untyped(child));
    }
    if !element.text.trim_ascii().is_empty() {
        add(&mut map, "text", element.text.as_str().into());
    }
    map.into()
}

/// Adds a value without losing another of the same name.
fn add(map: &mut Map, name: &str, value: Value) {
    match map.get_mut(name) {
        None => {
            map.insert(name, value);
        }
        Some(Value::List(list)) => list.push(value),
        Some(first) => *first = Value::List(vec![std::mem::take(first), value]),
    }
}

/// A text converted to its type; a text that does not fit the type stays a text.
pub(crate) fn scalar(text: &str, type_: &Type) -> Value {
    let trimmed = text.trim_ascii();
    let read = match type_ {
        Type::Int | Type::Float | Type::Boolean | Type::Date if trimmed.is_empty() => Some(Value::Null),
        Type::Int | Type::Float => Value::number(trimmed),
        Type::Boolean => match trimmed {
            "true" | "1" => Some(true.into()),
            "false" | "0" => Some(false.into()),
            _ => None,
        },
        Type::Date => Date::parse(trimmed).map(Value::Date),
        _ => None,
    };
    read.unwrap_or_else(|| text.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Limits;
    use crate::xml::tree;

    /// The value of a document as JSON, read as a type with these fields and shapes.
    fn json(document: &str, type_: &str, fields: &str) -> String {
        let root = tree::read(document.as_bytes(), None, Limits::default()).unwrap();
        let fields: Vec<Field> = serde_json::from_str(fields).unwrap();
        let shapes = [Shape { name: "box".into(), fields: fields.clone(), ..Shape::default() }];
        let type_ = type_.parse().unwrap();
        let value = value(&root, Declared { type_: &type_, fields: &fields, shapes: &shapes });
        serde_json::to_string(&value).unwrap()
    }

    #[test]
    fn elements_are_read_as_declared() {
        let fields = r#"[{"name":"n","type":"int"},{"name":"id","type":"string","wire":"@id"},
            {"name":"size","type":"int","wire":"disk/@size"},{"name":"ok","type":"boolean"},
            {"name":"l","type":"list:int"},{"name":"roles","type":"list:dict","wire":"roles/role",
             "fields":[{"name":"name","type":"string"}]},{"name":"box","type":"@box"}]"#;
        for (document, type_, expected) in [
            ("<a> x </a>", "string", r#"" x ""#),
            ("<a>\n12 </a>", "int", "12"),
            ("<a>12345678901234567890.50</a>", "float", "12345678901234567890.50"),
            ("<a>none</a>", "int", r#""none""#),
            ("<a/>", "int", "null"),
            ("<a/>", "string", r#""""#),
            ("<a>1</a>", "boolean", "true"),
            ("<a>2012-09-28T08:11:10.000Z</a>", "date", r#""2012-09-28T08:11:10.000Z""#),
            ("<a>soon</a>", "date", r#""soon""#),
            ("<a><b>1</b><c>2</c></a>", "map:int", r#"{"b":1,"c":2}"#),
            ("<a><b>1</b><b>2</b></a>", "list:int", "[1,2]"),
            ("<a><b>1</b></a>", "string", r#"{"b":"1"}"#),
            ("<a/>", "dict", r#"{"l":[],"roles":[]}"#),
            (
                "<a id='7'><l>1</l><n>5</n><disk size='10'/><disk size='20'/>\
                 <roles><role><name>x</name></role></roles></a>",
                "dict",
                r#"{"n":5,"id":"7","size":10,"l":[1],"roles":[{"name":"x"}]}"#,
            ),
            (
                "<a u='1'><box><n>1</n></box><x>1</x><x>2</x><y z='1'>t</y></a>",
                "@box",
                r#"{"l":[],"roles":[],"box":{"n":1,"l":[],"roles":[]},"u":"1","x":["1","2"],"y":{"z":"1","text":"t"}}"#,
            ),
        ] {
            assert_eq!(json(document, type_, fields), expected, "{document} as {type_}");
        }
    }
}

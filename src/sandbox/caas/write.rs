//! Writes answers: values laid out as the catalogue describes their fields.

use super::names::Names;
use model::route::AnswerForm;
use model::{Field, Map, Method, Shape, Type, Value, escape};

/// Shapes may contain each other; no answer is nested deeper than this.
const DEEPEST: usize = 12;

/// The counts in the root of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) total: usize,
    pub(super) here: usize,
    pub(super) number: usize,
    pub(super) size: usize,
}

impl Counts {
    /// The counts as attributes.
    pub(super) fn attributes(&self) -> String {
        let Counts { total, here, number, size } = self;
        format!(" totalCount=\"{total}\" pageCount=\"{here}\" pageNumber=\"{number}\" pageSize=\"{size}\"")
    }
}

/// What the catalogue says about a value: its type, and its fields if the type names no shape.
#[derive(Clone, Copy)]
struct Kind<'k> {
    type_: &'k Type,
    fields: &'k [Field],
}

/// The writer of one document.
pub(super) struct Writer<'w> {
    shapes: &'w [Shape],
    names: &'w Names,
    namespace: &'static str,
    out: String,
}

impl<'w> Writer<'w> {
    /// A document in which all elements have that namespace.
    pub(super) fn new(shapes: &'w [Shape], names: &'w Names, namespace: &'static str) -> Writer<'w> {
        let out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n");
        Writer { shapes, names, namespace, out }
    }

    /// The document with a method's result.
    pub(super) fn document(mut self, method: &Method, root: &str, value: &Value, counts: Option<Counts>) -> String {
        let mut head = self.names.declarations();
        if let Some(counts) = counts {
            head.push_str(&counts.attributes());
        }
        let list = method.answers.as_ref().filter(|answers| answers.form == AnswerForm::Xml);
        let kind = |type_| Kind { type_, fields: &method.fields };
        match (list.and_then(|answers| answers.list.first()), value) {
            (Some(member), Value::List(members)) => {
                let inner = match &method.returns {
                    Type::List(inner) => inner,
                    other => other,
                };
                self.enclosed(root, &head, |writer| {
                    members.iter().for_each(|value| writer.typed(member, "", kind(inner), value, DEEPEST));
                });
            }
            _ => self.typed(root, &head, kind(&method.returns), value, DEEPEST),
        }
        self.out.push('\n');
        self.out
    }

    fn typed(&mut self, name: &str, head: &str, kind: Kind<'_>, value: &Value, depth: usize) {
        match value {
            Value::Map(map) if depth > 0 => {
                let shape = kind.type_.shape().and_then(|name| self.shapes.iter().find(|shape| shape.name == name));
                self.dictionary(name, head, shape.map_or(kind.fields, |shape| &shape.fields), map, depth - 1);
            }
            _ => {
                let text = escape::xml(&plain(value)).into_owned();
                self.enclosed(name, head, |writer| writer.out.push_str(&text));
            }
        }
    }

    fn dictionary(&mut self, name: &str, head: &str, fields: &[Field], map: &Map, depth: usize) {
        let mut head = head.to_owned();
        for (field, value) in fields.iter().filter_map(|field| Some((field, map.get(&field.name)?))) {
            if let Some(attribute) = field.wire_name().strip_prefix('@') {
                head.push_str(&format!(" {attribute}=\"{}\"", escape::xml_attribute(&plain(value))));
            }
        }
        self.enclosed(name, &head, |writer| {
            for field in fields.iter().filter(|field| !field.wire_name().starts_with('@')) {
                if let Some(value) = map.get(&field.name) {
                    writer.field(field.wire_name(), field, value, depth);
                }
            }
        });
    }

    /// A field, with the elements of its path on the wire. The element of a list is repeated.
    fn field(&mut self, path: &str, field: &Field, value: &Value, depth: usize) {
        if let Some((outer, rest)) = path.split_once('/') {
            return self.enclosed(outer, "", |writer| writer.field(rest, field, value, depth));
        }
        let kind = |type_| Kind { type_, fields: &field.fields };
        match (&field.type_, value) {
            (Type::List(inner), Value::List(members)) => {
                members.iter().for_each(|member| self.typed(path, "", kind(inner), member, depth));
            }
            (type_, value) => self.typed(path, "", kind(type_), value, depth),
        }
    }

    /// An element around what `inside` writes; an empty tag if that is nothing.
    fn enclosed(&mut self, name: &str, head: &str, inside: impl FnOnce(&mut Self)) {
        let name = self.names.qualify(self.namespace, name);
        self.out.push_str(&format!("<{name}{head}>"));
        let start = self.out.len();
        inside(self);
        if self.out.len() == start {
            self.out.truncate(start - 1);
            self.out.push_str("/>");
        } else {
            self.out.push_str(&format!("</{name}>"));
        }
    }
}

/// A scalar as text.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Null => String::new(),
        other => other.plain(),
    }
}

/// The report that has a space after its commas.
const SPACED: &str = "report.software_units";

/// Rows below the names of a method's fields; values with a comma or a line break are quoted.
pub(super) fn csv(method: &Method, rows: &Value) -> String {
    let cell = |text: String| match text.contains([',', '"', '\n']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    };
    let comma = if method.name == SPACED { ", " } else { "," };
    let line = |cells: Vec<String>| cells.join(comma) + "\n";
    let header = line(method.fields.iter().map(|field| field.name.clone()).collect());
    let row = |row: &Value| {
        let text = |field: &Field| row.get(&field.name).map(plain).unwrap_or_default();
        line(method.fields.iter().map(|field| cell(text(field))).collect())
    };
    header + &rows.as_list().unwrap_or_default().iter().map(row).collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caas::testing::catalog;
    use crate::caas::tree::parse;
    use crate::kit::random::Random;
    use crate::kit::values::{list, map, texts};

    fn written(method: &str, value: &Value) -> crate::caas::tree::Element {
        let catalog = catalog();
        let method = catalog.method(method).unwrap().unwrap();
        let names = Names::shuffled(&mut Random::of("write"));
        parse(&Writer::new(catalog.shapes(), &names, "server").document(&method, "Root", value, None)).unwrap()
    }

    #[test]
    fn fields_are_written_where_the_catalogue_says() {
        let roles = list([map! { "name" => "a<b" }, map! { "name" => "c" }]);
        let root = written("account.me", &map! { "userName" => "x", "roles" => roles }.into());
        assert_eq!(root.namespace, "server");
        let roles: Vec<&str> = root
            .all("roles")
            .flat_map(|r| r.all("role"))
            .flat_map(|r| r.all("name"))
            .map(|n| n.text.as_str())
            .collect();
        assert_eq!(roles, ["a<b", "c"]);
        let server = map! { "id" => "i\"d", "softwareLabel" => texts(["l", "m"]), "cpuCount" => 2, "name" => "" };
        let root = written("server.list", &list([server]));
        let server = root.all("server").next().unwrap();
        assert_eq!(server.attribute("id"), Some("i\"d"));
        assert_eq!(server.all("softwareLabel").count(), 2);
        assert_eq!(server.all("name").next().map(|name| name.text.as_str()), Some(""));
    }

    #[test]
    fn rows_are_quoted_where_necessary() {
        let catalog = catalog();
        let method = catalog.method("report.audit_log").unwrap().unwrap();
        let rows = list([map! { "UUID" => "1", "Details" => "say \"a, b\"" }]);
        assert_eq!(csv(&method, &rows).lines().nth(1), Some("1,,,,,,,,,\"say \"\"a, b\"\"\","));
    }
}

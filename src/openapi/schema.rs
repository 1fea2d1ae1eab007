//! A JSON schema, with its references followed and its parts put together.

use model::{Map, Value};

use super::keywords::{bound, choices, discriminator, is_file, mapping, number, whole};
use super::kinds::Kinds;
use super::node::Node;

/// How many schemas are inside each other in `allOf`, `oneOf` and `anyOf`.
const DEEPEST: usize = 8;

/// One property of an object.
#[derive(Clone, Debug)]
pub(crate) struct Property<'d> {
    pub(crate) name: &'d str,
    /// Where it is described: in each of several schemas that an object may follow.
    nodes: Vec<Node<'d>>,
    pub(crate) required: bool,
    /// Its values choose one of several schemas, by these names.
    chooses: Vec<Value>,
}

impl<'d> Property<'d> {
    /// What is said about its value.
    pub(crate) fn schema(&self) -> Schema<'d> {
        let mut schema = match self.nodes.as_slice() {
            [only] => Schema::of(*only),
            several => union(several.iter().map(|node| Schema::of(*node)).collect()),
        };
        if schema.choices.is_empty() {
            schema.choices.clone_from(&self.chooses);
        }
        schema
    }
}

/// What a schema says, wherever it says it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schema<'d> {
    pub(crate) kinds: Kinds,
    pub(crate) format: &'d str,
    pub(crate) description: &'d str,
    pub(crate) choices: Vec<Value>,
    pub(crate) min: Option<i64>,
    pub(crate) max: Option<i64>,
    pub(crate) step: Option<i64>,
    pub(crate) min_length: Option<usize>,
    pub(crate) max_length: Option<usize>,
    pub(crate) default: Option<&'d Value>,
    pub(crate) distinct: bool,
    pub(crate) read_only: bool,
    pub(crate) write_only: bool,
    pub(crate) deprecated: bool,
    /// The bytes of a file.
    pub(crate) binary: bool,
    pub(crate) items: Option<Node<'d>>,
    pub(crate) properties: Vec<Property<'d>>,
    /// The type of the values of free keys, if there can be such keys.
    pub(crate) values: Option<Node<'d>>,
    /// Free keys are allowed by name, with any value.
    pub(crate) open: bool,
    /// The property that says which of several schemas an object follows.
    pub(crate) discriminator: Option<&'d str>,
    /// The names of properties that must be there, wherever these are described.
    required: Vec<&'d str>,
    /// What is needed with certain values of a property: the property, its values, and the others.
    needs: Vec<(&'d str, Vec<Value>, Vec<&'d str>)>,
    /// The name of the component.
    pub(crate) name: Option<&'d str>,
    /// What distinguishes it from all others; 0 for what has no place of its own.
    pub(crate) place: usize,
}

impl<'d> Schema<'d> {
    /// What a schema says.
    pub(crate) fn of(node: Node<'d>) -> Schema<'d> {
        Schema { name: node.name(), place: node.place(), ..read(node, DEEPEST) }
    }

    /// Whether it is an object with named properties.
    pub(crate) fn is_record(&self) -> bool {
        let Kinds { string, integer, number, boolean, array, .. } = self.kinds;
        !(self.properties.is_empty() || string || integer || number || boolean || array)
    }

    /// What its values need of each other, as rules between names: `name` gives the name for that of a property.
    pub(crate) fn rules(&self, name: impl Fn(&str) -> Option<String>) -> Vec<Value> {
        let rule = |(chooser, values, needs): &(&str, Vec<Value>, Vec<&str>)| {
            let needs: Vec<Value> = needs.iter().filter_map(|it| name(it)).map(Value::from).collect();
            let when = Map::from_iter([(name(chooser)?, values.clone())]);
            let rule = Map::from_iter([("when", Value::from(when)), ("needs", Value::from(needs.clone()))]);
            (!needs.is_empty()).then_some(Value::from(rule))
        };
        self.needs.iter().filter_map(rule).collect()
    }

    /// The property of that name.
    pub(crate) fn property(&self, name: &str) -> Option<&Property<'d>> {
        self.properties.iter().find(|property| property.name == name)
    }
}

fn read<'d>(node: Node<'d>, left: usize) -> Schema<'d> {
    let schema = put_together(node, left);
    match node.beside().filter(|_| left > 0) {
        // What is said beside a reference is about this place alone: it counts first.
        Some(beside) => {
            let mut more = put_together(beside, left - 1);
            merge(&mut more, schema);
            more
        }
        None => schema,
    }
}

/// A schema with those that it is put together from.
fn put_together<'d>(node: Node<'d>, left: usize) -> Schema<'d> {
    let mut schema = own(node);
    if left == 0 {
        return schema;
    }
    for part in node.list("allOf") {
        merge(&mut schema, read(part, left - 1));
    }
    for key in ["oneOf", "anyOf"] {
        let branch = |it: Node<'d>| Schema { name: it.name(), ..read(it, left - 1) };
        let branches: Vec<Schema<'_>> = node.list(key).filter(|it| !is_null(*it)).map(branch).collect();
        if !branches.is_empty() {
            let chooser = schema.discriminator.map(|chooser| (chooser, mapping(node)));
            let (needs, chooses) = branching(&branches, chooser);
            merge(&mut schema, union(branches));
            schema.needs.extend(needs);
            choose(&mut schema, chooses);
        }
    }
    let mapped = schema.discriminator.map(|chooser| (chooser, mapping(node).into_iter().map(|(_, value)| value)));
    if let Some((chooser, values)) = mapped {
        choose(&mut schema, Some((chooser, values.collect())));
    }
    schema
}

fn is_null(node: Node<'_>) -> bool {
    node.text("type") == "null"
}

/// What a schema says without those that it is put together from.
fn own(node: Node<'_>) -> Schema<'_> {
    let mut kinds = Kinds::default();
    match node.value().get("type") {
        Some(Value::Text(word)) => kinds.add(word),
        Some(Value::List(words)) => words.iter().filter_map(Value::as_str).for_each(|word| kinds.add(word)),
        _ => {}
    }
    let required = node.texts("required");
    let property =
        |(name, node)| Property { name, nodes: vec![node], required: required.contains(&name), chooses: Vec::new() };
    let properties = node.all_members_of("properties").map(property).collect();
    let length = |array: &str, text: &str| whole(node, if kinds.array { array } else { text });
    let free = node.value().get("additionalProperties");
    Schema {
        kinds,
        format: node.text("format"),
        description: if node.text("description").is_empty() { node.text("title") } else { node.text("description") },
        choices: choices(node),
        min: bound(node, "minimum", "exclusiveMinimum", 1),
        max: bound(node, "maximum", "exclusiveMaximum", -1),
        step: number(node, "multipleOf").filter(|step| *step > 1),
        min_length: length("minItems", "minLength").filter(|least| *least > 0),
        max_length: length("maxItems", "maxLength"),
        default: node.value().get("default").filter(|value| **value != Value::Null),
        distinct: node.flag("uniqueItems"),
        read_only: node.flag("readOnly"),
        write_only: node.flag("writeOnly"),
        binary: is_file(node),
        deprecated: node.flag("deprecated"),
        items: node.get("items"),
        properties,
        required,
        values: node.get("additionalProperties").filter(|it| it.value().as_map().is_some_and(|map| !map.is_empty())),
        open: matches!(free, Some(Value::Bool(true) | Value::Map(_))),
        discriminator: discriminator(node),
        needs: Vec::new(),
        name: None,
        place: 0,
    }
}

/// Adds what another part of the same schema says.
fn merge<'d>(schema: &mut Schema<'d>, part: Schema<'d>) {
    schema.kinds = schema.kinds.and(part.kinds);
    let first = |one: &mut &'d str, other: &'d str| {
        if one.is_empty() {
            *one = other;
        }
    };
    first(&mut schema.format, part.format);
    first(&mut schema.description, part.description);
    if schema.choices.is_empty() {
        schema.choices = part.choices;
    }
    schema.min = schema.min.or(part.min);
    schema.max = schema.max.or(part.max);
    schema.step = schema.step.or(part.step);
    schema.min_length = schema.min_length.or(part.min_length);
    schema.max_length = schema.max_length.or(part.max_length);
    schema.default = schema.default.or(part.default);
    schema.distinct |= part.distinct;
    schema.read_only |= part.read_only;
    schema.write_only |= part.write_only;
    schema.binary |= part.binary;
    schema.needs.extend(part.needs);
    schema.deprecated |= part.deprecated;
    schema.items = schema.items.or(part.items);
    schema.values = schema.values.or(part.values);
    schema.open |= part.open;
    schema.discriminator = schema.discriminator.or(part.discriminator);
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

/// What is true of every one of several schemas, or allowed by one of them.
fn union(branches: Vec<Schema<'_>>) -> Schema<'_> {
    let count = branches.len();
    let all = |has: &dyn Fn(&Schema<'_>) -> bool| branches.iter().all(has);
    let enumerated = all(&|branch| !branch.choices.is_empty());
    let needed = |name: &str| all(&|branch| branch.property(name).is_some_and(|property| property.required));
    let mut whole =
        Schema { discriminator: branches.iter().find_map(|branch| branch.discriminator), ..Schema::default() };
    whole.read_only = all(&|branch| branch.read_only);
    whole.write_only = all(&|branch| branch.write_only);
    whole.binary = all(&|branch| branch.binary);
    whole.deprecated = all(&|branch| branch.deprecated);
    for branch in &branches {
        whole.kinds = whole.kinds.and(branch.kinds);
        whole.items = whole.items.or(branch.items);
        whole.values = whole.values.or(branch.values);
        whole.open |= branch.open;
        if enumerated {
            let fresh =
                branch.choices.iter().filter(|choice| !whole.choices.contains(choice)).cloned().collect::<Vec<_>>();
            whole.choices.extend(fresh);
        }
        for property in &branch.properties {
            match whole.properties.iter_mut().find(|known| known.name == property.name) {
                Some(known) => known.nodes.extend(&property.nodes),
                None => whole.properties.push(Property { required: needed(property.name), ..property.clone() }),
            }
        }
    }
    if let ([only], 1) = (&branches[..], count) {
        // A single branch, as 3.1 writes what may be null, is the schema itself.
        return only.clone();
    }
    whole
}

/// The property that chooses, with all of its values.
type Chooses<'d> = Option<(&'d str, Vec<Value>)>;
/// What is needed with some of its values.
type Needs<'d> = Vec<(&'d str, Vec<Value>, Vec<&'d str>)>;

/// Which property chooses one of several schemas, and what each of them needs that the others do not. Without a
/// discriminator it is the property that has other values in each of them.
fn branching<'d>(branches: &[Schema<'d>], chooser: Option<(&'d str, Vec<(&str, Value)>)>) -> (Needs<'d>, Chooses<'d>) {
    let (chooser, mapping) = match chooser {
        Some(found) => found,
        None => match telling(branches) {
            Some(name) => (name, Vec::new()),
            None => return (Vec::new(), None),
        },
    };
    let values = |branch: &Schema<'d>| {
        let own = branch.property(chooser).map(|property| property.schema().choices).unwrap_or_default();
        let name = branch.name.unwrap_or_default();
        let mapped: Vec<Value> =
            mapping.iter().filter(|(schema, _)| *schema == name).map(|(_, value)| value.clone()).collect();
        match () {
            () if !mapped.is_empty() => mapped,
            () if !own.is_empty() => own,
            () if !name.is_empty() => vec![name.into()],
            () => Vec::new(),
        }
    };
    let required = |branch: &Schema<'d>, name: &str| branch.property(name).is_some_and(|property| property.required);
    let needs = |branch: &Schema<'d>| {
        let own = branch.properties.iter().filter(|property| property.required && property.name != chooser);
        let own = own.filter(|property| !branches.iter().all(|other| required(other, property.name)));
        let names: Vec<&str> = own.filter(|property| !property.schema().read_only).map(|it| it.name).collect();
        let values = values(branch);
        (!names.is_empty() && !values.is_empty()).then_some((chooser, values, names))
    };
    // The name of a schema is no more than a likely value: it must not keep others away.
    let sure = |branch: &Schema<'d>| branch.property(chooser).is_some_and(|it| !it.schema().choices.is_empty());
    let all = if branches.iter().all(sure) { branches.iter().flat_map(values).collect() } else { Vec::new() };
    (branches.iter().filter_map(needs).collect(), Some((chooser, all)))
}

/// The property that every one of several schemas has, with values that no other has.
fn telling<'d>(branches: &[Schema<'d>]) -> Option<&'d str> {
    let (first, rest) = branches.split_first().filter(|(_, rest)| !rest.is_empty())?;
    let tells = |name: &str| {
        let mut seen = Vec::new();
        branches.iter().all(|branch| {
            let choices = branch.property(name).map(|it| it.schema().choices).unwrap_or_default();
            let fresh = !choices.is_empty() && !choices.iter().any(|choice| seen.contains(choice));
            seen.extend(choices);
            fresh
        })
    };
    let shared = |name: &str| rest.iter().all(|branch| branch.property(name).is_some());
    first.properties.iter().map(|property| property.name).find(|name| shared(name) && tells(name))
}

/// The values of the property that chooses a schema.
fn choose(schema: &mut Schema<'_>, chooses: Chooses<'_>) {
    let Some((chooser, values)) = chooses else { return };
    let property = schema.properties.iter_mut().find(|property| property.name == chooser);
    if let Some(property) = property.filter(|property| property.chooses.is_empty()) {
        property.chooses = values;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::Library;

    fn with(text: &str, check: impl FnOnce(Schema<'_>)) {
        let text = format!(
            r##"{{"s":{text},"a":{{"type":"object","required":["x"],"properties":{{"x":{{"type":"integer"}},"k":{{"type":"string","enum":["a"]}}}}}},
            "b":{{"type":"object","required":["x","y"],"properties":{{"x":{{"type":"integer"}},"y":{{"type":"string"}},"k":{{"type":"string","enum":["b"]}}}}}},
            "loop":{{"allOf":[{{"$ref":"#/loop"}}],"properties":{{"self":{{"$ref":"#/loop"}}}}}}}}"##
        );
        let library = Library::of(serde_json::from_str(&text).unwrap());
        check(Schema::of(Node::root(&library).unwrap().get("s").unwrap()));
    }

    #[test]
    fn the_parts_of_a_schema_are_put_together() {
        with(r##"{"allOf":[{"$ref":"#/a"},{"$ref":"#/b"}],"description":"both"}"##, |schema| {
            let names: Vec<(&str, bool)> = schema.properties.iter().map(|it| (it.name, it.required)).collect();
            assert_eq!(names, [("x", true), ("k", false), ("y", true)]);
            assert!(schema.is_record() && schema.description == "both");
        });
        // What is required may be said beside what is described, and beside a reference.
        for text in [
            r##"{"required":["x"],"allOf":[{"type":"object","properties":{"x":{},"z":{}}}]}"##,
            r##"{"allOf":[{"type":"object","properties":{"x":{},"z":{}}},{"required":["x"]}]}"##,
            r##"{"allOf":[{"required":["x"]},{"type":"object","properties":{"x":{},"z":{"$ref":"#/gone"}}}]}"##,
        ] {
            with(text, |schema| {
                let names: Vec<(&str, bool)> = schema.properties.iter().map(|it| (it.name, it.required)).collect();
                assert_eq!(names, [("x", true), ("z", false)], "{text}");
            });
        }
        with(r##"{"$ref":"#/a","required":["k"],"description":"here"}"##, |schema| {
            let names: Vec<(&str, bool)> = schema.properties.iter().map(|it| (it.name, it.required)).collect();
            assert_eq!((names, schema.description), (vec![("x", true), ("k", true)], "here"));
        });
        with(r##"{"oneOf":[{"$ref":"#/a"},{"$ref":"#/b"}],"discriminator":{"propertyName":"k"}}"##, |schema| {
            let names: Vec<(&str, bool)> = schema.properties.iter().map(|it| (it.name, it.required)).collect();
            assert_eq!(names, [("x", true), ("k", false), ("y", false)]);
            assert_eq!(schema.property("k").unwrap().schema().choices, [Value::from("a"), Value::from("b")]);
        });
        let mapped = r##"{"properties":{"k":{"type":"string"}},"discriminator":{"propertyName":"k","mapping":{"p":"#/a","q":"#/b"}}}"##;
        with(mapped, |schema| assert_eq!(schema.property("k").unwrap().schema().choices.len(), 2));
        with(r##"{"$ref":"#/loop"}"##, |schema| assert_eq!((schema.properties.len(), schema.name), (1, Some("loop"))));
    }

    #[test]
    fn limits_are_read_in_the_notation_of_every_version() {
        for (text, min, max) in [
            (r#"{"type":"integer","minimum":1,"maximum":5}"#, Some(1), Some(5)),
            (r#"{"type":"integer","minimum":1,"exclusiveMinimum":true}"#, Some(2), None),
            (r#"{"type":"integer","exclusiveMinimum":1,"exclusiveMaximum":5}"#, Some(2), Some(4)),
            (r#"{"type":["integer","null"],"minimum":1.5}"#, None, None),
            (r#"{"anyOf":[{"type":"integer","minimum":3},{"type":"null"}]}"#, Some(3), None),
        ] {
            with(text, |schema| {
                assert_eq!((schema.min, schema.max), (min, max), "{text}");
                assert_eq!(schema.kinds, Kinds { integer: true, ..Kinds::default() }, "{text}");
            });
        }
    }

    #[test]
    fn allowed_values_and_free_keys() {
        for (text, choices, open, values) in [
            (r#"{"type":"string","enum":["a","b",null]}"#, 2, false, false),
            (r#"{"const":"a"}"#, 1, false, false),
            (r#"{"oneOf":[{"enum":["a"]},{"enum":["a","b"]}]}"#, 2, false, false),
            (r#"{"oneOf":[{"enum":["a"]},{"type":"integer"}]}"#, 0, false, false),
            (r#"{"type":"object","additionalProperties":true}"#, 0, true, false),
            (r#"{"type":"object","additionalProperties":{"type":"string"}}"#, 0, true, true),
            (r#"{"type":"object","additionalProperties":false}"#, 0, false, false),
        ] {
            with(text, |schema| {
                assert_eq!(
                    (schema.choices.len(), schema.open, schema.values.is_some()),
                    (choices, open, values),
                    "{text}"
                );
            });
        }
    }
}

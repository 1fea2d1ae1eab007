//! A tree of paths as a file for an API viewer has it (`const apiSchema = [ … ]`): each node has a `path`, and under `info`
//! what every verb takes and returns. It is rewritten into a document of the usual form before anything else reads it.
//!
//! All results are in `data` of the answer. Bodies are forms; true and false are written as 1 and 0.

use model::route::placeholders;
use model::{Map, Value};

/// The key of a document that says which form it was rewritten from.
pub(crate) const FORM: &str = "x-form";
/// What such a file is called in a report.
const NAME: &str = "API viewer data";
/// How deep the tree is read.
const DEEPEST: usize = 64;
/// The end of a name that means several names, ending in 0, 1, 2 and so on.
const NUMBERED: &str = "[n]";
/// How many of them are described.
const NUMBERS: usize = 4;
/// Keys of a schema that mean the same in both forms.
const KEPT: [&str; 8] = ["enum", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "title"];

/// The JSON in a file for an API viewer: it is assigned to a name.
pub(crate) fn assigned(text: &str) -> Option<&str> {
    let rest = ["const ", "var ", "let "].into_iter().find_map(|word| text.strip_prefix(word))?;
    let (name, value) = rest.split_once('=')?;
    let name = name.trim();
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    Some(value.trim_start()).filter(|value| plain && value.starts_with(['[', '{']))
}

/// A document of the usual form. What is no such tree stays as it is.
pub(crate) fn rewritten(value: Value) -> Value {
    let is_tree = value.as_list().is_some_and(|nodes| !nodes.is_empty() && nodes.iter().all(is_node));
    let Some(nodes) = value.as_list().filter(|_| is_tree) else { return value };
    let mut paths = Map::new();
    nodes.iter().for_each(|node| add(node, &mut paths, DEEPEST));
    let server = Map::from_iter([("url", "/api2/json")]);
    let key = [("type", "apiKey"), ("in", "header"), ("name", "Authorization")];
    let schemes = Map::from_iter([("token", Map::from_iter(key))]);
    Map::from_iter([
        ("openapi", Value::from("3.1.0")),
        (FORM, NAME.into()),
        ("servers", vec![Value::Map(server)].into()),
        ("components", Map::from_iter([("securitySchemes", schemes)]).into()),
        ("security", vec![Value::Map(Map::from_iter([("token", Vec::<Value>::new())]))].into()),
        ("paths", paths.into()),
    ])
    .into()
}

fn is_node(value: &Value) -> bool {
    let has = |key: &str| value.get(key).is_some();
    value.get("path").and_then(Value::as_str).is_some_and(|path| path.starts_with('/'))
        && (has("info") || has("children"))
}

/// Adds a node and all below it.
fn add(node: &Value, paths: &mut Map, left: usize) {
    let path = node.get("path").and_then(Value::as_str).unwrap_or_default();
    let verbs = node.get("info").and_then(Value::as_map).into_iter().flat_map(Map::iter);
    let item: Map = verbs.map(|(verb, info)| (verb.to_ascii_lowercase(), operation(verb, path, info))).collect();
    if !item.is_empty() {
        paths.insert(path, item);
    }
    let children = node.get("children").and_then(Value::as_list).unwrap_or_default();
    if left > 0 {
        children.iter().for_each(|child| add(child, paths, left - 1));
    }
}

/// One verb of a path.
fn operation(verb: &str, path: &str, info: &Value) -> Value {
    let mut operation = Map::new();
    let said = text(info, "description");
    let (first, rest) = said.split_once('\n').unwrap_or((said, ""));
    operation.insert("summary", first);
    operation.insert("description", notes(if rest.is_empty() { "" } else { said }, info));
    let given = info.get("parameters").and_then(|it| it.get("properties")).and_then(Value::as_map);
    let all: Vec<(&str, &Value)> = given.into_iter().flat_map(Map::iter).collect();
    let in_path: Vec<&str> = placeholders(path).collect();
    let takes_body = matches!(verb, "POST" | "PUT" | "PATCH");
    let (mut params, mut fields, mut required) = (Vec::new(), Map::new(), Vec::new());
    for (name, schema) in all.iter().flat_map(|(name, schema)| numbered(name).map(move |name| (name, *schema))) {
        if takes_body && !in_path.contains(&name.as_str()) {
            required.extend((!is_set(schema, "optional")).then(|| Value::from(name.as_str())));
            fields.insert(name, schema_of(schema));
        } else {
            let place = if in_path.contains(&name.as_str()) { "path" } else { "query" };
            params.push(parameter(&name, place, schema));
        }
    }
    if !params.is_empty() {
        operation.insert("parameters", params);
    }
    if !fields.is_empty() {
        let schema = Map::from_iter([
            ("type", Value::from("object")),
            ("required", required.into()),
            ("properties", fields.into()),
        ]);
        let media = Map::from_iter([("application/x-www-form-urlencoded", Map::from_iter([("schema", schema)]))]);
        operation.insert("requestBody", Map::from_iter([("content", media)]));
    }
    operation.insert("responses", answers(info.get("returns")));
    operation.into()
}

/// What is said about an operation, with who may call it.
fn notes(said: &str, info: &Value) -> String {
    let rights = info.get("permissions").map(|it| text(it, "description")).unwrap_or_default();
    let parts: Vec<&str> = [said, rights].into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n\n")
}

/// The name itself, or the first of the names that it means.
fn numbered(name: &str) -> impl Iterator<Item = String> {
    let of_several = name.strip_suffix(NUMBERED).map(str::to_owned);
    let count = if of_several.is_some() { NUMBERS } else { 1 };
    let name = name.to_owned();
    (0..count).map(move |number| of_several.as_ref().map_or_else(|| name.clone(), |stem| format!("{stem}{number}")))
}

fn parameter(name: &str, place: &str, schema: &Value) -> Value {
    let required = place == "path" || !is_set(schema, "optional");
    Map::from_iter([
        ("name", Value::from(name)),
        ("in", place.into()),
        ("required", Value::Bool(required)),
        ("description", text(schema, "description").into()),
        ("schema", schema_of(schema)),
    ])
    .into()
}

/// The answer: what is returned is in `data`. A refusal has its words beside it.
fn answers(returns: Option<&Value>) -> Map {
    let words = Map::from_iter([
        ("message", Map::from_iter([("type", "string")])),
        ("errors", Map::from_iter([("type", "object")])),
    ]);
    let refused = in_json(Map::from_iter([("type", Value::from("object")), ("properties", words.into())]));
    let kind = returns.map(|returns| text(returns, "type")).unwrap_or_default();
    let works = match returns {
        Some(returns) if !matches!(kind, "null" | "" | "any") => in_json(Map::from_iter([
            ("type", Value::from("object")),
            ("x-result-at", "data".into()),
            ("properties", Map::from_iter([("data", schema_of(returns))]).into()),
        ])),
        _ => Map::from_iter([("description", "")]),
    };
    Map::from_iter([("200", works), ("default", refused)])
}

fn in_json(schema: Map) -> Map {
    let media = Map::from_iter([("application/json", Map::from_iter([("schema", schema)]))]);
    Map::from_iter([("content", media)])
}

/// A schema in the usual form.
fn schema_of(schema: &Value) -> Value {
    let mut found = Map::new();
    let kind = text(schema, "type");
    for key in KEPT {
        if let Some(value) = schema.get(key) {
            found.insert(key, number(value));
        }
    }
    let said = text(schema, "description");
    if !said.is_empty() {
        found.insert("description", said);
    }
    if let Some(default) = schema.get("default") {
        found.insert("default", if kind == "string" { default.clone() } else { number(default) });
    }
    match kind {
        // The service takes only these two for a truth value.
        "boolean" => {
            found.insert("type", "integer");
            found.insert("enum", vec![Value::Int(0), Value::Int(1)]);
        }
        "string" | "integer" | "number" | "array" | "object" => drop(found.insert("type", kind)),
        _ => {}
    }
    if let Some(items) = schema.get("items") {
        found.insert("items", schema_of(items));
    }
    let properties = schema.get("properties").and_then(Value::as_map).into_iter().flat_map(Map::iter);
    let properties: Map = properties.map(|(name, schema)| (name.to_owned(), schema_of(schema))).collect();
    if !properties.is_empty() {
        found.insert("properties", properties);
    }
    found.into()
}

/// A number that some files write as a text.
fn number(value: &Value) -> Value {
    let found = value.as_str().and_then(Value::number);
    found.unwrap_or_else(|| value.clone())
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default().trim()
}

/// Whether the value under a key is 1 or true.
fn is_set(value: &Value, key: &str) -> bool {
    match value.get(key) {
        Some(Value::Bool(set)) => *set,
        Some(Value::Int(set)) => *set == 1,
        Some(Value::Text(set)) => set == "1",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_an_assignment_of_json_is_taken_apart() {
        for (text, json) in [
            ("const apiSchema = [\n{}]\n;\n", Some("[\n{}]\n;\n")),
            ("var pveapi=[1];", Some("[1];")),
            ("let a = 5", None),
            ("const a.b = []", None),
            ("constant = []", None),
            ("openapi: 3.0.0", None),
        ] {
            assert_eq!(assigned(text), json, "{text}");
        }
    }

    #[test]
    fn a_tree_becomes_a_document() {
        let tree = r#"[{"path":"/things","text":"things","children":[{"path":"/things/{id}","info":{
            "PUT":{"description":"Change it.\nMore.","permissions":{"description":"Rights."},"parameters":{"properties":{
                "id":{"type":"string"},"net[n]":{"type":"string","optional":1},"on":{"type":"boolean","optional":1,"default":0},
                "size":{"type":"integer","minimum":"1"}}},"returns":{"type":"string"}},
            "DELETE":{"parameters":{"properties":{"id":{"type":"string"},"force":{"type":"boolean","optional":1}}},"returns":{"type":"null"}}}}],
          "info":{"GET":{"returns":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"}}}}}}}]"#;
        let found = rewritten(serde_json::from_str(tree).unwrap());
        let at = |path: &[&str]| path.iter().try_fold(&found, |value, key| value.get(key)).cloned().unwrap_or_default();
        let json = |path: &[&str]| serde_json::to_string(&at(path)).unwrap();
        let one = |rest: &[&'static str]| [&["paths", "/things/{id}"][..], rest].concat();
        assert_eq!(json(&one(&["put", "summary"])), r#""Change it.""#);
        assert_eq!(json(&one(&["put", "description"])), r#""Change it.\nMore.\n\nRights.""#);
        let form = ["put", "requestBody", "content", "application/x-www-form-urlencoded", "schema"];
        assert_eq!(json(&one(&[&form[..], &["required"]].concat())), r#"["size"]"#);
        let fields = at(&one(&[&form[..], &["properties"]].concat()));
        let names: Vec<&str> = fields.as_map().unwrap().keys().collect();
        assert_eq!(names, ["net0", "net1", "net2", "net3", "on", "size"]);
        assert_eq!(
            serde_json::to_string(fields.get("on").unwrap()).unwrap(),
            r#"{"default":0,"type":"integer","enum":[0,1]}"#
        );
        assert_eq!(fields.get("size").unwrap().get("minimum"), Some(&Value::Int(1)));
        assert!(json(&one(&["delete", "parameters"])).contains(r#""name":"force","in":"query","required":false"#));
        assert!(at(&one(&["delete", "responses", "200", "content"])) == Value::Null);
        assert!(json(&["paths", "/things", "get", "responses", "200"]).contains(r#""x-result-at":"data""#));
    }

    #[test]
    fn what_is_no_tree_stays_as_it_is() {
        for text in ["[]", "{}", r#"[{"path":"x","info":{}}]"#, r#"[{"path":"/x"}]"#, "5", r#"{"openapi":"3.0.0"}"#] {
            let value: Value = serde_json::from_str(text).unwrap();
            assert_eq!(rewritten(value.clone()), value);
        }
    }

    proptest! {
        #[test]
        fn anything_can_be_read(text in "(const|var|let)? ?[a-z]{0,3} ?=? ?[\\[\\]{}:,\"a-z0-9/]{0,40}") {
            if let Some(json) = assigned(&text) {
                prop_assert!(text.ends_with(json));
            }
        }
    }
}

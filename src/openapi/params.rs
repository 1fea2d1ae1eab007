//! The parameters of an operation, those of its address and the parts of its body, as a line gives them.

use std::collections::BTreeSet;

use model::route::{Verb, placeholders};
use model::{Map, Type, Value};

use super::operation::{Body, Content, In, Listing, Media, Operation, Parameter, is_json};
use super::schema::{Property, Schema};
use super::secret::is_secret;
use super::shape::{Described, Mode, Shapes, fits, limits};
use super::words::{line, typed};

/// The most parameters of an operation.
const PARAMS: usize = 400;
/// Headers that belong to the program: a document only repeats what HTTP says about them.
const OURS: [&str; 9] = [
    "accept",
    "content-type",
    "authorization",
    "content-length",
    "cookie",
    "host",
    "proxy-authorization",
    "range",
    "transfer-encoding",
];

/// What a call needs, in the words of a catalogue.
#[derive(Debug, Default)]
pub(crate) struct Params {
    pub(crate) params: Vec<Map>,
    /// The body; `None` if there is none.
    pub(crate) sends: Option<Map>,
}

/// The parameters of an operation. `Err` says why it cannot be carried.
pub(crate) fn params(operation: &Operation<'_>, shapes: &mut Shapes) -> Result<Params, String> {
    let mut named = Names::default();
    let mut found = Params::default();
    let missing = placeholders(operation.path)
        .filter(|name| !operation.params.iter().any(|it| it.place == In::Path && it.name == *name));
    for name in missing {
        let mut entry =
            named.entry(name).ok_or_else(|| format!("its path has a part without a name: {}", operation.path))?;
        entry.insert("type", "string");
        entry.insert("required", true);
        found.params.push(entry);
    }
    for param in operation.params.iter().take(PARAMS) {
        found.params.extend(of_address(param, operation, &mut named, shapes)?);
    }
    if let Some(body) = operation.body.as_ref().filter(|_| !matches!(operation.verb, Verb::Get | Verb::Head)) {
        add_body(body, &mut found, &mut named, shapes)?;
    } else if operation.body.as_ref().is_some_and(|body| body.required) {
        return Err("a GET with a body that is required".to_owned());
    }
    Ok(found)
}

/// The names that are taken.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    /// An entry with a name that can be typed, and the name on the wire if that is another.
    fn entry(&mut self, wire: &str) -> Option<Map> {
        let own = typed(wire)?;
        let others = std::iter::once(format!("body_{own}")).chain((2..).map(|number| format!("{own}_{number}")));
        let name = std::iter::once(own.clone()).chain(others).find(|name| !self.0.contains(name))?;
        self.0.insert(name.clone());
        let mut entry = Map::new();
        entry.insert("name", name.as_str());
        if name != wire {
            entry.insert("wire", wire);
        }
        Some(entry)
    }
}

/// A parameter of the path, the query or the head. `None` for one that is not needed and cannot be sent.
fn of_address(
    param: &Parameter<'_>,
    operation: &Operation<'_>,
    named: &mut Names,
    shapes: &mut Shapes,
) -> Result<Option<Map>, String> {
    let unsent = |why: String| if param.required { Err(why) } else { Ok(None) };
    match param.place {
        In::Header if OURS.contains(&param.name.to_ascii_lowercase().as_str()) => return Ok(None),
        In::Cookie => return unsent(format!("it needs the cookie {}", param.name)),
        In::Path if !placeholders(operation.path).any(|name| name == param.name) => return Ok(None),
        _ if param.name.contains('/') => {
            return unsent(format!("its parameter {:?} has a slash in its name", param.name));
        }
        In::Header if !is_token(param.name) => return unsent(format!("its header {:?} has no valid name", param.name)),
        _ => {}
    }
    let Some(mut entry) = named.entry(param.name) else {
        return unsent(format!("its parameter {:?} has a name that cannot be typed", param.name));
    };
    let schema = param.schema.map(Schema::of).unwrap_or_default();
    let described = match param.place {
        // A part of a path is one text, whatever is in it.
        In::Path => flat(shapes.describe(&schema, Mode::Given)),
        In::Header => flat_list(shapes.describe(&schema, Mode::Given)),
        _ => shapes.describe(&schema, Mode::Given),
    };
    limits(&mut entry, &schema, &described);
    summary(&mut entry, param.description);
    flags(&mut entry, param.required, param.deprecated || schema.deprecated);
    match param.place {
        In::Query => drop(entry.insert("place", "query")),
        In::Header => drop(entry.insert("place", "header")),
        In::Path | In::Cookie => {}
    }
    if matches!(described.type_, Type::List(_)) {
        listing(&mut entry, param.listing);
    }
    finish(&mut entry, &schema, described);
    Ok(Some(entry))
}

/// A list or a dictionary as one text.
fn flat(described: Described) -> Described {
    match described.type_ {
        Type::List(_) | Type::Dict | Type::MapOf(_) | Type::Shape(_) => {
            Described { type_: Type::String, ..Described::default() }
        }
        _ => described,
    }
}

/// A dictionary as one text.
fn flat_list(described: Described) -> Described {
    match described.type_ {
        Type::List(ref member) if !member.holds_dict() => described,
        _ => flat(described),
    }
}

fn is_token(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}

fn listing(entry: &mut Map, listing: Listing) {
    match listing {
        Listing::Repeated => drop(entry.insert("repeat", true)),
        Listing::Joined(separator) => drop(entry.insert("join", separator)),
        Listing::Bracketed => {}
    }
}

fn summary(entry: &mut Map, description: &str) {
    let summary = line(description);
    if !summary.is_empty() {
        entry.insert("summary", summary);
    }
}

fn flags(entry: &mut Map, required: bool, deprecated: bool) {
    if required {
        entry.insert("required", true);
    }
    if deprecated {
        entry.insert("deprecated", "the document says so");
    }
}

fn finish(entry: &mut Map, schema: &Schema<'_>, described: Described) {
    if let Some(default) = schema.default.filter(|value| fits(value, &described.type_)) {
        entry.insert("default", default.clone());
    }
    if !described.fields.is_empty() {
        entry.insert("fields", described.fields);
    }
}

/// Adds the parts of a body: in JSON if it can be, else as a form.
fn add_body(body: &Body<'_>, found: &mut Params, named: &mut Names, shapes: &mut Shapes) -> Result<(), String> {
    let of = |fits: &dyn Fn(&str) -> bool| body.media.iter().find(|media| fits(&media.kind));
    let patched = |kind: &str| kind == "application/json-patch+json";
    let plain = |kind: &str| is_json(kind) && !patched(kind);
    if let Some(media) = of(&|kind| kind == "application/json").or_else(|| of(&plain)).or_else(|| of(&patched)) {
        return json_body(media, body, found, named, shapes);
    }
    if let Some(media) = of(&|kind| kind == "application/x-www-form-urlencoded") {
        found.sends = Some(Map::from_iter([("as", "form")]));
        return match &media.content {
            Content::Fields(fields) => {
                let entries =
                    fields.iter().map(|field| of_form(field, named, shapes)).collect::<Result<Vec<_>, _>>()?;
                found.params.extend(entries);
                Ok(())
            }
            content => {
                properties(&content.schema().unwrap_or_default(), Some(media), found, named, shapes);
                Ok(())
            }
        };
    }
    if body.media.is_empty() || !body.required && body.media.iter().all(|media| media.kind.is_empty()) {
        return Ok(());
    }
    let kinds: Vec<&str> = body.media.iter().map(|media| media.kind.as_str()).collect();
    Err(format!("its body is {}", kinds.join(" or ")))
}

/// A field of a form in Swagger 2.0.
fn of_form(field: &Parameter<'_>, named: &mut Names, shapes: &mut Shapes) -> Result<Map, String> {
    let unnamed = || format!("its parameter {:?} has a name that cannot be typed", field.name);
    let mut entry = named.entry(field.name).ok_or_else(unnamed)?;
    let schema = field.schema.map(Schema::of).unwrap_or_default();
    let described = shapes.describe(&schema, Mode::Given);
    limits(&mut entry, &schema, &described);
    summary(&mut entry, field.description);
    flags(&mut entry, field.required, field.deprecated);
    entry.insert("place", "body");
    if is_secret(field.name, &schema, std::iter::empty()) {
        entry.insert("secret", true);
    }
    if matches!(described.type_, Type::List(_)) {
        listing(&mut entry, field.listing);
    }
    finish(&mut entry, &schema, described);
    Ok(entry)
}

fn json_body(
    media: &Media<'_>,
    body: &Body<'_>,
    found: &mut Params,
    named: &mut Names,
    shapes: &mut Shapes,
) -> Result<(), String> {
    let mut sends = Map::from_iter([("as", "json")]);
    if !["application/json", "*/*"].contains(&media.kind.as_str()) {
        sends.insert("media", media.kind.as_str());
    }
    let schema = media.content.schema().unwrap_or_default();
    if schema.is_record() {
        properties(&schema, None, found, named, shapes);
        found.sends = Some(sends);
        return Ok(());
    }
    // A list, a dictionary with names of the user's own, or a body of which nothing is known.
    let mut entry = named.entry("body").ok_or("its body has no name")?;
    let whole = entry.get("name").cloned().unwrap_or_default();
    let described = shapes.describe(&schema, Mode::Given);
    limits(&mut entry, &schema, &described);
    summary(&mut entry, if body.description.is_empty() { schema.description } else { body.description });
    flags(&mut entry, body.required, false);
    entry.insert("place", "body");
    finish(&mut entry, &schema, described);
    found.params.push(entry);
    sends.insert("whole", whole);
    found.sends = Some(sends);
    Ok(())
}

/// Adds the properties of a body, the required ones first.
fn properties(
    schema: &Schema<'_>,
    form: Option<&Media<'_>>,
    found: &mut Params,
    named: &mut Names,
    shapes: &mut Shapes,
) {
    let mut all: Vec<&Property<'_>> = schema.properties.iter().collect();
    all.sort_by_key(|property| !property.required);
    for property in all.into_iter().take(PARAMS) {
        let inner = property.schema();
        if inner.read_only || property.name.contains('/') {
            continue;
        }
        let Some(mut entry) = named.entry(property.name) else { continue };
        let described = shapes.describe(&inner, Mode::Given);
        limits(&mut entry, &inner, &described);
        flags(&mut entry, property.required, inner.deprecated);
        entry.insert("place", "body");
        if is_secret(property.name, &inner, schema.properties.iter().map(|other| other.name)) {
            entry.insert("secret", true);
        }
        if form.is_some_and(|media| repeats(media, property.name)) && matches!(described.type_, Type::List(_)) {
            entry.insert("repeat", true);
        }
        finish(&mut entry, &inner, described);
        found.params.push(entry);
    }
}

/// Whether a list in a form is written by repeating its name, which it is unless its encoding says otherwise.
fn repeats(media: &Media<'_>, name: &str) -> bool {
    let style = media.encoding.and_then(|encoding| encoding.get(name)).map(|it| it.text("style").to_owned());
    style.is_none_or(|style| style != "deepObject")
}

/// The name of a parameter.
pub(crate) fn name(param: &Map) -> &str {
    param.get("name").and_then(Value::as_str).unwrap_or_default()
}

/// Its name on the wire.
pub(crate) fn wire(param: &Map) -> &str {
    param.get("wire").and_then(Value::as_str).unwrap_or_else(|| name(param))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::front;
    use crate::library::Library;

    /// The parameters of `VERB /path` with these keys, each as JSON, then the body.
    fn of(line: &str, keys: &str) -> Result<Vec<String>, String> {
        let (verb, path) = line.split_once(' ').unwrap();
        let text = format!(r#"{{"openapi":"3.0.0","paths":{{"{path}":{{"{}":{{{keys}}}}}}}}}"#, verb.to_lowercase());
        let library = Library::of(serde_json::from_str(&text).unwrap());
        let api = front::read(&library).unwrap();
        let found = params(&api.operations[0], &mut Shapes::default())?;
        let all = found.params.into_iter().chain(found.sends);
        Ok(all.map(|it| serde_json::to_string(&Value::Map(it)).unwrap()).collect())
    }

    #[test]
    fn parameters_of_the_address_keep_their_names_on_the_wire() {
        let found = of(
            "GET /a/{zone-id}/{bare}",
            r#""parameters":[{"name":"zone-id","in":"path","schema":{"type":"integer"}},
               {"name":"filter[name]","in":"query","description":"Only these. More","schema":{"type":"array","items":{"type":"string"}}},
               {"name":"l","in":"query","explode":false,"required":true,"schema":{"type":"array","items":{"type":"string","enum":["a","b"]}}},
               {"name":"X-Note","in":"header","schema":{"type":"string","default":"n"}},{"name":"Accept","in":"header"},
               {"name":"c","in":"cookie"},{"name":"gone","in":"path"}]"#,
        );
        assert_eq!(
            found.unwrap(),
            [
                r#"{"name":"bare","type":"string","required":true}"#,
                r#"{"name":"zone-id","type":"int","required":true}"#,
                r#"{"name":"filter_name","wire":"filter[name]","type":"list:string","summary":"Only these","place":"query","repeat":true}"#,
                r#"{"name":"l","type":"list:string","choices":["a","b"],"required":true,"place":"query","join":","}"#,
                r#"{"name":"X-Note","type":"string","place":"header","default":"n"}"#,
            ]
        );
    }

    #[test]
    fn the_parts_of_a_body_are_parameters() {
        let body =
            |schema: &str| format!(r#""requestBody":{{"content":{{"application/json":{{"schema":{schema}}}}}}}"#);
        let found = of(
            "POST /a/{id}",
            &body(
                r#"{"required":["name"],"properties":{"id":{"type":"string"},"no":{"readOnly":true},"name":{"type":"string"},"root_password":{"type":"string"},"net":{"type":"object","properties":{"ip":{"type":"string"}}}}}"#,
            ),
        );
        assert_eq!(
            found.unwrap(),
            [
                r#"{"name":"id","type":"string","required":true}"#,
                r#"{"name":"name","type":"string","required":true,"place":"body"}"#,
                r#"{"name":"body_id","wire":"id","type":"string","place":"body"}"#,
                r#"{"name":"root_password","type":"string","place":"body","secret":true}"#,
                r#"{"name":"net","type":"dict","place":"body","fields":[{"name":"ip","type":"string","optional":true}]}"#,
                r#"{"as":"json"}"#,
            ]
        );
        let list = of("POST /a", &body(r#"{"type":"array","items":{"type":"string"}}"#)).unwrap();
        assert_eq!(list, [r#"{"name":"body","type":"list:string","place":"body"}"#, r#"{"as":"json","whole":"body"}"#]);
    }

    #[test]
    fn what_cannot_be_carried_says_why() {
        let with = |kind: &str| {
            format!(
                r#""requestBody":{{"required":true,"content":{{"{kind}":{{"schema":{{"properties":{{"a":{{}}}}}}}}}}}}"#
            )
        };
        for (line, keys, said) in [
            ("POST /a", with("multipart/form-data"), Some("its body is multipart/form-data")),
            ("POST /a", with("application/merge-patch+json"), None),
            ("POST /a", with("application/x-www-form-urlencoded"), None),
            ("GET /a", with("application/json"), Some("a GET with a body that is required")),
            ("DELETE /a", with("application/json"), None),
            (
                "GET /a",
                r#""parameters":[{"name":"s","in":"cookie","required":true}]"#.to_owned(),
                Some("it needs the cookie s"),
            ),
            ("GET /a/{$}", String::new(), Some("its path has a part without a name: /a/{$}")),
            ("POST /a", r#""requestBody":{"content":{}}"#.to_owned(), None),
        ] {
            assert_eq!(of(line, &keys).err().as_deref(), said, "{line} {keys}");
        }
    }
}

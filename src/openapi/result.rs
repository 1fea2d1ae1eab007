//! What an operation returns: where the result is in the answer, and what is in it.

use model::route::Verb;
use model::{Map, Type, Value};

use super::kinds::Kinds;
use super::operation::{Answer, Content, Media, Operation, is_json};
use super::schema::Schema;
use super::secret::is_secret;
use super::shape::{Mode, Shapes};
use super::words::{single, small};

/// The most columns of a table.
const COLUMNS: usize = 8;
/// Names of fields that people look for first, the most important one first. A part of a name is enough where it ends
/// with a hyphen.
const FIRST: [&str; 30] = [
    "id",
    "uuid",
    "guid",
    "slug",
    "name",
    "label",
    "hostname",
    "title",
    "domain",
    "login",
    "username",
    "full_name",
    "status",
    "state",
    "enabled",
    "active",
    "type",
    "kind",
    "version",
    "address",
    "ip",
    "ipv4",
    "region",
    "location",
    "size",
    "plan",
    "description",
    "created",
    "created_at",
    "expires_at",
];
/// The same for objects that have them inside others.
const INNER: [(&str, &str); 7] = [
    ("metadata", "name"),
    ("metadata", "namespace"),
    ("attributes", "name"),
    ("status", "phase"),
    ("attributes", "status"),
    ("metadata", "creationTimestamp"),
    ("attributes", "created_at"),
];
/// Parts of an envelope that are about the answer, not the result.
const ASIDE: [&str; 8] = ["meta", "links", "pagination", "paging", "_links", "_meta", "page", "request_id"];

/// Parts of an envelope that are about a list. A single object may have them as its own.
const ASIDE_OF_LISTS: [&str; 3] = ["metadata", "page_info", "cursors"];

/// Names of texts that are about a list, words with which others begin, and words with which others end.
const TEXTS_ASIDE: [&str; 14] = [
    "kind",
    "api_version",
    "object",
    "url",
    "href",
    "etag",
    "self",
    "query",
    "sort",
    "order",
    "status",
    "message",
    "request_id",
    "continue",
];
const BEGINNINGS_ASIDE: [&str; 6] = ["next", "previous", "prev", "first", "last", "page"];
const ENDS_ASIDE: [&str; 3] = ["cursor", "token", "marker"];

/// What a call returns, in the words of a catalogue.
#[derive(Debug, Default)]
pub(crate) struct Returned<'d> {
    pub(crate) type_: Type,
    pub(crate) fields: Vec<Value>,
    pub(crate) columns: Vec<String>,
    pub(crate) answers: Map,
    /// What a member of the result is, or the result itself.
    pub(crate) member: Option<Schema<'d>>,
    /// What is around the list.
    pub(crate) envelope: Option<Schema<'d>>,
}

impl Returned<'_> {
    /// Whether it is a list.
    pub(crate) fn is_list(&self) -> bool {
        matches!(self.type_, Type::List(_))
    }
}

/// What an operation returns.
pub(crate) fn returned<'d>(operation: &Operation<'d>, shapes: &mut Shapes) -> Returned<'d> {
    let Some(answer) = operation.success() else { return nothing(operation) };
    let json = answer.media.iter().find(|media| is_json(&media.kind));
    match json.or(answer.media.first()) {
        _ if operation.verb == Verb::Head => none(),
        None => nothing(operation),
        Some(media) if json.is_some() => of_json(media, operation, shapes),
        Some(_) => in_own_format(answer),
    }
}

fn none<'d>() -> Returned<'d> {
    Returned { type_: Type::None, answers: form("none"), ..Returned::default() }
}

fn form(name: &str) -> Map {
    Map::from_iter([("as", name)])
}

/// No body is described. What reads something returns something all the same.
fn nothing<'d>(operation: &Operation<'d>) -> Returned<'d> {
    let empty = operation.success().is_some_and(|answer| answer.status == "204");
    match operation.verb {
        Verb::Get if !empty => Returned { answers: form("any"), ..Returned::default() },
        _ => none(),
    }
}

fn in_own_format<'d>(answer: &Answer<'d>) -> Returned<'d> {
    let has = |kind: &str| answer.media.iter().any(|media| media.kind == kind);
    let (name, type_) = match () {
        () if has("application/pdf") => ("pdf", Type::Bytes),
        () if has("image/png") => ("png", Type::Bytes),
        () if has("text/plain") => ("text", Type::String),
        () => ("any", Type::Any),
    };
    Returned { type_, answers: form(name), ..Returned::default() }
}

fn of_json<'d>(media: &Media<'d>, operation: &Operation<'d>, shapes: &mut Shapes) -> Returned<'d> {
    let whole = media.content.schema().unwrap_or_default();
    let mut answers = form("json");
    let mut envelope = None;
    let found = marked(media, &whole).or_else(|| {
        let list = list_in(&whole, operation).map(|(path, list)| ("list", path, list));
        list.or_else(|| only_in(&whole, operation).map(|(path, only)| ("at", path, only)))
    });
    let schema = match found {
        Some((key, path, part)) => {
            answers.insert(key, path);
            envelope = Some(whole).filter(|_| key == "list");
            part
        }
        None => {
            // Some documents leave out what is around an object.
            if let Some(name) = around(&whole, operation) {
                answers.insert("unwrap", name);
            }
            whole
        }
    };
    let described = shapes.describe(&schema, Mode::Shown);
    if described.type_ == Type::Any && described.takes.is_empty() {
        // Whatever comes is the result, also if it is no JSON.
        return Returned { answers: form(if envelope.is_some() { "json" } else { "any" }), ..Returned::default() };
    }
    let member = match schema.items.filter(|_| matches!(described.type_, Type::List(_))) {
        Some(items) => Schema::of(items),
        None => schema,
    };
    let columns = if matches!(described.type_, Type::List(_)) { columns(&member) } else { Vec::new() };
    Returned { type_: described.type_, fields: described.fields, columns, answers, member: Some(member), envelope }
}

/// The part of the answer that the document itself marks as the result.
fn marked<'d>(media: &Media<'d>, whole: &Schema<'d>) -> Option<(&'static str, &'d str, Schema<'d>)> {
    let Content::Schema(node) = &media.content else { return None };
    let at = node.text("x-result-at");
    let part = whole.property(at)?.schema();
    Some((if part.kinds.array { "list" } else { "at" }, at, part))
}

/// The only list in the answer of a call that reads several things.
fn list_in<'d>(whole: &Schema<'d>, operation: &Operation<'d>) -> Option<(&'d str, Schema<'d>)> {
    let several = operation.verb == Verb::Get && !operation.steps().last().is_some_and(|step| step.starts_with('{'));
    if !several || !whole.is_record() {
        return None;
    }
    let aside = |name: &str| ASIDE.contains(&name) || ASIDE_OF_LISTS.contains(&name);
    let parts = whole.properties.iter().filter(|property| !aside(property.name));
    let mut lists = parts.map(|property| (property.name, property.schema())).filter(|(_, schema)| is_only_list(schema));
    let (name, list) = lists.next()?;
    // A single thing may have a list in it: what else is there is then more than numbers about the list.
    let others = whole.properties.iter().filter(|property| property.name != name && !aside(property.name));
    let counts = others.map(|property| (property.name, property.schema())).all(|(name, it)| is_about(name, &it));
    let plain = !name.contains('.') && list.items.is_some();
    (lists.next().is_none() && counts && plain).then_some((name, list))
}

/// Whether a value is a list, and never anything else.
fn is_only_list(schema: &Schema<'_>) -> bool {
    schema.kinds == Kinds { array: true, ..Kinds::default() } && schema.properties.is_empty()
}

/// Whether a value beside a list can be about the list: a number, a mark, or one of the texts that lists have.
fn is_about(name: &str, schema: &Schema<'_>) -> bool {
    let single = !schema.is_record() && !schema.kinds.array && !schema.kinds.object;
    let texts = small(name).is_some_and(|name| {
        let words: Vec<&str> = name.split('_').collect();
        let has = |word: Option<&&str>, known: &[&str]| word.is_some_and(|word| known.contains(word));
        TEXTS_ASIDE.contains(&name.as_str()) || has(words.first(), &BEGINNINGS_ASIDE) || has(words.last(), &ENDS_ASIDE)
    });
    single && (!schema.kinds.string || texts)
}

/// The only object in the answer of a call that reads one thing, or that always answers with it.
fn only_in<'d>(whole: &Schema<'d>, operation: &Operation<'d>) -> Option<(&'d str, Schema<'d>)> {
    if !whole.is_record() {
        return None;
    }
    let mut parts = whole.properties.iter().filter(|property| !ASIDE.contains(&property.name));
    let only = parts.next().filter(|only| !only.name.contains('.'))?;
    let reads = operation.verb == Verb::Get;
    let schema = only.schema();
    (parts.next().is_none() && schema.is_record() && (reads || only.required)).then_some((only.name, schema))
}

/// The key that services put around an object such as this one: `action` for the members of `/actions`.
fn around(whole: &Schema<'_>, operation: &Operation<'_>) -> Option<String> {
    if !whole.is_record() || whole.open || whole.values.is_some() {
        return None;
    }
    let collection = operation.last_name()?;
    let name = single(&small(collection)?);
    let one = operation.verb != Verb::Get || operation.steps().last().is_some_and(|step| step.starts_with('{'));
    let own = whole.properties.iter().any(|property| small(property.name).as_deref() == Some(&name));
    (one && !own && name != collection).then_some(name)
}

/// The columns of a table: single values that people look for first.
fn columns(member: &Schema<'_>) -> Vec<String> {
    if member.properties.len() <= 3 {
        return Vec::new();
    }
    let mut columns: Vec<String> =
        FIRST.into_iter().filter(|name| is_shown(member, name)).take(COLUMNS).map(str::to_owned).collect();
    if columns.is_empty() {
        columns = inner_columns(member);
    }
    let names = member.properties.iter().map(|property| property.name);
    let more: Vec<String> =
        names.filter(|name| is_shown(member, name)).map(str::to_owned).filter(|name| !columns.contains(name)).collect();
    let room = 4_usize.saturating_sub(columns.len());
    columns.extend(more.into_iter().take(room));
    columns
}

/// Whether a field of that name is a single value that may be shown.
fn is_shown(schema: &Schema<'_>, name: &str) -> bool {
    let Some(found) = schema.property(name) else { return false };
    let inner = found.schema();
    let single = !inner.is_record() && !inner.kinds.array && !inner.kinds.object && !inner.write_only;
    single && !name.contains('.') && !is_secret(name, &inner, schema.properties.iter().map(|property| property.name))
}

/// The same where an object has its name and its state inside other objects.
fn inner_columns(member: &Schema<'_>) -> Vec<String> {
    let shown = |(outer, inner): &(&str, &str)| {
        member.property(outer).is_some_and(|property| is_shown(&property.schema(), inner))
    };
    INNER.iter().filter(|place| shown(place)).map(|(outer, inner)| format!("{outer}.{inner}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::front;
    use crate::library::Library;

    /// What `VERB /path` returns: its type, how the answer is read, and the columns.
    fn of(line: &str, responses: &str) -> String {
        let (verb, path) = line.split_once(' ').unwrap();
        let text = format!(
            r#"{{"openapi":"3.0.0","paths":{{"{path}":{{"{}":{{"responses":{responses}}}}}}}}}"#,
            verb.to_lowercase()
        );
        let library = Library::of(serde_json::from_str(&text).unwrap());
        let api = front::read(&library).unwrap();
        let found = returned(&api.operations[0], &mut Shapes::default());
        let answers = serde_json::to_string(&Value::Map(found.answers.clone())).unwrap();
        format!("{} {answers} {}", found.type_, found.columns.join(","))
    }

    #[test]
    fn the_result_is_found_in_the_answer() {
        let json = |schema: &str| format!(r#"{{"200":{{"content":{{"application/json":{{"schema":{schema}}}}}}}}}"#);
        let servers = r#"{"type":"array","items":{"properties":{"status":{"type":"string"},"token":{"type":"string"},"ram":{"type":"integer"},"id":{"type":"integer"},"net":{"type":"object"}}}}"#;
        for (line, responses, found) in [
            ("GET /a", json(r#"{"type":"array","items":{"type":"string"}}"#), r#"list:string {"as":"json"} "#),
            (
                "GET /a",
                json(&format!(r#"{{"properties":{{"servers":{servers},"meta":{{"type":"object"}}}}}}"#)),
                r#"list:dict {"as":"json","list":"servers"} id,status,ram"#,
            ),
            (
                "GET /a",
                json(&format!(
                    r#"{{"properties":{{"count":{{"type":"integer"}},"next":{{"type":"string"}},"results":{servers}}}}}"#
                )),
                r#"list:dict {"as":"json","list":"results"} id,status,ram"#,
            ),
            (
                "GET /a",
                json(r#"{"properties":{"name":{"type":"object"},"tags":{"type":"array","items":{}}}}"#),
                r#"dict {"as":"json"} "#,
            ),
            ("GET /a/{id}", json(&format!(r#"{{"properties":{{"x":{servers}}}}}"#)), r#"dict {"as":"json"} "#),
            (
                "GET /a/{id}",
                json(r#"{"properties":{"server":{"properties":{"id":{}}}}}"#),
                r#"dict {"as":"json","at":"server"} "#,
            ),
            ("POST /a", json(r#"{"properties":{"server":{"properties":{"id":{}}}}}"#), r#"dict {"as":"json"} "#),
            (
                "POST /a",
                json(r#"{"required":["server"],"properties":{"server":{"properties":{"id":{}}}}}"#),
                r#"dict {"as":"json","at":"server"} "#,
            ),
            (
                "POST /a",
                json(r#"{"properties":{"server":{"properties":{}},"root_password":{}}}"#),
                r#"dict {"as":"json"} "#,
            ),
            (
                "GET /a",
                json(
                    r#"{"properties":{"kind":{"type":"object"},"metadata":{"properties":{"continue":{"type":"string"}}},"items":{"type":"array","items":
                    {"properties":{"spec":{"type":"object"},"data":{"type":"object"},"metadata":{"properties":{"name":{"type":"string"}}},"status":{"properties":{"phase":{"type":"string"}}}}}}}}"#,
                ),
                r#"dict {"as":"json"} "#,
            ),
            (
                "GET /a",
                json(
                    r#"{"properties":{"kind":{"type":"string"},"metadata":{"properties":{"continue":{"type":"string"}}},"items":{"type":"array","items":
                    {"properties":{"spec":{"type":"object"},"data":{"type":"object"},"metadata":{"properties":{"name":{"type":"string"}}},"status":{"properties":{"phase":{"type":"string"}}}}}}}}"#,
                ),
                r#"list:dict {"as":"json","list":"items"} metadata.name,status.phase"#,
            ),
            (
                "GET /logs",
                json(
                    r#"{"properties":{"old_urls":{"type":"array","items":{}},"live_url":{"type":"string"},"url":{"type":"string"}}}"#,
                ),
                r#"dict {"as":"json"} "#,
            ),
            (
                "GET /things",
                json(
                    r#"{"properties":{"object":{"type":"string"},"nextPage":{"type":"string"},"start_cursor":{"type":"string"},"data":{"type":"array","items":{}}}}"#,
                ),
                r#"list {"as":"json","list":"data"} "#,
            ),
            (
                "GET /things/{id}",
                json(r#"{"properties":{"id":{"type":"string"},"name":{"type":"string"}}}"#),
                r#"dict {"as":"json","unwrap":"thing"} "#,
            ),
            (
                "POST /things/{id}/actions",
                json(r#"{"properties":{"id":{"type":"string"},"status":{"type":"string"}}}"#),
                r#"dict {"as":"json","unwrap":"action"} "#,
            ),
            (
                "GET /things/{id}",
                json(r#"{"properties":{"thing":{"type":"string"},"name":{"type":"string"}}}"#),
                r#"dict {"as":"json"} "#,
            ),
            ("GET /things/summary", json(r#"{"properties":{"id":{"type":"string"}}}"#), r#"dict {"as":"json"} "#),
            (
                "GET /a",
                json(r#"{"properties":{"items":{"type":["array","object"],"items":{}}}}"#),
                r#"dict {"as":"json"} "#,
            ),
            ("GET /a", json("{}"), r#"any {"as":"any"} "#),
            ("DELETE /a", r#"{"204":{}}"#.into(), r#"none {"as":"none"} "#),
            ("GET /a", r#"{"204":{}}"#.into(), r#"none {"as":"none"} "#),
            ("GET /a", r#"{"200":{}}"#.into(), r#"any {"as":"any"} "#),
            ("HEAD /a", json("{}"), r#"none {"as":"none"} "#),
            ("GET /a", r#"{"200":{"content":{"text/plain":{}}}}"#.into(), r#"string {"as":"text"} "#),
            ("GET /a", r#"{"200":{"content":{"application/pdf":{}}}}"#.into(), r#"bytes {"as":"pdf"} "#),
            ("GET /a", r#"{"200":{"content":{"application/zip":{}}}}"#.into(), r#"any {"as":"any"} "#),
            ("GET /a", "{}".into(), r#"any {"as":"any"} "#),
            ("POST /a", "{}".into(), r#"none {"as":"none"} "#),
        ] {
            assert_eq!(of(line, &responses), found, "{line} {responses}");
        }
    }
}

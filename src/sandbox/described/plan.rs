//! What each operation of a document is about: a collection of objects, one of them, a single thing, or none of these.

use std::collections::{BTreeMap, BTreeSet};

use model::Value;
use openapi::{Endpoint, Form, Kind, Reply, Schemas, Surface};

use super::route::parts;
use super::words;

/// The placeholder for a value in a path.
const HOLE: &str = "{}";

/// What an operation does with what is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It reads a collection.
    List,
    /// It makes a member of a collection.
    Create,
    /// It reads a member, or a single thing.
    Read,
    /// It changes one, or makes it.
    Change,
    /// It removes one.
    Remove,
    /// It does something else.
    Act,
}

/// What an operation is about.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) role: Role,
    /// The path with holes: that of the collection, or of the single thing.
    pub(super) kind: String,
    /// Whether it is about a member of the collection, which the last step names.
    pub(super) member: bool,
    /// Where the object or the list is in the answer.
    pub(super) spot: Vec<String>,
    /// The collections on the way, with the number of steps to the member of each.
    pub(super) parents: Vec<(usize, String)>,
}

/// A collection of objects.
#[derive(Clone, Debug, Default)]
pub(super) struct Collection {
    /// Where the key of a member is, if its schema shows it.
    pub(super) key: Vec<String>,
    /// Whether paths have whole numbers as keys.
    pub(super) numbered: bool,
    /// Whether objects have whole numbers as keys.
    pub(super) whole: bool,
    /// Whether there is a list of all members, so that others do not exist.
    pub(super) listed: bool,
    /// Whether members are made by a call on the collection, so that PUT makes none.
    pub(super) created: bool,
    /// The schema of a member.
    pub(super) schema: Option<usize>,
    /// Members that the document shows as examples.
    pub(super) examples: Vec<Value>,
    /// A word for a member.
    pub(super) word: String,
}

/// The parts of all operations by their numbers, and all collections by their paths.
pub(super) struct Plan {
    pub(super) parts: Vec<Part>,
    pub(super) collections: BTreeMap<String, Collection>,
}

impl Plan {
    /// What the operations of a document are about.
    pub(super) fn of(surface: &Surface) -> Plan {
        let schemas = &surface.schemas;
        let paths: Vec<String> = surface.endpoints.iter().map(|it| holed(&it.path)).collect();
        let mut collections: BTreeMap<String, Collection> = BTreeMap::new();
        for (endpoint, path) in surface.endpoints.iter().zip(&paths) {
            if let Some(above) = path.strip_suffix("/{}").filter(|above| !above.is_empty()) {
                collections.entry(above.to_owned()).or_default().word = word(path);
            } else if endpoint.verb == "GET" && list(schemas, endpoint).is_some() {
                let entry = collections.entry(path.clone()).or_default();
                (entry.listed, entry.word) = (true, word(path));
            }
        }
        for (endpoint, path) in surface.endpoints.iter().zip(&paths) {
            describe(schemas, endpoint, path, &mut collections);
        }
        for entry in collections.values_mut() {
            let key = entry.schema.and_then(|id| at(schemas, id, &entry.key)).and_then(|id| schemas.get(id));
            entry.whole = entry.numbered || key.is_some_and(|it| it.kinds.first() == Some(&Kind::Int));
        }
        let settable: BTreeSet<&String> = surface
            .endpoints
            .iter()
            .zip(&paths)
            .filter(|(it, _)| ["PUT", "PATCH"].contains(&it.verb))
            .map(|(_, path)| path)
            .collect();
        let part = |(endpoint, path): (&Endpoint, &String)| {
            part(schemas, endpoint, path, &collections, settable.contains(path))
        };
        let parts = surface.endpoints.iter().zip(&paths).map(part).collect();
        Plan { parts, collections }
    }
}

/// The answer of an operation that works: the lowest status of success, preferably one with a body.
pub(super) fn success(endpoint: &Endpoint) -> Option<&Reply> {
    let good = || endpoint.replies.iter().filter(|reply| reply.status.starts_with('2'));
    let usual = || endpoint.replies.iter().find(|reply| reply.status == "default" && good().next().is_none());
    good().find(|reply| !reply.forms.is_empty()).or_else(|| good().next()).or_else(usual)
}

/// The form of an answer that is JSON.
pub(super) fn json(reply: &Reply) -> Option<&Form> {
    reply.forms.iter().find(|form| is_json(&form.kind))
}

/// Whether a media type is JSON.
pub(super) fn is_json(kind: &str) -> bool {
    matches!(kind, "application/json" | "*/*" | "text/json" | "") || kind.ends_with("+json")
}

/// A path with its names left out.
fn holed(path: &str) -> String {
    let step = |step: &str| if step.contains('{') { HOLE.to_owned() } else { step.to_owned() };
    parts(path).map(step).collect::<Vec<_>>().join("/")
}

/// A word for what is in a collection: the last step of its path that is a word.
fn word(path: &str) -> String {
    let last = parts(path).filter(|step| *step != HOLE).last().unwrap_or("object");
    words::single(last).to_ascii_lowercase()
}

/// Adds what an operation shows about its collection.
fn describe(schemas: &Schemas, endpoint: &Endpoint, path: &str, collections: &mut BTreeMap<String, Collection>) {
    let last = parts(&endpoint.path).last().unwrap_or_default();
    let above = path.strip_suffix("/{}");
    if let Some(entry) = collections.get_mut(path).filter(|_| endpoint.verb == "POST") {
        entry.created = true;
    }
    let form = success(endpoint).and_then(json);
    match above.and_then(|above| collections.get_mut(above)) {
        Some(entry) if ["GET", "PUT", "PATCH"].contains(&endpoint.verb) => {
            let param = last.trim_start_matches('{').trim_end_matches('}');
            let input = endpoint.inputs.iter().find(|input| input.name == param).and_then(|input| input.schema);
            entry.numbered |= input.and_then(|id| schemas.get(id)).is_some_and(|it| it.kinds == [Kind::Int]);
            let Some(form) = form else { return };
            let spot = spot(schemas, form.schema, param, entry.numbered);
            let found = form.schema.and_then(|id| at(schemas, id, &spot));
            // What changes an object may answer with less of it than what reads it.
            let first = entry.key.is_empty() || endpoint.verb == "GET";
            if let Some(key) = found.filter(|_| first).and_then(|id| key(schemas, id, param, entry.numbered)) {
                entry.key = key;
            }
            if endpoint.verb == "GET" {
                entry.schema = found;
                entry.examples.extend(form.example.as_ref().and_then(|it| inside(it, &spot)).cloned());
            }
        }
        _ => {}
    }
    let Some((entry, form)) = collections.get_mut(path).filter(|it| it.listed && endpoint.verb == "GET").zip(form)
    else {
        return;
    };
    let Some(spot) = list(schemas, endpoint) else { return };
    let items = form.schema.and_then(|id| at(schemas, id, &spot)).and_then(|id| schemas.get(id)?.items);
    let shown = form.example.as_ref().and_then(|it| inside(it, &spot)).and_then(Value::as_list).unwrap_or_default();
    entry.examples = shown.iter().take(3).cloned().chain(std::mem::take(&mut entry.examples)).collect();
    entry.schema = entry.schema.or(items);
    if entry.key.is_empty()
        && let Some(key) = items.and_then(|id| key(schemas, id, "id", entry.numbered))
    {
        entry.key = key;
    }
}

fn part(
    schemas: &Schemas,
    endpoint: &Endpoint,
    path: &str,
    collections: &BTreeMap<String, Collection>,
    settable: bool,
) -> Part {
    let above = path.strip_suffix("/{}").filter(|above| collections.contains_key(*above));
    let own = collections.contains_key(path);
    let role = match (endpoint.verb, above.is_some()) {
        ("GET", false) if own && list(schemas, endpoint).is_some() => Role::List,
        ("POST", false) if own => Role::Create,
        ("GET", true) => Role::Read,
        ("PUT" | "PATCH" | "POST", true) => Role::Change,
        ("DELETE", true) => Role::Remove,
        ("GET" | "PUT" | "PATCH", false) if settable && !own => {
            if endpoint.verb == "GET" {
                Role::Read
            } else {
                Role::Change
            }
        }
        _ => Role::Act,
    };
    let kind = above.unwrap_or(path).to_owned();
    let entry = collections.get(&kind);
    let form = success(endpoint).and_then(json);
    let spot = match (role, form) {
        (Role::List, _) => list(schemas, endpoint).unwrap_or_default(),
        (Role::Act, _) | (_, None) => Vec::new(),
        (_, Some(form)) => object(schemas, form.schema, entry),
    };
    Part { role, member: above.is_some(), spot, parents: parents(path, collections), kind }
}

/// The collections on a path before its last step.
fn parents(path: &str, collections: &BTreeMap<String, Collection>) -> Vec<(usize, String)> {
    let steps: Vec<&str> = parts(path).collect();
    let above = |count: usize| {
        let (last, before) = steps.get(..count)?.split_last()?;
        let kind = before.join("/");
        (*last == HOLE && collections.contains_key(&kind)).then_some((count, kind))
    };
    (1..steps.len()).filter_map(above).collect()
}

/// Where the list is in the answer of an operation that reads several things.
fn list(schemas: &Schemas, endpoint: &Endpoint) -> Option<Vec<String>> {
    let last = parts(&endpoint.path).last().filter(|step| !step.starts_with('{'))?;
    list_in(schemas, success(endpoint).and_then(json)?.schema?, last, 2)
}

fn list_in(schemas: &Schemas, id: usize, word: &str, left: usize) -> Option<Vec<String>> {
    let schema = schemas.get(id)?;
    if schema.kinds.first() == Some(&Kind::List) {
        return Some(Vec::new());
    }
    let properties = || schema.properties.iter().filter(|property| !words::is_aside(&property.name));
    let of_kind = |id: usize, kind: Kind| schemas.get(id).is_some_and(|it| it.kinds.first() == Some(&kind));
    let lists: Vec<_> = properties().filter(|property| of_kind(property.schema, Kind::List)).collect();
    let is_it = |name: &str| words::plain(name) == words::plain(word) || words::is_list(name);
    // A single thing may have a list in it: what else is there is then more than numbers about the list.
    let alone = properties().all(|it| of_kind(it.schema, Kind::List) || !of_kind(it.schema, Kind::Map));
    let found = lists.iter().find(|it| is_it(&it.name)).or(lists.first().filter(|_| lists.len() == 1 && alone));
    if let Some(found) = found {
        return Some(vec![found.name.clone()]);
    }
    let left = left.checked_sub(1)?;
    let deeper = properties().find(|it| words::is_list(&it.name) && of_kind(it.schema, Kind::Map))?;
    let mut spot = list_in(schemas, deeper.schema, word, left)?;
    spot.insert(0, deeper.name.clone());
    Some(spot)
}

/// Where an object with a key is in an answer: all of it, or the first part that has the key.
fn spot(schemas: &Schemas, id: Option<usize>, param: &str, numbered: bool) -> Vec<String> {
    let found = |id: usize| key(schemas, id, param, numbered).is_some();
    spot_of(schemas, id, found)
}

/// The same for a collection: the part that has its key, or else the one that is called after it.
fn object(schemas: &Schemas, id: Option<usize>, collection: Option<&Collection>) -> Vec<String> {
    let Some((collection, schema)) = collection.zip(id.and_then(|id| schemas.get(id))) else { return Vec::new() };
    let has_key = |id: usize| !collection.key.is_empty() && at(schemas, id, &collection.key).is_some();
    let named = |it: &&openapi::Property| words::plain(&it.name) == words::plain(&collection.word);
    match spot_of(schemas, id, has_key) {
        spot if spot.is_empty() && !id.is_some_and(has_key) => {
            schema.properties.iter().find(named).map(|it| vec![it.name.clone()]).unwrap_or_default()
        }
        spot => spot,
    }
}

fn spot_of(schemas: &Schemas, id: Option<usize>, found: impl Fn(usize) -> bool) -> Vec<String> {
    let Some((id, schema)) = id.and_then(|id| Some((id, schemas.get(id)?))) else { return Vec::new() };
    if found(id) {
        return Vec::new();
    }
    let inner = schema.properties.iter().find(|it| !words::is_aside(&it.name) && found(it.schema));
    inner.map(|it| vec![it.name.clone()]).unwrap_or_default()
}

/// The schema at a place inside another.
pub(super) fn at(schemas: &Schemas, id: usize, spot: &[String]) -> Option<usize> {
    spot.iter().try_fold(id, |id, name| Some(schemas.property(id, name)?.schema))
}

/// The value at a place inside another.
pub(super) fn inside<'v>(value: &'v Value, spot: &[String]) -> Option<&'v Value> {
    spot.iter().try_fold(value, |value, name| value.get(name))
}

/// Where the key of an object is.
fn key(schemas: &Schemas, id: usize, param: &str, numbered: bool) -> Option<Vec<String>> {
    let wanted = if numbered { Kind::Int } else { Kind::Text };
    let single = |id: usize, strict: bool| {
        schemas.get(id).is_some_and(|it| match it.kinds.first() {
            Some(kind) if strict => *kind == wanted,
            Some(kind) => [Kind::Int, Kind::Text, Kind::Number].contains(kind),
            None => it.branches.is_empty() && !strict,
        })
    };
    let schema = schemas.get(id)?;
    let names = words::keys(param);
    for strict in [true, false] {
        let of = |name: &String| {
            schema.properties.iter().find(|it| words::plain(&it.name) == *name && single(it.schema, strict))
        };
        if let Some(found) = names.iter().find_map(of) {
            return Some(vec![found.name.clone()]);
        }
    }
    let within = schema.property("metadata")?;
    let name = schemas.property(within.schema, "name")?;
    Some(vec![within.name.clone(), name.name.clone()])
}

#[cfg(test)]
mod tests {
    use super::super::testing::cloud;
    use super::*;

    #[test]
    fn operations_are_about_collections_and_their_members() {
        let surface = cloud();
        let plan = Plan::of(&surface);
        let told: Vec<String> = surface
            .endpoints
            .iter()
            .zip(&plan.parts)
            .map(|(it, part)| format!("{} {}: {:?} {} {}", it.verb, it.path, part.role, part.kind, part.spot.join(".")))
            .collect();
        for line in [
            "GET /servers: List servers servers",
            "POST /servers: Create servers server",
            "GET /servers/{id}: Read servers server",
            "PUT /servers/{id}: Change servers server",
            "DELETE /servers/{id}: Remove servers ",
            "POST /servers/{id}/actions/reboot: Act servers/{}/actions/reboot ",
            "GET /zones/{zone}/records: List zones/{}/records data",
            "GET /settings: Read settings ",
            "PATCH /settings: Change settings ",
        ] {
            assert!(told.iter().any(|it| it == line), "{line}\n{}", told.join("\n"));
        }
        let servers = &plan.collections["servers"];
        assert_eq!((servers.key.join("."), servers.numbered, servers.listed), ("id".into(), true, true));
        assert_eq!((servers.word.as_str(), plan.collections["zones"].key.join(".")), ("server", "name".into()));
        let records = surface.endpoints.iter().position(|it| it.path == "/zones/{zone}/records").unwrap();
        assert_eq!(plan.parts[records].parents, [(2, "zones".to_owned())]);
    }
}

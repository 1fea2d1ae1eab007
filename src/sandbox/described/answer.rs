//! What a request comes to: the answer of its operation, with what is remembered in it.

use model::{Map, Value};
use openapi::{Endpoint, Form, Reply};

use super::intake::{Given, object};
use super::invent;
use super::lay;
use super::memory::Object;
use super::pages::Page;
use super::patch::{merged, patched};
use super::plan::{Collection, Part, Role, at, json, success};
use super::refusal::{Refusal, Why};
use super::route::{Found, joined};
use super::words;
use super::world::{World, keyed};
use crate::Response;
use crate::kit::rest::json as notation;

/// A request that is let in and valid.
pub(super) struct Call<'c> {
    pub(super) endpoint: &'c Endpoint,
    pub(super) part: &'c Part,
    pub(super) found: &'c Found,
    pub(super) given: Given,
    /// The address that was called, without its query.
    pub(super) address: String,
}

impl Call<'_> {
    /// The path of the collection, or of the single thing, and the key of the member.
    fn place(&self) -> (String, String) {
        match self.found.steps.split_last().filter(|_| self.part.member) {
            Some((key, before)) => (joined(before), key.clone()),
            None => (joined(&self.found.steps), String::new()),
        }
    }

    /// The values of the path on the way to the collection.
    fn way(&self) -> &[(String, String)] {
        let values = self.found.values.as_slice();
        values.get(..values.len().saturating_sub(usize::from(self.part.member))).unwrap_or_default()
    }
}

impl World {
    /// Carries out a call.
    pub(super) fn carry_out(&mut self, call: &Call<'_>) -> Result<Response, Refusal> {
        self.check_way(&call.found.steps, &call.part.parents)?;
        let plan = std::sync::Arc::clone(&self.plan);
        // A single thing is remembered like the only member of a collection of its own.
        let single = Collection {
            word: words::single(call.found.steps.last().map(String::as_str).unwrap_or("thing")),
            ..Collection::default()
        };
        let collection = plan.collections.get(&call.part.kind).unwrap_or(&single);
        match call.part.role {
            Role::List => Ok(self.list(call, collection)),
            Role::Create => self.create(call, collection),
            Role::Read => {
                let object = self.present(call, collection)?;
                Ok(self.answer(call, Some((collection, &object))))
            }
            Role::Change => self.change(call, collection),
            Role::Remove => {
                let object = self.present(call, collection)?;
                let ((at, _), below) = (call.place(), joined(&call.found.steps));
                self.forget(collection, &at, &object.key, &below)?;
                Ok(self.answer(call, Some((collection, &object))))
            }
            Role::Act => Ok(self.answer(call, None)),
        }
    }

    /// The member that a call is about, or the single thing.
    fn present(&self, call: &Call<'_>, collection: &Collection) -> Result<Object, Refusal> {
        let (at, key) = call.place();
        if !call.part.member {
            return Ok(self.memory.members(&at, Vec::new).into_iter().next().unwrap_or_default());
        }
        self.member(collection, &at, &key).ok_or_else(|| Refusal::missing(&collection.word, &key))
    }

    fn create(&mut self, call: &Call<'_>, collection: &Collection) -> Result<Response, Refusal> {
        let (at, _) = call.place();
        let facts = object(&call.given.body, &collection.word);
        let made = self.new_object(collection, &at, facts)?;
        // A job that is started is remembered as a job.
        if self.shown(collection).is_none() {
            self.keep(collection, &at, made.clone())?;
        }
        Ok(self.answer(call, Some((collection, &made))))
    }

    fn change(&mut self, call: &Call<'_>, collection: &Collection) -> Result<Response, Refusal> {
        let (at, key) = call.place();
        let mut changed = match self.present(call, collection) {
            Ok(object) => object,
            Err(refusal) if collection.created || collection.numbered => return Err(refusal),
            // What has no other way to be made is made by PUT.
            Err(_) => Object { key: key.clone(), facts: Map::new(), number: 1 },
        };
        if let (true, Value::List(changes)) = (call.given.patches, &call.given.body) {
            let shown = match collection.schema {
                Some(id) => self.render(id, collection, &changed, call.way()),
                None => Value::Map(changed.facts.clone()),
            };
            let after = patched(shown, changes).map_err(|words| Refusal::new(Why::Invalid, words))?;
            changed.facts = after.as_map().cloned().unwrap_or_default();
        } else {
            merged(&mut changed.facts, &object(&call.given.body, &collection.word));
        }
        let changed = keyed(collection, changed);
        match call.part.member {
            true => self.keep(collection, &at, changed.clone())?,
            false => self
                .memory
                .put(&at, changed.clone(), Vec::new)
                .map_err(|_| Refusal::new(Why::Full, "the sandbox is full"))?,
        }
        Ok(self.answer(call, Some((collection, &changed))))
    }

    fn list(&mut self, call: &Call<'_>, collection: &Collection) -> Response {
        let surface = std::sync::Arc::clone(&self.surface);
        let schemas = &surface.schemas;
        let Some((reply, form, id)) = described(call.endpoint) else { return self.answer(call, None) };
        let (place, _) = call.place();
        let items = at(schemas, id, &call.part.spot).and_then(|list| schemas.get(list)?.items);
        let shown = |member: &Object| match items {
            Some(items) => self.render(items, collection, member, call.way()),
            None => Value::Map(member.facts.clone()),
        };
        let mut members = self.members(collection, &place);
        let labels: Vec<(&str, &str)> = call
            .given
            .query
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(name, _)| words::is_label(name))
            .collect();
        if !labels.is_empty() {
            let has = |value: &Value, (name, text): &(&str, &str)| value.get(name).is_none_or(|it| it.plain() == *text);
            members.retain(|member| {
                let value = shown(member);
                labels.iter().all(|label| has(&value, label))
            });
        }
        let keys: Vec<String> = members.iter().map(|member| member.key.clone()).collect();
        let page = Page::of(call.endpoint, schemas, &call.given.query, &keys, &call.address);
        let rows: Vec<Value> = members.get(page.from..page.end()).unwrap_or_default().iter().map(shown).collect();
        let mut whole = invent::value(schemas, id, "", &self.about(&collection.word, 1));
        page.fill(schemas, id, &mut whole, &call.part.spot);
        put(&mut whole, &call.part.spot, rows.into());
        let mut response = Response::new(code(reply), media(&form.kind), notation::write(&whole));
        if reply.headers.iter().any(|name| name.eq_ignore_ascii_case("link")) {
            response.headers.extend(page.header().map(|link| ("link", link)));
        }
        response
    }

    /// The answer of an operation that works, with the object that it is about.
    fn answer(&mut self, call: &Call<'_>, about: Option<(&Collection, &Object)>) -> Response {
        let surface = std::sync::Arc::clone(&self.surface);
        let schemas = &surface.schemas;
        let reads = matches!(call.endpoint.verb, "GET" | "HEAD");
        let Some((reply, form, id)) = described(call.endpoint) else { return bare(call.endpoint) };
        let word = about.map(|(collection, _)| collection.word.clone());
        let word = word.unwrap_or_else(|| words::single(call.found.steps.last().map_or("thing", String::as_str)));
        let made_for = self.about(&word, about.map_or(1, |(_, object)| object.number));
        let mut whole = invent::value(schemas, id, &word, &made_for);
        let example = form.example.as_ref().filter(|_| about.is_none() || !call.part.spot.is_empty());
        if let Some(example) = example {
            whole = lay::over(schemas, id, whole, example);
        }
        if let Some((collection, object)) = about {
            let inner = at(schemas, id, &call.part.spot).unwrap_or(id);
            let value = self.render(inner, collection, object, call.way());
            put(&mut whole, &call.part.spot, value);
        }
        if !reads {
            self.jobs.start(schemas, id, &mut whole, self.clock.now());
        }
        Response::new(code(reply), media(&form.kind), notation::write(&whole))
    }
}

/// The answer of an operation that works, if it is JSON with a schema.
fn described(endpoint: &Endpoint) -> Option<(&Reply, &Form, usize)> {
    let reply = success(endpoint)?;
    let form = json(reply)?;
    Some((reply, form, form.schema?))
}

/// Puts a value in its place.
fn put(whole: &mut Value, spot: &[String], value: Value) {
    let Some((first, rest)) = spot.split_first() else {
        *whole = value;
        return;
    };
    if whole.as_map().is_none() {
        *whole = Value::Map(Map::new());
    }
    if let Value::Map(map) = whole {
        put(map.entry(first), rest, value);
    }
}

/// An answer that is no JSON, or of which nothing is said.
fn bare(endpoint: &Endpoint) -> Response {
    let Some(reply) = success(endpoint) else {
        let status = if endpoint.verb == "GET" { 200 } else { 204 };
        return Response::new(status, "application/json", Vec::new());
    };
    let Some(form) = json(reply).or(reply.forms.first()) else {
        return Response::new(code(reply), "application/json", Vec::new());
    };
    let body = match (&form.example, form.kind.as_str()) {
        (Some(Value::Text(text)), kind) if !super::plan::is_json(kind) => text.clone().into_bytes(),
        (Some(example), _) => notation::write(example),
        (None, kind) if super::plan::is_json(kind) => b"{}".to_vec(),
        (None, "image/png") => b"\x89PNG\r\n\x1a\n".to_vec(),
        (None, "application/pdf") => b"%PDF-1.4\n%%EOF\n".to_vec(),
        (None, _) => b"an example\n".to_vec(),
    };
    Response::new(code(reply), media(&form.kind), body)
}

/// The status of an answer.
fn code(reply: &Reply) -> u16 {
    let hundred = reply.status.eq_ignore_ascii_case("2xx") || reply.status == "default";
    if hundred { 200 } else { reply.status.parse().ok().filter(|code| (200..300).contains(code)).unwrap_or(200) }
}

/// A media type that can be sent.
fn media(kind: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/!#$&^_.+-".contains(c);
    let fits = kind.contains('/') && kind.chars().all(plain);
    if fits { kind.to_owned() } else { "application/json".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_put_in_its_place() {
        for (whole, spot, after) in [
            (r#"{"a":1}"#, &[][..], "5"),
            (r#"{"a":1}"#, &["a"], r#"{"a":5}"#),
            (r#"{"a":1}"#, &["b", "c"], r#"{"a":1,"b":{"c":5}}"#),
            ("[1]", &["b"], r#"{"b":5}"#),
        ] {
            let mut value: Value = serde_json::from_str(whole).unwrap();
            let spot: Vec<String> = spot.iter().map(|step| (*step).to_owned()).collect();
            put(&mut value, &spot, 5.into());
            assert_eq!(serde_json::to_string(&value).unwrap(), after);
        }
    }

    #[test]
    fn status_and_media_type_can_be_sent() {
        for (status, sent) in [("201", 201), ("2XX", 200), ("default", 200), ("299x", 200), ("404", 200)] {
            assert_eq!(code(&Reply { status: status.into(), ..Reply::default() }), sent, "{status}");
        }
        for (kind, sent) in [
            ("text/plain", "text/plain"),
            ("*/*", "application/json"),
            ("a\r\nb/c", "application/json"),
            ("", "application/json"),
        ] {
            assert_eq!(media(kind), sent);
        }
    }
}

//! The values of a request, checked as the document describes them.

use model::{Map, Value};
use openapi::{Endpoint, Input, Kind, Place, Schemas};

use super::access::cookie;
use super::check::{Fault, fault, typed};
use super::plan::is_json;
use super::refusal::{Refusal, Why};
use super::route::Found;
use crate::Request;
use crate::form::pairs;
use crate::kit::rest::{form, json};

/// The media type of forms.
const FORM: &str = "application/x-www-form-urlencoded";

/// What a request says.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    pub(super) query: Vec<(String, String)>,
    /// The body, null if it is empty or of a kind that is not looked into.
    pub(super) body: Value,
    /// Whether the body is a list of changes, and not an object.
    pub(super) patches: bool,
}

/// Reads a request, or says what is wrong with it.
pub(super) fn given(
    schemas: &Schemas,
    endpoint: &Endpoint,
    found: &Found,
    request: &Request,
) -> Result<Given, Refusal> {
    let query: Vec<(String, String)> = pairs(&request.query).collect();
    let nested = form::read(&request.query);
    for input in &endpoint.inputs {
        let value = match input.place {
            Place::Path => texts(&found.values, &input.name),
            Place::Header => request.header(&input.name).map(|text| vec![text]).unwrap_or_default(),
            Place::Cookie => cookie(request, &input.name).map(|text| vec![text]).unwrap_or_default(),
            Place::Query => texts(&query, &input.name),
        };
        // A dictionary has the names of its members in brackets.
        let deep = nested.get(&input.name).filter(|it| input.place == Place::Query && it.as_map().is_some());
        checked(schemas, input, &value, deep).map_err(|fault| {
            let fault = fault.inside(&input.name);
            Refusal::new(Why::Invalid, fault.sentence())
        })?;
    }
    let media = request.media();
    let body = body(schemas, endpoint, request, &media)?;
    Ok(Given { query, body, patches: media == "application/json-patch+json" })
}

fn texts<'t>(pairs: &'t [(String, String)], name: &str) -> Vec<&'t str> {
    let bracketed = format!("{name}[]");
    pairs.iter().filter(|(known, _)| known == name || *known == bracketed).map(|(_, value)| value.as_str()).collect()
}

fn checked(schemas: &Schemas, input: &Input, texts: &[&str], deep: Option<&Value>) -> Result<(), Fault> {
    if texts.is_empty() && deep.is_none() {
        return if input.required { Err(Fault::new("is required")) } else { Ok(()) };
    }
    let Some(schema) = input.schema.and_then(|id| schemas.get(id)) else { return Ok(()) };
    let first = texts.first().copied().unwrap_or_default();
    let value = match deep {
        Some(deep) => deep.clone(),
        None if schema.allows(Kind::List) => {
            let split = |text: &&str| match input.joined {
                Some(between) => text.split(between).map(Value::from).collect::<Vec<_>>(),
                None => vec![Value::from(*text)],
            };
            Value::List(texts.iter().flat_map(split).collect())
        }
        None => first.into(),
    };
    let value = typed(schemas, input.schema, value);
    // A part of an address is a text, whatever a schema says about its parts.
    let loose = schema.allows(Kind::Map) && value.as_map().is_none();
    match input.schema.filter(|_| !loose).and_then(|id| fault(schemas, id, &value)) {
        Some(fault) => Err(fault),
        None => Ok(()),
    }
}

fn body(schemas: &Schemas, endpoint: &Endpoint, request: &Request, media: &str) -> Result<Value, Refusal> {
    let Some(sent) = &endpoint.body else { return Ok(read(request, media).unwrap_or_default()) };
    if request.body.is_empty() {
        let missing = sent.required && !sent.forms.is_empty();
        return if missing { Err(Refusal::new(Why::Invalid, "the body is required")) } else { Ok(Value::Null) };
    }
    let described = sent.forms.iter().find(|(kind, _)| kind == media);
    let similar = || sent.forms.iter().find(|(kind, _)| is_json(kind) && is_json(media) || kind == "*/*");
    let (_, schema) = described.or_else(similar).ok_or_else(|| {
        let kinds: Vec<&str> = sent.forms.iter().map(|(kind, _)| kind.as_str()).collect();
        Refusal::new(Why::Media, format!("the body must be {}", kinds.join(" or ")))
    })?;
    if !is_json(media) && media != FORM {
        return Ok(Value::Null);
    }
    let value = read(request, media).ok_or_else(|| Refusal::new(Why::Invalid, "the body is not valid JSON"))?;
    let value = if media == FORM { typed(schemas, *schema, value) } else { value };
    // A merge says only what changes, and takes away by null.
    let partial = media == "application/merge-patch+json";
    match schema.filter(|_| !partial).and_then(|id| fault(schemas, id, &value)) {
        Some(fault) => Err(Refusal::new(Why::Invalid, fault.sentence())),
        None => Ok(value),
    }
}

fn read(request: &Request, media: &str) -> Option<Value> {
    match media {
        FORM => Some(form::read(str::from_utf8(&request.body).ok()?).into()),
        media if is_json(media) => json::read(&request.body),
        _ => None,
    }
}

/// The object in a body: all of it, or what is in its only part.
pub(super) fn object(body: &Value, word: &str) -> Map {
    let Some(map) = body.as_map() else { return Map::new() };
    let inner = map.iter().next().filter(|(key, it)| map.len() == 1 && *key == word && it.as_map().is_some());
    inner.and_then(|(_, it)| it.as_map()).unwrap_or(map).clone()
}

#[cfg(test)]
mod tests {
    use super::super::route::Routes;
    use super::super::testing::cloud;
    use super::*;

    #[test]
    fn a_request_is_checked_from_its_address_to_its_body() {
        let surface = cloud();
        let routes = Routes::of(&surface);
        for (line, kind, body, said) in [
            ("GET /v1/servers?page=2", "", "", ""),
            ("GET /v1/servers?page=x", "", "", "page must be a whole number"),
            ("GET /v1/servers?per_page=99", "", "", "per_page must be at most 50"),
            ("GET /v1/servers?sort=up", "", "", "sort.0 must be one of id, name"),
            ("GET /v1/servers?sort=id,name&sort=id", "", "", ""),
            ("GET /v1/search", "", "", "q is required"),
            ("GET /v1/search?q=a&where[id]=5", "", "", ""),
            ("GET /v1/search?q=a&where[id]=x", "", "", "where.id must be a whole number"),
            ("GET /v1/servers/x", "", "", "id must be a whole number"),
            ("POST /v1/servers", "application/json", r#"{"name":"a","image":"b"}"#, ""),
            ("POST /v1/servers", "application/json; charset=utf-8", r#"{"name":"a"}"#, "image is required"),
            ("POST /v1/servers", "application/json", r#"{"name":1,"image":"b"}"#, "name must be a string"),
            (
                "POST /v1/servers",
                "application/json",
                r#"{"name":"a","image":"b","location":"x"}"#,
                "location must be one of fsn, hel",
            ),
            ("POST /v1/servers", "application/json", "{", "the body is not valid JSON"),
            ("POST /v1/servers", "", "", "the body is required"),
            ("POST /v1/servers", "text/plain", "x", "the body must be application/json"),
            ("POST /v1/zones", "application/x-www-form-urlencoded", "name=a.example&ttl=60", ""),
            (
                "POST /v1/zones",
                "application/x-www-form-urlencoded",
                "name=a.example&ttl=x",
                "ttl must be a whole number",
            ),
        ] {
            let (verb, target) = line.split_once(' ').unwrap();
            let (path, query) = target.split_once('?').unwrap_or((target, ""));
            let found = routes.find(&surface, verb, path).unwrap();
            let request = Request {
                verb: verb.into(),
                path: path.into(),
                query: query.into(),
                content_type: Some(kind.to_owned()).filter(|kind| !kind.is_empty()),
                body: body.into(),
                ..Request::default()
            };
            let given = given(&surface.schemas, &surface.endpoints[found.endpoint], &found, &request);
            assert_eq!(given.err().map(|it| it.words).unwrap_or_default(), said, "{line} {body}");
        }
    }

    #[test]
    fn an_object_may_be_in_an_envelope() {
        for (body, object_) in
            [(r#"{"server":{"a":1}}"#, r#"{"a":1}"#), (r#"{"a":{"b":1}}"#, r#"{"a":{"b":1}}"#), ("[1]", "{}")]
        {
            let found = object(&serde_json::from_str(body).unwrap(), "server");
            assert_eq!(serde_json::to_string(&Value::Map(found)).unwrap(), object_);
        }
    }
}

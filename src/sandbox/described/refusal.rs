//! Refusals in the form in which the document describes them.

use std::collections::BTreeMap;

use model::{Map, Value};
use openapi::{Endpoint, Reply, Schemas, Surface};

use super::check::fits;
use super::invent;
use super::plan::{is_json, json};
use super::text::About;
use super::words;
use crate::Response;
use crate::kit::rest::json as notation;

/// Fields with the words of a refusal.
const WORDS: [&str; 9] =
    ["message", "detail", "reason", "description", "errordescription", "title", "msg", "errormessage", "longmessage"];

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// Nothing says who asks.
    Unknown,
    /// There is no such thing.
    Missing,
    /// The path has other verbs.
    Verb(Vec<&'static str>),
    /// A value that the document does not allow.
    Invalid,
    /// The body has another form.
    Media,
    /// It is already there.
    Taken,
    /// The sandbox is full.
    Full,
}

/// A refusal with its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) why: Why,
    pub(super) words: String,
}

impl Refusal {
    pub(super) fn new(why: Why, words: impl Into<String>) -> Refusal {
        Refusal { why, words: words.into() }
    }

    /// There is nothing of that kind with that key.
    pub(super) fn missing(word: &str, key: &str) -> Refusal {
        Refusal::new(Why::Missing, format!("there is no {word} {key:?}"))
    }

    /// The status of the answer: of those that would do, the first that the endpoint has.
    fn status(&self, endpoint: Option<&Endpoint>) -> u16 {
        let possible: &[u16] = match self.why {
            Why::Unknown => &[401, 403],
            Why::Missing => &[404],
            Why::Verb(_) => &[405],
            Why::Invalid => &[400, 422],
            Why::Media => &[415, 400],
            Why::Taken => &[409, 422],
            Why::Full => &[507],
        };
        let has = |status: &&u16| {
            endpoint.is_some_and(|it| it.replies.iter().any(|reply| reply.status == status.to_string()))
        };
        possible.iter().find(has).or(possible.first()).copied().unwrap_or(400)
    }

    /// A short name.
    fn code(&self) -> &'static str {
        match self.why {
            Why::Unknown => "unauthorized",
            Why::Missing => "not_found",
            Why::Verb(_) => "method_not_allowed",
            Why::Invalid | Why::Media => "invalid_input",
            Why::Taken => "conflict",
            Why::Full => "resource_limit_exceeded",
        }
    }

    /// The answer.
    pub(super) fn response(&self, surface: &Surface, endpoint: Option<&Endpoint>, about: &About) -> Response {
        let status = self.status(endpoint);
        let reply = endpoint.and_then(|it| described(&it.replies, status)).or_else(|| usual(surface));
        let form = reply.and_then(json);
        let value = form.and_then(|form| form.schema).map(|id| {
            let mut value = invent::value(&surface.schemas, id, "error", about);
            let says = self.tell(&surface.schemas, id, &mut value, status, 4);
            (value, says)
        });
        let value = match value {
            Some((value, true)) => value,
            _ => Value::Map(Map::from_iter([("message", self.words.as_str())])),
        };
        let kind = form
            .map(|form| form.kind.clone())
            .filter(|kind| is_json(kind) && kind.contains('/') && !kind.contains('*'));
        let mut response =
            Response::new(status, kind.unwrap_or_else(|| "application/json".to_owned()), notation::write(&value));
        match &self.why {
            Why::Verb(verbs) => response.headers.push(("allow", verbs.join(", "))),
            Why::Unknown => response.headers.push(("www-authenticate", "Bearer".to_owned())),
            _ => {}
        }
        response
    }

    /// Puts the words and the code where the fields for them are. False if there are none for words.
    fn tell(&self, schemas: &Schemas, id: usize, value: &mut Value, status: u16, left: u8) -> bool {
        let (Some(left), Value::Map(map)) = (left.checked_sub(1), value) else { return false };
        let mut told = false;
        for (name, value) in map.iter_mut() {
            let inner = schemas.property(id, name).map(|property| property.schema);
            let put = |value: &mut Value, found: Value| {
                let fits = inner.is_none_or(|inner| fits(schemas, inner, &found));
                if fits {
                    *value = found;
                }
                fits
            };
            match (words::plain(name).as_str(), &mut *value) {
                (name, Value::Text(_) | Value::Null) if WORDS.contains(&name) => {
                    told |= put(value, self.words.as_str().into())
                }
                ("error" | "errors", Value::Text(_) | Value::Null) => told |= put(value, self.words.as_str().into()),
                ("code" | "type" | "id" | "errorcode", Value::Text(_)) => {
                    put(value, self.code().into());
                }
                ("code" | "status" | "statuscode" | "errorcode", Value::Int(_)) => {
                    put(value, i64::from(status).into());
                }
                ("status", Value::Text(_)) => {
                    put(value, status.to_string().into());
                }
                (_, Value::Map(_)) => told |= inner.is_some_and(|inner| self.tell(schemas, inner, value, status, left)),
                (_, Value::List(members)) => {
                    let items = inner.and_then(|inner| schemas.get(inner)?.items);
                    match (members.first_mut(), items) {
                        (Some(member @ Value::Text(_)), _) => {
                            *member = self.words.as_str().into();
                            told = true;
                        }
                        (Some(member), Some(items)) => told |= self.tell(schemas, items, member, status, left),
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        told
    }
}

/// The answer of that status: its own, or that of its hundred, or the one for all others.
fn described(replies: &[Reply], status: u16) -> Option<&Reply> {
    let text = status.to_string();
    let hundred = format!("{}XX", status / 100);
    let find =
        |wanted: &str| replies.iter().find(|reply| reply.status.eq_ignore_ascii_case(wanted) && json(reply).is_some());
    find(&text).or_else(|| find(&hundred)).or_else(|| find("default"))
}

/// The answer that most operations give when they refuse something.
fn usual(surface: &Surface) -> Option<&Reply> {
    let mut counts: BTreeMap<usize, (usize, &Reply)> = BTreeMap::new();
    let bad = |reply: &&Reply| reply.status.starts_with('4') || reply.status == "default";
    for reply in surface.endpoints.iter().flat_map(|it| &it.replies).filter(bad) {
        if let Some(schema) = json(reply).and_then(|form| form.schema) {
            counts.entry(schema).or_insert((0, reply)).0 += 1;
        }
    }
    counts.into_values().max_by_key(|(count, _)| *count).map(|(_, reply)| reply)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{about, surface};
    use super::*;

    #[test]
    fn a_refusal_has_the_form_of_the_document() {
        for (schema, answer) in [
            (
                r#"{"properties":{"error":{"type":"object","properties":{"code":{"type":"string"},"message":{"type":"string"}}}}}"#,
                r#"{"error":{"code":"not_found","message":"no"}}"#,
            ),
            (
                r#"{"properties":{"code":{"enum":["a","b"]},"message":{"type":"string"}}}"#,
                r#"{"code":"a","message":"no"}"#,
            ),
            (
                r#"{"properties":{"error":{"type":"string"},"status":{"type":"integer"}}}"#,
                r#"{"error":"no","status":404}"#,
            ),
            (
                r#"{"properties":{"errors":{"items":{"properties":{"reason":{"type":"string"}}}}}}"#,
                r#"{"errors":[{"reason":"no"}]}"#,
            ),
            (r#"{"properties":{"errors":{"items":{"type":"string"}}}}"#, r#"{"errors":["no"]}"#),
            (r#"{"properties":{"x":{"type":"integer"}}}"#, r#"{"message":"no"}"#),
            (r#"{"type":"string"}"#, r#"{"message":"no"}"#),
        ] {
            let text = format!(
                r#"{{"openapi":"3.0.0","paths":{{"/a":{{"get":{{"responses":{{"200":{{}},"4XX":{{"content":{{"application/problem+json":{{"schema":{schema}}}}}}}}}}}}}}}}}"#
            );
            let surface = surface(&text);
            let refusal = Refusal::new(Why::Missing, "no");
            for endpoint in [surface.endpoints.first(), None] {
                let response = refusal.response(&surface, endpoint, &about());
                assert_eq!((response.status, String::from_utf8(response.body).unwrap().as_str()), (404, answer));
            }
        }
    }

    #[test]
    fn the_status_is_one_that_the_endpoint_has() {
        let of = |statuses: &[&str], why: Why| {
            let reply = |status: &&str| Reply { status: (*status).to_owned(), ..Reply::default() };
            let endpoint = Endpoint { replies: statuses.iter().map(reply).collect(), ..Endpoint::default() };
            Refusal::new(why, "").response(&Surface::default(), Some(&endpoint), &about())
        };
        assert_eq!(of(&["200", "422"], Why::Invalid).status, 422);
        assert_eq!(of(&["200", "400", "422"], Why::Invalid).status, 400);
        assert_eq!(of(&["200"], Why::Invalid).status, 400);
        assert_eq!(of(&["403"], Why::Unknown).status, 403);
        assert_eq!(of(&["422"], Why::Taken).status, 422);
        let verb = of(&[], Why::Verb(vec!["GET", "PUT"]));
        assert_eq!((verb.status, verb.headers), (405, vec![("allow", "GET, PUT".to_owned())]));
    }
}

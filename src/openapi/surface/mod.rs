//! What a document says about its service, for one who plays the service: owned, so that it outlives the document.

mod schemas;

use std::collections::BTreeMap;

use model::Value;

use super::auth::{leave_out_keys, ways};
use super::error::ImportError;
use super::front;
use super::library::Library;
use super::operation::{Answer, Api, Body, In, Listing, Operation, Parameter, SchemeKind};
use super::place::{paths, place};
use super::words::line;
use schemas::Reader;
pub use schemas::{Kind, Property, Schema, Schemas};

/// A service as its document describes it.
#[derive(Clone, Debug, Default)]
pub struct Surface {
    /// The format with its version: `OpenAPI 3.0.3`.
    pub format: String,
    /// The title of the document.
    pub title: String,
    /// The document's own version.
    pub version: String,
    /// The path of the server that comes first, to which an import adds the paths of its methods.
    pub base: String,
    /// Whether the usual key belongs to a user name.
    pub named: bool,
    /// Everything that can be called.
    pub endpoints: Vec<Endpoint>,
    /// All schemas that they name.
    pub schemas: Schemas,
    /// What is sent to authenticate, by the names that endpoints use.
    pub credentials: BTreeMap<String, Credential>,
}

/// What is sent to authenticate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// A user name and a password.
    Basic,
    /// A token in the header `Authorization`.
    Bearer,
    /// A key in a header of this name.
    Header(String),
    /// A key in a parameter of the query of this name.
    Query(String),
    /// A key in a cookie of this name.
    Cookie(String),
    /// Something else.
    Other,
}

/// One operation.
#[derive(Clone, Debug, Default)]
pub struct Endpoint {
    /// The verb in capital letters.
    pub verb: &'static str,
    /// The path as the document writes it.
    pub path: String,
    /// What comes before it: the paths of the servers that it is on.
    pub bases: Vec<String>,
    /// The parameters of the address and the head.
    pub inputs: Vec<Input>,
    /// The body.
    pub body: Option<Sent>,
    /// The answers by status, the lowest first.
    pub replies: Vec<Reply>,
    /// The ways to authenticate, of which one is needed. One that is empty needs nothing.
    pub wants: Vec<Vec<String>>,
}

/// Where the value of a parameter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a part of the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its name on the wire.
    pub name: String,
    /// Where it is.
    pub place: Place,
    /// Whether it must be there.
    pub required: bool,
    /// What is between the members of a list in one text.
    pub joined: Option<&'static str>,
    /// Its schema.
    pub schema: Option<usize>,
}

/// A body that is sent.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    /// Whether it must be there.
    pub required: bool,
    /// The media types that it can have, each with its schema.
    pub forms: Vec<(String, Option<usize>)>,
}

/// An answer.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// Three digits, `4XX`, or `default`.
    pub status: String,
    /// The forms that its body can have; none if it is empty.
    pub forms: Vec<Form>,
    /// The names of its headers.
    pub headers: Vec<String>,
}

/// A form of the body of an answer.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// The media type.
    pub kind: String,
    /// Its schema.
    pub schema: Option<usize>,
    /// A whole body that the document gives as an example.
    pub example: Option<Value>,
}

impl Surface {
    /// What a document says; `address` is where it is.
    pub fn of(library: &Library, address: &str) -> Result<Surface, ImportError> {
        let mut api = front::read(library)?;
        leave_out_keys(&mut api);
        let mut reader = Reader::default();
        let endpoints = api.operations.iter().map(|it| endpoint(it, &api, address, &mut reader)).collect();
        let credential = |kind| match kind {
            SchemeKind::Basic => Credential::Basic,
            SchemeKind::Bearer | SchemeKind::Word(_) => Credential::Bearer,
            SchemeKind::Cookie(name) => Credential::Cookie(name.to_owned()),
            SchemeKind::Header(name) => Credential::Header(name.to_owned()),
            SchemeKind::Query(name) => Credential::Query(name.to_owned()),
            SchemeKind::Other => Credential::Other,
        };
        Ok(Surface {
            format: api.format.clone(),
            title: line(api.title),
            version: line(api.version),
            base: place(&api, None, address).path,
            named: ways(&api).auth.get("scheme").and_then(Value::as_str) == Some("basic"),
            endpoints,
            schemas: reader.all(),
            credentials: api.schemes.iter().map(|it| (it.name.to_owned(), credential(it.kind))).collect(),
        })
    }
}

fn endpoint<'d>(operation: &Operation<'d>, api: &Api<'d>, address: &str, reader: &mut Reader<'d>) -> Endpoint {
    let wants = operation.security.as_ref().or(api.security.as_ref()).map(Vec::as_slice).unwrap_or_default();
    let path = operation.path;
    Endpoint {
        verb: operation.verb.as_str(),
        path: if path.starts_with('/') { path.to_owned() } else { format!("/{path}") },
        bases: paths(if operation.servers.is_empty() { &api.servers } else { &operation.servers }, address),
        inputs: operation.params.iter().map(|it| input(it, reader)).collect(),
        body: operation.body.as_ref().map(|body| sent(body, reader)),
        replies: operation.answers.iter().map(|answer| reply(answer, reader)).collect(),
        wants: wants.iter().map(|all| all.iter().map(|(name, _)| (*name).to_owned()).collect()).collect(),
    }
}

fn input<'d>(param: &Parameter<'d>, reader: &mut Reader<'d>) -> Input {
    let place = match param.place {
        In::Path => Place::Path,
        In::Query => Place::Query,
        In::Header => Place::Header,
        In::Cookie => Place::Cookie,
    };
    let joined = match param.listing {
        Listing::Joined(between) => Some(between),
        Listing::Repeated | Listing::Bracketed | Listing::Marked => None,
    };
    let schema = param.schema.map(|node| reader.id(node));
    Input { name: param.name.to_owned(), place, required: param.required, joined, schema }
}

fn sent<'d>(body: &Body<'d>, reader: &mut Reader<'d>) -> Sent {
    let forms = body.media.iter().map(|media| (media.kind.clone(), reader.content(&media.content))).collect();
    Sent { required: body.required, forms }
}

fn reply<'d>(answer: &Answer<'d>, reader: &mut Reader<'d>) -> Reply {
    let mut form = |media: &super::operation::Media<'d>| Form {
        kind: media.kind.clone(),
        schema: reader.content(&media.content),
        example: media.example.cloned(),
    };
    Reply {
        status: answer.status.to_owned(),
        forms: answer.media.iter().map(&mut form).collect(),
        headers: answer.headers.iter().map(|name| (*name).to_owned()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_versions_give_the_same_surface() {
        let new = r##"{"openapi":"3.0.3","info":{"title":"T","version":"1"},"servers":[{"url":"https://a.example/v1"},{"url":"/v2/"}],
            "security":[{"k":[]}],"components":{"securitySchemes":{"k":{"type":"apiKey","in":"header","name":"X-Key"}}},
            "paths":{"/a/{id}":{"post":{"parameters":[{"name":"id","in":"path","schema":{"type":"integer"}},{"name":"c","in":"cookie"}],
              "requestBody":{"required":true,"content":{"application/x-www-form-urlencoded":{"schema":{"type":"object","required":["n"],"properties":{"n":{"type":"string"}}}}}},
              "responses":{"200":{"headers":{"Link":{}},"content":{"application/json":{"example":{"x":1},"schema":{"type":"object"}}}}}}}}}"##;
        let old = r##"{"swagger":"2.0","info":{"title":"T","version":"1"},"host":"a.example","basePath":"/v1",
            "security":[{"k":[]}],"securityDefinitions":{"k":{"type":"apiKey","in":"header","name":"X-Key"}},
            "paths":{"/a/{id}":{"post":{"parameters":[{"name":"id","in":"path","type":"integer"},{"name":"n","in":"formData","type":"string","required":true}],
              "responses":{"200":{"headers":{"Link":{}},"examples":{"application/json":{"x":1}},"schema":{"type":"object"}}}}}}}"##;
        for (text, bases, inputs) in [(new, vec!["/v1", "/v2"], 2), (old, vec!["/v1"], 1)] {
            let library = Library::of(serde_json::from_str(text).unwrap());
            let surface = Surface::of(&library, "a.json").unwrap();
            let endpoint = &surface.endpoints[0];
            assert_eq!(
                (endpoint.verb, endpoint.path.as_str(), &endpoint.bases[..]),
                ("POST", "/a/{id}", &bases.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>()[..])
            );
            assert_eq!(
                (endpoint.inputs.len(), endpoint.inputs[0].place, endpoint.wants[0][0].as_str()),
                (inputs, Place::Path, "k")
            );
            let body = endpoint.body.as_ref().unwrap();
            let schema = surface.schemas.get(body.forms[0].1.unwrap()).unwrap();
            assert_eq!(
                (body.required, schema.properties[0].name.as_str(), schema.properties[0].required),
                (true, "n", true)
            );
            let reply = &endpoint.replies[0];
            assert_eq!((reply.status.as_str(), reply.headers[0].as_str()), ("200", "Link"));
            assert_eq!(reply.forms[0].example.as_ref().and_then(|it| it.get("x")), Some(&Value::Int(1)));
            assert_eq!((surface.base.as_str(), surface.named), ("/v1", false));
            assert_eq!(surface.credentials["k"], Credential::Header("X-Key".into()));
        }
    }
}

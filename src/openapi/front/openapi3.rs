//! OpenAPI 3.0, 3.1 and 3.2. They differ in their schemas, which are read alike.

use model::Value;

use super::entries::{common, entries, in_order, named, parameters, security};
use crate::node::Node;
use crate::operation::{
    Answer, Api, Body, Content, In, Listing, Media, Operation, Parameter, Scheme, SchemeKind, Server, media_type,
};

/// Reads a document.
pub(super) fn read(root: Node<'_>, format: String) -> Api<'_> {
    let (entries, strange) = entries(root);
    let info = |key: &str| root.get("info").map(|info| info.text(key)).unwrap_or_default();
    let operations = entries.iter().map(|entry| {
        let servers = servers(entry.node);
        let servers = if servers.is_empty() { self::servers(entry.item) } else { servers };
        let answers = entry.node.members_of("responses").map(|(status, node)| answer(status, node)).collect();
        let params = parameters(entry, parameter, named);
        let body = entry.node.get("requestBody").map(body);
        in_order(Operation { params, body, answers, servers, ..common(entry) })
    });
    Api {
        format,
        title: info("title"),
        version: info("version"),
        servers: servers(root),
        schemes: root
            .get("components")
            .into_iter()
            .flat_map(|it| it.members_of("securitySchemes"))
            .map(scheme)
            .collect(),
        security: security(root),
        operations: operations.collect(),
        strange,
    }
}

/// The servers of a document, a path or an operation, with the default values of their variables. A variable without one
/// stays in the address: somebody has to fill it in.
fn servers(node: Node<'_>) -> Vec<Server<'_>> {
    let value = |node: Node<'_>| {
        let usual = node.value().get("default").filter(|value| **value != Value::Null);
        let only = || node.value().get("enum")?.as_list().filter(|list| list.len() == 1)?.first();
        usual.or_else(only).map(Value::plain)
    };
    let one = |node: Node<'_>| {
        let fill = |url: String, (name, node): (&str, Node<'_>)| match value(node) {
            Some(value) => url.replace(&format!("{{{name}}}"), &value),
            None => url,
        };
        node.members_of("variables").fold(node.text("url").trim().to_owned(), fill)
    };
    node.list("servers").map(|it| Server { url: one(it), description: it.text("description") }).collect()
}

fn scheme<'d>((name, node): (&'d str, Node<'d>)) -> Scheme<'d> {
    let kind = match (node.text("type"), node.text("scheme").to_ascii_lowercase().as_str(), node.text("in")) {
        ("http", "basic", _) => SchemeKind::Basic,
        ("http", "bearer", _) | ("oauth2" | "openIdConnect", ..) => SchemeKind::Bearer,
        // Not registered, and often written: the word is sent before the key.
        ("http", "token" | "apikey", _) => SchemeKind::Word(node.text("scheme")),
        ("apiKey", _, "header") => SchemeKind::Header(node.text("name")),
        ("apiKey", _, "query") => SchemeKind::Query(node.text("name")),
        ("apiKey", _, "cookie") => SchemeKind::Cookie(node.text("name")),
        _ => SchemeKind::Other,
    };
    Scheme { name, kind, description: node.text("description") }
}

fn parameter(node: Node<'_>) -> Option<Parameter<'_>> {
    let place = match node.text("in") {
        "path" => In::Path,
        "query" => In::Query,
        "header" => In::Header,
        "cookie" => In::Cookie,
        _ => return None,
    };
    let content = node.members_of("content").next().map(|(_, media)| media);
    let parameter = Parameter {
        name: node.text("name"),
        place,
        required: node.flag("required") || place == In::Path,
        deprecated: node.flag("deprecated"),
        description: node.text("description"),
        listing: listing(node, place),
        schema: node.get("schema").filter(|_| content.is_none()),
        document: content.is_some(),
    };
    (!parameter.name.is_empty()).then_some(parameter)
}

/// How a list is written: by default its name is repeated in a query, and its members are joined elsewhere.
fn listing(node: Node<'_>, place: In) -> Listing {
    let usual = if place == In::Query { "form" } else { "simple" };
    let style = if node.text("style").is_empty() { usual } else { node.text("style") };
    let explode = match node.value().get("explode") {
        Some(Value::Bool(explode)) => *explode,
        _ => style == "form",
    };
    match (style, explode) {
        ("matrix" | "label", _) => Listing::Marked,
        ("deepObject", _) => Listing::Bracketed,
        ("form", true) => Listing::Repeated,
        ("spaceDelimited", _) => Listing::Joined(" "),
        ("pipeDelimited", _) => Listing::Joined("|"),
        _ => Listing::Joined(","),
    }
}

fn body(node: Node<'_>) -> Body<'_> {
    Body { media: media(node), required: node.flag("required"), description: node.text("description") }
}

fn media(node: Node<'_>) -> Vec<Media<'_>> {
    node.members_of("content").map(one_media).collect()
}

fn one_media<'d>((kind, node): (&str, Node<'d>)) -> Media<'d> {
    let content = node.get("schema").map_or(Content::Anything, Content::Schema);
    // The first of several examples, each in an entry of its own.
    let listed = || node.members_of("examples").find_map(|(_, entry)| entry.value().get("value"));
    let example = node.value().get("example").or_else(listed);
    Media { kind: media_type(kind), content, encoding: node.get("encoding"), example }
}

fn answer<'d>(status: &'d str, node: Node<'d>) -> Answer<'d> {
    Answer { status, media: media(node), headers: node.members_of("headers").map(|(name, _)| name).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::Library;

    #[test]
    fn what_an_operation_says_is_read() {
        let text = r##"{"openapi":"3.0.3","info":{"title":"T","version":"1"},
            "servers":[{"url":" https://{r}.example:{p}/{o}/{u}/{n}","variables":{"r":{"default":"eu"},"p":{"default":8443},"o":{"enum":["v1"]},"u":{"enum":["a","b"]}}}],"security":[{"b":[]}],
            "components":{"securitySchemes":{"b":{"type":"http","scheme":"Bearer"},"h":{"type":"apiKey","in":"header","name":"X"},
                "q":{"type":"apiKey","in":"query","name":"k"},"o":{"type":"oauth2"},"d":{"type":"http","scheme":"digest"},
                "c":{"type":"apiKey","in":"cookie","name":"s"},"t":{"type":"http","scheme":"Token"}}},
            "paths":{"/a/{id}":{"servers":[{"url":"/other"}],"post":{"operationId":"x","parameters":[
                {"name":"id","in":"path"},{"name":"l","in":"query","explode":false},{"name":"p","in":"query","style":"pipeDelimited"},
                {"name":"d","in":"query","style":"deepObject"},{"name":"r","in":"query"},{"name":"h","in":"header"},
                {"name":"c","in":"query","content":{"application/json":{"schema":{"type":"object"}}},"schema":{}}],
              "requestBody":{"required":true,"content":{"application/json; charset=utf-8":{"schema":{"type":"object"}},"text/plain":{}}},
              "responses":{"default":{"description":"no"},"204":{},"201":{"content":{"application/json":{}}}}}}}}"##;
        let library = Library::of(serde_json::from_str(text).unwrap());
        let api = read(Node::root(&library).unwrap(), "OpenAPI 3.0.3".into());
        assert_eq!(
            (api.title, api.version, api.servers[0].url.as_str()),
            ("T", "1", "https://eu.example:8443/v1/{u}/{n}")
        );
        let kinds: Vec<SchemeKind<'_>> = api.schemes.iter().map(|scheme| scheme.kind).collect();
        use SchemeKind::{Bearer, Cookie, Header, Other, Query, Word};
        assert_eq!(kinds, [Bearer, Header("X"), Query("k"), Bearer, Other, Cookie("s"), Word("Token")]);
        let operation = &api.operations[0];
        let listings: Vec<Listing> = operation.params.iter().map(|param| param.listing).collect();
        use Listing::{Bracketed, Joined, Repeated};
        assert_eq!(listings, [Joined(","), Joined(","), Joined("|"), Bracketed, Repeated, Joined(","), Repeated]);
        assert!(operation.params[0].required && operation.params[6].schema.is_none());
        let body = operation.body.as_ref().unwrap();
        assert_eq!((body.required, body.media[0].kind.as_str(), body.media.len()), (true, "application/json", 2));
        assert_eq!(operation.success().map(|answer| answer.status), Some("201"));
        assert_eq!(operation.servers[0].url, "/other");
    }
}

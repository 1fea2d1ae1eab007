//! Swagger 2.0: bodies and forms are parameters, and a server is a host with a path.

use model::Value;

use super::entries::{common, entries, in_order, parameters, security};
use crate::node::Node;
use crate::operation::{
    Answer, Api, Body, Content, In, Listing, Media, Operation, Parameter, Scheme, SchemeKind, Server, media_type,
};

/// The media type of a form without files.
const FORM: &str = "application/x-www-form-urlencoded";
/// The media type of a form with files.
const PARTS: &str = "multipart/form-data";

/// A parameter in any place, also in those that only this version has.
struct Given<'d> {
    node: Node<'d>,
    name: &'d str,
    place: &'d str,
}

/// Reads a document.
pub(super) fn read(root: Node<'_>, format: String) -> Api<'_> {
    let (entries, strange) = entries(root);
    let info = |key: &str| root.get("info").map(|info| info.text(key)).unwrap_or_default();
    let operations = entries.iter().map(|entry| {
        let given = parameters(entry, given, |it| (it.name.to_owned(), it.place.len() as u8));
        let params = given.iter().filter_map(parameter).collect();
        let produced = media_types(entry.node, root, "produces");
        let answers =
            entry.node.members_of("responses").map(|(status, node)| answer(status, node, &produced)).collect();
        let body = body(&given, &media_types(entry.node, root, "consumes"));
        in_order(Operation { params, body, answers, ..common(entry) })
    });
    Api {
        format,
        title: info("title"),
        version: info("version"),
        servers: servers(root),
        schemes: root.members_of("securityDefinitions").map(scheme).collect(),
        security: security(root),
        operations: operations.collect(),
        strange,
    }
}

fn servers(root: Node<'_>) -> Vec<Server<'_>> {
    let (host, path) = (root.text("host"), root.text("basePath").trim_end_matches('/'));
    let scheme = match root.texts("schemes") {
        schemes if schemes.contains(&"https") || schemes.is_empty() => "https",
        _ => "http",
    };
    let url = if host.is_empty() { path.to_owned() } else { format!("{scheme}://{host}{path}") };
    let server = Server { url, description: "" };
    if server.url.is_empty() { Vec::new() } else { vec![server] }
}

fn scheme<'d>((name, node): (&'d str, Node<'d>)) -> Scheme<'d> {
    let kind = match (node.text("type"), node.text("in")) {
        ("basic", _) => SchemeKind::Basic,
        ("oauth2", _) => SchemeKind::Bearer,
        ("apiKey", "header") => SchemeKind::Header(node.text("name")),
        ("apiKey", "query") => SchemeKind::Query(node.text("name")),
        _ => SchemeKind::Other,
    };
    Scheme { name, kind, description: node.text("description") }
}

fn media_types(node: Node<'_>, root: Node<'_>, key: &str) -> Vec<String> {
    let own = node.texts(key);
    let all = if own.is_empty() { root.texts(key) } else { own };
    all.into_iter().map(media_type).collect()
}

fn given(node: Node<'_>) -> Option<Given<'_>> {
    let given = Given { node, name: node.text("name"), place: node.text("in") };
    (!given.name.is_empty()).then_some(given)
}

fn parameter<'d>(given: &Given<'d>) -> Option<Parameter<'d>> {
    let place = match given.place {
        "path" => In::Path,
        "query" => In::Query,
        "header" => In::Header,
        _ => return None,
    };
    Some(Parameter { place, ..of(given) })
}

/// A parameter is its own schema.
fn of<'d>(given: &Given<'d>) -> Parameter<'d> {
    let node = given.node;
    let listing = match node.text("collectionFormat") {
        "multi" => Listing::Repeated,
        "ssv" => Listing::Joined(" "),
        "tsv" => Listing::Joined("\t"),
        "pipes" => Listing::Joined("|"),
        _ => Listing::Joined(","),
    };
    Parameter {
        name: given.name,
        place: In::Query,
        required: node.flag("required") || given.place == "path",
        deprecated: node.flag("deprecated"),
        description: node.text("description"),
        listing,
        schema: Some(node),
        document: false,
    }
}

/// The body: a parameter of that place, or the fields of a form.
fn body<'d>(given: &[Given<'d>], consumed: &[String]) -> Option<Body<'d>> {
    if let Some(body) = given.iter().find(|it| it.place == "body") {
        let content = || body.node.get("schema").map_or(Content::Anything, Content::Schema);
        let usual = vec!["application/json".to_owned()];
        let kinds = if consumed.is_empty() { &usual } else { consumed };
        let media = kinds.iter().map(|kind| one_media(kind, content(), None)).collect();
        return Some(Body { media, required: body.node.flag("required"), description: body.node.text("description") });
    }
    let fields: Vec<Parameter<'d>> = given.iter().filter(|it| it.place == "formData").map(of).collect();
    if fields.is_empty() {
        return None;
    }
    let file = given.iter().any(|it| it.place == "formData" && it.node.text("type") == "file");
    let parted = file || !consumed.is_empty() && !consumed.iter().any(|kind| kind == FORM);
    let kind = if parted { PARTS } else { FORM }.to_owned();
    let required = fields.iter().any(|field| field.required);
    Some(Body { media: vec![one_media(&kind, Content::Fields(fields), None)], required, description: "" })
}

fn answer<'d>(status: &'d str, node: Node<'d>, produced: &[String]) -> Answer<'d> {
    let headers = node.members_of("headers").map(|(name, _)| name).collect();
    let Some(schema) = node.get("schema") else { return Answer { status, media: Vec::new(), headers } };
    let usual = vec!["application/json".to_owned()];
    let kinds = if produced.is_empty() { &usual } else { produced };
    let example = |kind: &String| node.value().get("examples")?.get(kind);
    let media = kinds.iter().map(|kind| one_media(kind, Content::Schema(schema), example(kind)));
    Answer { status, media: media.collect(), headers }
}

fn one_media<'d>(kind: &str, content: Content<'d>, example: Option<&'d Value>) -> Media<'d> {
    Media { kind: kind.to_owned(), content, encoding: None, example }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::Library;

    #[test]
    fn bodies_forms_and_hosts_are_read() {
        let text = r##"{"swagger":"2.0","info":{"title":"T"},"host":"h.example","basePath":"/api/v1/","schemes":["http","https"],
            "consumes":["application/json"],"produces":["application/json"],
            "securityDefinitions":{"k":{"type":"apiKey","in":"header","name":"X-API-Key"},"b":{"type":"basic"}},
            "paths":{"/a":{"post":{"parameters":[{"name":"it","in":"body","required":true,"schema":{"type":"object"}},
                {"name":"l","in":"query","type":"array","items":{"type":"string"},"collectionFormat":"multi"}],
                "responses":{"200":{"schema":{"type":"object"}},"204":{}}}},
              "/f":{"post":{"consumes":["application/x-www-form-urlencoded"],"parameters":[{"name":"n","in":"formData","type":"string","required":true}]}},
              "/u":{"post":{"parameters":[{"name":"n","in":"formData","type":"file"}]}}}}"##;
        let library = Library::of(serde_json::from_str(text).unwrap());
        let api = read(Node::root(&library).unwrap(), "Swagger 2.0".into());
        assert_eq!(api.servers[0].url, "https://h.example/api/v1");
        assert_eq!((api.schemes[0].kind, api.schemes[1].kind), (SchemeKind::Header("X-API-Key"), SchemeKind::Basic));
        let media = |nth: usize| api.operations[nth].body.as_ref().unwrap().media[0].kind.clone();
        assert_eq!([media(0), media(1), media(2)], ["application/json", FORM, PARTS]);
        assert!(
            matches!(&api.operations[1].body.as_ref().unwrap().media[0].content, Content::Fields(fields) if fields[0].required)
        );
        assert_eq!(api.operations[0].params.len(), 1);
        assert_eq!(api.operations[0].params[0].listing, Listing::Repeated);
        assert_eq!(api.operations[0].success().map(|answer| answer.status), Some("200"));
    }
}

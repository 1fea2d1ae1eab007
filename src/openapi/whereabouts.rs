//! Where a service may have its document, if only its address is known.

use std::collections::BTreeSet;

use model::Value;

use super::address::{join, stays_below};
use super::front::{self, rewritten};
use super::library::Library;
use super::read::read;

/// Where services of many kinds have it, the most common place first.
const USUAL: [&str; 12] = [
    "/openapi.json",
    "/openapi.yaml",
    "/swagger.json",
    "/v3/api-docs",
    "/api/docs",
    "/api/openapi.json",
    "/api/schema/",
    "/swagger/v1/swagger.json",
    "/swagger.v1.json",
    "/v2/api-docs",
    "/api/swagger.json",
    "/api-docs",
];
/// Those that are also looked for below the path of the address.
const BELOW: usize = 3;
/// Where the list of a host's services is (RFC 9727).
const LIST: &str = "/.well-known/api-catalog";
/// The relations of a document that describes a service (RFC 8631), the more exact one first.
pub const RELATIONS: [&str; 2] = ["service-desc", "describedby"];

/// Whether these bytes are a document that can be imported.
pub fn describes(bytes: &[u8]) -> bool {
    read(bytes).is_ok_and(|value| front::read(&Library::of(rewritten(value))).is_ok())
}

/// Whether an address names a file, so that nothing else is looked for if it is not a document.
pub fn names_a_file(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let last = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    [".json", ".yaml", ".yml", ".js"].iter().any(|ending| last.ends_with(ending))
}

/// Where the list of the services of a host is.
pub fn list_of_services(base: &str) -> String {
    join(base, LIST)
}

/// The documents in such a list.
pub fn listed(bytes: &[u8]) -> Vec<String> {
    let Ok(list) = read(bytes) else { return Vec::new() };
    let sets = list.get("linkset").and_then(Value::as_list).unwrap_or_default();
    let of = |set: &Value| {
        let links = RELATIONS.iter().filter_map(|relation| set.get(relation)?.as_list().map(<[Value]>::to_vec));
        let target = |link: Value| link.get("href").and_then(Value::as_str).map(str::to_owned);
        links.flatten().filter_map(target).collect::<Vec<_>>()
    };
    sets.iter().flat_map(of).collect()
}

/// The usual places of a document, seen from an address, and further ones on the same host.
pub fn usual<'p>(base: &str, more: impl IntoIterator<Item = &'p String>) -> Vec<String> {
    let plain = base.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let at_root = |path: &str| join(base, path);
    let below = USUAL.iter().take(BELOW).map(|path| format!("{plain}{path}"));
    let more = more.into_iter().map(|path| at_root(path)).filter(|place| stays_below(base, place));
    let mut places: Vec<String> = below.chain(USUAL.iter().map(|path| at_root(path))).chain(more).collect();
    let mut seen = BTreeSet::new();
    places.retain(|place| seen.insert(place.clone()));
    places
}

/// An address that another one names, if it is on the same host or the user allows the other.
pub fn reached(base: &str, named: &str, allowed: impl Fn(&str) -> bool) -> Option<String> {
    let found = join(base, named);
    (stays_below(base, &found) || allowed(&found)).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_known_by_what_is_in_it() {
        for (text, is) in [
            (r#"{"openapi":"3.0.0","paths":{}}"#, true),
            ("swagger: '2.0'", true),
            (r#"{"openapi":"9"}"#, false),
            (r#"{"status":"ok"}"#, false),
            ("<html></html>", false),
            ("", false),
        ] {
            assert_eq!(describes(text.as_bytes()), is, "{text}");
        }
    }

    #[test]
    fn few_places_are_looked_at_and_none_twice() {
        let places = usual("https://h.example", &["/own.js".to_owned(), "https://o.example/x".to_owned()]);
        assert_eq!((places.len(), places[0].as_str()), (USUAL.len() + 1, "https://h.example/openapi.json"));
        assert_eq!(places.last().map(String::as_str), Some("https://h.example/own.js"));
        let places = usual("https://h.example/v1/?x=1", &[]);
        assert_eq!(places[0], "https://h.example/v1/openapi.json");
        assert_eq!(places[BELOW], "https://h.example/openapi.json");
        assert_eq!(places.len(), USUAL.len() + BELOW);
        assert_eq!(list_of_services("https://h.example/v1"), "https://h.example/.well-known/api-catalog");
        assert!(names_a_file("https://h/a/openapi.YAML?x=/y") && !names_a_file("https://h.json/api/docs"));
    }

    #[test]
    fn what_a_list_of_services_names_is_found() {
        let list = r#"{"linkset":[{"anchor":"https://h/a","service-doc":[{"href":"/x"}],"service-desc":[{"href":"/a.json","type":"application/json"}]},
            {"anchor":"https://h/b","describedby":[{"href":"https://o/b.json"},{}]}, 5]}"#;
        assert_eq!(listed(list.as_bytes()), ["/a.json", "https://o/b.json"]);
        assert!(listed(b"{}").is_empty() && listed(b"<html>").is_empty());
        let allowed = |address: &str| address.starts_with("https://o/");
        for (named, found) in [
            ("/a.json", Some("https://h/a.json")),
            ("https://o/b.json", Some("https://o/b.json")),
            ("http://127.0.0.1/b.json", None),
            ("file:///etc/passwd", None),
            ("//evil/b", None),
        ] {
            assert_eq!(reached("https://h/v1", named, allowed).as_deref(), found, "{named}");
        }
    }
}

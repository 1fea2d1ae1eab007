//! Where calls go: the servers of a document. None of them may be on another host than the first.

use std::collections::BTreeMap;
use std::net::IpAddr;

use model::http::{split, without_userinfo};

use super::address::{has_scheme, join};
use super::operation::{Api, Operation, Server};

/// Where a service is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// Scheme, host and port; empty if the document does not say.
    pub(crate) host: String,
    /// The path before that of every operation.
    pub(crate) path: String,
    /// The path of the operations that say nothing about theirs, where others on the same host have another.
    usual: String,
    /// Where those operations are, if the user has chosen a server of other operations.
    elsewhere: Option<String>,
    /// Host and path that the user has replaced by a server that the document does not name.
    replaced: Option<(String, String)>,
    /// Other addresses of the same service that the document names.
    pub(crate) others: Vec<String>,
    /// The address of the document, if a part of it is left to be filled in and nobody has done it.
    pub(crate) unfilled: Option<String>,
}

/// The place of a service whose document is at an address, or in a file. `chosen` is the server that the user has chosen.
pub(crate) fn place(api: &Api<'_>, chosen: Option<&Server<'_>>, document: &str) -> Place {
    let root = Server { url: "/".into(), description: "" };
    // What a public document says of a private network is meant for somebody else's.
    let usable = |server: &&Server<'_>| is_local(document) || !is_local(&parted(&server.url, document).0);
    let fits = |server: &&Server<'_>| usable(server) && is_web(&server.url) && !is_unfilled(&server.url);
    let first = api.servers.iter().find(fits).or_else(|| commonest(api).filter(fits));
    let first = first.or_else(|| api.servers.iter().find(|it| usable(it) && !is_unfilled(&it.url)));
    let unfilled = api.servers.iter().find(|it| usable(it) && is_unfilled(&it.url));
    let unfilled = unfilled.filter(|_| first.is_none() && chosen.is_none()).map(|server| server.url.clone());
    let home = parted(&first.unwrap_or(&root).url, document);
    let (host, path) = chosen.map_or_else(|| home.clone(), |server| parted(&server.url, document));
    let own = api.operations.iter().flat_map(|operation| operation.servers.first());
    let is_named = api.servers.iter().chain(own.clone()).any(|server| parted(&server.url, document).0 == host);
    let replaced = (!is_named && host != home.0).then(|| home.clone());
    let here: Vec<String> = own
        .map(|server| parted(&server.url, document))
        .filter(|(other, _)| *other == host)
        .map(|(_, path)| path)
        .collect();
    let mixed = here.iter().any(|other| below(other, &path).is_none());
    let elsewhere = (host != home.0 && !here.is_empty()).then(|| format!("{}{}", home.0, home.1));
    let mut others: Vec<String> = Vec::new();
    let named = api.servers.iter().chain(api.operations.iter().flat_map(|operation| &operation.servers));
    let named = named.filter(|server| is_web(&server.url));
    for (other, path) in named.map(|server| parted(&server.url, document)).filter(|(other, _)| *other != host) {
        let address = format!("{other}{path}");
        if !others.contains(&address) {
            others.push(address);
        }
    }
    let (path, usual) = if mixed { (String::new(), path) } else { (path, String::new()) };
    Place { host, path, usual, elsewhere, replaced, others, unfilled }
}

/// Why an operation cannot become a method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// It is at another address, for which the document can be imported once more.
    Elsewhere(String),
    /// It cannot be carried, for this reason.
    Refused(String),
}

impl From<String> for Unfit {
    fn from(reason: String) -> Unfit {
        Unfit::Refused(reason)
    }
}

impl Place {
    /// The path of an operation below that of the service. `Err` if the document sends it elsewhere: a key must not go
    /// where the user has not said.
    pub(crate) fn route(&self, operation: &Operation<'_>, document: &str) -> Result<String, Unfit> {
        let own =
            if operation.path.starts_with('/') { operation.path.to_owned() } else { format!("/{}", operation.path) };
        let Some(server) = operation.servers.first() else {
            return match &self.elsewhere {
                Some(address) => Err(Unfit::Elsewhere(address.clone())),
                None => Ok(format!("{}{own}", self.usual)),
            };
        };
        if is_unfilled(&server.url) {
            return Err(Unfit::Refused(format!("its address {} has a part to be filled in", server.url)));
        }
        let (mut host, mut path) = parted(&server.url, document);
        let replaced = self.replaced.as_ref().filter(|(home, _)| *home == host);
        if let Some(inner) = replaced.and_then(|(_, home)| below(&path, home)) {
            (host, path) = (self.host.clone(), format!("{}{inner}", self.path));
        }
        if host != self.host {
            return Err(match host.is_empty() {
                true => Unfit::Refused("it is at another address".to_owned()),
                false => Unfit::Elsewhere(format!("{host}{path}")),
            });
        }
        let inner =
            below(&path, &self.path).ok_or_else(|| format!("it is below {path}, and not below {}", self.path))?;
        Ok(format!("{inner}{own}"))
    }
}

/// Whether an address is one of the web, or relative to one.
fn is_web(url: &str) -> bool {
    let scheme = url.split_once(':').map(|(scheme, _)| scheme).filter(|_| has_scheme(url));
    scheme.is_none_or(|scheme| scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http"))
}

/// Whether a part of an address is a variable without a value.
fn is_unfilled(url: &str) -> bool {
    url.contains('{')
}

/// Whether an address is one of this machine or of a private network, as far as its text says. A file is.
fn is_local(address: &str) -> bool {
    if !has_scheme(address) {
        return !address.is_empty();
    }
    let authority = split(address).0.split_once("://").map_or("", |(_, authority)| authority);
    let authority = authority.rsplit('@').next().unwrap_or_default();
    let name = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    match name.parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_unspecified(),
        Ok(IpAddr::V6(ip)) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
        Err(_) => name.eq_ignore_ascii_case("localhost") || name.to_ascii_lowercase().ends_with(".localhost"),
    }
}

/// The paths of servers, whatever their hosts, each once.
pub(crate) fn paths(servers: &[Server<'_>], document: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (_, path) in servers.iter().map(|server| parted(&server.url, document)) {
        if !found.contains(&path) {
            found.push(path);
        }
    }
    if found.is_empty() {
        found.push(String::new());
    }
    found
}

/// What is behind a path in another; `None` if that is not below it.
fn below<'p>(path: &'p str, outer: &str) -> Option<&'p str> {
    path.strip_prefix(outer).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The server that most operations name.
fn commonest<'a, 'd>(api: &'a Api<'d>) -> Option<&'a Server<'d>> {
    let mut counts: BTreeMap<&str, (usize, &Server<'d>)> = BTreeMap::new();
    for server in api.operations.iter().filter_map(|operation| operation.servers.first()) {
        counts.entry(&server.url).or_insert((0, server)).0 += 1;
    }
    counts.into_values().max_by_key(|(count, _)| *count).map(|(_, server)| server)
}

/// Host and path of a server.
fn parted(url: &str, document: &str) -> (String, String) {
    let whole = match url {
        "" => join(document, "/"),
        // A file says nothing about the scheme.
        url if url.starts_with("//") && !has_scheme(document) => format!("https:{url}"),
        url if has_scheme(url) || has_scheme(document) => join(document, url),
        // Of the document in a file, nothing says how its host is reached.
        url if url.starts_with("//") => format!("https:{url}"),
        url => format!("/{}", join("", url).trim_start_matches(['.', '/'])),
    };
    let whole = without_userinfo(whole.split(['?', '#']).next().unwrap_or_default());
    let path = |path: &str| path.trim_end_matches('/').to_owned();
    match has_scheme(&whole) {
        true => {
            let (host, rest) = split(&whole);
            let host = host.to_ascii_lowercase();
            let web = host.starts_with("https://") || host.starts_with("http://");
            (if web { host } else { String::new() }, path(rest))
        }
        false => (String::new(), path(&whole)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::front;
    use crate::library::Library;

    /// The place of a document with these servers and an operation with those, and the path of the operation.
    fn of(servers: &[&str], own: &[&str], chosen: Option<&str>, document: &str) -> (Place, Result<String, Unfit>) {
        let list = |urls: &[&str]| urls.iter().map(|url| format!(r#"{{"url":"{url}"}}"#)).collect::<Vec<_>>().join(",");
        let text = format!(
            r#"{{"openapi":"3.0.0","servers":[{}],"paths":{{"/x":{{"get":{{"servers":[{}]}}}},"/y":{{"get":{{}}}}}}}}"#,
            list(servers),
            list(own)
        );
        let library = Library::of(serde_json::from_str(&text).unwrap());
        let api = front::read(&library).unwrap();
        let chosen = chosen.map(|url| Server { url: url.into(), description: "" });
        let place = place(&api, chosen.as_ref(), document);
        let route = place.route(&api.operations[0], document);
        (place, route)
    }

    #[test]
    fn servers_are_relative_to_the_document() {
        for (url, document, host, path) in [
            ("https://api.example/v1/", "d/a.yaml", "https://api.example", "/v1"),
            ("/api/v1", "https://h.example:8443/docs/a.yaml", "https://h.example:8443", "/api/v1"),
            ("/api/v1", "d/a.yaml", "", "/api/v1"),
            ("", "https://h.example/a.yaml", "https://h.example", ""),
            ("/", "d/a.yaml", "", ""),
            ("//o.example/x", "https://h.example/a.yaml", "https://o.example", "/x"),
            ("//o.example/x", "d/a.yaml", "https://o.example", "/x"),
            ("https://me:pw@h.example/x?y", "a", "https://h.example", "/x"),
            ("ftp://h.example/x", "a", "", "/x"),
        ] {
            let (found, _) = of(&[url], &[], None, document);
            assert_eq!((found.host.as_str(), found.path.as_str()), (host, path), "{url} {document}");
        }
        assert_eq!(of(&[], &[], None, "https://h.example/a").0.host, "https://h.example");
        // Where the document itself says nothing, its operations do.
        let (place, route) = of(&[], &["https://o.example/v2"], None, "d");
        assert_eq!((place.host.as_str(), place.path.as_str(), route), ("https://o.example", "/v2", Ok("/x".into())));
        assert_eq!(of(&["https://a", "https://b/x", "https://a/y"], &[], None, "d").0.others, ["https://b/x"]);
    }

    #[test]
    fn a_public_document_names_no_place_in_a_private_network() {
        let public = "https://h.example/docs/a.yaml";
        for (servers, document, host) in [
            (&["http://localhost:8000/v1"][..], public, "https://h.example"),
            (&["http://127.0.0.1/v1", "https://api.example/v1"], public, "https://api.example"),
            (&["http://10.1.2.3/v1"], public, "https://h.example"),
            (&["http://[::1]:80/v1"], public, "https://h.example"),
            (&["http://localhost:8000/v1"], "http://127.0.0.1:8000/a.yaml", "http://localhost:8000"),
            (&["http://localhost:8000/v1"], "d/a.yaml", "http://localhost:8000"),
            (&["https://172.15.0.1"], public, "https://172.15.0.1"),
        ] {
            assert_eq!(of(servers, &[], None, document).0.host, host, "{servers:?} {document}");
        }
        assert_eq!(of(&["http://localhost:8000"], &[], None, public).0.others, ["http://localhost:8000"]);
    }

    #[test]
    fn an_address_that_is_none_yet_or_none_of_the_web_is_not_called() {
        for (servers, host, path, unfilled) in [
            (&["HTTPS://A.Example/V1"][..], "https://a.example", "/V1", None),
            (&["wss://a.example/v1", "https://b.example"], "https://b.example", "", None),
            (&["https://{tenant}.example", "https://b.example/x"], "https://b.example", "/x", None),
            (&["https://{tenant}.example/v1"], "", "", Some("https://{tenant}.example/v1")),
            (&["/{tenant}/v1"], "", "", Some("/{tenant}/v1")),
            (&["./v1/"], "", "/v1", None),
            (&["../v1"], "", "/v1", None),
        ] {
            let (place, _) = of(servers, &[], None, "d/a.yaml");
            let found = (place.host.as_str(), place.path.as_str(), place.unfilled.as_deref());
            assert_eq!(found, (host, path, unfilled), "{servers:?}");
        }
        assert!(of(&["wss://a.example/v1", "https://b.example"], &[], None, "d").0.others.is_empty());
        let (place, route) = of(&["https://{t}.example"], &[], Some("https://a.example"), "d");
        assert_eq!((place.host.as_str(), place.unfilled, route), ("https://a.example", None, Ok("/x".into())));
        let own = of(&["https://a.example"], &["https://a.example/{t}"], None, "d").1;
        assert_eq!(own, Err(Unfit::Refused("its address https://a.example/{t} has a part to be filled in".into())));
    }

    #[test]
    fn an_operation_is_not_sent_to_another_host() {
        let route = |own: &[&str], chosen| of(&["https://a.example/v1"], own, chosen, "d").1;
        assert_eq!(route(&[], None), Ok("/x".into()));
        assert_eq!(route(&["https://a.example/v1"], None), Ok("/x".into()));
        assert_eq!(route(&["https://a.example/v1/sub"], None), Ok("/sub/x".into()));
        assert_eq!(route(&["https://b.example/v1"], None), Err(Unfit::Elsewhere("https://b.example/v1".into())));
        assert_eq!(route(&["https://b.example/v1"], Some("https://b.example/v1")), Ok("/x".into()));
        // Another path on the same host is written out.
        let (place, route) = of(&["https://a.example/v1"], &["https://a.example/v12"], None, "d");
        assert_eq!((place.path.as_str(), route), ("", Ok("/v12/x".into())));
    }

    #[test]
    fn a_server_that_the_document_does_not_name_is_there_for_all_operations_of_the_usual_one() {
        let chosen = Some("http://127.0.0.1:8000/mock");
        for (own, route) in [
            ("https://a.example/v1", Ok("/x".into())),
            ("https://a.example/v1/sub", Ok("/sub/x".into())),
            ("https://b.example/v1", Err(Unfit::Elsewhere("https://b.example/v1".into()))),
        ] {
            assert_eq!(of(&["https://a.example/v1"], &[own], chosen, "d").1, route, "{own}");
            // Without one for all, the usual one is that of most operations.
            assert_eq!(of(&[], &[own], chosen, "d").1, Ok("/x".into()), "{own}");
        }
    }

    #[test]
    fn a_server_that_is_chosen_takes_the_place_of_that_of_the_document() {
        let (place, route) = of(&["https://a.example/v1"], &[], Some("http://127.0.0.1:8000/v1"), "d");
        assert_eq!(
            (place.host.as_str(), place.path.as_str(), route),
            ("http://127.0.0.1:8000", "/v1", Ok("/x".into()))
        );
    }
}

//! The provider's own rules: everything they name must exist.

use std::collections::HashSet;
use std::net::Ipv6Addr;

use super::address::{is_header, is_path};
use super::fields::fields_of;
use super::finding::found;
use super::{auth, idempotency, job, paging};
use crate::catalog::Catalog;
use crate::search;
use model::failure::{FaultRule, FaultStyle};
use model::provider::{Dialect, Introspection, Protocol, RawRule, Transport, Variable};
use model::route::Verb;
use model::{Date, Effect, ErrorCode};

/// All faults in the rules.
pub(super) fn findings(catalog: &Catalog) -> Vec<String> {
    let provider = catalog.provider();
    let mut findings = places(catalog);
    findings.extend(transports(&provider.transports));
    findings.extend(auth::findings(catalog));
    findings.extend(provider.introspection.iter().flat_map(introspection));
    findings.extend(job::rule_findings(catalog));
    findings.extend(provider.probe.iter().flat_map(|name| probe(name, catalog)));
    findings.extend(provider.variables.iter().flat_map(|variable| variable_findings(variable, catalog)));
    findings.extend(provider.fault.iter().flat_map(fault));
    findings.extend(provider.paging.iter().flat_map(|paging| paging::rule_findings(paging, catalog)));
    findings.extend(provider.raw.iter().flat_map(|rule| raw_findings(*rule, catalog)));
    findings.extend(provider.synonyms.iter().flat_map(|(phrase, others)| synonym_findings(phrase, others)));
    findings.extend(idempotency::provider_findings(catalog));
    let headers = provider.headers.iter().filter(|(name, value)| !is_header(name) || !is_plain(value));
    findings.extend(headers.map(|(name, _)| format!("headers: {name} cannot be set here")));
    let namespaces = &provider.xml.namespaces;
    findings.extend(namespaces.iter().filter(|(_, uri)| uri.is_empty()).map(|(name, _)| format!("{name} is empty")));
    let called = catalog.records().iter().filter(|record| provider.carries(record.name));
    findings.extend(called.map(|record| format!("{} carries calls and is a method too", record.name)));
    let zoned = |zone: &String| Date::parse(&format!("2027-01-15T10:20:30{zone}")).is_some() && !zone.is_empty();
    findings.extend(provider.zone.iter().filter(|zone| !zoned(zone)).map(|zone| format!("{zone} is no time zone")));
    let mut codes = HashSet::new();
    let meaning = |error: &ErrorCode| (error.code.clone(), error.methods.clone(), error.params.clone(), error.bare);
    let twice = provider.errors.iter().filter(|error| !codes.insert(meaning(error)));
    findings.extend(twice.map(|error| format!("error {} twice", error.code)));
    findings.into_iter().map(|finding| format!("provider: {finding}")).collect()
}

/// Whether a text can be the value of a header that everybody may see.
fn is_plain(value: &str) -> bool {
    value.chars().all(|c| c == ' ' || c.is_ascii_graphic()) && !value.contains("{key}")
}

/// Faults of a phrase and its synonyms.
fn synonym_findings(phrase: &str, others: &[String]) -> Vec<String> {
    let count = search::words(phrase).count();
    found(&[
        (count == 0 || count > search::LONGEST, "is not 1 to 4 words"),
        (others.is_empty(), "has no synonyms"),
        (others.iter().any(|other| search::words(other).count() == 0), "has a synonym without a word"),
    ])
    .into_iter()
    .map(|fault| format!("synonym {phrase:?} {fault}"))
    .collect()
}

fn places(catalog: &Catalog) -> Vec<String> {
    let provider = catalog.provider();
    let mut names = HashSet::new();
    let twice = provider.regions.iter().filter(|region| !names.insert(&region.name));
    let mut findings: Vec<String> = twice.map(|region| format!("region {} twice", region.name)).collect();
    let hosts = provider.regions.iter().map(|region| &region.host);
    let hosts: Vec<&String> = if provider.regions.is_empty() { vec![&provider.host] } else { hosts.collect() };
    // Whether plain http may be used is decided where the call leaves: on this machine, or if the profile allows the host.
    let fits = |host: &str| {
        let rest = host.strip_prefix("https://").or_else(|| host.strip_prefix("http://"));
        rest.is_some_and(is_authority)
    };
    // A kind of services has no host of its own.
    let open = catalog.records().is_empty() && provider.host.is_empty() && provider.regions.is_empty();
    let bad = hosts.into_iter().filter(|host| !open && !fits(host));
    findings.extend(bad.map(|host| format!("{host:?} is not an https address without a path")));
    let vendors = provider.regions.iter().filter(|region| !region.vendor.is_empty()).count();
    findings.extend(found(&[
        (provider.transports.is_empty(), "no transport"),
        (![0, provider.regions.len()].contains(&vendors), "a vendor for some regions and not for others"),
        (!provider.regions.is_empty() && !provider.host.is_empty(), "both a host and regions"),
    ]));
    findings
}

/// Whether a text is the name or the address of a host, perhaps with a port.
fn is_authority(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, port)) if address.parse::<Ipv6Addr>().is_ok() => ("v6", port),
        Some(_) => return false,
        None => text.find(':').map_or((text, ""), |at| text.split_at(at)),
    };
    let port = port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok_and(|it| it > 0));
    let fits = |c: char| c.is_alphanumeric() || "-._".contains(c);
    port && !host.is_empty() && host.chars().all(fits) && !host.starts_with(['-', '.']) && !host.contains("..")
}

fn transports(transports: &[Transport]) -> Vec<String> {
    let mut findings = Vec::new();
    let mut names = HashSet::new();
    for Transport { name, protocol, path, batch, .. } in transports {
        let mut finding = |fault: &str| findings.push(format!("transport {name}{fault}"));
        if !names.insert(name) {
            finding(" twice");
        }
        if !path.is_empty() && !path.starts_with('/') {
            finding("'s path does not begin with /");
        }
        // Before the path of a method there is no query, and nothing is filled in but the method's name.
        let method = if *protocol == Protocol::Rest { "" } else { "{method}" };
        let whole = if method.is_empty() { path.clone() } else { path.replace(method, "") };
        if !is_path(path) || whole.contains(['{', '}']) || *protocol == Protocol::Rest && path.contains('?') {
            finding(&format!("'s path {path:?} is not a path"));
        }
        let carries = matches!(protocol, Protocol::JsonRpc | Protocol::XmlRpc);
        if batch.is_some_and(|most| most == 0 || !carries) {
            finding(" cannot carry a batch");
        }
    }
    findings
}

/// The methods of a convention need no entries in the catalogue: they are known.
fn introspection(rule: &Introspection) -> Vec<String> {
    let single = !matches!(rule.style, Dialect::System | Dialect::Any);
    found(&[
        (single && (rule.help.is_some() || rule.signature.is_some()), "only the style system asks method by method"),
        (rule.style == Dialect::Any && rule.list.is_some(), "a list for a style that is not known"),
    ])
}

fn probe(name: &str, catalog: &Catalog) -> Vec<String> {
    let Some(Ok(method)) = catalog.method(name) else {
        return vec![format!("probe names {name}, which is not a method")];
    };
    let told = |variable: &Variable| method.route.as_ref().is_some_and(|route| route.mentions(&variable.name));
    found(&[
        (method.effect != Effect::Read, "the probe is not a reading method"),
        (method.params.iter().any(|param| param.required), "the probe wants parameters"),
        (catalog.provider().variables.iter().any(told), "the probe's address is not known without another call"),
    ])
}

fn variable_findings(variable: &Variable, catalog: &Catalog) -> Vec<String> {
    let Some(Ok(method)) = catalog.method(&variable.method) else {
        return vec![format!("variable {} comes from {}, which is not a method", variable.name, variable.method)];
    };
    let fields = fields_of(&method.returns, &method.fields, catalog);
    let in_itself = method.route.is_some_and(|route| route.mentions(&variable.name));
    let unknown = !fields.iter().any(|field| field.name == variable.field);
    found(&[
        (unknown, &format!("variable {} is {}, which is not a field", variable.name, variable.field)),
        (in_itself, &format!("variable {} is needed to ask for itself", variable.name)),
        (method.params.iter().any(|param| param.required), "a variable's method wants parameters"),
    ])
}

fn fault(rule: &FaultRule) -> Vec<String> {
    let wants_success = rule.style != FaultStyle::ErrorsJson;
    found(&[
        (wants_success && rule.success.is_none(), "the fault rule does not name the field that shows success"),
        (rule.message.is_empty(), "the fault rule names no field with words"),
        (
            !rule.good.is_empty() && rule.style != FaultStyle::SuccessJson,
            "the fault rule names texts of success that it does not look for",
        ),
        (
            rule.warnings.is_some() && rule.style != FaultStyle::SuccessJson,
            "the fault rule names warnings that it does not look for",
        ),
    ])
}

fn raw_findings(rule: RawRule, catalog: &Catalog) -> Vec<String> {
    let addressed = catalog.provider().transports.iter().any(|transport| transport.protocol == Protocol::Rest);
    let methods = catalog.records().iter().filter_map(|record| catalog.method(record.name)?.ok());
    let gets = methods.filter(|method| method.route.as_ref().is_some_and(|route| route.verb == Verb::Get));
    let liar = gets.into_iter().find(|method| rule.get_reads && method.effect != Effect::Read);
    let mut findings = found(&[(!addressed, "a rule for addresses, and one address for all")]);
    findings.extend(liar.map(|method| format!("a GET only reads, but {} does more", method.name)));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_one_that_can_be_called() {
        for (host, is) in [
            ("h.example", true),
            ("h.example:8443", true),
            ("[::1]:80", true),
            ("exämple.com", true),
            ("my_host", true),
            ("h.example:", false),
            ("h.example:99999", false),
            ("h.example:0", false),
            ("h ample", false),
            ("[::1", false),
            ("[::1]x", false),
            ("-x.example", false),
            ("{user}.example", false),
            ("u:p@h.example", false),
            ("h.example/", false),
            ("h.example\nX: y", false),
            ("a..b", false),
            ("", false),
        ] {
            assert_eq!(is_authority(host), is, "{host:?}");
        }
    }

    #[test]
    fn faults_of_transports_are_found() {
        let transport = |name: &str, protocol, path: &str, batch| Transport {
            name: name.into(),
            protocol,
            path: path.into(),
            batch,
            named: false,
            media: None,
        };
        let findings = transports(&[
            transport("a", Protocol::JsonRpc, "/rpc", Some(100)),
            transport("a", Protocol::JsonRpc, "rpc", Some(0)),
            transport("b", Protocol::XmlRpc, "", Some(100)),
            transport("c", Protocol::Json, "/{method}", Some(1)),
            transport("d", Protocol::Rest, "/{method}", None),
            transport("e", Protocol::Rest, "/a?x=1", None),
            transport("f", Protocol::JsonRpc, "/a?x=1", None),
            transport("g", Protocol::JsonRpc, "/a/../b", None),
            transport("h", Protocol::JsonRpc, "/a b", None),
        ]);
        assert_eq!(
            findings,
            [
                "transport a twice",
                "transport a's path does not begin with /",
                "transport a cannot carry a batch",
                "transport c cannot carry a batch",
                "transport d's path \"/{method}\" is not a path",
                "transport e's path \"/a?x=1\" is not a path",
                "transport g's path \"/a/../b\" is not a path",
                "transport h's path \"/a b\" is not a path",
            ]
        );
    }

    #[test]
    fn a_service_that_lists_itself_needs_no_methods_in_the_catalogue() {
        let lint = |rule: &str| super::super::tests::lint_of(&format!("introspection = {{ {rule} }}"), "", "");
        for rule in ["", "list = \"l\"", "style = \"koji\"", "style = \"any\"", "list = \"l\", help = \"h\""] {
            let found = lint(rule);
            assert!(!found.contains("introspection") && !found.contains("style"), "{rule}: {found}");
        }
        assert!(lint("style = \"koji\", help = \"h\"").contains("only the style system"));
        assert!(lint("style = \"any\", list = \"l\"").contains("a style that is not known"));
    }

    #[test]
    fn a_synonym_is_a_phrase_that_stands_for_words() {
        for (phrase, others, faults) in [
            ("load balancer", &["vip"][..], 0),
            ("", &["vip"], 1),
            ("a phrase of five words", &["vip"], 1),
            ("lb", &[], 1),
            ("lb", &["vip", "-"], 1),
        ] {
            let others: Vec<String> = others.iter().map(|other| (*other).to_owned()).collect();
            assert_eq!(synonym_findings(phrase, &others).len(), faults, "{phrase}");
        }
    }
}

//! Methods with an address of their own against the list of addresses in the providers' documents.

use std::collections::BTreeSet;

use marsh::model::escape::{form, percent};
use marsh::model::route::{Place, Sends};
use marsh::model::{Arguments, Call, Method, Value};

use crate::support::calls::Spoken;

/// Section, verb, path with its query, names of further parameters of the query, title.
static CAAS: &str = include_str!("../data/caas.tsv");
/// Paths.
static ARTNET: &str = include_str!("../data/artnet.tsv");
/// Title, name, verb, path.
static VPSNET: &str = include_str!("../data/vpsnet.tsv");

/// A documented address.
#[derive(Debug)]
struct Address<'t> {
    reference: &'t str,
    verb: &'t str,
    path: &'t str,
    /// Words of the query without a value.
    words: Vec<&'t str>,
    /// Parameters of the query.
    names: Vec<&'t str>,
}

fn documented(provider: &str) -> Vec<Address<'static>> {
    let rows = |text: &'static str| text.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    match provider {
        "artnet" => rows(ARTNET).map(|row| address(row[0], "POST", row[0], "")).collect(),
        "vpsnet" => rows(VPSNET).map(|row| address(row[0], row[2], row[3], "")).collect(),
        _ => rows(CAAS).map(|row| address(row[0], row[1], row[2].strip_prefix("/oec/0.9").unwrap(), row[3])).collect(),
    }
}

fn address<'t>(reference: &'t str, verb: &'t str, path: &'t str, names: &'t str) -> Address<'t> {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let parts = || query.split('&').filter(|part| !part.is_empty());
    let named = parts().filter_map(|part| part.split_once('=').map(|(name, _)| name));
    let names = named.chain(names.split(',').filter(|name| !name.is_empty())).collect();
    Address { reference, verb, path, words: parts().filter(|part| !part.contains('=')).collect(), names }
}

/// Whether an address is one of a documented form: `{…}` matches anything between two slashes.
fn fits(form: &str, path: &str) -> bool {
    let (forms, parts): (Vec<&str>, Vec<&str>) = (form.split('/').collect(), path.split('/').collect());
    let segment = |(form, part): (&&str, &&str)| match form.split_once('{') {
        Some((before, rest)) => {
            let after = rest.split_once('}').unwrap().1;
            part.len() > before.len() + after.len() && part.starts_with(before) && part.ends_with(after)
        }
        None => form == part,
    };
    forms.len() == parts.len() && forms.iter().zip(&parts).all(segment)
}

static PROVIDERS: &[&str] = &["artnet", "caas", "vpsnet"];

/// Every method of a provider with the call that its example makes.
fn examples(provider: &Spoken) -> Vec<Call> {
    let methods =
        provider.catalog.records().iter().map(|record| provider.catalog.method(record.name).unwrap().unwrap());
    methods
        .map(|method| {
            provider.call(method.example.as_ref().unwrap()).unwrap_or_else(|e| panic!("{}: {e}", method.name))
        })
        .collect()
}

#[test]
fn every_documented_address_has_its_method_and_no_other_is_made_up() {
    for id in PROVIDERS {
        let provider = Spoken::to(id);
        let references: BTreeSet<String> =
            examples(&provider).iter().map(|call| call.method.reference.clone().unwrap()).collect();
        let documented: BTreeSet<String> = documented(id).iter().map(|address| address.reference.to_owned()).collect();
        assert_eq!(references, documented, "{id}");
    }
}

#[test]
fn every_example_goes_to_its_documented_address() {
    let mut faults = Vec::new();
    for id in PROVIDERS {
        let provider = Spoken::to(id);
        for call in examples(&provider) {
            let reference = call.method.reference.as_deref().unwrap();
            let places: Vec<Address<'_>> =
                documented(id).into_iter().filter(|address| address.reference == reference).collect();
            let (sent, _) = provider.sent(call.method.example.as_ref().unwrap());
            if !places.iter().any(|address| goes_to(&sent, address, &call.method)) {
                faults.push(format!("{}: {sent} is not one of {places:?}", call.method.name));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

fn goes_to(sent: &str, address: &Address<'_>, method: &Method) -> bool {
    let (verb, url) = sent.split_once(' ').unwrap();
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let bare: Vec<&str> = query.split('&').filter(|part| !part.is_empty() && !part.contains('=')).collect();
    // Paths that a parameter picks are variants of the documented one.
    let picked = method.route.as_ref().is_some_and(|route| route.by.is_some());
    let named = |name: &&str| {
        method.params.iter().any(|param| param.wire_name() == *name && method.place(param) == Place::Query)
    };
    verb == address.verb
        && (fits(address.path, path) || picked)
        && bare == address.words
        && address.names.iter().all(named)
}

#[test]
fn every_value_is_where_its_parameter_belongs() {
    let mut faults = Vec::new();
    for id in PROVIDERS {
        let provider = Spoken::to(id);
        for call in examples(&provider) {
            let (address, body) = provider.sent(call.method.example.as_ref().unwrap());
            let Arguments::Named(arguments) = &call.arguments else { panic!("{}", call.method.name) };
            for (name, value) in arguments.iter() {
                if !stands(&call.method, name, value, &address, &body) {
                    faults.push(format!("{} {name}: {address}\n    {body}", call.method.name));
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

fn stands(method: &Method, name: &str, value: &Value, address: &str, body: &str) -> bool {
    let (plain, operator) = name.split_once('.').unwrap_or((name, ""));
    let param = method.param(name).or_else(|| method.param(plain)).unwrap();
    let route = method.route.as_ref().unwrap();
    if route.by.as_ref().is_some_and(|by| by.param == name) {
        return !address.contains(&format!("{name}="));
    }
    let wire =
        if operator.is_empty() { param.wire_name().to_owned() } else { format!("{}.{operator}", param.wire_name()) };
    let segment = value.as_list().is_none() && address.contains(&format!("/{}", percent(&value.plain())));
    let in_body = || match method.sends.as_ref() {
        Some(Sends::Form { .. }) => {
            body.contains(&format!("{}=", form(&wire))) || body.contains(&*form(&format!("{wire}[")))
        }
        Some(Sends::Multipart { .. }) => body.contains(&format!("name=\"{wire}\"")),
        Some(Sends::Bytes { whole, .. }) => *whole == wire && !body.is_empty(),
        Some(Sends::Json { .. }) => body.contains(&format!("\"{wire}\":")),
        Some(Sends::Xml { .. }) => {
            let last = wire.rsplit('/').next().unwrap();
            match last.strip_prefix('@') {
                Some(attribute) => body.contains(&format!(" {attribute}=\"")),
                None => body.contains(&format!("<{last}>")) || body.contains(&format!("<{last} ")),
            }
        }
        None => false,
    };
    match method.place(param) {
        Place::Path => segment && !in_body(),
        // None of these services takes values in headers.
        Place::Header | Place::Cookie => false,
        Place::Query => address.contains(&format!("{}=", percent(&wire))),
        Place::Body => in_body() && (!route.mentions(&wire) || segment),
    }
}

#[test]
fn no_secret_leaves_in_an_address_and_credentials_leave_as_declared() {
    for id in PROVIDERS {
        let provider = Spoken::to(id);
        for call in examples(&provider) {
            let request = provider.request(&call).unwrap();
            let body = request.body.preview();
            assert_eq!(body.contains("api_key=(redacted)"), *id == "artnet", "{}", call.method.name);
            assert!(!request.url.contains("redacted"), "{}", request.url);
        }
    }
}

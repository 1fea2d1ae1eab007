//! Ids of objects in the catalogues: what gives them, and which parameters take them.

use std::collections::BTreeMap;

use marsh::model::{Effect, Identities, Method, Param, Type};
use marsh::registry::catalog::Catalog;
use marsh::registry::embedded;

/// Parameters without a kind, and why.
static UNNAMED: &str = include_str!("../unnamed.txt");

/// How the names of parameters end whose values are likely to be ids.
const ENDS: &[&str] = &["id", "ids", "name", "names", "ref", "key", "path"];

fn methods() -> Vec<(&'static str, Catalog, Vec<Method>)> {
    let all = embedded::all().iter().map(|source| {
        let catalog = Catalog::open(source).unwrap();
        let methods = catalog.records().iter().map(|record| catalog.method(record.name).unwrap().unwrap()).collect();
        (source.id, catalog, methods)
    });
    all.collect()
}

/// Whether the last word of its name is one of those.
fn looks_like_an_id(param: &Param) -> bool {
    let words = param.name.replace(['_', '-', '.'], " ");
    let last = words.split(' ').next_back().unwrap_or_default();
    let hump = last.rfind(char::is_uppercase).map_or(last, |at| &last[at..]).to_lowercase();
    ENDS.contains(&hump.as_str())
}

#[test]
fn every_parameter_that_names_an_object_says_of_which_kind() {
    let mut listed: BTreeMap<&str, &str> = UNNAMED
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split_once(" | ").unwrap_or_else(|| panic!("no reason: {line}")))
        .collect();
    let mut missing = Vec::new();
    let (mut named, mut open) = (0, 0);
    for (id, _, methods) in methods() {
        for (method, param) in methods.iter().flat_map(|method| method.params.iter().map(move |it| (method, it))) {
            named += usize::from(!param.names.is_empty());
            if looks_like_an_id(param) && !param.secret && param.names.is_empty() {
                open += 1;
                let place = format!("{id}:{} {}", method.name, param.name);
                if listed.remove(place.as_str()).is_none() {
                    missing.push(place);
                }
            }
        }
    }
    assert!(missing.is_empty(), "they need a `names`, or a reason in tests/unnamed.txt:\n{}", missing.join("\n"));
    assert!(listed.is_empty(), "remove from tests/unnamed.txt: {listed:?}");
    // Both only get better.
    assert!(named >= 539 && open <= 46, "{named} parameters name a kind, {open} do not");
}

#[test]
fn a_call_that_destroys_something_of_a_kind_names_it() {
    for (id, _, methods) in methods() {
        for method in methods.iter().filter(|method| method.effects().has(Effect::Destroy)) {
            let Some(object) = method.object.as_deref().and_then(|name| method.param(name)) else { continue };
            assert!(
                object.secret
                    || !object.names.is_empty()
                    || UNNAMED.contains(&format!("{id}:{} {}", method.name, object.name)),
                "{id}:{} destroys what its {} names, which has no kind",
                method.name,
                object.name
            );
        }
    }
}

#[test]
fn lists_show_what_they_list() {
    let mut silent = BTreeMap::new();
    for (id, catalog, methods) in methods() {
        let lists =
            methods.iter().filter(|method| method.effect == Effect::Read && matches!(method.returns, Type::List(_)));
        let mute = lists.filter(|method| Identities::of(method, catalog.shapes()).is_empty());
        silent.insert(id, mute.map(|method| method.name.clone()).collect::<Vec<_>>());
    }
    let count: usize = silent.values().map(Vec::len).sum();
    assert!(count <= 21, "{count} lists show no ids of any kind: {silent:#?}");
}

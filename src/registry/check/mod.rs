//! What is wrong with a catalogue that somebody writes: all of it at once, each fault with its place in the text.

mod finding;
mod reading;
mod site;
mod words;
mod written;

pub use finding::{Finding, Findings};

use super::catalog::Catalog;
use super::lint;
use model::{Method, Provider, Shape, Viewed};
use reading::{Fault, Whole, read};
use serde_json::{Map, Value};
use site::Text;

/// The faults of a catalogue's text, in the order of the text; empty when it can be used.
pub fn check(text: &str) -> Findings {
    let source = match Text::parse(text) {
        Ok(source) => source,
        Err(_) if is_document(text) => return Findings::of(text, vec![Fault::of_all(DOCUMENT)]),
        Err(faults) => return Findings::of(text, faults),
    };
    let mut faults = source.misplaced();
    let mut whole = Whole { lacks: !faults.is_empty(), ..Whole::default() };
    faults.extend(whole.set_rules(read::<Provider>(source.provider(), "provider")));
    for shape in source.shapes() {
        let place = format!("@{}", shape.name);
        faults.extend(whole.add("shape", read::<Shape>(shape.value.clone(), &place), &place));
    }
    for method in source.methods() {
        faults.extend(whole.add("method", read::<Method>(method.value.clone(), &method.name), &method.name));
    }
    for view in source.views() {
        let place = format!("view {}", view.name);
        faults.extend(whole.add("view", read::<Viewed>(view.value.clone(), &place), &place));
    }
    // What a part means is clear where all that it depends on can be read.
    if !whole.lacks {
        let of_others = |fault: &Fault| !whole.faulty.contains(&fault.place);
        faults.extend(meaning(whole.rest.clone(), &source).into_iter().filter(of_others));
    }
    Findings::of(text, faults)
}

/// What is said of a text that is no catalogue at all.
const DOCUMENT: &str = "this is an OpenAPI document, not a catalogue";

/// Whether a text that is not TOML is a document for `marsh import`.
fn is_document(text: &str) -> bool {
    let starts = |line: &str| {
        ["openapi", "swagger"].iter().any(|key| line.trim_start_matches(['{', ' ', '"', '\'']).starts_with(key))
    };
    text.lines().take(50).any(starts)
}

/// What the lint finds, each fault where it is in the text.
fn meaning(whole: Map<String, Value>, source: &Text<'_>) -> Vec<Fault> {
    let catalog = match Catalog::of_section("", whole) {
        Ok(catalog) => catalog,
        Err(error) => return vec![Fault { span: 0..0, place: error.place, message: error.cause }],
    };
    let views = catalog.views().all().iter().flat_map(|entry| lint::view_findings(entry, &catalog));
    let findings = lint::lint_user(&catalog).into_iter().chain(views);
    findings.map(|finding| site::located(finding, source)).collect()
}

#[cfg(test)]
mod tests;

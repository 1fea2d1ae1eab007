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
use reading::Fault;
use site::Text;

/// The faults of a catalogue's text, in the order of the text; empty when it can be used.
pub fn check(text: &str) -> Findings {
    let source = match Text::parse(text) {
        Ok(source) => source,
        Err(_) if is_document(text) => return Findings::of(text, vec![Fault::of_all(DOCUMENT)]),
        Err(faults) => return Findings::of(text, faults),
    };
    let mut faults = source.misplaced();
    faults.extend(reading::faults::<Provider>(source.provider(), "provider"));
    for shape in source.shapes() {
        faults.extend(reading::faults::<Shape>(shape.value.clone(), &format!("@{}", shape.name)));
    }
    for method in source.methods() {
        faults.extend(reading::faults::<Method>(method.value.clone(), &method.name));
    }
    for view in source.views() {
        faults.extend(reading::faults::<Viewed>(view.value.clone(), &format!("view {}", view.name)));
    }
    // What a catalogue means is only clear when all of it can be read.
    if faults.is_empty() {
        faults.extend(meaning(text, &source));
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
fn meaning(text: &str, source: &Text<'_>) -> Vec<Fault> {
    let catalog = match Catalog::unchecked("", text) {
        Ok(catalog) => catalog,
        Err(error) => return vec![Fault { span: 0..0, place: error.place, message: error.cause }],
    };
    let views = catalog.views().all().iter().flat_map(|entry| lint::view_findings(entry, &catalog));
    let findings = lint::lint_user(&catalog).into_iter().chain(views);
    findings.map(|finding| site::located(finding, source)).collect()
}

#[cfg(test)]
mod tests;

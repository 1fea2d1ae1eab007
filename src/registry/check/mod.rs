//! What is wrong with a catalogue that somebody writes: all of it at once, each fault with its place in the text.

mod finding;
mod reading;
mod site;

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

//! The rule of services that answer with a status document: a code, a sentence and further facts.

use super::verdict::Verdict;
use crate::Fault;
use crate::xml::tree::Element;
use model::failure::FaultRule;
use model::{Code, Map, Value};

/// The root element of such a document.
pub(super) const ROOT: &str = "Status";
/// The document in which a service reports the outcome.
pub(super) const STATUS: &str = "<Status>";
/// The values of the success field for full and for partial success.
const SUCCESS: &str = "SUCCESS";
const WARNING: &str = "WARNING";

/// The element of a further fact, with its name and a `<value>`.
const FACT: &str = "additionalInformation";

/// Whether a document is a status document.
pub(super) fn is_status(root: &Element) -> bool {
    root.name == ROOT
}

/// The outcome that a document reports; `None` for any other document.
pub(super) fn verdict(rule: &FaultRule, root: &Element) -> Option<Verdict> {
    if root.name != ROOT {
        return None;
    }
    let success = rule.success.as_deref().unwrap_or_default();
    let said = |element: &&Element| element.name == success;
    if root.children.iter().filter(said).any(|element| Some(element.text.trim_ascii()) != field(root, success)) {
        // It says two things at once, or nothing.
        return None;
    }
    let message = rule.message.iter().find_map(|path| field(root, path)).unwrap_or_default();
    Some(match field(root, success)? {
        SUCCESS => Verdict::Success,
        WARNING => Verdict::Warning(message.to_owned()),
        _ => {
            let code = rule.code.as_deref().and_then(|path| field(root, path)).map(Code::from);
            Verdict::Refused(Fault { code, message: message.to_owned(), data: facts(root) })
        }
    })
}

/// The service's sentence.
pub(super) fn message<'e>(rule: &FaultRule, root: &'e Element) -> Option<&'e str> {
    rule.message.iter().find_map(|path| field(root, path))
}

fn field<'e>(root: &'e Element, name: &str) -> Option<&'e str> {
    root.child(name).map(|element| element.text.trim_ascii()).filter(|text| !text.is_empty())
}

/// The further facts by their names; null when there are none.
fn facts(root: &Element) -> Value {
    let facts = root.children.iter().filter(|child| child.name == FACT);
    let named = facts.filter_map(|fact| Some((fact.attribute("name")?, information_of(fact)?)));
    let map: Map = named.collect();
    if map.is_empty() { Value::Null } else { map.into() }
}

fn information_of(fact: &Element) -> Option<String> {
    fact.child("value").map(|value| value.text.trim().to_owned())
}

/// The value of the additional information with that name.
pub(super) fn information(root: &Element, name: &str) -> Option<String> {
    let mut facts = root.children.iter().filter(|child| child.name == FACT);
    information_of(facts.find(|fact| fact.attribute("name") == Some(name))?)
}

//! The rule of services that answer with a document about how it went: a code, a sentence and further facts.

use crate::codec::Fault;
use crate::codec::xml::tree::Element;
use crate::codec::xml::typed::untyped;
use crate::model::failure::FaultRule;
use crate::model::{Code, Value};

/// The root element of such a document.
const ROOT: &str = "Status";
/// What the field of success says when all went well, and when nearly all did.
const SUCCESS: &str = "SUCCESS";
const WARNING: &str = "WARNING";

/// The elements with further facts.
const INFORMATION: &str = "additionalInformation";

/// How it went.
#[derive(Debug, PartialEq)]
pub(super) enum Verdict {
    Success,
    /// With the service's words.
    Warning(String),
    Refused(Fault),
}

/// What a document says about how it went; `None` for any other document.
pub(super) fn verdict(rule: &FaultRule, root: &Element) -> Option<Verdict> {
    if root.name != ROOT {
        return None;
    }
    let success = rule.success.as_deref().unwrap_or_default();
    let message = rule.message.iter().find_map(|path| field(root, path)).unwrap_or_default();
    Some(match field(root, success)? {
        SUCCESS => Verdict::Success,
        WARNING => Verdict::Warning(message.to_owned()),
        _ => {
            let code = rule.code.as_deref().and_then(|path| field(root, path)).map(Code::from);
            Verdict::Refused(Fault { code, message: words(message, root), data: others(rule, root) })
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

/// The sentence of a refusal, and behind it the single reasons where the service lists them.
fn words(sentence: &str, root: &Element) -> String {
    let facts = root.children.iter().filter(|child| child.name == INFORMATION);
    let reasons = facts.filter_map(|fact| fact.child("value")).map(|value| value.text.trim());
    let told = std::iter::once(sentence).chain(reasons).filter(|text| !text.is_empty());
    told.collect::<Vec<_>>().join("\n")
}

/// What it says besides.
fn others(rule: &FaultRule, root: &Element) -> Value {
    let told: Vec<&String> = rule.success.iter().chain(&rule.code).chain(&rule.message).collect();
    let mut rest = root.clone();
    rest.children.retain(|child| !told.contains(&&child.name));
    if rest.children.is_empty() { Value::Null } else { untyped(&rest) }
}

/// The value of an additional information of that name.
pub(super) fn information(root: &Element, name: &str) -> Option<String> {
    let facts = root.children.iter().filter(|child| child.name == INFORMATION);
    let fact = facts.into_iter().find(|fact| fact.attribute("name") == Some(name))?;
    fact.child("value").map(|value| value.text.trim().to_owned())
}

//! How a call went, by the provider's own rule.

use super::document::Document;
use super::{refusal, status};
use crate::Fault;
use crate::xml::tree::Element;
use model::Field;
use model::failure::{FaultRule, FaultStyle};
use model::http::Head;

/// How it went.
#[derive(Debug, PartialEq)]
pub(super) enum Verdict {
    Success,
    /// With the service's words.
    Warning(String),
    Refused(Fault),
}

/// What an answer says about how the call went; `None` when it says nothing. `declared` are the fields of the result.
pub(super) fn of(rule: &FaultRule, head: &Head, document: &Document, declared: &[Field]) -> Option<Verdict> {
    match (rule.style, document) {
        (FaultStyle::StatusXml, Document::Xml(root)) => status::verdict(rule, root),
        (FaultStyle::SuccessJson, Document::Json(answer)) => refusal::by_success(rule, answer),
        (FaultStyle::ErrorsJson, Document::Json(answer)) => {
            refusal::by_errors(rule, head, answer, declared).map(Verdict::Refused)
        }
        _ => None,
    }
}

/// The document that a service says in how a call went.
pub(super) const STATUS: &str = "<Status>";

/// Whether a document is one.
pub(super) fn is_status(root: &Element) -> bool {
    root.name == status::ROOT
}

//! The outcome of a call, by the provider's own rule.

use super::document::Document;
use super::verdict::Verdict;
use super::{refusal, status};
use model::Field;
use model::failure::{FaultRule, FaultStyle};
use model::http::Head;

/// The outcome that an answer reports; `None` when it reports none. `declared` are the fields of the result.
pub(super) fn verdict(rule: &FaultRule, head: &Head, document: &Document, declared: &[Field]) -> Option<Verdict> {
    match (rule.style, document) {
        (FaultStyle::StatusXml, Document::Xml(root)) => status::verdict(rule, root),
        (FaultStyle::SuccessJson, Document::Json(answer)) => refusal::by_success(rule, answer),
        (FaultStyle::ErrorsJson, Document::Json(answer)) => {
            refusal::by_errors(rule, head, answer, declared).map(Verdict::Refused)
        }
        _ => None,
    }
}

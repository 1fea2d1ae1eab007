//! The answer from a method's own address → a result or a refusal.

use std::io::BufRead;

use super::document::{Document, Notation, Reading, head_of};
use super::onward::Onward;
use super::verdict::Verdict;
use super::{DecodeError as RestError, judgement, problem, refusal, result, status};
use crate::message::{self, Limits};
use crate::service::Service;
use crate::{Aside, DecodeError, Outcome, Reply};
use model::failure::{FaultRule, FaultStyle};
use model::http::Head;
use model::route::{AnswerForm, Answers};
use model::{Effect, Field, Method, Shape, Value};

/// Reads a whole answer: it checks for a refusal, then the HTTP status, then what the catalogue promises.
pub(crate) fn decode<R: BufRead>(
    service: &Service<'_>,
    method: &Method,
    head: &Head,
    body: R,
    limits: Limits,
) -> Result<Outcome<Value>, DecodeError> {
    let bytes = message::read_all(body, limits)?;
    let plain = Answers::of(AnswerForm::Text);
    let answers = method.answers.as_ref().unwrap_or(&plain);
    let rule = service.provider.fault.as_ref();
    let twins = twins(method, service.shapes);
    // The tree is built in memory, wherever the result goes.
    let limits = Limits { tree: limits.tree.min(Limits::default().tree), ..limits };
    let mut aside = Aside::default();
    let read = Reading { answers, rule, twins: &twins, limits }.of(&bytes, head, &mut aside.remarks);
    let verdict = match (rule, &read) {
        (Some(rule), Ok(document)) => judgement::verdict(rule, head, document, method.result_fields(service.shapes)),
        _ => None,
    };
    match verdict {
        Some(Verdict::Refused(fault)) => return Ok(Outcome { reply: Reply::Fault(fault), aside }),
        _ if !head.succeeded() => {
            return match problem::read(head, &bytes, limits) {
                Some(fault) => Ok(Outcome { reply: Reply::Fault(fault), aside }),
                None => failed(service, head, &bytes, rule),
            };
        }
        Some(Verdict::Warning(words)) => aside.warning = Some(words),
        Some(Verdict::Success) => {}
        None => {
            if let Ok(document) = &read {
                said_nothing(rule, answers.form, document)?;
            }
        }
    }
    let by_status = rule.is_none_or(|rule| rule.style == FaultStyle::ErrorsJson);
    if by_status && bytes.is_empty() && is_done(method, head) {
        return Ok(Outcome { reply: Reply::Value(Value::Null), aside });
    }
    let document = read?;
    let paging = service.provider.paging_of(method);
    let total = service.provider.total_of(method).and_then(|field| document.total(field));
    let onward = paging.map(|paging| Onward::of(paging, &document, head));
    let wanted = result::Wanted { answers, method, shapes: service.shapes, rule };
    let value = match (answers.form, document) {
        (AnswerForm::None, _) => wanted.nothing(&bytes, Notation::usual(rule))?,
        (AnswerForm::Xml | AnswerForm::Status, Document::Xml(root)) => {
            result::reveal(wanted.of_xml(&root, &mut aside.remarks)?, answers, rule, &root)
        }
        (AnswerForm::Json, Document::Json(answer)) => wanted.of_json(answer)?,
        (AnswerForm::Any, Document::Json(answer)) => answer,
        _ => wanted.of_bytes(bytes, head, limits, &mut aside.remarks)?,
    };
    aside.members = value.as_list().map(|page| page.len() as u64);
    aside.total = total.filter(|_| aside.members.is_some());
    aside.next = onward.zip(value.as_list()).and_then(|(onward, page)| onward.after(page));
    Ok(Outcome { reply: Reply::Value(value), aside })
}

/// Whether an answer to a change says by its status alone that it was made or taken on: one of these may have no body,
/// whatever is promised of others.
pub(crate) fn is_done(method: &Method, head: &Head) -> bool {
    method.effect != Effect::Read && [201, 202, 204, 205].contains(&head.status)
}

/// Names whose second member is kept, anywhere in a result, each with its new name.
pub(super) fn twins<'m>(method: &'m Method, shapes: &'m [Shape]) -> Vec<(&'m str, &'m str)> {
    fn add<'m>(fields: &'m [Field], twins: &mut Vec<(&'m str, &'m str)>) {
        for field in fields {
            twins.extend(field.twin.as_deref().map(|twin| (field.wire_name(), twin)));
            add(&field.fields, twins);
        }
    }
    let mut twins = Vec::new();
    add(&method.fields, &mut twins);
    shapes.iter().for_each(|shape| add(&shape.fields, &mut twins));
    twins
}

/// An answer that should say whether the call worked but does not is an error.
fn said_nothing(rule: Option<&FaultRule>, form: AnswerForm, document: &Document) -> Result<(), DecodeError> {
    let Some(FaultRule { style, success: Some(field), .. }) = rule else { return Ok(()) };
    match document {
        Document::Xml(root) if form == AnswerForm::Status && !status::is_status(root) => {
            Err(result::other(status::STATUS, root))
        }
        _ if *style == FaultStyle::SuccessJson || form == AnswerForm::Status => {
            Err(RestError::NoVerdict { field: field.clone() }.into())
        }
        _ => Ok(()),
    }
}

/// An error status with a body that the provider's rule does not cover.
fn failed(
    service: &Service<'_>,
    head: &Head,
    bytes: &[u8],
    rule: Option<&FaultRule>,
) -> Result<Outcome<Value>, DecodeError> {
    let words = message::excerpt(&head_of(bytes));
    let documented = match rule.map(|rule| rule.style) {
        Some(FaultStyle::ErrorsJson) => refusal::by_status(service.provider, head, &words),
        _ => None,
    };
    match documented {
        Some(fault) => Ok(Outcome { reply: Reply::Fault(fault), aside: Aside::default() }),
        None => Err(DecodeError::http(head, Some(words).filter(|words| !words.is_empty()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn second_members_are_found_in_fields_at_any_depth() {
        let method = r#"{"name":"a.b","fields":[{"name":"x","type":"dict","fields":[
            {"name":"from","type":"int","twin":"to"},{"name":"low","type":"int","wire":"Low","twin":"high"}]}]}"#;
        let method: Method = serde_json::from_str(method).unwrap();
        let fields = r#"[{"name":"first","type":"int","twin":"second"}]"#;
        let shape = Shape { fields: serde_json::from_str(fields).unwrap(), ..Shape::default() };
        assert_eq!(twins(&method, &[shape]), [("from", "to"), ("Low", "high"), ("first", "second")]);
    }
}

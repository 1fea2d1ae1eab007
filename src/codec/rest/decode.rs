//! An answer from a method's own address → a result, or a refusal.

use std::io::BufRead;

use super::document::{self, Document, head_of};
use super::verdict::{self, Verdict};
use super::{DecodeError as RestError, refusal, result};
use crate::DecodeError;
use crate::answer::{Aside, Outcome, Reply};
use crate::message::{self, Limits};
use crate::service::Service;
use model::failure::{FaultRule, FaultStyle};
use model::http::Head;
use model::route::{AnswerForm, Answers};
use model::{Method, Value};

/// Reads a whole answer: first whether it is a refusal, then the HTTP status, then what the catalogue promises.
pub(crate) fn decode<R: BufRead>(
    service: &Service<'_>,
    method: &Method,
    head: &Head,
    body: R,
    limits: Limits,
) -> Result<Outcome<Value>, DecodeError> {
    let bytes = message::read_all(body, limits)?;
    let plain = Answers { form: AnswerForm::Text, list: None, at: None, unwrap: Vec::new(), id: None };
    let answers = method.answers.as_ref().unwrap_or(&plain);
    let rule = service.provider.fault.as_ref();
    let read = document::read(&bytes, answers.form, rule.map(|rule| rule.style), head, limits);
    let verdict = match (rule, &read) {
        (Some(rule), Ok(document)) => verdict::of(rule, head, document, method.result_fields(service.shapes)),
        _ => None,
    };
    let mut aside = Aside::default();
    match verdict {
        Some(Verdict::Refused(fault)) => return Ok(Outcome { reply: Reply::Fault(fault), aside }),
        _ if !head.succeeded() => return failed(service, head, &bytes, rule),
        Some(Verdict::Warning(words)) => aside.warning = Some(words),
        Some(Verdict::Success) => {}
        None if read.is_ok() => said_nothing(rule, answers.form)?,
        None => {}
    }
    let document = read?;
    let total = service.provider.paging.as_ref().and_then(|paging| document.total(paging.total.as_ref()?));
    let value = match document {
        _ if answers.form == AnswerForm::None => Value::Null,
        Document::Xml(root) => {
            let value = result::of_xml(&root, answers, method, service.shapes);
            result::reveal(value, answers.id.as_ref(), rule, &root)
        }
        Document::Json(answer) => result::of_json(answer, rule, answers, method),
        Document::Bytes | Document::Empty => result::of_bytes(bytes, answers.form, method, head)?,
    };
    aside.members = value.as_list().map(|page| page.len() as u64);
    aside.total = total.filter(|_| aside.members.is_some());
    Ok(Outcome { reply: Reply::Value(value), aside })
}

/// An answer that should tell whether the call worked and does not is no answer.
fn said_nothing(rule: Option<&FaultRule>, form: AnswerForm) -> Result<(), DecodeError> {
    match rule {
        Some(FaultRule { style, success: Some(field), .. })
            if *style == FaultStyle::SuccessJson || form == AnswerForm::Status =>
        {
            Err(RestError::NoVerdict { field: field.clone() }.into())
        }
        _ => Ok(()),
    }
}

/// A status that is none of success, and a body that the provider's rule knows nothing of.
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

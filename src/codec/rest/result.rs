//! A document that is no refusal → the result of the call.

use super::DecodeError as RestError;
use super::document::{Document, head_of};
use super::{narrow, status};
use crate::message::{self, MessageError};
use crate::xml::tree::Element;
use crate::xml::typed::{self, Declared};
use crate::{DecodeError, csv};
use model::failure::FaultRule;
use model::http::Head;
use model::route::{AnswerForm, Answers, HiddenId};
use model::{Method, Shape, Type, Value};

/// The value of an XML document.
pub(super) fn of_xml(root: &Element, answers: &Answers, method: &Method, shapes: &[Shape]) -> Value {
    let declared = Declared { type_: &method.returns, fields: &method.fields, shapes };
    let start = answers.at.as_deref().and_then(|path| root.at(path).into_iter().next()).unwrap_or(root);
    match (&answers.list, &method.returns) {
        (Some(path), Type::List(inner)) => {
            typed::list(start.at(path).into_iter(), Declared { type_: inner, ..declared })
        }
        _ => typed::value(start, declared),
    }
}

/// The value of a JSON document.
pub(super) fn of_json(mut answer: Value, rule: Option<&FaultRule>, answers: &Answers, method: &Method) -> Value {
    // It has been looked at: what is left is the result.
    if let Some(field) = rule.and_then(|rule| rule.success.as_deref()) {
        narrow::remove(&mut answer, field);
    }
    narrow::result(answer, answers, &method.returns)
}

/// The value of an answer in a form of its own.
pub(super) fn of_bytes(bytes: Vec<u8>, form: AnswerForm, method: &Method, head: &Head) -> Result<Value, DecodeError> {
    let text = |bytes: &[u8]| message::text(bytes, head.charset.as_deref());
    match form {
        AnswerForm::Csv => {
            let problem = |problem| RestError::Csv { problem };
            if bytes.trim_ascii_start().starts_with(b"<") {
                return Err(foreign(&bytes, "CSV").into());
            }
            Ok(csv::read(&text(&bytes), &method.fields).map_err(problem)?)
        }
        AnswerForm::Text => Ok(text(&bytes).into()),
        AnswerForm::Any if str::from_utf8(&bytes).is_ok() => Ok(text(&bytes).into()),
        AnswerForm::Any => Ok(Value::Bytes(bytes)),
        AnswerForm::Pdf => marked(bytes, b"%PDF", "PDF"),
        AnswerForm::Png => marked(bytes, b"\x89PNG", "a PNG picture"),
        AnswerForm::None | AnswerForm::Json | AnswerForm::Xml | AnswerForm::Status => Ok(Value::Null),
    }
}

/// Bytes that begin as documents of their kind do.
fn marked(bytes: Vec<u8>, mark: &[u8], wanted: &'static str) -> Result<Value, DecodeError> {
    if bytes.starts_with(mark) {
        return Ok(Value::Bytes(bytes));
    }
    Err(foreign(&bytes, wanted).into())
}

/// The error of a message that is something else.
fn foreign(bytes: &[u8], wanted: &'static str) -> MessageError {
    let head = head_of(bytes);
    MessageError::foreign(wanted, message::by_text(&head), &head)
}

/// Puts the id of what was made into a result, from where the service hides it.
pub(super) fn reveal(mut result: Value, id: Option<&HiddenId>, rule: Option<&FaultRule>, root: &Element) -> Value {
    let (Some(id), Some(rule), Value::Map(map)) = (id, rule, &mut result) else { return result };
    let named = id.information.as_deref().and_then(|name| status::information(root, name));
    let told = || between(status::message(rule, root)?, id.detail.as_deref()?);
    if let Some(found) = named.or_else(told) {
        map.insert(&*id.field, found);
    }
    result
}

/// What stands in the place of `{}` in a sentence.
fn between(sentence: &str, pattern: &str) -> Option<String> {
    let (before, after) = pattern.split_once("{}")?;
    let (_, rest) = sentence.split_once(before)?;
    let found = if after.is_empty() { rest } else { rest.split_once(after)?.0 };
    Some(found.trim().to_owned())
}

impl Document {
    /// How many members there are in all, when the answer holds only a page of them.
    pub(super) fn total(&self, field: &str) -> Option<u64> {
        let text = match self {
            Document::Xml(root) => root.attribute(field)?.to_owned(),
            Document::Json(value) => narrow::at(value, field)?.plain(),
            Document::Bytes | Document::Empty => return None,
        };
        text.trim().parse().ok()
    }
}

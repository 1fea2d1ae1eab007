//! What an answer is before anybody asks what it means: XML, JSON or bytes.

use std::borrow::Cow;

use crate::message::{self, Limits};
use crate::xml::tree;
use crate::{DecodeError, json};
use model::Value;
use model::failure::FaultStyle;
use model::http::Head;
use model::route::AnswerForm;

/// An answer, read as far as its notation goes.
#[derive(Debug)]
pub(super) enum Document {
    Xml(tree::Element),
    Json(Value),
    /// Neither is expected here, and neither has come.
    Bytes,
    /// There is nothing in it.
    Empty,
}

/// The notation that a service speaks in when it has something to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Notation {
    Xml,
    Json,
}

/// Reads an answer. One in a form of its own, a report or a picture, is looked into as well: a refusal may have come in
/// its place, in the notation of all other answers.
pub(super) fn read(
    bytes: &[u8],
    form: AnswerForm,
    style: Option<FaultStyle>,
    head: &Head,
    limits: Limits,
) -> Result<Document, DecodeError> {
    let promised = match form {
        AnswerForm::Xml | AnswerForm::Status => Some(Notation::Xml),
        AnswerForm::Json => Some(Notation::Json),
        _ => None,
    };
    let usual = if style == Some(FaultStyle::StatusXml) { Notation::Xml } else { Notation::Json };
    let content = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let looks_right = match (usual, content.first()) {
        (_, None) if promised != Some(Notation::Xml) => return Ok(Document::Empty),
        (_, None) => true,
        (Notation::Xml, Some(first)) => *first == b'<',
        (Notation::Json, Some(first)) => matches!(first, b'{' | b'['),
    };
    let read = match promised.unwrap_or(usual) {
        _ if promised.is_none() && !looks_right => return Ok(Document::Bytes),
        Notation::Xml => xml(bytes, style, head, limits),
        Notation::Json => json::read(bytes, head.charset.as_deref(), limits).map(Document::Json),
    };
    match read {
        Err(_) if promised.is_none() => Ok(Document::Bytes),
        read => read,
    }
}

fn xml(bytes: &[u8], style: Option<FaultStyle>, head: &Head, limits: Limits) -> Result<Document, DecodeError> {
    let charset = head.charset.as_deref();
    // Only these services are known to put Latin-1 under a label that says UTF-8.
    let bytes = match style {
        Some(FaultStyle::StatusXml) => message::mend(bytes, charset),
        _ => Cow::Borrowed(bytes),
    };
    Ok(Document::Xml(tree::read(&*bytes, charset, limits)?))
}

/// How a message begins, as far as it can be read.
pub(super) fn head_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.get(..4096).unwrap_or(bytes)).into_owned()
}

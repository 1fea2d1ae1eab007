//! An answer before its meaning is known: XML, JSON or bytes.

use std::borrow::Cow;
use std::cell::RefCell;

use super::DecodeError as RestError;
use crate::consume::Noting;
use crate::message::{self, Limits, clip};
use crate::remark::Remark;
use crate::xml::tree;
use crate::{DecodeError, json};
use model::failure::{FaultRule, FaultStyle};
use model::http::Head;
use model::route::{AnswerForm, Answers};
use model::{Map, Twins, Value};

/// An answer, parsed as far as its notation goes.
#[derive(Debug)]
pub(super) enum Document {
    Xml(tree::Element),
    Json(Value),
    /// Neither XML nor JSON was expected, and neither came.
    Bytes,
    /// The body is empty.
    Empty,
}

/// The notation that a service uses for its messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    Xml,
    Json,
}

impl Notation {
    /// The notation of a service with this rule.
    pub(super) fn usual(rule: Option<&FaultRule>) -> Notation {
        match rule.map(|rule| rule.style) {
            Some(FaultStyle::StatusXml) => Notation::Xml,
            _ => Notation::Json,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Notation::Xml => "XML",
            Notation::Json => "JSON",
        }
    }
}

/// How an answer is read.
#[derive(Clone, Copy)]
pub(super) struct Reading<'r> {
    pub(super) answers: &'r Answers,
    pub(super) rule: Option<&'r FaultRule>,
    /// Names whose second member is kept, each with its new name.
    pub(super) twins: &'r [(&'r str, &'r str)],
    pub(super) limits: Limits,
}

impl Reading<'_> {
    /// Reads an answer and notes what is unusual about it. A report or an image is checked as well: a refusal may have
    /// come instead, in the notation of all other answers.
    pub(super) fn of(&self, bytes: &[u8], head: &Head, remarks: &mut Vec<Remark>) -> Result<Document, DecodeError> {
        let promised = match self.answers.form {
            AnswerForm::Xml | AnswerForm::Status => Some(Notation::Xml),
            AnswerForm::Json => Some(Notation::Json),
            _ => None,
        };
        // Where nothing is promised, what the answer says of itself counts, and then how it begins.
        let told = self.answers.form == AnswerForm::Any && is_json(&head.content_type);
        let usual = if told { Notation::Json } else { Notation::usual(self.rule) };
        let content = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
        let looks_right = match (usual, content.first()) {
            (_, None) if promised != Some(Notation::Xml) => return Ok(Document::Empty),
            (_, None) => true,
            (Notation::Xml, Some(first)) => *first == b'<',
            (Notation::Json, Some(first)) => matches!(first, b'{' | b'['),
        };
        if promised.is_none() && !looks_right && !told {
            return Ok(Document::Bytes);
        }
        let mut odd = Vec::new();
        let read = match promised.unwrap_or(usual) {
            Notation::Xml => self.xml(bytes, head, &mut odd),
            Notation::Json => self.json(bytes, head, content.first() == Some(&b'{'), &mut odd),
        };
        match read {
            Err(_) if promised.is_none() => Ok(Document::Bytes),
            read => {
                remarks.append(&mut odd);
                read
            }
        }
    }

    fn xml(&self, bytes: &[u8], head: &Head, odd: &mut Vec<Remark>) -> Result<Document, DecodeError> {
        let charset = head.charset.as_deref();
        // Only these services are known to send Latin-1 labelled as UTF-8.
        let (bytes, mended) = match Notation::usual(self.rule) {
            Notation::Xml => message::mend(bytes, charset),
            Notation::Json => (Cow::Borrowed(bytes), None),
        };
        odd.extend(mended.map(Remark::Mended));
        Ok(Document::Xml(tree::read(&*bytes, charset, self.limits)?))
    }

    fn json(&self, bytes: &[u8], head: &Head, is_object: bool, odd: &mut Vec<Remark>) -> Result<Document, DecodeError> {
        let mut reader = json::Reader::new(bytes, head.charset.as_deref(), self.limits);
        let lost = RefCell::default();
        let twins = Twins { kept: self.twins, lost: Some(&lost), room: None };
        let value = match is_object {
            true => self.object(&mut reader, twins)?.into(),
            false => reader.read(Noting(twins))?,
        };
        odd.extend(lost.take().map(|name| Remark::Twice { name: clip(&name) }));
        odd.extend(reader.mended().map(Remark::Mended));
        Ok(Document::Json(value))
    }

    /// The object that is the whole message. It is refused if it gives the outcome twice, or has two results.
    fn object(&self, reader: &mut json::Reader<&[u8]>, twins: Twins<'_>) -> Result<Map, DecodeError> {
        let mut map = Map::new();
        let mut members = reader.members()?;
        while let Some(name) = members.key()? {
            let value = members.value(Noting(twins))?;
            let twin = self.twins.iter().find(|(first, _)| *first == name && map.get(first).is_some());
            match twin {
                Some((_, twin)) => drop(map.insert(*twin, value)),
                None if map.get(&name).is_none() => drop(map.insert(name, value)),
                None if self.decides(&name) => return Err(RestError::Twice { name: clip(&name) }.into()),
                None => {
                    twins.note(&name);
                    map.insert(name, value);
                }
            }
        }
        Ok(map)
    }

    /// Whether a member of an answer gives the outcome of the call, or is its result.
    fn decides(&self, name: &str) -> bool {
        let rule = self
            .rule
            .iter()
            .flat_map(|rule| rule.success.iter().chain(&rule.code).chain(&rule.message).chain(&rule.warnings));
        let paths = rule.chain(&self.answers.at).chain(&self.answers.list);
        paths
            .map(|path| path.split('.').next().unwrap_or_default())
            .any(|step| step == name || step == Answers::ONLY_LIST)
    }
}

/// Whether a media type is that of JSON.
fn is_json(media: &str) -> bool {
    media == "application/json" || media.ends_with("+json")
}

/// The beginning of a message, as far as it can be read.
pub(super) fn head_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.get(..4096).unwrap_or(bytes)).into_owned()
}

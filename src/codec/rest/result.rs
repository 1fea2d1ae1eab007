//! A document that is not a refusal → the result of the call, if it is what the catalogue promises.

use super::DecodeError as RestError;
use super::document::{Document, Notation, head_of};
use super::{narrow, status};
use crate::DecodeError;
use crate::csv::{self, ReportError};
use crate::message::{self, Found, Limits, MessageError, clip};
use crate::remark::Remark;
use crate::words;
use crate::xml::tree::Element;
use crate::xml::typed::{self, Declared};
use model::failure::FaultRule;
use model::http::Head;
use model::route::{AnswerForm, Answers};
use model::{Field, Method, Shape, Type, Value};

/// What is known about the result of a call.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'w> {
    pub(super) answers: &'w Answers,
    pub(super) method: &'w Method,
    pub(super) shapes: &'w [Shape],
    pub(super) rule: Option<&'w FaultRule>,
}

impl Wanted<'_> {
    /// The value of an XML document.
    pub(super) fn of_xml(&self, root: &Element, odd: &mut Vec<Remark>) -> Result<Value, DecodeError> {
        let Wanted { answers, method, shapes, .. } = *self;
        if !answers.root.is_empty() && !answers.root.contains(&root.name) {
            return Err(other(&tags(answers.root.iter().map(String::as_str)), root));
        }
        let start = match &answers.at {
            Some(path) => root.at(path).into_iter().next().ok_or_else(|| lacks(&tag(path), root))?,
            None => root,
        };
        let declared = Declared { type_: &method.returns, fields: &method.fields, shapes };
        match &method.returns {
            Type::List(inner) if !answers.list.is_empty() => {
                let members = self.members(start, odd)?;
                let mut list = typed::list(members.into_iter(), Declared { type_: inner, ..declared });
                self.lay_beside(&mut list, start);
                Ok(list)
            }
            Type::Dict | Type::Shape(_) => {
                self.fits(start)?;
                Ok(typed::value(start, declared))
            }
            _ => Ok(typed::value(start, declared)),
        }
    }

    /// The members of a list. If there are elements and none of them is a member, something else has come.
    fn members<'e>(&self, start: &'e Element, odd: &mut Vec<Remark>) -> Result<Vec<&'e Element>, DecodeError> {
        let names = &self.answers.list;
        let first = |path: &str| path.split('/').next().unwrap_or_default().to_owned();
        let steps: Vec<String> = names.iter().map(|path| first(path)).collect();
        let members: Vec<&Element> = match names.iter().any(|path| path.contains('/')) {
            true => names.iter().flat_map(|path| start.at(path)).collect(),
            false => start.children.iter().filter(|child| names.contains(&child.name)).collect(),
        };
        let known = |name: &String| steps.contains(name) || self.answers.beside.contains_key(name);
        let mut others: Vec<String> = Vec::new();
        for name in start.children.iter().map(|child| &child.name).filter(|name| !known(name)) {
            if !others.contains(&clip(name)) {
                others.push(clip(name));
            }
        }
        if members.is_empty() && (!others.is_empty() || !start.text.trim_ascii().is_empty()) {
            return Err(lacks(&tags(names.iter().map(String::as_str)), start));
        }
        if !others.is_empty() {
            odd.push(Remark::Beside { names: others });
        }
        Ok(members)
    }

    /// Copies what is beside the members of a list into each of them.
    fn lay_beside(&self, list: &mut Value, start: &Element) {
        let Value::List(members) = list else { return };
        for (name, field) in &self.answers.beside {
            let Some(element) = start.child(name) else { continue };
            for member in members.iter_mut() {
                if let Value::Map(member) = member
                    && member.get(field).is_none()
                {
                    member.insert(field.as_str(), typed::untyped(element));
                }
            }
        }
    }

    /// Checks that an element is the promised dictionary: it has no text instead of members and, for a reading call, at
    /// least one known member.
    fn fits(&self, element: &Element) -> Result<(), DecodeError> {
        let fields = self.fields();
        let known = |child: &Element| fields.iter().any(|field| first_step(field) == child.name);
        let words = element.children.is_empty() && !element.text.trim_ascii().is_empty();
        // A field may be the text of the element itself.
        let strange = !fields.is_empty() && !element.children.is_empty() && !element.children.iter().any(known);
        match fields.first() {
            Some(field) if words || strange && self.method.effects().only_reads() => {
                Err(lacks(&format!("<{}> and the like", first_step(field)), element))
            }
            _ => Ok(()),
        }
    }

    /// The value of a JSON document.
    pub(super) fn of_json(&self, mut answer: Value) -> Result<Value, DecodeError> {
        // It has already been checked: what is left is the result.
        if let Some(field) = self.rule.and_then(|rule| rule.success.as_deref()) {
            narrow::remove(&mut answer, field);
        }
        let value = narrow::result(answer, self.answers, &self.method.returns, self.fields())?;
        self.has_its_fields(&value)?;
        Ok(value)
    }

    /// Checks that a dictionary from a reading call has at least one of the promised fields.
    fn has_its_fields(&self, value: &Value) -> Result<(), DecodeError> {
        let record = matches!(self.method.returns, Type::Dict | Type::Shape(_)) && self.method.effects().only_reads();
        match (value, self.fields()) {
            (Value::Map(map), fields @ [first, ..]) if record && !map.is_empty() => {
                if narrow::has_any(value, fields) {
                    return Ok(());
                }
                Err(narrow::instead(&format!("a dictionary with `{}` and the like", first.name), value))
            }
            _ => Ok(()),
        }
    }

    fn fields(&self) -> &[Field] {
        self.method.result_fields(self.shapes)
    }

    /// The value of an empty answer. A web page does not count as one.
    pub(super) fn nothing(&self, bytes: &[u8], usual: Notation) -> Result<Value, DecodeError> {
        match message::by_text(&head_of(bytes)) {
            Found::Html => Err(foreign(bytes, usual.name()).into()),
            _ => Ok(Value::Null),
        }
    }

    /// The value of an answer in its own format, or of an empty one.
    pub(super) fn of_bytes(
        &self,
        bytes: Vec<u8>,
        head: &Head,
        limits: Limits,
        odd: &mut Vec<Remark>,
    ) -> Result<Value, DecodeError> {
        let mut text = |bytes: &[u8]| {
            let (text, mended) = message::text(bytes, head.charset.as_deref());
            odd.extend(mended.map(Remark::Mended));
            text
        };
        match self.answers.form {
            AnswerForm::Csv => {
                if matches!(bytes.trim_ascii_start().first(), None | Some(b'<' | b'{' | b'[')) {
                    return Err(foreign(&bytes, "CSV").into());
                }
                let text = text(&bytes);
                drop(bytes);
                let report = csv::read(&text, &self.method.fields, limits);
                let report = report.map_err(|error| self.unreported(error))?;
                odd.extend(report.remarks);
                Ok(report.rows)
            }
            AnswerForm::Text => Ok(text(&bytes).into()),
            AnswerForm::Any if str::from_utf8(&bytes).is_ok() => Ok(text(&bytes).into()),
            AnswerForm::Any => Ok(Value::Bytes(bytes)),
            AnswerForm::Pdf => marked(bytes, b"%PDF", "PDF"),
            AnswerForm::Png => marked(bytes, b"\x89PNG", "a PNG picture"),
            // An empty answer is not a part of the promised result; methods that return nothing are declared as such.
            AnswerForm::Json if self.method.returns != Type::None => Err(foreign(&bytes, "JSON").into()),
            AnswerForm::None | AnswerForm::Json | AnswerForm::Xml | AnswerForm::Status => Ok(Value::Null),
        }
    }
}

impl Wanted<'_> {
    /// The error of a report.
    pub(super) fn unreported(&self, error: ReportError) -> DecodeError {
        match error {
            ReportError::Csv(problem) => DecodeError::from(RestError::Csv { problem }),
            ReportError::Message(error) => error.into(),
            ReportError::Foreign(names) => {
                let wanted: Vec<&str> = self.method.fields.iter().map(|field| field.name.as_str()).collect();
                columns(&wanted, &names)
            }
        }
    }
}

/// The first element or attribute on the path to a field.
fn first_step(field: &Field) -> &str {
    field.wire_name().split('/').next().unwrap_or_default()
}

fn tag(path: &str) -> String {
    format!("<{}>", path.split('/').next_back().unwrap_or_default())
}

pub(super) fn tags<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.map(tag).collect::<Vec<_>>().join(" or ")
}

/// The error of a document with another root.
pub(super) fn other(wanted: &str, root: &Element) -> DecodeError {
    let found = format!("<{}>", clip(&root.name));
    DecodeError::Unpromised { wanted: wanted.to_owned(), found, words: words::of_element(root) }
}

/// The error of an element that lacks what it should have.
pub(super) fn lacks(wanted: &str, element: &Element) -> DecodeError {
    let names = element.children.iter().map(|child| child.name.as_str());
    let found = match names.clone().next() {
        Some(first) => format!("<{}>", clip(first)),
        None if element.text.trim_ascii().is_empty() => "nothing".to_owned(),
        None => "text".to_owned(),
    };
    let wanted = format!("{wanted} in <{}>", clip(&element.name));
    DecodeError::Unpromised { wanted, found, words: words::of_element(element) }
}

/// The error of a report with other columns.
fn columns(wanted: &[&str], found: &[String]) -> DecodeError {
    let shown = |names: Vec<String>| {
        let more = if names.len() > 3 { ", …" } else { "" };
        names.into_iter().take(3).collect::<Vec<_>>().join(", ") + more
    };
    let wanted = shown(wanted.iter().map(|name| (*name).to_owned()).collect());
    let found = shown(found.iter().map(|name| clip(name)).collect());
    DecodeError::Unpromised {
        wanted: format!("a report with the columns {wanted}"),
        found: format!("`{found}`"),
        words: None,
    }
}

/// Bytes that begin like a document of their kind.
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

/// Copies the id of what was created into a result, from where the service put it.
pub(super) fn reveal(mut result: Value, answers: &Answers, rule: Option<&FaultRule>, root: &Element) -> Value {
    let (Some(id), Some(rule), Value::Map(map)) = (&answers.id, rule, &mut result) else { return result };
    let named = id.information.as_deref().and_then(|name| status::information(root, name));
    let told = || between(status::message(rule, root)?, id.detail.as_deref()?);
    if let Some(found) = named.or_else(told) {
        map.insert(&*id.field, found);
    }
    result
}

/// The text in the place of `{}` in a sentence.
fn between(sentence: &str, pattern: &str) -> Option<String> {
    let (before, after) = pattern.split_once("{}")?;
    let (_, rest) = sentence.split_once(before)?;
    let found = if after.is_empty() { rest } else { rest.split_once(after)?.0 };
    Some(found.trim().to_owned())
}

impl Document {
    /// The total number of members, when the answer holds only a page of them.
    pub(super) fn total(&self, field: &str) -> Option<u64> {
        let text = match self {
            Document::Xml(root) => root.attribute(field)?.to_owned(),
            Document::Json(value) => narrow::at(value, field)?.plain(),
            Document::Bytes | Document::Empty => return None,
        };
        text.trim().parse().ok()
    }
}

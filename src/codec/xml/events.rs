//! XML as a sequence of tags, each with the text before it.
//!
//! The only file that uses the XML crate. Comments and processing instructions are dropped, references are resolved,
//! and pieces of text are joined. Entities are never expanded, because a message that could define one is refused.

use std::io::{self, BufRead};
use std::sync::Arc;

use quick_xml::errors::{Error as XmlError, IllFormedError, SyntaxError};
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event as Piece};
use quick_xml::{Reader as Xml, XmlVersion};

use super::trail::Trail;
use super::{DecodeError, Place};
use crate::message::{Budget, Found, Limits, MessageError, Notation, Utf8, by_head, by_root, clip};
use model::escape::xml_can_hold;

/// What the names of elements mean to the reader.
pub(crate) trait Vocabulary: Copy {
    /// Whether attributes are kept.
    const ATTRIBUTES: bool = false;
    /// The element with that name.
    fn of(name: &str) -> Self;
    /// Its name, if it has one of its own.
    fn name(self) -> Option<&'static str>;
    /// Whether it counts as a level.
    fn is_container(self) -> bool;
    /// The memory that it takes in a tree, in bytes.
    fn weight(self) -> u64;
    /// Whether it may only contain elements.
    fn holds_elements(self) -> bool {
        false
    }
}

/// The number of elements that one level of a list or a dictionary takes, and that surround them all or are inside them
/// all. Only content that is skipped unread could nest deeper.
const ELEMENTS_PER_LEVEL: usize = 3;
const ELEMENTS_AROUND: usize = 8;

/// A tag, or the end of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event<T> {
    Open(T),
    /// The innermost element is closed; no other can be.
    Close,
    End,
}

/// A message being read.
pub(crate) struct Events<R, T> {
    xml: Xml<Utf8<R>>,
    buffer: Vec<u8>,
    text: String,
    /// The name of the last element that is not in the vocabulary.
    other: String,
    /// Names and values of the last element's attributes, if they are kept.
    attributes: Vec<(String, String)>,
    open: Vec<T>,
    levels: usize,
    /// The path of the value that is being read, as reported by the reader.
    trail: Trail,
    budget: Budget,
    /// The position of the last tag, without the bytes skipped at the beginning of the message.
    at: u64,
    /// The number of white space bytes that the XML crate did not see.
    blanks: u64,
    /// The element that contains the position.
    inside: Option<T>,
    /// The last element was `<empty/>`: its end is the next event.
    empty: bool,
    limits: Limits,
}

impl<R: BufRead, T: Vocabulary> Events<R, T> {
    pub(crate) fn new(input: R, charset: Option<&str>, limits: Limits) -> Events<R, T> {
        let xml = Xml::from_reader(Utf8::new(input, Notation::Xml, charset, limits));
        let (buffer, text, other) = (Vec::new(), String::new(), String::new());
        let (attributes, open) = (Vec::new(), Vec::new());
        let (levels, at, blanks, inside, empty) = (0, 0, 0, None, false);
        let (trail, budget) = (Trail::default(), Budget::of(limits));
        Events { xml, buffer, text, other, attributes, open, levels, trail, budget, at, blanks, inside, empty, limits }
    }

    /// The next tag. The message cannot end inside an element.
    pub(crate) fn next(&mut self) -> Result<Event<T>, DecodeError> {
        self.text.clear();
        self.xml.get_mut().begin_piece();
        if std::mem::take(&mut self.empty) {
            self.inside = self.open.last().copied();
            return Ok(self.leave());
        }
        let mut buffer = std::mem::take(&mut self.buffer);
        let event = loop {
            buffer.clear();
            if let Some(event) = self.step(&mut buffer).transpose() {
                break event;
            }
        };
        self.buffer = buffer;
        event
    }

    /// The text between the last two tags.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether the root element is closed, or not yet open.
    pub(crate) fn is_over(&self) -> bool {
        self.open.is_empty()
    }

    /// Where a reader records which value it reads.
    pub(crate) fn trail(&mut self) -> &mut Trail {
        &mut self.trail
    }

    /// Notes that the text between the last two tags is the name of a member.
    pub(crate) fn name_member(&mut self) {
        self.trail.name(&self.text);
    }

    /// An error in the data of the value that is being read, with its path.
    pub(crate) fn within(&self, error: DecodeError) -> DecodeError {
        error.within(&self.trail.path())
    }

    /// The position of the last tag.
    pub(crate) fn place(&self) -> Place {
        let at = self.at + self.xml.get_ref().skipped();
        Place { at, element: self.inside.and_then(T::name) }
    }

    /// The name of an element that has just been opened.
    pub(crate) fn name(&self, tag: T) -> &str {
        tag.name().unwrap_or(&self.other)
    }

    /// The attributes of an element that has just been opened.
    pub(crate) fn attributes(&mut self) -> Vec<(String, String)> {
        std::mem::take(&mut self.attributes)
    }

    /// The kind of message that came instead, if that explains an error at its beginning.
    pub(crate) fn explain(&self, error: DecodeError, wanted: &'static str) -> DecodeError {
        // Wrong bytes may mean that it is not text at all; other errors in the bytes are reported unchanged.
        if matches!(&error, DecodeError::Message(error) if !matches!(error, MessageError::Encoding { .. })) {
            return error;
        }
        let head = self.head();
        match by_head(&head) {
            Some(found) => MessageError::foreign(wanted, found, &head).into(),
            None => error,
        }
    }

    /// Whether the root element belongs to a web page.
    pub(crate) fn is_page(&self, root: T) -> bool {
        by_root(self.name(root)) == Found::Html
    }

    /// The error of a message with another root element.
    pub(crate) fn foreign(&self, root: T, wanted: &'static str) -> DecodeError {
        MessageError::foreign(wanted, by_root(self.name(root)), &self.head()).into()
    }

    fn head(&self) -> String {
        self.xml.get_ref().head()
    }

    /// Reads to the end of the innermost element and drops its content.
    pub(crate) fn skip(&mut self) -> Result<(), DecodeError> {
        let outside = self.open.len().saturating_sub(1);
        while self.open.len() > outside {
            self.next()?;
        }
        Ok(())
    }

    fn step(&mut self, buffer: &mut Vec<u8>) -> Result<Option<Event<T>>, DecodeError> {
        self.inside = self.open.last().copied();
        // Where no text is allowed, white space means nothing: every second event would be a line break.
        if self.inside.is_none_or(T::holds_elements) {
            self.blanks += skip_blanks(self.xml.get_mut()).map_err(|error| self.failure(error.into()))?;
        }
        self.at = self.xml.buffer_position() + self.blanks;
        match self.xml.read_event_into(buffer) {
            Ok(Piece::Start(tag)) => self.enter(&tag).map(Some),
            Ok(Piece::Empty(tag)) => {
                self.empty = true;
                self.enter(&tag).map(Some)
            }
            Ok(Piece::End(_)) => Ok(Some(self.leave())),
            Ok(Piece::Text(text)) => self.add(&text.xml10_content()),
            Ok(Piece::CData(text)) => self.add(&text.xml10_content()),
            Ok(Piece::GeneralRef(name)) => self.resolve(&name),
            Ok(Piece::Comment(_) | Piece::PI(_) | Piece::Decl(_)) => Ok(None),
            // A document type without definitions has no effect, whatever file it names: the file is not fetched.
            Ok(Piece::DocType(text)) if text.contains('[') => Err(DecodeError::Doctype { place: self.place() }),
            Ok(Piece::DocType(_)) => Ok(None),
            Ok(Piece::Eof) if self.open.is_empty() => Ok(Some(Event::End)),
            Ok(Piece::Eof) => Err(DecodeError::Truncated { place: self.place() }),
            Err(error) => Err(self.failure(error)),
        }
    }

    fn enter(&mut self, tag: &BytesStart<'_>) -> Result<Event<T>, DecodeError> {
        if tag.len() > self.limits.tag {
            return Err(DecodeError::LongTag { place: self.place(), limit: self.limits.tag });
        }
        let name = tag.name().into_inner();
        let known = T::of(name);
        if known.name().is_none() {
            self.other.clear();
            self.other.push_str(name);
        }
        if T::ATTRIBUTES {
            self.attributes = attributes(tag).ok_or_else(|| self.malformed("an attribute that cannot be read"))?;
        }
        let levels = self.levels + usize::from(known.is_container());
        let elements = self.limits.depth.saturating_mul(ELEMENTS_PER_LEVEL).saturating_add(ELEMENTS_AROUND);
        if levels > self.limits.depth || self.open.len() > elements {
            return Err(DecodeError::Deep { place: self.place(), limit: self.limits.depth });
        }
        self.budget.spend(known.weight())?;
        self.levels = levels;
        self.open.push(known);
        Ok(Event::Open(known))
    }

    fn leave(&mut self) -> Event<T> {
        let container = self.open.pop().is_some_and(T::is_container);
        self.levels = self.levels.saturating_sub(usize::from(container));
        Event::Close
    }

    fn add(&mut self, text: &str) -> Result<Option<Event<T>>, DecodeError> {
        if let Some(character) = forbidden(text) {
            return Err(DecodeError::Character { place: self.place(), character });
        }
        self.text.push_str(text);
        Ok(None)
    }

    fn resolve(&mut self, name: &BytesRef<'_>) -> Result<Option<Event<T>>, DecodeError> {
        match (name.resolve_char_ref(), resolve_xml_entity(name)) {
            (Ok(Some(character)), _) if xml_can_hold(character) => self.text.push(character),
            (Ok(Some(character)), _) => return Err(DecodeError::Character { place: self.place(), character }),
            (Ok(None), Some(text)) => self.text.push_str(text),
            _ => return Err(DecodeError::Reference { place: self.place(), name: clip(name) }),
        }
        Ok(None)
    }

    fn malformed(&self, problem: &str) -> DecodeError {
        DecodeError::Malformed { place: self.place(), problem: problem.to_owned() }
    }

    fn failure(&self, error: XmlError) -> DecodeError {
        let place = self.place();
        match error {
            XmlError::Io(error) => {
                let error = Arc::try_unwrap(error).unwrap_or_else(|shared| io::Error::new(shared.kind(), shared));
                MessageError::from(error).into()
            }
            XmlError::Encoding(quick_xml::encoding::EncodingError::Utf8(error)) => {
                let at = place.at + error.valid_up_to() as u64;
                MessageError::Encoding { at, charset: "UTF-8", place: None }.into()
            }
            XmlError::Syntax(SyntaxError::InvalidBangMarkup) => self.malformed("an unknown kind of markup"),
            // All other syntax errors are about markup without an end.
            XmlError::Syntax(_) => DecodeError::Truncated { place },
            other => self.malformed(&problem(&other)),
        }
    }
}

/// Names without prefixes, and values, without namespace declarations. `None` when one cannot be read.
fn attributes(tag: &BytesStart<'_>) -> Option<Vec<(String, String)>> {
    let mut found = Vec::new();
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.ok()?;
        let name = attribute.key.into_inner();
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        if prefix == "xmlns" || name == "xmlns" {
            continue;
        }
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
        if forbidden(&value).is_some() {
            return None;
        }
        found.push((local.to_owned(), value.into_owned()));
    }
    Some(found)
}

/// Skips white space and returns its length.
fn skip_blanks(input: &mut impl BufRead) -> io::Result<u64> {
    let mut blanks = 0;
    loop {
        let ready = match input.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            ready => ready?,
        };
        let count = ready.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count();
        let ended = count < ready.len() || count == 0;
        input.consume(count);
        blanks += count as u64;
        if ended {
            return Ok(blanks);
        }
    }
}

fn problem(error: &XmlError) -> String {
    match error {
        XmlError::IllFormed(IllFormedError::MismatchedEndTag { expected, found }) => {
            format!("</{}> where </{}> belongs", clip(found), clip(expected))
        }
        XmlError::IllFormed(IllFormedError::UnmatchedEndTag(name)) => {
            format!("</{}> without its opening tag", clip(name))
        }
        XmlError::IllFormed(IllFormedError::UnclosedReference) => "& without its ;".to_owned(),
        other => clip(&other.to_string()),
    }
}

/// The first character of a text that XML cannot hold.
fn forbidden(text: &str) -> Option<char> {
    // Nearly every text is cleared by its bytes: only control characters and U+FFFE, U+FFFF need a closer look.
    let suspicious = |byte: u8| (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || byte == 0xef;
    if !text.bytes().fold(false, |found, byte| found | suspicious(byte)) {
        return None;
    }
    text.chars().find(|&c| !xml_can_hold(c))
}

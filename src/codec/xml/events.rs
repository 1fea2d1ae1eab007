//! XML as a sequence of tags, each with the text before it.
//!
//! Comments and processing instructions are dropped, references are resolved, and pieces of text are joined. Entities
//! are never expanded, because a message that could define one is refused.

use std::io::BufRead;

use super::library::{self, Piece, Problem, Tag};
use super::names::Names;
use super::plain::{self, Plain};
use super::text::forbidden;
use super::trail::Trail;
use super::{DecodeError, Place};
use crate::message::{Budget, Found, Limits, Mended, MessageError, Notation, Utf8, by_head, by_root, clip};

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

/// No name that a leap recognizes is longer than this.
const USUAL: usize = 32;

/// How many elements may be open at once.
pub(super) fn most_elements(limits: Limits) -> usize {
    limits.depth.saturating_mul(ELEMENTS_PER_LEVEL).saturating_add(ELEMENTS_AROUND)
}

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
    pub(super) input: Utf8<R>,
    /// Room for the library.
    buffer: Vec<u8>,
    pub(super) text: String,
    /// Names and values of the last element's attributes, if they are kept.
    attributes: Vec<(String, String)>,
    pub(super) open: Vec<T>,
    pub(super) names: Names,
    pub(super) levels: usize,
    /// The path of the value that is being read, as reported by the reader.
    pub(super) trail: Trail<T>,
    pub(super) budget: Budget,
    /// The number of bytes read, without those skipped at the beginning of the message.
    pub(super) read: u64,
    /// The position of the last tag, counted in the same way.
    pub(super) at: u64,
    /// The element that contains the position.
    pub(super) inside: Option<T>,
    /// The last element was `<empty/>`: its end is the next event.
    pub(super) empty: bool,
    /// The first piece has been read.
    begun: bool,
    /// The position is the beginning of a text that has been read in part.
    in_text: bool,
    pub(super) limits: Limits,
    /// So many elements may be open after a leap.
    pub(super) leaps: usize,
}

impl<R: BufRead, T: Vocabulary> Events<R, T> {
    pub(crate) fn new(input: R, charset: Option<&str>, limits: Limits) -> Events<R, T> {
        let input = Utf8::new(input, Notation::Xml, charset, limits);
        let (buffer, text, names) = (Vec::new(), String::new(), Names::default());
        let (attributes, open) = (Vec::new(), Vec::new());
        let (levels, read, at, inside) = (0, 0, 0, None);
        let (empty, begun, in_text) = (false, false, false);
        let (trail, budget) = (Trail::default(), Budget::of(limits));
        let leaps = if T::ATTRIBUTES || limits.tag < USUAL { 0 } else { most_elements(limits) };
        Events {
            input,
            buffer,
            text,
            attributes,
            open,
            names,
            levels,
            trail,
            budget,
            read,
            at,
            inside,
            empty,
            begun,
            in_text,
            limits,
            leaps,
        }
    }

    /// The same for a message that claims to be UTF-8 and may not quite be.
    pub(crate) fn mending(self) -> Events<R, T> {
        Events { input: self.input.mending(), ..self }
    }

    /// What has been repaired so far.
    pub(crate) fn mended(&self) -> Option<Mended> {
        self.input.mended().copied()
    }

    /// A value begins that does not stay in memory with the ones before it.
    pub(crate) fn begin_value(&mut self) {
        self.budget = Budget::of(self.limits);
    }

    /// The next tag. The message cannot end inside an element.
    pub(crate) fn next(&mut self) -> Result<Event<T>, DecodeError> {
        self.text.clear();
        self.attributes.clear();
        self.input.begin_piece();
        self.inside = self.open.last().copied();
        if std::mem::take(&mut self.empty) {
            return Ok(self.leave());
        }
        loop {
            if let Some(event) = self.step()? {
                return Ok(event);
            }
        }
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
    #[inline]
    pub(crate) fn trail(&mut self) -> &mut Trail<T> {
        &mut self.trail
    }

    /// How many members the dictionary that is being read probably has.
    pub(crate) fn probable_members(&self) -> usize {
        self.trail.probable_members()
    }

    /// The probable name of the next member of the dictionary that is being read.
    #[inline(always)]
    pub(crate) fn expected_name(&self) -> &str {
        self.trail.expected().map_or("", |form| &form.name)
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
        let at = self.at + self.input.skipped();
        Place { at, element: self.inside.and_then(T::name) }
    }

    /// The name of an element that has just been opened.
    pub(crate) fn name(&self, tag: T) -> &str {
        tag.name().or(self.names.last()).unwrap_or_default()
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
        self.input.head()
    }

    /// Reads to the end of the innermost element and drops its content.
    pub(crate) fn skip(&mut self) -> Result<(), DecodeError> {
        let outside = self.open.len().saturating_sub(1);
        while self.open.len() > outside {
            self.next()?;
        }
        Ok(())
    }

    /// Reads a piece of the message: an event, or nothing when there is more to come before the next.
    fn step(&mut self) -> Result<Option<Event<T>>, DecodeError> {
        let ready = match self.input.ready() {
            Ok(ready) => ready,
            Err(error) => return Err(MessageError::from(error).into()),
        };
        // Where no text is allowed, white space means nothing: every second piece would be a line break.
        let blank = !self.in_text && self.inside.is_none_or(T::holds_elements);
        let blanks = if blank { plain::blanks(ready) } else { 0 };
        let rest = ready.get(blanks..).unwrap_or_default();
        if rest.is_empty() && blanks > 0 {
            self.pass(blanks);
            return Ok(None);
        }
        let plain = if self.begun { plain::read(rest, self.names.last_plain()) } else { Plain::Other };
        if !self.in_text || rest.starts_with(['<', '&']) || rest.is_empty() {
            self.at = self.read + blanks as u64;
        }
        (self.begun, self.in_text) = (true, matches!(plain, Plain::Text(_)));
        let (length, event) = match plain {
            Plain::Text(text) => {
                self.text.push_str(text);
                // Nearly every text is followed by the end of its element.
                let after = rest.get(text.len()..).unwrap_or_default();
                match plain::close(after, self.names.last_plain()) {
                    Some(length) => {
                        self.in_text = false;
                        self.at = self.read + (blanks + text.len()) as u64;
                        (text.len() + length, Some(self.leave()))
                    }
                    None => (text.len(), None),
                }
            }
            Plain::Reference(character, length) => {
                self.text.push(character);
                (length, None)
            }
            Plain::Close(length) => (length, Some(self.leave())),
            Plain::Open(name) => {
                let (tag, length) = (T::of(name), name.len());
                self.names.push(name);
                (length + 2, Some(self.enter(tag, length)?))
            }
            Plain::Empty(name) => {
                let (tag, length) = (T::of(name), name.len());
                self.names.push(name);
                self.empty = true;
                (length + 3, Some(self.enter(tag, length)?))
            }
            Plain::Other => {
                self.pass(blanks);
                return self.other();
            }
        };
        self.pass(blanks + length);
        Ok(event)
    }

    /// Counts and drops what has been read.
    fn pass(&mut self, length: usize) {
        self.input.consume(length);
        self.read += length as u64;
    }

    /// Reads a piece that is not plain.
    fn other(&mut self) -> Result<Option<Event<T>>, DecodeError> {
        let mut buffer = std::mem::take(&mut self.buffer);
        let (length, piece) = library::read(&mut self.input, &mut buffer);
        self.read += length;
        let event = match piece {
            Ok(Piece::Open(tag)) => self.enter_any(&tag).map(Some),
            Ok(Piece::Close(name)) => self.leave_any(&name).map(Some),
            Ok(Piece::Text(text)) => self.add(&text).map(|()| None),
            Ok(Piece::Character(character)) => self.add(character.encode_utf8(&mut [0; 4])).map(|()| None),
            Ok(Piece::Unknown(name)) => Err(DecodeError::Reference { place: self.place(), name }),
            Ok(Piece::Nothing) => Ok(None),
            Ok(Piece::Definitions) => Err(DecodeError::Doctype { place: self.place() }),
            Ok(Piece::End) if self.open.is_empty() => Ok(Some(Event::End)),
            Ok(Piece::End) | Err(Problem::Truncated) => Err(DecodeError::Truncated { place: self.place() }),
            Err(Problem::Input(error)) => Err(MessageError::from(error).into()),
            Err(Problem::Malformed(problem)) => Err(self.malformed(problem)),
        };
        self.buffer = buffer;
        event
    }

    fn enter_any(&mut self, tag: &Tag<'_>) -> Result<Event<T>, DecodeError> {
        self.fits(tag.length())?;
        self.names.push_any(tag.name());
        if T::ATTRIBUTES {
            let attributes = tag.attributes();
            self.attributes =
                attributes.ok_or_else(|| self.malformed("an attribute that cannot be read".to_owned()))?;
        }
        self.empty = tag.empty;
        self.enter(T::of(tag.name()), tag.length())
    }

    fn fits(&self, length: usize) -> Result<(), DecodeError> {
        match length > self.limits.tag {
            true => Err(DecodeError::LongTag { place: self.place(), limit: self.limits.tag }),
            false => Ok(()),
        }
    }

    fn enter(&mut self, tag: T, length: usize) -> Result<Event<T>, DecodeError> {
        self.fits(length)?;
        let levels = self.levels + usize::from(tag.is_container());
        if levels > self.limits.depth || self.open.len() > most_elements(self.limits) {
            return Err(DecodeError::Deep { place: self.place(), limit: self.limits.depth });
        }
        self.budget.spend(tag.weight())?;
        self.levels = levels;
        self.open.push(tag);
        Ok(Event::Open(tag))
    }

    fn leave_any(&mut self, name: &str) -> Result<Event<T>, DecodeError> {
        match self.names.last() {
            Some(open) if open == name => Ok(self.leave()),
            Some(open) => Err(self.malformed(format!("</{}> where </{}> belongs", clip(name), clip(open)))),
            None => Err(self.malformed(format!("</{}> without its opening tag", clip(name)))),
        }
    }

    pub(super) fn leave(&mut self) -> Event<T> {
        self.names.pop();
        let container = self.open.pop().is_some_and(T::is_container);
        self.levels = self.levels.saturating_sub(usize::from(container));
        Event::Close
    }

    fn add(&mut self, text: &str) -> Result<(), DecodeError> {
        if let Some(character) = forbidden(text) {
            return Err(DecodeError::Character { place: self.place(), character });
        }
        self.text.push_str(text);
        Ok(())
    }

    fn malformed(&self, problem: String) -> DecodeError {
        DecodeError::Malformed { place: self.place(), problem }
    }
}

//! Which tag may follow: the few steps that reading any message is made of.

use std::io::BufRead;

use super::tag::{Scalar, Tag};
use super::{DecodeError, Event, Events};
use crate::message::clip;

impl<R: BufRead> Events<R> {
    /// The tag that follows, with nothing but blanks in front of it.
    pub(super) fn tag(&mut self) -> Result<Event, DecodeError> {
        let event = self.next()?;
        self.blank()?;
        Ok(event)
    }

    /// This element opens.
    pub(super) fn open(&mut self, tag: Tag) -> Result<(), DecodeError> {
        match self.tag()? {
            Event::Open(found) if found == tag => Ok(()),
            event => Err(self.unexpected(event, &format!("<{}>", tag.word()))),
        }
    }

    /// The innermost element closes.
    pub(super) fn close(&mut self) -> Result<(), DecodeError> {
        match self.tag()? {
            Event::Close => Ok(()),
            event => Err(self.unexpected(event, "a closing tag")),
        }
    }

    /// Either another element of this kind opens, or the innermost one closes: then there are no more.
    pub(super) fn another(&mut self, tag: Tag) -> Result<bool, DecodeError> {
        match self.tag()? {
            Event::Open(found) if found == tag => Ok(true),
            Event::Close => Ok(false),
            event => Err(self.unexpected(event, &format!("<{}>", tag.word()))),
        }
    }

    /// The innermost element closes and held nothing but text.
    pub(super) fn leaf(&mut self) -> Result<&str, DecodeError> {
        match self.next()? {
            Event::Close => Ok(self.text()),
            event => Err(self.unexpected(event, "text and a closing tag")),
        }
    }

    /// There was no text in front of the last tag, or blanks.
    pub(super) fn blank(&self) -> Result<(), DecodeError> {
        let text = self.text().trim_ascii();
        match text.is_empty() {
            true => Ok(()),
            false => Err(DecodeError::Stray { place: self.place(), text: clip(text) }),
        }
    }

    /// An event stands where something else belongs.
    pub(super) fn unexpected(&self, event: Event, expected: &str) -> DecodeError {
        let found = match event {
            Event::Open(tag) => format!("<{}>", clip(self.name(tag))),
            Event::Close => "closing tag".to_owned(),
            Event::End => "end of the message".to_owned(),
        };
        DecodeError::Unexpected { place: self.place(), found, expected: expected.to_owned() }
    }

    /// An element stands where a type belongs.
    pub(super) fn unknown_type(&self, tag: Tag) -> DecodeError {
        DecodeError::UnknownType { place: self.place(), name: clip(self.name(tag)) }
    }

    /// The text of a leaf is not what its type says.
    pub(super) fn bad_scalar(&self, kind: Scalar) -> DecodeError {
        DecodeError::Scalar { place: self.place(), kind: kind.name(), text: clip(self.text().trim_ascii()) }
    }
}

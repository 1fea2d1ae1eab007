//! Which tag may come next: the few steps from which all reading is built.

use std::io::BufRead;

use super::tag::{Scalar, Tag};
use super::{DecodeError, Event, Events};
use crate::message::clip;

impl<R: BufRead> Events<R> {
    /// The next tag, with only white space before it.
    pub(super) fn tag(&mut self) -> Result<Event, DecodeError> {
        let event = self.next()?;
        self.blank()?;
        Ok(event)
    }

    /// Expects this element to open.
    pub(super) fn open(&mut self, tag: Tag) -> Result<(), DecodeError> {
        if self.leap_open(tag, tag.word())? {
            return Ok(());
        }
        match self.tag()? {
            Event::Open(found) if found == tag => Ok(()),
            event => Err(self.unexpected(event, &format!("<{}>", tag.word()))),
        }
    }

    /// Expects the innermost element to close.
    pub(super) fn close(&mut self) -> Result<(), DecodeError> {
        if self.leap_close() {
            return Ok(());
        }
        match self.tag()? {
            Event::Close => Ok(()),
            event => Err(self.unexpected(event, "a closing tag")),
        }
    }

    /// Whether another element of this kind opens; `false` when the innermost one closes.
    pub(super) fn another(&mut self, tag: Tag) -> Result<bool, DecodeError> {
        if self.leap_open(tag, tag.word())? {
            return Ok(true);
        }
        if self.leap_close() {
            return Ok(false);
        }
        match self.tag()? {
            Event::Open(found) if found == tag => Ok(true),
            Event::Close => Ok(false),
            event => Err(self.unexpected(event, &format!("<{}>", tag.word()))),
        }
    }

    /// Expects the innermost element to close, and returns its text.
    pub(super) fn leaf(&mut self) -> Result<&str, DecodeError> {
        match self.next()? {
            Event::Close => Ok(self.text()),
            event => Err(self.unexpected(event, "text and a closing tag")),
        }
    }

    /// Expects nothing but white space before the last tag.
    pub(super) fn blank(&self) -> Result<(), DecodeError> {
        let text = self.text().trim_ascii();
        match text.is_empty() {
            true => Ok(()),
            false => Err(DecodeError::Stray { place: self.place(), text: clip(text) }),
        }
    }

    /// The error of an event in the place of another.
    pub(super) fn unexpected(&self, event: Event, expected: &str) -> DecodeError {
        let found = match event {
            Event::Open(tag) => format!("<{}>", clip(self.name(tag))),
            Event::Close => "closing tag".to_owned(),
            Event::End => "end of the message".to_owned(),
        };
        DecodeError::Unexpected { place: self.place(), found, expected: expected.to_owned() }
    }

    /// The error of an element in the place of a type.
    pub(super) fn unknown_type(&self, tag: Tag) -> DecodeError {
        DecodeError::UnknownType { place: self.place(), name: clip(self.name(tag)) }
    }

    /// The error of a text that does not fit its type.
    pub(super) fn bad_scalar(&self, kind: Scalar) -> DecodeError {
        DecodeError::Scalar { place: self.place(), kind: kind.name(), text: clip(self.text().trim_ascii()) }
    }
}

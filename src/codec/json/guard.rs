//! The bytes of a JSON message on their way to the parser: counted in lines and columns, bounded in depth, and cut
//! where a value ends.

use std::io::{self, BufRead, Read};

use super::Place;
use super::error::Breach;
use crate::message::Utf8;

/// Text that refuses to nest too deep.
pub(super) struct Guard<R> {
    pub(super) text: Utf8<R>,
    limit: usize,
    depth: usize,
    lexeme: Lexeme,
    place: Place,
}

/// What the next byte belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lexeme {
    Structure,
    Text,
    Escape,
}

impl<R: BufRead> Guard<R> {
    pub(super) fn new(text: Utf8<R>, limit: usize) -> Guard<R> {
        Guard { text, limit, depth: 0, lexeme: Lexeme::Structure, place: Place { line: 1, column: 1 } }
    }

    /// Where the next byte stands.
    pub(super) fn place(&self) -> Place {
        self.place
    }

    /// The next byte, left where it is; `None` at the end.
    pub(super) fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.text.fill_buf()?.first().copied())
    }

    /// Takes the byte that was peeked at.
    pub(super) fn take(&mut self, byte: u8) -> io::Result<()> {
        self.text.consume(1);
        if self.lexeme == Lexeme::Structure && !is_word(byte) {
            self.text.begin_piece();
        }
        match (self.lexeme, byte) {
            (Lexeme::Structure, b'{' | b'[') => self.enter()?,
            (Lexeme::Structure, b'}' | b']') => self.depth = self.depth.saturating_sub(1),
            (Lexeme::Structure, b'"') | (Lexeme::Escape, _) => self.lexeme = Lexeme::Text,
            (Lexeme::Text, b'"') => self.lexeme = Lexeme::Structure,
            (Lexeme::Text, b'\\') => self.lexeme = Lexeme::Escape,
            _ => {}
        }
        self.place = match byte {
            b'\n' => Place { line: self.place.line + 1, column: 1 },
            _ => Place { column: self.place.column + 1, ..self.place },
        };
        Ok(())
    }

    /// The value that begins with the next byte, and nothing of what follows it.
    pub(super) fn value(&mut self) -> Extent<'_, R> {
        let (depth, padding) = (self.depth, self.place);
        Extent { guard: self, depth, kind: Kind::Unknown, padding }
    }

    fn enter(&mut self) -> io::Result<()> {
        self.depth += 1;
        if self.depth > self.limit {
            let problem = format!("more than {} levels of lists and dictionaries", self.limit);
            return Err(io::Error::other(Breach { place: self.place, problem }));
        }
        Ok(())
    }
}

/// Whether a byte is one of a number or a literal.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
}

/// One value as a message of its own.
pub(super) struct Extent<'g, R> {
    guard: &'g mut Guard<R>,
    /// How deep it stands.
    depth: usize,
    kind: Kind,
    /// What the parser has still to be told of lines and columns in front of the value, so that it counts places from
    /// the beginning of the message: it is given blanks for them.
    padding: Place,
}

/// What the first byte of a value says of its last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Unknown,
    /// It ends with a bracket or a quote.
    Closed,
    /// It ends where something else begins.
    Open,
    Ended,
}

impl<R: BufRead> Extent<'_, R> {
    fn next(&mut self) -> io::Result<Option<u8>> {
        if let Some(blank) = self.blank() {
            return Ok(Some(blank));
        }
        if self.kind == Kind::Ended {
            return Ok(None);
        }
        let Some(byte) = self.guard.peek()? else { return Ok(None) };
        if self.kind == Kind::Unknown {
            self.kind = if matches!(byte, b'{' | b'[' | b'"') { Kind::Closed } else { Kind::Open };
        }
        if self.kind == Kind::Open && matches!(byte, b',' | b':' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t') {
            self.kind = Kind::Ended;
            return Ok(None);
        }
        self.guard.take(byte)?;
        let inside = self.guard.depth > self.depth || self.guard.lexeme != Lexeme::Structure;
        if self.kind == Kind::Closed && !inside {
            self.kind = Kind::Ended;
        }
        Ok(Some(byte))
    }

    fn blank(&mut self) -> Option<u8> {
        let Place { line, column } = &mut self.padding;
        let (left, blank) = if *line > 1 { (line, b'\n') } else { (column, b' ') };
        *left = left.checked_sub(1).filter(|left| *left > 0)?;
        Some(blank)
    }
}

/// A byte at a time: the parser asks for no more.
impl<R: BufRead> Read for Extent<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let Some(slot) = out.first_mut() else { return Ok(0) };
        let Some(byte) = self.next()? else { return Ok(0) };
        *slot = byte;
        Ok(1)
    }
}

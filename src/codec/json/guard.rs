//! The bytes of a JSON message on their way to the parser: counted in lines and columns, limited in depth and memory,
//! and cut at the end of each value.
//!
//! Errors that the parser would report in its own words, and without the member they are in, are found here: invalid
//! characters, half surrogate pairs, and words that are not JSON.

use std::io::{self, BufRead, Read};

use super::Place;
use super::error::broken;
use super::trail::Trail;
use super::word::{self, Hex};
use crate::DecodeError;
use crate::message::{Budget, Limits, MessageError, Utf8};

/// Input that refuses to nest too deep.
pub(super) struct Guard<R> {
    pub(super) text: Utf8<R>,
    limit: usize,
    trail: Trail,
    budget: Budget,
    lexeme: Lexeme,
    place: Place,
    /// The previous byte belongs to a number or a literal.
    in_word: bool,
    /// The number of bytes ahead that are known to be plain text: most of a message is.
    plain: usize,
    /// The character that is being written in escapes.
    hex: Hex,
    /// The error found here: on its way through the parser an error loses everything but its text.
    trouble: Option<DecodeError>,
}

/// What the next byte belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lexeme {
    Structure,
    Text,
    Escape,
    Hex,
}

impl<R: BufRead> Guard<R> {
    pub(super) fn new(text: Utf8<R>, limits: Limits) -> Guard<R> {
        Guard {
            text,
            limit: limits.depth,
            trail: Trail::default(),
            budget: Budget::of(limits),
            lexeme: Lexeme::Structure,
            place: Place { line: 1, column: 1 },
            in_word: false,
            plain: 0,
            hex: Hex::default(),
            trouble: None,
        }
    }

    /// The position of the next byte.
    pub(super) fn place(&self) -> Place {
        self.place
    }

    /// Whether nothing is open, so that the message may end here.
    pub(super) fn is_whole(&self) -> bool {
        self.trail.depth() == 0 && self.lexeme == Lexeme::Structure
    }

    /// The error that an operation returned here.
    pub(super) fn error(&mut self, error: io::Error) -> DecodeError {
        self.trouble.take().unwrap_or_else(|| broken(error))
    }

    /// The error that was found here while the parser was running, if any.
    pub(super) fn trouble(&mut self) -> Option<DecodeError> {
        self.trouble.take()
    }

    /// The next byte, without consuming it; `None` at the end.
    #[inline]
    pub(super) fn peek(&mut self) -> io::Result<Option<u8>> {
        match self.text.fill_buf() {
            Ok(ready) => {
                if self.lexeme == Lexeme::Text && self.plain == 0 && !self.trail.is_in_key() && !self.hex.is_half() {
                    self.plain = ready.iter().take_while(|byte| is_plain(**byte)).count();
                }
                Ok(ready.first().copied())
            }
            Err(error) => Err(self.lost(error)),
        }
    }

    /// Consumes the next byte if it needs no check.
    #[inline]
    fn take_plain(&mut self) -> Option<u8> {
        self.plain = self.plain.checked_sub(1)?;
        let byte = self.text.fill_buf().ok()?.first().copied()?;
        self.text.consume(1);
        self.place.column += 1;
        Some(byte)
    }

    /// Consumes the byte returned by [`Guard::peek`].
    pub(super) fn take(&mut self, byte: u8) -> io::Result<()> {
        self.text.consume(1);
        self.plain = self.plain.saturating_sub(1);
        match self.lexeme {
            Lexeme::Structure => self.structure(byte)?,
            Lexeme::Text => match byte {
                b'"' => {
                    self.lexeme = Lexeme::Structure;
                    self.trail.text_ends();
                    self.whole()?;
                }
                b'\\' => {
                    self.lexeme = Lexeme::Escape;
                    self.trail.text(byte);
                }
                byte if byte < 0x20 => return Err(self.held(&word::control(byte))),
                byte => {
                    self.trail.text(byte);
                    self.whole()?;
                }
            },
            Lexeme::Escape => {
                self.trail.text(byte);
                self.lexeme = if byte == b'u' { Lexeme::Hex } else { Lexeme::Text };
                if byte != b'u' {
                    self.whole()?;
                }
            }
            Lexeme::Hex => {
                self.trail.text(byte);
                let digit = self.hex.digit(byte);
                if digit.over {
                    self.lexeme = Lexeme::Text;
                }
                if !digit.fits {
                    return Err(self.half());
                }
            }
        }
        self.place = match byte {
            b'\n' => Place { line: self.place.line + 1, column: 1 },
            _ => Place { column: self.place.column + 1, ..self.place },
        };
        Ok(())
    }

    fn structure(&mut self, byte: u8) -> io::Result<()> {
        let in_word = is_word(byte);
        if in_word {
            if !self.in_word {
                self.word(byte)?;
            }
        } else {
            self.text.begin_piece();
        }
        self.in_word = in_word;
        if matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
            return Ok(());
        }
        let cost = self.trail.structure(byte);
        if cost > 0 {
            self.budget.spend(cost).map_err(|error| self.note(error.into()))?;
        }
        match byte {
            b'"' => self.lexeme = Lexeme::Text,
            b'{' | b'[' if self.trail.depth() > self.limit => {
                let problem = format!("more than {} levels of lists and dictionaries", self.limit);
                return Err(self.note(DecodeError::Json { place: self.place, problem }));
            }
            _ => {}
        }
        Ok(())
    }

    /// Checks that a word which begins with a byte is a JSON literal, as far as it has arrived.
    fn word(&mut self, first: u8) -> io::Result<()> {
        if first.is_ascii_digit() {
            return Ok(());
        }
        let rest = match self.text.fill_buf() {
            Ok(rest) => rest,
            Err(error) => return Err(self.lost(error)),
        };
        match word::foreign(first, rest) {
            Some(word) => Err(self.held(&word::name(&word))),
            None => Ok(()),
        }
    }

    /// Checks that the next byte does not leave half a surrogate pair behind.
    #[inline]
    fn whole(&mut self) -> io::Result<()> {
        if self.hex.ends() { Ok(()) } else { Err(self.half()) }
    }

    #[cold]
    fn half(&mut self) -> io::Error {
        self.held("half of a character (a lone surrogate)")
    }

    /// The error of a member that holds something JSON cannot.
    #[cold]
    fn held(&mut self, what: &str) -> io::Error {
        let path = self.trail.path();
        let holder = if path.is_empty() { "it" } else { &path };
        let problem = format!("{holder} contains {what}");
        self.note(DecodeError::Json { place: self.place, problem })
    }

    /// The error of bytes that do not arrive or are not text.
    #[cold]
    fn lost(&mut self, error: io::Error) -> io::Error {
        if error.kind() == io::ErrorKind::Interrupted {
            return error;
        }
        let error = MessageError::from(error).in_place(&self.trail.path());
        self.note(error.into())
    }

    fn note(&mut self, error: DecodeError) -> io::Error {
        let words = error.to_string();
        // The parser goes on to look for the end of the value: the first error is the one that counts.
        self.trouble.get_or_insert(error);
        io::Error::other(words)
    }

    /// The value that begins with the next byte, and nothing after it.
    pub(super) fn value(&mut self) -> Extent<'_, R> {
        let (depth, padding) = (self.trail.depth(), self.place);
        Extent { guard: self, depth, kind: Kind::Unknown, padding }
    }
}

/// Whether a byte of a text neither ends it nor begins an escape, and is allowed in it.
fn is_plain(byte: u8) -> bool {
    byte >= 0x20 && byte != b'"' && byte != b'\\'
}

/// Whether a byte belongs to a number or a literal.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
}

/// One value as a message of its own.
pub(super) struct Extent<'g, R> {
    guard: &'g mut Guard<R>,
    /// Its depth.
    depth: usize,
    kind: Kind,
    /// Lines and columns before the value that the parser must still be given, as white space, so that it counts
    /// positions from the beginning of the message.
    padding: Place,
}

/// How a value ends, judged by its first byte.
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
        let inside = self.guard.trail.depth() > self.depth || self.guard.lexeme != Lexeme::Structure;
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

/// One byte at a time: the parser asks for no more.
impl<R: BufRead> Read for Extent<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let Some(slot) = out.first_mut() else { return Ok(0) };
        *slot = match self.guard.take_plain() {
            Some(byte) => byte,
            None => match self.next()? {
                Some(byte) => byte,
                None => return Ok(0),
            },
        };
        Ok(1)
    }
}

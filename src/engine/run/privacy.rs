//! What was typed, and which parts of it must not be shown or saved.

use std::ops::Range;

use crate::engine::accounts::secrets::{self, Doubt, Place};
use crate::engine::run::semicolon;
use crate::engine::state::error::CallError;
use crate::engine::state::memory::Memory;
use lang::{Hole, Line, Token};
use model::secret::{REDACTED, mask};
use model::{Diagnostic, Redactor, Span};
use registry::Registry;

/// A text as an error about one of its lines may show it.
pub(crate) struct Doubted {
    /// Knows all known secrets, and what may be one.
    pub(crate) redactor: Redactor,
    /// The positions of possible secrets in the text.
    pub(crate) places: Vec<Range<usize>>,
    /// The text with stars at these positions, byte for byte.
    pub(crate) text: String,
}

/// A typed text, and the positions of possible secrets.
#[derive(Debug, Default)]
pub(crate) struct Typed {
    text: String,
    places: Vec<Place>,
}

/// The parts of the session that are needed to find secrets in a text.
#[derive(Clone, Copy)]
pub(crate) struct Privacy<'s> {
    pub(crate) registry: &'s Registry,
    pub(crate) redactor: &'s Redactor,
    pub(crate) memory: &'s Memory,
    /// What was typed last.
    pub(crate) typed: &'s Typed,
    /// What fills the holes of the script that is running.
    pub(crate) arguments: &'s [String],
}

impl Typed {
    /// A text with the positions that were found.
    pub(crate) fn of(text: &str, places: Vec<Place>) -> Typed {
        Typed { text: text.to_owned(), places }
    }
}

/// Remembers the certain secrets in a text.
pub(crate) fn learn(redactor: &mut Redactor, text: &str, places: &[Place], arguments: &[String]) {
    for place in places.iter().filter(|place| place.doubt == Doubt::None) {
        for said in said(text, &place.range, arguments) {
            redactor.learn_text(said);
        }
    }
}

/// What a place of a text says: an argument as it is, a word without its quotes.
fn said<'t>(text: &'t str, range: &Range<usize>, arguments: &'t [String]) -> Vec<&'t str> {
    let part = text.get(range.clone()).unwrap_or("");
    match holes_in(part) {
        Some(holes) => holes.into_iter().flat_map(|hole| hole.among(arguments)).map(String::as_str).collect(),
        None => vec![secrets::unquoted(part)],
    }
}

/// The holes that a part of a script consists of; `None` when there is anything else in it.
fn holes_in(part: &str) -> Option<Vec<Hole>> {
    let words = part.split([',', ' ', '\t', '\n', '\r']).filter(|word| !word.is_empty());
    words.map(Hole::read).collect::<Option<Vec<_>>>().filter(|holes| !holes.is_empty())
}

/// Places that do not consist of holes: those may be shown, unlike what fills them.
fn without_holes(text: &str, mut places: Vec<Place>) -> Vec<Place> {
    places.retain(|place| holes_in(text.get(place.range.clone()).unwrap_or("")).is_none());
    places
}

impl Privacy<'_> {
    /// The positions of possible secrets in a text with these tokens.
    pub(crate) fn read(&self, text: &str, tokens: &[Token]) -> Vec<Place> {
        let mut places = secrets::places(text, tokens, self.registry, self.memory);
        places.extend(semicolon::cut_off(text, tokens, &places, self.registry));
        places
    }

    /// The positions of possible secrets in a typed text.
    fn places(&self, text: &str) -> Vec<Place> {
        match self.typed {
            Typed { text: typed, places } if typed == text => places.clone(),
            _ => self.read(text, &lang::tokens(text)),
        }
    }

    /// A typed text as it may be shown: with stars for possible secrets, byte for byte.
    pub(crate) fn masked(&self, text: &str) -> String {
        let mut hidden = self.redactor.find(text);
        hidden.extend(in_no_error(&without_holes(text, self.places(text))));
        mask(text, &hidden)
    }

    /// A text as an error about one of its lines may show it.
    pub(crate) fn doubted(&self, text: &str, error: &CallError, line: Option<&Line>) -> Doubted {
        let at = error.span().map_or(0, |span| text.floor_char_boundary(span.start));
        let row = || {
            text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1)
                ..text.get(at..).and_then(|after| after.find('\n')).map_or(text.len(), |end| at + end)
        };
        let about = line.map_or_else(row, |line| line.span.range());
        let places: Vec<_> = in_no_error(&self.places(text)).collect();
        let mut redactor = self.redactor.clone();
        for range in places.iter().filter(|range| about.start <= range.start && range.end <= about.end) {
            said(text, range, self.arguments).into_iter().for_each(|said| redactor.learn_text(said));
        }
        let places: Vec<_> = in_no_error(&without_holes(text, self.places(text))).collect();
        let mut hidden = self.redactor.find(text);
        hidden.extend(places.iter().cloned());
        Doubted { redactor, text: mask(text, &hidden), places }
    }

    /// The positions of possible secrets in a typed text, so that the history can save the line without them; `None` if
    /// nothing else is in it.
    pub(crate) fn secret_places(&self, text: &str) -> Option<Vec<Range<usize>>> {
        let mut places = self.redactor.find(text);
        places.extend(without_holes(text, self.places(text)).into_iter().map(|place| place.range));
        let bare = mask(text, &places);
        let is_word = |c: char| !c.is_whitespace() && c != '*';
        (text.trim().is_empty() || bare.contains(is_word)).then_some(places)
    }

    /// The positions of possible secrets in a text with these tokens that is shown to the person who typed it.
    pub(crate) fn hidden_places(&self, text: &str, tokens: &[Token]) -> Vec<Range<usize>> {
        let mut places = self.redactor.find(text);
        places.extend(in_no_error(&self.read(text, tokens)));
        places
    }
}

fn in_no_error(places: &[Place]) -> impl Iterator<Item = Range<usize>> {
    places.iter().filter(|place| place.doubt <= Doubt::Little).map(|place| place.range.clone())
}

/// Refuses a line with a placeholder instead of a secret: the placeholder would be sent.
pub(crate) fn complete(text: &str, within: Span) -> Result<(), CallError> {
    let found = text.get(within.range()).and_then(|part| part.find(REDACTED));
    let Some(at) = found.map(|at| within.start + at) else { return Ok(()) };
    Err(CallError::Usage {
        message: "the line was saved without its secret and cannot be sent as it is".into(),
        span: Some(Span::new(at, at + REDACTED.len())),
        hint: Some(format!("type the secret in place of {REDACTED}; to send that very text, read it from a file")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Class;

    #[test]
    fn a_line_that_was_kept_without_its_secret_is_not_sent() {
        let text = "a b c; d e (redacted)";
        assert!(complete(text, Span::new(0, 5)).is_ok());
        let error = complete(text, Span::new(7, text.len())).unwrap_err();
        assert_eq!((error.class(), error.span()), (Class::Usage, Some(Span::new(11, 21))));
    }

    #[test]
    fn a_place_says_what_it_holds() {
        let arguments = ["one".to_owned(), "two".to_owned()];
        for (part, texts) in [
            ("hunter22", &["hunter22"][..]),
            ("'a b'", &["a b"]),
            ("$2", &["two"]),
            ("$1,$2", &["one", "two"]),
            ("$1,", &["one"]),
            ("$@", &["one", "two"]),
            ("$3", &[]),
            ("$1 x", &["$1 x"]),
            ("", &[""]),
        ] {
            assert_eq!(said(part, &(0..part.len()), &arguments), texts, "{part}");
        }
        let place = |range| Place { range, doubt: Doubt::None };
        assert_eq!(without_holes("a $1", vec![place(0..1), place(2..4)]), [place(0..1)]);
    }

    #[test]
    fn what_is_hardly_a_secret_may_be_in_an_error() {
        let place = |start, doubt| Place { range: start..start + 1, doubt };
        let places = [place(0, Doubt::None), place(1, Doubt::Little), place(2, Doubt::Great)];
        assert_eq!(in_no_error(&places).collect::<Vec<_>>(), [0..1, 1..2]);
    }
}

//! A list whose pages are written as they come: the next page is read when the one before it has been passed on.

use std::io::{self, Write};
use std::vec;

use serde::de::value::Error;
use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer, SeqAccess, Visitor};

use crate::engine::call::exchange::{Exchange, unstreamed};
use crate::engine::call::pages::Pages;
use crate::engine::state::error::CallError;
use crate::render::{self, Note, Passage, StreamError};
use model::{Call, Redactor, Value};

/// What happens between two pages.
#[derive(Clone, Copy)]
pub(crate) struct Turn<'t> {
    /// Passes on what has been written. Returns whether a reader may already have seen part of it.
    pub(crate) pass: &'t dyn Fn() -> io::Result<bool>,
    /// Looks at the members of a page.
    pub(crate) look: &'t dyn Fn(&[Value], &mut Redactor),
}

/// Reads all pages of a list and writes each as it comes.
pub(crate) fn stream(
    exchange: &mut Exchange<'_>,
    call: &Call,
    passage: Passage<'_>,
    turn: Turn<'_>,
    out: &mut dyn Write,
) -> Result<Vec<Note>, CallError> {
    let (notes, said) = {
        let mut pages = Pages::of(exchange, call)?;
        let next = |passed| {
            let page = pages.next(passed)?;
            if let Some(page) = &page {
                (turn.look)(page, pages.exchange.redactor);
            }
            Ok(page)
        };
        let written = list(next, turn.pass, |list| render::stream(list, passage, out))?;
        (written.notes, pages.end().notes())
    };
    said.iter().for_each(|note| exchange.console.note(note));
    Ok(notes)
}

/// Reads a list whose pages come one after the other. `pass` is called between two of them, and what it returns goes to
/// `next`.
fn list<T, N: FnMut(bool) -> Result<Option<Vec<Value>>, CallError>>(
    next: N,
    pass: &dyn Fn() -> io::Result<bool>,
    read: impl FnOnce(&mut List<'_, N>) -> Result<T, StreamError>,
) -> Result<T, CallError> {
    let mut list = List { next, pass, page: Vec::new().into_iter(), begun: false, trouble: None };
    // What serde made of an error is only its text.
    read(&mut list).map_err(|error| list.trouble.take().unwrap_or_else(|| unstreamed(error)))
}

/// The list as a source of its members.
struct List<'t, N> {
    next: N,
    pass: &'t dyn Fn() -> io::Result<bool>,
    /// The members of this page that have not been passed on.
    page: vec::IntoIter<Value>,
    begun: bool,
    /// Why there is no next page.
    trouble: Option<CallError>,
}

impl<N: FnMut(bool) -> Result<Option<Vec<Value>>, CallError>> List<'_, N> {
    /// The next page; `false` after the last.
    fn turn(&mut self) -> Result<bool, CallError> {
        let passed = self.begun && (self.pass)().map_err(CallError::Output)?;
        self.begun = true;
        let Some(page) = (self.next)(passed)? else { return Ok(false) };
        self.page = page.into_iter();
        Ok(true)
    }
}

impl<'de, N: FnMut(bool) -> Result<Option<Vec<Value>>, CallError>> Deserializer<'de> for &mut List<'_, N> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de, N: FnMut(bool) -> Result<Option<Vec<Value>>, CallError>> SeqAccess<'de> for &mut List<'_, N> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        loop {
            if let Some(member) = self.page.next() {
                return seed.deserialize(member.into_deserializer()).map(Some);
            }
            match self.turn() {
                Ok(true) => {}
                Ok(false) => return Ok(None),
                Err(error) => {
                    let words = error.to_string();
                    self.trouble = Some(error);
                    return Err(de::Error::custom(words));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::render::{Format, View};
    use model::{Class, Diagnostic};

    fn page(ids: std::ops::Range<i64>) -> Vec<Value> {
        ids.map(Value::Int).collect()
    }

    /// What was written of pages, how often they were passed on, and the error if there is one.
    fn written(pages: Vec<Result<Vec<Value>, CallError>>, most: usize) -> (String, usize, Option<CallError>) {
        let (mut pages, passed) = (pages.into_iter(), Cell::new(0));
        let next = |told: bool| {
            assert_eq!(told, passed.get() > 0);
            pages.next().transpose()
        };
        let pass = || {
            passed.set(passed.get() + 1);
            if passed.get() > most { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(true) }
        };
        let (mut out, view) = (Vec::new(), View::of(Format::Jsonl));
        let passage = Passage { view: &view, common: None, spool: &tempfile::tempfile, at_once: true, within: 0 };
        let error = list(next, &pass, |list| render::stream(list, passage, &mut out)).err();
        (String::from_utf8(out).unwrap().replace('\n', " "), passed.get(), error)
    }

    #[test]
    fn pages_are_one_list_and_each_is_passed_on_before_the_next() {
        let down = || Err(CallError::usage("down", None));
        for (pages, out, passed, error) in [
            (vec![], "", 0, None),
            (vec![Ok(vec![])], "", 1, None),
            (vec![Ok(page(0..2)), Ok(vec![]), Ok(page(2..3))], "0 1 2 ", 3, None),
            (vec![down()], "", 0, Some("down")),
            (vec![Ok(page(0..2)), down()], "0 1 ", 1, Some("down")),
        ] {
            let (written, times, found) = written(pages, 9);
            assert_eq!((written.as_str(), times), (out, passed));
            assert_eq!(found.map(|error| error.to_string()).as_deref(), error);
        }
    }

    #[test]
    fn no_page_is_read_after_one_that_nobody_takes() {
        let pages = (0..5).map(|at| Ok(page(at..at + 1))).collect();
        let (out, times, error) = written(pages, 1);
        assert_eq!((out.as_str(), times, error.map(|error| error.class())), ("0 1 ", 2, Some(Class::ReaderGone)));
    }
}

//! JSON that is written while its pieces come, without a tree and without a serializer in between.
//!
//! The bytes are those of a tree: of two members of one name the last one counts, in the place of the first. An error of
//! the source passes through unchanged, with the path of the value that it is about.

mod names;
mod sheet;

use std::fmt;
use std::io::Write;

use serde::de::value::Error;
use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};

use super::fragment::Fragment;
use super::stream::{StreamError, Written};
use super::transcode::Spelling;
use super::view::Lines;
use model::value_serde::{Digits, NUMBER};
use model::{Decimal, Map, Value};
use sheet::{Begun, Ended, Sheet, Stopped};

/// Writes a document, or a value so deep `within` another. With `at_once`, each member of a list is passed on when it is
/// complete.
pub(super) fn write<'de, D: Deserializer<'de>>(
    source: D,
    (lines, at_once, within): (Lines, bool, usize),
    spelling: Spelling<'_>,
    out: &mut dyn Write,
) -> Result<Written, StreamError> {
    let mut sheet = Sheet::of(lines, at_once, out).within(within);
    let read = Piece { sheet: &mut sheet, spelling }.deserialize(source).map_err(|error| error.to_string());
    let ended = sheet.end(read.is_ok());
    match (read, ended) {
        (Err(_), Ended { heavy: true, .. }) => Err(StreamError::Heavy),
        (_, Ended { fault: Some(fault), .. }) => Err(StreamError::Write(fault)),
        (Err(words), _) => Err(StreamError::Read(words)),
        (Ok(()), Ended { twice, .. }) => Ok(Written { notes: Vec::new(), twice }),
    }
}

/// Writes a list whose members are put together of values and of text that was written before. The fragment of a member is the value of `name`, the last of its values.
pub(super) fn joined(
    next: &mut dyn FnMut() -> Option<(Map, Option<Fragment>)>,
    (lines, name): (Lines, &str),
    out: &mut dyn Write,
) -> Result<(), StreamError> {
    let mut sheet = Sheet::of(lines, false, out);
    sheet.begin_list();
    let (mut first, mut written) = (true, Ok(()));
    while written.is_ok()
        && let Some((map, last)) = next()
    {
        sheet.begin_element(first);
        first = false;
        written = member(&mut sheet, map, last.map(|fragment| (name, fragment)));
    }
    sheet.end_list(first);
    let ended = sheet.end(written.is_ok());
    match (written, ended.fault) {
        (_, Some(fault)) => Err(StreamError::Write(fault)),
        (Err(Stopped), None) => Err(StreamError::Heavy),
        (Ok(()), None) => Ok(()),
    }
}

fn member(sheet: &mut Sheet<'_>, map: Map, last: Option<(&str, Fragment)>) -> Result<(), Stopped> {
    sheet.begin_dict();
    for (name, value) in map {
        let begun = sheet.begin_member(&name);
        let value = IntoDeserializer::<Error>::into_deserializer(value);
        Piece { sheet, spelling: Spelling::default() }.deserialize(value).map_err(|_| Stopped)?;
        sheet.end_member(begun)?;
    }
    if let Some((name, mut fragment)) = last {
        let begun = sheet.begin_member(name);
        sheet.fragment(&mut fragment)?;
        sheet.end_member(begun)?;
    }
    sheet.end_dict();
    sheet.end_element()
}

/// A value to be written, as it comes.
struct Piece<'s, 'w, 'c> {
    sheet: &'s mut Sheet<'w>,
    spelling: Spelling<'c>,
}

impl<'de> DeserializeSeed<'de> for Piece<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<(), D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Piece<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.sheet.word("null");
        Ok(())
    }

    fn visit_none<E: de::Error>(self) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<(), D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.sheet.word(if value { "true" } else { "false" });
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        match self.spelling.number(number) {
            Some(date) => self.sheet.text(date.as_str()),
            None => self.sheet.integer(number),
        }
        Ok(())
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<(), E> {
        match i64::try_from(number) {
            Ok(number) => self.visit_i64(number),
            Err(_) => {
                self.sheet.word(&number.to_string());
                Ok(())
            }
        }
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<(), E> {
        self.deserialize(IntoDeserializer::<E>::into_deserializer(Value::from(number)))
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        match self.spelling.text(text) {
            Some(date) => self.sheet.text(date.as_str()),
            None => self.sheet.text(text),
        }
        Ok(())
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<(), E> {
        self.sheet.bytes(bytes);
        Ok(())
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<(), D::Error> {
        inner.deserialize_str(Moment(self))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let Piece { sheet, spelling } = self;
        sheet.begin_list();
        let mut first = true;
        while seq.next_element_seed(Element { sheet, spelling, first })?.is_some() {
            first = false;
            sheet.end_element().map_err(de::Error::custom)?;
        }
        sheet.end_list(first);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let Piece { sheet, spelling } = self;
        let mut next = match entries.next_key_seed(First { sheet, spelling })? {
            Some(Opening::Number) => match lookalike(&mut entries, sheet, spelling)? {
                Some(next) => next,
                None => return Ok(()),
            },
            Some(Opening::Member(begun, spelling)) => Some((begun, spelling)),
            None => {
                sheet.begin_dict();
                None
            }
        };
        while let Some((begun, own)) = next {
            entries.next_value_seed(Piece { sheet, spelling: own })?;
            sheet.end_member(begun).map_err(de::Error::custom)?;
            next = entries.next_key_seed(Name { sheet, spelling })?;
        }
        sheet.end_dict();
        Ok(())
    }
}

/// The member of a dictionary that has just begun.
type Next<'c> = Option<(Begun, Spelling<'c>)>;

/// Writes what begins like an exact number: nothing is left of one, and of a dictionary that has a member of that name,
/// its next member.
fn lookalike<'de, 'c, A: MapAccess<'de>>(
    entries: &mut A,
    sheet: &mut Sheet<'_>,
    spelling: Spelling<'c>,
) -> Result<Option<Next<'c>>, A::Error> {
    let from = sheet.here();
    let written = entries.next_value_seed(Digits(|digits: &str| {
        let keeps = Decimal::keeps(digits);
        if keeps {
            sheet.word(digits);
        }
        (!keeps).then(|| Value::from(digits))
    }))?;
    let next = entries.next_key::<String>()?;
    let value = match written {
        Ok(None) if next.is_none() => return Ok(None),
        Ok(None) => Value::from(sheet.take_back(from)),
        Ok(Some(value)) | Err(value) => value,
    };
    if next.is_none()
        && let Value::Text(digits) = &value
        && let Some(number) = Value::number(digits)
    {
        match number {
            Value::Int(number) => Piece { sheet, spelling }.visit_i64::<A::Error>(number)?,
            number => sheet.word(&number.plain()),
        }
        return Ok(None);
    }
    sheet.begin_dict();
    let begun = sheet.begin_member(NUMBER);
    let value = IntoDeserializer::<A::Error>::into_deserializer(value);
    Piece { sheet, spelling: spelling.member(NUMBER) }.deserialize(value)?;
    sheet.end_member(begun).map_err(de::Error::custom)?;
    Ok(Some(next.map(|name| (sheet.begin_member(&name), spelling.member(&name)))))
}

/// The text of a date, which gets the common form where that is wanted.
struct Moment<'s, 'w, 'c>(Piece<'s, 'w, 'c>);

impl Visitor<'_> for Moment<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the text of a date")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        let Piece { sheet, spelling } = self.0;
        match spelling.date(text) {
            Some(date) => sheet.text(date.as_str()),
            None => sheet.text(text),
        }
        Ok(())
    }
}

/// The next member of a list, if there is one.
struct Element<'s, 'w, 'c> {
    sheet: &'s mut Sheet<'w>,
    spelling: Spelling<'c>,
    first: bool,
}

impl<'de> DeserializeSeed<'de> for Element<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<(), D::Error> {
        self.sheet.begin_element(self.first);
        source.deserialize_any(Piece { sheet: self.sheet, spelling: self.spelling })
    }
}

/// How a dictionary begins.
enum Opening<'c> {
    /// As an exact number does.
    Number,
    /// With this member.
    Member(Begun, Spelling<'c>),
}

/// The first name of a dictionary, which may be the mark of a number.
struct First<'s, 'w, 'c> {
    sheet: &'s mut Sheet<'w>,
    spelling: Spelling<'c>,
}

impl<'de, 'c> DeserializeSeed<'de> for First<'_, '_, 'c> {
    type Value = Opening<'c>;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Opening<'c>, D::Error> {
        source.deserialize_str(self)
    }
}

impl<'c> Visitor<'_> for First<'_, '_, 'c> {
    type Value = Opening<'c>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, name: &str) -> Result<Opening<'c>, E> {
        if name == NUMBER {
            return Ok(Opening::Number);
        }
        self.sheet.begin_dict();
        Ok(Opening::Member(self.sheet.begin_member(name), self.spelling.member(name)))
    }
}

/// Any other name of a dictionary.
struct Name<'s, 'w, 'c> {
    sheet: &'s mut Sheet<'w>,
    spelling: Spelling<'c>,
}

impl<'de, 'c> DeserializeSeed<'de> for Name<'_, '_, 'c> {
    type Value = (Begun, Spelling<'c>);

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Self::Value, D::Error> {
        source.deserialize_str(self)
    }
}

impl<'c> Visitor<'_> for Name<'_, '_, 'c> {
    type Value = (Begun, Spelling<'c>);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok((self.sheet.begin_member(name), self.spelling.member(name)))
    }
}

#[cfg(test)]
mod tests;

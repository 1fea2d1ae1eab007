//! One `<value>` as serde sees it: read tag by tag, passed on at once.

use std::io::BufRead;

use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::scalar::Parsed;
use super::tag::{Scalar, Tag};
use super::{DecodeError, Event, Events, scalar};
use crate::xml::Leap;

/// A value whose opening tag has just been read. Reading it consumes its closing tag too.
pub(super) struct Node<'r, R>(pub(super) &'r mut Events<R>);

impl<'de, R: BufRead> Deserializer<'de> for Node<'_, R> {
    type Error = DecodeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        let events = self.0;
        if events.leap_open(Tag::Struct, Tag::Struct.word())? {
            let value = structure(events, visitor)?;
            events.close()?;
            return Ok(value);
        }
        if let Some((kind, text, leap)) = events.scalar_ahead()
            && let Some(parsed) = scalar::parse(kind, text)
        {
            let value = parsed.visit::<V, DecodeError>(visitor)?;
            events.leap_out(&leap);
            return Ok(value);
        }
        let tag = match events.next()? {
            // A value without a type is text.
            Event::Close => return visitor.visit_str(events.text()),
            Event::Open(tag) => tag,
            Event::End => return Err(events.unexpected(Event::End, "a value")),
        };
        events.blank()?;
        let value = match tag {
            Tag::Scalar(kind) => {
                let text = events.leaf()?;
                match scalar::parse(kind, text) {
                    Some(parsed) => parsed.visit::<V, DecodeError>(visitor)?,
                    None => return Err(events.bad_scalar(kind)),
                }
            }
            Tag::Array => array(events, visitor)?,
            Tag::Struct => structure(events, visitor)?,
            other => return Err(events.unknown_type(other)),
        };
        events.close()?;
        Ok(value)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.0.skip()?;
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier
    }
}

/// A scalar that has been read.
struct Leaf<'t>(Parsed<'t>);

impl<'de> Deserializer<'de> for Leaf<'_> {
    type Error = DecodeError;

    #[inline(always)]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.0.visit(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier
    }
}

fn array<'de, R: BufRead, V: Visitor<'de>>(events: &mut Events<R>, visitor: V) -> Result<V::Value, DecodeError> {
    events.open(Tag::Data)?;
    events.trail().open(true);
    let mut members = Members::of(events);
    let value = visitor.visit_seq(&mut members)?;
    members.end()?;
    events.trail().close();
    events.close()?;
    Ok(value)
}

fn structure<'de, R: BufRead, V: Visitor<'de>>(events: &mut Events<R>, visitor: V) -> Result<V::Value, DecodeError> {
    events.trail().open(false);
    let mut members = Members::of(events);
    let value = visitor.visit_map(&mut members)?;
    members.end()?;
    events.trail().close();
    Ok(value)
}

/// The members of a list or a dictionary, including the closing tag after the last one.
struct Members<'r, R> {
    events: &'r mut Events<R>,
    ended: bool,
    /// The value of the next member has been opened.
    in_value: bool,
    /// The next member, which has been seen and not been read.
    whole: Option<(Scalar, Leap)>,
}

impl<'r, R: BufRead> Members<'r, R> {
    fn of(events: &'r mut Events<R>) -> Members<'r, R> {
        Members { events, ended: false, in_value: false, whole: None }
    }

    /// Reads the name of the next member; `false` when there is none.
    #[inline(never)]
    fn enter(&mut self) -> Result<bool, DecodeError> {
        self.in_value = !self.ended && self.events.member_ahead()?;
        if !self.in_value {
            if !self.another(Tag::Member)? {
                return Ok(false);
            }
            self.events.open(Tag::Name)?;
            self.events.leaf()?;
            self.events.name_member();
        }
        Ok(true)
    }

    fn another(&mut self, tag: Tag) -> Result<bool, DecodeError> {
        self.ended = self.ended || !self.events.another(tag)?;
        Ok(!self.ended)
    }

    /// The value of a member whose name has been read.
    #[inline(never)]
    fn value<'de, T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, DecodeError> {
        if !std::mem::take(&mut self.in_value) {
            self.events.open(Tag::Value)?;
        }
        let value = seed.deserialize(Node(self.events))?;
        self.events.close()?;
        Ok(value)
    }

    /// A visitor may stop once it has everything it needs: there must then be no more.
    fn end(&mut self) -> Result<(), DecodeError> {
        if self.ended { Ok(()) } else { self.events.close() }
    }
}

impl<'de, R: BufRead> SeqAccess<'de> for &mut Members<'_, R> {
    type Error = DecodeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, DecodeError> {
        if !self.another(Tag::Value)? {
            return Ok(None);
        }
        self.events.trail().member();
        seed.deserialize(Node(self.events)).map(Some)
    }
}

impl<'de, R: BufRead> MapAccess<'de> for &mut Members<'_, R> {
    type Error = DecodeError;

    #[inline(always)]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, DecodeError> {
        self.whole = if self.ended { None } else { self.events.whole_member_ahead() };
        if self.whole.is_some() {
            return seed.deserialize(StrDeserializer::new(self.events.expected_name())).map(Some);
        }
        if !self.enter()? {
            return Ok(None);
        }
        seed.deserialize(StrDeserializer::new(self.events.text())).map(Some)
    }

    #[inline(always)]
    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, DecodeError> {
        let Some((kind, leap)) = self.whole.take() else { return self.value(seed) };
        let Some(parsed) = scalar::parse(kind, self.events.text_of(&leap)) else {
            // It is read tag by tag after all, up to what is wrong with it.
            self.enter()?;
            return self.value(seed);
        };
        let value = seed.deserialize(Leaf(parsed))?;
        self.events.leap_member(&leap)?;
        Ok(value)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.events.probable_members())
    }
}

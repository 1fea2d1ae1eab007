//! A result as a sequence of a few kinds of events, derived from serde's data model.
//!
//! A format without a serializer of its own implements [`Events`] and gets one from [`Feed`], so that it accepts both
//! trees and streams.

use std::fmt;
use std::io;

use serde::ser::{self, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, Serializer};

use model::Decimal;
use model::value_serde::DATE;
pub(super) use model::value_serde::NUMBER;

/// A value without members.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Scalar<'v> {
    Null,
    Bool(bool),
    /// The digits of a number.
    Number(&'v str),
    Text(&'v str),
    Date(&'v str),
    Bytes(&'v [u8]),
}

/// A value with members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nest {
    List,
    Dict,
}

/// Receives a result piece by piece, in order.
pub(super) trait Events {
    /// Receives a value without members.
    fn scalar(&mut self, scalar: Scalar<'_>) -> io::Result<()>;
    /// Begins a list or dictionary.
    fn open(&mut self, nest: Nest) -> io::Result<()>;
    /// The name of the next member, inside a dictionary.
    fn key(&mut self, key: &str) -> io::Result<()>;
    /// Ends the innermost list or dictionary.
    fn close(&mut self) -> io::Result<()>;
}

/// An error of the writer, or of the data being written.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(super) struct Fault(#[from] pub(super) io::Error);

impl ser::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Fault {
        Fault(io::Error::other(message.to_string()))
    }
}

/// A serde serializer for something that receives events.
pub(super) struct Feed<'e, E>(pub(super) &'e mut E);

impl<E: Events> Feed<'_, E> {
    fn scalar(self, scalar: Scalar<'_>) -> Result<(), Fault> {
        Ok(self.0.scalar(scalar)?)
    }
}

macro_rules! integers {
    ($($method:ident: $integer:ty,)*) => {
        $(fn $method(self, number: $integer) -> Result<(), Fault> {
            self.scalar(Scalar::Number(&number.to_string()))
        })*
    };
}

/// The error for tuples and variants: results contain none, only serde's types require the methods.
fn foreign<T>(what: &str) -> Result<T, Fault> {
    Err(ser::Error::custom(format_args!("a result contains no {what}")))
}

impl<'e, E: Events> Serializer for Feed<'e, E> {
    type Ok = ();
    type Error = Fault;
    type SerializeSeq = Members<'e, E>;
    type SerializeMap = Members<'e, E>;
    type SerializeStruct = Digits<'e, E>;
    type SerializeTuple = Impossible<(), Fault>;
    type SerializeTupleStruct = Impossible<(), Fault>;
    type SerializeTupleVariant = Impossible<(), Fault>;
    type SerializeStructVariant = Impossible<(), Fault>;

    integers! {
        serialize_i8: i8,
        serialize_i16: i16,
        serialize_i32: i32,
        serialize_i64: i64,
        serialize_u8: u8,
        serialize_u16: u16,
        serialize_u32: u32,
        serialize_u64: u64,
    }

    fn serialize_f32(self, number: f32) -> Result<(), Fault> {
        self.serialize_f64(number.into())
    }

    fn serialize_f64(self, number: f64) -> Result<(), Fault> {
        self.scalar(Scalar::Number(Decimal::from(number).as_str()))
    }

    fn serialize_bool(self, value: bool) -> Result<(), Fault> {
        self.scalar(Scalar::Bool(value))
    }

    fn serialize_char(self, c: char) -> Result<(), Fault> {
        self.serialize_str(c.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Result<(), Fault> {
        self.scalar(Scalar::Text(text))
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<(), Fault> {
        self.scalar(Scalar::Bytes(bytes))
    }

    fn serialize_none(self) -> Result<(), Fault> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Fault> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Fault> {
        self.scalar(Scalar::Null)
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), Fault> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Fault> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<(), Fault> {
        if name == DATE { self.scalar(Scalar::Date(&text_of(value)?)) } else { value.serialize(self) }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Fault> {
        foreign("variants")
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Members<'e, E>, Fault> {
        self.0.open(Nest::List)?;
        Ok(Members(self.0))
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Members<'e, E>, Fault> {
        self.0.open(Nest::Dict)?;
        Ok(Members(self.0))
    }

    fn serialize_struct(self, name: &'static str, _len: usize) -> Result<Digits<'e, E>, Fault> {
        if name == NUMBER { Ok(Digits(self.0)) } else { foreign("structs") }
    }

    fn serialize_tuple(self, _len: usize) -> Result<Self::SerializeTuple, Fault> {
        foreign("tuples")
    }

    fn serialize_tuple_struct(self, _: &'static str, _len: usize) -> Result<Self::SerializeTupleStruct, Fault> {
        foreign("tuples")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeTupleVariant, Fault> {
        foreign("variants")
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeStructVariant, Fault> {
        foreign("variants")
    }
}

/// An open list or dictionary.
pub(super) struct Members<'e, E>(&'e mut E);

impl<E: Events> SerializeSeq for Members<'_, E> {
    type Ok = ();
    type Error = Fault;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        value.serialize(Feed(self.0))
    }

    fn end(self) -> Result<(), Fault> {
        Ok(self.0.close()?)
    }
}

impl<E: Events> SerializeMap for Members<'_, E> {
    type Ok = ();
    type Error = Fault;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Fault> {
        Ok(self.0.key(&text_of(key)?)?)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        value.serialize(Feed(self.0))
    }

    fn end(self) -> Result<(), Fault> {
        Ok(self.0.close()?)
    }
}

/// The struct that represents an exact number.
pub(super) struct Digits<'e, E>(&'e mut E);

impl<E: Events> SerializeStruct for Digits<'_, E> {
    type Ok = ();
    type Error = Fault;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, _name: &'static str, digits: &T) -> Result<(), Fault> {
        Ok(self.0.scalar(Scalar::Number(&text_of(digits)?))?)
    }

    fn end(self) -> Result<(), Fault> {
        Ok(())
    }
}

/// The text of a key, a date or a number.
fn text_of<T: Serialize + ?Sized>(value: &T) -> Result<String, Fault> {
    let mut text = OneText(String::new());
    value.serialize(Feed(&mut text))?;
    Ok(text.0)
}

/// Accepts one text and nothing else.
struct OneText(String);

impl OneText {
    fn refuse() -> io::Result<()> {
        Err(io::Error::other("a key, a date and a number are texts"))
    }
}

impl Events for OneText {
    fn scalar(&mut self, scalar: Scalar<'_>) -> io::Result<()> {
        match scalar {
            Scalar::Text(text) => {
                text.clone_into(&mut self.0);
                Ok(())
            }
            _ => OneText::refuse(),
        }
    }

    fn open(&mut self, _nest: Nest) -> io::Result<()> {
        OneText::refuse()
    }

    fn key(&mut self, _key: &str) -> io::Result<()> {
        OneText::refuse()
    }

    fn close(&mut self) -> io::Result<()> {
        OneText::refuse()
    }
}

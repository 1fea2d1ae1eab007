//! The receiver of a result: the reader drives, and the consumer keeps what it needs.

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, IntoDeserializer};

use super::error::DecodeError;
use model::{Twins, Value};

/// Receives a result while it is decoded, to build a tree or to write it straight to a file.
pub trait Consume {
    /// What it makes of the result.
    type Output;
    /// What can go wrong, including a decoding error.
    type Error: From<DecodeError>;

    /// Reads the result from a deserializer.
    fn consume<'de, D>(self, source: D) -> Result<Self::Output, Self::Error>
    where
        D: Deserializer<'de>,
        D::Error: Into<DecodeError>;
}

/// Builds a tree.
pub(super) struct Tree;

impl Consume for Tree {
    type Output = Value;
    type Error = DecodeError;

    fn consume<'de, D>(self, source: D) -> Result<Value, DecodeError>
    where
        D: Deserializer<'de>,
        D::Error: Into<DecodeError>,
    {
        Value::deserialize(source).map_err(Into::into)
    }
}

/// Builds a tree and notes names that a dictionary has twice.
pub(super) struct Noting<'t>(pub(super) Twins<'t>);

impl Consume for Noting<'_> {
    type Output = Value;
    type Error = DecodeError;

    fn consume<'de, D>(self, source: D) -> Result<Value, DecodeError>
    where
        D: Deserializer<'de>,
        D::Error: Into<DecodeError>,
    {
        self.0.deserialize(source).map_err(Into::into)
    }
}

/// Reads a result and discards it.
pub struct Skip;

impl Consume for Skip {
    type Output = ();
    type Error = DecodeError;

    fn consume<'de, D>(self, source: D) -> Result<(), DecodeError>
    where
        D: Deserializer<'de>,
        D::Error: Into<DecodeError>,
    {
        IgnoredAny::deserialize(source).map(|_| ()).map_err(Into::into)
    }
}

/// A tree as input for a consumer.
pub(super) fn source(value: Value) -> impl for<'de> Deserializer<'de, Error = serde::de::value::Error> {
    IntoDeserializer::<serde::de::value::Error>::into_deserializer(value)
}

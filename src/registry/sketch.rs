//! The texts of a method that a search looks into, read without the rest of its entry.

use std::borrow::Cow;

use model::Type;
use serde::Deserialize;

/// What a method is called, what it is for, and the same of its parameters and its result.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Sketch<'c> {
    #[serde(borrow)]
    pub(crate) name: Cow<'c, str>,
    #[serde(borrow, default)]
    pub(crate) aliases: Vec<Cow<'c, str>>,
    #[serde(borrow, default)]
    pub(crate) summary: Cow<'c, str>,
    #[serde(borrow, default)]
    pub(crate) notes: Option<Cow<'c, str>>,
    #[serde(borrow, default)]
    pub(crate) params: Vec<Part<'c>>,
    #[serde(default)]
    pub(crate) returns: Type,
    #[serde(borrow, default)]
    pub(crate) returns_summary: Option<Cow<'c, str>>,
    #[serde(borrow, default)]
    pub(crate) fields: Vec<Part<'c>>,
}

/// A parameter, or a field of the result.
#[derive(Debug, Deserialize)]
pub(crate) struct Part<'c> {
    #[serde(borrow)]
    pub(crate) name: Cow<'c, str>,
    #[serde(borrow, default)]
    pub(crate) summary: Cow<'c, str>,
}

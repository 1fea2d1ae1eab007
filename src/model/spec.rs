//! What a catalogue says of one value, whether it is a parameter, a field of a dictionary or a member of a list.

use super::method::{Form, Sorting};
use super::pattern::Pattern;
use super::rule::Rule;
use super::{Field, Param, Shape, Type, Value};

/// What is known of a value. Empty lists and `None` limit nothing.
#[derive(Clone, Copy, Debug)]
pub struct Spec<'s> {
    /// Its type.
    pub type_: &'s Type,
    /// What a value of type `any` may be.
    pub takes: &'s [Type],
    /// The allowed values, of it or of its members.
    pub choices: &'s [Value],
    /// Smallest number, of it or of its members.
    pub min: Option<i64>,
    /// Largest number, of it or of its members.
    pub max: Option<i64>,
    /// What the number must be a multiple of.
    pub step: Option<i64>,
    /// Fewest characters, or members.
    pub min_length: Option<usize>,
    /// Most characters, or members.
    pub max_length: Option<usize>,
    /// A pattern for it or for its members.
    pub pattern: Option<Pattern>,
    /// Texts that it must not be.
    pub not: &'s [String],
    /// An empty text may stand for no value.
    pub or_empty: bool,
    /// No two members may be the same.
    pub distinct: bool,
    /// Members that must be the only one.
    pub alone: &'s [Value],
    /// How a date is written.
    pub form: Option<Form>,
    /// What a list can be sorted by.
    pub sorts: Option<&'s Sorting>,
    /// A password or a key.
    pub secret: bool,
    /// The fields of it, or of its members, where no shape is named.
    fields: &'s [Field],
    /// What those fields ask of each other, where no shape is named.
    rules: &'s [Rule],
}

/// The type of what nothing is known of.
static ANY: Type = Type::Any;

/// What parameters and fields have in common. It is written in each of them, because serde refuses unknown keys only where
/// the known ones are.
macro_rules! shared {
    ($of:expr) => {
        Spec {
            type_: &$of.type_,
            takes: &$of.takes,
            choices: &$of.choices,
            min: $of.min,
            max: $of.max,
            step: $of.step,
            min_length: $of.min_length,
            max_length: $of.max_length,
            pattern: $of.pattern,
            not: &$of.not,
            or_empty: $of.or_empty,
            distinct: $of.distinct,
            alone: &$of.alone,
            form: $of.form,
            sorts: None,
            secret: $of.secret,
            fields: &$of.fields,
            rules: &$of.rules,
        }
    };
}

impl<'s> Spec<'s> {
    /// Of a parameter.
    pub fn of(param: &'s Param) -> Spec<'s> {
        Spec { sorts: param.sorts.as_ref(), ..shared!(param) }
    }

    /// Of a field.
    pub fn of_field(field: &'s Field) -> Spec<'s> {
        shared!(field)
    }

    /// Of something that may be anything.
    pub fn any() -> Spec<'static> {
        Spec {
            type_: &ANY,
            takes: &[],
            choices: &[],
            min: None,
            max: None,
            step: None,
            min_length: None,
            max_length: None,
            pattern: None,
            not: &[],
            or_empty: false,
            distinct: false,
            alone: &[],
            form: None,
            sorts: None,
            secret: false,
            fields: &[],
            rules: &[],
        }
    }

    /// The same limits for another type: what it takes in place of `any`.
    pub fn as_type(self, type_: &'s Type) -> Spec<'s> {
        Spec { type_, takes: &[], ..self }
    }

    /// Of a member of this list, or a value of this dictionary of free keys: its limits are for them, but for its length
    /// and what is said of the list as a whole.
    pub fn member(self) -> Option<Spec<'s>> {
        match self.type_ {
            Type::List(inner) | Type::MapOf(inner) => {
                Some(Spec { type_: inner, min_length: None, max_length: None, distinct: false, alone: &[], ..self })
            }
            _ => None,
        }
    }

    /// The fields of this dictionary, and what they ask of each other. `None` where it may hold anything, and for what
    /// is no dictionary.
    pub fn fields(self, shapes: &'s [Shape]) -> Option<(&'s [Field], &'s [Rule])> {
        match self.type_ {
            Type::Dict if !self.fields.is_empty() => Some((self.fields, self.rules)),
            Type::Shape(name) => {
                let shape = shapes.iter().find(|shape| shape.name == *name)?;
                Some((&shape.fields, &shape.rules))
            }
            _ => None,
        }
    }
}

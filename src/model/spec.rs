//! What a catalogue says about one value, whether a parameter, a field of a dictionary or a member of a list.

use super::Form;
use super::method::Sorting;
use super::pattern::Pattern;
use super::rule::Rule;
use super::{Field, Param, Shape, Type, Value};

/// The description of a value. Empty lists and `None` mean no limit.
#[derive(Clone, Copy, Debug)]
pub struct Spec<'s> {
    /// Its type.
    pub type_: &'s Type,
    /// The types that a value of type `any` may have.
    pub takes: &'s [Type],
    /// The allowed values, of the value or of its members.
    pub choices: &'s [Value],
    /// Smallest number, of the value or of its members.
    pub min: Option<i64>,
    /// Largest number, of the value or of its members.
    pub max: Option<i64>,
    /// What the number must be a multiple of.
    pub step: Option<i64>,
    /// Fewest characters, or fewest members.
    pub min_length: Option<usize>,
    /// Most characters, or most members.
    pub max_length: Option<usize>,
    /// A pattern for the value or for its members.
    pub pattern: Option<Pattern>,
    /// Texts that are not allowed.
    pub not: &'s [String],
    /// An empty text is accepted as "no value".
    pub or_empty: bool,
    /// No two members may be equal.
    pub distinct: bool,
    /// Values that are only allowed as the single member.
    pub alone: &'s [Value],
    /// How a date is written.
    pub form: Option<Form>,
    /// What a list can be sorted by.
    pub sorts: Option<&'s Sorting>,
    /// A password or a key.
    pub secret: bool,
    /// A file that is sent as it is.
    pub file: bool,
    /// The fields of the value or of its members, unless the type names a shape.
    fields: &'s [Field],
    /// Rules between those fields, unless the type names a shape.
    rules: &'s [Rule],
}

/// The type of a value of which nothing is known.
static ANY: Type = Type::Any;

/// The fields that parameters and fields have in common. They are repeated in each struct, because serde can only
/// refuse unknown keys where it sees all the known ones.
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
            file: false,
            fields: &$of.fields,
            rules: &$of.rules,
        }
    };
}

impl<'s> Spec<'s> {
    /// The description of a parameter.
    pub fn of(param: &'s Param) -> Spec<'s> {
        Spec { sorts: param.sorts.as_ref(), file: param.file, ..shared!(param) }
    }

    /// The description of a field.
    pub fn of_field(field: &'s Field) -> Spec<'s> {
        shared!(field)
    }

    /// The description of a value that may be anything.
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
            file: false,
            fields: &[],
            rules: &[],
        }
    }

    /// The same limits for another type, one of those that `any` may be.
    pub fn as_type(self, type_: &'s Type) -> Spec<'s> {
        Spec { type_, takes: &[], ..self }
    }

    /// The description of a member of this list, or of a value of this dictionary with free keys: the limits apply to
    /// members, except the length and what is said about the list as a whole.
    pub fn member(self) -> Option<Spec<'s>> {
        match self.type_ {
            Type::List(inner) | Type::MapOf(inner) => {
                Some(Spec { type_: inner, min_length: None, max_length: None, distinct: false, alone: &[], ..self })
            }
            _ => None,
        }
    }

    /// The fields of this dictionary, and the rules between them. `None` when it may hold anything, or when it is not a
    /// dictionary.
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

//! The names of the elements, and which of them hold a scalar.

use crate::xml::Vocabulary;
use model::weight;

/// An element of XML-RPC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    MethodCall,
    MethodName,
    MethodResponse,
    Params,
    Param,
    Fault,
    Value,
    Array,
    Data,
    Struct,
    Member,
    Name,
    Scalar(Scalar),
    /// Not an element of XML-RPC.
    Other,
}

/// The type of an element's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scalar {
    Text,
    Int,
    Double,
    Boolean,
    Date,
    Bytes,
    Nil,
}

impl Vocabulary for Tag {
    /// The element with that name. The types that Apache added are in its namespace there, under any prefix, and
    /// without a prefix elsewhere.
    fn of(name: &str) -> Tag {
        match name {
            "value" => Tag::Value,
            "member" => Tag::Member,
            "name" => Tag::Name,
            "string" => Tag::Scalar(Scalar::Text),
            "int" | "i4" => Tag::Scalar(Scalar::Int),
            "double" => Tag::Scalar(Scalar::Double),
            "boolean" => Tag::Scalar(Scalar::Boolean),
            "dateTime.iso8601" => Tag::Scalar(Scalar::Date),
            "base64" => Tag::Scalar(Scalar::Bytes),
            "struct" => Tag::Struct,
            "array" => Tag::Array,
            "data" => Tag::Data,
            "methodCall" => Tag::MethodCall,
            "methodName" => Tag::MethodName,
            "methodResponse" => Tag::MethodResponse,
            "params" => Tag::Params,
            "param" => Tag::Param,
            "fault" => Tag::Fault,
            _ => Tag::extension(name.split_once(':').map_or(name, |(_, local)| local)),
        }
    }

    /// Whether it contains values, so that it counts as a level.
    fn is_container(self) -> bool {
        matches!(self, Tag::Array | Tag::Struct)
    }

    fn weight(self) -> u64 {
        match self {
            Tag::Value => weight::MEMBER,
            Tag::Member => weight::ENTRY - weight::MEMBER,
            Tag::Struct => weight::MAP,
            Tag::Array => weight::LIST,
            _ => 0,
        }
    }

    fn holds_elements(self) -> bool {
        !matches!(self, Tag::MethodName | Tag::Value | Tag::Name | Tag::Scalar(_) | Tag::Other)
    }

    /// The element's name; the usual one if several have the same meaning.
    fn name(self) -> Option<&'static str> {
        (self != Tag::Other).then(|| self.word())
    }
}

impl Tag {
    fn extension(name: &str) -> Tag {
        match name {
            "nil" => Tag::Scalar(Scalar::Nil),
            "i1" | "i2" | "i8" | "biginteger" => Tag::Scalar(Scalar::Int),
            "float" | "bigdecimal" => Tag::Scalar(Scalar::Double),
            "dateTime" => Tag::Scalar(Scalar::Date),
            _ => Tag::Other,
        }
    }

    /// The element's name, for messages and errors.
    pub(super) fn word(self) -> &'static str {
        match self {
            Tag::MethodCall => "methodCall",
            Tag::MethodName => "methodName",
            Tag::MethodResponse => "methodResponse",
            Tag::Params => "params",
            Tag::Param => "param",
            Tag::Fault => "fault",
            Tag::Value => "value",
            Tag::Array => "array",
            Tag::Data => "data",
            Tag::Struct => "struct",
            Tag::Member => "member",
            Tag::Name => "name",
            Tag::Scalar(scalar) => scalar.name(),
            Tag::Other => "another element",
        }
    }
}

impl Scalar {
    /// The usual name of the type.
    pub(super) fn name(self) -> &'static str {
        match self {
            Scalar::Text => "string",
            Scalar::Int => "int",
            Scalar::Double => "double",
            Scalar::Boolean => "boolean",
            Scalar::Date => "dateTime.iso8601",
            Scalar::Bytes => "base64",
            Scalar::Nil => "nil",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_extensions_may_have_a_prefix() {
        assert_eq!(Tag::of("ex:nil"), Tag::Scalar(Scalar::Nil));
        assert_eq!(Tag::of("extension:i8"), Tag::of("i8"));
        assert_eq!(Tag::of("ex:dateTime"), Tag::of("dateTime.iso8601"));
        for other in ["ex:string", "ex:value", "ex:", ":", "", "Value", "ex:ex:nil"] {
            assert_eq!(Tag::of(other), Tag::Other, "{other}");
        }
    }
}

//! The declared types of parameters and results.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A declared type, written as in the catalogues: `string`, `list:int`, `map:@rule`, `@zone`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Type {
    /// Anything, or not known.
    #[default]
    Any,
    /// No value is promised.
    None,
    /// Text.
    String,
    /// A whole number.
    Int,
    /// A decimal number.
    Float,
    /// True or false.
    Boolean,
    /// A date or a time.
    Date,
    /// Bytes.
    Bytes,
    /// A dictionary with named fields.
    Dict,
    /// A list; `Any` inside when the document does not give the type of its members.
    List(Box<Type>),
    /// A dictionary with free keys and values of one type.
    MapOf(Box<Type>),
    /// A dictionary described elsewhere in the catalogue.
    Shape(String),
}

impl Type {
    /// The word a user writes in parentheses for a value of this type; `any` where there is none.
    pub fn keyword(&self) -> String {
        match self {
            Type::Any => "any".into(),
            Type::None | Type::String => "string".into(),
            Type::Int => "int".into(),
            Type::Float => "float".into(),
            Type::Boolean => "boolean".into(),
            Type::Date => "date".into(),
            Type::Bytes => "base64".into(),
            Type::Dict | Type::MapOf(_) | Type::Shape(_) => "json".into(),
            Type::List(inner) => match **inner {
                Type::Int | Type::Float | Type::Boolean | Type::Date => format!("list:{}", inner.keyword()),
                Type::Dict | Type::MapOf(_) | Type::Shape(_) | Type::List(_) => "json".into(),
                _ => "list".into(),
            },
        }
    }

    /// A description of a value of this type, with its article: `a whole number`.
    pub fn described(&self) -> &'static str {
        match self {
            Type::Any | Type::None => "a value",
            Type::String => "a text",
            Type::Int => "a whole number",
            Type::Float => "a decimal number",
            Type::Boolean => "true or false",
            Type::Date => "a date",
            Type::Bytes => "bytes",
            Type::Dict | Type::MapOf(_) | Type::Shape(_) => "a dictionary",
            Type::List(inner) => match **inner {
                Type::String => "a list of texts",
                Type::Int => "a list of whole numbers",
                Type::Date => "a list of dates",
                Type::Dict | Type::MapOf(_) | Type::Shape(_) => "a list of dictionaries",
                _ => "a list",
            },
        }
    }

    /// The shape named anywhere in this type.
    pub fn shape(&self) -> Option<&str> {
        match self {
            Type::Shape(name) => Some(name),
            Type::List(inner) | Type::MapOf(inner) => inner.shape(),
            _ => None,
        }
    }

    /// Whether the type, or the type of its members, is a dictionary.
    pub fn holds_dict(&self) -> bool {
        match self {
            Type::Dict | Type::Shape(_) => true,
            Type::List(inner) | Type::MapOf(inner) => inner.holds_dict(),
            _ => false,
        }
    }
}

impl FromStr for Type {
    type Err = String;

    fn from_str(text: &str) -> Result<Type, String> {
        if let Some(name) = text.strip_prefix('@') {
            return Ok(Type::Shape(name.to_owned()));
        }
        if let Some(inner) = text.strip_prefix("list:") {
            return Ok(Type::List(Box::new(inner.parse()?)));
        }
        if let Some(inner) = text.strip_prefix("map:") {
            return Ok(Type::MapOf(Box::new(inner.parse()?)));
        }
        Ok(match text {
            "any" => Type::Any,
            "none" => Type::None,
            "string" => Type::String,
            "int" => Type::Int,
            "float" => Type::Float,
            "boolean" => Type::Boolean,
            "date" => Type::Date,
            "bytes" => Type::Bytes,
            "dict" => Type::Dict,
            "list" => Type::List(Box::new(Type::Any)),
            _ => return Err(format!("{text} is not a type")),
        })
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Any => f.write_str("any"),
            Type::None => f.write_str("none"),
            Type::String => f.write_str("string"),
            Type::Int => f.write_str("int"),
            Type::Float => f.write_str("float"),
            Type::Boolean => f.write_str("boolean"),
            Type::Date => f.write_str("date"),
            Type::Bytes => f.write_str("bytes"),
            Type::Dict => f.write_str("dict"),
            Type::List(inner) if **inner == Type::Any => f.write_str("list"),
            Type::List(inner) => write!(f, "list:{inner}"),
            Type::MapOf(inner) => write!(f, "map:{inner}"),
            Type::Shape(name) => write!(f, "@{name}"),
        }
    }
}

impl Serialize for Type {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Type {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Type, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_read_as_they_are_printed() {
        for text in [
            "any",
            "none",
            "string",
            "int",
            "float",
            "boolean",
            "date",
            "bytes",
            "dict",
            "list",
            "list:int",
            "map:@dns.rule",
            "list:list:@x",
        ] {
            assert_eq!(text.parse::<Type>().map(|t| t.to_string()), Ok(text.to_owned()));
        }
        assert!("integer".parse::<Type>().is_err());
    }
}

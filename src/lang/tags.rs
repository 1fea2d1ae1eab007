//! The types that can be written before a value: `(int)5`.

use std::fmt;

use model::Span;

/// A type in parentheses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Which type.
    pub kind: TagKind,
    /// The parentheses and the text between them.
    pub span: Span,
}

/// How a word is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagKind {
    /// As text.
    String,
    /// As a whole number.
    Int,
    /// As a number.
    Float,
    /// As true or false.
    Boolean,
    /// As a date or a time.
    Date,
    /// As JSON.
    Json,
    /// As no value.
    Null,
    /// As the path of a file whose text is the value.
    File,
    /// As the path of a file whose bytes are the value.
    Base64,
    /// As members separated by commas.
    List(Scalar),
}

/// What the members of a list are read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// As text.
    String,
    /// As a whole number.
    Int,
    /// As a number.
    Float,
    /// As true or false.
    Boolean,
    /// As a date or a time.
    Date,
}

impl TagKind {
    /// The names of the types, for completion and help.
    pub const NAMES: &[&str] = &[
        "string",
        "int",
        "float",
        "boolean",
        "list",
        "date",
        "json",
        "null",
        "file",
        "base64",
        "list:int",
        "list:float",
        "list:boolean",
        "list:date",
    ];

    /// The type with a name, in any letter case; other common names are accepted too.
    pub fn parse(name: &str) -> Option<TagKind> {
        let name = name.to_ascii_lowercase();
        if let Some(member) = name.strip_prefix("list:") {
            return Scalar::parse(member).map(TagKind::List);
        }
        Some(match name.as_str() {
            "list" => TagKind::List(Scalar::String),
            "json" => TagKind::Json,
            "null" => TagKind::Null,
            "file" => TagKind::File,
            "base64" => TagKind::Base64,
            scalar => Scalar::parse(scalar)?.into(),
        })
    }
}

impl Scalar {
    fn parse(name: &str) -> Option<Scalar> {
        Some(match name {
            "string" | "str" => Scalar::String,
            "int" | "integer" => Scalar::Int,
            "float" | "double" | "decimal" => Scalar::Float,
            "boolean" | "bool" => Scalar::Boolean,
            "date" => Scalar::Date,
            _ => return None,
        })
    }
}

impl From<Scalar> for TagKind {
    fn from(scalar: Scalar) -> TagKind {
        match scalar {
            Scalar::String => TagKind::String,
            Scalar::Int => TagKind::Int,
            Scalar::Float => TagKind::Float,
            Scalar::Boolean => TagKind::Boolean,
            Scalar::Date => TagKind::Date,
        }
    }
}

impl fmt::Display for TagKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TagKind::String => "string",
            TagKind::Int => "int",
            TagKind::Float => "float",
            TagKind::Boolean => "boolean",
            TagKind::Date => "date",
            TagKind::Json => "json",
            TagKind::Null => "null",
            TagKind::File => "file",
            TagKind::Base64 => "base64",
            TagKind::List(Scalar::String) => "list",
            TagKind::List(member) => return write!(f, "list:{}", TagKind::from(*member)),
        })
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({})", self.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listed_names_are_read_as_they_are_printed() {
        for name in TagKind::NAMES {
            assert_eq!(TagKind::parse(name).map(|kind| kind.to_string()).as_deref(), Some(*name));
        }
    }

    #[test]
    fn other_spellings_are_accepted() {
        for (name, printed) in [
            ("INT", "int"),
            ("Integer", "int"),
            ("bool", "boolean"),
            ("double", "float"),
            ("decimal", "float"),
            ("str", "string"),
            ("list:string", "list"),
            ("List:Integer", "list:int"),
        ] {
            assert_eq!(TagKind::parse(name).map(|kind| kind.to_string()).as_deref(), Some(printed), "{name}");
        }
    }

    #[test]
    fn no_other_name_is_a_type() {
        for name in ["", " int", "text", "list:", "list:list", "list:json", "int:list"] {
            assert_eq!(TagKind::parse(name), None, "{name}");
        }
    }
}

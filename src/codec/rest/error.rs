//! Why a call cannot be written as a request to its own address, and why an answer to it cannot be read.

use thiserror::Error;

use model::route::Sends;
use model::{Class, Diagnostic, Sent};

/// A call that cannot be sent. Nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EncodeError {
    /// The catalogue does not give the method's address.
    #[error("no address is known for {method}")]
    NoRoute {
        /// The method.
        method: String,
    },
    /// The values have no names.
    #[error("the values of {method} cannot be sent without their names")]
    Unnamed {
        /// The method.
        method: String,
    },
    /// A part of the address is missing.
    #[error("{name} is part of the address and is missing")]
    Missing {
        /// The parameter or variable.
        name: String,
    },
    /// A value would turn the address into a different one.
    #[error("{name} is part of the address and cannot be {value:?}")]
    Segment {
        /// The parameter.
        name: String,
        /// Its value.
        value: String,
    },
    /// The path depends on a parameter, and there is none for this value.
    #[error("there is no address for {name} {value:?}")]
    NoPath {
        /// The parameter.
        name: String,
        /// Its value.
        value: String,
    },
    /// A secret would be in the address, which every proxy and server on the way may log.
    #[error("{name} is secret and cannot be part of the address")]
    Secret {
        /// The parameter.
        name: String,
    },
    /// A value that cannot be the value of a header.
    #[error("{name} is sent as a header, which is one line of text: not a dictionary, and no line break in it")]
    Header {
        /// The parameter.
        name: String,
    },
    /// A value that cannot be the value of a cookie.
    #[error("{name} is sent as a cookie, which is one text without blanks, quotes, commas and semicolons")]
    Cookie {
        /// The parameter.
        name: String,
    },
    /// A list whose members cannot be told apart once they are joined.
    #[error("{name} is sent as one text, so no member of it can contain what separates them, or a line break")]
    Joined {
        /// The parameter.
        name: String,
    },
    /// A list or a dictionary where only a single value is possible.
    #[error("{name} is a {kind}, and only a single value is possible there")]
    Nested {
        /// The parameter or field.
        name: String,
        /// The kind of value.
        kind: &'static str,
    },
    /// A character that XML cannot hold.
    #[error("{name} contains the character U+{:04X}, which XML cannot carry", u32::from(*.character))]
    Character {
        /// The parameter or field.
        name: String,
        /// The character.
        character: char,
    },
    /// The whole body was given as one text, but there are other values too, or the credentials are fields of the body.
    #[error(
        "`{}` gives the whole body as one text: no other value can go with it, nor can the key as a field of it",
        Sends::WHOLE
    )]
    Whole,
    /// One parameter is the whole body, and it is missing or not alone.
    #[error("{whole} is the whole body{}", beside(name))]
    Beside {
        /// The parameter that is the body.
        whole: String,
        /// What else was given; empty if nothing was.
        name: String,
    },
    /// A value belongs inside another one that is not an object.
    #[error("{name} belongs at {path} of the body, and another value is in the way there")]
    Taken {
        /// The parameter.
        name: String,
        /// Its place.
        path: String,
    },
    /// A name that an element cannot have.
    #[error("{name:?} cannot be the name of an XML element")]
    Name {
        /// The name.
        name: String,
    },
}

fn beside(name: &str) -> String {
    match name {
        "" => " and is missing".to_owned(),
        name => format!(": {name} cannot be sent beside it"),
    }
}

impl Diagnostic for EncodeError {
    fn class(&self) -> Class {
        Class::Usage
    }

    fn hint(&self) -> Option<String> {
        match self {
            EncodeError::Unnamed { .. } => Some("leave out --positional".into()),
            _ => None,
        }
    }
}

/// An answer that is not what the catalogue promises.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// A report that cannot be read.
    #[error("not well-formed CSV: {problem}")]
    Csv {
        /// What is wrong, and where.
        problem: String,
    },
    /// Two members have the same name, where only one can be meant.
    #[error("it has `{name}` twice, and nobody knows which is meant")]
    Twice {
        /// The name.
        name: String,
    },
    /// The field that says whether the call worked is missing.
    #[error("it does not say whether the call worked: {field} is missing")]
    NoVerdict {
        /// The field.
        field: String,
    },
}

impl Diagnostic for DecodeError {
    fn class(&self) -> Class {
        Class::Failed
    }

    fn sent(&self) -> Sent {
        Sent::Yes
    }
}

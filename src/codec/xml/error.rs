//! What can be wrong with a message, and where.

use std::fmt;

use thiserror::Error;

use crate::message::MessageError;
use model::{Class, Diagnostic, Sent};

/// A position in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The number of bytes before it; counted in UTF-8 when the message came in another encoding.
    pub at: u64,
    /// The innermost element that is open there.
    pub element: Option<&'static str>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.element {
            Some(element) => write!(f, "byte {} (inside <{element}>)", self.at),
            None => write!(f, "byte {}", self.at),
        }
    }
}

/// Why a message cannot be read. Texts taken from it are short and free of control characters.
#[derive(Debug, Error)]
pub enum DecodeError {
    /// The bytes could not be received or decoded, or the message is something else.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// A document type with definitions: they could make a short message a long one.
    #[error("the message has a DOCTYPE with definitions at {place}, which is not accepted")]
    Doctype {
        /// Where it begins.
        place: Place,
    },
    /// A reference to an undefined entity, or to a number that is not a character.
    #[error("unknown reference &{name}; at {place}")]
    Reference {
        /// Where it begins.
        place: Place,
        /// The text between `&` and `;`.
        name: String,
    },
    /// A character that XML cannot hold.
    #[error("character U+{:04X}, which XML cannot contain, at {place}", u32::from(*.character))]
    Character {
        /// Its position.
        place: Place,
        /// The character.
        character: char,
    },
    /// A violation of XML's own rules.
    #[error("not well-formed XML at {place}: {problem}")]
    Malformed {
        /// Where it begins.
        place: Place,
        /// What is wrong.
        problem: String,
    },
    /// The message ends before it is complete.
    #[error("the message breaks off at {place}")]
    Truncated {
        /// Where the incomplete part begins.
        place: Place,
    },
    /// An element in a place where it is not allowed.
    #[error("unexpected {found} at {place}, expected {expected}")]
    Unexpected {
        /// Where it begins.
        place: Place,
        /// The tag, or the end of the message.
        found: String,
        /// What is allowed there.
        expected: String,
    },
    /// Text between elements.
    #[error("unexpected text {text:?} before {place}")]
    Stray {
        /// Where the next tag begins.
        place: Place,
        /// The text.
        text: String,
    },
    /// A type that is neither in the specification nor among the known extensions.
    #[error("unknown type <{name}> at {place}")]
    UnknownType {
        /// Where its tag begins.
        place: Place,
        /// Its name.
        name: String,
    },
    /// A scalar that is not what its type says.
    #[error("{text:?} is not a valid {kind}, before {place}")]
    Scalar {
        /// Where its closing tag begins.
        place: Place,
        /// The name of the type.
        kind: &'static str,
        /// The text.
        text: String,
    },
    /// Too many lists and dictionaries inside each other.
    #[error("more than {limit} levels of arrays and structs at {place}")]
    Deep {
        /// Where the last one begins.
        place: Place,
        /// The limit.
        limit: usize,
    },
    /// A tag is too long.
    #[error("a tag longer than {limit} bytes at {place}")]
    LongTag {
        /// Where it begins.
        place: Place,
        /// The limit, in bytes.
        limit: usize,
    },
    /// An error in the data of one value.
    #[error("{error}, in {path}")]
    Within {
        /// The path to the value, such as `[3].name`.
        path: String,
        /// What is wrong.
        error: Box<DecodeError>,
    },
    /// The consumer expected other values.
    #[error("{0}")]
    Consumer(String),
}

impl DecodeError {
    /// The same error with the path of a value, if it is about the data of a value.
    pub(crate) fn within(self, path: &str) -> DecodeError {
        match self {
            error if path.is_empty() => error,
            DecodeError::Message(error) => DecodeError::Message(error.in_place(path)),
            error @ (DecodeError::Character { .. } | DecodeError::Reference { .. } | DecodeError::Scalar { .. }) => {
                DecodeError::Within { path: path.to_owned(), error: Box::new(error) }
            }
            other => other,
        }
    }
}

impl serde::de::Error for DecodeError {
    fn custom<T: fmt::Display>(message: T) -> DecodeError {
        DecodeError::Consumer(message.to_string())
    }
}

impl Diagnostic for DecodeError {
    fn class(&self) -> Class {
        Class::Failed
    }

    fn sent(&self) -> Sent {
        Sent::Yes
    }

    fn provider_words(&self) -> Option<&str> {
        match self {
            DecodeError::Message(error) => error.provider_words(),
            _ => None,
        }
    }
}

//! Why a message cannot be read, whatever its notation.

use std::io;

use thiserror::Error;

use super::found::{Found, excerpt};
use model::{Class, Diagnostic, Sent};

/// Bytes that did not come, are too many, are of no known character set or are something else altogether. Texts taken from a message are short and
/// free of control characters.
#[derive(Debug, Error)]
pub enum MessageError {
    /// The bytes stopped coming; the error is the one that the input gave.
    #[error(transparent)]
    Io(io::Error),
    /// A character set that nobody knows.
    #[error("unknown character set {label:?}")]
    Charset {
        /// Its name, from the HTTP header or the XML declaration.
        label: String,
    },
    /// Bytes that are not of the character set.
    #[error("byte {at} is not {charset}")]
    Encoding {
        /// How many bytes stand before the wrong one.
        at: u64,
        /// The character set that was promised.
        charset: &'static str,
    },
    /// Too long a message.
    #[error("the message is longer than {limit} bytes")]
    Long {
        /// How many are allowed.
        limit: u64,
    },
    /// Too long a text or a tag to be held in memory.
    #[error("a value or a tag is longer than {limit} bytes")]
    LongPiece {
        /// How many are allowed.
        limit: u64,
    },
    /// Something else came.
    #[error("the message is not {wanted} but {found}")]
    Foreign {
        /// What it should be.
        wanted: &'static str,
        /// What came.
        found: Found,
        /// How it begins, as readable text.
        excerpt: String,
    },
}

impl MessageError {
    /// The error of a message that begins so and is something else than was wanted.
    pub(crate) fn foreign(wanted: &'static str, found: Found, head: &str) -> MessageError {
        MessageError::Foreign { wanted, found, excerpt: excerpt(head) }
    }
}

impl Diagnostic for MessageError {
    fn class(&self) -> Class {
        Class::Failed
    }

    fn sent(&self) -> Sent {
        Sent::Yes
    }

    fn provider_words(&self) -> Option<&str> {
        match self {
            MessageError::Foreign { excerpt, .. } if !excerpt.is_empty() => Some(excerpt),
            _ => None,
        }
    }
}

impl From<io::Error> for MessageError {
    /// The error that a message's own input gave, which may be one of these.
    fn from(error: io::Error) -> MessageError {
        error.downcast().unwrap_or_else(MessageError::Io)
    }
}

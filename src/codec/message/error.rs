//! Why a message cannot be read, whatever its notation.

use std::io;

use thiserror::Error;

use super::found::{Found, excerpt};
use model::{Class, Diagnostic, Sent};

/// Bytes that did not come, are too many, are not of their character set or are something else altogether. Texts taken
/// from a message are short and free of control characters.
#[derive(Debug, Error)]
pub enum MessageError {
    /// The bytes stopped coming; the error is the one that the input gave.
    #[error(transparent)]
    Io(io::Error),
    /// It is packed in a way that the wire cannot unpack.
    #[error("it is packed with {coding}, which was not asked for")]
    Packed {
        /// What the server calls it.
        coding: String,
    },
    /// Bytes that are not of the character set.
    #[error("byte {at} is not {charset}{}", within(place.as_deref()))]
    Encoding {
        /// How many bytes stand before the wrong one.
        at: u64,
        /// The character set that was promised.
        charset: &'static str,
        /// The value that it is in, as a path, where that is known.
        place: Option<String>,
    },
    /// Too long a message.
    #[error("the message is longer than {limit} bytes")]
    Long {
        /// How many are allowed.
        limit: u64,
        /// It could be stored without being held.
        streams: bool,
    },
    /// Too many values to be held in memory.
    #[error("its values would take more than {} MB of memory", limit / (1024 * 1024))]
    Heavy {
        /// How many bytes are allowed.
        limit: u64,
        /// It could be stored without being held.
        streams: bool,
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

/// Where in the values of a message something is.
fn within(place: Option<&str>) -> String {
    place.map(|place| format!(", in {place}")).unwrap_or_default()
}

impl MessageError {
    /// The same error of bytes that are in a value which is known by its path.
    pub(crate) fn in_place(self, path: &str) -> MessageError {
        match self {
            MessageError::Encoding { at, charset, place: None } if !path.is_empty() => {
                MessageError::Encoding { at, charset, place: Some(path.to_owned()) }
            }
            other => other,
        }
    }

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

    fn hint(&self) -> Option<String> {
        match self {
            MessageError::Heavy { streams: true, .. } | MessageError::Long { streams: true, .. } => {
                Some("a file takes it without holding it in memory, in a command or a script: -o jsonl '|' FILE".into())
            }
            MessageError::Heavy { .. } => Some("-o raw gives the provider's own bytes, which are shorter".into()),
            _ => None,
        }
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

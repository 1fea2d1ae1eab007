//! Why a message cannot be read, in any notation.

use std::io;

use thiserror::Error;

use super::found::{Found, excerpt};
use model::{Class, Diagnostic, Sent};

/// Bytes that did not arrive, are too many, do not fit their character set or are something else altogether. Texts
/// taken from a message are short and free of control characters.
#[derive(Debug, Error)]
pub enum MessageError {
    /// The bytes stopped coming; the error is the input's own.
    #[error(transparent)]
    Io(io::Error),
    /// It is encoded in a way that the wire cannot decode.
    #[error("it is packed with {coding}, which was not asked for")]
    Packed {
        /// The server's name for the encoding.
        coding: String,
    },
    /// Bytes that do not fit the character set.
    #[error("byte {at} is not {charset}{}", within(place.as_deref()))]
    Encoding {
        /// The number of bytes before the wrong one.
        at: u64,
        /// The declared character set.
        charset: &'static str,
        /// The path of the value that contains it, where known.
        place: Option<String>,
    },
    /// The message is too long.
    #[error("the message is longer than {limit} bytes")]
    Long {
        /// The limit, in bytes.
        limit: u64,
        /// The message could be written to a file without being held in memory.
        streams: bool,
    },
    /// The values would take too much memory.
    #[error("its values would take more than {} MB of memory", limit / (1024 * 1024))]
    Heavy {
        /// The limit, in bytes.
        limit: u64,
        /// The message could be written to a file without being held in memory.
        streams: bool,
    },
    /// A text or a tag is too long to be held in memory.
    #[error("a value or a tag is longer than {limit} bytes")]
    LongPiece {
        /// The limit, in bytes.
        limit: u64,
    },
    /// Something else came.
    #[error("the message is not {wanted} but {found}")]
    Foreign {
        /// What was expected.
        wanted: &'static str,
        /// What came.
        found: Found,
        /// Its beginning, as readable text.
        excerpt: String,
    },
}

/// The position in the values of a message, in words.
fn within(place: Option<&str>) -> String {
    place.map(|place| format!(", in {place}")).unwrap_or_default()
}

impl MessageError {
    /// The same error with the path of the value that contains the bytes.
    pub(crate) fn in_place(self, path: &str) -> MessageError {
        match self {
            MessageError::Encoding { at, charset, place: None } if !path.is_empty() => {
                MessageError::Encoding { at, charset, place: Some(path.to_owned()) }
            }
            other => other,
        }
    }

    /// The error of a message that is not what was expected, judged by its beginning.
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
    /// The error from a message's own input, which may already be one of these.
    fn from(error: io::Error) -> MessageError {
        error.downcast().unwrap_or_else(MessageError::Io)
    }
}

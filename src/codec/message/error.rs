//! Why a message cannot be read, whatever its notation.

use std::io;

use thiserror::Error;

/// Bytes that did not come, are too many or are of no known character set. Texts taken from a message are short and
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
}

impl From<io::Error> for MessageError {
    /// The error that a message's own input gave, which may be one of these.
    fn from(error: io::Error) -> MessageError {
        error.downcast().unwrap_or_else(MessageError::Io)
    }
}

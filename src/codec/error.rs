//! Why a call cannot be sent, and why an answer is no answer.

use super::{rest, xml, xmlrpc};
use crate::model::http::Head;
use crate::model::{Class, Diagnostic, Sent};

/// A call that cannot be written in its provider's protocol.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// Not as XML-RPC.
    #[error(transparent)]
    XmlRpc(#[from] xmlrpc::EncodeError),
    /// Not as a request to an address of its own.
    #[error(transparent)]
    Rest(#[from] rest::EncodeError),
}

impl Diagnostic for EncodeError {
    fn class(&self) -> Class {
        match self {
            EncodeError::XmlRpc(error) => error.class(),
            EncodeError::Rest(error) => error.class(),
        }
    }
}

/// An answer that holds neither a result nor a fault of the protocol.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// It is not the XML that it should be.
    #[error("the answer cannot be read: {0}")]
    Xml(#[from] xml::DecodeError),
    /// It is not what a method with an address of its own promises.
    #[error("the answer cannot be read: {0}")]
    Rest(#[from] rest::DecodeError),
    /// HTTP said that it went wrong, and the body says nothing that the protocol knows.
    #[error("the server answered HTTP {status}{}", reason(*status))]
    Http {
        /// The status.
        status: u16,
        /// How the body begins, as readable text.
        words: Option<String>,
        /// Where a redirect points.
        location: Option<String>,
        /// After how many seconds to try again, if the server said so.
        retry_after: Option<u64>,
    },
}

impl DecodeError {
    /// The error of a status, with what was found in the body while looking for a fault.
    pub(super) fn http(head: &Head, body: Option<DecodeError>) -> DecodeError {
        match body {
            // A body that broke off or is too long says more than its status.
            Some(error @ DecodeError::Xml(xml::DecodeError::Io(_))) => error,
            body => {
                DecodeError::status(head, body.as_ref().and_then(|error| error.provider_words().map(str::to_owned)))
            }
        }
    }

    /// The error of a status, with the words that came with it.
    pub(super) fn status(head: &Head, words: Option<String>) -> DecodeError {
        let (status, location, retry_after) = (head.status, head.location.clone(), head.retry_after);
        DecodeError::Http { status, words, location, retry_after }
    }
}

impl From<serde::de::value::Error> for DecodeError {
    fn from(error: serde::de::value::Error) -> DecodeError {
        super::broken_off(&error.to_string())
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        301 | 302 | 303 | 307 | 308 => " (a redirect, which is not followed)",
        400 => " (bad request)",
        401 => " (not authorised)",
        403 => " (forbidden)",
        404 => " (not found)",
        405 => " (method not allowed)",
        407 => " (the proxy wants a password)",
        413 => " (request too large)",
        429 => " (too many requests)",
        500 => " (internal server error)",
        502 => " (bad gateway)",
        503 => " (service unavailable)",
        504 => " (gateway timeout)",
        _ => "",
    }
}

impl Diagnostic for DecodeError {
    fn class(&self) -> Class {
        match self {
            DecodeError::Xml(error) => error.class(),
            DecodeError::Rest(error) => error.class(),
            DecodeError::Http { status, .. } => match status {
                401 | 403 => Class::Credentials,
                300..500 => Class::Refused,
                _ => Class::Failed,
            },
        }
    }

    fn sent(&self) -> Sent {
        Sent::Yes
    }

    fn hint(&self) -> Option<String> {
        match self {
            DecodeError::Http { location: Some(place), .. } => {
                Some(format!("it points to {place}; give that with -u if you trust it"))
            }
            DecodeError::Http { status: 404, .. } => Some("is the address (-u) right?".into()),
            DecodeError::Http { retry_after: Some(seconds), .. } => Some(format!("try again after {seconds} s")),
            _ => None,
        }
    }

    fn provider_code(&self) -> Option<String> {
        match self {
            DecodeError::Http { status, .. } => Some(status.to_string()),
            DecodeError::Xml(_) | DecodeError::Rest(_) => None,
        }
    }

    fn provider_words(&self) -> Option<&str> {
        match self {
            DecodeError::Xml(error) => error.provider_words(),
            DecodeError::Rest(error) => error.provider_words(),
            DecodeError::Http { words, .. } => words.as_deref(),
        }
    }

    fn retryable(&self) -> bool {
        matches!(self, DecodeError::Http { status: 429 | 502..=504, .. })
    }
}

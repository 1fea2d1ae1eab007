//! Why a call cannot be sent, and why an answer is no answer.

use super::json::Place;
use super::message::{Found, MessageError};
use super::xmlrpc;
use crate::model::http::Head;
use crate::model::{Class, Diagnostic, Sent};

/// An answer that holds neither a result nor a fault of the protocol.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// Its bytes cannot be had, or not be read.
    #[error("the answer cannot be read: {0}")]
    Message(#[from] MessageError),
    /// It is not XML-RPC, or broken XML-RPC.
    #[error("the answer cannot be read: {0}")]
    XmlRpc(xmlrpc::DecodeError),
    /// Something else came in place of JSON.
    #[error("the answer cannot be read: the message is not JSON but {found}")]
    NotJson {
        /// What came.
        found: Found,
        /// How it begins, as readable text.
        excerpt: String,
    },
    /// Broken JSON.
    #[error("the answer cannot be read: {problem} at {place}")]
    Json {
        /// Where it is wrong.
        place: Place,
        /// What is wrong.
        problem: String,
    },
    /// Whoever took the values wanted others, or knows the error in words only.
    #[error("the answer cannot be read: {0}")]
    Consumer(String),
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
            // A connection that broke says more than the status.
            Some(error @ DecodeError::Message(MessageError::Io(_))) => error,
            body => DecodeError::Http {
                status: head.status,
                words: body.as_ref().and_then(|error| error.provider_words().map(str::to_owned)),
                location: head.location.clone(),
                retry_after: head.retry_after,
            },
        }
    }
}

impl From<xmlrpc::DecodeError> for DecodeError {
    fn from(error: xmlrpc::DecodeError) -> DecodeError {
        match error {
            xmlrpc::DecodeError::Message(error) => DecodeError::Message(error),
            error => DecodeError::XmlRpc(error),
        }
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
            DecodeError::Http { status: 401 | 403, .. } => Class::Credentials,
            DecodeError::Http { status: 300..500, .. } => Class::Refused,
            _ => Class::Failed,
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
            _ => None,
        }
    }

    fn provider_words(&self) -> Option<&str> {
        match self {
            DecodeError::XmlRpc(error) => error.provider_words(),
            DecodeError::NotJson { excerpt, .. } if !excerpt.is_empty() => Some(excerpt),
            DecodeError::Http { words, .. } => words.as_deref(),
            _ => None,
        }
    }

    fn retryable(&self) -> bool {
        matches!(self, DecodeError::Http { status: 429 | 502..=504, .. })
    }
}

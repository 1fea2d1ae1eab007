//! Why a call cannot be sent, and why an answer cannot be used.

use super::json::Place;
use super::message::MessageError;
use super::service::Service;
use super::{rest, xml, xmlrpc};
use model::http::Head;
use model::{Call, Class, Diagnostic, Sent};

/// What to do about a key that was refused with an HTTP status, where the provider's document says nothing more
/// specific.
pub fn about_the_key(status: u16) -> &'static str {
    match status {
        403 => "the key is not allowed to do that, or it is wrong; `marsh doctor` tests each account",
        _ => "the key or the user name is wrong; `marsh doctor` tests each account",
    }
}

/// A call that cannot be written in its provider's protocol. Nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// Not as XML-RPC.
    #[error(transparent)]
    XmlRpc(#[from] xmlrpc::EncodeError),
    /// Not as a request to the method's own address.
    #[error(transparent)]
    Rest(#[from] rest::EncodeError),
    /// The protocol only takes arguments by name.
    #[error("{method} takes its arguments by position, which this transport cannot carry")]
    Positional {
        /// The method.
        method: String,
        /// The provider's transports that accept values without names.
        others: Vec<String>,
    },
}

impl EncodeError {
    /// The error of a call whose values have no names.
    pub(super) fn positional(service: &Service<'_>, call: &Call) -> EncodeError {
        let others = service.provider.transports.iter().filter(|transport| transport.carries_lists());
        EncodeError::Positional {
            method: call.method.name.clone(),
            others: others.map(|transport| transport.name.clone()).collect(),
        }
    }
}

impl Diagnostic for EncodeError {
    fn class(&self) -> Class {
        match self {
            EncodeError::XmlRpc(error) => error.class(),
            EncodeError::Rest(error) => error.class(),
            EncodeError::Positional { .. } => Class::Usage,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            EncodeError::XmlRpc(error) => error.hint(),
            EncodeError::Rest(error) => error.hint(),
            EncodeError::Positional { others, .. } => {
                let others: Vec<String> = others.iter().map(|name| format!("--transport {name}")).collect();
                Some(match others.is_empty() {
                    true => "no transport of the provider carries them".into(),
                    false => format!("{} carries them", others.join(" or ")),
                })
            }
        }
    }
}

/// An answer that holds neither a result nor a fault of the protocol.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The bytes could not be received or decoded, or the message is something else.
    #[error("the answer cannot be read: {0}")]
    Message(#[from] MessageError),
    /// It is not the expected XML.
    #[error("the answer cannot be read: {0}")]
    Xml(xml::DecodeError),
    /// Broken JSON.
    #[error("the answer cannot be read: {problem} at {place}")]
    Json {
        /// Where it is wrong.
        place: Place,
        /// What is wrong.
        problem: String,
    },
    /// JSON that is not a JSON-RPC answer, or not one to this call.
    #[error("the answer is not JSON-RPC: {problem}")]
    NotJsonRpc {
        /// What is wrong.
        problem: String,
    },
    /// It is not what a method with its own address promises.
    #[error("the answer cannot be read: {0}")]
    Rest(#[from] rest::DecodeError),
    /// It is not what the method promises.
    #[error("the answer cannot be read: {wanted} was expected, and {found} came")]
    Unpromised {
        /// What the catalogue promises.
        wanted: String,
        /// What came instead.
        found: String,
        /// Its text, where that is more than `found` shows.
        words: Option<String>,
    },
    /// The consumer expected other values, or passed an error on as text only.
    #[error("the answer cannot be read: {0}")]
    Consumer(String),
    /// The HTTP status reports an error, and the body holds nothing that the protocol defines.
    #[error("the server answered HTTP {status}{}", reason(*status))]
    Http {
        /// The status.
        status: u16,
        /// The beginning of the body, as readable text.
        words: Option<String>,
        /// Where a redirect points.
        location: Option<String>,
        /// Seconds to wait before trying again, if the server said so.
        retry_after: Option<u64>,
    },
}

impl DecodeError {
    /// Whether the only problem is that the values would take too much memory.
    pub fn is_too_heavy(&self) -> bool {
        matches!(self, DecodeError::Message(MessageError::Heavy { .. }))
    }

    /// The error of an HTTP status, with the text that came with it.
    pub(super) fn http(head: &Head, words: Option<String>) -> DecodeError {
        let (status, location, retry_after) = (head.status, head.location.clone(), head.retry_after);
        DecodeError::Http { status, words, location, retry_after }
    }

    /// The error of a body that was searched for a fault. An error status says more than the body, unless the
    /// connection broke.
    pub(super) fn under(self, head: &Head, words: Option<String>) -> DecodeError {
        match self {
            error @ DecodeError::Message(MessageError::Io(_)) => error,
            error if head.succeeded() => error,
            error => DecodeError::http(head, error.provider_words().map(str::to_owned).or(words)),
        }
    }
}

impl From<serde::de::value::Error> for DecodeError {
    fn from(error: serde::de::value::Error) -> DecodeError {
        broken_off(&error.to_string())
    }
}

impl From<xml::DecodeError> for DecodeError {
    fn from(error: xml::DecodeError) -> DecodeError {
        match error {
            xml::DecodeError::Message(error) => DecodeError::Message(error),
            xml::DecodeError::Consumer(words) => DecodeError::Consumer(words),
            error => DecodeError::Xml(error),
        }
    }
}

/// The error of the JSON crate for a message, where only its text is left.
fn cut_off(words: &str) -> Option<DecodeError> {
    let (problem, place) = words.rsplit_once(" at line ")?;
    let (line, column) = place.split_once(" column ")?;
    let place = Place { line: line.parse().ok()?, column: column.parse().ok()? };
    let problem = if problem.starts_with("EOF while parsing") { "a value breaks off" } else { problem };
    Some(DecodeError::Json { place, problem: problem.to_owned() })
}

/// An error that is known only as text, in the wording of the layer that passed it on.
pub fn broken_off(words: &str) -> DecodeError {
    cut_off(words).unwrap_or_else(|| DecodeError::Consumer(words.to_owned()))
}

fn reason(status: u16) -> &'static str {
    match status {
        301 | 302 | 303 | 307 | 308 => " (a redirect, which is not followed)",
        400 => " (bad request)",
        401 => " (not authorised)",
        403 => " (forbidden)",
        404 => " (not found)",
        405 => " (method not allowed)",
        407 => " (the proxy requires a password)",
        412 => " (precondition failed)",
        413 => " (request too large)",
        428 => " (precondition required)",
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
            DecodeError::Http { location: Some(place), status: 300..=399, .. } => {
                Some(format!("it points to {place}; if the service has moved there, give its new address with -u"))
            }
            DecodeError::Http { status: status @ (401 | 403), .. } => Some(about_the_key(*status).into()),
            DecodeError::Http { status: 404, .. } => {
                Some("there is no such object, or the address (-u) is wrong".into())
            }
            DecodeError::Http { retry_after: Some(seconds @ 1..), .. } => {
                Some(format!("the service asks to wait {seconds} s before it is called again"))
            }
            DecodeError::Message(error) => error.hint(),
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
            DecodeError::Message(error) => error.provider_words(),
            DecodeError::Http { words, .. } | DecodeError::Unpromised { words, .. } => words.as_deref(),
            _ => None,
        }
    }

    fn retryable(&self) -> bool {
        matches!(self, DecodeError::Http { status: 429 | 502..=504, .. })
    }
}

//! The service's error answers: an HTTP status, and for invalid values a list of fields and reasons.

use crate::Response;
use crate::kit::rest::json;
use crate::kit::values::{map, texts};
use model::Value;

/// The media type of answers; one client accepts no other.
pub(super) const JSON: &str = "application/json; charset=utf-8";

/// Why a call was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// An invalid value: the field and the reason.
    Invalid(String, String),
    /// Replacing records failed, which has its own form of answer.
    Records(String),
    /// The action is not allowed.
    Forbidden,
    /// There is no such thing.
    Missing,
}

impl Refusal {
    /// An invalid value.
    pub(crate) fn invalid(field: &str, reason: &str) -> Refusal {
        Refusal::Invalid(field.to_owned(), reason.to_owned())
    }

    /// The refusal as an answer.
    pub(super) fn response(self) -> Response {
        let told = |value: Value| Response::new(422, JSON, json::write(&value));
        match self {
            Refusal::Invalid(field, reason) => told(map! { "errors" => vec![texts([field, reason])] }.into()),
            Refusal::Records(reason) => told(map! { "error" => reason }.into()),
            Refusal::Forbidden => Response::new(403, "text/html", Vec::new()),
            Refusal::Missing => Response::page(404, "Not Found"),
        }
    }
}

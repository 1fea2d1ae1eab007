//! How the service says no: by the status, and for bad values with a list of fields and reasons.

use crate::Response;
use crate::kit::rest::json;
use crate::kit::values::{map, texts};
use model::Value;

/// The media type of answers; one client reads nothing else.
pub(super) const JSON: &str = "application/json; charset=utf-8";

/// Why a call was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// A value cannot be taken: the field and the reason.
    Invalid(String, String),
    /// Replacing records went wrong, which is said in another form.
    Records(String),
    /// It may not be done.
    Forbidden,
    /// There is no such thing.
    Missing,
}

impl Refusal {
    /// A value that cannot be taken.
    pub(crate) fn invalid(field: &str, reason: &str) -> Refusal {
        Refusal::Invalid(field.to_owned(), reason.to_owned())
    }

    /// As it is answered.
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

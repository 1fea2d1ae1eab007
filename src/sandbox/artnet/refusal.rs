//! The service's error answers: a code, which is its own name, and a message in two languages.

use crate::kit::values::map;
use model::{Code, Map, Method, Provider, Value};

/// The messages in Polish, where there are any.
const POLISH: &[(&str, &str)] = &[
    ("unknown-command", "Nieznane polecenie"),
    ("authorization-failed", "Brak autoryzacji"),
    ("unconfirmed", "Operacja nie została potwierdzona"),
    ("service-suspended", "Usługa jest zawieszona"),
    ("admin-blackhole", "Blokada została założona przez administratora"),
];
/// The codes that have no English message.
const POLISH_ONLY: &[&str] = &["service-suspended", "admin-blackhole"];
/// The codes for an invalid value, in the order in which they are looked up among those of a method.
const BAD_VALUE: &[&str] =
    &["incorrect-param-value", "invalid-param-value", "invalid-ips-number", "rules-syntax-error"];

/// Why a call was refused.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) code: &'static str,
    /// What is wrong with which rule.
    details: Option<Value>,
}

impl Refusal {
    /// A refusal with nothing but its code.
    pub(crate) fn of(code: &'static str) -> Refusal {
        Refusal { code, details: None }
    }

    /// Malformed rules.
    pub(crate) fn syntax(details: Value) -> Refusal {
        Refusal { code: "rules-syntax-error", details: Some(details) }
    }

    /// A missing or invalid parameter, with the method's own code for it.
    pub(crate) fn parameter(method: &Method, name: &str) -> Refusal {
        let documents = |code: &str| method.errors.contains(&Code::from(code));
        let own = match name {
            "confirm" => "unconfirmed",
            "instance_new_password" => "password-too-short",
            "ip" => "incorrect-ip",
            "records" | "serial" => "incorrect-param-value",
            "service_id" | "instance_id" => "authorization-failed",
            _ => "",
        };
        let bad_value = BAD_VALUE.iter().copied().find(|code| documents(code));
        Refusal::of(if documents(own) { own } else { bad_value.unwrap_or("incorrect-param-value") })
    }

    /// The refusal as an answer.
    pub(super) fn told(self, provider: &Provider) -> Map {
        let mut words = Map::new();
        if let Some((_, polish)) = POLISH.iter().find(|(code, _)| *code == self.code) {
            words.insert("pl", *polish);
        }
        let known = provider.error(&Code::from(self.code));
        if let Some(known) = known.filter(|_| !POLISH_ONLY.contains(&self.code)) {
            words.insert("en", known.summary.as_str());
        }
        let mut error = map! { "code" => self.code, "description" => words };
        if let Some(details) = self.details {
            error.insert("errors_details", details);
        }
        map! { "success" => false, "error" => error }
    }
}

//! How the service says no: a code, which is its own name, and words in two languages.

use crate::kit::values::map;
use model::{Code, Map, Method, Provider, Value};

/// The words in Polish, where there are any.
const POLISH: &[(&str, &str)] = &[
    ("unknown-command", "Nieznane polecenie"),
    ("authorization-failed", "Brak autoryzacji"),
    ("unconfirmed", "Operacja nie została potwierdzona"),
    ("service-suspended", "Usługa jest zawieszona"),
    ("admin-blackhole", "Blokada została założona przez administratora"),
];
/// The codes that nobody has translated into English.
const POLISH_ONLY: &[&str] = &["service-suspended", "admin-blackhole"];
/// The codes for a bad value, in the order in which they are looked for among those of a method.
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
    /// A refusal that says nothing beside its code.
    pub(crate) fn of(code: &'static str) -> Refusal {
        Refusal { code, details: None }
    }

    /// Rules that are not well-formed.
    pub(crate) fn syntax(details: Value) -> Refusal {
        Refusal { code: "rules-syntax-error", details: Some(details) }
    }

    /// A parameter that is not there or cannot be taken, in the words that the method has for it.
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

    /// As it is answered.
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

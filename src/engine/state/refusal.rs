//! A call that the provider refused or could not carry out: which of the two, by its HTTP status and its code.

use codec::Fault;
use codec::error::about_the_key;
use model::{Class, Code, Diagnostic, ErrorCode, ErrorKind, Sent};

/// A fault in the provider's answer.
#[derive(Debug, thiserror::Error)]
#[error("{method} {}{}", self.verb(), name.as_ref().map(|n| format!(": {n}")).unwrap_or_default())]
pub struct Refusal {
    /// The method.
    pub method: String,
    /// The provider's fault.
    pub fault: Fault,
    /// Its words.
    pub words: String,
    /// The provider's name for its code, when it is documented.
    pub name: Option<String>,
    /// The meaning of the code, in our words.
    pub summary: Option<String>,
    /// The kind of refusal; `None` for a code that is not documented.
    pub kind: Option<ErrorKind>,
    /// The HTTP status that the provider documents for it.
    pub http: Option<u16>,
    /// The HTTP status of the answer.
    pub status: u16,
    /// The same read may work a little later.
    pub passing: bool,
}

impl Refusal {
    /// The refusal of a method, with the HTTP status and what is known about the code.
    pub(crate) fn new(method: &str, status: u16, fault: Fault, known: Option<&ErrorCode>) -> Refusal {
        Refusal {
            method: method.to_owned(),
            words: fault.words_beside(known.and_then(|error| error.name.as_deref())),
            fault,
            name: known.and_then(|error| error.name.clone()),
            summary: known.map(|error| error.summary.clone()),
            kind: known.map(|error| error.kind),
            http: known.and_then(|error| error.http),
            status,
            passing: match known {
                Some(ErrorCode { repeat: Some(repeat), .. }) => *repeat,
                known => known.is_some_and(ErrorCode::is_passing) || matches!(status, 429 | 502..=504),
            },
        }
    }

    /// The same refusal, with the meaning of its code for this method, if the document gives it another one.
    pub(crate) fn meaning(self, summary: Option<String>) -> Refusal {
        Refusal { summary: summary.or(self.summary), ..self }
    }

    /// The HTTP status, or the fault's code if it is one: some services answer 200 and put 401 into the body. This
    /// applies only to the key, and only if the document gives the code no other meaning.
    fn said_status(&self) -> u16 {
        let code = self.fault.code.as_ref().and_then(|code| code.as_str().parse().ok());
        code.filter(|code| matches!(code, 401 | 403) && self.status < 500 && self.kind.is_none()).unwrap_or(self.status)
    }

    fn verb(&self) -> &'static str {
        match self.class() {
            Class::Failed => "failed at the provider",
            _ => "was refused",
        }
    }
}

impl Diagnostic for Refusal {
    fn class(&self) -> Class {
        match (self.said_status(), self.kind) {
            // The sender of such an answer may be a gateway, which does not know the outcome, whatever the body says.
            (500.., _) => Class::Failed,
            (401, _) | (_, Some(ErrorKind::Credentials)) | (403, None) => Class::Credentials,
            (_, Some(ErrorKind::Failed)) => Class::Failed,
            // Unavailable, or called too often. The second is a definite refusal: nothing has happened.
            (_, Some(ErrorKind::Busy)) if self.http.is_some_and(|status| status >= 500) => Class::Failed,
            _ => Class::Refused,
        }
    }

    fn hint(&self) -> Option<String> {
        // If a provider returns only a code, its words come from the same document: once is enough.
        let bare = |text: &str| text.trim().trim_end_matches('.').to_lowercase();
        let summary = self.summary.clone().filter(|summary| bare(summary) != bare(&self.words));
        let wrong_key = self.class() == Class::Credentials && self.kind.is_none();
        summary.or_else(|| wrong_key.then(|| about_the_key(self.said_status()).to_owned()))
    }

    fn sent(&self) -> Sent {
        Sent::Yes
    }

    fn provider_code(&self) -> Option<String> {
        self.fault.code.as_ref().map(Code::to_string)
    }

    fn provider_words(&self) -> Option<&str> {
        Some(self.words.as_str()).filter(|words| !words.is_empty())
    }

    fn retryable(&self) -> bool {
        self.passing || self.kind == Some(ErrorKind::Busy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_counts_before_the_code() {
        use ErrorKind::{Busy, Credentials, Failed, Refused};
        for (status, kind, http, class) in [
            (200, None, None, Class::Refused),
            (200, Some(Refused), None, Class::Refused),
            (200, Some(Credentials), None, Class::Credentials),
            (200, Some(Failed), None, Class::Failed),
            (200, Some(Busy), Some(503), Class::Failed),
            (400, Some(Busy), Some(400), Class::Refused),
            (429, Some(Busy), Some(429), Class::Refused),
            (400, Some(Credentials), Some(400), Class::Credentials),
            (401, None, None, Class::Credentials),
            (401, Some(Refused), None, Class::Credentials),
            (403, None, None, Class::Credentials),
            (403, Some(Refused), None, Class::Refused),
            (404, None, None, Class::Refused),
            (407, None, None, Class::Refused),
            (500, None, None, Class::Failed),
            (502, Some(Refused), None, Class::Failed),
            (503, Some(Credentials), None, Class::Failed),
            (599, Some(Busy), Some(429), Class::Failed),
        ] {
            let known = kind.map(|kind| ErrorCode { kind, http, ..ErrorCode::default() });
            let refusal = Refusal::new("a.b", status, Fault::default(), known.as_ref());
            assert_eq!(refusal.class(), class, "{status} {kind:?} {http:?}");
        }
    }

    #[test]
    fn a_code_that_is_the_status_of_a_refused_key_is_one() {
        for (status, code, kind, class) in [
            (200, Code::from(401), None, Class::Credentials),
            (200, Code::from("401"), None, Class::Credentials),
            (200, Code::from(403), None, Class::Credentials),
            (400, Code::from(401), None, Class::Credentials),
            (401, Code::from(403), None, Class::Credentials),
            (401, Code::from(404), None, Class::Credentials),
            (200, Code::from(404), None, Class::Refused),
            (200, Code::from(-401), None, Class::Refused),
            (200, Code::from("E401"), None, Class::Refused),
            (200, Code::from(401), Some(ErrorKind::Refused), Class::Refused),
            (502, Code::from(401), None, Class::Failed),
            // What only the body says of a breakdown is no proof of one.
            (200, Code::from(503), None, Class::Refused),
        ] {
            let known = kind.map(|kind| ErrorCode { kind, ..ErrorCode::default() });
            let fault = Fault { code: Some(code.clone()), ..Fault::default() };
            let refusal = Refusal::new("a.b", status, fault, known.as_ref());
            assert_eq!(refusal.class(), class, "{status} {code} {kind:?}");
            assert_eq!(refusal.hint().is_some(), class == Class::Credentials, "{status} {code} {kind:?}");
        }
    }
}

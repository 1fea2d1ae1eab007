//! Refusals: the documented reason codes with their HTTP statuses.

/// Why a call was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The number after `REASON_`.
    pub(crate) reason: u16,
    /// The message.
    pub(crate) detail: String,
}

impl Fault {
    /// A refusal with its message.
    pub(crate) fn new(reason: u16, detail: impl Into<String>) -> Fault {
        Fault { reason, detail: detail.into() }
    }

    /// A value that is missing, malformed or not allowed.
    pub(crate) fn data(name: &str, complaint: &str) -> Fault {
        Fault::new(320, format!("Invalid data: {name}: {complaint}"))
    }

    /// The code in the form of answers.
    pub(crate) fn code(&self) -> String {
        format!("REASON_{}", self.reason)
    }

    /// Its HTTP status.
    pub(crate) fn status(&self) -> u16 {
        match self.reason {
            5 => 503,
            140 => 403,
            529 => 429,
            _ => 400,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caas::testing::catalog;

    #[test]
    fn every_documented_code_has_its_documented_status() {
        let catalog = catalog();
        for error in &*catalog.provider().errors {
            let code = error.code.as_str();
            let reason = code.trim_start_matches("REASON_").parse().unwrap();
            let fault = Fault::new(reason, "");
            assert_eq!((fault.code(), Some(fault.status())), (code.to_owned(), error.http), "{code}");
        }
    }
}

//! Why a list could not be read to its end.

use super::cause::Cause;
use model::{Class, Diagnostic, Sent};

/// Why a list could not be read to its end.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// A page could not be read.
    #[error("page {page} of {method}, after {had} members: {error}")]
    Broken {
        /// The method.
        method: String,
        /// Which page, from 1.
        page: usize,
        /// How many members had been read before.
        had: usize,
        /// They have been passed on.
        passed: bool,
        /// Why.
        error: Cause,
    },
    /// It does not end.
    #[error("{method} has not ended after {most} pages and {had} members")]
    Endless {
        /// The method.
        method: String,
        /// How many pages were read.
        most: usize,
        /// How many members were read.
        had: usize,
        /// They have been passed on.
        passed: bool,
    },
    /// It comes round again.
    #[error("{method} has no end: what follows page {page} was read before; {had} members had come")]
    Circle {
        /// The method.
        method: String,
        /// Which page, from 1.
        page: usize,
        /// How many members were read.
        had: usize,
        /// They have been passed on.
        passed: bool,
    },
    /// The next page is at another place.
    #[error("the next page is said to be at {there}, and the key belongs to {here}")]
    Elsewhere {
        /// Scheme, host and port of the service.
        here: String,
        /// Those of the next page.
        there: String,
    },
    /// A page is not a list.
    #[error("page {page} of {method} is not a list but a {kind}")]
    NoList {
        /// The method.
        method: String,
        /// Which page, from 1.
        page: usize,
        /// The kind of value that it is.
        kind: &'static str,
        /// Earlier pages have been passed on.
        passed: bool,
    },
}

impl Diagnostic for PageError {
    fn class(&self) -> Class {
        match self {
            PageError::Broken { error, .. } => error.class(),
            PageError::Endless { .. }
            | PageError::Circle { .. }
            | PageError::Elsewhere { .. }
            | PageError::NoList { .. } => Class::Failed,
        }
    }

    fn hint(&self) -> Option<String> {
        let (passed, advice) = match self {
            PageError::Broken { error, passed, .. } => match error.hint() {
                Some(hint) => return Some(hint),
                None => (passed, "repeat the call to read the list again"),
            },
            PageError::Endless { passed, .. } => (passed, "a filter or larger pages make it shorter"),
            PageError::Circle { passed, .. } => (passed, "without --all one page is shown"),
            PageError::Elsewhere { .. } => {
                return Some(
                    "nothing was sent there; if the service is behind a proxy, it may not know its own address".into(),
                );
            }
            PageError::NoList { passed, .. } => (passed, "without --all the answer is shown as it is"),
        };
        Some(if *passed { advice.into() } else { format!("nothing was written; {advice}") })
    }

    fn sent(&self) -> Sent {
        Sent::Yes
    }

    fn provider_code(&self) -> Option<String> {
        match self {
            PageError::Broken { error, .. } => error.provider_code(),
            _ => None,
        }
    }

    fn provider_words(&self) -> Option<&str> {
        match self {
            PageError::Broken { error, .. } => error.provider_words(),
            _ => None,
        }
    }

    fn retryable(&self) -> bool {
        matches!(self, PageError::Broken { error, .. } if error.retryable())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::state::error::CallError;

    #[test]
    fn the_reason_of_a_page_is_that_of_the_list() {
        let cause = CallError::Blocked { message: "no".into(), span: None, hint: Some("ask".into()) };
        let broken =
            PageError::Broken { method: "a.b".into(), page: 2, had: 50, passed: false, error: Box::new(cause) };
        assert_eq!(broken.to_string(), "page 2 of a.b, after 50 members: no");
        assert_eq!((broken.class(), broken.hint().as_deref()), (Class::Blocked, Some("ask")));
        let endless = |passed| PageError::Endless { method: "a.b".into(), most: 1000, had: 7, passed };
        assert_eq!(endless(true).hint().as_deref(), Some("a filter or larger pages make it shorter"));
        let endless = endless(false);
        assert_eq!(endless.to_string(), "a.b has not ended after 1000 pages and 7 members");
        assert!(endless.hint().is_some_and(|hint| hint.starts_with("nothing was written; ")));
        assert_eq!((endless.class(), endless.sent()), (Class::Failed, Sent::Yes));
    }
}

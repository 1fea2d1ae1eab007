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
    },
}

impl Diagnostic for PageError {
    fn class(&self) -> Class {
        match self {
            PageError::Broken { error, .. } => error.class(),
            PageError::Endless { .. } | PageError::NoList { .. } => Class::Failed,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            PageError::Broken { error, .. } => {
                error.hint().or_else(|| Some("nothing was written; repeat the call to read the list again".into()))
            }
            PageError::Endless { .. } => Some("nothing was written; a filter or larger pages make it shorter".into()),
            PageError::NoList { .. } => Some("nothing was written; without --all the answer is shown as it is".into()),
        }
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
        let broken = PageError::Broken { method: "a.b".into(), page: 2, had: 50, error: Box::new(cause) };
        assert_eq!(broken.to_string(), "page 2 of a.b, after 50 members: no");
        assert_eq!((broken.class(), broken.hint().as_deref()), (Class::Blocked, Some("ask")));
        let endless = PageError::Endless { method: "a.b".into(), most: 1000, had: 7 };
        assert_eq!(endless.to_string(), "a.b has not ended after 1000 pages and 7 members");
        assert_eq!((endless.class(), endless.sent()), (Class::Failed, Sent::Yes));
    }
}

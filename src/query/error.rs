//! Why a filter gave nothing.

use std::time::Duration;

use model::{Class, Diagnostic};

/// A filter that gave nothing. Its places are bytes of the filter, not of the line: there is no span.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// The filter is too long.
    #[error("the filter has {bytes} bytes; at most {most} are allowed")]
    Long {
        /// Its length.
        bytes: usize,
        /// What is allowed.
        most: usize,
    },
    /// Its brackets stand too deep in each other.
    #[error("the brackets of the filter are nested deeper than {most}")]
    Nested {
        /// The first bracket too many.
        at: usize,
        /// What is allowed.
        most: usize,
    },
    /// The text is no filter.
    #[error("{message}")]
    Text {
        /// What is wrong.
        message: String,
        /// The bytes of the filter where it is.
        place: (usize, usize),
        /// What would be right.
        hint: Option<String>,
    },
    /// The filter cannot be applied to the value, or says so itself.
    #[error("the filter failed: {message}")]
    Value {
        /// In the words of the library or of the filter.
        message: String,
    },
    /// It did not end in time.
    #[error("the filter did not end within {} s", after.as_secs_f64())]
    Slow {
        /// How long it was waited for.
        after: Duration,
    },
    /// It wanted more memory than there is for it.
    #[error("the filter used too much memory")]
    Memory,
    /// It called itself, or built values in values, without end.
    #[error("the filter recursed too deep")]
    Deep,
    /// Its results are too much to be held.
    #[error("the results of the filter are larger than {most} MB")]
    Large {
        /// What is allowed.
        most: u64,
    },
    /// Ctrl-C.
    #[error("interrupted while the filter ran")]
    Interrupted,
    /// The process of the filter could not be started, or broke down.
    #[error("the filter could not be run: {cause}")]
    Broken {
        /// Why.
        cause: String,
    },
}

impl QueryError {
    /// The bytes of the filter where the fault is, when it is in its text.
    pub fn place(&self) -> Option<(usize, usize)> {
        match self {
            QueryError::Nested { at, .. } => Some((*at, at + 1)),
            QueryError::Text { place, .. } => Some(*place),
            _ => None,
        }
    }
}

impl Diagnostic for QueryError {
    fn class(&self) -> Class {
        match self {
            QueryError::Long { .. } | QueryError::Nested { .. } | QueryError::Text { .. } => Class::Usage,
            QueryError::Interrupted => Class::Interrupted,
            _ => Class::Local,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            QueryError::Text { hint, .. } => hint.clone(),
            _ => None,
        }
    }
}

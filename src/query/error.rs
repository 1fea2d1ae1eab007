//! Why a filter gave no results.

use std::time::Duration;

use model::{Class, Diagnostic};

/// A filter that gave no results. Positions are bytes of the filter, not of the line, so there is no span.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// The filter is too long.
    #[error("the filter has {bytes} bytes; at most {most} are allowed")]
    Long {
        /// Its length, in bytes.
        bytes: usize,
        /// The limit.
        most: usize,
    },
    /// Its brackets are nested too deep.
    #[error("the brackets of the filter are nested deeper than {most}")]
    Nested {
        /// The first bracket beyond the limit.
        at: usize,
        /// The limit.
        most: usize,
    },
    /// The text is not a valid filter.
    #[error("{message}")]
    Text {
        /// What is wrong.
        message: String,
        /// The bytes of the filter that are wrong.
        place: (usize, usize),
        /// What would be valid.
        hint: Option<String>,
    },
    /// The filter cannot be applied to the value, or raises an error itself.
    #[error("the filter failed: {message}")]
    Value {
        /// The message of the library or the filter.
        message: String,
    },
    /// It did not end in time.
    #[error("the filter did not end within {} s", after.as_secs_f64())]
    Slow {
        /// The time limit.
        after: Duration,
    },
    /// It needed more memory than it may use.
    #[error("the filter used too much memory")]
    Memory,
    /// Infinite recursion, or values nested without end.
    #[error("the filter recursed too deep")]
    Deep,
    /// Its results are too large to be held in memory.
    #[error("the results of the filter are larger than {most} MB")]
    Large {
        /// The limit.
        most: u64,
    },
    /// Ctrl-C.
    #[error("interrupted while the filter ran")]
    Interrupted,
    /// The filter process could not be started, or crashed.
    #[error("the filter could not be run: {cause}")]
    Broken {
        /// The reason.
        cause: String,
    },
}

impl QueryError {
    /// The bytes of the filter that are wrong, if the fault is in its text.
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

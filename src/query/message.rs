//! The messages between the program and the filter process: lines of JSON.
//!
//! In: a [`Task`], then the value if there is one. Out: one result per line on standard output. A process without
//! results ends with [`REFUSED`] and writes the reason, a [`Fault`], to standard error.

use serde::{Deserialize, Serialize};

/// The argument that makes this program run as the filter process.
pub const WORKER: &str = "__filter";

/// The exit code of a process that has written a [`Fault`].
pub(super) const REFUSED: u8 = 2;

/// What to do.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Task {
    /// The filter.
    pub(super) filter: String,
    /// Whether a value follows; without one the filter is only checked.
    pub(super) value: bool,
    /// The most seconds of CPU time, in case no process is left to end it.
    pub(super) seconds: u64,
}

/// Why there are no results.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Fault {
    /// The text is not a valid filter.
    Text {
        /// What is wrong.
        message: String,
        /// The bytes of the filter that are wrong.
        place: (usize, usize),
        /// What would be valid.
        hint: Option<String>,
    },
    /// The filter cannot be applied to the value, or raises an error itself.
    Value {
        /// The message of the library or the filter.
        message: String,
    },
    /// The value or a result cannot be passed on.
    Passing {
        /// The reason.
        message: String,
    },
}

//! What passes between the program and the process of a filter: lines of JSON.
//!
//! In: a [`Task`], and after it the value if there is one. Out: one result a line on standard output. A process that
//! has no results to give ends with [`REFUSED`] and says why, as a [`Fault`], on standard error.

use serde::{Deserialize, Serialize};

/// The argument that makes this program the process of a filter.
pub const WORKER: &str = "__filter";

/// The exit code of a process that has written a [`Fault`].
pub(super) const REFUSED: u8 = 2;

/// What is to be done.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Task {
    /// The filter.
    pub(super) filter: String,
    /// Whether a value follows; without one the filter is only checked.
    pub(super) value: bool,
    /// How many seconds of computing it may take, should nobody be there any more to end it.
    pub(super) seconds: u64,
}

/// Why there are no results.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Fault {
    /// The text is no filter.
    Text {
        /// What is wrong.
        message: String,
        /// The bytes of the filter where it is.
        place: (usize, usize),
        /// What would be right.
        hint: Option<String>,
    },
    /// The filter cannot be applied to the value, or says so itself.
    Value {
        /// In the words of the library or of the filter.
        message: String,
    },
    /// The value or a result cannot be passed on.
    Passing {
        /// Why.
        message: String,
    },
}

//! A provider's refusal, in whatever protocol it came.

use crate::model::{Code, Value};

/// An error that the provider answered with on purpose.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fault {
    /// The provider's code, where it gave one.
    pub code: Option<Code>,
    /// The provider's words; empty when it gave none.
    pub message: String,
    /// Whatever else came with them, or null.
    pub data: Value,
}

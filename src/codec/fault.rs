//! A provider's refusal, in whatever protocol it came.

use crate::model::Value;

/// An error that the provider answered with on purpose.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fault {
    /// The provider's code, where it gave a number.
    pub code: Option<i64>,
    /// The provider's words; empty when it gave none.
    pub message: String,
    /// Whatever else came with them, or null.
    pub data: Value,
}

//! What a call is made with.

use super::{Map, Value};

/// The values of a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Arguments {
    /// One dictionary of named values; may be empty.
    Named(Map),
    /// Separate values in order.
    Positional(Vec<Value>),
}

//! The arguments of a call.

use super::{Map, Value};

/// The arguments of a call, as they are passed.
#[derive(Clone, Debug, PartialEq)]
pub enum Arguments {
    /// One dictionary of named values; may be empty.
    Named(Map),
    /// Separate values in order.
    Positional(Vec<Value>),
}

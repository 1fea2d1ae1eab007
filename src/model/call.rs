//! A call: a method with its arguments, ready to be encoded.

use std::sync::Arc;

use super::{Effects, Map, Method, Value};

/// The values of a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Arguments {
    /// One dictionary of named values; may be empty.
    Named(Map),
    /// Separate values in order.
    Positional(Vec<Value>),
}

/// A method with bound and checked arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// What is called.
    pub method: Arc<Method>,
    /// With what.
    pub arguments: Arguments,
}

impl Call {
    /// What it does to the account, with the values that it has.
    pub fn effects(&self) -> Effects {
        self.method.effects_of(&self.arguments)
    }
}

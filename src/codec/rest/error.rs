//! Why a call cannot be written as a request to its own address.

use thiserror::Error;

use crate::model::{Class, Diagnostic};

/// A call that cannot be sent. Nothing has been.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EncodeError {
    /// The catalogue does not say where the method is.
    #[error("no address is known for {method}")]
    NoRoute {
        /// The method.
        method: String,
    },
}

impl Diagnostic for EncodeError {
    fn class(&self) -> Class {
        Class::Usage
    }
}

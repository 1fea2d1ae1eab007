//! Services whose methods have each an address of their own.

mod error;

pub use error::EncodeError;

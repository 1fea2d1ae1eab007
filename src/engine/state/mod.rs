//! What all floors above share: the streams, what is remembered between lines, and errors.

pub mod console;
pub mod error;
pub mod memory;
pub(crate) mod redaction;
pub(crate) mod refusal;

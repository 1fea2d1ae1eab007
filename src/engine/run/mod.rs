//! The order of the steps: of one line, and of the lines of a script, a batch or a pasted text.

pub(crate) mod batch;
pub(crate) mod findings;
pub(crate) mod judge;
mod ownership;
mod paste;
pub(crate) mod pipeline;
pub mod script;
mod semicolon;
pub mod session;
mod typed;

//! `-q`: what a jq filter makes of a result. A filter runs in a process of its own, because it may take all memory,
//! overflow the stack or never end.
//!
//! The process is this program again, started with the one argument [`WORKER`]. It reads a filter and a value, writes
//! the results and ends; whatever becomes of it, the caller gets results or a [`QueryError`].

mod child;
mod compile;
mod divide;
mod error;
mod filter;
mod limits;
mod message;
mod tree;
mod worker;

pub use error::QueryError;
pub use filter::Filter;
pub use message::WORKER;
pub use worker::work;

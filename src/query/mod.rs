//! `-q`: applies a jq filter to a result. A filter runs in its own process, because it may use all memory, overflow the
//! stack or never end.
//!
//! The process is this program again, started with the single argument [`WORKER`]. It reads a filter and a value,
//! writes the results and ends; whatever happens to it, the caller gets results or a [`QueryError`].

mod child;
mod compile;
mod divide;
mod error;
mod filter;
mod limits;
mod message;
mod moments;
mod tree;
mod worker;

pub use error::QueryError;
pub use filter::Filter;
pub use message::WORKER;
pub use worker::work;

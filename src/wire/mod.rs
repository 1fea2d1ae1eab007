//! The network edge: one request out, one answer back, as facts about what was and was not sent.
//!
//! The body of an answer is a blocking reader over the connection, so that whoever decodes it pulls it in at its own
//! pace. Nothing is ever sent twice here.

pub mod auth;
pub mod error;
mod trace;
pub mod transport;

pub use auth::Credential;
pub use error::WireError;
pub use transport::{Answer, Incoming, Timeouts, Trouble, Wire};

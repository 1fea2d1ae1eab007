//! Codecs: calls become messages, messages become values.
//!
//! Pure: nothing here reads a file, a socket or a clock by itself. A codec can place a secret in a request, sealed, but
//! never read one.
//!
//! - [`request`]: a call as an HTTP request, in the protocol of a transport;
//! - [`answer`]: an HTTP answer as a result or a fault;
//! - [`fault`]: what a provider says when it refuses;
//! - [`json`]: values as JSON;
//! - [`rest`]: methods with an address of their own, over XML, JSON and forms;
//! - [`xmlrpc`]: XML-RPC in both directions.

pub mod answer;
mod csv;
pub mod error;
pub mod fault;
pub mod json;
pub mod request;
pub mod rest;
mod service;
mod xml;
pub mod xmlrpc;

pub use answer::{Aside, Consume, Outcome, Reply, broken_off, decode, decode_value};
pub use error::{DecodeError, EncodeError};
pub use fault::Fault;
pub use request::encode;
pub use service::Service;
pub use xml::Limits;

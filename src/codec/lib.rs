//! Codecs: calls become messages, messages become values.
//!
//! Pure: nothing here reads a file, a socket or a clock by itself. A codec can place a secret in a request, sealed, but
//! never read one.
//!
//! - [`request`]: a call as an HTTP request, in the protocol of a transport;
//! - [`answer`]: an HTTP answer as a result or a fault;
//! - [`consume`]: who takes a result while it is decoded;
//! - [`fault`]: what a provider says when it refuses;
//! - [`message`]: bytes, character sets and limits, whatever the notation;
//! - [`remark`]: what is odd about an answer that was read all the same;
//! - [`json`]: values as JSON;
//! - [`jsonrpc`]: JSON-RPC 2.0, single calls and batches;
//! - [`jsonform`]: a form with a field of JSON out, JSON in;
//! - [`rest`]: methods with an address of their own, over XML, JSON and forms;
//! - [`xmlrpc`]: XML-RPC in both directions.

pub mod answer;
pub mod consume;
mod csv;
pub mod error;
pub mod fault;
pub mod json;
pub mod jsonform;
pub mod jsonrpc;
pub mod message;
mod promise;
pub mod remark;
mod reply;
pub mod request;
pub mod rest;
mod service;
mod words;
mod xml;
pub mod xmlrpc;

pub use answer::{decode, decode_value, held};
pub use consume::{Consume, Skip};
pub use error::{DecodeError, EncodeError, broken_off};
pub use fault::Fault;
pub use message::{Limits, MessageError};
pub use remark::Remark;
pub use reply::{Aside, Outcome, Reply};
pub use request::{carried, encode};
pub use service::Service;

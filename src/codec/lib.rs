//! Codecs: calls become messages, messages become values.
//!
//! Pure: nothing here opens a file or a socket, or reads the clock. A codec can put a sealed secret into a request, but
//! never read one.
//!
//! - [`request`]: a call as an HTTP request, in the protocol of a transport;
//! - [`answer`]: an HTTP answer as a result or a fault;
//! - [`consume`]: the receivers of a result while it is decoded;
//! - [`fault`]: a provider's refusal;
//! - [`message`]: bytes, character sets and limits, whatever the notation;
//! - [`remark`]: what is unusual about an answer that could be read;
//! - [`json`]: values as JSON;
//! - [`jsonrpc`]: JSON-RPC 2.0, single calls and batches;
//! - [`together`]: several calls in one request, in the protocols that can carry them;
//! - [`jsonform`]: a form with a JSON field out, JSON in;
//! - [`rest`]: methods with their own addresses, with XML, JSON and forms;
//! - [`xmlrpc`]: XML-RPC in both directions.

pub mod answer;
pub mod consume;
mod csv;
pub mod error;
pub mod fault;
mod glimpse;
pub mod json;
pub mod jsonform;
pub mod jsonrpc;
mod looked;
pub mod message;
mod promise;
pub mod remark;
mod reply;
pub mod request;
pub mod rest;
mod service;
pub mod together;
mod words;
mod xml;
pub mod xmlrpc;

pub use answer::{decode, decode_glimpsing, decode_looking, decode_value, held, passes};
pub use consume::{Consume, Skip};
pub use error::{DecodeError, EncodeError, broken_off};
pub use fault::Fault;
pub use glimpse::Names;
pub use looked::Sample;
pub use message::{Limits, MessageError};
pub use remark::Remark;
pub use reply::{Aside, Next, Outcome, Reply};
pub use request::{carried, encode};
pub use service::Service;
pub use together::{Replies, Together, decode_together, encode_together};

//! XML-RPC in both directions: the client's half and, for the sandbox, the server's.
//!
//! Out: `encode` writes messages, `decimal` writes numbers without an exponent. In, on top of `codec::xml`, which finds
//! the tags: `tag` has their names, `grammar` the allowed order, `value` drives serde with `scalar` reading the leaves,
//! `swift` reads the usual forms in one step, and `reader` reads the envelope. `multicall` has several calls in one.

mod decimal;
mod encode;
mod grammar;
pub(crate) mod multicall;
mod reader;
mod scalar;
mod swift;
mod tag;
mod value;

#[cfg(test)]
mod tests;

pub use super::message::{Found, Limits};
pub use super::xml::{DecodeError, Place};
pub use encode::{EncodeError, encode_call, encode_call_after, encode_fault, encode_response};
pub use multicall::{Inner, encode_multicall};
pub use reader::{Answer, Reader, Reply, read_call, read_response};

/// The media types of the request and of the answer.
pub(crate) const MEDIA: (&str, &str) = ("text/xml; charset=utf-8", "text/xml");

/// An XML-RPC message being read.
type Events<R> = super::xml::Events<R, tag::Tag>;
/// A tag of it.
type Event = super::xml::Event<tag::Tag>;

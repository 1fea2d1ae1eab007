//! Services whose methods have each an address of their own.
//!
//! Out: `fill` puts in what the program knows itself, `given` says which values go where, `path` and `query` write the
//! address, `form`, `json` and `xml` a body, and `encode` puts them together. In: `document` reads what came,
//! `judgement` comes to a `verdict` whether it is a refusal, by the rules that `status` and `refusal` know, `narrow` and
//! `result` make the result of it, and `decode` keeps the order.

mod decode;
mod document;
mod encode;
mod error;
mod fill;
mod form;
mod given;
mod json;
mod judgement;
mod leaf;
mod narrow;
mod path;
mod query;
mod refusal;
mod result;
mod status;
mod verdict;
mod xml;

#[cfg(test)]
mod tests;

pub(crate) use decode::decode;
pub use encode::encode;
pub use error::{DecodeError, EncodeError};

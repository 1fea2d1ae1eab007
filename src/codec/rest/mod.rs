//! Services whose methods each have their own address.
//!
//! Out: `fill` adds what the program knows, `given` matches values to parameters, `path` and `query` write the address,
//! `form`, `json`, `multipart` and `xml` a body, and `encode` puts them together. In: `document` parses the answer, `judgement`
//! gives a `verdict` whether it is a refusal, by the rules in `status` and `refusal`, `narrow` and `result` extract the
//! result, `onward` and `link` find out how the next page is asked for, and `decode` runs these steps in order. `passing` does the same for a list while it is read.

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
mod link;
mod listing;
mod multipart;
mod narrow;
mod onward;
mod passing;
mod path;
mod problem;
mod query;
mod refusal;
mod result;
mod status;
mod verdict;
mod xml;

#[cfg(test)]
mod tests;

pub(crate) use decode::{decode, is_done};
pub use encode::encode;
pub use error::{DecodeError, EncodeError};
pub use link::linked;
pub(crate) use passing::{Passing, passes};

//! JSON-RPC 2.0: `encode` writes calls, `envelope` reads the answer to one call, `batch` does both for many in one
//! request.

mod batch;
mod encode;
mod envelope;

#[cfg(test)]
mod tests;

pub use batch::{Batch, decode_batch, encode_batch};
pub use encode::encode;
pub(crate) use envelope::decode;

//! The layer below every notation: bytes within limits, in some character set.
//!
//! From the bytes up: `input` counts them and keeps the first, `charset` turns them into UTF-8, and `found` describes a
//! message that is not the expected one.

mod charset;
mod error;
mod found;
mod input;
mod limits;
mod path;

pub use charset::Mended;
pub(super) use charset::{Notation, Utf8, mend, text};
pub use error::MessageError;
pub use found::Found;
pub(super) use found::{by_head, by_root, by_text, clip, excerpt};
pub(super) use input::{Input, read_all};
pub(super) use limits::Budget;
pub use limits::Limits;
pub(super) use path::{push_index, push_key};

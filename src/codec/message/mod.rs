//! What every message is before its notation counts: bytes within limits, in some character set.
//!
//! From the bytes upwards: `input` counts them and remembers the first, `charset` turns them into UTF-8, and `found`
//! describes what came when it was not what was expected.

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
pub(super) use input::read_all;
pub(super) use limits::Budget;
pub use limits::Limits;
pub(super) use path::{push_index, push_key};

//! One line, from its text to its result: the order of the steps, and nothing of how each is done.
//!
//! `pipeline` reads like the sentence in `docs/architecture.md`; the other files are what it needs between the lines.

mod account;
mod ask;
mod block;
pub mod builtin;
mod cache;
pub mod catalogs;
pub mod console;
pub mod discover;
pub mod error;
mod exchange;
mod guard;
mod mask;
mod output;
mod pipeline;
mod redacted;
pub mod rules;
pub mod screen;
mod secrets;
pub mod session;
pub mod target;
mod variables;

pub use account::{Account, AccountParts};
pub use console::{Console, Stream};
pub use error::CallError;
pub use rules::{Confirm, Rules};
pub use session::{Flow, Lines, Manner, Session, Settings};
pub use target::{Place, Target};

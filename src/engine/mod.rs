//! One line, from its text to its result: the order of the steps, and nothing of how each is done.
//!
//! `pipeline` reads like the sentence in `docs/architecture.md`; the other files are what it needs between the lines.

mod account;
mod aside;
mod ask;
mod batch;
mod block;
pub mod builtin;
mod cache;
pub mod catalogs;
mod changes;
pub mod console;
mod deliver;
pub mod discover;
pub mod error;
mod exchange;
mod filter;
mod guard;
mod jobs;
mod judge;
mod lookup;
mod mask;
pub mod memory;
mod missing;
mod output;
mod pages;
mod pipeline;
mod plan;
mod probe;
mod progress;
mod redacted;
mod rekey;
mod resume;
mod retry;
pub mod rules;
pub mod screen;
pub mod script;
mod secrets;
mod semicolon;
pub mod session;
mod show_as;
pub mod target;
mod variables;
mod whose;

pub use account::{Account, AccountParts};
pub use console::{Console, Stream};
pub use error::CallError;
pub use jobs::JobError;
pub use memory::Memory;
pub use pages::PageError;
pub use probe::Probe;
pub use rules::{Confirm, Rules};
pub use script::Script;
pub use session::{Flow, Lines, Manner, Session, Settings};
pub use show_as::forms;
pub use target::{Place, Target};

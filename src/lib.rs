//! marsh: one interactive shell for hosting-provider APIs.
//!
//! A line becomes a call, a call becomes a request, an answer becomes a value, a value becomes bytes. The modules are
//! those steps; imports only point downwards (`docs/architecture.md`, checked by `tests/cases/layers.rs`).

pub mod bind;
pub mod child;
pub mod cli;
pub mod complete;
pub mod config;
pub mod disk;
pub mod engine;
pub mod query;
pub mod render;
pub mod shell;
pub mod signals;
pub mod sink;
pub mod wire;

pub use {codec, lang, model, registry, sandbox};

//! marsh: one interactive shell for hosting-provider APIs.
//!
//! A line becomes a call, a call becomes a request, a reply becomes a value, a value becomes bytes. The modules are
//! those steps; imports point only downwards (`docs/architecture.md`, held by `tests/cases/layers.rs`).

pub mod bind;
pub mod cli;
pub mod codec;
pub mod complete;
pub mod config;
pub mod engine;
pub mod lang;
pub mod model;
pub mod query;
pub mod registry;
pub mod render;
pub mod sandbox;
pub mod shell;
pub mod sink;
pub mod wire;

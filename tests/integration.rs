//! The built program against servers of our own, and the borders inside it: one binary, one module a subject.
//!
//! What holds for every conversation with a provider stands in `tests/providers/`, a folder a case, and needs no Rust.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that cannot go on fails"
)]

#[path = "cases/canary.rs"]
mod canary;
#[path = "support/home.rs"]
mod home;
#[path = "cases/hostile.rs"]
mod hostile;
#[path = "support/keys.rs"]
mod keys;
#[path = "support/raw.rs"]
mod raw;
#[path = "cases/shell.rs"]
mod shell;
#[path = "cases/typing.rs"]
mod typing;

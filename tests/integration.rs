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

mod support;

mod cases {
    mod addresses;
    mod answers;
    mod canary;
    mod catalogs;
    mod conversations;
    mod credentials;
    mod endings;
    mod hostile;
    mod layers;
    mod manners;
    mod own_catalogs;
    mod places;
    mod requests;
    mod scripts;
    mod shell;
    mod tellings;
    mod typing;
}

//! What a method promises, held against what came: a list where a list belongs, a dictionary where one does. A script
//! that asks for servers must not take an excuse for none.
//!
//! Where each method has an address of its own, anything may come from there, and what came must be all that is
//! promised. A protocol with an envelope says itself that it brings a result, and what such a result is differs in the
//! field: a call that has nothing to tell answers `true` or `0`, since there is no empty answer.
//!
//! `expectation` compares a whole value, `watch` one that passes.

mod expectation;
mod watch;

pub(super) use expectation::Promise;
pub(super) use watch::Broken;

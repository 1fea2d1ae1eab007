//! Checks a result against what its method promises: a list where a list belongs, a dictionary where one does. A script
//! that asks for servers must not take an error message for an empty list.
//!
//! Where each method has its own address, anything may come from there, so the answer must match the whole promise. A
//! protocol with an envelope marks the result itself, and services vary in what they return: a call with nothing to
//! report answers `true` or `0`, since there is no empty answer.
//!
//! `expectation` checks a whole value, `watch` one that is streamed.

mod expectation;
mod watch;

pub(super) use expectation::Promise;
pub(super) use watch::Broken;

//! A result to its place: filtered, hidden where it is secret, stored or shown, or kept where it can be found.

mod binary;
pub(crate) mod delivery;
pub(crate) mod filter;
pub(crate) mod flow;
pub(crate) mod mask;
pub(crate) mod output;
pub(crate) mod presentation;
pub mod rescue;
pub(crate) mod result;
pub mod screen;
pub(crate) mod suspicion;
pub(crate) mod tagged;

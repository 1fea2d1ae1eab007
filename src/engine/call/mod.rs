//! One call and what follows it: attempts, repetitions, pages, and the work that it begins.

pub(crate) mod beforehand;
pub(crate) mod entry;
pub(crate) mod exchange;
pub(crate) mod gathering;
pub(crate) mod idempotency;
pub(crate) mod jobs;
mod onward;
pub(crate) mod others;
pub(crate) mod paged;
pub(crate) mod pages;
mod pieces;
pub(crate) mod progress;
pub(crate) mod read_back;
mod redirect;
pub(crate) mod remarks;
mod retry;
pub(crate) mod settle;
pub(crate) mod shown;
pub(crate) mod side_by_side;
pub(crate) mod sighted;
pub(crate) mod tee;
pub(crate) mod together;
pub(crate) mod variables;
pub(crate) mod version;

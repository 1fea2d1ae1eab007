//! What all folders above this one share: the streams, the variables, errors, and the journal.

pub(crate) mod apart;
pub(crate) mod cause;
pub mod console;
pub mod error;
mod given;
pub(crate) mod job_error;
pub(crate) mod kept;
pub(crate) mod lately;
pub(crate) mod ledger;
pub(crate) mod member_error;
pub mod memory;
pub(crate) mod open;
pub(crate) mod page_error;
pub(crate) mod public;
pub mod recorded;
pub(crate) mod redaction;
pub(crate) mod refusal;
pub(crate) mod repeat;
mod same_key;
pub(crate) mod settings;
pub(crate) mod simulated;
pub(crate) mod unrecorded;

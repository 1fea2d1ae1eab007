//! The outcome of a call.

use crate::Fault;

/// The outcome, as the provider reports it.
#[derive(Debug, PartialEq)]
pub(super) enum Verdict {
    Success,
    /// With the service's words.
    Warning(String),
    Refused(Fault),
}

//! How a call went.

use crate::Fault;

/// How it went, by what the provider says.
#[derive(Debug, PartialEq)]
pub(super) enum Verdict {
    Success,
    /// With the service's words.
    Warning(String),
    Refused(Fault),
}

//! A read that is to be repeated, as a line asks for it.

use std::time::Duration;

use crate::engine::plan::Plan;

/// A read that is to be repeated.
pub(crate) struct Watched {
    pub(crate) plan: Plan,
    /// The pause between two rounds.
    pub(crate) every: Duration,
    /// After how many rounds it ends.
    pub(crate) times: Option<usize>,
}

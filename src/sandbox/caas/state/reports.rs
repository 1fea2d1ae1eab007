//! Reports in the making.

use std::time::Duration;

/// Reports in the making: which, and when they will be done.
#[derive(Debug)]
pub(crate) struct Reports {
    pub(crate) takes: Duration,
    pub(crate) making: Vec<(&'static str, Duration)>,
}

impl Reports {
    /// None yet; each will take so long.
    pub(crate) fn taking(takes: Duration) -> Reports {
        Reports { takes, making: Vec::new() }
    }
}

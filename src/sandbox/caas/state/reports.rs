//! Reports in preparation.

use std::time::Duration;

/// Reports in preparation, and when they will be done.
#[derive(Debug)]
pub(crate) struct Reports {
    pub(crate) takes: Duration,
    pub(crate) making: Vec<(&'static str, Duration)>,
}

impl Reports {
    /// No reports yet; each will take this long.
    pub(crate) fn taking(takes: Duration) -> Reports {
        Reports { takes, making: Vec::new() }
    }
}

//! What is wrong with lines that have not run: told as it is found, up to a number, and counted.

use crate::engine::error::CallError;
use crate::engine::session::Session;
use lang::Line;

/// Wrong lines that are told one by one.
const TOLD: usize = 20;

/// What is wrong.
#[derive(Debug, Default)]
pub(super) struct Findings {
    count: usize,
    first: Option<CallError>,
}

impl Findings {
    /// How many were not told one by one.
    pub(super) fn untold(&self) -> usize {
        self.count.saturating_sub(TOLD)
    }

    /// The first of all.
    pub(super) fn into_first(self) -> Option<CallError> {
        self.first
    }

    /// Notes, and tells, that something is wrong with a line, or with a text that is none.
    pub(super) fn add(&mut self, session: &mut Session, error: CallError, text: &str, line: Option<&Line>) {
        self.count += 1;
        // What is wrong with many lines is mostly the same.
        let error = if self.count <= TOLD { session.failed(error, text, line) } else { error };
        self.first.get_or_insert(error);
    }
}

//! What is wrong with lines that have not run: told as it is found, up to a number, and counted.

use crate::engine::run::session::Session;
use crate::engine::state::error::CallError;
use lang::Line;

/// Wrong lines that are told one by one.
const TOLD: usize = 20;

/// What is wrong.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    count: usize,
    first: Option<CallError>,
}

impl Findings {
    /// How many were not told one by one.
    pub(crate) fn untold(&self) -> usize {
        self.count.saturating_sub(TOLD)
    }

    /// The first of all.
    pub(crate) fn into_first(self) -> Option<CallError> {
        self.first
    }

    /// Notes, and tells, that something is wrong with a line, or with a text that is none.
    pub(crate) fn add(&mut self, session: &mut Session, error: CallError, text: &str, line: Option<&Line>) {
        self.count += 1;
        // What is wrong with many lines is mostly the same.
        let error = if self.count <= TOLD { session.failed(error, text, line) } else { error };
        self.first.get_or_insert(error);
    }
}

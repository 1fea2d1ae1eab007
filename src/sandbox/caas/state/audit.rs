//! The administrator logs: a row for each action, with its outcome.

use model::Map;

/// The rows, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Audit {
    pub(crate) rows: Vec<Map>,
}

impl Audit {
    /// The rows in the form of the report.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &Map> {
        self.rows.iter()
    }
}

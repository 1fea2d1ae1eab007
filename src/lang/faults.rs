//! All that is wrong with a text of several lines.

use super::{Line, SyntaxError};

/// All lines of a text that are none, by the first fault of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxFaults {
    /// The first of all.
    pub first: SyntaxError,
    /// Those of later lines, in their order.
    pub rest: Vec<SyntaxError>,
    /// What is beside them and is right.
    pub lines: Vec<Line>,
}

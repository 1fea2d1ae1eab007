//! All errors in a text of several lines.

use super::{Line, SyntaxError};

/// The errors of a text: the first one of each line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxFaults {
    /// The first error in the text.
    pub first: SyntaxError,
    /// Those of later lines, in order.
    pub rest: Vec<SyntaxError>,
    /// The valid lines.
    pub lines: Vec<Line>,
}

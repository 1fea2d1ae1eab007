//! Where a result is that could not be written to its destination.

use std::path::PathBuf;

/// Where a result is that could not be written to its destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// In a file that only its owner can read.
    At(PathBuf),
    /// In the result that was written: only a part of it had nowhere to go.
    InTheResult,
    /// On one of the standard streams: no file could be written.
    Shown,
    /// The answer contained nothing but that the call was done.
    Nothing,
    /// Nowhere.
    Lost,
}

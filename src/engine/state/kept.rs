//! Where a result is that did not come to its place.

use std::path::PathBuf;

/// Where a result is that did not come to its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// In a file for its owner alone.
    At(PathBuf),
    /// Where the result went: it was only a part of it that found no place.
    InTheResult,
    /// On one of the standard streams: no file could be written.
    Shown,
    /// The answer said no more than that the call was done.
    Nothing,
    /// Nowhere.
    Lost,
}

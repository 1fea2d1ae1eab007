//! Temporary files that are written beside others and replace them when complete.

mod spare;

pub use spare::{Spare, Unplaced, clean, spool, spool_in};

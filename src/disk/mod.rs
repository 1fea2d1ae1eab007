//! Files that are made beside others and take their place when they are whole.

mod spare;

pub use spare::{Spare, Unplaced, clean, spool, spool_in};

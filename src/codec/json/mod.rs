//! JSON in both directions.

mod write;

pub use write::{write, write_map};

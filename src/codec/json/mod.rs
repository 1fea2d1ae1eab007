//! JSON in both directions.

mod error;
mod write;

pub use error::Place;
pub use write::{write, write_map};

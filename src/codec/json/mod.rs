//! JSON in both directions.
//!
//! Out: `write` puts values into bodies. In, from the text upwards: `guard` bounds it and cuts it into values, with
//! `trail` for where it is and `word` for what JSON cannot hold, `read` drives the JSON crate over them, and `members` walks through a dictionary whose values go different ways.

mod error;
mod guard;
mod members;
mod place;
mod read;
mod trail;
mod word;
mod write;

#[cfg(test)]
mod tests;

pub use members::{Dictionaries, Members};
pub use place::Place;
pub use read::{Reader, read};
pub use write::{write, write_list, write_map};

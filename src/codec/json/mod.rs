//! JSON in both directions.
//!
//! Out: `write` puts values into bodies. In, from the bytes up: `guard` limits the text and cuts it into values, with
//! `trail` for the position and `word` for what JSON cannot hold; `read` drives the JSON crate over them; `members`
//! walks through a dictionary whose values go different ways.

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

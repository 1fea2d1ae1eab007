//! The parser's errors, converted to ours.

use std::io;

use serde_json::error::Category;

use super::Place;
use crate::{DecodeError, MessageError};

impl From<serde_json::Error> for DecodeError {
    fn from(error: serde_json::Error) -> DecodeError {
        let place = Place { line: error.line(), column: error.column() };
        let words = error.to_string();
        // The parser puts the position after its message, in its own form.
        let problem = words.rsplit_once(" at line ").map_or(words.as_str(), |(problem, _)| problem);
        match error.classify() {
            Category::Io => broken(error.into()),
            Category::Eof => DecodeError::Json { place, problem: "a value breaks off".to_owned() },
            Category::Syntax => DecodeError::Json { place, problem: problem.to_owned() },
            Category::Data => DecodeError::Consumer(problem.to_owned()),
        }
    }
}

/// An error in the message's own bytes.
pub(super) fn broken(error: io::Error) -> DecodeError {
    MessageError::from(error).into()
}

//! Where JSON is broken, and how the parser's errors become ours.

use std::fmt;
use std::io;

use serde_json::error::Category;

use crate::{DecodeError, MessageError};

/// A place in a JSON message, counted from 1; columns are bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The byte in it.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

impl From<serde_json::Error> for DecodeError {
    fn from(error: serde_json::Error) -> DecodeError {
        let place = Place { line: error.line(), column: error.column() };
        let words = error.to_string();
        // The place stands behind the words, in the parser's own form.
        let problem = words.rsplit_once(" at line ").map_or(words.as_str(), |(problem, _)| problem);
        match error.classify() {
            Category::Io => broken(error.into()),
            Category::Eof => DecodeError::Json { place, problem: "a value breaks off".to_owned() },
            Category::Syntax => DecodeError::Json { place, problem: problem.to_owned() },
            Category::Data => DecodeError::Consumer(problem.to_owned()),
        }
    }
}

/// An error of the message's own bytes.
pub(super) fn broken(error: io::Error) -> DecodeError {
    MessageError::from(error).into()
}

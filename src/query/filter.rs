//! A filter that has been checked and can be applied to any number of values.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::child::{self, Until};
use super::error::QueryError;
use super::limits;
use model::Value;

/// A valid filter.
#[derive(Clone, Debug)]
pub struct Filter {
    text: String,
    program: PathBuf,
}

impl Filter {
    /// Checks a filter. `program` is the path of this program; `interrupted` returns whether Ctrl-C was pressed.
    /// Positions in errors are bytes of `text`.
    pub fn compile(text: &str, program: &Path, interrupted: &dyn Fn() -> bool) -> Result<Filter, QueryError> {
        limits::check(text)?;
        let filter = Filter { text: text.to_owned(), program: program.to_owned() };
        let until = Until { limit: COMPILING, interrupted };
        match child::run(&filter.program, &filter.text, None, until) {
            Ok(_) => Ok(filter),
            Err(QueryError::Deep | QueryError::Memory) => Err(QueryError::Text {
                message: "the filter is nested too deep to be understood".into(),
                place: (0, text.len()),
                hint: None,
            }),
            Err(error) => Err(error),
        }
    }

    /// The filter as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The results of a filter for a value: any number of them, or an error, at the latest after `limit`, and soon
    /// after `interrupted` returns that Ctrl-C was pressed.
    pub fn run(
        &self,
        value: &Value,
        limit: Duration,
        interrupted: &dyn Fn() -> bool,
    ) -> Result<Vec<Value>, QueryError> {
        child::run(&self.program, &self.text, Some(value), Until { limit, interrupted })
    }
}

/// The time limit for compiling, which takes milliseconds unless the machine is very busy.
const COMPILING: Duration = Duration::from_secs(30);

//! A filter that was checked, and can be applied to any number of values.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::child::{self, Until};
use super::error::QueryError;
use super::limits;
use model::Value;

/// A filter that was found to be one.
#[derive(Clone, Debug)]
pub struct Filter {
    text: String,
    program: PathBuf,
}

impl Filter {
    /// Checks a filter. `program` is where this program lies; `interrupted` says whether Ctrl-C was pressed. What is wrong
    /// with the filter has its place in `text`, in bytes.
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

    /// What the filter makes of a value: any number of results, or an error, after `limit` at the latest, and soon after
    /// `interrupted` says that Ctrl-C was pressed.
    pub fn run(
        &self,
        value: &Value,
        limit: Duration,
        interrupted: &dyn Fn() -> bool,
    ) -> Result<Vec<Value>, QueryError> {
        child::run(&self.program, &self.text, Some(value), Until { limit, interrupted })
    }
}

/// How long a filter may take to be understood: a matter of milliseconds, on a machine that does much else.
const COMPILING: Duration = Duration::from_secs(30);

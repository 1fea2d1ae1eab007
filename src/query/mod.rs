//! `-q`: what a jq filter makes of a result. A filter runs in a process of its own, because it may take all memory,
//! overflow the stack or never end.
//!
//! The process is this program again, started with the one argument [`WORKER`]. It reads a filter and a value, writes
//! the results and ends; whatever becomes of it, the caller gets results or a [`QueryError`].

mod child;
mod compile;
mod divide;
mod error;
mod limits;
mod message;
mod tree;
mod worker;

use std::path::{Path, PathBuf};
use std::time::Duration;

use child::Until;
pub use error::QueryError;
pub use worker::work;

use model::Value;

/// The argument that makes this program the process of a filter.
pub const WORKER: &str = "__filter";

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

//! What completion knows beside the line: handed in, so that it asks nobody.

use model::Value;
use registry::Registry;

/// What is known beside the line.
pub struct Context<'c> {
    /// What can be called.
    pub registry: &'c Registry,
    /// The words that only those above know.
    pub words: Words<'c>,
    /// The last result, `$_`.
    pub last: Option<&'c Value>,
    /// Values that were given a name.
    pub named: &'c [(&'c str, &'c Value)],
    /// What lies in a folder; `""` is the current one.
    pub files: &'c dyn Fn(&str) -> Vec<FileName>,
}

/// Words that are in a line but are settled elsewhere.
#[derive(Clone, Copy, Debug, Default)]
pub struct Words<'c> {
    /// What may follow `-o`.
    pub formats: &'c [&'c str],
    /// What may follow `--as`.
    pub forms: &'c [&'c str],
    /// What `help` explains beside commands and methods, each with a summary.
    pub topics: &'c [(&'c str, &'c str)],
}

/// A name in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName {
    /// Without the folder.
    pub name: String,
    /// Whether it is a folder itself.
    pub folder: bool,
}

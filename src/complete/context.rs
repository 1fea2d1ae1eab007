//! What completion needs to know in addition to the line, passed in, so that it asks no one.

use model::Value;
use registry::Registry;

/// The information in addition to the line.
pub struct Context<'c> {
    /// Everything that can be called.
    pub registry: &'c Registry,
    /// Words that are defined in higher layers.
    pub words: Words<'c>,
    /// The last result, `$_`.
    pub last: Option<&'c Value>,
    /// Named values.
    pub named: &'c [(&'c str, &'c Value)],
    /// Lists a folder; `""` is the current one.
    pub files: &'c dyn Fn(&str) -> Vec<FileName>,
}

/// Words of a line that are defined elsewhere.
#[derive(Clone, Copy, Debug, Default)]
pub struct Words<'c> {
    /// Values of `-o`.
    pub formats: &'c [&'c str],
    /// Values of `--as`.
    pub forms: &'c [&'c str],
    /// The additional topics of `help`, each with a summary.
    pub topics: &'c [(&'c str, &'c str)],
}

/// A name in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName {
    /// Its name, without the folder.
    pub name: String,
    /// Whether it is a folder itself.
    pub folder: bool,
}

//! What completion needs to know in addition to the line, passed in, so that it asks no one.

use model::{Remembered, Sought, Value};
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
    /// Looks up what was seen.
    pub seen: &'c dyn Seen,
}

/// What earlier answers showed, and earlier lines gave. Asked only where such a value can come, and never over the
/// network.
pub trait Seen {
    /// The values of a kind in the account of a profile whose key or name begins with a text, or else contains it; best
    /// first.
    fn values(&self, profile: &str, sought: Sought<'_>) -> Vec<Remembered>;
    /// The jobs that can be waited for, each with what it is.
    fn jobs(&self) -> Vec<(String, String)>;
    /// The numbers of the calls whose outcome is unknown, each with what it is.
    fn calls(&self) -> Vec<(String, String)> {
        Vec::new()
    }
}

/// Nothing was seen.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nothing;

impl Seen for Nothing {
    fn values(&self, _: &str, _: Sought<'_>) -> Vec<Remembered> {
        Vec::new()
    }

    fn jobs(&self) -> Vec<(String, String)> {
        Vec::new()
    }
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
    /// What can be `set`, each with what it is and its usual values. A format is any of `formats`.
    pub settings: &'c [Setting],
}

/// Something that can be set in a session.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// What its value can be, in words.
    pub values: &'static str,
    /// Values to offer.
    pub choices: &'static [&'static str],
}

/// A name in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName {
    /// Its name, without the folder.
    pub name: String,
    /// Whether it is a folder itself.
    pub folder: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_nothing_was_seen_nothing_is_offered() {
        assert!(
            Nothing.values("work", Sought { kind: "zone", begun: "", within: &[] }).is_empty()
                && Nothing.jobs().is_empty()
                && Nothing.calls().is_empty()
        );
    }
}

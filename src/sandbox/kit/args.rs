//! The arguments of a call, checked against the catalogue before a handler sees them.

use model::{Map, Value};

/// Named arguments. What the catalogue requires is there and of its type; a getter of something absent or of another
/// type gives the empty value of its kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Args(Map);

impl Args {
    /// Wraps values that have been checked.
    pub(crate) fn new(values: Map) -> Args {
        Args(values)
    }

    /// The value as it came.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// A text; empty when it was left out.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.maybe_text(name).unwrap_or_default()
    }

    /// A text that may be left out.
    pub(crate) fn maybe_text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// A whole number that may be left out.
    pub(crate) fn int(&self, name: &str) -> Option<i64> {
        self.get(name)?.as_int()
    }

    /// The number called `id`; 0 when it was left out.
    pub(crate) fn id(&self) -> i64 {
        self.int("id").unwrap_or_default()
    }

    /// True or false; may be left out.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.get(name)?.as_bool()
    }

    /// Texts; `None` when the list was left out.
    pub(crate) fn texts(&self, name: &str) -> Option<Vec<&str>> {
        Some(self.get(name)?.as_list()?.iter().filter_map(Value::as_str).collect())
    }

    /// Dictionaries; none when the list was left out.
    pub(crate) fn maps(&self, name: &str) -> impl Iterator<Item = &Map> {
        self.get(name).and_then(Value::as_list).unwrap_or_default().iter().filter_map(Value::as_map)
    }

    /// Names and values in the order they came.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter()
    }
}

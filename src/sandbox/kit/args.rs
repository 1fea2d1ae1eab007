//! The arguments of a call, checked against the catalogue before a handler sees them.

use model::{Map, Value};

/// Named arguments. Required ones are present and of the right type; a getter returns the empty value of its type for
/// an argument that is missing or of another type.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Args(Map);

impl Args {
    /// Wraps values that have been checked.
    pub(crate) fn new(values: Map) -> Args {
        Args(values)
    }

    /// The value, unchanged.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// A text; empty if it was left out.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.maybe_text(name).unwrap_or_default()
    }

    /// An optional text.
    pub(crate) fn maybe_text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// An optional whole number.
    pub(crate) fn int(&self, name: &str) -> Option<i64> {
        self.get(name)?.as_int()
    }

    /// The number called `id`; 0 if it was left out.
    pub(crate) fn id(&self) -> i64 {
        self.int("id").unwrap_or_default()
    }

    /// An optional boolean.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.get(name)?.as_bool()
    }

    /// A list of texts; `None` if it was left out.
    pub(crate) fn texts(&self, name: &str) -> Option<Vec<&str>> {
        Some(self.get(name)?.as_list()?.iter().filter_map(Value::as_str).collect())
    }

    /// A list of dictionaries; empty if it was left out.
    pub(crate) fn maps(&self, name: &str) -> impl Iterator<Item = &Map> {
        self.get(name).and_then(Value::as_list).unwrap_or_default().iter().filter_map(Value::as_map)
    }

    /// Names and values in the order they came.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter()
    }
}

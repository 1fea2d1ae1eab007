//! What a catalogue says about one parameter, put together from what a document says about it.

use std::collections::BTreeSet;

use model::{Map, Value};

use super::operation::Listing;
use super::schema::Schema;
use super::shape::{Described, fits};
use super::words::{line, typed};

/// The most parameters of an operation.
pub(crate) const PARAMS: usize = 400;

/// What a call needs, in the words of a catalogue.
#[derive(Debug, Default)]
pub(crate) struct Params {
    pub(crate) params: Vec<Map>,
    /// The body; `None` if there is none.
    pub(crate) sends: Option<Map>,
    /// How the values depend on each other.
    pub(crate) rules: Vec<Value>,
}

/// The names that are taken.
#[derive(Default)]
pub(crate) struct Names(BTreeSet<String>);

impl Names {
    /// An entry with a name that can be typed, and the name on the wire if that is another.
    pub(crate) fn entry(&mut self, wire: &str) -> Option<Map> {
        let own = typed(wire)?;
        let others = std::iter::once(format!("body_{own}")).chain((2..).map(|number| format!("{own}_{number}")));
        let name = std::iter::once(own.clone()).chain(others).find(|name| !self.0.contains(name))?;
        self.0.insert(name.clone());
        let mut entry = Map::new();
        entry.insert("name", name.as_str());
        if name != wire {
            entry.insert("wire", wire);
        }
        Some(entry)
    }
}

/// Why a parameter cannot be given at all.
pub(crate) fn unnamed(name: &str) -> String {
    format!("its parameter {name:?} has a name that cannot be typed")
}

/// How the members of a list are written.
pub(crate) fn listing(entry: &mut Map, listing: Listing) {
    match listing {
        Listing::Repeated => drop(entry.insert("repeat", true)),
        Listing::Joined(separator) => drop(entry.insert("join", separator)),
        Listing::Bracketed | Listing::Marked => {}
    }
}

/// What it is, in one line.
pub(crate) fn summary(entry: &mut Map, description: &str) {
    let summary = line(description);
    if !summary.is_empty() {
        entry.insert("summary", summary);
    }
}

/// Whether it must be given, and whether it should not.
pub(crate) fn flags(entry: &mut Map, required: bool, deprecated: bool) {
    if required {
        entry.insert("required", true);
    }
    if deprecated {
        entry.insert("deprecated", "the document says so");
    }
}

/// What is assumed without it, and what is inside it.
pub(crate) fn finish(entry: &mut Map, schema: &Schema<'_>, described: Described) {
    if let Some(default) = schema.default.filter(|value| fits(value, &described.type_)) {
        entry.insert("default", default.clone());
    }
    if !described.fields.is_empty() {
        entry.insert("fields", described.fields);
    }
    if !described.rules.is_empty() {
        entry.insert("rules", described.rules);
    }
}

/// The name of a parameter.
pub(crate) fn name(param: &Map) -> &str {
    param.get("name").and_then(Value::as_str).unwrap_or_default()
}

/// Its name on the wire.
pub(crate) fn wire(param: &Map) -> &str {
    param.get("wire").and_then(Value::as_str).unwrap_or_else(|| name(param))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_parameters_never_have_one_name() {
        let mut names = Names::default();
        let found: Vec<(String, String)> = ["id", "id", "id", "a[b]", "a.b", "$"]
            .into_iter()
            .filter_map(|wanted| names.entry(wanted))
            .map(|entry| (name(&entry).to_owned(), wire(&entry).to_owned()))
            .collect();
        let found: Vec<(&str, &str)> = found.iter().map(|(name, wire)| (name.as_str(), wire.as_str())).collect();
        assert_eq!(found, [("id", "id"), ("body_id", "id"), ("id_2", "id"), ("a_b", "a[b]"), ("body_a_b", "a.b")]);
    }
}

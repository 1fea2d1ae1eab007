//! Things stored in the form in which answers show them.

use super::fault::{Code, Fault};
use crate::kit::check::word;
use model::{Map, Value};

/// The id in the examples of the catalogue. The first thing of each kind has it, so that the examples work.
pub(crate) const EXAMPLE_ID: &str = "0123456789abcdef0123456789abcdef";

/// Dictionaries of one shape, identified by one key, in the order they were added.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    what: &'static str,
    key: &'static str,
    rows: Vec<Map>,
}

impl Table {
    /// No things of that kind yet.
    pub(crate) fn new(what: &'static str, key: &'static str) -> Table {
        Table { what, key, rows: Vec::new() }
    }

    /// Adds these things, whose keys must be new.
    pub(crate) fn with(mut self, rows: impl IntoIterator<Item = Map>) -> Table {
        self.rows.extend(rows);
        self
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// All in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Map> {
        self.rows.iter()
    }

    /// Those that have that value.
    pub(crate) fn having<'t>(&'t self, key: &str, value: &str) -> impl Iterator<Item = &'t Map> {
        self.rows.iter().filter(move |row| text(row, key) == value)
    }

    /// The row with that id.
    pub(crate) fn find(&self, id: impl Into<Value>) -> Result<&Map, Fault> {
        let id = id.into();
        let found = self.rows.iter().find(|row| row.get(self.key) == Some(&id));
        found.ok_or_else(|| Fault::missing(self.what, self.key, &word(&id)))
    }

    /// The row with that id, to change it in place.
    pub(crate) fn find_mut(&mut self, id: &str) -> Result<&mut Map, Fault> {
        let found = self.rows.iter_mut().find(|row| text(row, self.key) == id);
        found.ok_or_else(|| Fault::missing(self.what, self.key, id))
    }

    /// Adds a row and returns it; refused if its id is taken.
    pub(crate) fn add(&mut self, row: Map) -> Result<Value, Fault> {
        match row.get(self.key).filter(|id| self.find((*id).clone()).is_ok()) {
            Some(id) => {
                let message = format!("{}: '{}' is the {} of another {}", self.key, word(id), self.key, self.what);
                Err(Fault::new(Code::NotUnique, message))
            }
            None => {
                self.rows.push(row.clone());
                Ok(row.into())
            }
        }
    }

    /// Replaces the row with the same id and returns the new one.
    pub(crate) fn put(&mut self, row: Map) -> Value {
        if let Some(old) = self.rows.iter_mut().find(|old| old.get(self.key) == row.get(self.key)) {
            old.clone_from(&row);
        }
        row.into()
    }

    /// Removes the row with that id and returns it.
    pub(crate) fn take(&mut self, id: &str) -> Result<Map, Fault> {
        let taken = self.find(id)?.clone();
        self.drop_having(self.key, id);
        Ok(taken)
    }

    /// Removes all rows that have that value.
    pub(crate) fn drop_having(&mut self, key: &str, value: &str) {
        self.rows.retain(|row| text(row, key) != value);
    }
}

/// The text of a key; empty if there is none.
pub(crate) fn text<'r>(row: &'r Map, key: &str) -> &'r str {
    row.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The whole number of a key; 0 if there is none.
pub(crate) fn int(row: &Map, key: &str) -> i64 {
    row.get(key).and_then(Value::as_int).unwrap_or_default()
}

/// Whether a key is true.
pub(crate) fn flag(row: &Map, key: &str) -> bool {
    row.get(key) == Some(&Value::Bool(true))
}

/// A dictionary with the given values for its keys; other keys are ignored.
pub(crate) fn overlay<'v>(mut row: Map, given: impl Iterator<Item = (&'v str, &'v Value)>) -> Map {
    for (key, value) in given {
        if let Some(place) = row.get_mut(key) {
            place.clone_from(value);
        }
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::values::map;

    #[test]
    fn rows_are_identified_by_their_key() {
        let mut table =
            Table::new("zone", "id").with([map! { "id" => "a", "ttl" => 0 }, map! { "id" => "b", "ttl" => 5 }]);
        assert_eq!(table.add(map! { "id" => "a" }).unwrap_err().code, Code::NotUnique);
        assert_eq!(table.find("c").unwrap_err().message, "Couldn't find zone with id 'c'");
        table.put(map! { "id" => "b", "ttl" => 6 });
        assert_eq!(int(table.find("b").unwrap(), "ttl"), 6);
        assert_eq!(table.take("b").unwrap(), map! { "id" => "b", "ttl" => 6 });
        assert_eq!((table.len(), table.take("b").is_err()), (1, true));
    }

    #[test]
    fn only_known_keys_are_overlaid() {
        let given = map! { "ttl" => 300, "other" => 1 };
        assert_eq!(overlay(map! { "id" => "a", "ttl" => 0 }, given.iter()), map! { "id" => "a", "ttl" => 300 });
    }
}

//! The columns of rows, and which value of a row is in which column: every value is in exactly one.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use super::guide::Guide;
use super::path::{self, ALONE, KEYS};
use model::{Map, Value};

/// Columns that identify a row come first, in this order.
const FIRST: [&str; 3] = ["id", "name", "label"];

/// Columns in order.
pub(super) struct Columns {
    /// Their names: keys, with those of inner dictionaries joined by dots.
    pub(super) names: Vec<String>,
    /// The dictionaries whose members are columns. `None` for requested columns, which need not exist.
    open: Option<HashSet<String>>,
    /// Requested columns beside those of the rows.
    more: Vec<String>,
}

impl Columns {
    /// The requested columns.
    pub(super) fn asked(names: Vec<String>) -> Columns {
        Columns { names, open: None, more: Vec::new() }
    }

    /// The columns of all rows: first those that identify a row, then those in the catalogue, in its order, then the
    /// others in order of appearance.
    ///
    /// The members of inner dictionaries are columns, unless their keys are free, or their columns would have the same
    /// names as others: a dictionary with `a.b` and one with `b` in an `a`.
    pub(super) fn of(rows: &[Cow<'_, Value>], guide: &Guide) -> Columns {
        let mut survey = Survey::of(guide);
        loop {
            rows.iter().for_each(|row| survey.row(row));
            match survey.end() {
                Ok(columns) => return columns,
                Err(again) => survey = *again,
            }
        }
    }

    /// With further columns that were requested.
    pub(super) fn and(mut self, more: &[String]) -> Columns {
        self.more = more.iter().filter(|name| !self.names.contains(name)).cloned().collect();
        self.names.extend(self.more.iter().cloned());
        self
    }

    /// The value of a row in a column. A dictionary whose members are columns is not shown a second time.
    pub(super) fn cell<'v>(&self, row: &'v Value, column: &str) -> Option<&'v Value> {
        let Some(open) = &self.open else { return path::cell(row, column) };
        match row {
            Value::Map(map) if !self.more.iter().any(|name| name == column) => member(map, 0, column, open),
            other => path::cell(other, column),
        }
    }
}

/// The value in a column whose name begins, up to byte `start`, with the path to a dictionary.
fn member<'v>(map: &'v Map, start: usize, column: &str, open: &HashSet<String>) -> Option<&'v Value> {
    let key = column.get(start..)?;
    let is_open =
        |value: &Value, path: &str| matches!(value, Value::Map(inner) if !inner.is_empty()) && open.contains(path);
    if let Some(value) = map.get(key).filter(|value| !is_open(value, column)) {
        return Some(value);
    }
    key.match_indices('.').find_map(|(dot, _)| {
        let value = map.get(key.get(..dot)?)?;
        match value {
            Value::Map(inner) if is_open(value, column.get(..start + dot)?) => {
                member(inner, start + dot + 1, column, open)
            }
            _ => None,
        }
    })
}

/// A look at all rows, one after the other, to find their columns.
pub(super) struct Survey<'g> {
    found: Found<'g>,
    /// The dictionaries that must be closed.
    clash: HashSet<String>,
}

impl<'g> Survey<'g> {
    /// No row yet.
    pub(super) fn of(guide: &'g Guide) -> Survey<'g> {
        Survey::without(guide, HashSet::new())
    }

    fn without(guide: &'g Guide, closed: HashSet<String>) -> Survey<'g> {
        let found = Found { guide, closed, places: HashMap::new(), names: Vec::new(), open: HashMap::new() };
        Survey { found, clash: HashSet::new() }
    }

    /// Looks at the next row.
    pub(super) fn row(&mut self, row: &Value) {
        self.clash.extend(self.found.row(row));
    }

    /// The columns of all rows; or another survey, which must see all of them again.
    pub(super) fn end(self) -> Result<Columns, Box<Survey<'g>>> {
        let Survey { found, clash } = self;
        if clash.is_empty() {
            return Ok(found.columns());
        }
        // Each of them was open until now, so this ends.
        let Found { guide, closed, .. } = found;
        Err(Box::new(Survey::without(guide, closed.into_iter().chain(clash).collect())))
    }
}

/// The columns found so far.
struct Found<'g> {
    guide: &'g Guide,
    /// The dictionaries that are columns themselves.
    closed: HashSet<String>,
    places: HashMap<String, usize>,
    names: Vec<Name>,
    /// The dictionaries whose members are columns, each with its parent.
    open: HashMap<String, String>,
}

/// A column.
struct Name {
    name: String,
    /// The dictionary that it is a member of.
    above: String,
    /// At least one row has a value there.
    filled: bool,
}

impl Found<'_> {
    /// Adds the columns of a row. Returns a dictionary that must be closed, if another column has the same name as one
    /// of its members.
    fn row(&mut self, row: &Value) -> Option<String> {
        match row {
            Value::List(list) => list.iter().enumerate().find_map(|(index, _)| self.leaf(&index.to_string(), "", true)),
            Value::Map(map) => self.members("", map),
            _ => self.leaf(ALONE, "", true),
        }
    }

    fn members(&mut self, above: &str, map: &Map) -> Option<String> {
        let mut clash = None;
        for (key, value) in map.iter() {
            let path = if above.is_empty() { Cow::Borrowed(key) } else { Cow::Owned(format!("{above}.{key}")) };
            let found = match value {
                Value::Map(inner)
                    if !inner.is_empty() && !self.guide.is_free(&path) && !self.closed.contains(&*path) =>
                {
                    let other = self.opened(&path, above);
                    let inner = self.members(&path, inner);
                    other.or(inner)
                }
                Value::Null => self.leaf(&path, above, false),
                // Beside dictionaries with members, an empty one counts as no value.
                Value::Map(inner) if inner.is_empty() => self.leaf(&path, above, false),
                _ => self.leaf(&path, above, true),
            };
            clash = clash.or(found);
        }
        clash
    }

    /// Records that the members of a dictionary are columns. Returns the dictionary that must be closed if another has
    /// the same path.
    fn opened(&mut self, path: &str, above: &str) -> Option<String> {
        match self.open.get(path) {
            Some(before) => longer(before, above),
            None => {
                self.open.insert(path.to_owned(), above.to_owned());
                None
            }
        }
    }

    fn leaf(&mut self, path: &str, above: &str, filled: bool) -> Option<String> {
        let Some(name) = self.places.get(path).and_then(|at| self.names.get_mut(*at)) else {
            self.places.insert(path.to_owned(), self.names.len());
            self.names.push(Name { name: path.to_owned(), above: above.to_owned(), filled });
            return None;
        };
        name.filled |= filled;
        longer(&name.above, above)
    }

    /// The columns in order, without those that are empty except for dictionaries whose members are columns.
    fn columns(self) -> Columns {
        let Found { names, open, guide, .. } = self;
        let needed = names.into_iter().filter(|name| name.filled || !open.contains_key(&name.name));
        let mut names: Vec<String> = needed.map(|name| name.name).collect();
        let first = |name: &str| FIRST.iter().position(|first| *first == name).unwrap_or(FIRST.len());
        let keyed = names.first().filter(|name| guide.is_keyed() && KEYS.contains(&name.as_str())).cloned();
        names.sort_by_key(|name| (!guide.is_tag(name), Some(name) != keyed.as_ref(), first(name), guide.place(name)));
        Columns { names, open: Some(open.into_keys().collect()), more: Vec::new() }
    }
}

/// The longer of two paths to dictionaries that lead to the same name; `None` if they are equal.
fn longer(one: &str, other: &str) -> Option<String> {
    match one.len().cmp(&other.len()) {
        Ordering::Equal => None,
        Ordering::Less => Some(other.to_owned()),
        Ordering::Greater => Some(one.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The rows as lines of JSON: first the names of the columns; a space where a row has no value.
    fn cells(json: &str) -> String {
        let rows: Vec<Value> = serde_json::from_str(json).unwrap();
        let rows: Vec<Cow<'_, Value>> = rows.iter().map(Cow::Borrowed).collect();
        let columns = Columns::of(&rows, &Guide::default());
        let text = |value: Option<&Value>| value.map(|value| serde_json::to_string(value).unwrap()).unwrap_or_default();
        let line = |row: &Cow<'_, Value>| {
            columns.names.iter().map(|name| text(columns.cell(row, name))).collect::<Vec<_>>().join(" ")
        };
        std::iter::once(columns.names.join(" ")).chain(rows.iter().map(line)).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn no_value_is_lost_or_shown_twice() {
        for (json, shown) in [
            (r#"[{"a.b":1,"a":{"b":2}}]"#, "a.b a\n1 {\"b\":2}"),
            (r#"[{"a":{"b":2}},{"a.b":1}]"#, "a a.b\n{\"b\":2} \n 1"),
            (r#"[{"a":{"b.c":1,"b":{"c":2}}}]"#, "a.b.c a.b\n1 {\"c\":2}"),
            (r#"[{"a.b.c":0,"a":{"b.c":1,"b":{"c":2}}}]"#, "a.b.c a\n0 {\"b.c\":1,\"b\":{\"c\":2}}"),
            (r#"[{"n":1,"d":{}},{"n":2,"d":{"k":1}}]"#, "n d.k\n1 \n2 1"),
            (r#"[{"d":{}},{"d":{}}]"#, "d\n{}\n{}"),
            (r#"[{"a":"x"},{"a":{"b":1}}]"#, "a a.b\n\"x\" \n 1"),
            (r#"[{"a":{"b":{"c":1}}},{"a":{"b":[2]}}]"#, "a.b.c a.b\n1 \n [2]"),
            (r#"[{"a.b":{"c":1}},{"a":{"b":{"d":2}}}]"#, "a.b.c a\n1 \n {\"b\":{\"d\":2}}"),
            (r#"[{"a":{"":1}},{"":2}]"#, "a. \n1 \n 2"),
        ] {
            assert_eq!(cells(json), shown, "{json}");
        }
    }

    fn any_row() -> impl Strategy<Value = Value> {
        let leaf = Just(Value::Int(0));
        let key = prop::sample::select(vec!["a", "b", "a.b", "b.a", "a.a.b"]);
        let row = leaf.prop_recursive(3, 20, 4, move |inner| {
            prop::collection::vec((key.clone(), inner), 1..4).prop_map(|members| Value::Map(Map::from_iter(members)))
        });
        row.prop_filter("a dictionary", |row| matches!(row, Value::Map(_)))
    }

    /// Gives every number a unique value.
    fn number(value: &mut Value, next: &mut i64) {
        match value {
            Value::Map(map) => map.values_mut().for_each(|value| number(value, next)),
            other => {
                *next += 1;
                *other = Value::Int(*next);
            }
        }
    }

    fn numbers(value: &Value, found: &mut Vec<i64>) {
        match value {
            Value::Map(map) => map.iter().for_each(|(_, value)| numbers(value, found)),
            other => found.extend(other.as_int()),
        }
    }

    proptest! {
        #[test]
        fn every_value_of_any_row_is_in_one_cell(mut rows in prop::collection::vec(any_row(), 1..4)) {
            let mut count = 0;
            rows.iter_mut().for_each(|row| number(row, &mut count));
            let rows: Vec<Cow<'_, Value>> = rows.iter().map(Cow::Borrowed).collect();
            let columns = Columns::of(&rows, &Guide::default());
            let mut found = Vec::new();
            for row in &rows {
                for name in &columns.names {
                    columns.cell(row, name).into_iter().for_each(|value| numbers(value, &mut found));
                }
            }
            found.sort_unstable();
            prop_assert_eq!(found, (1..=count).collect::<Vec<_>>());
        }
    }
}

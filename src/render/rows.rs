//! A result as rows, and their columns.

use std::borrow::Cow;
use std::collections::HashSet;

use super::columns::Columns;
use super::guide::Guide;
use super::order;
use super::path::{ALONE, KEYS, cell};
use super::view::{Note, View};
use model::suggest::{nearest, phrase};
use model::{Map, Value};

/// The rows of one or several results.
pub(super) struct Rows<'v> {
    /// The rows in order.
    pub(super) rows: Vec<Cow<'v, Value>>,
    /// The only row is the result itself, not a member of a list.
    pub(super) single: bool,
    /// The requested columns; empty means all.
    pub(super) asked: Vec<String>,
    /// Columns that were requested in addition.
    pub(super) more: Vec<String>,
}

impl<'v> Rows<'v> {
    /// The members of a list are rows, and so are several results, and the members of a dictionary with free keys.
    /// Anything else is one row.
    pub(super) fn of(results: &'v [Value], guide: &Guide) -> Rows<'v> {
        let (rows, single) = match results {
            [Value::List(list)] => (list.iter().map(Cow::Borrowed).collect(), false),
            [Value::Map(map)] if guide.is_keyed() => (keyed(map), false),
            several => (several.iter().map(Cow::Borrowed).collect(), several.len() == 1),
        };
        Rows { rows, single, asked: Vec::new(), more: Vec::new() }
    }

    /// Sorts the rows and records the requested columns. Returns a note for each column that no row has. If none of the
    /// columns exists, everything is shown: the call was made, and its result must not be lost.
    pub(super) fn arrange(&mut self, view: &View) -> Vec<Note> {
        order::sort(&mut self.rows, &view.sort);
        let mut missing: Vec<&String> = if self.rows.is_empty() { Vec::new() } else { unknown(view).collect() };
        missing.retain(|name| !self.rows.iter().any(|row| cell(row, name).is_some()));
        if !view.columns.iter().all(|name| missing.contains(&name)) {
            self.asked.clone_from(&view.columns);
        }
        self.more = view.more.iter().filter(|name| !missing.contains(name)).cloned().collect();
        if missing.is_empty() {
            return Vec::new();
        }
        missed(missing, &Columns::of(&self.rows, &view.guide)).collect()
    }

    /// The columns to show: the requested ones, or else all.
    pub(super) fn columns(&self, guide: &Guide) -> Columns {
        match self.asked.is_empty() {
            true => Columns::of(&self.rows, guide).and(&self.more),
            false => Columns::asked(self.asked.clone()),
        }
    }

    /// Whether every row is a scalar, so that the column needs no name.
    pub(super) fn are_scalars(&self) -> bool {
        self.rows.iter().all(|row| !matches!(**row, Value::Map(_) | Value::List(_)))
    }

    /// The rows reduced to the requested columns, for formats without rows.
    pub(super) fn chosen(self) -> Vec<Value> {
        if self.asked.is_empty() {
            return self.rows.into_iter().map(Cow::into_owned).collect();
        }
        let choose = |row: &Value| {
            let names = self.asked.iter().map(String::as_str);
            Value::Map(names.map(|name| (name, cell(row, name).cloned().unwrap_or_default())).collect())
        };
        self.rows.iter().map(|row| choose(row)).collect()
    }
}

/// The columns that a view asks for although the catalogue does not have them, each once: a row must show that there is
/// such a column.
pub(super) fn unknown(view: &View) -> impl Iterator<Item = &String> {
    let sorted = view.sort.iter().map(|key| &key.column);
    let mut seen = HashSet::new();
    let asked = view.columns.iter().chain(&view.more).chain(sorted);
    asked.filter(move |name| seen.insert(*name) && !view.guide.knows(name))
}

/// The notes about columns that no row has, where these are the columns of the rows.
pub(super) fn missed<'m>(missing: impl IntoIterator<Item = &'m String>, there: &Columns) -> impl Iterator<Item = Note> {
    let hint = |name: &str| phrase(&nearest(name, there.names.iter().map(String::as_str)));
    missing.into_iter().map(move |name| Note::NoColumn { name: name.clone(), hint: hint(name) })
}

/// The members of a dictionary, each with its key as first column. A member that is a list gives a row for each of its
/// members.
fn keyed(map: &Map) -> Vec<Cow<'_, Value>> {
    let [usual, other] = KEYS;
    let taken = map.iter().any(|(_, member)| member.get(usual).is_some());
    let row = |key: &str, member: &Value| {
        let head = std::iter::once(((if taken { other } else { usual }).to_owned(), Value::from(key)));
        let row: Map = match member {
            Value::Map(map) => head.chain(map.iter().map(|(name, value)| (name.to_owned(), value.clone()))).collect(),
            other => head.chain([(ALONE.to_owned(), other.clone())]).collect(),
        };
        Cow::Owned(Value::Map(row))
    };
    map.iter()
        .flat_map(|(key, member)| match member {
            Value::List(list) => list.iter().map(|member| row(key, member)).collect::<Vec<_>>(),
            other => vec![row(key, other)],
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::guide::tests::guide;
    use super::super::view;
    use super::*;

    fn value(json: &str) -> Value {
        serde_json::from_str(json).unwrap()
    }

    fn columns(json: &str) -> Vec<String> {
        let results = [value(json)];
        Rows::of(&results, &Guide::default()).columns(&Guide::default()).names
    }

    #[test]
    fn columns_are_the_union_of_all_rows() {
        for (json, names) in [
            (r#"[{"a":1},{"b":2,"a":3}]"#, &["a", "b"][..]),
            (r#"[{"a":{"b":1,"c":{"d":[1]}}},{"a":{"e":{}}}]"#, &["a.b", "a.c.d", "a.e"]),
            (r#"[{"a":null,"z":null},{"a":{"b":1}}]"#, &["z", "a.b"]),
            (r#"[{"a":"x"},{"a":{"b":1}}]"#, &["a", "a.b"]),
            (r#"{"a":1}"#, &["a"]),
            (r#"[{"up":true,"label":"x","id":1}]"#, &["id", "label", "up"]),
            (r#"["x",null]"#, &["value"]),
            (r#"[[1,2],[3]]"#, &["0", "1"]),
            (r#"[{"a":1},5]"#, &["a", "value"]),
            ("5", &["value"]),
            ("[]", &[]),
        ] {
            assert_eq!(columns(json), names, "{json}");
        }
    }

    #[test]
    fn the_catalogue_orders_the_columns_it_knows() {
        let results = [value(r#"[{"zz":1,"up":{"odd":1,"born":2},"born":3,"id":"x"}]"#)];
        let guide = guide(r#"{"name":"node.list","returns":"list:@node"}"#);
        assert_eq!(Rows::of(&results, &guide).columns(&guide).names, ["id", "born", "up.odd", "up.born", "zz"]);
    }

    #[test]
    fn free_keys_inside_a_row_are_not_columns() {
        let results = [value(r#"[{"id":1,"by":{"x":{"id":2}}},{"id":3,"by":{"y":{"id":4}}}]"#)];
        let guide = guide(r#"{"name":"node.list","returns":"list:@node"}"#);
        assert_eq!(Rows::of(&results, &guide).columns(&guide).names, ["id", "by"]);
    }

    #[test]
    fn members_with_free_keys_are_rows() {
        let guide = guide(r#"{"name":"node.all","returns":"map:@node"}"#);
        for (json, rows) in [
            (r#"{"p":{"id":1},"q":{"id":2}}"#, r#"[{"key":"p","id":1},{"key":"q","id":2}]"#),
            (r#"{"p":[{"id":1},{"id":2}],"q":[]}"#, r#"[{"key":"p","id":1},{"key":"p","id":2}]"#),
            (r#"{"p":7}"#, r#"[{"key":"p","value":7}]"#),
            (r#"{"p":{"key":1}}"#, r#"[{"_key":"p","key":1}]"#),
        ] {
            let results = [value(json)];
            assert_eq!(Value::List(Rows::of(&results, &guide).chosen()), value(rows), "{json}");
        }
    }

    #[test]
    fn a_column_that_no_row_has_is_reported() {
        let results = [value(r#"[{"name":1,"a":{"id":2}}]"#)];
        let view = View {
            columns: view::columns("nmae,a.id,born"),
            sort: view::sort_keys("-nmae,zz"),
            guide: guide(r#"{"name":"node.list","returns":"list:@node"}"#),
            ..View::default()
        };
        let mut rows = Rows::of(&results, &view.guide);
        let notes = rows.arrange(&view);
        let words: Vec<_> = notes.iter().map(Note::to_string).collect();
        let near = "note: no row has a column `nmae`; did you mean name?";
        assert_eq!(words, [near, "note: no row has a column `zz`"]);
        assert_eq!(rows.asked, view.columns);
        assert_eq!(Rows::of(&[Value::List(vec![])], &view.guide).arrange(&view), []);
        let odd = View { columns: view::columns("odd"), ..View::default() };
        let mut rows = Rows::of(&results, &odd.guide);
        assert_eq!((rows.arrange(&odd).len(), rows.columns(&odd.guide).names), (1, vec!["name".into(), "a.id".into()]));
    }
}

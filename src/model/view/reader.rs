//! The result of a method → the rows of a view.

use crate::job::Condition;
use crate::{Map, Value};

/// Where the columns of a view are in the result of one method.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reader {
    /// The list inside each member whose members are the rows.
    pub rows: Option<String>,
    /// A condition for the members.
    pub only: Option<Condition>,
    /// Columns without which a row is left out.
    pub needs: Vec<String>,
    /// All columns of the view, in its order.
    pub columns: Vec<Column>,
}

/// A column of a view.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Where its value may be; the first that is there counts.
    pub from: Vec<Origin>,
    /// It is a sum of money: a text with a number in it becomes a number.
    pub number: bool,
}

/// Where a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// At a dotted path, unless it is one of the values that mean that there is none.
    Path(String, Vec<Value>),
    /// A text with paths in braces.
    Text(String),
    /// The same for every row.
    Fixed(Value),
}

impl Reader {
    /// The rows of a result. A result that is no list is its only member.
    pub fn rows(&self, result: &Value) -> Vec<Map> {
        let members = match result {
            Value::List(members) => members.as_slice(),
            Value::Null => &[],
            one => std::slice::from_ref(one),
        };
        let chosen =
            members.iter().filter(|member| self.only.as_ref().is_none_or(|only| only.holds(member) == Ok(true)));
        let rows = chosen.flat_map(|member| match &self.rows {
            None => vec![self.row(member, None)],
            Some(path) => match at(member, path) {
                Some(Value::List(inner)) => inner.iter().map(|row| self.row(member, Some((path, row)))).collect(),
                Some(Value::Map(inner)) => inner.iter().map(|(_, row)| self.row(member, Some((path, row)))).collect(),
                _ => Vec::new(),
            },
        });
        let is_there = |row: &Map, name: &String| row.get(name).is_some_and(|value| *value != Value::Null);
        rows.filter(|row| self.needs.iter().all(|name| is_there(row, name))).collect()
    }

    fn row(&self, member: &Value, inner: Option<(&String, &Value)>) -> Map {
        let find = |path: &str| {
            let within = inner.and_then(|(rows, row)| Some((row, path.strip_prefix(rows.as_str())?)));
            match within {
                Some((row, "")) => Some(row.clone()),
                Some((row, rest)) if rest.starts_with('.') => found(row, rest.trim_start_matches('.')),
                _ => found(member, path),
            }
        };
        let mut row = Map::new();
        for column in &self.columns {
            row.insert(column.name.as_str(), column.value(&find));
        }
        row
    }
}

impl Column {
    fn value(&self, find: &dyn Fn(&str) -> Option<Value>) -> Value {
        let is_none =
            |value: &Value| matches!(value, Value::Null) || matches!(value, Value::Text(text) if text.is_empty());
        let one = |from: &Origin| match from {
            Origin::Path(path, empty) => find(path).filter(|value| !empty.contains(value)),
            Origin::Text(text) => filled(text, find).map(Value::Text),
            Origin::Fixed(value) => Some(value.clone()),
        };
        match self.from.iter().filter_map(one).find(|value| !is_none(value)) {
            Some(Value::Text(text)) if self.number => Value::number(text.trim()).unwrap_or(Value::Text(text)),
            Some(value) => value,
            None => Value::Null,
        }
    }
}

/// A text with its paths replaced; nothing if one of them leads nowhere.
fn filled(text: &str, find: &dyn Fn(&str) -> Option<Value>) -> Option<String> {
    let (mut filled, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once('{') {
        let (path, behind) = after.split_once('}')?;
        let value = match find(path)? {
            Value::List(mut one) if one.len() == 1 => one.pop()?,
            value => value,
        };
        if matches!(value, Value::Null | Value::List(_) | Value::Map(_)) {
            return None;
        }
        filled.push_str(before);
        filled.push_str(&value.plain());
        rest = behind;
    }
    filled.push_str(rest);
    Some(filled)
}

/// The value at a dotted path, or the values where it leads through a list.
fn found(value: &Value, path: &str) -> Option<Value> {
    at(value, path).cloned().or_else(|| gathered(value, path))
}

/// The value at a dotted path.
fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(value, |value, step| value.get(step))
}

/// The values at a path that leads through a list, as one list; nothing if there are none.
fn gathered(value: &Value, path: &str) -> Option<Value> {
    let mut found = vec![value];
    for step in path.split('.') {
        found = found.into_iter().flat_map(members).filter_map(|value| value.get(step)).collect();
    }
    let found: Vec<Value> = found.into_iter().flat_map(members).cloned().collect();
    (!found.is_empty()).then_some(Value::List(found))
}

/// The members of a list; anything else is one.
fn members(value: &Value) -> &[Value] {
    match value {
        Value::List(list) => list,
        one => std::slice::from_ref(one),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(json: &str) -> Value {
        serde_json::from_str(json).unwrap()
    }

    fn path(text: &str) -> Origin {
        Origin::Path(text.into(), vec![Value::Int(0)])
    }

    fn reader(columns: &[(&str, &[Origin])]) -> Reader {
        let column = |(name, from): &(&str, &[Origin])| Column {
            name: (*name).into(),
            from: from.to_vec(),
            number: *name == "sum",
        };
        Reader { columns: columns.iter().map(column).collect(), ..Reader::default() }
    }

    fn rows(reader: &Reader, json: &str) -> String {
        let rows = reader.rows(&value(json)).into_iter().map(Value::Map).collect();
        serde_json::to_string(&Value::List(rows)).unwrap()
    }

    #[test]
    fn a_column_is_the_first_value_that_is_there() {
        let reader = reader(&[
            ("id", &[path("id")]),
            ("name", &[path("label"), path("in.host")]),
            ("kind", &[Origin::Fixed("k".into())]),
        ]);
        for (result, expected) in [
            ("[]", "[]"),
            ("null", "[]"),
            (r#"[{"id":1,"label":"a"}]"#, r#"[{"id":1,"name":"a","kind":"k"}]"#),
            (r#"[{"id":0,"label":"","in":{"host":"h"}}]"#, r#"[{"id":null,"name":"h","kind":"k"}]"#),
            (r#"{"id":7}"#, r#"[{"id":7,"name":null,"kind":"k"}]"#),
            ("[5]", r#"[{"id":null,"name":null,"kind":"k"}]"#),
        ] {
            assert_eq!(rows(&reader, result), expected, "{result}");
        }
    }

    #[test]
    fn rows_may_be_inside_the_members() {
        let columns: &[(&str, &[Origin])] =
            &[("zone", &[path("name")]), ("name", &[path("records.name")]), ("is", &[path("recordset")])];
        let reader = Reader { rows: Some("records".into()), ..reader(columns) };
        assert_eq!(
            rows(&reader, r#"[{"name":"z","records":[{"name":"a"},{"name":"b"}],"recordset":1},{"name":"y"}]"#),
            r#"[{"zone":"z","name":"a","is":1},{"zone":"z","name":"b","is":1}]"#
        );
        assert_eq!(rows(&reader, r#"[{"records":{"x":{"name":"a"}}}]"#), r#"[{"zone":null,"name":"a","is":null}]"#);
    }

    #[test]
    fn a_path_through_a_list_gathers_and_a_text_is_filled() {
        let text = |text: &str| Origin::Text(text.into());
        let reader = reader(&[
            ("all", &[path("domains.name")]),
            ("host", &[text("{host}.{domain}"), text("{host}")]),
            ("sum", &[path("sum")]),
        ]);
        for (result, expected) in [
            (
                r#"[{"domains":[{"name":"a"},{"name":"b"}],"host":"h","domain":"d","sum":" 12.50"}]"#,
                r#"[{"all":["a","b"],"host":"h.d","sum":12.50}]"#,
            ),
            (r#"[{"domains":[],"host":"h","sum":"free"}]"#, r#"[{"all":null,"host":"h","sum":"free"}]"#),
            (r#"[{"host":["h"],"sum":3}]"#, r#"[{"all":null,"host":"h","sum":3}]"#),
            (r#"[{"host":["h","i"]}]"#, r#"[{"all":null,"host":null,"sum":null}]"#),
        ] {
            assert_eq!(rows(&reader, result), expected, "{result}");
        }
    }

    #[test]
    fn members_and_rows_can_be_left_out() {
        let only = serde_json::from_str(r#"{"busy":[true]}"#).unwrap();
        let reader = Reader { only: Some(only), needs: vec!["id".into()], ..reader(&[("id", &[path("id")])]) };
        let all = r#"[{"id":1,"busy":true},{"id":2,"busy":false},{"id":3},{"busy":true}]"#;
        assert_eq!(rows(&reader, all), r#"[{"id":1}]"#);
    }
}

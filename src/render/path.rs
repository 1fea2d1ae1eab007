//! The name of a column as the path to a value in a row: keys and indexes separated by dots.

use model::Value;

/// The column name for rows that are scalars.
pub(super) const ALONE: &str = "value";
/// The column of the keys where each member of a dictionary is a row; the second name if the rows already have the
/// first.
pub(super) const KEYS: [&str; 2] = ["key", "_key"];

/// The value of a row in a requested column. A key takes precedence over a path with the same text.
pub(super) fn cell<'v>(row: &'v Value, column: &str) -> Option<&'v Value> {
    match row {
        Value::Map(_) | Value::List(_) => at(row, column),
        scalar => (column == ALONE).then_some(scalar),
    }
}

fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    let step = |name: &str| match value {
        Value::Map(map) => map.get(name),
        Value::List(list) => list.get(name.parse::<usize>().ok()?),
        _ => None,
    };
    let deeper = || path.match_indices('.').find_map(|(dot, _)| at(step(path.get(..dot)?)?, path.get(dot + 1..)?));
    step(path).or_else(deeper)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(json: &str) -> Value {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn cells_are_found_by_dotted_paths() {
        let row = value(r#"{"a":{"b":[{"c":1},2],"d.e":3},"a.b":4,"f.g":{"h":5}}"#);
        for (path, found) in [
            ("a.b", Some("4")),
            ("a.b.0.c", Some("1")),
            ("a.b.1", Some("2")),
            ("a.b.2", None),
            ("a.b.x", None),
            ("a.d.e", Some("3")),
            ("f.g.h", Some("5")),
            ("f", None),
            ("", None),
            (".", None),
        ] {
            assert_eq!(cell(&row, path).cloned(), found.map(value), "{path}");
        }
        assert_eq!(cell(&value("7"), "value"), Some(&Value::Int(7)));
        assert_eq!(cell(&value("[7]"), "0"), Some(&Value::Int(7)));
    }
}

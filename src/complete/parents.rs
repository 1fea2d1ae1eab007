//! What the values that a line has already given name: other values may have been seen in it.

use super::context::Context;
use super::cursor::Cursor;
use super::results;
use super::typed::Typed;
use model::{Method, Parents, Value, parents};

/// The objects that the rest of the line names.
pub(super) fn given(cursor: &Cursor<'_>, method: &Method, context: &Context<'_>) -> Vec<Parents> {
    let value = |(name, text): &(&str, &str)| {
        let text = match text.starts_with('$') {
            true => results::value(text, context).filter(|value| is_key(value))?.plain(),
            false => Typed::of(text).text,
        };
        Some(((*name).to_owned(), text))
    };
    let given: Vec<(String, String)> = cursor.given.iter().filter_map(value).collect();
    parents(method, given.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

/// Whether an object can be named by it.
fn is_key(value: &Value) -> bool {
    matches!(value, Value::Text(_) | Value::Int(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_named_by_a_text_or_a_number() {
        for (value, can) in
            [(Value::from("a"), true), (Value::from(7), true), (Value::Null, false), (Value::List(Vec::new()), false)]
        {
            assert_eq!(is_key(&value), can, "{value:?}");
        }
    }

    #[test]
    fn the_values_of_a_line_are_known_with_their_names() {
        for (line, given) in [
            ("a.b zone z1 record ", &[("zone", "z1")][..]),
            ("a.b zone 'z 1' n ", &[("zone", "'z 1'")]),
            ("a.b zone (string)z1 n ", &[("zone", "z1")]),
            ("a.b zone z", &[]),
            ("x zone z; a.b n ", &[]),
            ("a.b zone (null) n ", &[]),
            ("a.b zone $z n ", &[("zone", "$z")]),
        ] {
            assert_eq!(Cursor::of(line, line.len()).given, given, "{line}");
        }
        // What comes after the cursor counts too.
        assert_eq!(Cursor::of("a.b n v zone z1", 5).given, [("zone", "z1")]);
    }
}

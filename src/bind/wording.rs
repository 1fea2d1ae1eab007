//! How errors name values and types.

use model::rule::either;
use model::{Type, Value};

/// The value of a variable in an error: its name and the kind of its value.
pub(super) fn named(text: &str, value: &Value) -> String {
    format!("`{text}` ({})", value.kind())
}

/// What a text must be to fit a scalar type.
pub(super) fn wanted(type_: &Type) -> &'static str {
    match type_ {
        Type::Date => "a date such as 2011-06-17 or 20110617T00:00:00",
        other => other.described(),
    }
}

/// The values accepted where there is no fixed type.
pub(super) fn takes(types: &[Type]) -> String {
    match types {
        [] => "a value".into(),
        types => either(&types.iter().map(|wanted| wanted.described().to_owned()).collect::<Vec<_>>()),
    }
}

/// A typed text in an error: quoted and shortened.
pub(super) fn quoted(text: &str) -> String {
    const MOST: usize = 40;
    match text.chars().count() {
        0 => "empty".into(),
        n if n > MOST => format!("`{}…`", text.chars().take(MOST).collect::<String>()),
        _ => format!("`{text}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_named_by_its_text_and_a_long_one_is_cut() {
        assert_eq!(quoted(""), "empty");
        assert_eq!(quoted(&"é".repeat(40)), format!("`{}`", "é".repeat(40)));
        assert_eq!(quoted(&"é".repeat(41)), format!("`{}…`", "é".repeat(40)));
        assert_eq!(named("$zone", &Value::Int(7)), format!("`$zone` ({})", Value::Int(7).kind()));
    }

    #[test]
    fn a_type_is_named_by_the_values_it_accepts() {
        assert_eq!(wanted(&Type::Int), Type::Int.described());
        assert!(wanted(&Type::Date).starts_with("a date such as 2011-06-17"));
        assert_eq!(takes(&[]), "a value");
        let (int, list) = (Type::Int, Type::List(Box::new(Type::Int)));
        let both = takes(&[int.clone(), list.clone()]);
        assert!(both.contains(int.described()) && both.contains(list.described()), "{both}");
    }
}

//! A text → a value of a scalar type.

use model::{Date, Decimal, Type, Value};

/// A text as a value of a scalar type; `None` when it does not fit.
pub(super) fn typed(text: &str, wanted: &Type) -> Option<Value> {
    match wanted {
        Type::Any | Type::None | Type::String => Some(Value::Text(text.to_owned())),
        Type::Int => {
            let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
            let whole = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            whole.then(|| Value::number(text)).flatten()
        }
        Type::Float => {
            let number = Decimal::parse(text)?;
            // A decimal is sent as one even if no fraction was typed.
            let decimal = if number.is_integer() { Decimal::parse(&format!("{number}.0")) } else { None };
            Some(Value::Decimal(decimal.unwrap_or(number)))
        }
        Type::Boolean => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Some(Value::Bool(true)),
            "false" | "no" | "off" | "0" => Some(Value::Bool(false)),
            _ => None,
        },
        Type::Date => Date::parse(text).map(Value::Date),
        Type::Bytes => Some(Value::Bytes(text.as_bytes().to_vec())),
        Type::Dict | Type::MapOf(_) | Type::Shape(_) | Type::List(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_a_value_of_its_type_or_none() {
        for (text, wanted, value) in [
            ("a", Type::String, Some(Value::from("a"))),
            ("a", Type::Any, Some(Value::from("a"))),
            ("-7", Type::Int, Some(Value::Int(-7))),
            ("7.0", Type::Int, None),
            ("", Type::Int, None),
            ("7", Type::Float, Value::number("7.0")),
            ("1e3", Type::Float, Value::number("1e3")),
            ("x", Type::Float, None),
            ("Yes", Type::Boolean, Some(Value::Bool(true))),
            ("off", Type::Boolean, Some(Value::Bool(false))),
            ("2", Type::Boolean, None),
            ("2011-06-17", Type::Date, Date::parse("2011-06-17").map(Value::Date)),
            ("soon", Type::Date, None),
            ("ab", Type::Bytes, Some(Value::Bytes(b"ab".to_vec()))),
            ("[]", Type::List(Box::new(Type::Int)), None),
            ("{}", Type::Dict, None),
        ] {
            assert_eq!(typed(text, &wanted), value, "{text} {wanted:?}");
        }
    }
}

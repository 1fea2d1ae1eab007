//! Converts values to the required types: forms and paths only carry text, and clients of JSON services quote numbers.

use model::{Field, Map, Shape, Type, Value};

/// The value converted to the required type, or unchanged if that is not possible.
pub(super) fn fit(wanted: &Type, fields: &[Field], value: Value, shapes: &[Shape]) -> Value {
    match (wanted, value) {
        (Type::Int | Type::Float, Value::Text(text)) => Value::number(&text).unwrap_or(Value::Text(text)),
        (Type::String, value @ (Value::Int(_) | Value::Decimal(_) | Value::Bool(_))) => value.plain().into(),
        (Type::Boolean, value) => truth(&value).map_or(value, Value::Bool),
        (Type::List(_), Value::Text(text)) if text.is_empty() => Value::List(Vec::new()),
        (Type::List(inner), Value::Map(map)) if map.keys().all(|key| key.bytes().all(|b| b.is_ascii_digit())) => {
            Value::List(map.into_iter().map(|(_, member)| fit(inner, fields, member, shapes)).collect())
        }
        (Type::List(inner), Value::List(members)) => {
            Value::List(members.into_iter().map(|member| fit(inner, fields, member, shapes)).collect())
        }
        (Type::MapOf(inner), Value::Map(map)) => {
            Value::Map(map.into_iter().map(|(key, member)| (key, fit(inner, fields, member, shapes))).collect())
        }
        (Type::Dict, Value::Map(map)) => dictionary(fields, map, shapes),
        (Type::Shape(name), Value::Map(map)) => {
            let shape = shapes.iter().find(|shape| shape.name == *name);
            dictionary(shape.map_or(&[], |shape| &shape.fields), map, shapes)
        }
        (_, value) => value,
    }
}

fn dictionary(fields: &[Field], map: Map, shapes: &[Shape]) -> Value {
    let member = |(key, value): (String, Value)| match fields.iter().find(|field| field.name == key) {
        Some(field) => (key, fit(&field.type_, &field.fields, value, shapes)),
        None => (key, value),
    };
    Value::Map(map.into_iter().map(member).collect())
}

fn truth(value: &Value) -> Option<bool> {
    match (value, value.as_str()) {
        (Value::Int(1), _) | (_, Some("true" | "1")) => Some(true),
        (Value::Int(0), _) | (_, Some("false" | "0")) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::values::{decimal, map, texts};
    use super::*;

    #[test]
    fn texts_become_the_required_types() {
        let fields = [Field { name: "n".into(), type_: Type::Int, ..Field::default() }];
        for (wanted, value, fitted) in [
            ("int", Value::from("12"), Value::Int(12)),
            ("int", "x".into(), "x".into()),
            ("float", "1.50".into(), decimal("1.50")),
            ("string", Value::Int(5), "5".into()),
            ("boolean", "true".into(), true.into()),
            ("boolean", Value::Int(0), false.into()),
            ("boolean", "yes".into(), "yes".into()),
            ("list:string", map! { "0" => "a", "7" => "b" }.into(), texts(["a", "b"])),
            ("list:string", "".into(), Value::List(vec![])),
            ("list:int", vec!["1".into()].into(), vec![Value::Int(1)].into()),
            ("map:int", map! { "a" => "1" }.into(), map! { "a" => 1 }.into()),
            ("dict", map! { "n" => "1", "m" => "1" }.into(), map! { "n" => 1, "m" => "1" }.into()),
            ("any", "1".into(), "1".into()),
        ] {
            assert_eq!(fit(&wanted.parse().unwrap(), &fields, value, &[]), fitted, "{wanted}");
        }
    }
}

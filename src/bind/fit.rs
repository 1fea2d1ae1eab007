//! Values that are there already → the types that are wanted: what a variable or JSON holds.

use super::scalar::typed;
use model::{Type, Value};

/// A single value as a scalar type: one that fits stays what it is, and one of another type is read like the same value
/// typed by hand. `None` when it cannot be.
pub(super) fn scalar(value: &Value, wanted: &Type) -> Option<Value> {
    Some(match (wanted, value) {
        (Type::Any | Type::None, value)
        | (Type::String, value @ (Value::Text(_) | Value::Secret(_)))
        | (Type::Int, value @ Value::Int(_))
        | (Type::Boolean, value @ Value::Bool(_))
        | (Type::Date, value @ Value::Date(_))
        | (Type::Bytes, value @ Value::Bytes(_)) => value.clone(),
        (wanted, Value::Text(text)) => typed(text, wanted)?,
        (wanted, single @ (Value::Int(_) | Value::Decimal(_) | Value::Bool(_) | Value::Date(_))) => {
            typed(&single.plain(), wanted)?
        }
        _ => return None,
    })
}

/// Whether a value is of a type, as far as that shows on the outside.
pub(super) fn is_of(value: &Value, wanted: &Type) -> bool {
    match (wanted, value) {
        (Type::Any, _) | (Type::List(_), Value::List(_)) => true,
        (Type::Dict | Type::MapOf(_) | Type::Shape(_), Value::Map(_)) => true,
        (Type::List(_) | Type::Dict | Type::MapOf(_) | Type::Shape(_), _) => false,
        (_, Value::List(_) | Value::Map(_) | Value::Null) => false,
        (wanted, value) => scalar(value, wanted).is_some(),
    }
}

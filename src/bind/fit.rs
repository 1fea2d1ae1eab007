//! Converts existing values to the required types: those from a variable or from JSON.

use super::scalar::typed;
use model::{Type, Value};

/// A single value as a scalar type: unchanged if it fits, and otherwise read as if it were typed. `None` when it cannot
/// be converted.
pub(super) fn scalar(value: &Value, wanted: &Type) -> Option<Value> {
    Some(match (wanted, value) {
        (Type::Any | Type::None, value)
        | (Type::String, value @ (Value::Text(_) | Value::Secret(_)))
        | (Type::Int, value @ Value::Int(_))
        | (Type::Boolean, value @ Value::Bool(_))
        | (Type::Date, value @ Value::Date(_))
        | (Type::Bytes, value @ (Value::Bytes(_) | Value::File(_))) => value.clone(),
        (wanted, Value::Text(text)) => typed(text, wanted)?,
        (wanted, single @ (Value::Int(_) | Value::Decimal(_) | Value::Bool(_) | Value::Date(_))) => {
            typed(&single.plain(), wanted)?
        }
        _ => return None,
    })
}

/// Whether a value has a type, without looking at its members.
pub(super) fn is_of(value: &Value, wanted: &Type) -> bool {
    match (wanted, value) {
        (Type::Any, _) | (Type::List(_), Value::List(_)) => true,
        (Type::Dict | Type::MapOf(_) | Type::Shape(_), Value::Map(_)) => true,
        (Type::List(_) | Type::Dict | Type::MapOf(_) | Type::Shape(_), _) => false,
        (_, Value::List(_) | Value::Map(_) | Value::Null) => false,
        (wanted, value) => scalar(value, wanted).is_some(),
    }
}

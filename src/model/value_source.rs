//! A [`Value`] as a source of serde's data model: the reverse of `value_serde`, by the same conventions.

use serde::de::value::{MapDeserializer, SeqDeserializer, StringDeserializer};
use serde::de::{Deserializer, Error, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::Value;
use super::secret::REDACTED;
use super::value_serde::NUMBER;

/// Deserializes from a value that is already in memory.
pub struct Source<E> {
    value: Value,
    error: std::marker::PhantomData<E>,
}

impl<'de, E: Error> IntoDeserializer<'de, E> for Value {
    type Deserializer = Source<E>;

    fn into_deserializer(self) -> Source<E> {
        Source { value: self, error: std::marker::PhantomData }
    }
}

impl<'de, E: Error> Deserializer<'de> for Source<E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(flag) => visitor.visit_bool(flag),
            Value::Int(number) => visitor.visit_i64(number),
            Value::Decimal(number) => {
                visitor.visit_map(MapDeserializer::new(std::iter::once((NUMBER, number.as_str()))))
            }
            Value::Text(text) => visitor.visit_string(text),
            Value::Bytes(bytes) => visitor.visit_byte_buf(bytes),
            Value::Date(date) => visitor.visit_newtype_struct(StringDeserializer::new(date.to_string())),
            Value::List(list) => visitor.visit_seq(SeqDeserializer::new(list.into_iter())),
            Value::Map(map) => visitor.visit_map(MapDeserializer::new(map.into_iter())),
            Value::Secret(_) => visitor.visit_str(REDACTED),
            Value::File(file) => visitor.visit_string(file.path),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde::de::value;

    use super::*;
    use crate::{Date, Map};

    #[test]
    fn a_value_comes_back_unchanged() {
        let number = Value::number("21.60").unwrap();
        let list = vec![Value::Null, true.into(), Value::Int(-1), number, "é".into(), Value::Bytes(vec![0, 255])];
        let map = Map::from_iter([("z", Value::List(list)), ("a", Date::verbatim("2012-12-01").into())]);
        let value = Value::Map(map);
        assert_eq!(Value::deserialize(IntoDeserializer::<value::Error>::into_deserializer(value.clone())), Ok(value));
    }
}

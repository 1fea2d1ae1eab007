//! How a [`Value`] passes through serde's data model without losing anything.
//!
//! Three kinds of value have no equivalent in that model and are passed by a convention that every decoder and renderer
//! of this program follows:
//!
//! - a number that is not a 64-bit integer is a map with the single key [`NUMBER`] and its digits as text. This is the
//!   form the JSON crate itself uses for exact numbers, so that it needs no special case;
//! - a date is a newtype struct around its text, named [`DATE`];
//! - a secret is a newtype struct named [`SECRET`] around its placeholder.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, SerializeStruct, Serializer};

use super::secret::REDACTED;
use super::{Date, Map, Name, Value, weight};

/// The key that marks a map as one exact number.
pub const NUMBER: &str = "$serde_json::private::Number";
/// The name of the newtype struct around a date.
pub const DATE: &str = "$marsh::Date";
/// The name of the newtype struct around the placeholder of a secret.
pub const SECRET: &str = "$marsh::Secret";

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Int(number) => serializer.serialize_i64(*number),
            Value::Decimal(number) => {
                let mut token = serializer.serialize_struct(NUMBER, 1)?;
                token.serialize_field(NUMBER, number.as_str())?;
                token.end()
            }
            Value::Text(text) => serializer.serialize_str(text),
            Value::Bytes(bytes) => serializer.serialize_bytes(bytes),
            Value::Date(date) => serializer.serialize_newtype_struct(DATE, date.as_str()),
            Value::List(list) => serializer.collect_seq(list),
            Value::Map(map) => {
                let mut out = serializer.serialize_map(Some(map.len()))?;
                for (key, value) in map.iter() {
                    out.serialize_entry(key, value)?;
                }
                out.end()
            }
            Value::Secret(_) => serializer.serialize_newtype_struct(SECRET, REDACTED),
            Value::File(file) => serializer.serialize_str(&file.path),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        Twins::default().deserialize(deserializer)
    }
}

/// Reads a tree of values whose dictionaries may have a name twice.
#[derive(Clone, Copy, Debug, Default)]
pub struct Twins<'t> {
    /// Names whose second member is kept, each with its new name.
    pub kept: &'t [(&'t str, &'t str)],
    /// Receives the first other name that a dictionary has twice. Its last member is kept.
    pub lost: Option<&'t RefCell<Option<String>>>,
    /// The bytes of memory that the tree may still take, as [`weight`] estimates them. It is 0 after a tree that takes
    /// more, which is an error.
    pub room: Option<&'t Cell<u64>>,
}

impl Twins<'_> {
    /// Notes a name whose first member is lost.
    pub fn note(&self, name: &str) {
        if let Some(lost) = self.lost {
            lost.borrow_mut().get_or_insert_with(|| name.to_owned());
        }
    }

    /// Reads what is inside a newtype struct: a date.
    pub fn date<'de, D: Deserializer<'de>>(self, inner: D) -> Result<Value, D::Error> {
        ValueVisitor(self).visit_newtype_struct(inner)
    }

    fn spend<E: de::Error>(&self, bytes: u64) -> Result<(), E> {
        let Some(room) = self.room else { return Ok(()) };
        let left = room.get().checked_sub(bytes);
        room.set(left.unwrap_or(0));
        left.map(drop).ok_or_else(|| E::custom("the values take too much memory"))
    }
}

impl<'de> DeserializeSeed<'de> for Twins<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(ValueVisitor(self))
    }
}

impl<'de> Deserialize<'de> for Map {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Map, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Map(map) => Ok(map),
            other => Err(de::Error::custom(format_args!("a dictionary belongs here, not {}", other.kind()))),
        }
    }
}

pub(super) struct ValueVisitor<'t>(pub(super) Twins<'t>);

impl<'de> Visitor<'de> for ValueVisitor<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Value, D::Error> {
        self.0.deserialize(inner)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Int(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Value, E> {
        Value::number(&number.to_string()).ok_or_else(|| E::custom("a number"))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Value, E> {
        self.0.spend(text.len() as u64)?;
        Ok(Value::Text(text))
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Value, E> {
        self.visit_byte_buf(bytes.to_vec())
    }

    fn visit_byte_buf<E: de::Error>(self, bytes: Vec<u8>) -> Result<Value, E> {
        self.0.spend(bytes.len() as u64)?;
        Ok(Value::Bytes(bytes))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Value, D::Error> {
        Ok(Value::Date(Date::verbatim(String::deserialize(inner)?)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = seq.next_element_seed(self.0)? {
            self.0.spend(weight::MEMBER)?;
            list.push(value);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let first = entries.next_key_seed(Key)?;
        match &first {
            Some(name) if **name == *NUMBER => self.number(entries),
            _ => {
                let map = Map::with_room(entries.size_hint().unwrap_or_default());
                self.members(map, first, entries)
            }
        }
    }
}

impl ValueVisitor<'_> {
    /// Reads the number that a map represents. A server may send a member of that name with other content: the map is
    /// then an ordinary map.
    fn number<'de, A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        self.0.spend(weight::ENTRY + NUMBER.len() as u64)?;
        let value = entries.next_value_seed(self.0)?;
        let next = entries.next_key_seed(Key)?;
        match &value {
            Value::Text(digits)
                if next.is_none()
                    && let Some(number) = Value::number(digits) =>
            {
                Ok(number)
            }
            _ => self.members(Map::from_iter([(NUMBER, value)]), next, entries),
        }
    }

    /// Reads members of a map, of which the next name has been read.
    fn members<'de, A: MapAccess<'de>>(
        self,
        mut map: Map,
        mut next: Option<Name>,
        mut entries: A,
    ) -> Result<Value, A::Error> {
        while let Some(key) = next {
            self.0.spend(weight::ENTRY + key.len() as u64)?;
            let value = entries.next_value_seed(self.0)?;
            match self.0.kept.iter().find(|(name, _)| **name == *key && map.get(name).is_some()) {
                Some((_, twin)) => drop(map.insert(*twin, value)),
                None => map.replace(key, value).into_iter().for_each(|name| self.0.note(name)),
            }
            next = entries.next_key_seed(Key)?;
        }
        Ok(Value::Map(map))
    }
}

/// The name of a member.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Name;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Name, D::Error> {
        source.deserialize_str(self)
    }
}

impl Visitor<'_> for Key {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Name, E> {
        Ok(name.into())
    }
}

/// Reads what may be the digits of an exact number: what is made of a text, or the tree of anything else.
pub struct Digits<F>(pub F);

impl<'de, T, F: FnOnce(&str) -> T> DeserializeSeed<'de> for Digits<F> {
    type Value = Result<T, Value>;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Self::Value, D::Error> {
        source.deserialize_any(self)
    }
}

macro_rules! trees {
    ($($visit:ident($type:ty);)*) => {
        $(fn $visit<E: de::Error>(self, value: $type) -> Result<Self::Value, E> {
            ValueVisitor(Twins::default()).$visit(value).map(Err)
        })*
    };
}

impl<'de, T, F: FnOnce(&str) -> T> Visitor<'de> for Digits<F> {
    type Value = Result<T, Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("digits")
    }

    fn visit_str<E>(self, digits: &str) -> Result<Self::Value, E> {
        Ok(Ok((self.0)(digits)))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        ValueVisitor(Twins::default()).visit_unit().map(Err)
    }

    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        self.visit_unit()
    }

    trees! {
        visit_bool(bool);
        visit_i64(i64);
        visit_u64(u64);
        visit_f64(f64);
        visit_bytes(&[u8]);
        visit_byte_buf(Vec<u8>);
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Self::Value, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Self::Value, D::Error> {
        ValueVisitor(Twins::default()).visit_newtype_struct(inner).map(Err)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        ValueVisitor(Twins::default()).visit_seq(seq).map(Err)
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Self::Value, A::Error> {
        ValueVisitor(Twins::default()).visit_map(entries).map(Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Decimal, Secret};

    fn there_and_back(value: &Value) -> Value {
        let json = serde_json::to_string(value).unwrap_or_default();
        serde_json::from_str(&json).unwrap_or_default()
    }

    #[test]
    fn numbers_and_order_survive_json() {
        let text = r#"{"z":12345678901234567890123,"a":21.60,"m":[1,-9223372036854775808,1e400],"e":{}}"#;
        let value: Value = serde_json::from_str(text).unwrap_or_default();
        assert_eq!(value.get("a"), Some(&Value::Decimal(Decimal::parse("21.60").unwrap_or(0.0.into()))));
        let keys: Vec<&str> = value.as_map().map(|m| m.keys().collect()).unwrap_or_default();
        assert_eq!(keys, ["z", "a", "m", "e"]);
        assert_eq!(there_and_back(&value), value);
    }

    #[test]
    fn a_text_is_passed_on_and_anything_else_is_a_tree() {
        let read = |json: &str| Digits(str::to_owned).deserialize(&mut serde_json::Deserializer::from_str(json)).ok();
        assert_eq!(read(r#""1.5""#), Some(Ok("1.5".to_owned())));
        for json in ["null", "true", "-1", "1.5", "[1]", r#"{"a":[]}"#] {
            assert_eq!(read(json), Some(Err(serde_json::from_str(json).unwrap_or_default())), "{json}");
        }
    }

    #[test]
    fn a_second_member_of_some_names_is_kept() {
        let text = r#"{"a":[{"from":1,"from":2,"x":3,"x":4}],"from":5}"#;
        let (mut json, lost) = (serde_json::Deserializer::from_str(text), RefCell::default());
        let value =
            Twins { kept: &[("from", "to")], lost: Some(&lost), room: None }.deserialize(&mut json).unwrap_or_default();
        let kept = r#"{"a":[{"from":1,"to":2,"x":4}],"from":5}"#;
        assert_eq!(
            (serde_json::to_string(&value).unwrap_or_default(), lost.take().as_deref()),
            (kept.into(), Some("x"))
        );
    }

    #[test]
    fn a_secret_never_serializes() {
        let json = serde_json::to_string(&Value::Secret(Secret::new("canary"))).unwrap_or_default();
        assert_eq!(json, "\"(redacted)\"");
    }

    #[test]
    fn a_forged_number_token_is_an_ordinary_map() {
        let forged = Map::from_iter([(NUMBER, "1 or 1=1")]);
        let json = serde_json::to_string(&Value::Map(forged.clone())).unwrap_or_default();
        assert!(
            serde_json::from_str::<Value>(&json).is_err()
                || there_and_back(&Value::Map(forged.clone())) == Value::Map(forged)
        );
    }
}

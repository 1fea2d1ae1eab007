//! A result that is passed on member by member, while the first of them are kept to be looked at.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::value::Error as Plain;
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};

use super::consume::Consume;
use super::error::DecodeError;
use model::{Field, Twins, Type, Value, base64, weight};

/// The memory that the first members of a list may take, as [`weight`] estimates it.
const ENOUGH: u64 = 2 * 1024 * 1024;

/// The beginning of a result: the first members of a list, or all of anything else.
#[derive(Debug, Default, PartialEq)]
pub struct Sample {
    /// The result, as far as it was kept; `None` before there is one.
    pub value: Option<Value>,
    /// There was more of it.
    pub cut: bool,
    weight: u64,
}

impl Sample {
    /// What was kept, and whether there was more.
    pub(super) fn of(value: Option<Value>, cut: bool) -> Sample {
        Sample { value, cut, weight: 0 }
    }

    fn begin(&mut self) {
        *self = Sample { value: Some(Value::List(Vec::new())), ..Sample::default() };
    }

    fn add(&mut self, member: &Value) {
        let Some(Value::List(list)) = &mut self.value else { return };
        self.weight += weight::MEMBER + weight::of(member);
        self.cut |= self.weight > ENOUGH;
        if !self.cut {
            list.push(member.clone());
        }
    }
}

/// What a result is looked at for.
pub(super) struct Look<'l> {
    /// The fields of the result, or of its members.
    pub(super) fields: &'l [Field],
    /// The first name that a dictionary has twice.
    pub(super) lost: &'l RefCell<Option<String>>,
    /// Where the beginning is kept.
    pub(super) sample: &'l RefCell<Sample>,
    /// The memory that a member may still take: 0 after one that takes more, which is an error.
    pub(super) room: &'l Cell<u64>,
}

impl<'l> Look<'l> {
    fn twins(&self) -> Twins<'l> {
        self.room.set(weight::MOST);
        Twins { lost: Some(self.lost), room: Some(self.room), ..Twins::default() }
    }
}

/// A consumer whose result is looked at on its way: a list member by member, anything else as a tree.
pub(super) struct Looked<'l, C> {
    pub(super) consumer: C,
    pub(super) look: &'l Look<'l>,
}

impl<C: Consume> Consume for Looked<'_, C> {
    type Output = C::Output;
    type Error = C::Error;

    fn consume<'de, D>(self, source: D) -> Result<C::Output, C::Error>
    where
        D: Deserializer<'de>,
        D::Error: Into<DecodeError>,
    {
        self.consumer.consume(Passing { source, look: self.look })
    }
}

struct Passing<'l, D> {
    source: D,
    look: &'l Look<'l>,
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Passing<'_, D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.source.deserialize_any(Kept { visitor, look: self.look })
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// Keeps a value and passes it to its visitor.
struct Kept<'l, V> {
    visitor: V,
    look: &'l Look<'l>,
}

impl<'de, V: Visitor<'de>> Kept<'_, V> {
    fn whole<E: serde::de::Error>(self, mut value: Value) -> Result<V::Value, E> {
        as_bytes(&mut value, self.look.fields);
        *self.look.sample.borrow_mut() = Sample { value: Some(value.clone()), ..Sample::default() };
        value.into_deserializer().deserialize_any(self.visitor)
    }
}

macro_rules! singles {
    ($($visit:ident($type:ty);)*) => {
        $(fn $visit<E: serde::de::Error>(self, value: $type) -> Result<V::Value, E> {
            let tree = self.look.twins().deserialize(IntoDeserializer::<Plain>::into_deserializer(value));
            self.whole(tree.map_err(E::custom)?)
        })*
    };
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Kept<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    singles! {
        visit_bool(bool);
        visit_i64(i64);
        visit_u64(u64);
        visit_f64(f64);
        visit_str(&str);
        visit_string(String);
    }

    fn visit_byte_buf<E: serde::de::Error>(self, bytes: Vec<u8>) -> Result<V::Value, E> {
        self.whole(Value::Bytes(bytes))
    }

    fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<V::Value, E> {
        self.whole(Value::Bytes(bytes.to_vec()))
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<V::Value, E> {
        self.whole(Value::Null)
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<V::Value, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, date: D) -> Result<V::Value, D::Error> {
        let tree = self.look.twins().date(date)?;
        self.whole(tree)
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<V::Value, A::Error> {
        let tree = self.look.twins().deserialize(serde::de::value::MapAccessDeserializer::new(entries))?;
        self.whole(tree)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<V::Value, A::Error> {
        self.look.sample.borrow_mut().begin();
        self.visitor.visit_seq(Members { seq, look: self.look })
    }
}

/// The members of a list, each kept for a moment.
struct Members<'l, A> {
    seq: A,
    look: &'l Look<'l>,
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Members<'_, A> {
    type Error = A::Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, A::Error> {
        let Some(mut member) = self.seq.next_element_seed(self.look.twins())? else { return Ok(None) };
        as_bytes(&mut member, self.look.fields);
        self.look.sample.borrow_mut().add(&member);
        seed.deserialize(member.into_deserializer()).map(Some)
    }
}

/// Turns the texts of declared byte fields into bytes: JSON has no other way to carry bytes.
pub(super) fn as_bytes(value: &mut Value, fields: &[Field]) {
    let mut declared = fields.iter().filter(|field| field.type_ == Type::Bytes).peekable();
    match value {
        _ if declared.peek().is_none() => {}
        Value::List(list) => list.iter_mut().for_each(|member| as_bytes(member, fields)),
        Value::Map(map) => declared.for_each(|field| {
            let value = map.get_mut(&field.name);
            if let Some(place @ Value::Text(_)) = value
                && let Some(bytes) = place.as_str().and_then(base64::decode)
            {
                *place = Value::Bytes(bytes);
            }
        }),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consume::Tree;

    /// What the consumer received, what was kept of it, and the name that came twice.
    fn looked(json: &str, fields: &str) -> (Result<Value, String>, Sample, Option<String>) {
        let fields: Vec<Field> = serde_json::from_str(fields).unwrap();
        let (lost, sample, room) = (RefCell::default(), RefCell::default(), Cell::default());
        let look = Look { fields: &fields, lost: &lost, sample: &sample, room: &room };
        let read = Looked { consumer: Tree, look: &look }.consume(&mut serde_json::Deserializer::from_str(json));
        (read.map_err(|error| error.to_string()), sample.take(), lost.take())
    }

    #[test]
    fn what_passes_is_kept_as_it_is() {
        for json in [
            "null",
            "true",
            "-7",
            "18446744073709551615",
            "1.50",
            r#""x""#,
            r#"{"a":{"b":[1]}}"#,
            "[]",
            r#"[1,{"a":2.50}]"#,
        ] {
            let (passed, sample, lost) = looked(json, "[]");
            let value: Value = serde_json::from_str(json).unwrap();
            assert_eq!(
                (passed, sample.value, sample.cut, lost),
                (Ok(value.clone()), Some(value), false, None),
                "{json}"
            );
        }
        let (passed, sample, lost) = looked(r#"[{"a":1,"a":"AP8="}]"#, r#"[{"name":"a","type":"bytes"}]"#);
        let bytes = Value::List(vec![Value::from(model::Map::from_iter([("a", Value::Bytes(vec![0, 255]))]))]);
        assert_eq!((passed, sample.value, lost.as_deref()), (Ok(bytes.clone()), Some(bytes), Some("a")));
    }

    #[test]
    fn only_the_beginning_of_a_long_list_is_kept() {
        let text = format!(r#"["{}"]"#, vec!["x".repeat(1000); 10_000].join("\",\""));
        let (passed, sample, _) = looked(&text, "[]");
        let count = |value: Option<&Value>| value.and_then(Value::as_list).map(|list| list.len());
        assert_eq!(count(passed.ok().as_ref()), Some(10_000));
        assert!(sample.cut && matches!(count(sample.value.as_ref()), Some(500..3000)));
    }

    #[test]
    fn a_broken_list_is_an_error() {
        let (passed, sample, _) = looked("[1,2", "[]");
        assert!(passed.is_err() && sample.value.is_some());
    }
}

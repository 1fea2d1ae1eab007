//! Passes a deserializer's output straight to a serializer, piece by piece, so that an answer of any size needs no
//! tree.
//!
//! Numbers, dates and bytes follow the conventions of [`Value`]; only repeated keys differ: a tree keeps the last, a
//! stream passes all of them on. JSON for no terminal goes another way (`direct`).

use std::cell::Cell;
use std::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{self, Serialize, SerializeMap, SerializeSeq, Serializer};

use super::events::NUMBER;
use model::common::{Plan, number_of};
use model::{Common, Date, Value};

/// How moments are written: as they came, or in the common form where the plan has them.
#[derive(Clone, Copy, Default)]
pub(super) struct Spelling<'c>(Option<(&'c Common, &'c Plan)>);

impl<'c> Spelling<'c> {
    /// That of a whole result.
    pub(super) fn of(common: Option<&'c Common>) -> Spelling<'c> {
        Spelling(common.map(|common| (common, common.plan())))
    }

    /// That of a member of a dictionary.
    pub(super) fn member(self, key: &str) -> Spelling<'c> {
        Spelling(self.0.map(|(common, plan)| (common, plan.member(key))))
    }

    pub(super) fn text(self, text: &str) -> Option<Date> {
        self.0.and_then(|(common, plan)| common.text(text, plan))
    }

    pub(super) fn number(self, number: i64) -> Option<Date> {
        self.0.and_then(|(_, plan)| number_of(number, plan))
    }

    pub(super) fn date(self, text: &str) -> Option<Date> {
        self.0.and_then(|(common, _)| common.date(text))
    }
}

/// The output of a deserializer as something to serialize; only once.
pub(super) struct Transcode<'c, D>(Cell<Option<D>>, Spelling<'c>);

impl<'c, D> Transcode<'c, D> {
    pub(super) fn new(source: D, spelling: Spelling<'c>) -> Transcode<'c, D> {
        Transcode(Cell::new(Some(source)), spelling)
    }
}

impl<'de, D: Deserializer<'de>> Serialize for Transcode<'_, D> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let source = self.0.take().ok_or_else(|| ser::Error::custom("a stream can be read only once"))?;
        source.deserialize_any(Pipe(serializer, self.1)).map_err(ser::Error::custom)
    }
}

/// Passes on everything it visits.
struct Pipe<'c, S>(S, Spelling<'c>);

impl<'de, S: Serializer> Visitor<'de> for Pipe<'_, S> {
    type Value = S::Ok;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<S::Ok, E> {
        self.0.serialize_unit().map_err(E::custom)
    }

    fn visit_none<E: de::Error>(self) -> Result<S::Ok, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<S::Ok, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<S::Ok, E> {
        self.0.serialize_bool(value).map_err(E::custom)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<S::Ok, E> {
        match self.1.number(number) {
            Some(date) => Value::Date(date).serialize(self.0).map_err(E::custom),
            None => self.0.serialize_i64(number).map_err(E::custom),
        }
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<S::Ok, E> {
        match i64::try_from(number) {
            Ok(number) => self.visit_i64(number),
            Err(_) => Value::number(&number.to_string()).serialize(self.0).map_err(E::custom),
        }
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<S::Ok, E> {
        Value::from(number).serialize(self.0).map_err(E::custom)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<S::Ok, E> {
        match self.1.text(text) {
            Some(date) => Value::Date(date).serialize(self.0).map_err(E::custom),
            None => self.0.serialize_str(text).map_err(E::custom),
        }
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<S::Ok, E> {
        self.0.serialize_bytes(bytes).map_err(E::custom)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<S::Ok, D::Error> {
        let text = String::deserialize(inner)?;
        let date = self.1.date(&text).unwrap_or_else(|| Date::verbatim(text));
        Value::Date(date).serialize(self.0).map_err(de::Error::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<S::Ok, A::Error> {
        // A length that a deserializer only estimates must not affect how the list is written.
        let mut out = self.0.serialize_seq(None).map_err(de::Error::custom)?;
        while seq.next_element_seed(Element(&mut out, self.1))?.is_some() {}
        out.end().map_err(de::Error::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<S::Ok, A::Error> {
        let mut key = entries.next_key::<String>()?;
        let mut looked_at = None;
        if key.as_deref() == Some(NUMBER) {
            let value = entries.next_value::<Value>()?;
            let next = entries.next_key::<String>()?;
            if next.is_none()
                && let Value::Text(digits) = &value
                && let Some(number) = Value::number(digits)
            {
                return number.serialize(self.0).map_err(de::Error::custom);
            }
            looked_at = Some(value);
            key = next;
        }
        let mut out = self.0.serialize_map(None).map_err(de::Error::custom)?;
        if let Some(value) = looked_at {
            out.serialize_entry(NUMBER, &value).map_err(de::Error::custom)?;
        }
        if let Some(first) = key {
            out.serialize_key(&first).map_err(de::Error::custom)?;
            entries.next_value_seed(Member(&mut out, self.1.member(&first)))?;
            while let Some(spelling) = entries.next_key_seed(Key(&mut out, self.1))? {
                entries.next_value_seed(Member(&mut out, spelling))?;
            }
        }
        out.end().map_err(de::Error::custom)
    }
}

/// The next value in a list.
struct Element<'s, 'c, S>(&'s mut S, Spelling<'c>);

impl<'de, S: SerializeSeq> DeserializeSeed<'de> for Element<'_, '_, S> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<(), D::Error> {
        self.0.serialize_element(&Transcode::new(source, self.1)).map_err(de::Error::custom)
    }
}

/// The next key in a dictionary. Only the first key needs a check.
struct Key<'s, 'c, S>(&'s mut S, Spelling<'c>);

impl<'de, 'c, S: SerializeMap> DeserializeSeed<'de> for Key<'_, 'c, S> {
    type Value = Spelling<'c>;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Spelling<'c>, D::Error> {
        source.deserialize_str(self)
    }
}

impl<'de, 'c, S: SerializeMap> Visitor<'de> for Key<'_, 'c, S> {
    type Value = Spelling<'c>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Spelling<'c>, E> {
        self.0.serialize_key(name).map_err(E::custom)?;
        Ok(self.1.member(name))
    }
}

/// The next value in a dictionary.
struct Member<'s, 'c, S>(&'s mut S, Spelling<'c>);

impl<'de, S: SerializeMap> DeserializeSeed<'de> for Member<'_, '_, S> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<(), D::Error> {
        self.0.serialize_value(&Transcode::new(source, self.1)).map_err(de::Error::custom)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::{Format, Passage, View, render_all, stream};
    use super::*;
    use model::Map;
    use proptest::prelude::*;
    use serde::de::IntoDeserializer;
    use serde::de::value::{Error, MapDeserializer, SeqDeserializer};

    /// Any value except a secret, which no server sends.
    pub(in super::super) fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::Int),
            any::<f64>().prop_filter("finite", |f| f.is_finite()).prop_map(Value::from),
            "-?[1-9][0-9]{0,30}(\\.[0-9]{1,9})?".prop_map(|digits| Value::number(&digits).unwrap()),
            any::<String>().prop_map(Value::from),
            any::<Vec<u8>>().prop_map(Value::Bytes),
            any::<String>().prop_map(|text| Value::Date(Date::verbatim(text))),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::List),
                prop::collection::vec((any::<String>(), inner), 0..6)
                    .prop_map(|members| Value::Map(Map::from_iter(members))),
            ]
        })
    }

    /// Delivers a value in the way decoders do.
    pub(in super::super) struct Decoded(pub(in super::super) Value);

    impl<'de> Deserializer<'de> for Decoded {
        type Error = Error;

        fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.0 {
                Value::Null => visitor.visit_unit(),
                Value::Bool(value) => visitor.visit_bool(value),
                Value::Int(number) => visitor.visit_i64(number),
                Value::Decimal(number) => {
                    visitor.visit_map(MapDeserializer::new([(NUMBER, number.to_string())].into_iter()))
                }
                Value::Text(text) => visitor.visit_string(text),
                Value::Bytes(bytes) => visitor.visit_byte_buf(bytes),
                Value::Date(date) => visitor.visit_newtype_struct(date.as_str().into_deserializer()),
                Value::List(list) => visitor.visit_seq(SeqDeserializer::new(list.into_iter().map(Decoded))),
                Value::Map(map) => {
                    visitor.visit_map(MapDeserializer::new(map.into_iter().map(|(key, value)| (key, Decoded(value)))))
                }
                Value::Secret(_) | Value::File(_) => Err(de::Error::custom("no server sends one")),
            }
        }

        serde::forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
            unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
        }
    }

    impl IntoDeserializer<'_> for Decoded {
        type Deserializer = Decoded;

        fn into_deserializer(self) -> Decoded {
            self
        }
    }

    fn from_tree(value: &Value, format: Format) -> String {
        let mut out = Vec::new();
        render_all(std::slice::from_ref(value), &View::of(format), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn from_stream<'de>(source: impl Deserializer<'de>, format: Format) -> String {
        let mut out = Vec::new();
        let view = View::of(format);
        stream(source, passage(&view, None), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn passage<'p>(view: &'p View, common: Option<&'p Common>) -> Passage<'p> {
        Passage { view, common, spool: &tempfile::tempfile, at_once: false, within: 0 }
    }

    #[test]
    fn numbers_and_lookalikes() {
        for text in [
            r#"[18446744073709551615,21.60,-0,1e400]"#,
            r#"{"$serde_json::private::Number":"no number"}"#,
            r#"{"$serde_json::private::Number":"7","b":1}"#,
            r#"{"$serde_json::private::Number":{"a":[]}}"#,
            r#"{"a":1,"$serde_json::private::Number":"7"}"#,
        ] {
            let tree: Value = serde_json::from_str(text).unwrap();
            for format in [Format::Json, Format::Xml] {
                let streamed = from_stream(&mut serde_json::Deserializer::from_str(text), format);
                assert_eq!(streamed, from_tree(&tree, format), "{text}");
            }
        }
    }

    #[test]
    fn a_stream_has_its_moments_in_the_same_form_as_a_tree() {
        let fields = r#"[{"name":"made","type":"date"},{"name":"ends","type":"int","form":"epoch"},
            {"name":"in","type":"list:dict","fields":[{"name":"made","type":"date"}]}]"#;
        let method = format!(r#"{{"name":"a","returns":"list:dict","fields":{fields}}}"#);
        let method = serde_json::from_str(&method).unwrap();
        let common = Common::of(&method, &[], &model::Provider::default());
        let row = |made: Value| {
            let inner = Value::List(vec![Value::Map([("made", made.clone())].into_iter().collect())]);
            let members = [("made", made.clone()), ("ends", Value::Int(0)), ("in", inner), ("other", made)];
            Value::Map(members.into_iter().collect())
        };
        let came = ["20270115T10:20:30", "2027-01-15 10:20:30"];
        let mut tree =
            Value::List([row(Value::Date(Date::verbatim(came[0]))), row(came[1].into()), row(7.into())].into());
        for format in [Format::Json, Format::Jsonl, Format::Yaml, Format::Xml, Format::Csv] {
            let mut out = Vec::new();
            let view = View::of(format);
            stream(Decoded(tree.clone()), passage(&view, Some(&common)), &mut out).unwrap();
            common.convert(&mut tree);
            assert_eq!(String::from_utf8(out).unwrap(), from_tree(&tree, format));
        }
        assert!(from_tree(&tree, Format::Json).contains("1970-01-01T00:00:00Z"));
    }

    #[test]
    fn every_repeated_key_passes() {
        let streamed = from_stream(&mut serde_json::Deserializer::from_str(r#"{"a":1,"a":2}"#), Format::Yaml);
        assert_eq!(streamed, "a: 1\na: 2\n");
    }

    proptest! {
        #[test]
        fn a_stream_gives_the_same_bytes_as_a_tree(value in any_value()) {
            for format in [Format::Json, Format::Jsonl, Format::Yaml, Format::Xml] {
                prop_assert_eq!(from_stream(Decoded(value.clone()), format), from_tree(&value, format));
            }
        }
    }
}

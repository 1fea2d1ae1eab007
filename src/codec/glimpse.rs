//! Parts of a result that are kept while it passes on unchanged: the fields with certain names, of its beginning.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::consume::Consume;
use super::error::DecodeError;
use super::looked::Sample;
use model::value_serde::NUMBER;
use model::{Map, Name, Value, weight};

/// The memory that the kept parts may take, as [`weight`] estimates it. What comes after them passes unseen.
const ENOUGH: u64 = 512 * 1024;

/// The names of the fields that are kept, at any depth of others that are; `None` for all.
pub type Names<'n> = Option<BTreeSet<&'n str>>;

/// What is kept of a result.
pub(super) struct Glimpse<'n> {
    names: &'n Names<'n>,
    /// The memory that may still be used.
    left: Cell<u64>,
    /// There was more than it has room for.
    cut: Cell<bool>,
    kept: RefCell<Option<Value>>,
    /// The names that the dictionary before had in their places, and which of them are wanted: those of a list are alike.
    known: RefCell<Vec<(Name, bool)>>,
    /// How many of its members were kept.
    usual: Cell<usize>,
}

/// So many names of a dictionary are remembered, and none that is longer.
const MOST: usize = 256;
const LONGEST: usize = 256;

impl<'n> Glimpse<'n> {
    pub(super) fn of(names: &'n Names<'n>) -> Glimpse<'n> {
        let (left, cut, kept) = (Cell::new(ENOUGH), Cell::new(false), RefCell::default());
        Glimpse { names, left, cut, kept, known: RefCell::default(), usual: Cell::new(0) }
    }

    /// A consumer whose result is looked at on its way.
    pub(super) fn of_what_reaches<C>(&self, consumer: C) -> Glimpsed<'_, C> {
        Glimpsed { consumer, glimpse: self }
    }

    pub(super) fn sample(&self) -> Sample {
        Sample::of(self.kept.take(), self.cut.get())
    }

    /// The name of the member in this place of its dictionary, if it is kept.
    #[inline(always)]
    fn wanted(&self, place: usize, name: &str) -> Option<Name> {
        let known = self.known.borrow();
        match known.get(place) {
            Some((text, wanted)) if **text == *name => wanted.then(|| text.clone()),
            _ => {
                drop(known);
                self.decide(place, name)
            }
        }
    }

    #[inline(never)]
    fn decide(&self, place: usize, name: &str) -> Option<Name> {
        let wanted = name == NUMBER || self.names.as_ref().is_none_or(|names| names.contains(name));
        let mut known = self.known.borrow_mut();
        let text = Name::from(name);
        if name.len() > LONGEST || place >= MOST {
            return wanted.then_some(text);
        }
        if place == known.len() {
            known.push((text.clone(), wanted));
        } else if let Some(known) = known.get_mut(place) {
            *known = (text.clone(), wanted);
        }
        wanted.then_some(text)
    }

    /// Whether there is room for something of this size. After the first that has none, nothing is kept.
    fn takes(&self, size: u64) -> bool {
        match self.left.get().checked_sub(size) {
            Some(left) if !self.cut.get() => self.left.set(left),
            _ => self.cut.set(true),
        }
        !self.cut.get()
    }
}

/// See [`Glimpse::of_what_reaches`].
pub(super) struct Glimpsed<'g, C> {
    consumer: C,
    glimpse: &'g Glimpse<'g>,
}

impl<C: Consume> Consume for Glimpsed<'_, C> {
    type Output = C::Output;
    type Error = C::Error;

    fn consume<'de, D>(self, source: D) -> Result<C::Output, C::Error>
    where
        D: Deserializer<'de>,
        D::Error: Into<DecodeError>,
    {
        let mut kept = None;
        let done = self.consumer.consume(Passing { inner: source, glimpse: self.glimpse, kept: &mut kept });
        *self.glimpse.kept.borrow_mut() = kept;
        done
    }
}

/// A source, seed or visitor of a value, and the place where the value is kept.
struct Passing<'g, T> {
    inner: T,
    glimpse: &'g Glimpse<'g>,
    kept: &'g mut Option<Value>,
}

impl<T> Passing<'_, T> {
    fn keep(&mut self, size: usize, value: impl FnOnce() -> Value) {
        if self.glimpse.takes(size as u64) {
            *self.kept = Some(value());
        }
    }
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Passing<'_, D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let Passing { inner, glimpse, kept } = self;
        inner.deserialize_any(Passing { inner: visitor, glimpse, kept })
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Passing<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<S::Value, D::Error> {
        let Passing { inner, glimpse, kept } = self;
        inner.deserialize(Passing { inner: source, glimpse, kept })
    }
}

macro_rules! singles {
    ($($visit:ident($type:ty) $value:ident => $size:expr, $kept:expr;)*) => {
        $(fn $visit<E: serde::de::Error>(mut self, $value: $type) -> Result<V::Value, E> {
            self.keep($size, || $kept);
            self.inner.$visit($value)
        })*
    };
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Passing<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    singles! {
        visit_bool(bool) value => 0, value.into();
        visit_i64(i64) value => 0, value.into();
        visit_u64(u64) value => 0, i64::try_from(value).map_or_else(|_| Value::Text(value.to_string()), Value::Int);
        visit_str(&str) value => value.len(), value.into();
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<V::Value, E> {
        self.inner.visit_f64(value)
    }

    fn visit_borrowed_str<E: serde::de::Error>(mut self, text: &'de str) -> Result<V::Value, E> {
        self.keep(text.len(), || text.into());
        self.inner.visit_borrowed_str(text)
    }

    fn visit_string<E: serde::de::Error>(mut self, text: String) -> Result<V::Value, E> {
        self.keep(text.len(), || text.as_str().into());
        self.inner.visit_string(text)
    }

    fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<V::Value, E> {
        self.inner.visit_bytes(bytes)
    }

    fn visit_byte_buf<E: serde::de::Error>(self, bytes: Vec<u8>) -> Result<V::Value, E> {
        self.inner.visit_byte_buf(bytes)
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit()
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<V::Value, E> {
        self.inner.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, source: D) -> Result<V::Value, D::Error> {
        let Passing { inner, glimpse, kept } = self;
        inner.visit_some(Passing { inner: source, glimpse, kept })
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, source: D) -> Result<V::Value, D::Error> {
        let Passing { inner, glimpse, kept } = self;
        inner.visit_newtype_struct(Passing { inner: source, glimpse, kept })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<V::Value, A::Error> {
        let Passing { inner, glimpse, kept } = self;
        let mut list = Vec::new();
        let done = inner.visit_seq(Members { seq, glimpse, list: &mut list });
        *kept = Some(Value::List(list));
        done
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<V::Value, A::Error> {
        let Passing { inner, glimpse, kept } = self;
        let mut map = Map::with_room(glimpse.usual.get());
        let done = inner.visit_map(Entries { entries, glimpse, map: &mut map, place: 0, name: None });
        let number = if map.len() == 1 { map.remove(NUMBER) } else { None };
        *kept = Some(number.unwrap_or_else(|| {
            glimpse.usual.set(map.len());
            Value::Map(map)
        }));
        done
    }
}

/// The members of a list.
struct Members<'g, A> {
    seq: A,
    glimpse: &'g Glimpse<'g>,
    list: &'g mut Vec<Value>,
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Members<'_, A> {
    type Error = A::Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, A::Error> {
        if self.glimpse.cut.get() {
            return self.seq.next_element_seed(seed);
        }
        let mut kept = None;
        let next = self.seq.next_element_seed(Passing { inner: seed, glimpse: self.glimpse, kept: &mut kept })?;
        if next.is_some() && self.glimpse.takes(weight::MEMBER) {
            self.list.push(kept.unwrap_or_default());
        }
        Ok(next)
    }

    fn size_hint(&self) -> Option<usize> {
        self.seq.size_hint()
    }
}

/// The members of a dictionary.
struct Entries<'g, A> {
    entries: A,
    glimpse: &'g Glimpse<'g>,
    map: &'g mut Map,
    /// The number of names that were read.
    place: usize,
    /// The name that was read last, if its value is kept.
    name: Option<Name>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Entries<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        self.name = None;
        if self.glimpse.cut.get() {
            return self.entries.next_key_seed(seed);
        }
        let Entries { entries, glimpse, place, name, .. } = self;
        *place += 1;
        entries.next_key_seed(Key { inner: seed, glimpse, place: *place - 1, name })
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, A::Error> {
        let Some(name) = self.name.take() else { return self.entries.next_value_seed(seed) };
        let mut kept = None;
        let value = self.entries.next_value_seed(Passing { inner: seed, glimpse: self.glimpse, kept: &mut kept })?;
        // Of what has no room any more, its beginning may be there.
        if let Some(kept) = kept {
            self.glimpse.takes(weight::ENTRY + name.len() as u64);
            self.map.insert(name, kept);
        }
        Ok(value)
    }

    fn size_hint(&self) -> Option<usize> {
        self.entries.size_hint()
    }
}

/// A source, seed or visitor of a name, and where it is noted if its value is kept.
struct Key<'g, T> {
    inner: T,
    glimpse: &'g Glimpse<'g>,
    place: usize,
    name: &'g mut Option<Name>,
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Key<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<S::Value, D::Error> {
        let Key { inner, glimpse, place, name } = self;
        inner.deserialize(Key { inner: source, glimpse, place, name })
    }
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Key<'_, D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let Key { inner, glimpse, place, name } = self;
        inner.deserialize_any(Key { inner: visitor, glimpse, place, name })
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<V> Key<'_, V> {
    #[inline(always)]
    fn note(&mut self, text: &str) {
        *self.name = self.glimpse.wanted(self.place, text);
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Key<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    fn visit_str<E: serde::de::Error>(mut self, text: &str) -> Result<V::Value, E> {
        self.note(text);
        self.inner.visit_str(text)
    }

    fn visit_borrowed_str<E: serde::de::Error>(mut self, text: &'de str) -> Result<V::Value, E> {
        self.note(text);
        self.inner.visit_borrowed_str(text)
    }

    fn visit_string<E: serde::de::Error>(mut self, text: String) -> Result<V::Value, E> {
        self.note(&text);
        self.inner.visit_string(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consume::{Skip, Tree};

    fn names(all: &'static [&'static str]) -> Names<'static> {
        Some(all.iter().copied().collect())
    }

    /// What the consumer received, and what was kept of it.
    fn glimpsed(json: &str, names: &Names<'_>) -> (Result<Value, String>, Sample) {
        let glimpse = Glimpse::of(names);
        let read = glimpse.of_what_reaches(Tree).consume(&mut serde_json::Deserializer::from_str(json));
        (read.map_err(|error| error.to_string()), glimpse.sample())
    }

    #[test]
    fn the_wanted_names_are_kept_and_all_passes_unchanged() {
        for (json, kept) in [
            ("[]", "[]"),
            ("{}", "{}"),
            (r#"[{"id":1,"x":[{"id":2}],"in":[{"id":"3","y":0}]},{"y":1}]"#, r#"[{"id":1,"in":[{"id":"3"}]},{}]"#),
            (r#"["a",2,true]"#, r#"["a",2,true]"#),
            (r#"{"id":18446744073709551615,"in":{"id":null}}"#, r#"{"id":"18446744073709551615","in":{}}"#),
            (r#"{"id":1.50,"x":2.50}"#, r#"{"id":"1.50"}"#),
        ] {
            let (passed, sample) = glimpsed(json, &names(&["id", "in"]));
            assert_eq!(passed, Ok(serde_json::from_str(json).unwrap()), "{json}");
            assert_eq!((sample.value, sample.cut), (Some(serde_json::from_str(kept).unwrap()), false), "{json}");
        }
        let (_, sample) = glimpsed(r#"[{"id":1,"x":{"y":"z"}}]"#, &None);
        assert_eq!(sample.value, serde_json::from_str(r#"[{"id":1,"x":{"y":"z"}}]"#).unwrap());
    }

    #[test]
    fn what_nobody_reads_is_looked_at_too() {
        let wanted = names(&["id"]);
        let glimpse = Glimpse::of(&wanted);
        let json = r#"[{"x":[1],"id":7}]"#;
        glimpse.of_what_reaches(Skip).consume(&mut serde_json::Deserializer::from_str(json)).unwrap();
        assert_eq!(glimpse.sample().value, serde_json::from_str(r#"[{"id":7}]"#).unwrap());
    }

    #[test]
    fn only_the_beginning_is_kept_whatever_is_in_it() {
        let long = "x".repeat(1000);
        let many = |member: &str| vec![member; 20_000].join(",");
        for json in [
            format!(r#"[{}]"#, many(&format!(r#"{{"id":"{long}"}}"#))),
            format!(r#"{{"in":[{}]}}"#, many(r#"{"id":1}"#)),
            format!(r#"[{{"in":[{}]}}]"#, many(&format!(r#""{long}""#))),
            format!(r#"["{}"]"#, long.repeat(1000)),
        ] {
            let (passed, sample) = glimpsed(&json, &names(&["id", "in"]));
            assert_eq!(passed, Ok(serde_json::from_str(&json).unwrap()));
            let size = sample.value.as_ref().map(weight::of);
            assert!(sample.cut && size.is_some_and(|size| size <= 2 * ENOUGH), "{size:?}");
        }
    }

    #[test]
    fn a_broken_result_is_an_error() {
        assert!(glimpsed(r#"[{"id":1},"#, &None).0.is_err());
    }
}

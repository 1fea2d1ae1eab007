//! The same check while a result is streamed: what was not promised never reaches the consumer.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};

use super::expectation::{Came, Promise};
use crate::DecodeError;
use crate::consume::Consume;
use model::value_serde::NUMBER;

/// Keeps the error of a broken promise: on its way through a consumer an error loses everything but its text.
#[derive(Debug, Default)]
pub(crate) struct Broken(RefCell<Option<DecodeError>>);

impl Broken {
    /// The outcome of a result that was checked while it was read. If the message is also damaged, as `rest` reports,
    /// that error comes first.
    pub(crate) fn settle<T, E: From<DecodeError>>(
        &self,
        read: Result<T, E>,
        rest: impl FnOnce() -> Result<(), DecodeError>,
    ) -> Result<T, E> {
        match (read, self.0.take()) {
            (Err(_), Some(broken)) => Err(rest().err().unwrap_or(broken).into()),
            (read, _) => read,
        }
    }
}

impl Promise {
    /// Passes a result to a consumer only as far as it is what was promised, and notes when it is not.
    pub(crate) fn watched<C: Consume>(self, consumer: C, broken: &Broken) -> Watched<'_, C> {
        Watched { consumer, promise: self, broken }
    }
}

/// A consumer that only receives what was promised.
pub(crate) struct Watched<'b, C> {
    consumer: C,
    promise: Promise,
    broken: &'b Broken,
}

impl<C: Consume> Consume for Watched<'_, C> {
    type Output = C::Output;
    type Error = C::Error;

    fn consume<'de, D>(self, source: D) -> Result<C::Output, C::Error>
    where
        D: Deserializer<'de>,
        D::Error: Into<DecodeError>,
    {
        self.consumer.consume(Held { source, promise: self.promise, broken: self.broken })
    }
}

/// A source whose value is checked before it is passed on. Deeper values pass unchecked.
struct Held<'b, D> {
    source: D,
    promise: Promise,
    broken: &'b Broken,
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Held<'_, D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let Held { source, promise, broken } = self;
        source.deserialize_any(Judge { visitor, promise, broken })
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// Checks a value and passes it to its visitor.
struct Judge<'b, V> {
    visitor: V,
    promise: Promise,
    broken: &'b Broken,
}

impl<V> Judge<'_, V> {
    fn admits<E: serde::de::Error>(&self, came: impl FnOnce() -> Came) -> Result<(), E> {
        if self.promise == Promise::Anything {
            return Ok(());
        }
        self.promise.admits(came()).map_err(|error| {
            let words = error.to_string();
            *self.broken.0.borrow_mut() = Some(error);
            E::custom(words)
        })
    }
}

macro_rules! singles {
    ($($visit:ident($type:ty) => $came:ident;)*) => {
        $(fn $visit<E: serde::de::Error>(self, value: $type) -> Result<V::Value, E> {
            self.admits(|| Came::$came(value.to_string()))?;
            self.visitor.$visit(value)
        })*
    };
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Judge<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    singles! {
        visit_bool(bool) => Single;
        visit_i64(i64) => Single;
        visit_u64(u64) => Single;
        visit_f64(f64) => Single;
        visit_str(&str) => Text;
        visit_string(String) => Text;
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, text: &'de str) -> Result<V::Value, E> {
        self.admits(|| Came::Text(text.to_owned()))?;
        self.visitor.visit_borrowed_str(text)
    }

    fn visit_byte_buf<E: serde::de::Error>(self, bytes: Vec<u8>) -> Result<V::Value, E> {
        self.admits(|| Came::Single("bytes".to_owned()))?;
        self.visitor.visit_byte_buf(bytes)
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<V::Value, E> {
        self.admits(|| Came::Nothing)?;
        self.visitor.visit_unit()
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, date: D) -> Result<V::Value, D::Error> {
        self.admits(|| Came::Single("a date".to_owned()))?;
        self.visitor.visit_newtype_struct(date)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, source: A) -> Result<V::Value, A::Error> {
        self.admits(|| Came::List)?;
        let first = Some(self.promise.of_members()).filter(|promise| *promise != Promise::Anything);
        self.visitor.visit_seq(Members { source, first, broken: self.broken })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut source: A) -> Result<V::Value, A::Error> {
        if self.promise == Promise::Anything {
            return self.visitor.visit_map(source);
        }
        let first = source.next_key::<String>()?;
        let is_number = first.as_deref() == Some(NUMBER);
        if !is_number {
            self.admits(|| Came::Record(first.clone()))?;
        } else if self.promise.admits(Came::Single(String::new())).is_err() {
            let digits = source.next_value::<String>()?;
            self.admits(|| Came::Single(digits))?;
        }
        self.visitor.visit_map(Entries { source, first: Some(first) })
    }
}

/// A list whose first member is checked.
struct Members<'b, A> {
    source: A,
    first: Option<Promise>,
    broken: &'b Broken,
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Members<'_, A> {
    type Error = A::Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, A::Error> {
        match self.first.take() {
            Some(promise) => self.source.next_element_seed(Member { seed, promise, broken: self.broken }),
            None => self.source.next_element_seed(seed),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        self.source.size_hint()
    }
}

/// A member that is checked.
struct Member<'b, T> {
    seed: T,
    promise: Promise,
    broken: &'b Broken,
}

impl<'de, T: DeserializeSeed<'de>> DeserializeSeed<'de> for Member<'_, T> {
    type Value = T::Value;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<T::Value, D::Error> {
        self.seed.deserialize(Held { source, promise: self.promise, broken: self.broken })
    }
}

/// A dictionary whose first key has been read ahead and is passed on first.
struct Entries<A> {
    source: A,
    /// `Some(None)` for an empty one.
    first: Option<Option<String>>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Entries<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        match self.first.take() {
            Some(Some(key)) => seed.deserialize(IntoDeserializer::<A::Error>::into_deserializer(key)).map(Some),
            Some(None) => Ok(None),
            None => self.source.next_key_seed(seed),
        }
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, A::Error> {
        self.source.next_value_seed(seed)
    }

    fn size_hint(&self) -> Option<usize> {
        self.source.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consume::{Skip, Tree};

    fn watched<C: Consume<Error = DecodeError>>(
        consumer: C,
        promise: Promise,
        json: &str,
    ) -> Result<C::Output, String> {
        let broken = Broken::default();
        let read = promise.watched(consumer, &broken).consume(&mut serde_json::Deserializer::from_str(json));
        broken.settle(read, || Ok(())).map_err(|error| error.to_string())
    }

    #[test]
    fn promised_results_pass_unchanged() {
        for (promise, json) in [
            (Promise::List { of_records: true }, r#"[{"a":1.50},{"b":[null,true]}]"#),
            (Promise::Record { text: false, other: false }, r#"{"z":{},"a":99999999999999999999}"#),
            (Promise::Record { text: true, other: true }, "12.50"),
            (Promise::Single, r#""x""#),
            (Promise::Single, "-0.10"),
            (Promise::Anything, "[[],{}]"),
        ] {
            let value = watched(Tree, promise, json).unwrap();
            assert_eq!(serde_json::to_string(&value).unwrap(), json);
        }
    }

    #[test]
    fn a_consumer_that_keeps_nothing_gets_the_same_errors() {
        let list = Promise::List { of_records: true };
        for json in ["{}", r#"["down"]"#, "5", "null", "1.5"] {
            let error = watched(Skip, list, json).unwrap_err();
            assert_eq!(Err(error), watched(Tree, list, json).map(drop), "{json}");
        }
        assert_eq!(watched(Skip, list, "[]"), Ok(()));
    }

    #[test]
    fn damage_is_reported_before_a_broken_promise() {
        let broken = Broken::default();
        let list = Promise::List { of_records: false };
        let read = list.watched(Tree, &broken).consume(&mut serde_json::Deserializer::from_str("5"));
        let error = broken.settle(read, || Err(crate::broken_off("it breaks off"))).unwrap_err();
        assert_eq!(error.to_string(), "the answer cannot be read: it breaks off");
    }
}

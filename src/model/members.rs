//! The members of a list, one at a time, so that a list of any length takes no more memory than its largest member.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::value_serde::ValueVisitor;
use super::{Twins, Value, weight};

/// Gives each member of a list to a function, which returns whether it takes more of them. Any other value becomes a
/// tree.
pub struct Members<'m, F> {
    each: F,
    room: &'m Cell<u64>,
    lost: Option<&'m RefCell<Option<String>>>,
}

impl<'m, F: FnMut(Value) -> bool> Members<'m, F> {
    /// For one value. `room` is for this reader alone: it is 0 after a member, or a tree, that takes more memory than
    /// any answer may.
    pub fn to(each: F, room: &'m Cell<u64>) -> Members<'m, F> {
        room.set(weight::MOST);
        Members { each, room, lost: None }
    }

    /// The same, noting the first name that a dictionary has twice.
    pub fn noting(self, lost: &'m RefCell<Option<String>>) -> Members<'m, F> {
        Members { lost: Some(lost), ..self }
    }

    fn tree(&self) -> ValueVisitor<'m> {
        ValueVisitor(Twins { room: Some(self.room), lost: self.lost, ..Twins::default() })
    }
}

impl<'de, F: FnMut(Value) -> bool> DeserializeSeed<'de> for Members<'_, F> {
    /// The value, unless it was a list.
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Option<Value>, D::Error> {
        source.deserialize_any(self)
    }
}

macro_rules! trees {
    ($($visit:ident($type:ty);)*) => {
        $(fn $visit<E: de::Error>(self, value: $type) -> Result<Option<Value>, E> {
            self.tree().$visit(value).map(Some)
        })*
    };
}

impl<'de, F: FnMut(Value) -> bool> Visitor<'de> for Members<'_, F> {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    trees! {
        visit_bool(bool);
        visit_i64(i64);
        visit_u64(u64);
        visit_f64(f64);
        visit_str(&str);
        visit_string(String);
        visit_bytes(&[u8]);
        visit_byte_buf(Vec<u8>);
    }

    fn visit_unit<E: de::Error>(self) -> Result<Option<Value>, E> {
        Ok(Some(Value::Null))
    }

    fn visit_none<E: de::Error>(self) -> Result<Option<Value>, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Option<Value>, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Option<Value>, D::Error> {
        self.tree().visit_newtype_struct(inner).map(Some)
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Option<Value>, A::Error> {
        self.tree().visit_map(entries).map(Some)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<Option<Value>, A::Error> {
        while let Some(member) = seq.next_element_seed(self.tree().0)? {
            self.room.set(weight::MOST);
            if !(self.each)(member) {
                return Err(de::Error::custom("no more of the list is wanted"));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The members that were passed on, as JSON, and the rest.
    fn read(json: &str, most: usize) -> (Vec<String>, Result<Option<Value>, String>) {
        let (mut found, room) = (Vec::new(), Cell::default());
        let each = |member: Value| {
            found.push(serde_json::to_string(&member).unwrap_or_default());
            found.len() < most
        };
        let mut source = serde_json::Deserializer::from_str(json);
        let done = Members::to(each, &room).deserialize(&mut source).map_err(|error| error.to_string());
        (found, done)
    }

    #[test]
    fn a_list_is_passed_on_member_by_member_and_nothing_else_is() {
        for (json, members) in [("[]", &[][..]), (r#"[1,{"a":[2.50]},null]"#, &["1", r#"{"a":[2.50]}"#, "null"])] {
            let (found, rest) = read(json, 9);
            assert_eq!((found.iter().map(String::as_str).collect::<Vec<_>>(), rest), (members.to_vec(), Ok(None)));
        }
        for json in ["null", "true", "7", "18446744073709551615", "1.50", r#""x""#, r#"{"a":[1]}"#] {
            let whole: Value = serde_json::from_str(json).unwrap_or_default();
            assert_eq!(read(json, 9), (Vec::new(), Ok(Some(whole))), "{json}");
        }
    }

    #[test]
    fn reading_ends_when_no_more_is_wanted() {
        let (found, rest) = read("[1,2,3]", 2);
        assert_eq!((found.len(), rest.is_err()), (2, true));
    }

    #[test]
    fn a_member_may_not_take_more_than_an_answer() {
        let small = Cell::new(2 * weight::MEMBER + 3);
        for (json, fits) in [(r#"["ab","c"]"#, true), (r#"["ab","cd"]"#, false), ("[1,2,3]", false)] {
            let room = small.clone();
            let seed = Twins { room: Some(&room), ..Twins::default() };
            let read = seed.deserialize(&mut serde_json::Deserializer::from_str(json));
            assert_eq!((read.is_ok(), room.get() == 0), (fits, true), "{json}");
        }
    }
}

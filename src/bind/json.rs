//! JSON literals in a line: every digit is kept, no key may occur twice, and every part has its position.

use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use lang::Segment;
use model::Value;

/// Reads one JSON document; the error says what is wrong and where.
pub(super) fn parse(text: &str) -> Result<Value, String> {
    serde_json::from_str::<Unique>(text).map_err(|error| error.to_string())?;
    serde_json::from_str(text).map_err(|error| error.to_string())
}

/// The position of a part of a JSON text: its value or, if `key` is set, its key. `None` when there is no such part.
pub(super) fn place(text: &str, path: &[Segment], key: bool) -> Option<Range<usize>> {
    let mut at = skip(text, 0);
    let mut last_key = None;
    for segment in path {
        (at, last_key) = match segment {
            Segment::Index(index) if text.get(at..)?.starts_with('[') => (member(text, at, *index)?, None),
            Segment::Index(number) => entry(text, at, &number.to_string())?,
            Segment::Key(name) => entry(text, at, name)?,
        };
    }
    match last_key.filter(|_| key) {
        Some(key) => Some(key),
        None => Some(at..after::<IgnoredAny>(text, at)?.1),
    }
}

/// The start of the value of an object's key, and the position of the key.
fn entry(text: &str, object: usize, wanted: &str) -> Option<(usize, Option<Range<usize>>)> {
    let mut at = skip(text, object + text.get(object..)?.strip_prefix('{').map(|_| 1)?);
    loop {
        let (name, end) = after::<String>(text, at)?;
        let colon = skip(text, end);
        let value = skip(text, colon + 1);
        if name == wanted {
            return Some((value, Some(at..end)));
        }
        let (_, end) = after::<IgnoredAny>(text, value)?;
        at = skip(text, skip(text, end) + 1);
    }
}

/// The start of a member of an array.
fn member(text: &str, array: usize, index: usize) -> Option<usize> {
    let mut at = skip(text, array + 1);
    for _ in 0..index {
        let (_, end) = after::<IgnoredAny>(text, at)?;
        at = skip(text, skip(text, end) + 1);
    }
    (at < text.len()).then_some(at)
}

/// The value that begins at a byte, and the byte after it.
fn after<'t, T: Deserialize<'t>>(text: &'t str, at: usize) -> Option<(T, usize)> {
    let mut values = serde_json::Deserializer::from_str(text.get(at..)?).into_iter::<T>();
    let value = values.next()?.ok()?;
    Some((value, at + values.byte_offset()))
}

fn skip(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + (rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len())
}

/// Any JSON in which no object has the same key twice.
struct Unique;

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Unique, D::Error> {
        source.deserialize_any(UniqueVisitor)
    }
}

struct UniqueVisitor;

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = Unique;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_str<E>(self, _: &str) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<Unique, A::Error> {
        while members.next_element::<Unique>()?.is_some() {}
        Ok(Unique)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Unique, A::Error> {
        let mut seen = HashSet::new();
        while let Some((key, Unique)) = entries.next_entry::<String, Unique>()? {
            if seen.contains(&key) {
                return Err(de::Error::custom(format_args!("the key \"{key}\" is given twice")));
            }
            seen.insert(key);
        }
        Ok(Unique)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(notation: &str) -> Vec<Segment> {
        let piece = |piece: &str| piece.parse().map_or_else(|_| Segment::Key(piece.to_owned()), Segment::Index);
        notation.split('.').filter(|it| !it.is_empty()).map(piece).collect()
    }

    #[test]
    fn every_part_has_its_position() {
        let text = r#" {"a" : [1, {"b\"c":"x,]y"} , []], "é":-1.5e3,"2":null} "#;
        for (to, value, key) in [
            ("", text.trim(), text.trim()),
            ("a", r#"[1, {"b\"c":"x,]y"} , []]"#, r#""a""#),
            ("a.0", "1", "1"),
            ("a.1", r#"{"b\"c":"x,]y"}"#, r#"{"b\"c":"x,]y"}"#),
            ("a.1.b\"c", r#""x,]y""#, r#""b\"c""#),
            ("a.2", "[]", "[]"),
            ("é", "-1.5e3", "\"é\""),
            ("2", "null", "\"2\""),
        ] {
            let found = |is_key| place(text, &path(to), is_key).map(|range| &text[range]);
            assert_eq!((found(false), found(true)), (Some(value), Some(key)), "{to}");
        }
        for to in ["b", "a.3", "a.x", "a.0.x", "é.0"] {
            assert_eq!(place(text, &path(to), false), None, "{to}");
        }
    }

    #[test]
    fn duplicate_keys_are_refused() {
        assert!(parse(r#"{"a":{"b":1},"c":[{"b":1},{"b":2}]}"#).is_ok());
        for text in [r#"{"a":1,"a":2}"#, r#"[{"x":{"a":1,"\u0061":2}}]"#] {
            assert!(parse(text).unwrap_err().starts_with("the key \"a\" is given twice"), "{text}");
        }
        assert_eq!(parse("12345678901234567890.10").unwrap().plain(), "12345678901234567890.10");
        assert!(parse("{").is_err());
    }
}

//! Bytes in a result on a terminal: named, with their kind and size, instead of shown as base64.

use std::borrow::Cow;

use crate::render::Kind;
use model::{Map, Value, unit};

/// A value with a name in place of the bytes in it, and whether there were any.
pub(crate) fn named(value: &Value) -> (Cow<'_, Value>, bool) {
    if !has_bytes(value) {
        return (Cow::Borrowed(value), false);
    }
    (Cow::Owned(without(value)), true)
}

fn has_bytes(value: &Value) -> bool {
    match value {
        Value::Bytes(bytes) => !bytes.is_empty(),
        Value::List(members) => members.iter().any(has_bytes),
        Value::Map(map) => map.iter().any(|(_, value)| has_bytes(value)),
        _ => false,
    }
}

fn without(value: &Value) -> Value {
    match value {
        Value::Bytes(bytes) => Value::from(format!("({}, {})", kind(bytes), unit::bytes(bytes.len() as u64))),
        Value::List(members) => Value::List(members.iter().map(without).collect()),
        Value::Map(map) => {
            Value::Map(map.iter().map(|(name, value)| (name.to_owned(), without(value))).collect::<Map>())
        }
        other => other.clone(),
    }
}

fn kind(bytes: &[u8]) -> &'static str {
    Kind::of(bytes).map_or("text", Kind::words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_named_wherever_they_are() {
        let bytes = |bytes: &[u8]| Value::Bytes(bytes.to_vec());
        let nested: Map = [("a".to_owned(), bytes(b"%PDF-1.4")), ("b".to_owned(), Value::Int(5))].into_iter().collect();
        let list = Value::List(vec![Value::Map(nested)]);
        let (shown, found) = named(&list);
        assert!(found);
        let Value::List(members) = shown.into_owned() else { panic!("no list") };
        assert_eq!(members[0].get("a"), Some(&Value::from("(PDF document, 8 B)")));
        assert_eq!(members[0].get("b"), Some(&Value::Int(5)));
        for (value, is) in
            [(bytes(b"\x89PNG\r\n\x1a\n\0"), "(PNG picture, 9 B)"), (bytes(&[255; 2000]), "(binary data, 2.00 kB)")]
        {
            assert_eq!(named(&value).0.as_ref(), &Value::from(is));
        }
        assert!(!named(&bytes(b"")).1 && !named(&Value::from("text")).1);
    }
}

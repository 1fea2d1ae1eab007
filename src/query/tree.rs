//! Converts between values, the library's values and JSON, in both directions, keeping every digit and the order of
//! members.

use std::collections::HashMap;

use jaq_json::{Num, Val};
use serde::{Serialize, Serializer};

use model::secret::REDACTED;
use model::{Map, Value, base64};

/// Whole numbers up to this are exact in binary floating point: a whole quotient can then be written as a whole number.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A value as the filter sees it, by the rules of JSON output: bytes are Base64, a date is its text, a secret its
/// placeholder.
pub(super) fn to_val(value: Value) -> Val {
    match value {
        Value::Null => Val::Null,
        Value::Bool(flag) => Val::Bool(flag),
        Value::Int(number) => Val::Num(Num::from_integral(number)),
        Value::Decimal(number) => {
            let digits = number.as_str();
            // The library's whole numbers have no negative zero.
            let whole = Num::from_str_radix(digits, 10).filter(|_| digits != "-0");
            Val::Num(whole.unwrap_or_else(|| Num::Dec(digits.to_owned().into())))
        }
        Value::Text(text) => Val::utf8_str(text),
        Value::Bytes(bytes) => Val::utf8_str(base64::encode(&bytes)),
        Value::Date(date) => Val::utf8_str(date.to_string()),
        Value::List(list) => list.into_iter().map(to_val).collect(),
        Value::Map(map) => Val::obj(map.into_iter().map(|(key, value)| (Val::utf8_str(key), to_val(value))).collect()),
        Value::Secret(_) => Val::utf8_str(REDACTED),
        Value::File(file) => Val::utf8_str(file.path),
    }
}

/// A result of the filter. A number that JSON cannot express is null; a key that is not a text is written as one.
pub(super) fn from_val(val: &Val) -> Value {
    match val {
        Val::Null => Value::Null,
        Val::Bool(flag) => Value::Bool(*flag),
        Val::Num(number) => from_num(number),
        Val::TStr(bytes) => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
        Val::BStr(bytes) => Value::Bytes(bytes.to_vec()),
        Val::Arr(list) => Value::List(list.iter().map(from_val).collect()),
        Val::Obj(map) => Value::Map(map.iter().map(|(key, value)| (key_of(key), from_val(value))).collect::<Map>()),
    }
}

fn from_num(number: &Num) -> Value {
    match number {
        Num::Float(number) if number.fract() == 0.0 && number.abs() <= EXACT => {
            Value::number(&format!("{number:.0}")).unwrap_or_default()
        }
        other => Value::number(&other.to_string()).unwrap_or_default(),
    }
}

fn key_of(key: &Val) -> String {
    match key {
        Val::TStr(bytes) | Val::BStr(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        other => other.to_string(),
    }
}

/// The results of a filter, with bytes restored where a result is the Base64 of the input's bytes: a filter sees them
/// as text, and what it only passes on must not change.
pub(super) fn bytes_again(mut results: Vec<Value>, input: &Value) -> Vec<Value> {
    let mut texts = HashMap::new();
    collect(input, &mut texts);
    if !texts.is_empty() {
        results.iter_mut().for_each(|result| restore(result, &texts));
    }
    results
}

fn collect<'v>(value: &'v Value, texts: &mut HashMap<String, &'v [u8]>) {
    match value {
        Value::Bytes(bytes) if !bytes.is_empty() => drop(texts.insert(base64::encode(bytes), bytes)),
        Value::List(list) => list.iter().for_each(|member| collect(member, texts)),
        Value::Map(map) => map.iter().for_each(|(_, member)| collect(member, texts)),
        _ => {}
    }
}

fn restore(value: &mut Value, texts: &HashMap<String, &[u8]>) {
    match value {
        Value::Text(text) => {
            if let Some(bytes) = texts.get(text.as_str()) {
                *value = Value::Bytes(bytes.to_vec());
            }
        }
        Value::List(list) => list.iter_mut().for_each(|member| restore(member, texts)),
        Value::Map(map) => map.values_mut().for_each(|member| restore(member, texts)),
        _ => {}
    }
}

/// A value to be passed as JSON: bytes are Base64, everything else is serialized as usual.
pub(super) struct Portable<'v>(pub(super) &'v Value);

impl Serialize for Portable<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Bytes(bytes) => serializer.serialize_str(&base64::encode(bytes)),
            Value::List(list) => serializer.collect_seq(list.iter().map(Portable)),
            Value::Map(map) => serializer.collect_map(map.iter().map(|(key, value)| (key, Portable(value)))),
            other => other.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Date, Secret};
    use proptest::prelude::*;

    fn json(value: &Value) -> String {
        serde_json::to_string(&Portable(value)).unwrap()
    }

    #[test]
    fn values_that_json_cannot_express_are_text() {
        let list = vec![
            Value::Bytes(vec![0, 255]),
            Date::verbatim("20120101T00:00:00").into(),
            Value::Secret(Secret::new("x")),
        ];
        let text = r#"["AP8=","20120101T00:00:00","(redacted)"]"#;
        assert_eq!(json(&Value::List(list.clone())), text);
        assert_eq!(json(&from_val(&to_val(Value::List(list)))), text);
    }

    #[test]
    fn bytes_that_were_only_passed_on_are_restored() {
        let bytes = Value::Bytes(vec![0x89, b'P', 0xff]);
        let input = Value::Map(Map::from_iter([("data", bytes.clone()), ("n", 1.into())]));
        let text = Value::from("iVD/");
        let list = |member: &Value| Value::List(vec![member.clone(), "iVD".into()]);
        assert_eq!(bytes_again(vec![text.clone(), list(&text)], &input), [bytes.clone(), list(&bytes)]);
        assert_eq!(bytes_again(vec![text.clone()], &1.into()), [text]);
    }

    #[test]
    fn numbers_that_were_computed_are_written_plainly() {
        for (number, text) in
            [(2.0, "2"), (-0.5, "-0.5"), (1e300, "1e300"), (f64::NAN, "null"), (f64::INFINITY, "null"), (-0.0, "-0")]
        {
            assert_eq!(json(&from_val(&Val::Num(Num::Float(number)))), text);
        }
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,30})?(e[+-][0-9]{1,5})?"
                .prop_filter_map("number", |s| Value::number(&s)),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((any::<String>(), inner), 0..6)
                    .prop_map(|pairs| Value::Map(Map::from_iter(pairs))),
            ]
        })
    }

    proptest! {
        #[test]
        fn values_come_back_unchanged(value in any_value()) {
            prop_assert_eq!(&from_val(&to_val(value.clone())), &value);
            prop_assert_eq!(&serde_json::from_str::<Value>(&json(&value)).unwrap(), &value);
        }
    }
}

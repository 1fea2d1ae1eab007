//! Short ways to write the values of answers.

use model::{Date, Decimal, Map, Value};

/// VAT, in per cent.
const VAT: i64 = 20;

/// A dictionary: `map! { "name" => name, "port" => 80 }`.
macro_rules! map {
    ($($key:expr => $value:expr),* $(,)?) => {{
        #[allow(unused_mut)]
        let mut map = model::Map::new();
        $(map.insert($key, $value);)*
        map
    }};
}
pub(crate) use map;

/// The answer of a method without a result: XML-RPC has no empty answer.
pub(crate) fn nothing() -> Value {
    Value::Map(Map::new())
}

/// Sets every key of `fields`.
pub(crate) fn merge(into: &mut Map, fields: Map) {
    for (key, value) in fields {
        into.insert(key, value);
    }
}

/// Texts in a list.
pub(crate) fn texts<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Value {
    Value::List(texts.into_iter().map(|text| text.as_ref().into()).collect())
}

/// Dictionaries in a list.
pub(crate) fn list(maps: impl IntoIterator<Item = Map>) -> Value {
    Value::List(maps.into_iter().map(Value::Map).collect())
}

/// A number with its digits as written: `21.60` stays `21.60`.
pub(crate) fn decimal(digits: &str) -> Value {
    Value::Decimal(Decimal::parse(digits).unwrap_or_else(|| 0.0.into()))
}

/// A whole number where the document declares a float.
pub(crate) fn float(whole: i64) -> Value {
    decimal(&format!("{whole}.0"))
}

/// The VAT on an amount in pennies.
pub(crate) fn vat(pennies: i64) -> i64 {
    pennies * VAT / 100
}

/// An amount in pennies, in pounds.
pub(crate) fn pounds(pennies: i64) -> Value {
    decimal(&in_pounds(pennies))
}

/// The digits of an amount in pounds, given in pennies: 2160 is `21.60`.
pub(crate) fn in_pounds(pennies: i64) -> String {
    format!("{}.{:02}", pennies / 100, pennies % 100)
}

/// A date as it is written on the wire: `20110617T00:00:00`.
pub(crate) fn date(text: &str) -> Value {
    Value::Date(Date::verbatim(text))
}

/// The number under a key; 0 when there is none.
pub(crate) fn int(map: &Map, key: &str) -> i64 {
    map.get(key).and_then(Value::as_int).unwrap_or_default()
}

/// The text under a key; empty when there is none.
pub(crate) fn text<'m>(map: &'m Map, key: &str) -> &'m str {
    map.get(key).and_then(Value::as_str).unwrap_or_default()
}

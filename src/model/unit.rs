//! What a number measures, so that people can be shown `3.18 GB` instead of `3179579806.0`.

use std::time::Duration;

use serde::Deserialize;

use super::{Value, period};

/// What a value measures, or how a table shows it. Values themselves are never changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Bytes.
    Bytes,
    /// Thousands of bytes.
    Kilobytes,
    /// Millions of bytes.
    Megabytes,
    /// Thousands of millions of bytes.
    Gigabytes,
    /// Bits a second.
    Bits,
    /// Millions of bits a second.
    Megabits,
    /// A length of time in seconds.
    Seconds,
    /// Money: [`super::Field::currency`] says of which currency.
    Money,
    /// 1 or 0 for yes or no.
    Flag,
    /// Free text: a table may cut it.
    Text,
}

/// Steps of a thousand, for numbers of bytes and bits.
const STEPS: [&str; 6] = ["", "k", "M", "G", "T", "P"];

impl Unit {
    /// Whether the value must be a number, possibly written as a text.
    pub fn counts(self) -> bool {
        !matches!(self, Unit::Text | Unit::Flag)
    }

    /// The value for people: `3.18 GB`, `2 h 5 min`, `yes`. `None` if it is not of this unit, or is best left alone.
    /// Money needs its currency: see [`money`].
    pub fn shown(self, value: &Value) -> Option<String> {
        let number = number(value)?;
        match self {
            Unit::Bytes => Some(scaled(number, "B")),
            Unit::Kilobytes => Some(scaled(number * 1e3, "B")),
            Unit::Megabytes => Some(scaled(number * 1e6, "B")),
            Unit::Gigabytes => Some(scaled(number * 1e9, "B")),
            Unit::Bits => Some(scaled(number, "bit/s")),
            Unit::Megabits => Some(scaled(number * 1e6, "bit/s")),
            Unit::Seconds => length(number),
            Unit::Flag if number == 1.0 => Some("yes".into()),
            Unit::Flag if number == 0.0 => Some("no".into()),
            Unit::Money | Unit::Flag | Unit::Text => None,
        }
    }
}

/// A sum of money for people: its own digits, at least two of them after the point, and the currency.
pub fn money(value: &Value, currency: &str) -> Option<String> {
    number(value)?;
    let digits = value.plain();
    let digits = match digits.split_once('.') {
        _ if digits.contains(['e', 'E']) => digits,
        None => format!("{digits}.00"),
        Some((whole, part)) => format!("{whole}.{part:0<2}"),
    };
    Some(if currency.is_empty() { digits } else { format!("{digits} {currency}") })
}

/// A number, or a text that is one.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(_) | Value::Decimal(_) => value.plain().parse().ok(),
        Value::Text(text) => Value::number(text)?.plain().parse().ok(),
        Value::Bool(flag) => Some(f64::from(u8::from(*flag))),
        _ => None,
    }
}

/// A number of bytes for people: `3.18 GB`, `999 B`.
pub fn bytes(count: u64) -> String {
    scaled(count as f64, "B")
}

/// Three digits that count, with the letter for the thousands: `3.18 GB`, `12.0 kB`, `999 B`.
fn scaled(number: f64, of: &str) -> String {
    let mut size = number.abs();
    let mut step = 0;
    // What would be rounded to 1000 is 1.00 of the next step.
    while size >= 999.5 && step + 1 < STEPS.len() {
        size /= 1000.0;
        step += 1;
    }
    let places = match (step, size) {
        (0, _) => 0,
        (_, size) if size < 9.995 => 2,
        (_, size) if size < 99.95 => 1,
        _ => 0,
    };
    let sign = if number < 0.0 { "-" } else { "" };
    format!("{sign}{size:.places$} {}{of}", STEPS.get(step).copied().unwrap_or_default())
}

/// A length of time in its two largest units: `2 d 3 h`, `45 s`. Only whole seconds.
fn length(seconds: f64) -> Option<String> {
    let whole = (0.0..1e12).contains(&seconds) && seconds.fract() == 0.0;
    whole.then(|| period::brief(Duration::from_secs_f64(seconds), 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(json: &str) -> Value {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn numbers_are_readable_with_their_unit() {
        for (unit, json, shown) in [
            (Unit::Bytes, "3179579806.0", Some("3.18 GB")),
            (Unit::Bytes, "0", Some("0 B")),
            (Unit::Bytes, "999", Some("999 B")),
            (Unit::Bytes, "999499", Some("999 kB")),
            (Unit::Bytes, "999500", Some("1.00 MB")),
            (Unit::Bytes, "-1500", Some("-1.50 kB")),
            (Unit::Bytes, r#""12345""#, Some("12.3 kB")),
            (Unit::Bytes, "1e18", Some("1000 PB")),
            (Unit::Bytes, r#""many""#, None),
            (Unit::Bytes, "null", None),
            (Unit::Kilobytes, "8255683", Some("8.26 GB")),
            (Unit::Megabytes, "1", Some("1.00 MB")),
            (Unit::Gigabytes, "20", Some("20.0 GB")),
            (Unit::Bits, "1234567.5", Some("1.23 Mbit/s")),
            (Unit::Megabits, "100", Some("100 Mbit/s")),
            (Unit::Seconds, "0", Some("0 s")),
            (Unit::Seconds, "59", Some("59 s")),
            (Unit::Seconds, "3600", Some("1 h")),
            (Unit::Seconds, "86399", Some("23 h 59 min")),
            (Unit::Seconds, "86401", Some("1 d")),
            (Unit::Seconds, "1.5", None),
            (Unit::Flag, "1", Some("yes")),
            (Unit::Flag, r#""0""#, Some("no")),
            (Unit::Flag, "2", None),
            (Unit::Text, "2", None),
        ] {
            assert_eq!(unit.shown(&value(json)).as_deref(), shown, "{unit:?} {json}");
        }
    }

    #[test]
    fn money_keeps_every_digit() {
        for (json, currency, shown) in [
            ("12", "GBP", Some("12.00 GBP")),
            ("12.5", "GBP", Some("12.50 GBP")),
            ("12.125", "USD", Some("12.125 USD")),
            (r#""30.00""#, "", Some("30.00")),
            ("-1", "EUR", Some("-1.00 EUR")),
            ("12345678901234567890.1", "GBP", Some("12345678901234567890.10 GBP")),
            (r#""free""#, "GBP", None),
        ] {
            assert_eq!(money(&value(json), currency).as_deref(), shown, "{json}");
        }
    }
}

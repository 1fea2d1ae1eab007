//! What the text of a typed element means.

use std::borrow::Cow;

use serde::de::value::{MapDeserializer, StrDeserializer};
use serde::de::{self, Visitor};

use super::tag::Scalar;
use model::value_serde::NUMBER;
use model::{Decimal, base64};

/// A scalar read from text.
#[derive(Debug, PartialEq)]
pub(super) enum Parsed<'t> {
    Nil,
    Bool(bool),
    Int(i64),
    /// Any other number, with its digits.
    Number(Cow<'t, str>),
    Text(&'t str),
    Date(&'t str),
    Bytes(Vec<u8>),
}

/// Reads a text as its type; `None` when it does not fit.
#[inline(always)]
pub(super) fn parse(kind: Scalar, text: &str) -> Option<Parsed<'_>> {
    if kind == Scalar::Text { Some(Parsed::Text(text)) } else { typed(kind, text) }
}

#[inline(never)]
fn typed(kind: Scalar, text: &str) -> Option<Parsed<'_>> {
    match kind {
        Scalar::Text => Some(Parsed::Text(text)),
        Scalar::Int => int(text.trim_ascii()),
        Scalar::Double => double(text.trim_ascii()),
        Scalar::Boolean => match text.trim_ascii() {
            "1" | "true" => Some(Parsed::Bool(true)),
            "0" | "false" => Some(Parsed::Bool(false)),
            _ => None,
        },
        Scalar::Date => Some(Parsed::Date(text.trim_ascii())),
        Scalar::Bytes => base64::decode(text).map(Parsed::Bytes),
        Scalar::Nil => text.trim_ascii().is_empty().then_some(Parsed::Nil),
    }
}

fn int(text: &str) -> Option<Parsed<'_>> {
    if let Ok(number) = text.parse() {
        return Some(Parsed::Int(number));
    }
    Decimal::parse(text).filter(Decimal::is_integer).map(number)
}

fn double(text: &str) -> Option<Parsed<'_>> {
    if Decimal::keeps(text) {
        return Some(Parsed::Number(Cow::Borrowed(text)));
    }
    match Decimal::parse(text) {
        Some(decimal) => Some(number(decimal)),
        // Whatever else parses as a number is an infinity or not a number: JSON cannot hold it, so its text is kept.
        None => text.parse::<f64>().is_ok().then_some(Parsed::Text(text)),
    }
}

fn number<'t>(decimal: Decimal) -> Parsed<'t> {
    Parsed::Number(Cow::Owned(decimal.into()))
}

impl Parsed<'_> {
    /// Passes the scalar to serde, by the conventions of `model::value_serde`.
    #[inline(always)]
    pub(super) fn visit<'de, V: Visitor<'de>, E: de::Error>(self, visitor: V) -> Result<V::Value, E> {
        match self {
            Parsed::Text(text) => visitor.visit_str(text),
            other => other.visit_typed(visitor),
        }
    }

    #[inline(never)]
    fn visit_typed<'de, V: Visitor<'de>, E: de::Error>(self, visitor: V) -> Result<V::Value, E> {
        match self {
            Parsed::Nil => visitor.visit_unit(),
            Parsed::Bool(value) => visitor.visit_bool(value),
            Parsed::Int(number) => visitor.visit_i64(number),
            Parsed::Number(number) => visitor.visit_map(MapDeserializer::new(std::iter::once((NUMBER, &*number)))),
            Parsed::Text(text) => visitor.visit_str(text),
            Parsed::Date(text) => visitor.visit_newtype_struct(StrDeserializer::new(text)),
            Parsed::Bytes(bytes) => visitor.visit_byte_buf(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(digits: &str) -> Option<Parsed<'static>> {
        Some(Parsed::Number(Cow::Owned(digits.to_owned())))
    }

    #[test]
    fn texts_are_read_as_their_type() {
        use Scalar::*;
        for (kind, text, parsed) in [
            (Int, "-12", Some(Parsed::Int(-12))),
            (Int, " \r\n+007\t", Some(Parsed::Int(7))),
            (Int, "-9223372036854775808", Some(Parsed::Int(i64::MIN))),
            (Int, "9223372036854775808", number("9223372036854775808")),
            (Int, "-00099999999999999999999", number("-99999999999999999999")),
            (Double, "-12.214", number("-12.214")),
            (Double, " 21.60 ", number("21.60")),
            (Double, ".5", number("0.5")),
            (Double, "7", number("7")),
            (Double, "1e+22", number("1e+22")),
            (Double, "nan", Some(Parsed::Text("nan"))),
            (Double, " -inf ", Some(Parsed::Text("-inf"))),
            (Boolean, "1", Some(Parsed::Bool(true))),
            (Boolean, " 0\n", Some(Parsed::Bool(false))),
            (Boolean, "true", Some(Parsed::Bool(true))),
            (Boolean, "false", Some(Parsed::Bool(false))),
            (Text, " a\n", Some(Parsed::Text(" a\n"))),
            (Text, "", Some(Parsed::Text(""))),
            (Date, "\n19980717T14:08:55 ", Some(Parsed::Date("19980717T14:08:55"))),
            (Bytes, "\nAAEC\n/w==\n", Some(Parsed::Bytes(vec![0, 1, 2, 255]))),
            (Bytes, "", Some(Parsed::Bytes(vec![]))),
            (Nil, "\n", Some(Parsed::Nil)),
        ] {
            assert_eq!(parse(kind, text), parsed, "{kind:?} {text:?}");
        }
    }

    #[test]
    fn garbage_is_refused() {
        use Scalar::*;
        for (kind, texts) in [
            (Int, &["", " ", "1.0", "1e3", "0x10", "five", "1 2", "--1", "+", "١"][..]),
            (Double, &["", "1,5", "1.2.3", "infinite", "0x1p3", "1e"]),
            (Boolean, &["", "2", "yes", "-1", "01"]),
            (Bytes, &["!", "A", "AA=A", "é"]),
            (Nil, &["nil", "0"]),
        ] {
            for text in texts {
                assert_eq!(parse(kind, text), None, "{kind:?} {text:?}");
            }
        }
    }
}

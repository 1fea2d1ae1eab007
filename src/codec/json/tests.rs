//! JSON as it comes over the wire: complete, broken and hostile.

use proptest::collection::vec;
use proptest::prelude::*;
use serde::de::{Deserialize, Deserializer};

use super::{Reader, read, write};
use crate::consume::{Consume, Tree};
use crate::message::{Found, Limits, MessageError};
use crate::{DecodeError, broken_off};
use model::http::Body;
use model::{Date, Decimal, Diagnostic, Map, Value, base64};

fn tree(message: &str) -> Result<Value, DecodeError> {
    read(message.as_bytes(), None, Limits::default())
}

fn refusal(message: impl AsRef<[u8]>) -> DecodeError {
    read(message.as_ref(), None, Limits::default()).unwrap_err()
}

/// The members of a message, read one by one.
fn members(message: &str) -> Result<Value, DecodeError> {
    let mut reader = Reader::new(message.as_bytes(), None, Limits::default());
    let mut members = reader.members()?;
    let mut map = Map::new();
    while let Some(key) = members.key()? {
        map.insert(key, members.value(Tree)?);
    }
    Ok(Value::Map(map))
}

fn decimal(digits: &str) -> Value {
    Value::Decimal(Decimal::parse(digits).unwrap())
}

fn list<const N: usize>(members: [Value; N]) -> Value {
    Value::List(members.into())
}

fn map<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Map(Map::from_iter(members))
}

#[test]
fn every_kind_is_read() {
    for (message, value) in [
        ("null", Value::Null),
        ("true", true.into()),
        (" -12 ", Value::Int(-12)),
        ("9223372036854775808", decimal("9223372036854775808")),
        ("21.60", decimal("21.60")),
        ("1E400", decimal("1e+400")),
        ("\"\"", "".into()),
        (r#""a\"\\\/\n\u00e9\ud83d\ude00é""#, "a\"\\/\né😀é".into()),
        ("[]", list([])),
        (" [ 1 , [ ] ]\r\n", list([1.into(), list([])])),
        ("{}", map([])),
        (r#"{"b":{"":null},"a":1}"#, map([("b", map([("", Value::Null)])), ("a", 1.into())])),
        (r#"{"a":1,"b":2,"a":3}"#, map([("a", 3.into()), ("b", 2.into())])),
    ] {
        assert_eq!(tree(message).unwrap(), value, "{message}");
        if value.as_map().is_some() {
            assert_eq!(members(message).unwrap(), value, "{message}");
        }
    }
}

#[test]
fn other_encodings_are_read() {
    let utf16 = |bytes: fn(u16) -> [u8; 2]| "{\"é\":\"😀\"}".encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let cases: &[(&[u8], Option<&str>, &str)] = &[
        (b"\xef\xbb\xbf\"x\"", None, "\"x\""),
        (b"\"caf\xe9\"", Some("iso-8859-1"), "\"café\""),
        (&utf16(u16::to_le_bytes), None, "{\"é\":\"😀\"}"),
        (&utf16(u16::to_be_bytes), Some("utf-8"), "{\"é\":\"😀\"}"),
    ];
    for (bytes, label, text) in cases {
        assert_eq!(read(*bytes, *label, Limits::default()).unwrap(), tree(text).unwrap(), "{text}");
    }
    assert_eq!(read(&b"{}"[..], Some("klingon"), Limits::default()).unwrap(), tree("{}").unwrap());
}

#[test]
fn errors_give_their_position() {
    for (message, said) in [
        ("[1,]", "trailing comma at line 1, column 4"),
        ("{\"a\":1\n\"b\":2}", "expected `,` or `}` at line 2, column 1"),
        ("{\"a\" 1}", "expected `:` at line 1, column 6"),
        ("{\n  \"a\": nul,\n}", "a contains the word nul, which JSON does not have at line 2, column 8"),
        ("{\"a\":[1,\n2,x]}", "a[2] contains the word x, which JSON does not have at line 2, column 3"),
        ("{\"a\":}", "expected value at line 1, column 6"),
        ("{,}", "key must be a string at line 1, column 2"),
        ("{1:2}", "key must be a string at line 1, column 2"),
        (
            "\"a\tb\"",
            "it contains the control character U+0009, which JSON cannot contain as it is at line 1, column 3",
        ),
        (
            "[{\"x\":1},{\"nick name\":\"a\u{1b}b\"}]",
            "[1]['nick name'] contains the control character U+001B, which JSON cannot contain as it is at line 1, column 25",
        ),
        ("[{\"load\":NaN}]", "[0].load contains NaN, a number that JSON does not have at line 1, column 10"),
        ("[1,-Infinity]", "[1] contains -Infinity, a number that JSON does not have at line 1, column 4"),
        ("{\"a\":True}", "a contains the word True, which JSON does not have at line 1, column 6"),
        ("{} {}", "expected the end of the message at line 1, column 4"),
        ("12 x", "expected the end of the message at line 1, column 4"),
        ("[1", "a value breaks off at line 1, column 2"),
        ("\"\\ud800\"", "it contains half of a character (a lone surrogate) at line 1, column 8"),
        (
            "[\"\\ud83d\\ude00\", \"\\ude00\"]",
            "[1] contains half of a character (a lone surrogate) at line 1, column 24",
        ),
        ("{\"a\":\"\\ud83d-\"}", "a contains half of a character (a lone surrogate) at line 1, column 13"),
    ] {
        assert_eq!(refusal(message).to_string(), format!("the answer cannot be read: {said}"), "{message}");
    }
}

#[test]
fn reading_member_by_member_gives_the_same_positions() {
    for (message, said) in [
        ("{\"a\":[1,\n2,x]}", "a[2] contains the word x, which JSON does not have at line 2, column 3"),
        ("{ \"a\" : 1 ,\n  \"b\" : [ }", "expected value at line 2, column 11"),
        ("{\"a\":1 \"b\":2}", "expected `,` or `}` at line 1, column 8"),
        ("{\"a\" 1}", "expected `:` at line 1, column 6"),
        ("{\"a\":1,}", "a value breaks off at line 1, column 7"),
        ("{\"a\":1", "the message breaks off at line 1, column 7"),
        ("{1:2}", "expected a text as key at line 1, column 3"),
        ("{\"a\":1} 2", "expected the end of the message at line 1, column 9"),
        ("[]", "expected a dictionary at line 1, column 1"),
    ] {
        let error = members(message).unwrap_err();
        assert_eq!(error.to_string(), format!("the answer cannot be read: {said}"), "{message}");
    }
}

#[test]
fn other_messages_than_json_are_described() {
    let page = "<html><head><title>502 Bad Gateway</title></head></html>";
    for (message, found, excerpt) in [
        ("", Found::Nothing, ""),
        (" \n", Found::Nothing, ""),
        (page, Found::Html, "502 Bad Gateway"),
        ("<?xml version='1.0'?><fault>no</fault>", Found::Xml("fault".into()), "no"),
        ("not found", Found::Text, "not found"),
        ("nullify", Found::Text, "nullify"),
        ("\u{1f}\u{8}", Found::Binary, "\u{fffd}\u{fffd}"),
    ] {
        let error = refusal(message);
        assert_eq!(error.provider_words().unwrap_or_default(), excerpt, "{message}");
        let DecodeError::Message(MessageError::Foreign { found: told, .. }) = error else {
            panic!("{message}: {error}")
        };
        assert_eq!(told, found, "{message}");
    }
    assert_eq!(broken_off("no").to_string(), "the answer cannot be read: no");
}

#[test]
fn depth_and_length_are_bounded() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(tree(&nested(64)).is_ok());
    assert!(tree(&format!("[\"{}\"]", "[{\\\"".repeat(1000))).is_ok(), "brackets in texts do not count");
    for message in [nested(65), "{\"a\":".repeat(100_000)] {
        let said = refusal(&message).to_string();
        assert!(said.contains("more than 64 levels of lists and dictionaries at line 1, column "), "{said}");
    }
    let message = format!("\"{}\"", "x".repeat(10_000));
    let limited = |bytes| read(message.as_bytes(), None, Limits { bytes, ..Limits::default() });
    assert!(limited(10_002).is_ok());
    for bytes in [0, 100, 10_001] {
        assert!(matches!(limited(bytes), Err(DecodeError::Message(MessageError::Long { .. }))));
    }
    let limits = Limits { piece: 50_000, ..Limits::default() };
    for message in [format!("[\"{}\"]", "x".repeat(100_000)), format!("[{}]", "1".repeat(100_000))] {
        let error = read(message.as_bytes(), None, limits).unwrap_err();
        assert!(matches!(error, DecodeError::Message(MessageError::LongPiece { limit: 50_000 })), "{error}");
    }
    let small_ones = format!("[{} \"\"]", "1, \"ab\\\"\", ".repeat(10_000));
    assert!(read(small_ones.as_bytes(), None, limits).is_ok());
}

/// Knows errors as text only, like a reader that streams.
struct Wordy;

impl Consume for Wordy {
    type Output = Value;
    type Error = DecodeError;

    fn consume<'de, D: Deserializer<'de>>(self, source: D) -> Result<Value, DecodeError>
    where
        D::Error: Into<DecodeError>,
    {
        Value::deserialize(source).map_err(|error| broken_off(&error.to_string()))
    }
}

#[test]
fn errors_known_as_text_only_say_as_much() {
    for (message, said) in [
        ("[".repeat(65), "more than 64 levels of lists and dictionaries at line 1, column 65"),
        ("[1,\n2,]".to_owned(), "trailing comma at line 2, column 3"),
        (format!("\"{}", "x".repeat(200)), "the message is longer than 100 bytes"),
    ] {
        let limits = Limits { bytes: 100, ..Limits::default() };
        let error = Reader::new(message.as_bytes(), None, limits).read(Wordy).unwrap_err();
        assert_eq!(error.to_string(), format!("the answer cannot be read: {said}"));
    }
}

#[test]
fn every_truncation_is_an_error() {
    let message = "\u{feff} {\"é\\u00e9\\n\": [null, true, false, {\"a\": {}}, \"\\ud83d\\ude00\"], \"n\": 12.5e+3}";
    assert_eq!(members(&message[3..]).unwrap(), tree(message).unwrap());
    for length in 0..message.len() {
        let cut = &message.as_bytes()[..length];
        assert!(read(cut, None, Limits::default()).is_err(), "{}", String::from_utf8_lossy(cut));
        assert!(members(&String::from_utf8_lossy(cut)).is_err(), "{}", String::from_utf8_lossy(cut));
    }
}

#[test]
fn the_start_of_a_message_can_be_seen_first() {
    for length in [10, 4000, 5000] {
        let message = format!("\"{}\"", "x".repeat(length));
        let mut reader = Reader::new(message.as_bytes(), None, Limits::default());
        let head = reader.begins().unwrap();
        assert!(message.starts_with(&head) && head.len() > length.min(4000), "{length}: {}", head.len());
        assert_eq!(reader.read(Tree).unwrap(), Value::from("x".repeat(length)));
    }
}

/// Any value except a secret, which no server sends.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "-?(0|[1-9][0-9]{0,30})\\.[0-9]{1,9}(e[+-][0-9]{1,4})?".prop_map(|digits| decimal(&digits)),
        any::<String>().prop_map(Value::from),
        vec(any::<u8>(), 0..40).prop_map(Value::Bytes),
        "2[0-9]{3}-0[1-9]-[12][0-8] [01][0-9]:[0-5][0-9]:[0-5][0-9]".prop_map(|text| Date::verbatim(text).into()),
    ];
    leaf.prop_recursive(6, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::List),
            vec((any::<String>(), inner), 0..6).prop_map(|members| Value::Map(Map::from_iter(members))),
        ]
    })
}

/// The value as JSON returns it: bytes and dates are texts there.
fn as_read(value: Value) -> Value {
    match value {
        Value::Bytes(bytes) => base64::encode(&bytes).into(),
        Value::Date(date) => date.as_str().into(),
        Value::List(list) => Value::List(list.into_iter().map(as_read).collect()),
        Value::Map(map) => Value::Map(map.into_iter().map(|(key, value)| (key, as_read(value))).collect()),
        other => other,
    }
}

fn written(value: &Value) -> String {
    let mut body = Body::default();
    write(value, &mut body);
    body.preview()
}

const PIECES: &[&str] = &[
    "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\\", "1", "-", ".5", "e9", "null", "true", " ", "\n", "\u{feff}", "é",
];

proptest! {
    #[test]
    fn values_survive(value in value(), chunk in 1usize..64) {
        let written = written(&value);
        let input = std::io::BufReader::with_capacity(chunk, written.as_bytes());
        prop_assert_eq!(read(input, None, Limits::default()).unwrap(), as_read(value.clone()));
        if matches!(value, Value::Map(_)) {
            prop_assert_eq!(members(&written).unwrap(), as_read(value));
        }
    }

    #[test]
    fn arbitrary_bytes_are_never_fatal(bytes in vec(any::<u8>(), 0..200), charset in prop::option::of("[a-z0-9-]{0,12}")) {
        let _ = read(&bytes[..], charset.as_deref(), Limits::default());
    }

    /// Both ways of reading accept the same messages and give the same result.
    #[test]
    fn shuffled_pieces_are_read_alike(pieces in vec(prop::sample::select(PIECES.to_vec()), 0..30)) {
        let message = format!("{{\"a\":{}", pieces.concat());
        prop_assert_eq!(members(&message).ok(), tree(&message).ok());
        if let Ok(value) = tree(&message) {
            prop_assert_eq!(as_read(value.clone()), tree(&written(&value)).unwrap());
        }
    }
}

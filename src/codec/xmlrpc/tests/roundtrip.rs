//! Properties: values are read back as they were written, and no bytes make the reader panic.

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::encode_response;
use super::*;
use model::escape::xml_can_hold;
use model::{Date, base64};

/// Texts that XML can hold, with a high share of the characters it treats specially.
fn text() -> impl Strategy<Value = String> {
    let special = prop::sample::select("\r\n\t <>&;]'\"#x".chars().collect::<Vec<char>>());
    let any = any::<char>().prop_filter("XML holds it", |&c| xml_can_hold(c));
    vec(prop_oneof![special, any], 0..12).prop_map(String::from_iter)
}

/// Decimals as they come back from the wire: with a decimal point, without an exponent.
fn point_number() -> impl Strategy<Value = Value> {
    "-?(0|[1-9][0-9]{0,30})\\.[0-9]{1,30}".prop_map(|digits| decimal(&digits))
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-40_000i64..40_000).prop_map(Value::from),
        point_number(),
        text().prop_map(Value::from),
        vec(any::<u8>(), 0..40).prop_map(Value::Bytes),
        "2[0-9]{3}0[1-9][12][0-8]T[01][0-9]:[0-5][0-9]:[0-5][0-9](Z|\\+01:00)?".prop_map(|t| Date::verbatim(t).into()),
    ];
    leaf.prop_recursive(6, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::List),
            vec((text(), inner), 0..6).prop_map(|members| Value::Map(Map::from_iter(members))),
        ]
    })
}

proptest! {
    #[test]
    fn values_survive(value in value(), chunk in 1usize..64) {
        let written = encode_response(&value).unwrap();
        let input = std::io::BufReader::with_capacity(chunk, written.as_bytes());
        prop_assert_eq!(read_response(input, None, Limits::default()).unwrap(), Reply::Value(value));
    }

    #[test]
    fn arbitrary_bytes_are_refused(bytes in vec(any::<u8>(), 0..200), charset in prop::option::of("[a-z0-9-]{0,12}")) {
        prop_assert!(read_response(&bytes[..], charset.as_deref(), Limits::default()).is_err());
        prop_assert!(read_call(&bytes[..], charset.as_deref(), Limits::default()).is_err());
    }

    /// Parts of real messages in any order get further than random bytes.
    #[test]
    fn shuffled_markup_is_never_fatal(pieces in vec(prop::sample::select(PIECES.to_vec()), 0..30)) {
        let message = format!("<methodResponse><params><param><value>{}", pieces.concat());
        if let Ok(Reply::Value(value)) = read(&message) {
            prop_assert_eq!(read(&encode_response(&value).unwrap()).unwrap(), Reply::Value(value));
        }
    }

    #[test]
    fn one_wrong_byte_is_never_fatal(at in 0usize..400, byte in any::<u8>()) {
        let mut message = encode_response(&sample()).unwrap().into_bytes();
        let at = at % message.len();
        message[at] = byte;
        let _ = read_response(&message[..], None, Limits::default());
    }
}

const PIECES: &[&str] = &[
    "<array>",
    "<data>",
    "<value>",
    "</value>",
    "</data>",
    "</array>",
    "<struct>",
    "<member>",
    "<name>",
    "</name>",
    "</member>",
    "</struct>",
    "<int>",
    "7",
    "</int>",
    "<nil/>",
    "<string>",
    "</string>",
    "<value/>",
    "x",
    " ",
    "&amp;",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "</param></params></methodResponse>",
];

fn sample() -> Value {
    map([("a&b", Value::List(vec![Value::Null, "é".into(), decimal("2.50")])), ("bytes", Value::Bytes(vec![1, 2, 3]))])
}

#[test]
fn every_truncation_is_an_error() {
    let message = format!(
        "\u{feff}<?xml version='1.0' encoding='UTF-8'?><!-- é -->{}",
        answer(
            "<struct><member><name>a</name><value>&lt;é<![CDATA[b]]></value></member><member><name>l</name><value>\
             <array><data><value><int>1</int></value><value/><value><nil/></value></data></array></value></member>\
             </struct>"
        )
        .trim_start_matches("<?xml version=\"1.0\"?>")
    );
    assert!(read(&message).is_ok());
    for length in 0..message.len() {
        let cut = &message.as_bytes()[..length];
        assert!(read_response(cut, None, Limits::default()).is_err(), "{}", String::from_utf8_lossy(cut));
    }
    let utf16: Vec<u8> = message.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(read_response(&utf16[..], None, Limits::default()).is_ok());
    for length in 0..utf16.len() {
        assert!(read_response(&utf16[..length], None, Limits::default()).is_err(), "{length} bytes");
    }
}

#[test]
fn base64_of_every_length_survives() {
    for length in 0..100 {
        let bytes: Vec<u8> = (0..length).collect();
        let wrapped: Vec<String> = base64::encode(&bytes).chars().map(|c| format!("{c}\r\n")).collect();
        let message = answer(&format!("<base64>{}</base64>", wrapped.concat()));
        assert_eq!(read(&message).unwrap(), Reply::Value(Value::Bytes(bytes)));
    }
}

//! What is sent, byte by byte, and that a server reads the same from it.

use super::super::{EncodeError, encode_call, encode_call_after, encode_fault, encode_response};
use super::*;
use crate::Fault;
use model::escape::Escape;
use model::http::Part;
use model::{Arguments, Date, Secret};

/// The content of the one `<value>` of a call with this argument.
fn written(value: &Value) -> String {
    let call = encode_call("m", &Arguments::Positional(vec![value.clone()])).unwrap().preview();
    let inside = call.split_once("<param><value>").unwrap().1.rsplit_once("</value></param>").unwrap().0;
    inside.to_owned()
}

#[test]
fn every_type_is_written() {
    for (value, wire) in [
        (Value::Null, "<nil/>"),
        (true.into(), "<boolean>1</boolean>"),
        (false.into(), "<boolean>0</boolean>"),
        (Value::Int(-2_147_483_648), "<int>-2147483648</int>"),
        (Value::Int(2_147_483_648), "<i8>2147483648</i8>"),
        (decimal("21.60"), "<double>21.60</double>"),
        (decimal("1e3"), "<double>1000.0</double>"),
        (decimal("7"), "<double>7.0</double>"),
        ("a<b> & \"c\"\r\n".into(), "<string>a&lt;b&gt; &amp; \"c\"&#13;\n</string>"),
        ("".into(), "<string></string>"),
        (Value::Bytes(vec![0, 1, 255]), "<base64>AAH/</base64>"),
        (Date::verbatim("2012-12-01").into(), "<dateTime.iso8601>20121201T00:00:00</dateTime.iso8601>"),
        (Date::verbatim("<now>").into(), "<dateTime.iso8601>&lt;now&gt;</dateTime.iso8601>"),
        (
            Value::List(vec![Value::Int(1), Value::List(vec![])]),
            "<array><data><value><int>1</int></value><value><array><data></data></array></value></data></array>",
        ),
        (
            map([("k<&>", map([]))]),
            "<struct><member><name>k&lt;&amp;&gt;</name><value><struct></struct></value></member></struct>",
        ),
    ] {
        assert_eq!(written(&value), wire, "{value:?}");
    }
}

#[test]
fn calls_are_written_and_read_back() {
    let named = |map: Value| Arguments::Named(map.as_map().unwrap().clone());
    for (name, arguments, params, values) in [
        ("server.list", named(map([])), "<param><value><struct></struct></value></param>", vec![map([])]),
        (
            "server.info",
            named(map([("name", "a&b".into())])),
            "<param><value><struct><member><name>name</name><value><string>a&amp;b</string></value></member></struct>\
             </value></param>",
            vec![map([("name", "a&b".into())])],
        ),
        ("system.listMethods", Arguments::Positional(vec![]), "", vec![]),
        (
            "a<b",
            Arguments::Positional(vec!["x".into(), Value::Int(2)]),
            "<param><value><string>x</string></value></param><param><value><int>2</int></value></param>",
            vec!["x".into(), Value::Int(2)],
        ),
    ] {
        let call = encode_call(name, &arguments).unwrap().preview();
        let name_written = name.replace('<', "&lt;");
        assert_eq!(
            call,
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
                 <methodCall><methodName>{name_written}</methodName><params>{params}</params></methodCall>\n"
            )
        );
        assert_eq!(read_call(call.as_bytes(), None, Limits::default()).unwrap(), (name.to_owned(), values));
    }
}

#[test]
fn a_secret_is_placed_but_not_read() {
    let secret = Secret::new("canary & key");
    let arguments = Arguments::Named(Map::from_iter([("password", Value::Secret(secret.clone()))]));
    let body = encode_call("user.create", &arguments).unwrap();
    assert!(body.parts().contains(&Part::Sealed(secret.clone(), vec![Escape::Xml])));
    assert!(body.preview().contains("<name>password</name><value><string>(redacted)</string></value>"));
    assert!(encode_response(&Value::Secret(secret)).unwrap().contains("<string>(redacted)</string>"));
}

#[test]
fn answers_are_written() {
    let value = map([("id", Value::Int(3))]);
    assert_eq!(
        encode_response(&value).unwrap(),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<methodResponse><params><param><value><struct><member>\
         <name>id</name><value><int>3</int></value></member></struct></value></param></params></methodResponse>\n"
    );
    for (code, message, read_back) in [(4, "No <b>&", "No <b>&"), (i64::MIN, "a\u{1}\r", "a\u{fffd}\r")] {
        let fault = Fault { code: Some(code.into()), message: read_back.to_owned(), data: Value::Null };
        assert_eq!(read(&encode_fault(code, message)).unwrap(), Reply::Fault(fault));
    }
}

#[test]
fn unwritable_values_are_named() {
    let deep = map([("rules", Value::List(vec![Value::Null, map([("comment", "a\u{1b}b".into())])]))]);
    let named = |map: &Value| Arguments::Named(map.as_map().unwrap().clone());
    let large = Value::List(vec![decimal("12345678901234567890")]);
    for (name, arguments, message) in [
        ("m", named(&deep), "rules[1].comment contains the character U+001B, which XML cannot carry"),
        ("m", named(&map([("\u{0}", true.into())])), "\u{fffd} contains the character U+0000, which XML cannot carry"),
        (
            "m",
            Arguments::Positional(vec![Value::Null, large.clone()]),
            "argument 2[0] is 12345678901234567890, too large a whole number for XML-RPC",
        ),
        ("m", named(&map([("ttl", decimal("1e999"))])), "ttl is 1e999, too large or too small a number for XML-RPC"),
        ("m\u{ffff}", named(&map([])), "the method's name contains the character U+FFFF, which XML cannot carry"),
    ] {
        assert_eq!(encode_call(name, &arguments).unwrap_err().to_string(), message);
    }
    let error = encode_response(&large).unwrap_err();
    assert!(matches!(error, EncodeError::Integer { path, .. } if path == "the result[0]"));
}

#[test]
fn a_credential_goes_before_the_values() {
    let values = Arguments::Positional(vec![1.into()]);
    let body = encode_call_after(Some("token:<{key}>"), "a.b", &values).unwrap().preview();
    let params = "<params><param><value><string>token:&lt;(redacted)&gt;</string></value></param>\
                  <param><value><int>1</int></value></param></params>";
    assert!(body.contains(params), "{body}");
}

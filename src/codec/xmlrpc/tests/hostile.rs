//! Messages from careless and from malicious servers.

use super::*;
use crate::message::{Found, MessageError};
use model::{Class, Diagnostic, Sent};

/// The error for an answer with this inside its `<value>`. Positions are counted from there.
fn said(inside: &str) -> String {
    let start = answer("").find("</value>").unwrap();
    let message = refusal(answer(inside)).to_string();
    match message.split_once("byte ").map(|(before, rest)| (before, rest.split_once(' ').unwrap_or((rest, "")))) {
        Some((before, (at, after))) => format!("{before}+{} {after}", at.parse::<usize>().unwrap() - start),
        None => message,
    }
}

#[test]
fn errors_in_the_grammar_give_their_position() {
    for (inside, message) in [
        ("<foo>1</foo>", "unknown type <foo> at +0 (inside <value>)"),
        ("<ex:string>1</ex:string>", "unknown type <ex:string> at +0 (inside <value>)"),
        ("<member/>", "unknown type <member> at +0 (inside <value>)"),
        ("<int>five</int>", "\"five\" is not a valid int, before +9 (inside <int>)"),
        ("<int></int>", "\"\" is not a valid int, before +5 (inside <int>)"),
        ("<boolean>2</boolean>", "\"2\" is not a valid boolean, before +10 (inside <boolean>)"),
        ("<int><b/></int>", "unexpected <b> at +5 (inside <int>), expected text and a closing tag"),
        ("a<int>1</int>", "unexpected text \"a\" before +1 (inside <value>)"),
        ("<int>1</int>a", "unexpected text \"a\" before +13 (inside <value>)"),
        ("<int>1</int><int>2</int>", "unexpected <int> at +12 (inside <value>), expected a closing tag"),
        ("<array></array>", "unexpected closing tag at +7 (inside <array>), expected <data>"),
        ("<array><data>a</data></array>", "unexpected text \"a\" before +14 (inside <data>)"),
        ("<array><data><int>1</int></data></array>", "unexpected <int> at +13 (inside <data>), expected <value>"),
        ("<array><data/>a</array>", "unexpected text \"a\" before +15 (inside <array>)"),
        ("<struct>a<member/></struct>", "unexpected text \"a\" before +9 (inside <struct>)"),
        (
            "<struct><member><value/><name>a</name></member></struct>",
            "unexpected <value> at +16 (inside <member>), expected <name>",
        ),
        (
            "<struct><member><name>a</name></member></struct>",
            "unexpected closing tag at +30 (inside <member>), expected <value>",
        ),
        ("\n <array>\r\n\t<x/></array>", "unexpected <x> at +12 (inside <array>), expected <data>"),
        ("<array>\n a</array>", "unexpected text \"a\" before +10 (inside <array>)"),
        ("<int>1</string>", "not well-formed XML at +6 (inside <int>): </string> where </int> belongs"),
        ("a & b", "not well-formed XML at +2 (inside <value>): & without its ;"),
        ("a &copy; b", "unknown reference &copy; at +2 (inside <value>)"),
        ("&;", "unknown reference &; at +0 (inside <value>)"),
        ("<!ELEMENT a>", "not well-formed XML at +0 (inside <value>): an unknown kind of markup"),
    ] {
        assert_eq!(said(inside), message, "{inside}");
    }
}

#[test]
fn characters_that_xml_cannot_hold_are_refused() {
    for inside in ["\0", "a\u{1}", "\u{1b}[2J", "<string>\u{b}</string>", "\u{fffe}", "<![CDATA[\u{8}]]>"] {
        assert!(matches!(refusal(answer(inside)), DecodeError::Character { .. }), "{inside:?}");
    }
    for name in ["#1", "#x1b", "#xFFFF"] {
        assert!(matches!(refusal(answer(&format!("&{name};"))), DecodeError::Character { .. }), "{name}");
    }
    for name in ["#0", "#xD800", "#x110000", "#", "#x", "#-1", "#99999999999", "lol"] {
        let error = refusal(answer(&format!("&{name};")));
        assert!(matches!(&error, DecodeError::Reference { name: told, .. } if told == name), "{error}");
    }
    assert_eq!(read(&answer("\u{fffd}\u{7f}\u{85}")).unwrap(), Reply::Value("\u{fffd}\u{7f}\u{85}".into()));
    assert!(matches!(
        refusal([answer("").as_bytes(), b"\xff"].concat()),
        DecodeError::Message(MessageError::Encoding { .. })
    ));
}

#[test]
fn no_entity_is_ever_defined() {
    let laughs = "<!DOCTYPE methodResponse [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;&lol;&lol;\">]>";
    let inner = "<!DOCTYPE methodResponse [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>";
    for doctype in [laughs, inner] {
        let message = answer("&lol2;").replace("?>", &format!("?>{doctype}"));
        assert!(matches!(refusal(message), DecodeError::Doctype { .. }), "{doctype}");
    }
    for doctype in ["<!DOCTYPE methodResponse>", "<!DOCTYPE methodResponse SYSTEM \"file:///etc/passwd\">"] {
        let with = |inside: &str| answer(inside).replace("?>", &format!("?>{doctype}"));
        assert_eq!(read(&with("a &amp; b")).unwrap(), Reply::Value("a & b".into()));
        assert!(matches!(refusal(with("&lol;")), DecodeError::Reference { .. }), "{doctype}");
    }
}

#[test]
fn other_messages_are_described() {
    let page = "<html><head><title>502 Bad Gateway</title></head><body><h1>502</h1></body></html>";
    for (message, found, excerpt) in [
        ("", Found::Nothing, ""),
        (" \n", Found::Nothing, ""),
        (page, Found::Html, "502 Bad Gateway 502"),
        ("<!DOCTYPE html><html><p>Down & out</p>", Found::Html, "Down & out"),
        ("<br />\n<b>Warning</b>: oops", Found::Html, "Warning : oops"),
        ("{\"error\": \"bad <key>\"}", Found::Json, "{\"error\": \"bad <key>\"}"),
        ("{\"error\": \"R&D\"}", Found::Json, "{\"error\": \"R&D\"}"),
        ("upstream timed out", Found::Text, "upstream timed out"),
        ("caf\u{1b}[2J\u{0}", Found::Binary, "caf\u{fffd}[2J\u{fffd}"),
        ("<soap:Envelope><a>b</a></soap:Envelope>", Found::Xml("soap:Envelope".into()), "b"),
        ("<?xml version='1.0'?><methodCall/>", Found::Xml("methodCall".into()), ""),
    ] {
        let error = refusal(message);
        assert_eq!(error.provider_words().unwrap_or_default(), excerpt, "{message}");
        assert_eq!((error.class(), error.sent()), (Class::Failed, Sent::Yes));
        let DecodeError::Message(MessageError::Foreign { found: told, .. }) = error else {
            panic!("{message}: {error}")
        };
        assert_eq!(told, found, "{message}");
    }
    assert!(matches!(
        refusal(b"\x1f\x8b\x08\x00\xff"),
        DecodeError::Message(MessageError::Foreign { found: Found::Binary, .. })
    ));
    assert!(matches!(refusal("<?xml version='1.0'?>"), DecodeError::Truncated { .. }));
    assert!(matches!(refusal("<methodResp"), DecodeError::Truncated { .. }));
}

#[test]
fn the_envelope_is_checked() {
    let value = "<value>1</value>";
    for envelope in [
        "<methodResponse/>".to_owned(),
        "<methodResponse><other/></methodResponse>".to_owned(),
        format!("<methodResponse>{value}</methodResponse>"),
        format!("<methodResponse>a<params><param>{value}</param></params></methodResponse>"),
        format!("<methodResponse><params>{value}</params></methodResponse>"),
        "<methodResponse><params><param/></params></methodResponse>".to_owned(),
        format!("<methodResponse><params><param>{value}{value}</param></params></methodResponse>"),
        format!("<methodResponse><params><param>{value}</param><param>{value}</param></params></methodResponse>"),
        format!("<methodResponse><params/><fault>{value}</fault></methodResponse>"),
        "<methodResponse><fault/></methodResponse>".to_owned(),
        format!("{}trailing", answer("")),
        format!("{0}{0}", answer("")),
        format!("{}</methodResponse>", answer("")),
    ] {
        assert!(!matches!(refusal(&envelope), DecodeError::Message(MessageError::Foreign { .. })), "{envelope}");
    }
    assert!(read(&format!("{}\n<!-- bye --> <?pi?>\n", answer(""))).is_ok());
    for call in ["<methodCall/>", "<methodCall><methodName>m</methodName><other/></methodCall>", &answer("")] {
        assert!(read_call(call.as_bytes(), None, Limits::default()).is_err(), "{call}");
    }
}

#[test]
fn depth_is_bounded() {
    let arrays = |depth: usize| {
        answer(&format!("{}{}", "<array><data><value>".repeat(depth), "</value></data></array>".repeat(depth)))
    };
    let structs = |depth: usize| {
        let (open, close) = ("<struct><member><name/><value>", "</value></member></struct>");
        answer(&format!("{}{}", open.repeat(depth), close.repeat(depth)))
    };
    assert!(read(&arrays(64)).is_ok() && read(&structs(64)).is_ok());
    for message in [arrays(65), structs(65), arrays(10_000)] {
        assert!(matches!(refusal(message), DecodeError::Deep { limit: 64, .. }));
    }
}

#[test]
fn length_is_bounded() {
    let message = answer(&"x".repeat(10_000));
    let limited =
        |bytes: usize| read_response(message.as_bytes(), None, Limits { bytes: bytes as u64, ..Limits::default() });
    assert!(limited(message.len()).is_ok());
    for bytes in [0, 100, 9_000, message.len() - 1] {
        assert!(
            matches!(limited(bytes), Err(DecodeError::Message(MessageError::Long { limit, .. })) if limit == bytes as u64)
        );
    }
    let limits = Limits { piece: 50_000, ..Limits::default() };
    for piece in [format!("<string>{}</string>", "x".repeat(100_000)), format!("<{}", "x".repeat(100_000))] {
        let read = read_response(answer(&piece).as_bytes(), None, limits);
        assert!(matches!(read, Err(DecodeError::Message(MessageError::LongPiece { limit: 50_000 }))));
    }
    let small_ones = format!("<array><data>{}</data></array>", "<value>1</value>".repeat(10_000));
    assert!(read_response(answer(&small_ones).as_bytes(), None, limits).is_ok());
    for tag in [format!("<int a='{}'>1</int>", "x".repeat(70_000)), format!("<{}/>", "x".repeat(70_000))] {
        assert!(matches!(refusal(answer(&tag)), DecodeError::LongTag { .. }));
    }
    assert!(matches!(
        read_response(
            std::io::BufReader::new(std::io::repeat(b'<')),
            None,
            Limits { bytes: 100_000, ..Limits::default() }
        ),
        Err(DecodeError::Message(MessageError::Long { .. }))
    ));
}

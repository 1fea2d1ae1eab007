//! Layout and quoting; a small reader of just this kind of YAML shows that nothing is lost.

use proptest::prelude::*;

use super::super::transcode::tests::any_value;
use super::*;
use model::{Map, Value};

fn yaml(value: &Value, terminal: bool) -> String {
    let mut out = Vec::new();
    write(value, Style { colour: false, terminal }, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn texts_are_quoted_where_readers_could_misread_them() {
    for (text, written) in [
        ("plain", "plain"),
        ("two words", "two words"),
        ("a@example.com", "a@example.com"),
        ("/etc/x-1_2.3+4", "/etc/x-1_2.3+4"),
        ("", r#""""#),
        (" a", r#"" a""#),
        ("a ", r#""a ""#),
        ("yes", r#""yes""#),
        ("NO", r#""NO""#),
        ("Null", r#""Null""#),
        ("y", r#""y""#),
        ("~", r#""~""#),
        ("=", r#""=""#),
        ("<<", r#""<<""#),
        ("1:20", r#""1:20""#),
        ("0o17", r#""0o17""#),
        ("1_000", r#""1_000""#),
        ("12.30", r#""12.30""#),
        (".5", r#"".5""#),
        (".inf", r#"".inf""#),
        ("-", r#""-""#),
        ("--- a", r#""--- a""#),
        ("2012-12-01", r#""2012-12-01""#),
        ("a: b", r#""a: b""#),
        ("a #b", r#""a #b""#),
        ("- a", r#""- a""#),
        ("*a", r#""*a""#),
        ("&a", r#""&a""#),
        ("!!x", r#""!!x""#),
        ("%a", r#""%a""#),
        ("[a]", r#""[a]""#),
        ("'a'", r#""'a'""#),
        ("a\"\\b", r#""a\"\\b""#),
        ("a\nb\tc\r", r#""a\nb\tc\r""#),
        ("\0\x1b\x7f\u{85}", r#""\x00\x1b\x7f\x85""#),
        ("\u{2028}\u{feff}\u{ffff}", r#""\u2028\ufeff\uffff""#),
        ("Grüße 東京 🚀", r#""Grüße 東京 🚀""#),
    ] {
        assert_eq!(yaml(&Value::from(text), false), format!("{written}\n"), "{text:?}");
    }
    assert_eq!(yaml(&Value::from("a\u{202e}\u{e0041}"), true), "\"a\\u202e\\U000e0041\"\n");
}

#[test]
fn numbers_keep_every_digit() {
    for (digits, written) in [
        ("12.30", "12.30"),
        ("12345678901234567890123", "12345678901234567890123"),
        ("1e400", "1.0e+400"),
        ("1.5e-7", "1.5e-7"),
        ("-0", "-0"),
    ] {
        assert_eq!(yaml(&Value::number(digits).unwrap(), false), format!("{written}\n"));
    }
}

#[test]
fn members_are_indented_by_two() {
    for (json, written) in [
        ("[]", "[]\n"),
        ("{}", "{}\n"),
        (r#"{"a":1,"b":[],"c":{},"d":null}"#, "a: 1\nb: []\nc: {}\nd: null\n"),
        (r#"{"a":{"b":[1,"x"]},"no":true}"#, "a:\n  b:\n    - 1\n    - x\n\"no\": true\n"),
        (r#"[{"a":1,"b":{"c":2}},[[1],[]],"x"]"#, "- a: 1\n  b:\n    c: 2\n- - - 1\n  - []\n- x\n"),
        (r#"[[],{}]"#, "- []\n- {}\n"),
    ] {
        assert_eq!(yaml(&serde_json::from_str(json).unwrap(), false), written, "{json}");
    }
    let long = "k".repeat(LONGEST_KEY + 1);
    let map = Map::from_iter([("in", Value::Map(Map::from_iter([(long.as_str(), Value::List(vec![1.into()]))])))]);
    assert_eq!(yaml(&Value::Map(map), false), format!("in:\n  ? {long}\n  :\n    - 1\n"));
}

/// Reads the documents that are written here, and no others, back as JSON.
struct Reader<'y> {
    lines: std::iter::Peekable<std::vec::IntoIter<(usize, &'y str)>>,
}

impl<'y> Reader<'y> {
    fn new(text: &'y str) -> Reader<'y> {
        let lines: Vec<(usize, &str)> = text
            .split_terminator('\n')
            .map(|line| {
                let body = line.trim_start_matches(' ');
                (line.len() - body.len(), body)
            })
            .collect();
        Reader { lines: lines.into_iter().peekable() }
    }

    /// The value at an indentation; `rest` is the remainder of the line that it begins on.
    fn value(&mut self, indent: usize, rest: Option<&'y str>) -> serde_json::Value {
        let (at, first) = match rest {
            Some(rest) => (indent, rest),
            None => self.lines.next().unwrap(),
        };
        assert_eq!(at, indent);
        if first == "-" || first.starts_with("- ") {
            self.list(indent, first)
        } else if first.starts_with("? ") || key_end(first).is_some() {
            self.map(indent, first)
        } else {
            scalar(first)
        }
    }

    fn next_at(&mut self, indent: usize) -> Option<&'y str> {
        self.lines.next_if(|(at, _)| *at == indent).map(|(_, body)| body)
    }

    fn list(&mut self, indent: usize, first: &'y str) -> serde_json::Value {
        let mut members = Vec::new();
        let mut line = Some(first);
        while let Some(body) = line {
            members.push(self.value(indent + 2, Some(body.strip_prefix("- ").unwrap())));
            line = self.next_at(indent);
        }
        members.into()
    }

    fn map(&mut self, indent: usize, first: &'y str) -> serde_json::Value {
        let mut members = serde_json::Map::new();
        let mut line = Some(first);
        while let Some(body) = line {
            let (key, rest) = match body.strip_prefix("? ") {
                Some(key) => (key, self.next_at(indent).unwrap().strip_prefix(':').unwrap()),
                None => {
                    let end = key_end(body).unwrap();
                    (&body[..end], &body[end + 1..])
                }
            };
            let key = scalar(key).as_str().unwrap().to_owned();
            let value = match rest.strip_prefix(' ') {
                Some(rest) => scalar(rest),
                None => self.value(indent + 2, None),
            };
            members.insert(key, value);
            line = self.next_at(indent);
        }
        members.into()
    }
}

/// The position of the colon after a key.
fn key_end(body: &str) -> Option<usize> {
    let end = match body.strip_prefix('"') {
        None => body.find(':')?,
        Some(inside) => {
            let mut escaped = false;
            let close = inside.find(|c| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            })?;
            close + 2
        }
    };
    body[end..].starts_with(':').then_some(end)
}

fn scalar(text: &str) -> serde_json::Value {
    if text.starts_with('"') {
        // JSON has no \x and no \U; apart from them the quoting is the same.
        let mut json = String::new();
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            match (c, c == '\\') {
                (_, false) => json.push(c),
                _ => match chars.next().unwrap() {
                    'x' => json.extend("\\u00".chars().chain(chars.by_ref().take(2))),
                    'U' => {
                        let code: String = chars.by_ref().take(8).collect();
                        json.push(char::from_u32(u32::from_str_radix(&code, 16).unwrap()).unwrap());
                    }
                    other => json.extend(['\\', other]),
                },
            }
        }
        return serde_json::from_str(&json).unwrap();
    }
    match text {
        "null" | "true" | "false" | "[]" | "{}" => serde_json::from_str(text).unwrap(),
        number if number.starts_with(|c: char| c == '-' || c.is_ascii_digit()) => serde_json::from_str(number).unwrap(),
        plain => {
            assert!(is_plain(plain), "{plain}");
            plain.into()
        }
    }
}

/// The value as JSON gives it, with its numbers as YAML writes them.
fn as_json(value: &Value) -> serde_json::Value {
    match value {
        Value::Decimal(digits) => serde_json::from_str(&number(digits.as_str())).unwrap(),
        Value::List(list) => list.iter().map(as_json).collect(),
        Value::Map(map) => map.iter().map(|(key, value)| (key.to_owned(), as_json(value))).collect(),
        Value::Bytes(bytes) => base64::encode(bytes).into(),
        Value::Date(date) => date.as_str().into(),
        other => serde_json::to_value(other).unwrap(),
    }
}

proptest! {
    #[test]
    fn any_value_can_be_read_back(value in any_value()) {
        for terminal in [false, true] {
            let text = yaml(&value, terminal);
            prop_assert!(!terminal || !text.contains(is_hidden));
            let mut reader = Reader::new(&text);
            let read = reader.value(0, None);
            prop_assert_eq!(reader.lines.next(), None, "{}", text);
            prop_assert_eq!(read.to_string(), as_json(&value).to_string(), "{}", text);
        }
    }
}

//! Results as JSON: indented by two spaces or on one line, every digit kept, bytes as Base64.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

use super::indent::break_line;
use super::sanitize::is_hidden;
use super::style::{Role, Style};
use model::base64;

/// Writes a document over several lines, with a final line feed.
pub(super) fn write<T, W>(value: &T, style: Style, out: &mut W) -> io::Result<()>
where
    T: Serialize + ?Sized,
    W: Write,
{
    value.serialize(&mut Serializer::with_formatter(&mut *out, Layout::new(Lines::Spread, style)))?;
    out.write_all(b"\n")
}

/// Writes a document on one line; a list is one line per member, without brackets.
pub(super) fn write_lines<T, W>(value: &T, style: Style, out: &mut W) -> io::Result<()>
where
    T: Serialize + ?Sized,
    W: Write,
{
    Ok(value.serialize(&mut Serializer::with_formatter(out, Layout::new(Lines::EachMember, style)))?)
}

/// A document on one line, without a line feed.
pub(super) fn line<T: Serialize + ?Sized>(value: &T, style: Style) -> io::Result<String> {
    let mut out = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut out, Layout::new(Lines::One, style)))?;
    String::from_utf8(out).map_err(io::Error::other)
}

/// Writes the inside of a text, with `\u` escapes for characters that must not reach a terminal.
fn write_visibly<W: Write + ?Sized>(out: &mut W, text: &str) -> io::Result<()> {
    for piece in text.split_inclusive(is_hidden) {
        match piece.chars().next_back().filter(|c| is_hidden(*c)) {
            None => out.write_all(piece.as_bytes())?,
            Some(hidden) => {
                out.write_all(piece.strip_suffix(hidden).unwrap_or(piece).as_bytes())?;
                for unit in hidden.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}")?;
                }
            }
        }
    }
    Ok(())
}

/// How a document is divided into lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lines {
    /// One line per member at any depth.
    Spread,
    /// A single line.
    One,
    /// One line per member of the outermost list, whose brackets are not written.
    EachMember,
}

/// How the serializer lays a document out.
struct Layout {
    style: Style,
    lines: Lines,
    depth: usize,
    /// Whether the list or dictionary that is being written has members.
    filled: bool,
    in_key: bool,
    /// The outermost list is written with one line per member.
    unwrapped: bool,
}

impl Layout {
    fn new(lines: Lines, style: Style) -> Layout {
        Layout { style, lines, depth: 0, filled: false, in_key: false, unwrapped: false }
    }

    fn open<W: Write + ?Sized>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.filled = false;
        out.write_all(bracket)
    }

    fn close<W: Write + ?Sized>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth = self.depth.saturating_sub(1);
        if self.filled && self.lines == Lines::Spread {
            break_line(out, self.depth)?;
        }
        out.write_all(bracket)?;
        self.done(out)
    }

    fn member<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        if self.unwrapped && self.depth == 1 {
            return Ok(());
        }
        if !first {
            out.write_all(b",")?;
        }
        if self.lines == Lines::Spread { break_line(out, self.depth) } else { Ok(()) }
    }

    /// Ends the line after a value that has its own line.
    fn done<W: Write + ?Sized>(&self, out: &mut W) -> io::Result<()> {
        let alone = self.lines == Lines::EachMember && self.depth == usize::from(self.unwrapped);
        if alone { out.write_all(b"\n") } else { Ok(()) }
    }

    fn scalar<W: Write + ?Sized>(&self, out: &mut W, role: Role, text: &str) -> io::Result<()> {
        self.begin(out, role)?;
        out.write_all(text.as_bytes())?;
        self.end(out, role)?;
        self.done(out)
    }

    fn text_role(&self) -> Role {
        if self.in_key { Role::Key } else { Role::String }
    }

    fn begin<W: Write + ?Sized>(&self, out: &mut W, role: Role) -> io::Result<()> {
        if self.style.colour { write!(out, "{}", role.begin(true)) } else { Ok(()) }
    }

    fn end<W: Write + ?Sized>(&self, out: &mut W, role: Role) -> io::Result<()> {
        if self.style.colour { write!(out, "{}", role.end(true)) } else { Ok(()) }
    }
}

/// Values and streams contain no numbers other than 64-bit integers and digits.
impl Formatter for Layout {
    fn write_null<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.scalar(out, Role::Literal, "null")
    }

    fn write_bool<W: Write + ?Sized>(&mut self, out: &mut W, value: bool) -> io::Result<()> {
        self.scalar(out, Role::Literal, if value { "true" } else { "false" })
    }

    fn write_i64<W: Write + ?Sized>(&mut self, out: &mut W, value: i64) -> io::Result<()> {
        self.scalar(out, Role::Number, &value.to_string())
    }

    fn write_number_str<W: Write + ?Sized>(&mut self, out: &mut W, digits: &str) -> io::Result<()> {
        self.scalar(out, Role::Number, digits)
    }

    fn write_byte_array<W: Write + ?Sized>(&mut self, out: &mut W, bytes: &[u8]) -> io::Result<()> {
        self.scalar(out, Role::String, &format!("\"{}\"", base64::encode(bytes)))
    }

    fn begin_string<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, self.text_role())?;
        out.write_all(b"\"")
    }

    fn end_string<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b"\"")?;
        self.end(out, self.text_role())?;
        self.done(out)
    }

    fn write_string_fragment<W: Write + ?Sized>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        if self.style.terminal { write_visibly(out, fragment) } else { out.write_all(fragment.as_bytes()) }
    }

    fn begin_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        if self.depth == 0 && self.lines == Lines::EachMember {
            self.unwrapped = true;
            return self.open(out, b"");
        }
        self.open(out, b"[")
    }

    fn end_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        if self.depth == 1 && self.unwrapped {
            return Ok(());
        }
        self.close(out, b"]")
    }

    fn begin_array_value<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.member(out, first)
    }

    fn end_array_value<W: Write + ?Sized>(&mut self, _out: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn begin_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"{")
    }

    fn end_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"}")
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.in_key = true;
        self.member(out, first)
    }

    fn end_object_key<W: Write + ?Sized>(&mut self, _out: &mut W) -> io::Result<()> {
        self.in_key = false;
        Ok(())
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(if self.lines == Lines::Spread { b": " } else { b":" })
    }

    fn end_object_value<W: Write + ?Sized>(&mut self, _out: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::transcode::tests::any_value;
    use super::*;
    use model::{Date, Map, Secret, Value};
    use proptest::prelude::*;

    const PIPE: Style = Style { colour: false, terminal: false };
    const TERMINAL: Style = Style { colour: false, terminal: true };

    fn json(value: &Value, style: Style) -> String {
        let mut out = Vec::new();
        write(value, style, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn scalars_and_empties() {
        for (value, text) in [
            (Value::Null, "null"),
            (Value::Bool(false), "false"),
            (Value::Int(i64::MIN), "-9223372036854775808"),
            (Value::number("12345678901234567890123").unwrap(), "12345678901234567890123"),
            (Value::number("21.60").unwrap(), "21.60"),
            (Value::from("a\"\\\n\u{1}ü"), r#""a\"\\\n\u0001ü""#),
            (Value::Bytes(b"you".to_vec()), r#""eW91""#),
            (Value::Date(Date::verbatim("20110617T00:00:00")), r#""20110617T00:00:00""#),
            (Value::Secret(Secret::new("canary")), r#""(redacted)""#),
            (Value::List(vec![]), "[]"),
            (Value::Map(Map::new()), "{}"),
        ] {
            assert_eq!(json(&value, PIPE), format!("{text}\n"));
        }
    }

    #[test]
    fn nesting_is_indented_by_two() {
        let inner = Map::from_iter([("a", Value::List(vec![])), ("b", vec![1.into(), Value::Map(Map::new())].into())]);
        let text = "[\n  {\n    \"a\": [],\n    \"b\": [\n      1,\n      {}\n    ]\n  },\n  null\n]\n";
        assert_eq!(json(&Value::List(vec![Value::Map(inner), Value::Null]), PIPE), text);
    }

    #[test]
    fn nothing_a_server_sends_controls_the_terminal() {
        for (text, shown, piped) in [
            ("\x1b[31m", r"\u001b[31m", r"\u001b[31m"),
            ("\u{7f}\u{9b}2J", r"\u007f\u009b2J", "\u{7f}\u{9b}2J"),
            ("a\u{202e}b\u{2066}", r"a\u202eb\u2066", "a\u{202e}b\u{2066}"),
            ("\u{2028}\u{200b}", r"\u2028\u200b", "\u{2028}\u{200b}"),
            ("\u{e0041}!", r"\udb40\udc41!", "\u{e0041}!"),
            ("Grüße 東京", "Grüße 東京", "Grüße 東京"),
        ] {
            let value = Value::Map(Map::from_iter([(text, text)]));
            assert_eq!(json(&value, TERMINAL), format!("{{\n  \"{shown}\": \"{shown}\"\n}}\n"));
            assert_eq!(json(&value, PIPE), format!("{{\n  \"{piped}\": \"{piped}\"\n}}\n"));
        }
    }

    #[test]
    fn each_kind_has_its_colour_and_is_reset() {
        let members = [
            ("t", Value::from("x")),
            ("n", Value::from(1)),
            ("d", Value::from(0.5)),
            ("z", Value::Null),
            ("b", Value::Bytes(b"you".to_vec())),
        ];
        let text = json(&Value::Map(Map::from_iter(members)), Style { colour: true, terminal: true });
        let (key, string, number, literal) = ("\x1b[1;36m", "\x1b[32m", "\x1b[36m", "\x1b[35m");
        let lines = [
            "{".to_owned(),
            format!("  {key}\"t\"\x1b[0m: {string}\"x\"\x1b[0m,"),
            format!("  {key}\"n\"\x1b[0m: {number}1\x1b[0m,"),
            format!("  {key}\"d\"\x1b[0m: {number}0.5\x1b[0m,"),
            format!("  {key}\"z\"\x1b[0m: {literal}null\x1b[0m,"),
            format!("  {key}\"b\"\x1b[0m: {string}\"eW91\"\x1b[0m"),
            "}".to_owned(),
        ];
        assert_eq!(text.lines().collect::<Vec<_>>(), lines);
    }

    #[test]
    fn one_line_is_safe_too() {
        assert_eq!(line(&["a\n\u{9b}\t", "ü"], TERMINAL).unwrap(), r#"["a\n\u009b\t","ü"]"#);
        assert_eq!(line(&Value::Bytes(b"you".to_vec()), PIPE).unwrap(), r#""eW91""#);
    }

    #[test]
    fn each_member_of_a_list_has_a_line() {
        for (text, lines) in [
            (
                r#"[1,"a\nb",null,true,12.30,[],{},[[1],2],{"a":[1,{"b":[]}]}]"#,
                concat!("1\n", r#""a\nb""#, "\nnull\ntrue\n12.30\n[]\n{}\n[[1],2]\n", r#"{"a":[1,{"b":[]}]}"#, "\n"),
            ),
            ("[]", ""),
            ("[[]]", "[]\n"),
            (r#"{"a":{"b":1},"c":[2]}"#, "{\"a\":{\"b\":1},\"c\":[2]}\n"),
            ("{}", "{}\n"),
            (r#""x""#, "\"x\"\n"),
            ("12345678901234567890123", "12345678901234567890123\n"),
        ] {
            let mut out = Vec::new();
            write_lines(&serde_json::from_str::<Value>(text).unwrap(), PIPE, &mut out).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), lines, "{text}");
        }
    }

    /// The value as JSON returns it: bytes and dates are texts there, and its reader adds the `+` of an exponent.
    fn as_read(value: Value) -> Value {
        match value {
            Value::Decimal(number) => Value::number(&number.as_str().replace('e', "e+").replace("e+-", "e-")).unwrap(),
            Value::Bytes(bytes) => base64::encode(&bytes).into(),
            Value::Date(date) => date.as_str().into(),
            Value::List(list) => Value::List(list.into_iter().map(as_read).collect()),
            Value::Map(map) => Value::Map(map.into_iter().map(|(key, value)| (key, as_read(value))).collect()),
            other => other,
        }
    }

    proptest! {
        #[test]
        fn any_value_can_be_read_back(value in any_value()) {
            for style in [PIPE, TERMINAL] {
                let text = json(&value, style);
                prop_assert_eq!(&serde_json::from_str::<Value>(&text).unwrap(), &as_read(value.clone()));
                prop_assert!(!style.terminal || !text.contains(is_hidden));
                let mut lines = Vec::new();
                write_lines(&value, style, &mut lines).unwrap();
                let lines = String::from_utf8(lines).unwrap();
                let read: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
                let members = match as_read(value.clone()) {
                    Value::List(list) => list,
                    other => vec![other],
                };
                prop_assert_eq!(read, members);
            }
        }
    }
}

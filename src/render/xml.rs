//! Results as XML, for `-x`.
//!
//! The root is `<result>`. A member of a dictionary is an element named by its key, or `<member name="KEY">` if the key
//! is not a plain name; a member of a list is an `<item>`. `type` gives the type of a value: `list`, `dict`, `int`,
//! `float`, `boolean`, `date`, `base64` or `null`; without it, the value is text. XML 1.0 cannot hold most control
//! characters, not even escaped: they are replaced by U+FFFD.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;

use super::events::{Events, Feed, Nest, Scalar};
use super::indent::break_line;
use super::sanitize::is_hidden;
use super::style::{Role, Style, paint};
use model::{base64, escape};

/// Writes a document and a final line feed.
pub(super) fn write<T: Serialize + ?Sized>(value: &T, style: Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    let mut xml = Xml { out, style, open: Vec::new(), key: None };
    value.serialize(Feed(&mut xml)).map_err(|fault| fault.0)?;
    writeln!(xml.out)
}

struct Xml<'w> {
    out: &'w mut dyn Write,
    style: Style,
    /// The elements around the current position.
    open: Vec<Element>,
    /// The key of the next value.
    key: Option<String>,
}

/// A list or dictionary whose start tag is not closed yet, because it may turn out to be empty.
struct Element {
    name: Cow<'static, str>,
    filled: bool,
}

impl Xml<'_> {
    /// Writes a start tag without its end, and returns the element's name.
    fn begin(&mut self, kind: Option<&str>) -> io::Result<Cow<'static, str>> {
        if let Some(parent) = self.open.last_mut() {
            if !parent.filled {
                parent.filled = true;
                self.tag(">")?;
            }
            self.line()?;
        }
        let (name, mut attributes) = match self.key.take() {
            Some(key) if is_name(&key) => (Cow::Owned(key), String::new()),
            Some(key) => (Cow::Borrowed("member"), format!(r#" name="{}""#, self.attribute(&key))),
            None if self.open.is_empty() => (Cow::Borrowed("result"), String::new()),
            None => (Cow::Borrowed("item"), String::new()),
        };
        if let Some(kind) = kind {
            attributes.push_str(&format!(r#" type="{kind}""#));
        }
        self.tag(&format!("<{name}{attributes}"))?;
        Ok(name)
    }

    fn tag(&mut self, markup: &str) -> io::Result<()> {
        self.out.write_all(paint(Role::Key, markup, self.style.colour).as_bytes())
    }

    fn line(&mut self) -> io::Result<()> {
        break_line(self.out, self.open.len())
    }

    fn content(&self, text: &str) -> String {
        self.holdable(&escape::xml(text))
    }

    /// Line feeds and tabs are written as references: a reader would turn them into spaces.
    fn attribute(&self, text: &str) -> String {
        let quoted = escape::xml(text).replace('"', "&quot;").replace('\n', "&#10;").replace('\t', "&#9;");
        self.holdable(&quoted)
    }

    /// Replaces characters that XML cannot hold by U+FFFD, and those that must not reach a terminal by references.
    fn holdable(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            if !escape::xml_can_hold(c) {
                out.push(char::REPLACEMENT_CHARACTER);
            } else if self.style.terminal && is_hidden(c) {
                // Writing to a String cannot fail.
                let _ = write!(out, "&#x{:x};", u32::from(c));
            } else {
                out.push(c);
            }
        }
        out
    }
}

impl Events for Xml<'_> {
    fn scalar(&mut self, scalar: Scalar<'_>) -> io::Result<()> {
        let (kind, role, text) = match scalar {
            Scalar::Null => (Some("null"), Role::Literal, Cow::Borrowed("")),
            Scalar::Bool(value) => {
                (Some("boolean"), Role::Literal, Cow::Borrowed(if value { "true" } else { "false" }))
            }
            Scalar::Number(digits) if digits.contains(['.', 'e', 'E']) => {
                (Some("float"), Role::Number, Cow::Borrowed(digits))
            }
            Scalar::Number(digits) => (Some("int"), Role::Number, Cow::Borrowed(digits)),
            Scalar::Text(text) => (None, Role::String, Cow::Owned(self.content(text))),
            Scalar::Date(date) => (Some("date"), Role::String, Cow::Owned(self.content(date))),
            Scalar::Bytes(bytes) => (Some("base64"), Role::String, Cow::Owned(base64::encode(bytes))),
        };
        let name = self.begin(kind)?;
        if text.is_empty() {
            return self.tag("/>");
        }
        self.tag(">")?;
        self.out.write_all(paint(role, &text, self.style.colour).as_bytes())?;
        self.tag(&format!("</{name}>"))
    }

    fn open(&mut self, nest: Nest) -> io::Result<()> {
        let kind = match nest {
            Nest::List => "list",
            Nest::Dict => "dict",
        };
        let name = self.begin(Some(kind))?;
        self.open.push(Element { name, filled: false });
        Ok(())
    }

    fn key(&mut self, key: &str) -> io::Result<()> {
        self.key = Some(key.to_owned());
        Ok(())
    }

    fn close(&mut self) -> io::Result<()> {
        match self.open.pop() {
            Some(Element { name, filled: true }) => {
                self.line()?;
                self.tag(&format!("</{name}>"))
            }
            _ => self.tag("/>"),
        }
    }
}

/// Whether every reader accepts a key as the name of an element: the editions of XML 1.0 differ in the letters beyond
/// ASCII. A name with a colon would belong to a namespace, and those that begin with `xml` are reserved.
fn is_name(key: &str) -> bool {
    let reserved = key.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("xml"));
    !reserved
        && key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Date, Map, Secret, Value};

    fn xml(value: &Value, terminal: bool) -> String {
        let mut out = Vec::new();
        write(value, Style { colour: false, terminal }, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        text.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").unwrap().to_owned()
    }

    #[test]
    fn scalars_carry_their_type() {
        for (value, element) in [
            (Value::Null, r#"<result type="null"/>"#),
            (Value::Bool(true), r#"<result type="boolean">true</result>"#),
            (Value::Int(-5), r#"<result type="int">-5</result>"#),
            (Value::number("12345678901234567890").unwrap(), r#"<result type="int">12345678901234567890</result>"#),
            (Value::number("21.60").unwrap(), r#"<result type="float">21.60</result>"#),
            (Value::number("1e9").unwrap(), r#"<result type="float">1e9</result>"#),
            (Value::from(""), "<result/>"),
            (Value::from(" a  b\n"), "<result> a  b\n</result>"),
            (Value::Date(Date::verbatim("2012-12-01")), r#"<result type="date">2012-12-01</result>"#),
            (Value::Bytes(b"you".to_vec()), r#"<result type="base64">eW91</result>"#),
            (Value::Secret(Secret::new("canary")), "<result>(redacted)</result>"),
            (Value::List(vec![]), r#"<result type="list"/>"#),
            (Value::Map(Map::new()), r#"<result type="dict"/>"#),
        ] {
            assert_eq!(xml(&value, false), format!("{element}\n"));
        }
    }

    #[test]
    fn lists_and_dicts_nest() {
        let inner = Map::from_iter([("name", Value::from("a & b")), ("ports", vec![80.into(), 443.into()].into())]);
        let value = Value::List(vec![Value::Map(inner), Value::List(vec![]), Value::from("x")]);
        assert_eq!(
            xml(&value, false),
            r#"<result type="list">
  <item type="dict">
    <name>a &amp; b</name>
    <ports type="list">
      <item type="int">80</item>
      <item type="int">443</item>
    </ports>
  </item>
  <item type="list"/>
  <item>x</item>
</result>
"#
        );
    }

    #[test]
    fn a_key_that_is_not_a_name_becomes_an_attribute() {
        for (key, element) in [
            ("größe", r#"<member name="größe">x</member>"#),
            ("a-1.b", "<a-1.b>x</a-1.b>"),
            ("1st", r#"<member name="1st">x</member>"#),
            ("", r#"<member name="">x</member>"#),
            ("two words", r#"<member name="two words">x</member>"#),
            ("ns:a", r#"<member name="ns:a">x</member>"#),
            ("XmlThing", r#"<member name="XmlThing">x</member>"#),
            ("a\"<&\n\t\r", r#"<member name="a&quot;&lt;&amp;&#10;&#9;&#13;">x</member>"#),
        ] {
            let value = Value::Map(Map::from_iter([(key, "x")]));
            assert_eq!(xml(&value, false), format!("<result type=\"dict\">\n  {element}\n</result>\n"), "{key}");
        }
    }

    #[test]
    fn characters_that_xml_or_a_terminal_cannot_take_are_replaced() {
        for (text, terminal, shown) in [
            ("a\0\x1b[31m\u{ffff}", false, "a\u{fffd}\u{fffd}[31m\u{fffd}"),
            ("\u{9b}\u{202e}", false, "\u{9b}\u{202e}"),
            ("\u{9b}\u{202e}\r\n", true, "&#x9b;&#x202e;&#13;\n"),
            ("]]>", false, "]]&gt;"),
        ] {
            assert_eq!(xml(&Value::from(text), terminal), format!("<result>{shown}</result>\n"));
        }
    }

    #[test]
    fn colour_only_adds_colour() {
        let value = Value::Map(Map::from_iter([("a", Value::from(1.5)), ("b", Value::List(vec![Value::Null]))]));
        let mut out = Vec::new();
        write(&value, Style { colour: true, terminal: true }, &mut out).unwrap();
        let coloured = String::from_utf8(out).unwrap();
        assert!(coloured.contains("\x1b[36m1.5\x1b[0m"), "{coloured}");
        let plain = ["\x1b[1;36m", "\x1b[36m", "\x1b[35m", "\x1b[0m"].iter().fold(coloured, |t, s| t.replace(s, ""));
        assert!(plain.ends_with(&xml(&value, false)), "{plain}");
    }
}

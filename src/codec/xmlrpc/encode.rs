//! Values → messages.

use thiserror::Error;

use super::decimal::positional;
use model::escape::{Escape, xml, xml_can_hold};
use model::http::Body;
use model::{Arguments, Class, Decimal, Diagnostic, Map, Value, base64};

pub(super) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// Why a value cannot be written. A path starts at an argument's name, or its position counted from 1, and leads to the
/// member: `rules[0].comment`.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EncodeError {
    /// A character that XML cannot hold.
    #[error("{path} contains the character U+{:04X}, which XML cannot carry", u32::from(*.character))]
    Character {
        /// The path of the value.
        path: String,
        /// The character.
        character: char,
    },
    /// A whole number beyond 64 bits.
    #[error("{path} is {number}, too large a whole number for XML-RPC")]
    Integer {
        /// The path of the value.
        path: String,
        /// The number.
        number: Decimal,
    },
    /// An exponent that cannot be written out.
    #[error("{path} is {number}, too large or too small a number for XML-RPC")]
    Exponent {
        /// The path of the value.
        path: String,
        /// The number.
        number: Decimal,
    },
}

impl EncodeError {
    /// The same error with `key` put in front of its path.
    pub(super) fn under(mut self, key: &str) -> EncodeError {
        let (EncodeError::Character { path, .. }
        | EncodeError::Integer { path, .. }
        | EncodeError::Exponent { path, .. }) = &mut self;
        let dot = if path.is_empty() || path.starts_with('[') { "" } else { "." };
        *path = format!("{}{dot}{path}", key.replace(char::is_control, "\u{fffd}"));
        self
    }
}

impl Diagnostic for EncodeError {
    fn class(&self) -> Class {
        Class::Usage
    }
}

/// A call. Named arguments are sent as one struct, which is present even when it is empty. Secrets stay sealed.
pub fn encode_call(name: &str, arguments: &Arguments) -> Result<Body, EncodeError> {
    encode_call_after(None, name, arguments)
}

/// The same with a credential as the first value, whose template has a place for the key.
pub fn encode_call_after(first: Option<&str>, name: &str, arguments: &Arguments) -> Result<Body, EncodeError> {
    let mut body = Body::default();
    body.push(DECLARATION);
    body.push("<methodCall><methodName>");
    text(&mut body, name).map_err(|error| error.under("the method's name"))?;
    body.push("</methodName><params>");
    if let Some(template) = first {
        body.push("<param><value><string>");
        body.credential(template, Escape::Xml);
        body.push("</string></value></param>");
    }
    match arguments {
        Arguments::Named(map) => {
            body.push("<param><value>");
            structure(&mut body, map)?;
            body.push("</value></param>");
        }
        Arguments::Positional(values) => {
            for (index, argument) in values.iter().enumerate() {
                body.push("<param>");
                value(&mut body, argument).map_err(|error| error.under(&format!("argument {}", index + 1)))?;
                body.push("</param>");
            }
        }
    }
    body.push("</params></methodCall>\n");
    Ok(body)
}

/// An answer with a value. A secret in it is replaced, as everywhere else.
pub fn encode_response(result: &Value) -> Result<String, EncodeError> {
    let mut body = Body::default();
    body.push(DECLARATION);
    body.push("<methodResponse><params><param>");
    value(&mut body, result).map_err(|error| error.under("the result"))?;
    body.push("</param></params></methodResponse>\n");
    Ok(body.preview())
}

/// An answer with a fault. Characters that XML cannot hold are replaced: a fault must get through.
pub fn encode_fault(code: i64, message: &str) -> String {
    let message = message.replace(|c| !xml_can_hold(c), "\u{fffd}");
    let (code, message) = (int(code), xml(&message));
    format!(
        "{DECLARATION}<methodResponse><fault><value><struct>\
         <member><name>faultCode</name><value>{code}</value></member>\
         <member><name>faultString</name><value><string>{message}</string></value></member>\
         </struct></value></fault></methodResponse>\n"
    )
}

pub(super) fn value(out: &mut Body, value: &Value) -> Result<(), EncodeError> {
    out.push("<value>");
    match value {
        Value::Null => out.push("<nil/>"),
        Value::Bool(true) => out.push("<boolean>1</boolean>"),
        Value::Bool(false) => out.push("<boolean>0</boolean>"),
        Value::Int(number) => out.push(&int(*number)),
        Value::Decimal(number) => out.push(&double(number)?),
        Value::Text(content) => element(out, "string", content)?,
        Value::Bytes(bytes) => element(out, "base64", &base64::encode(bytes))?,
        Value::Date(date) => element(out, "dateTime.iso8601", &date.to_compact())?,
        Value::List(list) => array(out, list)?,
        Value::Map(map) => structure(out, map)?,
        Value::File(file) => element(out, "string", &file.path)?,
        Value::Secret(secret) => {
            out.push("<string>");
            out.seal(secret, Escape::Xml);
            out.push("</string>");
        }
    }
    out.push("</value>");
    Ok(())
}

fn array(out: &mut Body, list: &[Value]) -> Result<(), EncodeError> {
    out.push("<array><data>");
    for (index, member) in list.iter().enumerate() {
        value(out, member).map_err(|error| error.under(&format!("[{index}]")))?;
    }
    out.push("</data></array>");
    Ok(())
}

pub(super) fn structure(out: &mut Body, map: &Map) -> Result<(), EncodeError> {
    out.push("<struct>");
    for (key, member) in map.iter() {
        out.push("<member>");
        element(out, "name", key).and_then(|()| value(out, member)).map_err(|error| error.under(key))?;
        out.push("</member>");
    }
    out.push("</struct>");
    Ok(())
}

pub(super) fn element(out: &mut Body, tag: &str, content: &str) -> Result<(), EncodeError> {
    out.push(&format!("<{tag}>"));
    text(out, content)?;
    out.push(&format!("</{tag}>"));
    Ok(())
}

pub(super) fn text(out: &mut Body, content: &str) -> Result<(), EncodeError> {
    if let Some(character) = content.chars().find(|&c| !xml_can_hold(c)) {
        return Err(EncodeError::Character { path: String::new(), character });
    }
    out.push(&xml(content));
    Ok(())
}

/// `<int>` is in the specification and has 32 bits; beyond that, servers agree on `<i8>`.
fn int(number: i64) -> String {
    let tag = if i32::try_from(number).is_ok() { "int" } else { "i8" };
    format!("<{tag}>{number}</{tag}>")
}

fn double(number: &Decimal) -> Result<String, EncodeError> {
    let fits = number.as_str().parse::<i64>().is_ok();
    if number.is_integer() && !fits {
        return Err(EncodeError::Integer { path: String::new(), number: number.clone() });
    }
    let digits =
        positional(number).ok_or_else(|| EncodeError::Exponent { path: String::new(), number: number.clone() })?;
    Ok(format!("<double>{digits}</double>"))
}

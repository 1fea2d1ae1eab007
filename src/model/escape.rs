//! How text is written inside other notations.

use std::borrow::Cow;

/// The notation a text is going to stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// As it is.
    Nothing,
    /// As the content of an XML element.
    Xml,
    /// As the value of an XML attribute, in double quotes.
    XmlAttribute,
    /// As a name or a value of a form.
    Form,
}

impl Escape {
    /// The text as that notation wants it.
    pub fn apply(self, text: &str) -> Cow<'_, str> {
        match self {
            Escape::Nothing => Cow::Borrowed(text),
            Escape::Xml => xml(text),
            Escape::XmlAttribute => Cow::Owned(xml_attribute(text)),
            Escape::Form => Cow::Owned(form(text)),
        }
    }
}

/// Escapes the content of an element. A carriage return is written as a reference: an XML reader would turn it
/// into a line feed otherwise. Characters that XML 1.0 cannot hold at all are checked by the encoder beforehand.
pub fn xml(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '\r']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Escapes the value of an attribute in double quotes. A reader would turn blanks of any kind into spaces otherwise.
pub fn xml_attribute(text: &str) -> String {
    xml(text).replace('"', "&quot;").replace('\t', "&#9;").replace('\n', "&#10;")
}

/// Escapes a segment of a path, or a word of a query: all but letters, digits and `-._~` becomes `%XX`.
pub fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

/// Escapes a name or a value of `application/x-www-form-urlencoded`, where a space is a plus sign.
pub fn form(text: &str) -> String {
    percent(text).replace("%20", "+")
}

/// Whether XML 1.0 can hold the character at all (specification, production 2).
pub fn xml_can_hold(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped() {
        assert_eq!(xml("a<b> & \"c\"\r\n"), "a&lt;b&gt; &amp; \"c\"&#13;\n");
        assert!(matches!(xml("plain"), Cow::Borrowed(_)));
        assert_eq!(xml_attribute("<a \"b\"\t\n\r'>"), "&lt;a &quot;b&quot;&#9;&#10;&#13;'&gt;");
        assert!(xml_can_hold('é') && !xml_can_hold('\u{1}') && !xml_can_hold('\u{ffff}'));
    }

    #[test]
    fn addresses_hold_nothing_but_ascii() {
        for (text, escaped) in [
            ("a-B.9_~", "a-B.9_~"),
            ("a b/c", "a%20b%2Fc"),
            ("100% é?&=#+", "100%25%20%C3%A9%3F%26%3D%23%2B"),
            ("x[0]", "x%5B0%5D"),
        ] {
            assert_eq!(percent(text), escaped);
        }
        assert_eq!(form("a +b"), "a+%2Bb");
    }
}

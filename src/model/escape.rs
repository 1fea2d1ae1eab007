//! How text is escaped inside other notations.

use std::borrow::Cow;

/// A notation that text is put into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// Unchanged.
    Nothing,
    /// As the content of an XML element.
    Xml,
    /// As the value of an XML attribute, in double quotes.
    XmlAttribute,
    /// Between the quotes of a JSON string.
    Json,
    /// As a name or a value of a URL-encoded form.
    Form,
}

impl Escape {
    /// The text escaped for the notation.
    pub fn apply(self, text: &str) -> Cow<'_, str> {
        match self {
            Escape::Nothing => Cow::Borrowed(text),
            Escape::Xml => xml(text),
            Escape::XmlAttribute => Cow::Owned(xml_attribute(text)),
            Escape::Json => json(text),
            Escape::Form => form(text),
        }
    }
}

/// The text escaped for notations inside each other, the innermost first.
pub fn nest<'t>(text: &'t str, escapes: &[Escape]) -> Cow<'t, str> {
    let start = Cow::Borrowed(text);
    escapes.iter().fold(start, |text, escape| match text {
        Cow::Borrowed(text) => escape.apply(text),
        Cow::Owned(text) => Cow::Owned(escape.apply(&text).into_owned()),
    })
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

/// Escapes the value of an attribute in double quotes, including line breaks and tabs, which a reader would otherwise
/// turn into spaces.
pub fn xml_attribute(text: &str) -> String {
    xml(text).replace('"', "&quot;").replace('\t', "&#9;").replace('\n', "&#10;")
}

/// Whether XML 1.0 can hold the character at all (specification, production 2).
pub fn xml_can_hold(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Escapes the content of a JSON string: what RFC 8259, section 7 does not allow unescaped.
pub fn json(text: &str) -> Cow<'_, str> {
    let special = |c: char| matches!(c, '"' | '\\' | '\0'..='\u{1f}');
    if !text.contains(special) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if special(c) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Escapes a name or a value of `application/x-www-form-urlencoded`, as browsers do: byte by byte, a space as `+`.
pub fn form(text: &str) -> Cow<'_, str> {
    bytewise(text, b"*-._", "+")
}

/// Decodes a name or a value of a form: the reverse of [`form`]. Bytes that are not UTF-8 are replaced.
pub fn unform(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, others @ ..] = rest {
        let digits = others.get(..2).filter(|two| *first == b'%' && two.iter().all(u8::is_ascii_hexdigit));
        let digits = digits.and_then(|two| str::from_utf8(two).ok());
        let (byte, used) = match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => (byte, 3),
            None if *first == b'+' => (b' ', 1),
            None => (*first, 1),
        };
        bytes.push(byte);
        rest = rest.get(used..).unwrap_or_default();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Escapes a path segment or a word of a query.
pub fn percent(text: &str) -> Cow<'_, str> {
    bytewise(text, b"-._~", "%20")
}

/// Reads what [`percent`] writes; `None` when a `%` does not begin a code, or the bytes are not UTF-8.
pub fn unpercent(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut parts = text.split('%');
    bytes.extend_from_slice(parts.next()?.as_bytes());
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

/// Writes as `%XX` every byte that is not an ASCII letter, a digit or one of `plain`.
fn bytewise<'t>(text: &'t str, plain: &[u8], blank: &str) -> Cow<'t, str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || plain.contains(&byte);
    if text.bytes().all(plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for byte in text.bytes() {
        match byte {
            b' ' => out.push_str(blank),
            byte if plain(byte) => out.push(char::from(byte)),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    Cow::Owned(out)
}

/// An address without the parameters of a name in its query, however the name is written there.
pub fn without_query(url: &str, name: &str) -> String {
    let (bare, fragment) = url.split_once('#').map_or((url, None), |(bare, fragment)| (bare, Some(fragment)));
    let Some((path, query)) = bare.split_once('?') else { return url.to_owned() };
    let kept: Vec<&str> =
        query.split('&').filter(|part| unform(part.split_once('=').map_or(part, |(name, _)| name)) != name).collect();
    let query = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
    let fragment = fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default();
    format!("{path}{query}{fragment}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_taken_out_of_an_address() {
        for (url, left) in [
            ("http://h/a?k=1", "http://h/a"),
            ("http://h/a?b=2&k=1&c#f", "http://h/a?b=2&c#f"),
            ("http://h/a?k=1&%6B=2&k&b=k", "http://h/a?b=k"),
            ("http://h/a?b=2", "http://h/a?b=2"),
            ("http://h/k=1#x?k=1", "http://h/k=1#x?k=1"),
            ("http://h/a", "http://h/a"),
        ] {
            assert_eq!(without_query(url, "k"), left, "{url}");
        }
    }

    #[test]
    fn markup_is_escaped() {
        assert_eq!(xml("a<b> & \"c\"\r\n"), "a&lt;b&gt; &amp; \"c\"&#13;\n");
        assert!(matches!(xml("plain"), Cow::Borrowed(_)));
        assert_eq!(xml_attribute("<a \"b\"\t\n\r'>"), "&lt;a &quot;b&quot;&#9;&#10;&#13;'&gt;");
        assert!(xml_can_hold('é') && !xml_can_hold('\u{1}') && !xml_can_hold('\u{ffff}'));
    }

    #[test]
    fn addresses_hold_only_ascii() {
        for (text, escaped) in [
            ("a-B.9_~", "a-B.9_~"),
            ("a b/c", "a%20b%2Fc"),
            ("100% é?&=#+", "100%25%20%C3%A9%3F%26%3D%23%2B"),
            ("x[0]", "x%5B0%5D"),
        ] {
            assert_eq!(percent(text), escaped);
            assert_eq!(unpercent(escaped).as_deref(), Some(text));
        }
        assert_eq!(unpercent("a%2fb+c").as_deref(), Some("a/b+c"));
        for no_code in ["%", "%2", "a%zz", "%+1", "%ff", "%2é"] {
            assert_eq!(unpercent(no_code), None, "{no_code}");
        }
    }

    #[test]
    fn strings_and_forms_are_escaped() {
        for (text, json, form) in [
            ("plain-1_2.3*", "plain-1_2.3*", "plain-1_2.3*"),
            ("a\"b\\c/", r#"a\"b\\c/"#, "a%22b%5Cc%2F"),
            ("\r\n\t\u{0}\u{1f}", r"\r\n\t\u0000\u001f", "%0D%0A%09%00%1F"),
            ("é €+&=%~", "é €+&=%~", "%C3%A9+%E2%82%AC%2B%26%3D%25%7E"),
            ("\u{2028}", "\u{2028}", "%E2%80%A8"),
        ] {
            assert_eq!(Escape::Json.apply(text), json);
            assert_eq!(Escape::Form.apply(text), form);
            assert_eq!(unform(form), text);
        }
    }

    #[test]
    fn text_that_is_not_a_code_in_a_form_is_kept() {
        for (text, meant) in
            [("100%", "100%"), ("%4", "%4"), ("%+f%zz", "% f%zz"), ("%C3%A9", "é"), ("%FF", "\u{fffd}")]
        {
            assert_eq!(unform(text), meant);
        }
    }

    proptest::proptest! {
        #[test]
        fn a_form_is_read_back_as_it_was_written(text in "\\PC*") {
            proptest::prop_assert_eq!(unform(&form(&text)), text);
        }

        #[test]
        fn any_text_is_read_as_some_form(text in "[%+0-9a-fA-Fé]*") {
            unform(&text);
        }
    }

    #[test]
    fn notations_nest_from_the_inside_out() {
        assert_eq!(nest("a\"b", &[Escape::Json, Escape::Form]), "a%5C%22b");
        assert_eq!(nest("a\"b", &[Escape::Form, Escape::Json]), "a%22b");
        assert!(matches!(nest("plain", &[Escape::Json, Escape::Form]), Cow::Borrowed(_)));
    }
}

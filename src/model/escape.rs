//! How text is written inside other notations.

use std::borrow::Cow;

/// The notation a text is going to stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// As it is.
    Nothing,
    /// As the content of an XML element.
    Xml,
}

impl Escape {
    /// The text as that notation wants it.
    pub fn apply(self, text: &str) -> Cow<'_, str> {
        match self {
            Escape::Nothing => Cow::Borrowed(text),
            Escape::Xml => xml(text),
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
        assert!(xml_can_hold('é') && !xml_can_hold('\u{1}') && !xml_can_hold('\u{ffff}'));
    }
}

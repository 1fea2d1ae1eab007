//! The two forms that nearly all of an answer consists of, each read in one step: the name of a member with the beginning
//! of its value, and a value that is a scalar. The tags of anything else are read one by one.

use std::io::BufRead;

use super::tag::{Scalar, Tag};
use super::{DecodeError, Events};
use crate::xml::{Ahead, Leap};

impl<R: BufRead> Events<R> {
    /// Reads the name of the next member and the opening tag of its value, if both are there in the usual form.
    pub(super) fn member_ahead(&mut self) -> Result<bool, DecodeError> {
        let found = self.ahead(2).and_then(|ahead| {
            let name = ahead.spaced("<member>")?.spaced("<name>")?.text();
            Some(name.tag("</name>")?.spaced("<value>")?.end())
        });
        let Some((_, leap)) = found else { return Ok(false) };
        self.leap_into(leap, [(Tag::Member, "member"), (Tag::Value, "value")])?;
        self.name_member();
        Ok(true)
    }

    /// A value that is a scalar and was just opened, up to its closing tag: its type and text, and the step to be made.
    pub(super) fn scalar_ahead(&self) -> Option<(Scalar, &str, Leap)> {
        let ahead = self.ahead(1)?;
        let (kind, ahead) = match ahead.rest().as_bytes() {
            [b'<', b's', ..] => (Scalar::Text, between(ahead, "<string>", "</string>")?),
            [b'<', b'i', b'n', ..] => (Scalar::Int, between(ahead, "<int>", "</int>")?),
            [b'<', b'i', ..] => (Scalar::Int, between(ahead, "<i4>", "</i4>")?),
            [b'<', b'b', ..] => (Scalar::Boolean, between(ahead, "<boolean>", "</boolean>")?),
            [b'<', b'd', b'o', ..] => (Scalar::Double, between(ahead, "<double>", "</double>")?),
            [b'<', b'd', ..] => (Scalar::Date, between(ahead, "<dateTime.iso8601>", "</dateTime.iso8601>")?),
            [b'<', ..] => return None,
            // A value without a type is text.
            _ => (Scalar::Text, ahead.text()),
        };
        let (text, leap) = ahead.tag("</value>")?.end();
        Some((kind, text, leap))
    }
}

#[inline]
fn between<'t>(ahead: Ahead<'t>, open: &str, close: &str) -> Option<Ahead<'t>> {
    ahead.tag(open)?.text().tag(close)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Limits;
    use crate::xml::Event;

    /// A message that has been read up to this text, inside a value.
    fn at(text: &str) -> Events<std::io::Cursor<String>> {
        let mut events = Events::new(std::io::Cursor::new(format!("<value>{text}")), None, Limits::default());
        assert_eq!(events.next().unwrap(), Event::Open(Tag::Value));
        events
    }

    #[test]
    fn usual_scalars_are_recognized_and_nothing_else() {
        for (text, found) in [
            ("<string>a b</string></value>", Some((Scalar::Text, "a b"))),
            ("<string></string></value>", Some((Scalar::Text, ""))),
            ("a</value>", Some((Scalar::Text, "a"))),
            ("<int>-1</int></value>", Some((Scalar::Int, "-1"))),
            ("<i4>1</i4></value>", Some((Scalar::Int, "1"))),
            ("<boolean>1</boolean></value>", Some((Scalar::Boolean, "1"))),
            ("<double>1.5</double></value>", Some((Scalar::Double, "1.5"))),
            ("<dateTime.iso8601>x</dateTime.iso8601></value>", Some((Scalar::Date, "x"))),
            ("<string>a&amp;</string></value>", None),
            ("<string>a</string> </value>", None),
            (" <string>a</string></value>", None),
            ("<string>a</int></value>", None),
            ("<string>a</string>", None),
            ("<struct>", None),
            ("<base64>AA==</base64></value>", None),
        ] {
            let events = at(text);
            let read = events.scalar_ahead().map(|(kind, text, _)| (kind, text));
            assert_eq!(read, found, "{text}");
        }
    }

    #[test]
    fn a_member_is_entered_up_to_its_value() {
        let mut events = at("<struct>\n<member> <name>a</name>\n<value>b</value></member>");
        assert_eq!(events.next().unwrap(), Event::Open(Tag::Struct));
        assert!(events.member_ahead().unwrap());
        assert_eq!(events.text(), "a");
        assert_eq!(events.scalar_ahead().map(|(kind, text, _)| (kind, text)), Some((Scalar::Text, "b")));
        let mut other = at("<struct><member><name>a</name><x/>");
        assert_eq!(other.next().unwrap(), Event::Open(Tag::Struct));
        assert!(!other.member_ahead().unwrap());
    }
}

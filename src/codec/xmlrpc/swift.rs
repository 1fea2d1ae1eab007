//! The forms that nearly all of an answer consists of, each read in one step: a member of a dictionary that is a scalar,
//! which is compared with the one in the same place of the dictionary before it; the name of any other member with the
//! beginning of its value; a value that is a scalar. The tags of anything else are read one by one.

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

    /// All of the next member, if it is a scalar in the usual form: its type, and the step to be made. Its name is the
    /// expected one.
    #[inline(always)]
    pub(super) fn whole_member_ahead(&mut self) -> Option<(Scalar, Leap)> {
        let found = match self.as_expected("</member>") {
            Some((Tag::Scalar(kind), leap)) => Some((kind, leap)),
            _ => self.usual_member_ahead(),
        };
        found.filter(|_| self.has_room(MEMBER))
    }

    /// The same of one that does not look like the one in its place of the dictionary before. The next one in its place
    /// is expected to look like it.
    #[inline(never)]
    fn usual_member_ahead(&mut self) -> Option<(Scalar, Leap)> {
        match self.scalar_member_ahead() {
            None if self.read_on("<member>") => self.scalar_member_ahead(),
            found => found,
        }
    }

    fn scalar_member_ahead(&mut self) -> Option<(Scalar, Leap)> {
        let ahead = self.ahead(2)?.spaced("<member>")?.spaced("<name>")?.text();
        let name = ahead.last_text();
        let (kind, ahead) = scalar(ahead.tag("</name>")?.spaced("<value>")?)?;
        let (_, leap) = ahead.tag("</value>")?.spaced("</member>")?.end();
        self.expect(&leap, name, Tag::Scalar(kind)).then_some((kind, leap))
    }

    /// Reads a whole member that was found ahead.
    #[inline(always)]
    pub(super) fn leap_member(&mut self, leap: &Leap) -> Result<(), DecodeError> {
        Ok(self.leap_over(leap, MEMBER)?)
    }

    /// A value that is a scalar and was just opened, up to its closing tag: its type and text, and the step to be made.
    pub(super) fn scalar_ahead(&self) -> Option<(Scalar, &str, Leap)> {
        let (kind, ahead) = scalar(self.ahead(1)?)?;
        let (text, leap) = ahead.tag("</value>")?.end();
        Some((kind, text, leap))
    }
}

/// A member and its value.
const MEMBER: [Tag; 2] = [Tag::Member, Tag::Value];

/// A scalar inside a value that has just been opened.
#[inline(always)]
fn scalar(ahead: Ahead<'_>) -> Option<(Scalar, Ahead<'_>)> {
    Some(match ahead.rest() {
        [b'<', b's', ..] => (Scalar::Text, between(ahead, "<string>", "</string>")?),
        [b'<', b'i', b'n', ..] => (Scalar::Int, between(ahead, "<int>", "</int>")?),
        [b'<', b'i', ..] => (Scalar::Int, between(ahead, "<i4>", "</i4>")?),
        [b'<', b'b', ..] => (Scalar::Boolean, between(ahead, "<boolean>", "</boolean>")?),
        [b'<', b'd', b'o', ..] => (Scalar::Double, between(ahead, "<double>", "</double>")?),
        [b'<', b'd', ..] => (Scalar::Date, between(ahead, "<dateTime.iso8601>", "</dateTime.iso8601>")?),
        [b'<', next, ..] if *next != b'/' => return None,
        // A value without a type is text.
        _ => (Scalar::Text, ahead.text()),
    })
}

#[inline(always)]
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

    #[test]
    fn a_whole_member_is_found_whatever_came_before_it() {
        let before = [
            "",
            "<struct><member><name>a</name><value>1</value></member></struct>",
            "<struct><member><name>a</name><value><int>1</int></value>\n</member></struct>",
            "<struct><member><name>a</name><value><struct></struct></value></member></struct>",
        ];
        for (text, found) in [
            ("<member><name>a</name><value><int>2</int></value></member>", Some((Scalar::Int, "2", "a"))),
            ("<member><name>a</name><value><int>2</int></value>\n</member>", Some((Scalar::Int, "2", "a"))),
            ("<member><name>a</name><value>b</value>\n</member>", Some((Scalar::Text, "b", "a"))),
            ("<member><name>a</name><value></value></member>", Some((Scalar::Text, "", "a"))),
            (" <member>\n<name>b </name> <value>b</value></member>", Some((Scalar::Text, "b", "b "))),
            ("<member><name>a</name><value>b</value>", None),
            ("<member><name>a</name><value>b</value>x</member>", None),
            ("<member><name>a</name><value>b</value></x>", None),
            ("<member><name>&amp;</name><value>b</value></member>", None),
            ("<member><name>a</name><value>&amp;</value></member>", None),
            ("<member><name>a</name><value><struct></struct></value></member>", None),
        ] {
            for before in before {
                let mut events = at(&format!("{before}<struct>{text}"));
                for dictionary in before.matches("<struct>").take(1).chain(["last"]) {
                    assert_eq!(events.next().unwrap(), Event::Open(Tag::Struct));
                    events.trail().open(false);
                    if dictionary == "last" {
                        break;
                    }
                    if let Some((_, leap)) = events.whole_member_ahead() {
                        events.leap_member(&leap).unwrap();
                    } else {
                        assert!(events.member_ahead().unwrap());
                        events.skip().unwrap();
                        events.skip().unwrap();
                    }
                    assert_eq!(events.next().unwrap(), Event::Close);
                    events.trail().close();
                }
                let whole = events.whole_member_ahead();
                let seen = whole.as_ref().map(|(kind, leap)| (*kind, events.text_of(leap), events.expected_name()));
                assert_eq!(seen, found, "{text} after {before}");
                if let Some((_, leap)) = whole {
                    let name = events.expected_name().to_owned();
                    events.leap_member(&leap).unwrap();
                    assert_eq!((events.place().at, events.place().element), {
                        (
                            ("<value><struct>".len() + before.len() + text.len() - "</member>".len()) as u64,
                            Some("member"),
                        )
                    });
                    assert_eq!(events.trail().path(), if name == "a" { "a" } else { "['b ']" });
                    assert_eq!(events.text(), "");
                }
            }
        }
    }
}

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

//! Several plain tags in one step, for a reader that knows which ones come next in nearly every message.
//!
//! What is not ready in full, or has another form, is left to be read tag by tag. A leap finds what that would find, and
//! leaves the same state behind.

use std::io::BufRead;
use std::ops::Range;

use super::events::{Events, Vocabulary, most_elements};
use super::plain;
use crate::message::MessageError;

/// No name that is recognized is longer than this.
const USUAL: usize = 32;

/// What is ready after the last tag, and how much of it has been recognized.
#[derive(Clone, Debug)]
pub(crate) struct Ahead<'t> {
    ready: &'t str,
    leap: Leap,
}

/// What has been recognized.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Leap {
    /// Its length in bytes.
    length: usize,
    /// Where its last tag begins.
    tag: usize,
    /// Its last text.
    text: Range<usize>,
}

impl<'t> Ahead<'t> {
    /// With this tag, if it comes next.
    #[inline]
    pub(crate) fn tag(mut self, tag: &str) -> Option<Ahead<'t>> {
        if !self.rest().as_bytes().starts_with(tag.as_bytes()) {
            return None;
        }
        self.leap.tag = self.leap.length;
        self.leap.length += tag.len();
        Some(self)
    }

    /// With this text of tags, if it comes next.
    #[inline]
    pub(crate) fn tags(mut self, tags: &str) -> Option<Ahead<'t>> {
        if !self.rest().as_bytes().starts_with(tags.as_bytes()) {
            return None;
        }
        self.leap.length += tags.len();
        Some(self)
    }

    /// The same, where white space before the tag means nothing.
    #[inline]
    pub(crate) fn spaced(mut self, tag: &str) -> Option<Ahead<'t>> {
        if !self.rest().starts_with('<') {
            self.leap.length += plain::blanks(self.rest());
        }
        self.tag(tag)
    }

    /// With the plain text that comes next, which may be empty.
    #[inline]
    pub(crate) fn text(mut self) -> Ahead<'t> {
        let from = self.leap.length;
        self.leap.length += plain::text(self.rest());
        self.leap.text = from..self.leap.length;
        self
    }

    /// What comes next.
    #[inline]
    pub(crate) fn rest(&self) -> &'t str {
        self.ready.get(self.leap.length..).unwrap_or_default()
    }

    /// The last text, and all that has been recognized.
    #[inline]
    pub(crate) fn end(self) -> (&'t str, Leap) {
        (self.ready.get(self.leap.text.clone()).unwrap_or_default(), self.leap)
    }
}

impl<R: BufRead, T: Vocabulary> Events<R, T> {
    /// What is ready after the last tag. `more` elements may be opened there.
    #[inline]
    pub(crate) fn ahead(&self, more: usize) -> Option<Ahead<'_>> {
        let fits = self.open.len() + more <= most_elements(self.limits) && self.limits.tag >= USUAL;
        // An element without content has no tag that could come next.
        let plain = !self.empty && self.names.last_plain().is_some();
        (fits && plain && !T::ATTRIBUTES).then(|| Ahead { ready: self.input.at_hand(), leap: Leap::default() })
    }

    /// Reads what was recognized: up to the opening tags of these elements, each inside the one before it. Its last text
    /// belongs to an element in between, which is closed again.
    pub(crate) fn leap_into(&mut self, leap: Leap, opened: [(T, &str); 2]) -> Result<(), MessageError> {
        let text = self.input.at_hand().get(..leap.length).unwrap_or_default();
        self.trail.expect(text, &leap.text);
        for (tag, name) in opened {
            self.inside = self.open.last().copied();
            self.budget.spend(tag.weight())?;
            self.open.push(tag);
            self.names.push(name);
        }
        self.text.clear();
        self.text.push_str(self.input.at_hand().get(leap.text.clone()).unwrap_or_default());
        self.leap(&leap);
        Ok(())
    }

    /// Reads what was recognized: the rest of the innermost element.
    pub(crate) fn leap_out(&mut self, leap: &Leap) {
        self.inside = self.open.pop();
        self.names.pop();
        self.text.clear();
        self.leap(leap);
    }

    /// Whether elements of these kinds have room in a tree.
    #[inline]
    pub(crate) fn has_room(&self, tags: [T; 2]) -> bool {
        self.budget.has(tags.map(T::weight).iter().sum())
    }

    /// Reads what was recognized: elements of these kinds inside each other, in the form that was expected. Its last text
    /// is inside them.
    #[inline]
    pub(crate) fn leap_over(&mut self, leap: &Leap, tags: [T; 2]) -> Result<(), MessageError> {
        self.budget.spend(tags.map(T::weight).iter().sum())?;
        self.inside = tags.first().copied();
        self.text.clear();
        self.trail.as_expected();
        self.leap(leap);
        Ok(())
    }

    /// The last text of what was recognized.
    #[inline]
    pub(crate) fn text_of(&self, leap: &Leap) -> &str {
        self.input.at_hand().get(leap.text.clone()).unwrap_or_default()
    }

    #[inline]
    fn leap(&mut self, leap: &Leap) {
        self.input.begin_piece();
        self.at = self.read + leap.tag as u64;
        self.input.consume(leap.length);
        self.read += leap.length as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ahead(ready: &str) -> Ahead<'_> {
        Ahead { ready, leap: Leap::default() }
    }

    #[test]
    fn tags_and_texts_are_recognized_in_their_order() {
        let all = ahead("\n<a> <b>x y</b>rest");
        let found = all.spaced("<a>").and_then(|found| found.spaced("<b>")).map(Ahead::text);
        let (text, leap) = found.and_then(|found| found.tag("</b>")).unwrap().end();
        assert_eq!((text, leap), ("x y", Leap { length: 15, tag: 11, text: 8..11 }));
    }

    #[test]
    fn what_is_not_ready_or_different_is_not_recognized() {
        for ready in ["", "<", "<ab", "<ab >", "x<ab>", "<!-- --><ab>", "<AB>"] {
            assert!(ahead(ready).spaced("<ab>").is_none(), "{ready}");
        }
        assert!(ahead(" <ab>").tag("<ab>").is_none());
        assert_eq!(ahead("x\r\n<ab>").text().end().0, "x");
    }
}

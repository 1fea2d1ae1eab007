//! Several plain tags in one step, for a reader that knows which ones come next in nearly every message.
//!
//! What is not ready in full, or has another form, is left to be read tag by tag. A leap finds what that would find, and
//! leaves the same state behind.

use std::io::BufRead;
use std::ops::Range;

use super::events::{Events, Vocabulary};
use super::plain;
use super::trail::Seen;
use crate::message::MessageError;

/// The most bytes of an element of which the rest is waited for.
const SHORT: usize = 1024;

/// What is ready after the last tag, and how much of it has been recognized.
#[derive(Clone, Debug)]
pub(crate) struct Ahead<'t> {
    ready: &'t str,
    /// What comes after it.
    rest: &'t [u8],
    /// Where its last tag begins.
    tag: usize,
    /// Its last text.
    text: Range<usize>,
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
    fn of(ready: &'t str) -> Ahead<'t> {
        Ahead { ready, rest: ready.as_bytes(), tag: 0, text: 0..0 }
    }

    /// With this tag, if it comes next.
    #[inline(always)]
    pub(crate) fn tag(mut self, tag: &str) -> Option<Ahead<'t>> {
        self.tag = self.length();
        self.tags(tag)
    }

    /// With this text of tags, if it comes next.
    #[inline(always)]
    pub(crate) fn tags(mut self, tags: &str) -> Option<Ahead<'t>> {
        self.rest = self.rest.strip_prefix(tags.as_bytes())?;
        Some(self)
    }

    /// The same, where white space before the tag means nothing.
    #[inline(always)]
    pub(crate) fn spaced(self, tag: &str) -> Option<Ahead<'t>> {
        self.blanks().tag(tag)
    }

    /// With the opening tag of an element, where white space before it means nothing.
    #[inline(always)]
    fn opening(self, name: &str) -> Option<Ahead<'t>> {
        self.blanks().tag("<")?.tags(name)?.tags(">")
    }

    /// With the closing tag of an element, where white space before it means nothing.
    #[inline(always)]
    fn closing(self, name: &str) -> Option<Ahead<'t>> {
        self.blanks().tag("</")?.tags(name)?.tags(">")
    }

    #[inline(always)]
    fn blanks(mut self) -> Ahead<'t> {
        if !self.rest.starts_with(b"<") {
            self.rest = self.rest.get(plain::length_of_blanks(self.rest)..).unwrap_or_default();
        }
        self
    }

    /// With the plain text that comes next, which may be empty.
    #[inline(always)]
    pub(crate) fn text(mut self) -> Ahead<'t> {
        let (from, length) = (self.length(), plain::length_of_text(self.rest));
        self.rest = self.rest.get(length..).unwrap_or_default();
        self.text = from..from + length;
        self
    }

    /// The place of the last text.
    pub(crate) fn last_text(&self) -> Range<usize> {
        self.text.clone()
    }

    /// What comes next.
    #[inline(always)]
    pub(crate) fn rest(&self) -> &'t [u8] {
        self.rest
    }

    #[inline(always)]
    fn length(&self) -> usize {
        self.ready.len() - self.rest.len()
    }

    /// The last text, and all that has been recognized.
    #[inline(always)]
    pub(crate) fn end(self) -> (&'t str, Leap) {
        let leap = Leap { length: self.length(), tag: self.tag, text: self.text };
        (self.ready.get(leap.text.clone()).unwrap_or_default(), leap)
    }
}

impl<R: BufRead, T: Vocabulary> Events<R, T> {
    /// What is ready after the last tag. `more` elements may be opened there.
    #[inline(always)]
    pub(crate) fn ahead(&self, more: usize) -> Option<Ahead<'_>> {
        // An element without content has no tag that could come next.
        let plain = !self.empty && self.names.are_plain();
        (plain && self.open.len() + more <= self.leaps).then(|| Ahead::of(self.input.at_hand()))
    }

    /// Reads the opening tag of an element, if it comes next with nothing but white space before it.
    pub(crate) fn leap_open(&mut self, tag: T, name: &str) -> Result<bool, MessageError> {
        let levels = self.levels + usize::from(tag.is_container());
        let found = self.ahead(1).filter(|_| levels <= self.limits.depth).and_then(|ahead| ahead.opening(name));
        let Some((_, leap)) = found.map(Ahead::end) else { return Ok(false) };
        self.budget.spend(tag.weight())?;
        self.levels = levels;
        self.inside = self.open.last().copied();
        self.open.push(tag);
        self.names.push(name);
        self.text.clear();
        self.leap(&leap);
        Ok(true)
    }

    /// Reads the closing tag of the innermost element, if it comes next with nothing but white space before it.
    pub(crate) fn leap_close(&mut self) -> bool {
        let name = self.names.last();
        let found = self.ahead(0).zip(name).and_then(|(ahead, name)| ahead.closing(name));
        let Some((_, leap)) = found.map(Ahead::end) else { return false };
        self.inside = self.open.last().copied();
        self.leave();
        self.text.clear();
        self.leap(&leap);
        true
    }

    /// Reads what was recognized: up to the opening tags of these elements, each inside the one before it. Its last text
    /// belongs to an element in between, which is closed again.
    pub(crate) fn leap_into(&mut self, leap: Leap, opened: [(T, &str); 2]) -> Result<(), MessageError> {
        let head = self.input.at_hand().get(..leap.length).unwrap_or_default();
        let name = head.get(leap.text.clone()).unwrap_or_default();
        self.trail.expect(Seen { head, name, kind: None, end: "" });
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

    /// All of the next member of a dictionary, if it looks as expected and is a scalar: its kind, and the step to be made.
    /// `last` is its last tag. Its text is the content of the scalar.
    #[inline(always)]
    pub(crate) fn as_expected(&self, last: &str) -> Option<(T, Leap)> {
        let form = self.trail.expected()?;
        let kind = form.kind?;
        let (_, leap) = self.ahead(2)?.tags(&form.head)?.text().tags(&form.end)?.end();
        Some((kind, Leap { tag: leap.length - last.len(), ..leap }))
    }

    /// Reads on where what is at hand breaks off soon after this tag, so that all of the element may be found ahead. Without
    /// the tag at hand, that could hold back what is complete.
    pub(crate) fn read_on(&mut self, tag: &str) -> bool {
        let at_hand = self.input.at_hand();
        let begins = at_hand.len() < SHORT && at_hand.trim_ascii_start().starts_with(tag);
        begins && self.input.read_on()
    }

    /// Expects what was found ahead from now on: a whole member with this name and a scalar of this kind, whose content is
    /// the last text. Returns whether it is expected.
    pub(crate) fn expect(&mut self, leap: &Leap, name: Range<usize>, kind: T) -> bool {
        let whole = self.input.at_hand().get(..leap.length).unwrap_or_default();
        let part = |range: Range<usize>| whole.get(range).unwrap_or_default();
        let (head, end) = (part(0..leap.text.start), part(leap.text.end..leap.length));
        self.trail.expect(Seen { head, name: part(name), kind: Some(kind), end })
    }

    /// Whether elements of these kinds have room in a tree.
    #[inline(always)]
    pub(crate) fn has_room(&self, tags: [T; 2]) -> bool {
        self.budget.has(tags.map(T::weight).iter().sum())
    }

    /// Reads what was recognized: elements of these kinds inside each other, in the form that was expected. Its last text
    /// is inside them.
    #[inline(always)]
    pub(crate) fn leap_over(&mut self, leap: &Leap, tags: [T; 2]) -> Result<(), MessageError> {
        self.budget.spend(tags.map(T::weight).iter().sum())?;
        self.inside = tags.first().copied();
        self.text.clear();
        self.trail.as_expected();
        self.leap(leap);
        Ok(())
    }

    /// The last text of what was recognized.
    #[inline(always)]
    pub(crate) fn text_of(&self, leap: &Leap) -> &str {
        self.input.at_hand().get(leap.text.clone()).unwrap_or_default()
    }

    #[inline(always)]
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
        Ahead::of(ready)
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

//! The text of a JSON document as it grows, and its place.

use std::fmt;
use std::io::{self, Write};

use super::names::{Names, Place};
use crate::render::fragment::Fragment;
use crate::render::view::Lines;
use model::base64;
use model::scan::first_of;

/// A list passes its members on when there are so many bytes of them.
const ROOM: usize = 16 * 1024;
/// The same for what is inside a member, or a dictionary: what has not been passed on can still be replaced.
const HELD: usize = 256 * 1024;
/// The most memory that a value may take that will replace another.
const HEAVY: usize = 64 * 1024 * 1024;

/// What was found while a document was written.
pub(super) struct Ended {
    /// Its place failed.
    pub(super) fault: Option<io::Error>,
    /// A value that takes the place of another took too much memory.
    pub(super) heavy: bool,
    /// The first name that a dictionary has twice.
    pub(super) twice: Option<String>,
}

/// A document on its way.
pub(super) struct Sheet<'w> {
    out: &'w mut dyn Write,
    /// What has not been passed on.
    text: Vec<u8>,
    /// The number of bytes that have been.
    gone: u64,
    lines: Lines,
    /// From how many bytes on a list passes its members on.
    room: usize,
    depth: usize,
    /// How deep the document is inside another one, whose text is elsewhere.
    within: usize,
    /// The outermost value is a list whose members have a line each.
    unwrapped: bool,
    names: Names,
    /// How many values are being written that will replace another: nothing is passed on meanwhile.
    pinned: usize,
    ended: Ended,
}

/// A member of a dictionary that has begun.
#[derive(Clone, Copy, Debug)]
pub(super) struct Begun {
    place: Place,
    /// Where its value begins, counted from the beginning of the document.
    from: u64,
}

/// Why a document is not written to its end; `Ended` says more.
#[derive(Debug)]
pub(super) struct Stopped;

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the result cannot be passed on")
    }
}

impl<'w> Sheet<'w> {
    pub(super) fn of(lines: Lines, at_once: bool, out: &'w mut dyn Write) -> Sheet<'w> {
        let (room, text) = (if at_once { 0 } else { ROOM }, Vec::with_capacity(ROOM));
        let ended = Ended { fault: None, heavy: false, twice: None };
        let (gone, depth, within, unwrapped, pinned) = (0, 0, 0, false, 0);
        Sheet { out, text, gone, lines, room, depth, within, unwrapped, names: Names::default(), pinned, ended }
    }

    /// The same for a document that is a value so deep inside another one.
    pub(super) fn within(self, depth: usize) -> Sheet<'w> {
        Sheet { depth, within: depth, ..self }
    }

    /// Passes on what is left, with the end of the last line if the document is complete.
    pub(super) fn end(mut self, complete: bool) -> Ended {
        if complete && !self.unwrapped && self.within == 0 {
            self.text.push(b'\n');
        }
        // What came of a document that broke off is passed on as far as it is final.
        if self.ended.fault.is_none() && !self.ended.heavy && self.pinned == 0 && self.pass().is_ok() {
            self.ended.fault = self.out.flush().err();
        }
        self.ended
    }

    /// A value without quotes.
    #[inline]
    pub(super) fn word(&mut self, word: &str) {
        self.text.extend_from_slice(word.as_bytes());
    }

    /// The end of what was written.
    pub(super) fn here(&self) -> usize {
        self.text.len()
    }

    /// Takes back what was just written since then, which was a word.
    pub(super) fn take_back(&mut self, from: usize) -> String {
        String::from_utf8_lossy(&self.text.split_off(from.min(self.text.len()))).into_owned()
    }

    pub(super) fn integer(&mut self, number: i64) {
        // Writing to memory cannot fail.
        let _ = write!(self.text, "{number}");
    }

    #[inline]
    pub(super) fn text(&mut self, text: &str) {
        quoted(&mut self.text, text);
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.text.push(b'"');
        self.text.extend_from_slice(base64::encode(bytes).as_bytes());
        self.text.push(b'"');
    }

    /// A value whose text is there already.
    pub(super) fn fragment(&mut self, fragment: &mut Fragment) -> Result<(), Stopped> {
        if let Some(text) = fragment.text() {
            self.text.extend_from_slice(text);
            return Ok(());
        }
        self.pass()?;
        match fragment.pass(self.out) {
            Ok(length) => {
                self.gone += length;
                Ok(())
            }
            Err(fault) => {
                self.ended.fault = Some(fault);
                Err(Stopped)
            }
        }
    }

    pub(super) fn begin_list(&mut self) {
        self.unwrapped |= self.depth == 0 && self.lines == Lines::EachMember;
        if !self.has_lines() {
            self.text.push(b'[');
        }
        self.depth += 1;
    }

    /// Whether the members of the list that is being written have a line each and nothing else.
    fn has_lines(&self) -> bool {
        self.unwrapped && self.depth == 0
    }

    pub(super) fn begin_element(&mut self, first: bool) {
        if self.unwrapped && self.depth == 1 {
            return;
        }
        if !first {
            self.text.push(b',');
        }
        self.break_line();
    }

    pub(super) fn end_element(&mut self) -> Result<(), Stopped> {
        if self.unwrapped && self.depth == 1 {
            self.text.push(b'\n');
        }
        let most = if self.depth == self.within + 1 { self.room } else { HELD };
        if self.text.len() > most { self.make_room() } else { Ok(()) }
    }

    pub(super) fn end_list(&mut self, empty: bool) {
        self.depth = self.depth.saturating_sub(1);
        if self.has_lines() {
            return;
        }
        if !empty {
            self.break_line();
        }
        self.text.push(b']');
    }

    pub(super) fn begin_dict(&mut self) {
        self.text.push(b'{');
        self.depth += 1;
        self.names.begin(self.depth);
    }

    /// Writes what comes before a value, unless it will replace another.
    #[inline(always)]
    pub(super) fn begin_member(&mut self, name: &str) -> Begun {
        let place = match self.names.expected(self.depth, name) {
            Some((place, head)) => {
                self.text.extend_from_slice(head);
                Place::Next(place)
            }
            None => self.begin_unexpected(name),
        };
        Begun { place, from: self.at() }
    }

    #[inline(never)]
    fn begin_unexpected(&mut self, name: &str) -> Place {
        let mut place = self.names.place(self.depth, name);
        match place {
            Place::Next(at) => {
                let from = self.text.len();
                self.head(at == 0, name);
                let written = self.text.get(from..).unwrap_or_default();
                if let Some(head) = self.names.head(self.depth, at) {
                    head.extend_from_slice(written);
                }
            }
            Place::Twin(at) => {
                self.ended.twice.get_or_insert_with(|| name.to_owned());
                let is_here = self.names.value(self.depth, at).is_some_and(|value| value.start >= self.gone);
                match is_here {
                    true => self.pinned += 1,
                    // Both are in the document: every reader takes the last.
                    false => {
                        place = Place::Beyond;
                        self.head(false, name);
                    }
                }
            }
            Place::Beyond => self.head(false, name),
        }
        place
    }

    fn head(&mut self, first: bool, name: &str) {
        if !first {
            self.text.push(b',');
        }
        self.break_line();
        quoted(&mut self.text, name);
        self.word(if self.lines == Lines::Spread { ": " } else { ":" });
    }

    /// The length of the document so far.
    fn at(&self) -> u64 {
        self.gone + self.text.len() as u64
    }

    #[inline(always)]
    pub(super) fn end_member(&mut self, begun: Begun) -> Result<(), Stopped> {
        let to = self.at();
        match begun.place {
            Place::Next(place) => {
                if let Some(value) = self.names.value(self.depth, place) {
                    *value = begun.from..to;
                }
            }
            Place::Twin(place) => self.replace(place, begun.from),
            Place::Beyond => {}
        }
        if self.text.len() > HELD { self.make_room() } else { Ok(()) }
    }

    /// Puts what was written since then into the place of another value.
    #[inline(never)]
    fn replace(&mut self, place: usize, from: u64) {
        self.pinned = self.pinned.saturating_sub(1);
        let within = |at: u64| usize::try_from(at.saturating_sub(self.gone)).unwrap_or_default();
        let Some(old) = self.names.value(self.depth, place).cloned() else { return };
        let new = self.text.split_off(within(from).min(self.text.len()));
        let value = old.start..old.start + new.len() as u64;
        let (start, end) = (within(old.start), within(old.end).min(self.text.len()));
        self.text.splice(start.min(end)..end, new);
        self.names.replaced(self.depth, place, value);
    }

    pub(super) fn end_dict(&mut self) {
        let filled = self.names.has_members(self.depth);
        self.depth = self.depth.saturating_sub(1);
        if filled {
            self.break_line();
        }
        self.text.push(b'}');
    }

    fn break_line(&mut self) {
        /// Deep enough for any usual document.
        const DEEP: &[u8] = b"\n                                ";
        if self.lines != Lines::Spread {
            return;
        }
        match DEEP.get(..=self.depth * 2) {
            Some(line) => self.text.extend_from_slice(line),
            None => {
                self.text.push(b'\n');
                self.text.resize(self.text.len() + self.depth * 2, b' ');
            }
        }
    }

    #[cold]
    fn make_room(&mut self) -> Result<(), Stopped> {
        if self.pinned == 0 {
            return self.pass();
        }
        self.ended.heavy = self.text.len() > HEAVY;
        if self.ended.heavy { Err(Stopped) } else { Ok(()) }
    }

    /// Passes on all of it.
    #[inline(never)]
    fn pass(&mut self) -> Result<(), Stopped> {
        self.gone = self.at();
        let done = self.out.write_all(&self.text);
        self.text.clear();
        done.map_err(|fault| {
            self.ended.fault = Some(fault);
            Stopped
        })
    }
}

/// Writes a text in quotes.
#[inline]
fn quoted(out: &mut Vec<u8>, text: &str) {
    out.reserve(text.len() + 2);
    out.push(b'"');
    let mut rest = text.as_bytes();
    while let Some(at) = first_of(rest, b' ', [b'"', b'\\']) {
        let (plain, special) = rest.split_at(at);
        out.extend_from_slice(plain);
        let Some((special, after)) = special.split_first() else { break };
        escape(out, *special);
        rest = after;
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

#[cold]
fn escape(out: &mut Vec<u8>, byte: u8) {
    const HEX: [u8; 16] = *b"0123456789abcdef";
    let short = match byte {
        b'"' | b'\\' => byte,
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        0x08 => b'b',
        0x0c => b'f',
        _ => {
            let digit = |half: u8| HEX.get(usize::from(half)).copied().unwrap_or_default();
            out.extend_from_slice(&[b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 0xf)]);
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::stream::tests::Full;

    /// A dictionary with a long member between two of one name, and its notes.
    fn between(length: usize, out: &mut dyn Write) -> Ended {
        let mut sheet = Sheet::of(Lines::EachMember, false, out);
        sheet.begin_dict();
        for (name, value) in [("a", "1"), ("b", &*"x".repeat(length)), ("a", "2")] {
            let begun = sheet.begin_member(name);
            sheet.word(value);
            if sheet.end_member(begun).is_err() {
                return sheet.end(false);
            }
        }
        sheet.end_dict();
        sheet.end(true)
    }

    #[test]
    fn only_what_is_still_there_is_replaced() {
        for (length, text) in [(3, "{\"a\":2,\"b\":xxx}\n"), (HELD, ",\"a\":2}\n")] {
            let mut out = Vec::new();
            let ended = between(length, &mut out);
            assert_eq!((ended.twice.as_deref(), ended.heavy, ended.fault.is_some()), (Some("a"), false, false));
            assert!(out.ends_with(text.as_bytes()));
        }
    }

    #[test]
    fn the_error_of_the_place_is_kept() {
        for length in [100, HELD] {
            let fault = between(length, &mut Full(50)).fault;
            assert_eq!(fault.map(|fault| fault.kind()), Some(io::ErrorKind::StorageFull), "{length}");
        }
    }

    #[test]
    fn a_value_that_replaces_another_has_a_limit() {
        let mut out = Vec::new();
        let mut sheet = Sheet::of(Lines::Spread, false, &mut out);
        sheet.begin_dict();
        for _ in 0..2 {
            let begun = sheet.begin_member("a");
            sheet.begin_list();
            let (long, mut stopped) = ("x".repeat(HELD), false);
            for nth in 0..2 * HEAVY / HELD {
                sheet.begin_element(nth == 0);
                sheet.word(if nth == 0 { "" } else { &long });
                stopped |= sheet.end_element().is_err();
                if begun.place == Place::Next(0) || stopped {
                    break;
                }
            }
            assert_eq!(stopped, begun.place == Place::Twin(0));
            sheet.end_list(false);
            if !stopped {
                sheet.end_member(begun).unwrap();
            }
        }
        assert!(sheet.end(false).heavy && out.is_empty());
    }

    #[test]
    fn characters_are_escaped_as_in_any_json() {
        for text in ["", "a", "\"\\\n\r\t\u{8}\u{c}\u{0}\u{1f}\u{7f}", "é\u{2028}\"", "\\end"] {
            let mut out = Vec::new();
            quoted(&mut out, text);
            assert_eq!(String::from_utf8(out).unwrap(), serde_json::to_string(text).unwrap());
        }
    }
}

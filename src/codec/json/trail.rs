//! The path of the next byte in the values of a message, and the memory that the values take.

use crate::message::{push_index, push_key};
use model::weight;

/// The open lists and dictionaries, the outermost first.
#[derive(Debug, Default)]
pub(super) struct Trail {
    /// Entries beyond `depth` are kept for reuse.
    steps: Vec<Step>,
    depth: usize,
    /// The last byte opened one: the next begins its first member, or closes it.
    opened: bool,
    /// The text that comes next is a key.
    in_key: bool,
}

#[derive(Debug, Default)]
struct Step {
    is_list: bool,
    /// The number of members before this one.
    index: u64,
    /// The key of this member, as it is written.
    key: Vec<u8>,
    /// The key has been read.
    named: bool,
}

/// The most bytes of a key that are kept.
const KEY: usize = 64;

impl Trail {
    /// Processes a byte outside texts that is not white space. Returns the memory that the member it begins takes.
    pub(super) fn structure(&mut self, byte: u8) -> u64 {
        let first = std::mem::take(&mut self.opened) && !matches!(byte, b']' | b'}');
        let is_list = self.step().is_none_or(|step| step.is_list);
        let cost = match (first, byte, is_list) {
            (true, _, true) => weight::LIST,
            (true, _, false) => weight::MAP,
            (false, b',', true) => weight::MEMBER,
            (false, b',', false) => weight::ENTRY,
            _ => 0,
        };
        match byte {
            b'{' | b'[' => self.open(byte == b'['),
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            b',' => {
                if let Some(step) = self.step() {
                    (step.index, step.named) = (step.index + 1, false);
                }
            }
            b':' => {
                if let Some(step) = self.step() {
                    step.named = true;
                }
            }
            b'"' => {
                if let Some(step) = self.step().filter(|step| !step.is_list && !step.named) {
                    step.key.clear();
                    self.in_key = true;
                }
            }
            _ => {}
        }
        cost
    }

    /// Processes a byte of a text.
    #[inline]
    pub(super) fn text(&mut self, byte: u8) {
        if self.in_key
            && let Some(step) = self.step().filter(|step| step.key.len() < KEY)
        {
            step.key.push(byte);
        }
    }

    /// Whether the text that comes next is a key.
    #[inline]
    pub(super) fn is_in_key(&self) -> bool {
        self.in_key
    }

    /// Ends a text.
    #[inline]
    pub(super) fn text_ends(&mut self) {
        self.in_key = false;
    }

    /// The number of open lists and dictionaries.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    fn step(&mut self) -> Option<&mut Step> {
        self.steps.get_mut(self.depth.checked_sub(1)?)
    }

    fn open(&mut self, is_list: bool) {
        if self.depth == self.steps.len() {
            self.steps.push(Step::default());
        }
        self.depth += 1;
        self.opened = true;
        if let Some(step) = self.step() {
            (step.is_list, step.index, step.named) = (is_list, 0, false);
            step.key.clear();
        }
    }

    /// The path of the member that is being read, such as `result[3].name`; empty for the whole message.
    pub(super) fn path(&self) -> String {
        let mut path = String::new();
        for step in self.steps.iter().take(self.depth) {
            match String::from_utf8_lossy(&step.key) {
                _ if step.is_list => push_index(&mut path, step.index),
                key if key.is_empty() => {}
                key => push_key(&mut path, &key),
            }
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The path and the memory after a text has been processed.
    fn after(text: &str) -> (String, u64) {
        let (mut trail, mut inside, mut cost) = (Trail::default(), false, 0);
        for byte in text.bytes() {
            match (inside, byte) {
                (true, b'"') => trail.text_ends(),
                (true, byte) => trail.text(byte),
                (false, b' ') => continue,
                (false, byte) => cost += trail.structure(byte),
            }
            inside ^= byte == b'"';
        }
        (trail.path(), cost)
    }

    #[test]
    fn the_path_to_a_member_is_known() {
        for (text, path) in [
            ("", ""),
            ("[", "[0]"),
            ("[1,[2,3", "[1][1]"),
            (r#"{"a": {"b c": [ {"d": "x", "e-f": "#, "a['b c'][0].e-f"),
            (r#"{"a": {"b": 1}, "c": [1, 2], "#, "c"),
            (r#"{"a": [{"b": 1}, {"c"#, "a[1].c"),
        ] {
            assert_eq!(after(text).0, path, "{text}");
        }
    }

    #[test]
    fn every_member_takes_memory() {
        use weight::{ENTRY, LIST, MAP, MEMBER};
        for (text, cost) in [
            ("1", 0),
            ("[]", 0),
            ("[ ]", 0),
            ("{}", 0),
            ("[1]", LIST),
            ("[1,2,[3]]", 2 * LIST + 2 * MEMBER),
            (r#"{"a,b":1}"#, MAP),
            (r#"{"a":1,"b":{"c":[]}}"#, 2 * MAP + ENTRY),
        ] {
            assert_eq!(after(text).1, cost, "{text}");
        }
    }
}

//! The names of the dictionaries that are being written, to find one that comes twice.
//!
//! The dictionaries of a list nearly always have the same names in the same order. Those of the dictionary before are
//! kept as a guess: where it is right, a name is neither searched for nor put into quotes again.

use std::collections::HashMap;
use std::ops::Range;

/// So many names are compared one by one; more are found by their hash.
const FEW: usize = 16;
/// More names, or longer ones together, are not remembered: beyond them, a name that comes twice is not noticed.
const MOST: usize = 10_000;
const LONGEST: usize = 256 * 1024;

/// The names of the open dictionaries, by their depth.
#[derive(Debug, Default)]
pub(super) struct Names {
    levels: Vec<Level>,
}

/// The names of a dictionary, and after them those that are expected to follow.
#[derive(Debug, Default)]
struct Level {
    names: Vec<Name>,
    /// How many of them this dictionary has had so far.
    count: usize,
    /// Members that are not among them.
    more: bool,
    /// How long the names are together.
    length: usize,
    /// The places of the first names, where there are many.
    index: HashMap<String, usize>,
}

/// A name, and the value that it has in the dictionary.
#[derive(Debug)]
struct Name {
    text: String,
    /// What is written before the value.
    head: Vec<u8>,
    /// The bytes of the value, counted from the beginning of the document.
    value: Range<u64>,
}

/// The place of a name in its dictionary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// It is the next one.
    Next(usize),
    /// There is one of that name.
    Twin(usize),
    /// There are too many to remember it.
    Beyond,
}

impl Names {
    /// A dictionary begins at this depth.
    pub(super) fn begin(&mut self, depth: usize) {
        while self.levels.len() <= depth {
            self.levels.push(Level::default());
        }
        if let Some(level) = self.levels.get_mut(depth) {
            (level.count, level.more) = (0, false);
        }
    }

    /// Whether the dictionary at this depth has members.
    pub(super) fn has_members(&self, depth: usize) -> bool {
        self.levels.get(depth).is_some_and(|level| level.count > 0 || level.more)
    }

    /// The place of the next name, if it is the expected one, and what is written before its value.
    #[inline]
    pub(super) fn expected(&mut self, depth: usize, name: &str) -> Option<(usize, &[u8])> {
        let level = self.levels.get_mut(depth)?;
        let place = level.count;
        let next = level.names.get(place).filter(|next| next.text == name)?;
        level.count += 1;
        Some((place, &next.head))
    }

    /// Where any other name belongs.
    pub(super) fn place(&mut self, depth: usize, name: &str) -> Place {
        self.levels.get_mut(depth).map_or(Place::Beyond, |level| level.place(name))
    }

    /// What is written before the value of a name.
    pub(super) fn head(&mut self, depth: usize, place: usize) -> Option<&mut Vec<u8>> {
        self.name(depth, place).map(|name| &mut name.head)
    }

    /// The bytes of the value of a name.
    pub(super) fn value(&mut self, depth: usize, place: usize) -> Option<&mut Range<u64>> {
        self.name(depth, place).map(|name| &mut name.value)
    }

    /// The value of a name was replaced: those after it have moved.
    pub(super) fn replaced(&mut self, depth: usize, place: usize, value: Range<u64>) {
        let Some(level) = self.levels.get_mut(depth) else { return };
        let mut moved = 0;
        for (nth, name) in level.names.iter_mut().enumerate().take(level.count).skip(place) {
            if nth == place {
                moved = value.end.wrapping_sub(name.value.end);
                name.value = value.clone();
            } else {
                name.value = name.value.start.wrapping_add(moved)..name.value.end.wrapping_add(moved);
            }
        }
    }

    fn name(&mut self, depth: usize, place: usize) -> Option<&mut Name> {
        self.levels.get_mut(depth)?.names.get_mut(place)
    }
}

impl Level {
    fn place(&mut self, name: &str) -> Place {
        let count = self.count;
        if let Some(twin) = self.find(name) {
            return Place::Twin(twin);
        }
        for wrong in self.names.drain(count..) {
            self.length -= wrong.text.len();
            self.index.clear();
        }
        if count >= MOST || self.length + name.len() > LONGEST {
            self.more = true;
            return Place::Beyond;
        }
        self.length += name.len();
        self.names.push(Name { text: name.to_owned(), head: Vec::new(), value: 0..0 });
        self.count += 1;
        Place::Next(count)
    }

    /// The place of a name that the dictionary has had.
    fn find(&mut self, name: &str) -> Option<usize> {
        if self.count <= FEW {
            return self.names.iter().take(self.count).position(|known| known.text == name);
        }
        for (place, known) in self.names.iter().enumerate().take(self.count).skip(self.index.len()) {
            self.index.insert(known.text.clone(), place);
        }
        self.index.get(name).copied().filter(|place| *place < self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The place of a name: `=` where it was expected, `+` where it was not, `*` of its twin.
    fn placed(names: &mut Names, depth: usize, name: &str) -> String {
        if let Some((place, _)) = names.expected(depth, name) {
            return format!("={place}");
        }
        match names.place(depth, name) {
            Place::Next(place) => format!("+{place}"),
            Place::Twin(place) => format!("*{place}"),
            Place::Beyond => "beyond".to_owned(),
        }
    }

    /// The places of the names of a dictionary.
    fn places(names: &mut Names, all: &str) -> String {
        names.begin(0);
        let places: Vec<String> = all.split_whitespace().map(|name| placed(names, 0, name)).collect();
        places.join(" ")
    }

    #[test]
    fn the_names_of_the_dictionary_before_are_expected() {
        let mut names = Names::default();
        for (all, found) in [
            ("", ""),
            ("a b c", "+0 +1 +2"),
            ("a b c d", "=0 =1 =2 +3"),
            ("a c b", "=0 +1 +2"),
            ("a a c b a", "=0 *0 =1 =2 *0"),
            ("b", "+0"),
        ] {
            assert_eq!(places(&mut names, all), found, "{all}");
            assert_eq!(names.has_members(0), !all.is_empty());
        }
    }

    #[test]
    fn a_name_is_found_among_many_up_to_a_limit() {
        let all: Vec<String> = (0..MOST).map(|at| format!("n{at}")).collect();
        let mut names = Names::default();
        names.begin(3);
        assert!(all.iter().enumerate().all(|(at, name)| names.place(3, name) == Place::Next(at)));
        let found = ["x", "n7", "n9999", "x"].map(|name| placed(&mut names, 3, name));
        assert_eq!(found, ["beyond", "*7", "*9999", "beyond"]);
        names.begin(3);
        let found = ["n0", "n1", "n3", "n1", "n2"].map(|name| placed(&mut names, 3, name));
        assert_eq!(found, ["=0", "=1", "+2", "*1", "+3"]);
        assert_eq!(names.place(3, &"x".repeat(LONGEST)), Place::Beyond);
        assert_eq!(names.place(9, "n0"), Place::Beyond, "no dictionary has begun there");
    }

    #[test]
    fn a_replaced_value_moves_those_after_it() {
        let mut names = Names::default();
        places(&mut names, "a b c");
        for (place, value) in [(0, 10..12), (1, 20..22), (2, 30..32)] {
            *names.value(0, place).unwrap() = value;
        }
        names.replaced(0, 1, 20..21);
        let mut values = [0, 1, 2].map(|place| names.value(0, place).unwrap().clone());
        assert_eq!(values, [10..12, 20..21, 29..31]);
        names.replaced(0, 0, 10..20);
        values = [0, 1, 2].map(|place| names.value(0, place).unwrap().clone());
        assert_eq!(values, [10..20, 28..29, 37..39]);
    }
}

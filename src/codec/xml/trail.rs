//! The path of the value that is being read, for errors.

use std::ops::Range;

use crate::message::{push_index, push_key};

/// The open lists and dictionaries, the outermost first.
#[derive(Debug, Default)]
pub(crate) struct Trail {
    /// Entries beyond `depth` are kept for reuse.
    steps: Vec<Step>,
    depth: usize,
}

#[derive(Debug, Default)]
struct Step {
    /// The number of members begun so far.
    count: u64,
    /// The number of members that the dictionary before it had here.
    before: u64,
    /// The name of the member, in a struct.
    name: String,
    is_list: bool,
    /// How the members of the dictionary before it began, in their order.
    heads: Vec<Head>,
    /// The name of the member is in `heads`.
    as_expected: bool,
}

/// How a member of a dictionary begins.
#[derive(Debug, Default)]
struct Head {
    /// All that comes before the content of its value.
    text: String,
    /// The place of its name in that.
    name: Range<usize>,
}

impl Head {
    fn name(&self) -> &str {
        self.text.get(self.name.clone()).unwrap_or_default()
    }
}

/// So many members of a dictionary are expected to begin as those of the one before it.
const MOST: usize = 256;
/// No longer beginning is expected.
const LONGEST: usize = 256;

impl Trail {
    /// Opens a list or a dictionary.
    pub(crate) fn open(&mut self, is_list: bool) {
        if self.depth == self.steps.len() {
            self.steps.push(Step::default());
        }
        if let Some(step) = self.steps.get_mut(self.depth) {
            let before = if step.is_list || is_list { 0 } else { step.count };
            (step.count, step.before, step.is_list, step.as_expected) = (0, before, is_list, false);
            step.name.clear();
        }
        self.depth += 1;
    }

    /// Closes the innermost one.
    pub(crate) fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Begins the next member of a list.
    pub(crate) fn member(&mut self) {
        if let Some(step) = self.step() {
            step.count += 1;
        }
    }

    /// Sets the name of a member of a dictionary.
    pub(crate) fn name(&mut self, name: &str) {
        if let Some(step) = self.step() {
            step.count += 1;
            step.as_expected = false;
            step.name.clear();
            step.name.push_str(name);
        }
    }

    /// How the next member of the innermost dictionary probably begins: like the one in the same place of the dictionary
    /// before it. And its name.
    #[inline]
    pub(crate) fn expected(&self) -> Option<(&str, &str)> {
        let step = self.steps.get(self.depth.checked_sub(1)?)?;
        let head = step.heads.get(usize::try_from(step.count).ok()?)?;
        Some((&head.text, head.name()))
    }

    /// The next member of a dictionary began as expected.
    #[inline]
    pub(crate) fn as_expected(&mut self) {
        if let Some(step) = self.step() {
            step.count += 1;
            step.as_expected = true;
        }
    }

    /// The next member of a dictionary begins with this text, which has its name.
    pub(crate) fn expect(&mut self, text: &str, name: &Range<usize>) {
        let Some(step) = self.step() else { return };
        let place = usize::try_from(step.count).unwrap_or(MOST);
        if place >= MOST || text.len() > LONGEST || place > step.heads.len() {
            return;
        }
        if place == step.heads.len() {
            step.heads.push(Head::default());
        }
        if let Some(head) = step.heads.get_mut(place).filter(|head| head.text != text) {
            head.text.clear();
            head.text.push_str(text);
            head.name = name.clone();
        }
    }

    /// How many members the innermost dictionary probably has: as many as the one before it in the same place.
    pub(crate) fn probable_members(&self) -> usize {
        let step = self.depth.checked_sub(1).and_then(|depth| self.steps.get(depth));
        step.map_or(0, |step| usize::try_from(step.before).unwrap_or_default())
    }

    fn step(&mut self) -> Option<&mut Step> {
        self.steps.get_mut(self.depth.checked_sub(1)?)
    }

    /// The path of the value that is being read; empty for the whole message.
    pub(crate) fn path(&self) -> String {
        let mut path = String::new();
        for step in self.steps.iter().take(self.depth) {
            match step.is_list {
                true => push_index(&mut path, step.count.saturating_sub(1)),
                false => match step.member_name() {
                    "" => {}
                    name => push_key(&mut path, name),
                },
            }
        }
        path
    }
}

impl Step {
    /// The name of the member that is being read.
    fn member_name(&self) -> &str {
        let place = self.count.checked_sub(1).and_then(|place| usize::try_from(place).ok());
        match place.and_then(|place| self.heads.get(place)).filter(|_| self.as_expected) {
            Some(head) => head.name(),
            None => &self.name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_value_is_known() {
        let mut trail = Trail::default();
        assert_eq!(trail.path(), "");
        trail.open(true);
        trail.member();
        trail.member();
        assert_eq!(trail.path(), "[1]");
        trail.open(false);
        trail.name("odd name");
        assert_eq!(trail.path(), "[1]['odd name']");
        trail.name("a");
        trail.open(true);
        trail.member();
        assert_eq!(trail.path(), "[1].a[0]");
        trail.close();
        trail.close();
        trail.member();
        // A reused entry keeps nothing of its earlier use.
        trail.open(false);
        assert_eq!(trail.path(), "[2]");
        for _ in 0..5 {
            trail.close();
        }
        assert_eq!(trail.path(), "");
    }

    #[test]
    fn a_dictionary_is_expected_to_be_as_large_as_the_one_before_it() {
        let mut trail = Trail::default();
        trail.open(true);
        for (members, expected) in [(2, 0), (3, 2), (0, 3), (1, 0)] {
            trail.open(false);
            assert_eq!(trail.probable_members(), expected);
            (0..members).for_each(|_| trail.name("a"));
            trail.close();
        }
        trail.open(true);
        (0..9).for_each(|_| trail.member());
        trail.close();
        trail.open(false);
        assert_eq!(trail.probable_members(), 0, "a list says nothing about it");
    }

    #[test]
    fn a_member_is_expected_to_begin_as_the_one_in_its_place_before() {
        let mut trail = Trail::default();
        assert_eq!(trail.expected(), None);
        trail.open(true);
        trail.member();
        trail.open(false);
        for (text, name) in [("<a>", "a"), ("<b>", "b")] {
            assert_eq!(trail.expected(), None);
            trail.expect(text, &(1..2));
            trail.name(name);
        }
        trail.close();
        trail.member();
        trail.open(false);
        assert_eq!(trail.expected(), Some(("<a>", "a")));
        trail.as_expected();
        assert_eq!((trail.path().as_str(), trail.expected()), ("[1].a", Some(("<b>", "b"))));
        // Another one comes in its place.
        trail.expect("< c>", &(2..3));
        trail.name("c");
        assert_eq!((trail.path().as_str(), trail.expected()), ("[1].c", None));
        trail.close();
        trail.open(false);
        assert_eq!(trail.path(), "[1]");
        trail.as_expected();
        assert_eq!(trail.expected(), Some(("< c>", "c")));
        trail.expect(&"x".repeat(LONGEST + 1), &(0..1));
        assert_eq!(trail.expected(), Some(("< c>", "c")));
        (0..2 * MOST).for_each(|_| {
            trail.expect("<a>", &(1..2));
            trail.name("a");
        });
        assert_eq!(trail.steps[1].heads.len(), MOST);
    }
}

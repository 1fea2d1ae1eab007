//! The path of the value that is being read, for errors.

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
}

impl Trail {
    /// Opens a list or a dictionary.
    pub(crate) fn open(&mut self, is_list: bool) {
        if self.depth == self.steps.len() {
            self.steps.push(Step::default());
        }
        if let Some(step) = self.steps.get_mut(self.depth) {
            let before = if step.is_list || is_list { 0 } else { step.count };
            (step.count, step.before, step.is_list) = (0, before, is_list);
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
            step.name.clear();
            step.name.push_str(name);
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
                false if step.name.is_empty() => {}
                false => push_key(&mut path, &step.name),
            }
        }
        path
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
}

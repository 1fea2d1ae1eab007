//! Which value of a message is being read, for errors.

use crate::message::{push_index, push_key};

/// The arrays and structs that are open, from the outside inwards.
#[derive(Debug, Default)]
pub(crate) struct Trail {
    /// Those beyond `depth` are kept to be used again.
    steps: Vec<Step>,
    depth: usize,
}

#[derive(Debug, Default)]
struct Step {
    /// How many members have begun.
    count: u64,
    /// The name of the member, in a struct.
    name: String,
    is_list: bool,
}

impl Trail {
    /// An array or a struct opens.
    pub(crate) fn open(&mut self, is_list: bool) {
        if self.depth == self.steps.len() {
            self.steps.push(Step::default());
        }
        if let Some(step) = self.steps.get_mut(self.depth) {
            (step.count, step.is_list) = (0, is_list);
            step.name.clear();
        }
        self.depth += 1;
    }

    /// The innermost one closes.
    pub(crate) fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// The next member of an array begins.
    pub(crate) fn member(&mut self) {
        if let Some(step) = self.step() {
            step.count += 1;
        }
    }

    /// A member of a struct has its name.
    pub(crate) fn name(&mut self, name: &str) {
        if let Some(step) = self.step() {
            step.name.clear();
            step.name.push_str(name);
        }
    }

    fn step(&mut self) -> Option<&mut Step> {
        self.steps.get_mut(self.depth.checked_sub(1)?)
    }

    /// The value that is being read; empty for the whole.
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
    fn the_way_to_a_value_is_told() {
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
        // What is used again keeps nothing of before.
        trail.open(false);
        assert_eq!(trail.path(), "[2]");
        for _ in 0..5 {
            trail.close();
        }
        assert_eq!(trail.path(), "");
    }
}

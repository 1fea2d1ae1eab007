//! The order in which lines are recalled: the session's own, the newest first, then those of other shells; each line
//! once.

use std::collections::HashSet;

/// The lines that can be recalled, in the order of an editor's history: the one recalled first comes last.
#[derive(Debug)]
pub(super) struct Recall {
    lines: Vec<String>,
    /// The index of the session's own first line.
    own: usize,
    most: usize,
}

impl Recall {
    /// At most `most` lines; those of earlier sessions are given with the oldest first.
    pub(super) fn new(earlier: Vec<String>, most: usize) -> Recall {
        let mut seen = HashSet::new();
        let mut lines: Vec<String> = earlier.into_iter().rev().filter(|line| seen.insert(line.clone())).collect();
        lines.truncate(most);
        lines.reverse();
        Recall { own: lines.len(), lines, most }
    }

    /// All of them.
    pub(super) fn lines(&self) -> &[String] {
        &self.lines
    }

    /// Adds a line that was typed here. False if it begins with a space, so that it is not recalled.
    pub(super) fn add(&mut self, line: &str) -> bool {
        if line.starts_with(char::is_whitespace) || line.is_empty() {
            return false;
        }
        self.remove(line);
        self.lines.push(line.to_owned());
        self.fit();
        true
    }

    /// Adds a line that was typed in another shell.
    pub(super) fn add_foreign(&mut self, line: String) {
        if self.lines.iter().skip(self.own).any(|own| *own == line) {
            return;
        }
        self.remove(&line);
        self.lines.insert(self.own, line);
        self.own += 1;
        self.fit();
    }

    fn remove(&mut self, line: &str) {
        if let Some(at) = self.lines.iter().position(|known| known == line) {
            self.lines.remove(at);
            self.own -= usize::from(at < self.own);
        }
    }

    fn fit(&mut self) {
        let surplus = self.lines.len().saturating_sub(self.most);
        self.lines.drain(..surplus);
        self.own = self.own.saturating_sub(surplus);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Adds lines in turn, those of another shell marked with `<`, and returns the resulting order.
    fn order(earlier: &[&str], most: usize, added: &[&str]) -> String {
        let mut recall = Recall::new(earlier.iter().map(|line| (*line).to_owned()).collect(), most);
        for line in added {
            match line.strip_prefix('<') {
                Some(foreign) => recall.add_foreign(foreign.to_owned()),
                None => {
                    recall.add(line);
                }
            }
        }
        recall.lines().join(",")
    }

    #[test]
    fn own_lines_come_first_and_each_line_once() {
        for (earlier, most, added, lines) in [
            (&["a", "b", "a"][..], 9, &[][..], "b,a"),
            (&["a", "b", "c"], 2, &[], "b,c"),
            (&["a", "b"], 9, &["a"], "b,a"),
            (&["a"], 9, &["x", "<y", "<z", "w"], "a,y,z,x,w"),
            (&["a", "b"], 9, &["<a", "x"], "b,a,x"),
            (&["a"], 9, &["x", "<x", "<a"], "a,x"),
            (&["a"], 9, &["x", "y", "x"], "a,y,x"),
            (&["a"], 9, &["<x", "x", "<b"], "a,b,x"),
            (&["a", "b"], 3, &["x", "<y", "z", "w"], "x,z,w"),
            (&[], 2, &["x", "y", "<z"], "x,y"),
            (&[], 9, &[" x", "", "\tx", "y"], "y"),
        ] {
            assert_eq!(order(earlier, most, added), lines, "{earlier:?} {added:?}");
        }
    }
}

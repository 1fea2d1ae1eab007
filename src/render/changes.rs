//! What changed between two texts, line by line: for a person who watches one of them.

use super::style::{Role, paint, unpainted};

/// Beyond this many comparisons, all lines that differ count as new.
const MOST: usize = 4_000_000;

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was there before.
    Same,
    /// It is new.
    Added,
    /// It begins as an earlier line did, and goes on differently.
    Changed,
    /// It is gone.
    Removed,
}

/// A line with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    /// The line, as it was painted.
    pub text: String,
    /// What became of it.
    pub change: Change,
}

impl Marked {
    /// The line with its mark in front of it; a colour only underlines what the mark says.
    pub fn shown(&self, colour: bool) -> String {
        let (mark, role) = match self.change {
            Change::Same => return format!("  {}", self.text),
            Change::Added => ("+", Role::String),
            Change::Changed => ("~", Role::Hint),
            Change::Removed => ("-", Role::Error),
        };
        let text = match self.change {
            Change::Removed => paint(Role::Dim, &unpainted(&self.text), colour).into_owned(),
            _ => self.text.clone(),
        };
        format!("{} {text}", paint(role, mark, colour))
    }
}

/// How many columns a mark takes.
pub const MARK: usize = 2;

/// The lines of a text, marked by comparison with an earlier one. Removed lines stand where they were.
pub fn changes(before: &str, after: &str) -> Vec<Marked> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let front = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let room = old.len().min(new.len()) - front;
    let back = old.iter().rev().zip(new.iter().rev()).take(room).take_while(|(a, b)| a == b).count();
    let middle = |lines: &[&str]| {
        lines
            .get(front..lines.len() - back)
            .unwrap_or_default()
            .iter()
            .map(|line| (*line).to_owned())
            .collect::<Vec<_>>()
    };
    let (gone, come) = (middle(&old), middle(&new));
    let same = |line: &&str| Marked { text: (*line).to_owned(), change: Change::Same };
    let mut marked: Vec<Marked> = new.iter().take(front).map(same).collect();
    marked.extend(between(&gone, &come));
    marked.extend(new.iter().skip(new.len() - back).map(same));
    marked
}

/// How many lines were added, changed and removed, in words; `None` if none was.
pub fn summary(marked: &[Marked]) -> Option<String> {
    let count = |change| marked.iter().filter(|line| line.change == change).count();
    let counts = [(Change::Added, "added"), (Change::Changed, "changed"), (Change::Removed, "removed")];
    let parts = counts.into_iter().map(|(change, word)| (count(change), word)).filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts.map(|(count, word)| format!("{count} {word}")).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The lines that differ: the longest common sequence stays, the rest is matched by how lines begin.
fn between(old: &[String], new: &[String]) -> Vec<Marked> {
    let mut out = Vec::new();
    let (mut from_old, mut from_new) = (0, 0);
    for (at_old, at_new) in common(old, new).into_iter().chain([(old.len(), new.len())]) {
        hunk(old.get(from_old..at_old).unwrap_or_default(), new.get(from_new..at_new).unwrap_or_default(), &mut out);
        if let Some(line) = new.get(at_new) {
            out.push(Marked { text: line.clone(), change: Change::Same });
        }
        (from_old, from_new) = (at_old + 1, at_new + 1);
    }
    out
}

/// Lines in the place of others.
fn hunk(old: &[String], new: &[String], out: &mut Vec<Marked>) {
    let mut left: Vec<Option<&String>> = old.iter().map(Some).collect();
    let mut come = Vec::with_capacity(new.len());
    for line in new {
        let key = key(line);
        let was = left.iter_mut().find(|slot| key.is_some() && slot.is_some_and(|other| self::key(other) == key));
        let change = if was.is_some() { Change::Changed } else { Change::Added };
        was.map(Option::take);
        come.push(Marked { text: line.clone(), change });
    }
    out.extend(left.into_iter().flatten().map(|line| Marked { text: line.clone(), change: Change::Removed }));
    out.extend(come);
}

/// What a line is known by: its first word, with the space before it. A line of signs alone is known by nothing.
fn key(line: &str) -> Option<String> {
    let plain = unpainted(line);
    let end = plain.find(|c: char| !c.is_whitespace())?;
    let word = plain.get(end..)?.split_whitespace().next()?;
    word.chars().any(char::is_alphanumeric).then(|| plain.get(..end + word.len()).unwrap_or_default().to_owned())
}

/// The places of the longest sequence of lines that both have.
fn common(old: &[String], new: &[String]) -> Vec<(usize, usize)> {
    let width = new.len() + 1;
    if old.len().saturating_mul(new.len()) > MOST {
        return Vec::new();
    }
    let mut longest = vec![0_u32; (old.len() + 1) * width];
    let at = |table: &[u32], row: usize, column: usize| table.get(row * width + column).copied().unwrap_or(0);
    for (row, a) in old.iter().enumerate().rev() {
        for (column, b) in new.iter().enumerate().rev() {
            let length = match a == b {
                true => at(&longest, row + 1, column + 1) + 1,
                false => at(&longest, row + 1, column).max(at(&longest, row, column + 1)),
            };
            if let Some(cell) = longest.get_mut(row * width + column) {
                *cell = length;
            }
        }
    }
    let (mut row, mut column, mut pairs) = (0, 0, Vec::new());
    while let (Some(a), Some(b)) = (old.get(row), new.get(column)) {
        if a == b {
            pairs.push((row, column));
            (row, column) = (row + 1, column + 1);
        } else if at(&longest, row + 1, column) >= at(&longest, row, column + 1) {
            row += 1;
        } else {
            column += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(before: &str, after: &str) -> String {
        changes(before, after).iter().map(|line| line.shown(false)).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn lines_are_marked() {
        for (before, after, marked) in [
            ("a\nb\n", "a\nb\n", "  a\n  b"),
            ("", "a\n", "+ a"),
            ("a\n", "", "- a"),
            (
                "id  state\n1   up\n2   up\n",
                "id  state\n1   up\n2   down\n3   up\n",
                "  id  state\n  1   up\n~ 2   down\n+ 3   up",
            ),
            ("1 a\n2 b\n3 c\n", "1 a\n3 c\n", "  1 a\n- 2 b\n  3 c"),
            (
                "{\n  \"n\": 1,\n  \"m\": 2\n}\n",
                "{\n  \"n\": 5,\n  \"m\": 2\n}\n",
                "  {\n~   \"n\": 5,\n    \"m\": 2\n  }",
            ),
            ("[]\n", "[\n  1\n]\n", "- []\n+ [\n+   1\n+ ]"),
            ("a x\nb x\n", "b x\na x\n", "- a x\n  b x\n+ a x"),
        ] {
            assert_eq!(shown(before, after), marked, "{before:?} {after:?}");
        }
    }

    #[test]
    fn marks_are_counted_and_coloured() {
        let marked = changes("1 a\n2 b\n", "1 c\n3 d\n");
        assert_eq!(summary(&marked).as_deref(), Some("1 added, 1 changed, 1 removed"));
        assert_eq!(summary(&changes("a\n", "a\n")), None);
        assert!(marked.iter().all(|line| line.shown(true).contains('\u{1b}')));
        let long: String = (0..3000).map(|n| format!("{n}\n")).collect();
        let other: String = (0..3000).map(|n| format!("{n} x\n")).collect();
        assert_eq!(summary(&changes(&long, &other)).as_deref(), Some("3000 changed"));
    }

    proptest! {
        #[test]
        fn no_line_is_lost(before in "([ab12{}] ?[xy]?\n){0,8}", after in "([ab12{}] ?[xy]?\n){0,8}") {
            let marked = changes(&before, &after);
            let of = |gone: bool| -> Vec<&str> {
                let kept = |line: &&Marked| (line.change == Change::Removed) == gone;
                marked.iter().filter(kept).map(|line| line.text.as_str()).collect()
            };
            prop_assert_eq!(of(false), after.lines().collect::<Vec<_>>());
            prop_assert!(of(true).iter().all(|line| before.lines().any(|other| other == *line)));
            prop_assert_eq!(summary(&marked).is_none(), before == after);
        }
    }
}

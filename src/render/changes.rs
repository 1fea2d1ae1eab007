//! What changed between two texts, line by line: for a person who watches one of them.

use std::time::{Duration, Instant};

use similar::{Algorithm, DiffTag, capture_diff_slices_deadline};

use super::style::{Role, paint, unpainted};

/// The search for equal lines ends after this time; what differs then is only marked less finely.
const LONGEST: Duration = Duration::from_millis(100);

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
    fn of(line: &str, change: Change) -> Marked {
        Marked { text: line.to_owned(), change }
    }

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

/// The lines of a text, marked by comparison with an earlier one. Removed lines are where they were.
pub fn changes(before: &str, after: &str) -> Vec<Marked> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let mut marked = Vec::with_capacity(new.len());
    for step in capture_diff_slices_deadline(Algorithm::Myers, &old, &new, Some(Instant::now() + LONGEST)) {
        let (tag, gone, come) = step.as_tag_tuple();
        let (gone, come) = (old.get(gone).unwrap_or_default(), new.get(come).unwrap_or_default());
        match tag {
            DiffTag::Equal => marked.extend(come.iter().map(|line| Marked::of(line, Change::Same))),
            _ => hunk(gone, come, &mut marked),
        }
    }
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

/// Lines in the place of others: those that begin in the same way are the same row with other values.
fn hunk(gone: &[&str], come: &[&str], out: &mut Vec<Marked>) {
    let mut left: Vec<Option<&str>> = gone.iter().copied().map(Some).collect();
    let change = |line: &&str| {
        let key = key(line)?;
        left.iter_mut().find(|slot| slot.and_then(self::key).is_some_and(|other| other == key))?.take()
    };
    let changed: Vec<bool> = come.iter().map(change).map(|was| was.is_some()).collect();
    out.extend(left.into_iter().flatten().map(|line| Marked::of(line, Change::Removed)));
    let change = |changed| if changed { Change::Changed } else { Change::Added };
    out.extend(come.iter().zip(changed).map(|(line, changed)| Marked::of(line, change(changed))));
}

/// What identifies a line: its first word, with the space before it. A line of punctuation has nothing that does.
fn key(line: &str) -> Option<String> {
    let plain = unpainted(line);
    let end = plain.find(|c: char| !c.is_whitespace())?;
    let word = plain.get(end..)?.split_whitespace().next()?;
    word.chars().any(char::is_alphanumeric).then(|| plain.get(..end + word.len()).unwrap_or_default().to_owned())
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
            ("a x\nb x\n", "b x\na x\n", "+ b x\n  a x\n- b x"),
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

//! What answers showed, until it is written down, and what was written down a short time ago: that need not be searched for
//! secrets and written again.

use std::mem;

use history::{Millis, Sighting};

/// What answers show again within this time is not written down again, in milliseconds.
const SHORT: Millis = 60_000;
/// The most objects that are held to find that out.
const MOST_HELD: usize = 1_000;

/// What the answers of a line showed, beside that of the line before.
#[derive(Debug, Default)]
pub(crate) struct Lately {
    /// What the present line showed, from the first that is new.
    seen: Vec<Sighting>,
    /// What was written down last: what an earlier line showed.
    kept: Vec<Sighting>,
    /// When the present line showed the first of these again, before anything new.
    again: Vec<Millis>,
}

impl Lately {
    /// Whether the line shows what the line before it showed in the same place, a short time ago. It is noted, and need not
    /// be added.
    pub(crate) fn is_again(&mut self, at: Millis, is_same: impl FnOnce(&Sighting) -> bool) -> bool {
        let old = self.kept.get(self.again.len()).filter(|_| self.seen.is_empty());
        let lately = |old: &&Sighting| (0..SHORT).contains(&at.saturating_sub(old.at));
        let again = old.filter(lately).is_some_and(is_same);
        if again {
            self.again.push(at);
        }
        again
    }

    /// Adds what an answer showed.
    pub(crate) fn add(&mut self, new: Sighting) {
        if !self.is_again(new.at, |old| is_same(old, &new)) {
            self.write_out();
            self.seen.push(new);
        }
    }

    /// Takes out what the line has shown so far, whether it is new or not.
    pub(crate) fn take(&mut self) -> Vec<Sighting> {
        self.write_out();
        mem::take(&mut self.seen)
    }

    /// Ends the line, and returns what is to be written down.
    pub(crate) fn end(&mut self) -> Vec<Sighting> {
        if self.seen.is_empty() && self.again.len() == self.kept.len() {
            self.again.clear();
        }
        self.take()
    }

    /// Remembers what was written down, if it is not too much.
    pub(crate) fn keep(&mut self, written: Vec<Sighting>) {
        let held = written.iter().map(|one| one.seen.len()).sum::<usize>();
        self.kept = if held <= MOST_HELD { written } else { Vec::new() };
    }

    /// What was only noted, as it would have been added.
    fn write_out(&mut self) {
        let again = mem::take(&mut self.again).into_iter().zip(&self.kept);
        self.seen.extend(again.map(|(at, old)| Sighting {
            at,
            whole_since: old.whole_since.map(|_| at),
            ..old.clone()
        }));
    }
}

fn is_same(old: &Sighting, new: &Sighting) -> bool {
    let Sighting { account, at: _, list, whole_since, seen, gone } = new;
    whole_since.is_some() == old.whole_since.is_some()
        && (account, list, seen, gone) == (&old.account, &old.list, &old.seen, &old.gone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use history::{Account, Object};

    fn sighting(at: Millis, keys: &str) -> Sighting {
        let object = |key: char| Object { kind: "a".into(), key: key.into(), ..Object::default() };
        Sighting {
            account: Account { provider: "p".into(), host: "h".into(), profile: None, id: None },
            at,
            list: None,
            whole_since: Some(at),
            seen: keys.chars().map(object).collect(),
            gone: Vec::new(),
        }
    }

    /// Each line is the keys of what it shows, one letter for each answer, and what of it is written down.
    #[test]
    fn a_line_that_shows_the_same_as_the_one_before_writes_nothing() {
        for (lines, written) in [
            (&["ab", "ab", "ab"][..], &["ab", "", ""][..]),
            (&["ab", "a"], &["ab", "a"]),
            (&["ab", "abc", "abc"], &["ab", "abc", ""]),
            (&["ab", "ac", "ab"], &["ab", "ac", "ab"]),
            (&["ab", "ba"], &["ab", "ba"]),
            (&["", "a", "", "a"], &["", "a", "", ""]),
        ] {
            let mut lately = Lately::default();
            for (nth, (line, written)) in (1..).zip(lines.iter().zip(written)) {
                for key in line.chars() {
                    let new = sighting(nth, &key.to_string());
                    // Whether it is compared before it is made, or after.
                    if nth % 2 == 0 || !lately.is_again(nth, |old| is_same(old, &new)) {
                        lately.add(new);
                    }
                }
                let found = lately.end();
                let expected: Vec<Sighting> = written.chars().map(|key| sighting(nth, &key.to_string())).collect();
                assert_eq!(found, expected, "{lines:?} {nth}");
                if !found.is_empty() {
                    lately.keep(found);
                }
            }
        }
    }

    #[test]
    fn calls_beside_others_leave_all_that_they_showed() {
        let mut lately = Lately::default();
        lately.keep(vec![sighting(1, "a")]);
        lately.add(sighting(2, "a"));
        assert_eq!(lately.take(), [sighting(2, "a")]);
        assert!(lately.end().is_empty());
    }

    #[test]
    fn what_is_long_ago_or_too_much_is_not_known() {
        let mut lately = Lately::default();
        lately.keep(vec![sighting(1, "a")]);
        assert!(!lately.is_again(SHORT + 1, |_| true) && !lately.is_again(0, |_| true));
        assert!(lately.is_again(SHORT, |_| true));
        let mut lately = Lately::default();
        lately.keep(vec![sighting(1, &"a".repeat(MOST_HELD + 1))]);
        assert!(!lately.is_again(2, |_| true));
    }
}

//! The order in which lines are recalled: those of the current account, then those of others; of each, the session's own
//! before those of other sessions, and the newest first. Each line is recalled once.

use std::collections::HashSet;

use history::{Account, Recalled};

/// The lines that can be recalled, in the order of an editor's history: the one recalled first comes last.
#[derive(Debug)]
pub(super) struct Recall {
    lines: Vec<String>,
    /// The lines typed here, the newest last.
    own: Vec<Own>,
    /// Whose lines come first, once that is known.
    account: Option<Option<Account>>,
    most: usize,
}

/// A line typed in this session.
#[derive(Debug, PartialEq, Eq)]
struct Own {
    line: String,
    /// The account in use when it was typed.
    account: Option<Account>,
}

impl Recall {
    /// At most `most` lines.
    pub(super) fn new(most: usize) -> Recall {
        Recall { lines: Vec::new(), own: Vec::new(), account: None, most }
    }

    /// All of them.
    pub(super) fn lines(&self) -> &[String] {
        &self.lines
    }

    /// Whether the lines of this account come first.
    pub(super) fn is_for(&self, account: Option<&Account>) -> bool {
        self.account.as_ref().is_some_and(|current| current.as_ref() == account)
    }

    /// From now on, the lines of this account come first. `earlier` has the lines of other sessions for it.
    pub(super) fn turn_to(&mut self, account: Option<Account>, earlier: Recalled) {
        let is_own = |own: &&Own| is_of(own, account.as_ref());
        let typed = || self.own.iter().rev();
        let first = typed().filter(is_own).map(|own| own.line.clone()).chain(earlier.own);
        let others = typed().filter(|own| !is_own(own)).map(|own| own.line.clone()).chain(earlier.others);
        let mut seen = HashSet::new();
        let once = first.chain(others).filter(|line| seen.insert(line.clone()));
        let mut lines: Vec<String> = once.take(self.most).collect();
        lines.reverse();
        self.lines = lines;
        self.account = Some(account);
    }

    /// Adds a line that was typed here, with the current account. False if it begins with a space, so that it is not
    /// recalled.
    pub(super) fn add(&mut self, line: &str) -> bool {
        if line.starts_with(char::is_whitespace) || line.is_empty() {
            return false;
        }
        let own = Own { line: line.to_owned(), account: self.account.clone().flatten() };
        self.own.retain(|known| *known != own);
        self.own.push(own);
        self.lines.retain(|known| known != line);
        self.lines.push(line.to_owned());
        let surplus = self.lines.len().saturating_sub(self.most);
        self.lines.drain(..surplus);
        true
    }
}

/// Whether a line belongs to an account, wherever its service is. Without one, every line does.
fn is_of(own: &Own, account: Option<&Account>) -> bool {
    account.is_none_or(|current| own.account.as_ref().is_some_and(|account| account.is_same_anywhere(current)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(name: &str) -> Option<Account> {
        let named =
            |name: &str| Account { provider: "p".into(), host: "h:1".into(), profile: Some(name.to_owned()), id: None };
        Some(name).filter(|name| *name != "-").map(named)
    }

    fn texts(words: &str) -> Vec<String> {
        words.split_whitespace().map(str::to_owned).collect()
    }

    /// The order of recall after these steps: `@a` turns to account `a`, `@-` to none; any other word is typed. Lines
    /// of other sessions are given with the newest first.
    fn order(own: &str, others: &str, most: usize, steps: &str) -> String {
        let mut recall = Recall::new(most);
        for step in steps.split_whitespace() {
            match step.strip_prefix('@') {
                Some(name) => recall.turn_to(account(name), Recalled { own: texts(own), others: texts(others) }),
                None => drop(recall.add(step)),
            }
        }
        recall.lines().iter().rev().map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn lines_of_the_account_come_first_and_own_ones_before_those_of_other_sessions() {
        for (own, others, most, steps, lines) in [
            // One account.
            ("b a", "", 9, "@a", "b a"),
            ("b a b", "", 9, "@a", "b a"),
            ("c b a", "", 2, "@a", "c b"),
            ("b a", "", 9, "@a x y", "y x b a"),
            ("b a", "", 9, "@a a", "a b"),
            ("b a", "", 9, "@a x y x", "x y b a"),
            ("b a", "", 3, "@a x y", "y x b"),
            ("b a x", "", 9, "@a x @a", "x b a"),
            // No account.
            ("b a", "", 9, "@- x y", "y x b a"),
            ("b a", "", 9, "@- x @a y @-", "y x b a"),
            // Several accounts.
            ("b a", "n m", 9, "@a", "b a n m"),
            ("b a", "n m", 9, "@a x @b", "b a x n m"),
            ("b a", "n m", 9, "@a x @b y @a", "x b a y n m"),
            ("b a", "n m", 9, "@- x @b y", "y b a x n m"),
            ("b a", "n m", 4, "@a x @b y", "y b a x"),
            ("b a", "n m", 3, "@a x @b y", "y b a"),
            // The same line in several places counts where it comes first.
            ("b a", "b m", 9, "@a x @b x", "x b a m"),
            ("b a", "n m", 9, "@a x y @b x @a", "y x b a n m"),
            ("b x", "n m", 9, "@a x @b", "b x n m"),
        ] {
            assert_eq!(order(own, others, most, steps), lines, "{own:?} {others:?} {steps:?}");
        }
    }

    #[test]
    fn a_line_that_begins_with_a_space_is_not_recalled() {
        let mut recall = Recall::new(9);
        assert_eq!([" x", "", "\tx", "y"].map(|line| recall.add(line)), [false, false, false, true]);
        assert_eq!(recall.lines(), ["y"]);
        let id = |id: &str| account("a").map(|account| Account { id: Some(id.to_owned()), ..account });
        assert!(!recall.is_for(None));
        recall.turn_to(id("1"), Recalled::default());
        assert!(recall.is_for(id("1").as_ref()) && !recall.is_for(id("2").as_ref()) && !recall.is_for(None));
    }
}

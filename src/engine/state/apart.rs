//! The error of a line that was for several accounts, some of which failed.

use model::{Break, Class, Diagnostic, Sent};

/// The accounts of a line that failed; each has been reported.
#[derive(Debug, thiserror::Error)]
#[error("{}", words(.failed, .unsent, *.calls))]
pub struct Apart {
    /// Their names.
    failed: Vec<String>,
    /// Those to which nothing was sent, because something before it failed.
    unsent: Vec<String>,
    /// Of how many.
    calls: usize,
    /// Some call was answered with a result, perhaps of an account of which another failed.
    answered: bool,
    /// The class of the first error.
    first: Class,
    /// The class of the first error of a change whose outcome is unknown.
    open: Option<Class>,
    /// Unknown if the outcome of some is unknown.
    sent: Sent,
    /// The interruption that stopped the rest, if there was one.
    broken: Option<Break>,
}

/// `1 of 3 accounts failed: a; not sent: b, c`
fn words(failed: &[String], unsent: &[String], calls: usize) -> String {
    let accounts = if calls == 1 { "account" } else { "accounts" };
    let failed =
        (!failed.is_empty()).then(|| format!("{} of {calls} {accounts} failed: {}", failed.len(), failed.join(", ")));
    let unsent = (!unsent.is_empty()).then(|| format!("not sent: {}", unsent.join(", ")));
    failed.into_iter().chain(unsent).collect::<Vec<_>>().join("; ")
}

/// Counts what becomes of the accounts of a line. An account with several calls has failed if one of them has.
#[derive(Debug)]
pub(crate) struct Tally {
    apart: Apart,
    classified: bool,
}

impl Tally {
    /// For so many accounts.
    pub(crate) fn of(calls: usize) -> Tally {
        let (first, sent, broken) = (Class::Several, Sent::No, None);
        let (failed, unsent) = (Vec::new(), Vec::new());
        let apart = Apart { failed, unsent, calls, answered: false, first, open: None, sent, broken };
        Tally { apart, classified: false }
    }

    /// A call was answered.
    pub(crate) fn answered(&mut self) {
        self.apart.answered = true;
        self.arrived();
    }

    fn arrived(&mut self) {
        if self.apart.sent == Sent::No {
            self.apart.sent = Sent::Yes;
        }
    }

    /// A call failed. If it is `open`, it may have been done all the same.
    pub(crate) fn failed(&mut self, account: &str, error: &dyn Diagnostic, open: bool) {
        add(&mut self.apart.failed, account);
        self.apart.unsent.retain(|unsent| unsent != account);
        self.apart.open = self.apart.open.or(open.then(|| error.class()));
        if !self.classified {
            (self.apart.first, self.classified) = (error.class(), true);
        }
        self.apart.broken = error.class().broken_by().or(self.apart.broken);
        match error.sent() {
            _ if error.class() == Class::Unknown => self.apart.sent = Sent::Unknown,
            Sent::No => {}
            _ => self.arrived(),
        }
    }

    /// A call was not sent.
    pub(crate) fn unsent(&mut self, account: &str, broken: Option<Break>) {
        if !self.apart.failed.iter().any(|failed| failed == account) {
            add(&mut self.apart.unsent, account);
        }
        self.apart.broken = broken.or(self.apart.broken);
    }

    /// Whether no call was answered.
    pub(crate) fn is_nothing(&self) -> bool {
        !self.apart.answered
    }

    /// The error, if any call failed.
    pub(crate) fn ended(self) -> Result<(), Box<Apart>> {
        let all_well = self.apart.failed.is_empty() && self.apart.unsent.is_empty();
        if all_well { Ok(()) } else { Err(Box::new(self.apart)) }
    }
}

fn add(accounts: &mut Vec<String>, account: &str) {
    if !accounts.iter().any(|known| known == account) {
        accounts.push(account.to_owned());
    }
}

impl Diagnostic for Apart {
    fn class(&self) -> Class {
        match (self.open, self.broken) {
            // Nothing else says that something may have been done.
            (Some(class), _) if !self.answered => class,
            (Some(_), _) => Class::Several,
            (None, Some(by)) => by.class(),
            (None, None) if !self.answered => self.first,
            (None, None) => Class::Several,
        }
    }

    fn hint(&self) -> Option<String> {
        self.open.map(|_| "check which of them took effect before you repeat any".into())
    }

    fn sent(&self) -> Sent {
        self.sent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exit_code_depends_on_how_many_failed_and_why() {
        #[derive(Debug, thiserror::Error)]
        #[error("failed")]
        struct Failed(Class);
        impl Diagnostic for Failed {
            fn class(&self) -> Class {
                self.0
            }
        }
        let no_key = || Failed(Class::Credentials);
        let mut tally = Tally::of(2);
        tally.answered();
        assert!(!tally.is_nothing());
        tally.failed("b", &no_key(), false);
        let error = tally.ended().unwrap_err();
        assert_eq!((error.class(), error.sent()), (Class::Several, Sent::Yes));
        assert_eq!(error.to_string(), "1 of 2 accounts failed: b");
        let mut tally = Tally::of(2);
        tally.failed("a", &no_key(), false);
        tally.failed("b", &Failed(Class::Local), false);
        assert!(tally.is_nothing());
        let error = tally.ended().unwrap_err();
        assert_eq!((error.class(), error.sent()), (Class::Credentials, Sent::No));
        let mut tally = Tally::of(2);
        tally.answered();
        tally.unsent("b", Some(Break::CtrlC));
        assert_eq!(tally.ended().unwrap_err().class(), Class::Interrupted);
        let mut tally = Tally::of(1);
        tally.answered();
        assert!(tally.ended().is_ok());
        // One account of which one call was answered and two were not.
        let mut tally = Tally::of(2);
        tally.answered();
        tally.failed("a", &no_key(), false);
        tally.failed("a", &no_key(), false);
        assert!(!tally.is_nothing());
        let error = tally.ended().unwrap_err();
        assert_eq!((error.class(), error.to_string().as_str()), (Class::Several, "1 of 2 accounts failed: a"));
    }

    #[test]
    fn an_outcome_that_is_unknown_decides_unless_others_were_done() {
        #[derive(Debug, thiserror::Error)]
        #[error("failed")]
        struct Failed(Class, Sent);
        impl Diagnostic for Failed {
            fn class(&self) -> Class {
                self.0
            }
            fn sent(&self) -> Sent {
                self.1
            }
        }
        let refused = ("a", Class::Refused, Sent::Yes, false);
        let lost = ("b", Class::Unknown, Sent::Unknown, true);
        let failed = ("b", Class::Failed, Sent::Yes, true);
        for (errors, done, unsent, class, words) in [
            (&[refused, lost][..], false, None, Class::Unknown, "2 of 3 accounts failed: a, b"),
            (&[refused, failed], false, None, Class::Failed, "2 of 3 accounts failed: a, b"),
            (&[lost], true, None, Class::Several, "1 of 3 accounts failed: b"),
            (&[refused], false, None, Class::Refused, "1 of 3 accounts failed: a"),
            // Ctrl-C while one was under way.
            (&[lost], false, Some(Break::CtrlC), Class::Unknown, "1 of 3 accounts failed: b; not sent: c"),
            (&[lost], true, Some(Break::CtrlC), Class::Several, "1 of 3 accounts failed: b; not sent: c"),
            (&[refused], true, Some(Break::Terminated), Class::Terminated, "1 of 3 accounts failed: a; not sent: c"),
            (&[], false, Some(Break::CtrlC), Class::Interrupted, "not sent: c"),
        ] {
            let mut tally = Tally::of(3);
            errors.iter().for_each(|(name, class, sent, open)| tally.failed(name, &Failed(*class, *sent), *open));
            (0..u8::from(done)).for_each(|_| tally.answered());
            unsent.into_iter().for_each(|by| tally.unsent("c", Some(by)));
            let error = tally.ended().unwrap_err();
            assert_eq!((error.class(), error.to_string().as_str()), (class, words));
            assert_eq!(error.hint().is_some(), errors.iter().any(|(.., open)| *open), "{words}");
        }
    }
}

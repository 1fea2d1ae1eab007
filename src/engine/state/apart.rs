//! The error of a line that was for several accounts, some of which failed.

use model::{Break, Class, Diagnostic, Sent};

/// The accounts of a line that failed; each has been reported.
#[derive(Debug, thiserror::Error)]
#[error("{} of {calls} {} failed: {}", .failed.len(), if *.calls == 1 { "account" } else { "accounts" }, .failed.join(", "))]
pub struct Apart {
    /// Their names.
    failed: Vec<String>,
    /// Of how many.
    calls: usize,
    /// Some call was answered with a result, perhaps of an account of which another failed.
    answered: bool,
    /// The class of the first error.
    first: Class,
    /// Unknown if the outcome of some is unknown.
    sent: Sent,
    /// The interruption that stopped the rest, if there was one.
    broken: Option<Break>,
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
        Tally { apart: Apart { failed: Vec::new(), calls, answered: false, first, sent, broken }, classified: false }
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

    /// A call failed.
    pub(crate) fn failed(&mut self, account: &str, error: &dyn Diagnostic) {
        self.fail(account);
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

    fn fail(&mut self, account: &str) {
        if !self.apart.failed.iter().any(|failed| failed == account) {
            self.apart.failed.push(account.to_owned());
        }
    }

    /// A call was not sent.
    pub(crate) fn unsent(&mut self, account: &str, broken: Option<Break>) {
        self.fail(account);
        self.apart.broken = broken.or(self.apart.broken);
    }

    /// Whether no call was answered.
    pub(crate) fn is_nothing(&self) -> bool {
        !self.apart.answered
    }

    /// The error, if any call failed.
    pub(crate) fn ended(self) -> Result<(), Box<Apart>> {
        if self.apart.failed.is_empty() { Ok(()) } else { Err(Box::new(self.apart)) }
    }
}

impl Diagnostic for Apart {
    fn class(&self) -> Class {
        match self.broken {
            _ if self.sent == Sent::Unknown && self.calls == 1 => Class::Unknown,
            Some(by) => by.class(),
            None if !self.answered => self.first,
            None => Class::Several,
        }
    }

    fn hint(&self) -> Option<String> {
        (self.sent == Sent::Unknown).then(|| "check which of them took effect before you repeat any".into())
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
        tally.failed("b", &no_key());
        let error = tally.ended().unwrap_err();
        assert_eq!((error.class(), error.sent()), (Class::Several, Sent::Yes));
        assert_eq!(error.to_string(), "1 of 2 accounts failed: b");
        let mut tally = Tally::of(2);
        tally.failed("a", &no_key());
        tally.failed("b", &Failed(Class::Local));
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
        tally.failed("a", &no_key());
        tally.failed("a", &no_key());
        assert!(!tally.is_nothing());
        let error = tally.ended().unwrap_err();
        assert_eq!((error.class(), error.to_string().as_str()), (Class::Several, "1 of 2 accounts failed: a"));
    }
}

//! What can be wrong with the calls for the members of a result.

use super::cause::Cause;
use model::{Break, Class, Diagnostic, Sent, Span};

/// A member for which no call can be made.
#[derive(Debug, thiserror::Error)]
#[error("member {nth} of {of}: {error}{}", more(*.others))]
pub struct MemberError {
    /// Which one, from 1.
    pub nth: usize,
    /// How many there are.
    pub of: usize,
    /// For how many others it is the same.
    pub others: usize,
    /// Why.
    pub error: Cause,
}

fn more(others: usize) -> String {
    match others {
        0 => String::new(),
        1 => " (and one other)".into(),
        others => format!(" (and {others} others)"),
    }
}

impl Diagnostic for MemberError {
    fn class(&self) -> Class {
        self.error.class()
    }

    fn span(&self) -> Option<Span> {
        self.error.span()
    }

    fn hint(&self) -> Option<String> {
        self.error.hint()
    }

    fn sent(&self) -> Sent {
        Sent::No
    }

    fn more(&self) -> Vec<&dyn Diagnostic> {
        self.error.more()
    }
}

/// How many calls had which outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Done.
    pub done: usize,
    /// The provider said no.
    pub refused: usize,
    /// It is known that they changed nothing, but not by the provider's word.
    pub failed: usize,
    /// They may have changed something.
    pub unknown: usize,
    /// They never left.
    pub unsent: usize,
}

impl Counts {
    /// All of them.
    pub fn all(&self) -> usize {
        self.done + self.refused + self.failed + self.unknown + self.unsent
    }

    /// What happened, in words: `3 done, 1 refused`.
    pub fn words(&self) -> String {
        let Counts { done, refused, failed, unknown, unsent } = *self;
        let parts = [
            (done, "done"),
            (refused, "refused"),
            (failed, "failed"),
            (unknown, "outcome unknown"),
            (unsent, "not sent"),
        ];
        let there = parts.into_iter().filter(|(count, _)| *count > 0);
        let words: Vec<String> = there.map(|(count, what)| format!("{count} {what}")).collect();
        words.join(", ")
    }
}

/// Some calls for the members of a result failed.
#[derive(Debug, thiserror::Error)]
#[error("{method}: {} of {} calls were not done: {}", .counts.all() - .counts.done, .counts.all(), .counts.words())]
pub struct MembersFailed {
    /// The method.
    pub method: String,
    /// How many had which outcome.
    pub counts: Counts,
    /// What kind of failure it was, if all that failed did so in the same way.
    pub kind: Option<Class>,
    /// The interruption that ended them, if there was one.
    pub broken: Option<Break>,
}

impl Diagnostic for MembersFailed {
    fn class(&self) -> Class {
        match (self.broken, self.kind) {
            (Some(by), _) if self.counts.unknown == 0 => by.class(),
            (_, Some(kind)) if self.counts.done == 0 => kind,
            _ => Class::Several,
        }
    }

    fn hint(&self) -> Option<String> {
        match self.counts {
            Counts { unknown: 1.., .. } => {
                Some("`pending` lists those whose outcome is unknown; check them before you repeat any".into())
            }
            // Nothing goes on after these.
            Counts { unsent: 1.., .. } if self.kind == Some(Class::Credentials) => {
                Some("the key was refused; `marsh doctor` tests each account".into())
            }
            Counts { unsent: 1.., .. } if self.broken.is_none() => {
                Some("--keep-going goes on after a call that failed".into())
            }
            _ => None,
        }
    }

    fn sent(&self) -> Sent {
        match self.counts {
            Counts { unknown: 1.., .. } => Sent::Unknown,
            Counts { done: 0, refused: 0, failed: 0, .. } => Sent::No,
            _ => Sent::Yes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_counts_only_where_nothing_was_done() {
        let failed = |counts, kind, broken| MembersFailed { method: "a.b".into(), counts, kind, broken };
        let counts = |done, refused, unknown, unsent| Counts { done, refused, failed: 0, unknown, unsent };
        for (counts, kind, broken, class, sent) in [
            (counts(9, 1, 0, 0), Some(Class::Refused), None, Class::Several, Sent::Yes),
            (counts(0, 1, 0, 9), Some(Class::Refused), None, Class::Refused, Sent::Yes),
            (counts(0, 1, 1, 0), None, None, Class::Several, Sent::Unknown),
            (counts(0, 0, 1, 3), Some(Class::Unknown), None, Class::Unknown, Sent::Unknown),
            (counts(5, 0, 0, 5), None, Some(Break::CtrlC), Class::Interrupted, Sent::Yes),
            (counts(5, 0, 1, 5), None, Some(Break::CtrlC), Class::Several, Sent::Unknown),
            (counts(0, 0, 0, 5), Some(Class::NotReached), None, Class::NotReached, Sent::No),
        ] {
            let error = failed(counts, kind, broken);
            assert_eq!((error.class(), error.sent()), (class, sent), "{error}");
        }
        let hint = |kind| failed(counts(1, 1, 0, 8), Some(kind), None).hint().unwrap();
        assert!(hint(Class::Credentials).contains("marsh doctor") && hint(Class::Refused).contains("--keep-going"));
        let error = failed(counts(7, 2, 1, 10), None, None);
        assert_eq!(
            error.to_string(),
            "a.b: 13 of 20 calls were not done: 7 done, 2 refused, 1 outcome unknown, 10 not sent"
        );
    }

    #[test]
    fn a_member_is_named_by_its_number() {
        let error = |others| MemberError {
            nth: 3,
            of: 9,
            others,
            error: Box::new(crate::engine::state::error::CallError::usage_of("no id".into())),
        };
        assert_eq!(error(0).to_string(), "member 3 of 9: no id");
        assert_eq!(error(4).to_string(), "member 3 of 9: no id (and 4 others)");
        assert_eq!((error(0).class(), error(0).sent()), (Class::Usage, Sent::No));
    }
}

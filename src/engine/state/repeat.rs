//! The same change twice, while the outcome of the first is unknown.

use std::fmt;
use std::time::Duration;

use history::{Call, CallId, Key, NewCall};

use super::error::CallError;
use model::{Span, period};

/// A change that may have been made already.
#[derive(Debug)]
pub(crate) struct Repeat {
    pub(crate) method: String,
    /// The row of the call that may have made it.
    pub(crate) row: CallId,
    /// How long ago that was.
    pub(crate) age: Duration,
    /// It is sent with the idempotency key of that call, by which the provider recognises it.
    pub(crate) keyed: bool,
}

impl Repeat {
    /// What a recorded call of that age may have done already. `keyed` says whether the new call is sent with a key.
    pub(crate) fn of(call: &Call, age: Duration, keyed: bool) -> Repeat {
        Repeat { method: call.call.method.clone(), row: call.id, age, keyed: keyed && remembered(&call.call).is_some() }
    }

    /// The warning above the question.
    pub(crate) fn warning(&self) -> String {
        match self.keyed {
            true => format!("{self}. It is sent {}.", self.with_key()),
            false => format!("{self}. Check what became of it before you send it again."),
        }
    }

    fn with_key(&self) -> String {
        format!("with the key of call {}, so that the provider does not carry it out twice", self.row)
    }

    /// The error if nobody can be asked, or if another shell has begun the same change since the question. `head` is
    /// the position of the method in the line.
    pub(crate) fn unasked(&self, head: Option<Span>) -> CallError {
        let again = if self.keyed { self.with_key() } else { "in any case".to_owned() };
        CallError::Blocked {
            message: self.to_string(),
            span: head,
            hint: Some(format!("`reconcile {}` finds out what became of it; --again sends it {again}", self.row)),
        }
    }
}

/// The idempotency key of a call, if the provider still remembers it.
pub(super) fn remembered(call: &NewCall) -> Option<&Key> {
    call.key.as_ref().filter(|key| key.until.is_some_and(|until| history::now() < until))
}

impl fmt::Display for Repeat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Repeat { method, row, age, .. } = self;
        let ago = if age.is_zero() { "a moment".to_owned() } else { period::words(*age) };
        write!(f, "{method} may have been done already: call {row} in the journal asked for the same {ago} ago, ")?;
        f.write_str("and its outcome is not known")
    }
}

#[cfg(test)]
mod tests {
    use history::Outcome;

    use super::*;
    use crate::engine::state::open::tests::call;
    use model::Diagnostic;

    #[test]
    fn the_call_that_may_have_done_it_is_named() {
        let repeat = Repeat::of(&call(Outcome::Unknown, None), Duration::from_secs(90), true);
        let start = "a.delete may have been done already: call 12 in the journal asked for the same 1 m 30 s ago";
        assert!(repeat.warning().starts_with(start), "{}", repeat.warning());
        let error = repeat.unasked(None);
        assert!(error.to_string().starts_with(start), "{error}");
        assert!(error.hint().is_some_and(|hint| hint.contains("`reconcile 12`") && hint.contains("--again")));
    }

    #[test]
    fn a_key_that_the_provider_remembers_is_named() {
        for (window, keyed, named) in [(60_000, true, true), (60_000, false, false), (-1, true, false)] {
            let mut call = call(Outcome::Unknown, None);
            call.call.key = Some(Key { text: "k".into(), until: Some(history::now() + window) });
            let repeat = Repeat::of(&call, Duration::ZERO, keyed);
            let hint = repeat.unasked(None).hint().unwrap_or_default();
            for text in [repeat.warning(), hint] {
                assert_eq!(text.contains("with the key of call 12, so that"), named, "{text}");
            }
        }
    }
}

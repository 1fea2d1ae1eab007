//! The same change twice, while nobody knows what became of the first.

use std::fmt;
use std::time::Duration;

use history::{Call, CallId};

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
}

impl Repeat {
    /// What a recorded call of that age may have done already.
    pub(crate) fn of(call: &Call, age: Duration) -> Repeat {
        Repeat { method: call.call.method.clone(), row: call.id, age }
    }

    /// The warning above the question.
    pub(crate) fn warning(&self) -> String {
        format!("{self}. Check what became of it before you send it again.")
    }

    /// The error where nobody can be asked, or where another shell has begun the same change since somebody was asked.
    /// `head` is where the line names the method.
    pub(crate) fn unasked(&self, head: Option<Span>) -> CallError {
        CallError::Blocked {
            message: self.to_string(),
            span: head,
            hint: Some(format!("`reconcile {}` finds out what became of it; --again sends it in any case", self.row)),
        }
    }
}

impl fmt::Display for Repeat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Repeat { method, row, age } = self;
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
        let repeat = Repeat::of(&call(Outcome::Unknown, None), Duration::from_secs(90));
        let start = "a.delete may have been done already: call 12 in the journal asked for the same 1 m 30 s ago";
        assert!(repeat.warning().starts_with(start), "{}", repeat.warning());
        let error = repeat.unasked(None);
        assert!(error.to_string().starts_with(start), "{error}");
        assert!(error.hint().is_some_and(|hint| hint.contains("`reconcile 12`") && hint.contains("--again")));
    }
}

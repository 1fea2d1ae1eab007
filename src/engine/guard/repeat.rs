//! The same change twice: while nobody knows what became of the first, the second is asked about, whatever the rules of
//! the account are.

use std::fmt;
use std::time::Duration;

use history::CallId;

use super::gate::Pending;
use crate::engine::accounts::roster::Accounts;
use crate::engine::call::entry;
use crate::engine::state::error::CallError;
use crate::engine::state::ledger::age;
use model::{Span, period};

/// A change that may have been made already.
#[derive(Debug)]
pub(super) struct Repeat {
    pub(super) method: String,
    /// The row of the call that may have made it.
    pub(super) row: CallId,
    /// How long ago that was.
    pub(super) age: Duration,
}

impl Repeat {
    /// What is on record of the same call; `None` where its outcome is known, or the user wants it sent again.
    pub(super) fn of(accounts: &Accounts, pending: &Pending<'_>) -> Result<Option<Repeat>, CallError> {
        let Pending { profile, call, again, .. } = *pending;
        let account = accounts.get(profile).filter(|_| !again && !call.effects().only_reads());
        let Some(account) = account else { return Ok(None) };
        let method = call.method.name.clone();
        let calls = accounts.ledger.unknown(&account.on_record(), &entry::request(call), &method)?;
        Ok(calls.last().map(|last| Repeat { method, row: last.id, age: age(last.call.begun) }))
    }

    /// What is said above the question.
    pub(super) fn warning(&self) -> String {
        format!("{self}. Check what became of it before you send it again.")
    }

    /// The error where nobody can be asked.
    pub(super) fn unasked(&self, head: Span) -> CallError {
        CallError::Blocked {
            message: self.to_string(),
            span: Some(head),
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

//! Calls with the same idempotency key: a provider carries out one of them, and answers the others like it.

use history::{Account, Call, CallId, Found, Key, NewCall};

use super::error::CallError;
use super::ledger::Ledger;
use super::repeat::remembered;
use model::Redactor;

impl Ledger {
    /// The key of the newest call that asked for the same and whose outcome is not known, if the provider still
    /// remembers it.
    pub(crate) fn key_of_unknown(
        &self,
        account: &Account,
        request: &str,
        method: &str,
    ) -> Result<Option<Key>, CallError> {
        let calls = self.unknown(account, request, method)?;
        Ok(calls.iter().rev().find_map(|call| remembered(&call.call)).cloned())
    }

    /// Notes that earlier calls with the same key happened: the provider has just done the change for this one, and does
    /// it once for a key.
    pub(super) fn done_with_key(&self, redactor: &Redactor, row: CallId, call: &NewCall) {
        let Some(key) = remembered(call) else { return };
        // If the journal fails, the rows stay open, which is still true.
        let earlier = self.unknown(&call.account, &call.request, &call.method).unwrap_or_default();
        let same = |other: &&Call| other.id != row && other.call.key.as_ref().is_some_and(|old| old.text == key.text);
        for other in earlier.iter().filter(same) {
            let by = format!("call {row} with the same key");
            let _ = self.reconcile(redactor, other.id, Found::Happened, &by, None);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Arc;

    use history::{Journal, Outcome};

    use super::*;
    use crate::engine::state::console::{Console, Stream};
    use crate::engine::state::ledger::{End, Records};
    use model::Effect;

    fn call(key: &str, window: i64) -> NewCall {
        let account = Account { provider: "p".into(), host: "h:443".into(), profile: None, id: None };
        NewCall {
            begun: 1,
            line: None,
            account,
            method: "a.new".into(),
            text: "a.new".into(),
            effect: "change".into(),
            request: "r".into(),
            key: Some(Key { text: key.into(), until: Some(history::now() + window) }),
            output: None,
            before: None,
        }
    }

    fn end(outcome: Outcome) -> End {
        End { outcome, exit_code: 0, bytes: 0, job: None, object: None }
    }

    #[test]
    fn a_key_is_used_again_in_its_window_while_its_call_is_open() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Arc::new(Journal::at(folder.path().join("state"), "s"));
        let mut ledger = Ledger::new(Records::In(Arc::clone(&journal)));
        let stream = || Stream::plain(Box::new(io::sink()));
        let mut console = Console {
            out: stream(),
            err: stream(),
            person: None,
            width: 80,
            height: 24,
            window: Default::default(),
            ability: Default::default(),
        };
        let account = call("", 0).account;
        let open = |ledger: &Ledger| ledger.key_of_unknown(&account, "r", "a.new").unwrap().map(|key| key.text);
        let redactor = Redactor::default();
        assert_eq!(open(&ledger), None);
        let _ = ledger.open(call("past", -1), Effect::Change).unwrap();
        assert_eq!(open(&ledger), None);
        let lost = ledger.open(call("one", 60_000), Effect::Change).unwrap();
        let first = lost.row.unwrap();
        ledger.close(&mut console, &redactor, lost, end(Outcome::Unknown));
        assert_eq!(open(&ledger).as_deref(), Some("one"));
        // A refusal says nothing about the first call.
        let again = ledger.open(call("one", 60_000), Effect::Change).unwrap();
        ledger.close(&mut console, &redactor, again, end(Outcome::Refused));
        assert_eq!(journal.call(first).unwrap().unwrap().outcome, Outcome::Unknown);
        let again = ledger.open(call("one", 60_000), Effect::Change).unwrap();
        ledger.close(&mut console, &redactor, again, end(Outcome::Done));
        let first = journal.call(first).unwrap().unwrap();
        assert_eq!(first.outcome, Outcome::Done);
        assert_eq!(first.reconciled.map(|found| found.by).as_deref(), Some("call 4 with the same key"));
        // The call of another key is still open.
        assert_eq!((open(&ledger), journal.count_open(None).unwrap()), (None, 1));
    }
}

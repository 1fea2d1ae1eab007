//! The journal as calls see it. A change is recorded before it is sent, and its row is completed with the outcome.

use std::mem;
use std::slice;
use std::sync::Arc;
use std::time::{Duration, Instant};

use history::{
    Account, Call, CallId, Filter, Finish, Found, Journal, LineId, Millis, NewCall, Outcome, Sighting, Start,
};

use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::engine::state::given;
use crate::engine::state::lately::Lately;
use crate::engine::state::public;
use crate::engine::state::repeat::Repeat;
use crate::engine::state::simulated;
use crate::engine::state::unrecorded::Unrecorded;
use model::{Effect, Redactor, Remembered, Sought, Span};

/// So many values of a kind are offered at most.
const MOST_OFFERED: usize = 200;
/// So many reads wait for the end of a line that makes many calls.
const MANY: usize = 200;

/// Where calls are recorded.
#[derive(Clone, Debug, Default)]
pub enum Records {
    /// In this journal.
    In(Arc<Journal>),
    /// Nowhere, because the user's folder is unknown. Changes are refused then.
    Homeless,
    /// Nowhere, because the user has turned the journal off.
    #[default]
    Off,
}

/// What is recorded for the present line.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    records: Records,
    /// The typed line that is running, if it was saved.
    pub(crate) line: Option<LineId>,
    /// The row of the change that the present line made, or was refused because of.
    pub(crate) row: Option<CallId>,
    /// What was recorded when the user was asked about the changes of the present line: for each its account, its
    /// request, and the newest call with an unknown outcome that asked for the same.
    looked: Arc<Vec<(Account, String, Option<CallId>)>>,
    /// Reads. Their rows are written when the line has ended, so that no answer waits for them.
    reads: Vec<(NewCall, u32, Finish)>,
    /// What answers showed. It is kept when the line has ended, too: by then all secrets of the answers are known.
    seen: Lately,
    /// How many values the calls of the present line were given, of what is written down.
    given: usize,
    /// A note that they cannot be written has been shown.
    told: bool,
}

/// What calls beside others left to be written down when the line has ended.
#[derive(Debug, Default)]
pub(crate) struct Traces {
    /// The row of the last change.
    pub(crate) row: Option<CallId>,
    reads: Vec<(NewCall, u32, Finish)>,
    seen: Vec<Sighting>,
}

/// A call from before it is sent until its outcome is known.
#[derive(Debug)]
#[must_use]
pub(crate) struct Entry {
    call: NewCall,
    /// Its row; a read has none yet.
    pub(crate) row: Option<CallId>,
    since: Instant,
    attempts: u32,
}

impl Entry {
    /// The call, as it is recorded.
    pub(crate) fn call(&self) -> &NewCall {
        &self.call
    }

    fn new(call: NewCall, row: Option<CallId>) -> Entry {
        Entry { call, row, since: Instant::now(), attempts: 1 }
    }
}

/// The outcome of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) outcome: Outcome,
    pub(crate) exit_code: u8,
    /// The size of the answer.
    pub(crate) bytes: u64,
    /// The provider's id of the job that it began.
    pub(crate) job: Option<String>,
    /// The provider's id of the object that it created or changed.
    pub(crate) object: Option<String>,
}

impl Ledger {
    pub(crate) fn new(records: Records) -> Ledger {
        Ledger { records, ..Ledger::default() }
    }

    /// Where calls are recorded, if they are.
    pub(crate) fn journal(&self) -> Option<&Journal> {
        match &self.records {
            Records::In(journal) => Some(journal),
            Records::Homeless | Records::Off => None,
        }
    }

    /// Begins another line, whose calls have no rows yet.
    pub(crate) fn turn(&mut self) {
        self.row = None;
        self.looked = Arc::default();
    }

    /// Begins another call of the present line. What was recorded when the user was asked counts for all of its calls.
    pub(crate) fn next_call(&mut self) {
        self.row = None;
    }

    /// A ledger for calls that run beside others: it records in the same place, under the same line and by the same
    /// rules. What it has yet to write down goes back with [`Ledger::traces`] and [`Ledger::take_up`].
    pub(crate) fn beside(&self) -> Ledger {
        Ledger { records: self.records.clone(), line: self.line, looked: Arc::clone(&self.looked), ..Ledger::default() }
    }

    /// Takes out what the calls since the last time left: the row of the last change, and what is written down when
    /// the line has ended.
    pub(crate) fn traces(&mut self) -> Traces {
        Traces { row: self.row.take(), reads: mem::take(&mut self.reads), seen: self.seen.take() }
    }

    /// Takes up what calls beside others left.
    pub(crate) fn take_up(&mut self, traces: Traces) {
        let Traces { row, reads, seen } = traces;
        self.row = row.or(self.row);
        self.reads.extend(reads);
        seen.into_iter().for_each(|one| self.seen.add(one));
    }

    /// Notes the newest call that asked for the same as a call that is about to be made. If a newer one is found later,
    /// the call is refused.
    pub(crate) fn looked(&mut self, account: Account, request: String, newest: Option<CallId>) {
        Arc::make_mut(&mut self.looked).push((account, request, newest));
    }

    /// Records a call. A change must not be sent before this has returned, nor after it has returned an error.
    pub(crate) fn open(&mut self, mut call: NewCall, effect: Effect) -> Result<Entry, CallError> {
        call.line = self.line;
        let changes = if effect == Effect::Read { &[] } else { slice::from_ref(&call) };
        let row = self.begun(changes)?.pop();
        self.row = row.or(self.row);
        Ok(Entry::new(call, row))
    }

    /// The same for calls that are sent together: all of them are recorded, or none.
    pub(crate) fn open_all(&mut self, mut calls: Vec<(NewCall, Effect)>) -> Result<Vec<Entry>, CallError> {
        calls.iter_mut().for_each(|(call, _)| call.line = self.line);
        let changes = |(_, effect): &&(NewCall, Effect)| *effect != Effect::Read;
        let changes: Vec<NewCall> = calls.iter().filter(changes).map(|(call, _)| call.clone()).collect();
        let mut rows = self.begun(&changes)?.into_iter();
        let mut row = |effect| if effect == Effect::Read { None } else { rows.next() };
        Ok(calls.into_iter().map(|(call, effect)| Entry::new(call, row(effect))).collect())
    }

    fn begun(&mut self, changes: &[NewCall]) -> Result<Vec<CallId>, CallError> {
        let Some(first) = changes.first() else { return Ok(Vec::new()) };
        let what = || format!("{} was not sent", first.method);
        let journal = match &self.records {
            Records::Off => return Ok(Vec::new()),
            Records::Homeless => return Err(Unrecorded::Homeless { what: what() }.into()),
            Records::In(journal) => journal,
        };
        let start = journal.begin_changes_unless(changes, |new, other| self.is_news(new, other));
        match start.map_err(|error| unrecorded(journal, error, what()))? {
            Start::Begun(rows) => Ok(rows),
            Start::Refused(other) => {
                self.row = Some(other.id);
                Err(Repeat::of(&other, age(other.call.begun), false).unasked(None))
            }
        }
    }

    /// Whether a call that asked for the same as a new one was begun after the user was asked about the new one.
    fn is_news(&self, new: &NewCall, other: &Call) -> bool {
        let same =
            |(account, request, _): &&(Account, String, _)| *request == new.request && account.is_same(&new.account);
        self.looked.iter().rfind(same).is_some_and(|(_, _, newest)| newest.is_none_or(|newest| other.id > newest))
    }

    /// Notes that a call is about to be sent again. The same rule applies as for the first time.
    pub(crate) fn again(&mut self, entry: &mut Entry) -> Result<(), CallError> {
        entry.attempts += 1;
        match (&self.records, entry.row) {
            (Records::In(journal), Some(row)) => journal.attempt(row).map_err(|error| {
                let what = format!("{} was not sent again", entry.call.method);
                unrecorded(journal, error, what)
            }),
            _ => Ok(()),
        }
    }

    /// Records the outcome of a call. The ids of its job and its object may contain a secret.
    pub(crate) fn close(&mut self, console: &mut Console, redactor: &Redactor, entry: Entry, end: End) {
        let Entry { call, row, since, attempts } = entry;
        let shown = |id: Option<String>| id.map(|id| redactor.foreign(&id).into_owned());
        let finish = Finish {
            bytes: Some(end.bytes),
            job: shown(end.job),
            object: shown(end.object),
            ..Finish::new(end.outcome, end.exit_code.into(), since.elapsed())
        };
        match (&self.records, row) {
            (Records::In(_), Some(row)) => {
                self.finish(console, row, &finish);
                if matches!(finish.outcome, Outcome::Done | Outcome::Running) {
                    self.done_with_key(redactor, row, &call);
                }
            }
            (Records::In(_), None) => self.reads.push((call, attempts, finish)),
            _ => {}
        }
    }

    /// Completes a row with the outcome of a call, or of the job that it began.
    pub(crate) fn finish(&self, console: &mut Console, row: CallId, finish: &Finish) {
        let Records::In(journal) = &self.records else { return };
        match journal.finish(row, finish) {
            // Another shell has recorded the outcome already.
            Ok(()) | Err(history::Error::Closed { .. }) => {}
            Err(error) => console.note(&format!("note: call {row} stays open in the journal: {error}")),
        }
    }

    /// The calls that asked the same of an account and whose outcome is unknown.
    pub(crate) fn unknown(&self, account: &Account, request: &str, method: &str) -> Result<Vec<Call>, CallError> {
        let Records::In(journal) = &self.records else { return Ok(Vec::new()) };
        journal
            .same_unknown(account, request)
            .map_err(|error| unrecorded(journal, error, format!("{method} was not sent")))
    }

    /// The open calls of all accounts, of earlier sessions too, the newest last; `None` if nothing is recorded. Calls of
    /// a sandbox that has ended are closed first.
    pub(crate) fn open_calls(&self) -> Result<Option<Vec<Call>>, CallError> {
        match &self.records {
            Records::Off | Records::Homeless => Ok(None),
            Records::In(journal) => {
                let calls = journal.open_calls(None).map_err(|error| unread(journal, UNREADABLE, error))?;
                Ok(Some(simulated::without_ended(journal, calls)))
            }
        }
    }

    /// An open call by its number; `span` is the position of the number in the line.
    pub(crate) fn open_call(&self, id: CallId, span: Span) -> Result<Call, CallError> {
        let found = match &self.records {
            Records::In(journal) => journal.call(id).map_err(|error| unread(journal, UNREADABLE, error))?,
            Records::Homeless | Records::Off => None,
        };
        let refused = |message: String| CallError::Usage {
            message,
            span: Some(span),
            hint: Some("`pending` lists the open calls with their numbers".into()),
        };
        match found {
            // A call that was marked as "cannot tell" may still be found out.
            Some(call) if call.outcome.is_open() => Ok(call),
            Some(call) => Err(refused(format!("the outcome of call {id} is known: {}", call.outcome))),
            None => Err(refused(format!("there is no call {id} in the journal"))),
        }
    }

    /// The calls of all accounts that began a job with this id, the newest last. Errors of the journal are reported
    /// elsewhere.
    pub(crate) fn calls_of_job(&self, id: &str) -> Vec<Call> {
        let Records::In(journal) = &self.records else { return Vec::new() };
        let found = journal.calls_by_job(id).ok();
        let mut calls = found.unwrap_or_default();
        calls.retain(|call| call.job.as_deref() == Some(id));
        calls
    }

    /// The other changes of the same account that were carried out, or may have been; the newest last.
    pub(crate) fn others(&self, call: &Call) -> Result<Vec<Call>, CallError> {
        let Records::In(journal) = &self.records else { return Ok(Vec::new()) };
        let filter = Filter { changes: true, account: Some(call.call.account.clone()), ..Filter::default() };
        let mut others = journal.calls(&filter).map_err(|error| unread(journal, UNREADABLE, error))?;
        let came_to_nothing = |call: &Call| matches!(call.outcome, Outcome::Failed | Outcome::Refused);
        others.retain(|other| other.id != call.id && !came_to_nothing(other));
        Ok(others)
    }

    /// Records what was found out about an open call, what showed it, and the id of the object that it created. If
    /// another shell has done so already, nothing is changed, and the recorded outcome is returned.
    pub(crate) fn reconcile(
        &self,
        redactor: &Redactor,
        id: CallId,
        found: Found,
        by: &str,
        object: Option<&str>,
    ) -> Result<Option<Outcome>, CallError> {
        let Records::In(journal) = &self.records else { return Ok(None) };
        let (by, object) = (redactor.foreign(by), object.map(|object| redactor.foreign(object)));
        match journal.reconcile(id, found, &by, object.as_deref(), history::now()) {
            Ok(()) => Ok(None),
            Err(history::Error::Closed { outcome, .. }) => Ok(Some(outcome)),
            Err(error) => {
                Err(unrecorded(journal, error, format!("what became of call {id} was found out, but not kept")))
            }
        }
    }

    /// Whether an account has open calls. Errors of the journal are reported elsewhere.
    pub(crate) fn has_open(&self, account: &Account) -> bool {
        let Records::In(journal) = &self.records else { return false };
        journal.count_open(Some(account)).is_ok_and(|count| count > 0)
    }

    /// Notes what an answer showed.
    pub(crate) fn saw(&mut self, sighting: Option<Sighting>) {
        if let (Records::In(_), Some(sighting)) = (&self.records, sighting) {
            self.seen.add(sighting);
        }
    }

    /// Whether what an answer showed at this time need not be noted: nothing is recorded, or the line before showed the
    /// same.
    pub(crate) fn saw_again(&mut self, at: Millis, is_same: impl FnOnce(&Sighting) -> bool) -> bool {
        !matches!(self.records, Records::In(_)) || self.seen.is_again(at, is_same)
    }

    /// Moves what answers showed into the journal, so that it can be found.
    pub(crate) fn take_in_seen(&self) {
        if let Records::In(journal) = &self.records {
            let _ = journal.take_in_seen();
        }
    }

    /// The values of a kind that were seen in an account, and that are not secret by now.
    pub(crate) fn seen(&self, account: &Account, sought: Sought<'_>, redactor: &Redactor) -> Vec<Remembered> {
        let Records::In(journal) = &self.records else { return Vec::new() };
        remembered(journal, account, sought, redactor)
    }

    /// Writes down what waits for the end of the line, if it is much: the line makes many calls, and no answer of theirs
    /// has a secret.
    pub(crate) fn settle_many(&mut self, console: &mut Console, redactor: &Redactor) {
        if self.reads.len() >= MANY {
            self.write_down(console, redactor);
        }
    }

    /// Writes down the reads of the line that has ended, and what its answers showed. A fault of the latter is not
    /// reported: it can only not be completed.
    pub(crate) fn settle(&mut self, console: &mut Console, redactor: &Redactor) {
        self.write_down(console, redactor);
        self.given = 0;
    }

    fn write_down(&mut self, console: &mut Console, redactor: &Redactor) {
        let (reads, seen) = (mem::take(&mut self.reads), self.seen.end());
        let Records::In(journal) = &self.records else { return };
        if !seen.is_empty() {
            let written = {
                let all = given::together(&seen, &mut self.given);
                let public: Vec<_> = all.iter().map(|one| public::only(one, redactor)).collect();
                journal.record_sightings(&public)
            };
            self.seen.keep(if written.is_ok() { seen } else { Vec::new() });
        }
        if let Err(error) = journal.record_reads(&reads)
            && !mem::replace(&mut self.told, true)
        {
            console.note(&format!("note: calls that only read are not recorded: {error}"));
        }
    }
}

/// The values of a kind that a journal has of an account, whose key or name begins with a text or else contains it.
pub fn remembered(
    journal: &Journal,
    account: &Account,
    Sought { kind, begun, within }: Sought<'_>,
    redactor: &Redactor,
) -> Vec<Remembered> {
    let found = journal.seen_within(account, (kind, begun), within, MOST_OFFERED).unwrap_or_default().into_iter();
    let open = found.filter(|one| public::is_public(&one.key, redactor) && public::is_public(&one.label, redactor));
    open.map(|one| Remembered { age: age(one.at), key: one.key, label: one.label }).collect()
}

/// The time since a moment, in whole seconds.
pub(crate) fn age(moment: Millis) -> Duration {
    let millis = history::now().saturating_sub(moment);
    Duration::from_secs(u64::try_from(millis).unwrap_or(0) / 1000)
}

/// When the last attempt of a call ended, as far as is known; otherwise when the first began.
pub(crate) fn end(call: &Call) -> Millis {
    let lasted = call.duration.map_or(0, |lasted| Millis::try_from(lasted.as_millis()).unwrap_or(Millis::MAX));
    call.call.begun.saturating_add(lasted)
}

fn unrecorded(journal: &Journal, error: history::Error, what: String) -> CallError {
    let mend = journal.mend(&error);
    Unrecorded::Journal { what, error, mend }.into()
}

/// The headline of an error of the journal as a whole.
const UNREADABLE: &str = "the journal cannot be read";

/// The error of a journal that cannot be read. `what` is the headline.
pub fn unread(journal: &Journal, what: &str, error: history::Error) -> CallError {
    let mend = journal.mend(&error);
    Unrecorded::Unread { what: what.to_owned(), error, mend }.into()
}

impl From<Unrecorded> for CallError {
    fn from(error: Unrecorded) -> CallError {
        CallError::Unrecorded(Box::new(error))
    }
}

#[cfg(test)]
mod tests;

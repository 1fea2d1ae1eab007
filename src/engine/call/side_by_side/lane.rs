//! One of the threads on which calls run side by side: it has a client with connections of its own, and takes one call
//! after the other from the queue.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::mem;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Mutex, PoisonError};

use super::order::{Comes, Finished, Order, Planned, Why};
use super::queue::{Key, Queue};
use crate::engine::accounts::account::Account;
use crate::engine::call::exchange::Exchange;
use crate::engine::call::variables;
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::engine::state::ledger::{Ledger, Traces};
use crate::signals;
use crate::wire::Timeouts;
use crate::wire::Wire;
use model::{Break, Class, Diagnostic, Redactor, Sent};
use registry::{Registry, Source};

/// What all threads share.
pub(super) struct Shared<'s, P, W> {
    pub(super) plans: &'s [P],
    pub(super) work: &'s W,
    pub(super) order: &'s Order<'s>,
    pub(super) queue: Queue,
    /// The accounts of the calls, by profile, with what the calls have shown about them.
    pub(super) accounts: BTreeMap<String, Mutex<Account>>,
    pub(super) registry: &'s Registry,
    /// How many times a call is repeated at most, by profile.
    pub(super) retries: BTreeMap<String, u8>,
    /// Ctrl-C was pressed.
    pub(super) stopped: &'s AtomicBool,
}

/// What a thread reports: how a call ended, and what it left to be written down.
pub(super) struct Message<T> {
    pub(super) index: usize,
    pub(super) finished: Finished<T>,
    pub(super) traces: Traces,
}

/// The parts of one thread.
pub(super) struct Lane<'l> {
    pub(super) wire: &'l mut Wire,
    pub(super) redactor: Redactor,
    pub(super) ledger: Ledger,
}

impl Lane<'_> {
    /// Runs calls until there are no more.
    pub(super) fn run<P, T, W>(mut self, shared: &Shared<'_, P, W>, report: &Sender<Message<T>>)
    where
        P: Planned,
        T: Comes,
        W: Fn(&mut Exchange<'_>, &P) -> Result<T, CallError>,
    {
        let notes = Notes::default();
        let mut console = Console::of_notes(Box::new(notes.clone()));
        while let Some(index) = next(shared) {
            let Some(plan) = shared.plans.get(index) else { continue };
            let done = self.one(shared, plan, &mut console);
            let failure = done.as_ref().map_or_else(Some, Comes::failure);
            let key = failure.map_or(Key::Accepted, of_key);
            if let Some(error) = failure {
                match error.class().broken_by() {
                    Some(by) => shared.queue.stop(Why::Interrupted(by)),
                    None if (shared.order.ends)(error) => shared.queue.stop(Why::Failure),
                    None => {}
                }
            }
            let out = shared.queue.ended(index, key);
            let traces = self.ledger.traces();
            let finished = Finished { ended: done.into(), row: traces.row, notes: notes.take() };
            let mut all = vec![Message { index, finished, traces }];
            all.extend(out.into_iter().map(|index| Message {
                index,
                finished: Finished::unsent(Why::Key),
                traces: Traces::default(),
            }));
            // If nobody listens any more, the calls that are under way are recorded all the same.
            all.into_iter().for_each(|message| drop(report.send(message)));
        }
    }

    fn one<P, T, W>(&mut self, shared: &Shared<'_, P, W>, plan: &P, console: &mut Console) -> Result<T, CallError>
    where
        P: Planned,
        W: Fn(&mut Exchange<'_>, &P) -> Result<T, CallError>,
    {
        let profile = plan.profile();
        let (Some(known), Some(source)) = (shared.accounts.get(profile), shared.registry.source(profile)) else {
            return Err(CallError::usage(format!("there is no account `{profile}`"), None));
        };
        let rules = (plan.timeouts(), shared.retries.get(profile).copied().unwrap_or_default());
        let mut account = {
            // What a service must be asked for before the call is asked for once; the other calls of the account wait.
            let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
            variables::resolve(&mut self.exchange((&mut known, source), console, rules), plan.method())?;
            known.beside()
        };
        let done = (shared.work)(&mut self.exchange((&mut account, source), console, rules), plan);
        known.lock().unwrap_or_else(PoisonError::into_inner).take_up(account);
        done
    }

    /// The parts of one call.
    fn exchange<'x>(
        &'x mut self,
        (account, source): (&'x mut Account, &'x Source),
        console: &'x mut Console,
        (timeouts, retries): (Timeouts, u8),
    ) -> Exchange<'x> {
        let Lane { wire, redactor, ledger } = self;
        wire.hide(redactor);
        wire.trusting(account.target.ca.as_deref());
        let (output, until) = (None, None);
        Exchange { account, source, wire, console, redactor, ledger, output, timeouts, until, retries }
    }
}

/// The next call to begin, unless Ctrl-C was pressed or the process must end.
fn next<P, W>(shared: &Shared<'_, P, W>) -> Option<usize> {
    let pressed = shared.stopped.load(Ordering::Relaxed).then_some(Break::CtrlC);
    if let Some(by) = signals::ending().or(pressed) {
        shared.queue.stop(Why::Interrupted(by));
    }
    shared.queue.next()
}

/// What an error says about the key.
fn of_key(error: &CallError) -> Key {
    match (error.class(), error.sent()) {
        (Class::Credentials, Sent::Yes) => Key::Refused,
        (_, Sent::Yes) => Key::Accepted,
        _ => Key::Untried,
    }
}

/// The notes of a call. Each is written and then flushed.
#[derive(Clone, Default)]
struct Notes(Rc<RefCell<(Vec<u8>, Vec<String>)>>);

impl Notes {
    fn take(&self) -> Vec<String> {
        mem::take(&mut self.0.borrow_mut().1)
    }
}

impl Write for Notes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut notes = self.0.borrow_mut();
        let text = String::from_utf8_lossy(&mem::take(&mut notes.0)).trim_end().to_owned();
        if !text.is_empty() {
            notes.1.push(text);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_kept_one_by_one() {
        let notes = Notes::default();
        let mut console = Console::of_notes(Box::new(notes.clone()));
        console.note("note: one\n  and its second line");
        console.note("note: two");
        assert_eq!(notes.take(), ["note: one\n  and its second line", "note: two"]);
        assert!(notes.take().is_empty());
    }

    #[test]
    fn only_an_answer_says_something_about_the_key() {
        let missing = CallError::NoKey { profile: "p".into() };
        assert_eq!(of_key(&missing), Key::Untried);
    }
}

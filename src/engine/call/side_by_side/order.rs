//! What goes in and what comes out when calls run side by side.

use history::CallId;

use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::engine::state::ledger::Ledger;
use crate::wire::Timeouts;
use model::{Break, Method, Redactor, Value};

/// A call that is ready to be sent, as far as the order of calls depends on it.
pub(crate) trait Planned: Sync {
    /// The profile of its account.
    fn profile(&self) -> &str;
    /// Its method.
    fn method(&self) -> &Method;
    /// How long its answer may take.
    fn timeouts(&self) -> Timeouts;
}

/// What calls come to, as far as the order of the next ones depends on it.
pub(crate) trait Comes: Send {
    /// The error that counts, if there is a result all the same: some of several calls in one request may have failed.
    fn failure(&self) -> Option<&CallError> {
        None
    }
}

impl Comes for Value {}
impl<T: Send> Comes for (Value, T) {}

/// How calls run side by side.
pub(crate) struct Order<'o> {
    /// How many calls may be under way.
    pub(crate) at_once: usize,
    /// Whether no more calls begin after this error. `&|_| false` keeps going, `&|_| true` ends at the first failure.
    pub(crate) ends: &'o (dyn Fn(&CallError) -> bool + Sync),
}

/// How a call ended.
#[derive(Debug)]
pub(crate) enum Ended<T, E = Box<CallError>> {
    /// With a result.
    Done(T),
    /// With an error. It says whether anything was sent.
    Failed(E),
    /// It never began: nothing of it was sent.
    Unsent(Why),
}

/// Why a call never began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// Another call failed.
    Failure,
    /// Ctrl-C, or the process must end.
    Interrupted(Break),
    /// The key of its account was refused for other calls.
    Key,
}

/// A call that has ended.
#[derive(Debug)]
pub(crate) struct Finished<T> {
    /// How.
    pub(crate) ended: Ended<T>,
    /// Its row in the journal, if it was to change something; of several, the last.
    pub(crate) row: Option<CallId>,
    /// Notes for the user, without the account that they are about.
    pub(crate) notes: Vec<String>,
}

impl<T> Finished<T> {
    pub(super) fn unsent(why: Why) -> Finished<T> {
        Finished { ended: Ended::Unsent(why), row: None, notes: Vec::new() }
    }
}

impl<T> From<Result<T, CallError>> for Ended<T> {
    fn from(done: Result<T, CallError>) -> Ended<T> {
        done.map_or_else(|error| Ended::Failed(Box::new(error)), Ended::Done)
    }
}

/// The parts of the session that a result is delivered with.
pub(crate) struct Desk<'d> {
    pub(crate) redactor: &'d mut Redactor,
    pub(crate) ledger: &'d mut Ledger,
    pub(crate) console: &'d mut Console,
}

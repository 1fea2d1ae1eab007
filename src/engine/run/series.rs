//! Sends the calls for the members of a result, one after the other or side by side, and several in one request where the
//! service takes that.
//!
//! Reads go together by themselves, changes only if the line says `--batch`: a request whose answer is lost leaves the
//! outcome of every change in it unknown. If a request with several reads gives no result at all, they and all later ones
//! are made one by one.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::vec;

use history::CallId;

use crate::engine::accounts::roster::Accounts;
use crate::engine::call::entry;
use crate::engine::call::exchange::Exchange;
use crate::engine::call::idempotency;
use crate::engine::call::side_by_side::{self, Comes, Desk, Ended, Finished, Order, Planned, Results, Why};
use crate::engine::call::together;
use crate::engine::run::calls::{Calls, Ready};
use crate::engine::run::made::Made;
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::wire::{Timeouts, WireError};
use model::{Break, Call, Class, Diagnostic, Method};

/// So many of the provider's remarks about calls are told.
const TOLD: usize = 20;

/// How they are sent.
pub(super) struct Manner {
    /// After a call that failed, the others are still made.
    pub(super) keep_going: bool,
    /// How many requests may be under way at once.
    pub(super) jobs: usize,
    /// Changes, too, go together in one request.
    pub(super) batch: bool,
}

/// What became of one of them. Calls of the same request may share an error.
pub(super) struct Answered<T> {
    pub(super) ended: Ended<T, Arc<CallError>>,
    /// Its row in the journal, if it was to change something.
    pub(super) row: Option<CallId>,
}

impl<T> Answered<T> {
    /// Why it was not done, if it was sent or tried.
    pub(super) fn error(&self) -> Option<&CallError> {
        match &self.ended {
            Ended::Failed(error) => Some(error),
            Ended::Done(_) | Ended::Unsent(_) => None,
        }
    }

    fn unsent(why: Why) -> Answered<T> {
        Answered { ended: Ended::Unsent(why), row: None }
    }
}

/// What came of the calls of one request.
struct Group<T>(Vec<Answered<T>>);

impl<T: Send> Comes for Group<T> {
    fn failure(&self) -> Option<&CallError> {
        self.0.iter().find_map(Answered::error)
    }
}

/// The calls of one request, with what they have in common with the others.
struct Seat<'c> {
    calls: &'c Calls,
    first: &'c Ready,
    group: &'c [Ready],
}

impl Planned for Seat<'_> {
    fn profile(&self) -> &str {
        &self.calls.profile
    }

    fn method(&self) -> &Method {
        &self.first.call.method
    }

    fn timeouts(&self) -> Timeouts {
        self.calls.timeouts
    }
}

/// How many calls go into one request: no more than the service takes, and few enough for each thread to have some.
fn together_at_once(accounts: &Accounts, calls: &Calls, manner: &Manner) -> usize {
    let plain = |ready: &Ready| {
        (manner.batch || ready.call.effects().only_reads())
            && !idempotency::has_key(&ready.call)
            && ready.call.method.calls_at_once.is_none()
    };
    if !calls.ready.iter().all(plain) {
        return 1;
    }
    let share = calls.ready.len().div_ceil(manner.jobs.max(1));
    together::most(accounts, &calls.profile).min(share).max(1)
}

/// Sends the calls. The taker is given what became of each, in their order, while the others are under way.
pub(super) fn send<M: Made, R>(
    (accounts, console): (&mut Accounts, &mut Console),
    calls: &Calls,
    manner: &Manner,
    made: &M,
    taker: impl FnOnce(&mut Replies<'_, '_, M::Result>) -> Result<R, CallError>,
) -> Result<R, CallError> {
    let size = together_at_once(accounts, calls, manner);
    let groups = calls.ready.chunks(size);
    let seats: Vec<Seat<'_>> = groups.filter_map(|group| Some(Seat { calls, first: group.first()?, group })).collect();
    let ends = |error: &CallError| !manner.keep_going || ends_all(error);
    let at_once = if has_twins(calls) { 1 } else { manner.jobs };
    let order = Order { at_once, ends: &ends };
    let alone = AtomicBool::new(false);
    side_by_side::take(
        (accounts, console),
        &seats,
        &order,
        |exchange, seat| some((exchange, made), seat, &alone, &ends),
        |results| {
            let sizes = seats.iter().map(|seat| seat.group.len()).collect();
            taker(&mut Replies { results, sizes, group: Vec::new().into_iter(), told: 0 })
        },
    )
}

/// Whether two of the calls ask for the same change: then one waits for the outcome of the other.
fn has_twins(calls: &Calls) -> bool {
    let mut seen = HashSet::new();
    let changes = calls.ready.iter().filter(|ready| !ready.call.effects().only_reads());
    changes.map(|ready| entry::request(&ready.call)).any(|request| !seen.insert(request))
}

/// What became of the calls, one after the other.
pub(super) struct Replies<'r, 'd, T> {
    results: &'r mut Results<'d, Group<T>>,
    /// How many calls each request has.
    sizes: Vec<usize>,
    /// Those of the last request that have not been taken.
    group: vec::IntoIter<Answered<T>>,
    /// How many of the provider's remarks have been told.
    told: usize,
}

impl<'d, T> Replies<'_, 'd, T> {
    /// The next, once it is there.
    pub(super) fn next(&mut self) -> Option<Answered<T>> {
        loop {
            if let Some(answered) = self.group.next() {
                return Some(answered);
            }
            let (index, Finished { ended, row, notes }) = self.results.next()?;
            let desk = &mut self.results.desk;
            for note in notes.iter().take(TOLD.saturating_sub(self.told)) {
                desk.console.note(&desk.redactor.foreign(note));
                self.told += 1;
            }
            let group = match ended {
                Ended::Done(Group(some)) => some,
                Ended::Failed(error) => vec![Answered { ended: Ended::Failed(error.into()), row }],
                Ended::Unsent(why) => {
                    let size = self.sizes.get(index).copied().unwrap_or_default();
                    (0..size).map(|_| Answered::unsent(why)).collect()
                }
            };
            self.group = group.into_iter();
        }
    }

    /// What they are delivered with.
    pub(super) fn desk(&mut self) -> &mut Desk<'d> {
        &mut self.results.desk
    }
}

/// Makes the calls of one request.
fn some<M: Made>(
    (exchange, made): (&mut Exchange<'_>, &M),
    seat: &Seat<'_>,
    alone: &AtomicBool,
    ends: &dyn Fn(&CallError) -> bool,
) -> Result<Group<M::Result>, CallError> {
    let reads = seat.group.iter().all(|ready| ready.call.effects().only_reads());
    if seat.group.len() > 1 && !alone.load(Ordering::Relaxed) {
        exchange.ledger.next_call();
        let calls: Vec<&Call> = seat.group.iter().map(|ready| &ready.call).collect();
        let answered = exchange.together(&calls).into_iter().map(|together::Answered { value, row }| {
            let value = value.and_then(|value| made.of_tree(value).map_err(Arc::new));
            Answered { ended: value.map_or_else(Ended::Failed, Ended::Done), row }
        });
        let answered: Vec<_> = answered.collect();
        if !(reads && is_worth_another_try(&answered)) {
            return Ok(Group(answered));
        }
        alone.store(true, Ordering::Relaxed);
    }
    let mut answered = Vec::with_capacity(seat.group.len());
    let mut ended = false;
    for Ready { call, .. } in seat.group {
        if ended {
            answered.push(Answered::unsent(Why::Failure));
            continue;
        }
        exchange.ledger.next_call();
        match made.of_call(exchange, call) {
            Ok(result) => answered.push(Answered { ended: Ended::Done(result), row: exchange.ledger.row }),
            Err(error) if seat.group.len() == 1 => return Err(error),
            Err(error) => {
                ended = ends(&error);
                answered.push(Answered { ended: Ended::Failed(error.into()), row: exchange.ledger.row });
            }
        }
    }
    Ok(Group(answered))
}

/// Whether none of several reads has a result, and the reason may be that they were in one request.
fn is_worth_another_try<T>(answered: &[Answered<T>]) -> bool {
    let error =
        |one: &Answered<T>| one.error().is_some_and(|error| !ends_all(error) && error.class() != Class::NotReached);
    answered.iter().all(error)
}

/// Whether no other call is made after this error: the key is refused for all of them, or somebody has ended it.
fn ends_all(error: &CallError) -> bool {
    error.class() == Class::Credentials || ended_by(error).is_some()
}

/// The interruption that an error is about, also that of a change whose outcome is unknown.
pub(super) fn ended_by(error: &CallError) -> Option<Break> {
    match error {
        CallError::Wire(lost) => match lost.error {
            WireError::Interrupted { by, .. } => Some(by),
            _ => None,
        },
        other => other.class().broken_by(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Effect, Sent};

    #[test]
    fn an_interruption_ends_all_whatever_became_of_the_call() {
        for effect in [Effect::Read, Effect::Change] {
            let error = WireError::Interrupted { sent: Sent::Unknown, by: Break::CtrlC };
            let error = CallError::lost(error, effect, "a.b");
            assert!(ends_all(&error) && ended_by(&error) == Some(Break::CtrlC));
        }
        let refused = CallError::usage_of("no".into());
        assert!(!ends_all(&refused) && ended_by(&refused).is_none());
        assert!(ends_all(&CallError::NoKey { profile: "p".into() }));
    }
}

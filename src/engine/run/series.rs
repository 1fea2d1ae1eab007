//! Sends the calls for the members of a result, one after the other or side by side.

use history::CallId;

use crate::engine::accounts::roster::Accounts;
use crate::engine::call::remarks;
use crate::engine::call::side_by_side::{self, Ended, Order, Planned};
use crate::engine::run::calls::{Calls, Ready};
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::wire::{Timeouts, WireError};
use model::{Break, Class, Diagnostic, Method, Value};

/// So many of the provider's remarks about calls are told.
const TOLD: usize = 20;

/// How they are sent.
pub(super) struct Manner {
    /// After a call that failed, the others are still made.
    pub(super) keep_going: bool,
    /// How many may be under way at once.
    pub(super) jobs: usize,
}

/// What became of one of them.
pub(super) struct Answered {
    pub(super) ended: Ended<Value>,
    /// Its row in the journal, if it was to change something.
    pub(super) row: Option<CallId>,
}

impl Answered {
    /// Why it was not done, if it was sent or tried.
    pub(super) fn error(&self) -> Option<&CallError> {
        match &self.ended {
            Ended::Failed(error) => Some(error),
            Ended::Done(_) | Ended::Unsent(_) => None,
        }
    }
}

/// A call with what it has in common with the others.
struct Seat<'c> {
    calls: &'c Calls,
    ready: &'c Ready,
}

impl Planned for Seat<'_> {
    fn profile(&self) -> &str {
        &self.calls.profile
    }

    fn method(&self) -> &Method {
        &self.ready.call.method
    }

    fn timeouts(&self) -> Timeouts {
        self.calls.timeouts
    }
}

/// Sends the calls, and returns what became of each, in their order.
pub(super) fn send(
    (accounts, console): (&mut Accounts, &mut Console),
    calls: &Calls,
    manner: &Manner,
) -> Result<Vec<Answered>, CallError> {
    let seats: Vec<Seat<'_>> = calls.ready.iter().map(|ready| Seat { calls, ready }).collect();
    let mut answered = Vec::with_capacity(seats.len());
    if seats.is_empty() {
        return Ok(answered);
    }
    let ends = |error: &CallError| !manner.keep_going || ends_all(error);
    let order = Order { at_once: manner.jobs, ends: &ends };
    let mut told = 0;
    side_by_side::run(
        (accounts, console),
        &seats,
        &order,
        |exchange, seat| {
            exchange.ledger.turn();
            let (value, aside) = exchange.value(&seat.ready.call)?;
            remarks::tell(exchange, &seat.ready.call, aside);
            Ok(value)
        },
        |desk, _, finished| {
            for note in finished.notes.iter().take(TOLD.saturating_sub(told)) {
                desk.console.note(&desk.redactor.foreign(note));
                told += 1;
            }
            answered.push(Answered { ended: finished.ended, row: finished.row });
            Ok(())
        },
    )?;
    Ok(answered)
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

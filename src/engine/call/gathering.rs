//! One call for each of several accounts, whose results are wanted together: what `@all METHOD` and what is built from
//! such calls are made of. The calls run side by side; see `side_by_side`.
//!
//! Each call is for one account and has its own method and its own arguments, so that accounts of different providers
//! can be asked the same question. Everything must have been approved, and the keys fetched, before. Notes and failures
//! are written to standard error with the account they are about; the failures are counted in the [`Tally`], whose
//! error is that of the line. `engine/deliver/tagged.rs` makes rows of the answers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use crate::engine::accounts::roster::Accounts;
use crate::engine::call::entry;
use crate::engine::call::exchange::Exchange;
use crate::engine::call::jobs::{self, Watch};
use crate::engine::call::pages;
use crate::engine::call::remarks;
use crate::engine::call::side_by_side::{self, Desk, Ended, Finished, Order, Planned, Why};
use crate::engine::state::apart::Tally;
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::render;
use crate::wire::{Timeouts, WireError};
use codec::{DecodeError, MessageError};
use history::{CallId, Outcome};
use model::{Call, Diagnostic, Effect, Method, Redactor, Sent, Value, weight};

/// A call for one account.
pub(crate) struct Asked {
    /// The profile of the account.
    pub(crate) profile: String,
    /// The call.
    pub(crate) call: Call,
    /// How much of a list is read.
    pub(crate) reach: Reach,
    /// How long an answer may take.
    pub(crate) timeouts: Timeouts,
}

/// How much of a list is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// What one call answers.
    One,
    /// All pages of a list that has pages.
    All,
    /// All pages, if it has any.
    Whole,
}

/// The answer to such a call.
pub(crate) struct Answer {
    /// Which call.
    pub(crate) index: usize,
    /// The result, as the provider sent it.
    pub(crate) value: Value,
    /// What the call began, if that can be followed.
    pub(crate) watch: Option<Watch>,
    /// Its row in the journal, if it changed something.
    pub(crate) row: Option<CallId>,
}

impl Planned for Asked {
    fn profile(&self) -> &str {
        &self.profile
    }

    fn method(&self) -> &Method {
        &self.call.method
    }

    fn timeouts(&self) -> Timeouts {
        self.timeouts
    }
}

/// Makes the calls, and returns the answers in the order of the calls. Those that failed are missing; they have been
/// reported. An error is returned if nothing could be begun, or if the answers together are too large.
pub(crate) fn gather(
    parts: (&mut Accounts, &mut Console),
    asked: &[Asked],
    order: &Order<'_>,
    tally: &mut Tally,
) -> Result<Vec<Answer>, CallError> {
    let (mut answers, mut heavy) = (Vec::with_capacity(asked.len()), 0);
    let (dead, mut said) = (Dead::default(), BTreeSet::new());
    let work = |exchange: &mut Exchange<'_>, asked: &Asked| dead.answer(exchange, asked);
    side_by_side::run(parts, asked, order, work, |desk, index, finished| {
        let Some(Asked { profile, call, reach, .. }) = asked.get(index) else { return Ok(()) };
        let Finished { ended, row, notes } = finished;
        for note in notes {
            tell(desk, profile, note.strip_prefix("note: ").unwrap_or(&note));
        }
        match ended {
            Ended::Done((value, watch)) => {
                tally.answered();
                heavy += weight::of(&value);
                if heavy > weight::MOST {
                    return Err(DecodeError::from(MessageError::Heavy { limit: weight::MOST, streams: false }).into());
                }
                answers.push(Answer { index, value, watch, row });
            }
            Ended::Failed(error) => {
                let outcome = entry::failed(call.effects().main(), &error).outcome;
                tally.failed(profile, &*error, outcome == Outcome::Unknown);
                // A line that names no method does not show what an answer is about.
                let about = *reach == Reach::Whole && error.sent() != Sent::No;
                let about = if about { format!("{}: ", call.method.name) } else { String::new() };
                let told = format!("{about}{}", told(&error, row));
                if said.insert((profile, told.clone())) {
                    tell(desk, profile, &told);
                }
            }
            Ended::Unsent(why) => {
                let (words, broken) = match why {
                    Why::Failure => ("not sent, because a call before it failed", None),
                    Why::Key => ("not sent, because its key was refused for other calls", None),
                    Why::Interrupted(by) => ("not sent", Some(by)),
                };
                tally.unsent(profile, broken);
                tell(desk, profile, words);
            }
        }
        Ok(())
    })?;
    Ok(answers)
}

/// Writes a note about an account. Any of it may quote an answer.
fn tell(desk: &mut Desk<'_>, profile: &str, note: &str) {
    tell_of(desk.console, desk.redactor, profile, note);
}

/// The same for what failed before the calls.
pub(crate) fn tell_of(console: &mut Console, redactor: &Redactor, profile: &str, note: &str) {
    console.note(&redactor.foreign(&format!("note: {profile}: {note}")));
}

/// An error in one note, with the row of its call.
pub(crate) fn told(error: &CallError, row: Option<CallId>) -> String {
    let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
    let row = row.map(|row| format!(" (call {row})")).unwrap_or_default();
    format!("{}{row}{hint}", render::report::message(error))
}

/// The services that could not be reached, by profile: no further call of theirs is tried.
#[derive(Default)]
struct Dead(Mutex<BTreeMap<String, WireError>>);

impl Dead {
    fn answer(&self, exchange: &mut Exchange<'_>, asked: &Asked) -> Result<(Value, Option<Watch>), CallError> {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(error) = known().get(&asked.profile) {
            return Err(CallError::lost(error.clone(), asked.call.effects().main(), &asked.call.method.name));
        }
        let done = answer(exchange, asked);
        if let Err(CallError::Wire(lost)) = &done
            && matches!(lost.error, WireError::NotReached { .. })
        {
            known().insert(asked.profile.clone(), lost.error.clone());
        }
        done
    }
}

/// Makes one of the calls.
fn answer(exchange: &mut Exchange<'_>, asked: &Asked) -> Result<(Value, Option<Watch>), CallError> {
    let call = &asked.call;
    match asked.reach {
        Reach::All => return Ok((pages::all(exchange, call)?, None)),
        Reach::Whole => return Ok((pages::whole(exchange, call)?.0, None)),
        Reach::One => {}
    }
    let begun = if call.effects().main() == Effect::Read { None } else { jobs::before(exchange, call, false)? };
    let (value, aside) = exchange.value(call)?;
    let named = aside.job.clone();
    remarks::tell(exchange, call, aside);
    let watch = begun.and_then(|watch| watch.identified_in(&value, named.as_deref()));
    Ok((value, watch))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_note_with_its_row_and_what_to_do() {
        let error = CallError::Usage { message: "no".into(), span: None, hint: Some("try again".into()) };
        assert_eq!(told(&error, None), "no; try again");
        let error = CallError::NoKey { profile: "p".into() };
        assert!(told(&error, Some(CallId(7))).starts_with("no key for `p` (call 7); "));
    }
}

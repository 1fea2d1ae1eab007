//! What may leave: the one place that every call of a user passes before it is sent.
//!
//! First the rules of the account, which ask nobody; then, when everything else is ready, the question to the user.

mod price;
mod question;
#[cfg(test)]
mod tests;

use std::sync::atomic::Ordering;

use super::console::is_yes;
use super::error::CallError;
use super::rules::Confirm;
use super::session::Session;
use lang::Line;
use model::{Call, Effect, Method, Span};
use question::Answer;

/// A call that is ready to leave.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pending<'p> {
    /// Whose account it is for.
    pub(super) profile: &'p str,
    /// The call.
    pub(super) call: &'p Call,
    /// The line that asks for it.
    pub(super) line: &'p Line,
}

/// Refuses what the account's rules do not allow.
pub(super) fn admit(session: &mut Session, profile: &str, method: &Method, line: &Line) -> Result<(), CallError> {
    if session.rules(profile).read_only && method.effect != Effect::Read {
        return Err(CallError::Blocked {
            message: format!("{} is a {} call, and {profile} is read-only", method.name, method.effect.as_str()),
            span: Some(line.head.span),
            hint: Some("another profile of the account may do it; `profiles` lists them".into()),
        });
    }
    Ok(())
}

/// Asks the user about those calls that the accounts' rules want asked about: one question for all of them. Nothing is
/// asked where the user has said yes beforehand; where nobody can be asked, the calls are refused.
pub(super) fn confirm(session: &mut Session, pending: &[Pending<'_>]) -> Result<(), CallError> {
    let doubtful: Vec<Pending<'_>> = pending.iter().copied().filter(|pending| is_doubtful(session, pending)).collect();
    let [first, others @ ..] = doubtful.as_slice() else { return Ok(()) };
    let span = first.line.head.span;
    if session.console.person.is_none() {
        return Err(unasked(first, others.len()));
    }
    let question = match others {
        [] => question::of_one(session, first)?,
        _ => question::of_several(session, &doubtful),
    };
    for line in &question.lines {
        session.console.note(line);
    }
    match answered(session, &question.asked)? {
        Some(answer) if question.wanted.is_met_by(&answer) => Ok(()),
        Some(answer) if matches!(question.wanted, Answer::Word(_)) => {
            let typed = answer.trim();
            Err(declined(format!("`{typed}` is not what was asked for"), span))
        }
        Some(_) => Err(declined("the answer was no".into(), span)),
        None => Err(taken_back(span)),
    }
}

/// Asks for one line. `None` when the question was taken back, or nobody is there.
fn answered(session: &mut Session, question: &str) -> Result<Option<String>, CallError> {
    let Some(person) = &mut session.console.person else { return Ok(None) };
    let answer = person.line(question).map_err(|error| CallError::Blocked {
        message: format!("the question could not be asked: {error}"),
        span: None,
        hint: None,
    })?;
    if answer.is_none() {
        // The keys of a question are read one by one: Ctrl-C is no signal there, but it means the same.
        session.interrupted.store(true, Ordering::Relaxed);
    }
    Ok(answer)
}

/// Whether somebody says yes to a question. `None` when it was taken back, or nobody is there.
pub(super) fn agreed(session: &mut Session, question: &str) -> Result<Option<bool>, CallError> {
    Ok(answered(session, question)?.map(|answer| is_yes(&answer)))
}

/// The end of a line whose question was taken back.
pub(super) fn taken_back(span: Span) -> CallError {
    declined("the question was taken back".into(), span)
}

/// Whether the user is to be asked about a call.
fn is_doubtful(session: &Session, pending: &Pending<'_>) -> bool {
    let Pending { profile, call, line } = pending;
    let method = &call.method;
    let asked_about = match (session.rules(profile).confirm, method.effect) {
        (Confirm::None, _) | (_, Effect::Read) => false,
        (Confirm::Destroy, effect) => effect != Effect::Change,
        (Confirm::Change, _) => true,
    };
    // What only tells the price orders nothing.
    let rehearsed = method.price.as_ref().is_some_and(|price| price.is_rehearsed(&call.arguments));
    asked_about && !rehearsed && !says_yes(session, line)
}

/// Whether the user has answered beforehand. A yes in a line that was recalled answered another question.
pub(super) fn says_yes(session: &Session, line: &Line) -> bool {
    session.settings.yes || (line.has_option("yes") && !session.recalled)
}

fn unasked(pending: &Pending<'_>, others: usize) -> CallError {
    let Pending { profile, call, line } = pending;
    let more = match others {
        0 => String::new(),
        others => format!(", like {others} other calls of the line"),
    };
    let does = does(call.method.effect);
    CallError::Blocked {
        message: format!("{} on {profile} {does}{more}, and nobody can be asked", call.method.name),
        span: Some(line.head.span),
        hint: Some("--yes does it without asking".into()),
    }
}

fn declined(message: String, span: Span) -> CallError {
    CallError::Blocked { message, span: Some(span), hint: None }
}

/// What an effect means to whoever is asked.
fn does(effect: Effect) -> &'static str {
    match effect {
        Effect::Read => "changes nothing",
        Effect::Change => "changes something",
        Effect::Destroy => "loses something for good",
        Effect::Billable => "may cost money",
    }
}

//! What may leave: the one place that every call of a user passes before it is sent.
//!
//! First the rules of the account, which ask nobody; then, when everything else is ready, the question to the user.

pub(crate) mod key_change;
mod price;
mod question;
#[cfg(test)]
mod tests;

use std::sync::atomic::Ordering;

use crate::engine::accounts::rules::Confirm;
use crate::engine::run::session::Session;
use crate::engine::state::console::is_yes;
use crate::engine::state::error::CallError;
use lang::Line;
use model::{Call, Effect, EffectWhen, Effects, Span};
use question::Answer;
use registry::resolve::ResolveError;

/// A call that is ready to leave.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pending<'p> {
    /// Whose account it is for.
    pub(crate) profile: &'p str,
    /// The call.
    pub(crate) call: &'p Call,
    /// The line that asks for it.
    pub(crate) line: &'p Line,
}

/// Refuses what the account's rules do not allow, and a call that carries others, by whatever way its name came here.
pub(crate) fn admit(session: &Session, profile: &str, call: &Call, line: &Line) -> Result<(), CallError> {
    let name = &call.method.name;
    if session.registry.source(profile).is_some_and(|source| source.provider().carries(name)) {
        return Err(ResolveError::Carrier { name: name.clone(), span: line.head.span }.into());
    }
    let effects = call.effects();
    if session.rules(profile).read_only && !effects.only_reads() {
        return Err(CallError::Blocked {
            message: format!("{} is a {effects} call, and {profile} is read-only", call.method.name),
            span: Some(line.head.span),
            hint: Some("another profile of the account may do it; `profiles` lists them".into()),
        });
    }
    Ok(())
}

/// Asks the user about those calls that the accounts' rules want asked about: one question for all of them. Nothing is
/// asked where the user has said yes beforehand; where nobody can be asked, the calls are refused.
pub(crate) fn confirm(session: &mut Session, pending: &[Pending<'_>]) -> Result<(), CallError> {
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

/// Refuses a call that the account's rules do not allow, or that somebody has to be asked about where nobody can be.
/// With `open`, values of it are not known yet: what they decide is judged when it runs.
pub(crate) fn foresee(session: &Session, pending: &Pending<'_>, open: bool) -> Result<(), CallError> {
    let by_value: Vec<Effects> = pending.call.method.effect_when.iter().map(EffectWhen::effects).collect();
    if !(open && by_value.iter().any(|effects| effects.only_reads())) {
        admit(session, pending.profile, pending.call, pending.line)?;
    }
    let may_do_less = open && !by_value.is_empty();
    match session.console.person.is_none() && is_doubtful(session, pending) && !may_do_less {
        true => Err(unasked(pending, 0)),
        false => Ok(()),
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
pub(crate) fn agreed(session: &mut Session, question: &str) -> Result<Option<bool>, CallError> {
    Ok(answered(session, question)?.map(|answer| is_yes(&answer)))
}

/// The end of a line whose question was taken back.
pub(crate) fn taken_back(span: Span) -> CallError {
    declined("the question was taken back".into(), span)
}

/// Whether the user is to be asked about a call.
fn is_doubtful(session: &Session, pending: &Pending<'_>) -> bool {
    let Pending { profile, call, line } = pending;
    is_asked_about(call.effects(), call.method.caution.is_some(), session.rules(profile).confirm)
        && !says_yes(session, line)
}

/// Whether an account's rules want a call asked about that does this; `warned` when its document warns of it.
pub(crate) fn is_asked_about(effects: Effects, warned: bool, confirm: Confirm) -> bool {
    let loses_or_costs = effects.has(Effect::Destroy) || effects.has(Effect::Billable);
    match confirm {
        Confirm::None => false,
        Confirm::Destroy => loses_or_costs || (warned && !effects.only_reads()),
        Confirm::Change => !effects.only_reads(),
    }
}

/// Whether the user has answered beforehand. A yes in a line that was recalled answered another question.
pub(crate) fn says_yes(session: &Session, line: &Line) -> bool {
    session.settings.yes || (line.has_option("yes") && !session.recalled)
}

fn unasked(pending: &Pending<'_>, others: usize) -> CallError {
    let Pending { profile, call, line } = pending;
    let more = match others {
        0 => String::new(),
        others => format!(", like {others} other calls of the line"),
    };
    let does = does(call);
    CallError::Blocked {
        message: format!("{} on {profile} {does}{more}, and nobody can be asked", call.method.name),
        span: Some(line.head.span),
        hint: Some("--yes does it without asking".into()),
    }
}

fn declined(message: String, span: Span) -> CallError {
    CallError::Blocked { message, span: Some(span), hint: None }
}

/// What a call does, in a few words for the person who is asked.
fn does(call: &Call) -> String {
    let effects = call.effects();
    let words: Vec<&str> = effects.iter().map(consequence).collect();
    match (effects.main(), &call.method.caution) {
        (Effect::Change, Some(_)) => "needs care".into(),
        _ => words.join(" and "),
    }
}

/// What an effect means.
pub(crate) fn consequence(effect: Effect) -> &'static str {
    match effect {
        Effect::Read => "changes nothing",
        Effect::Change => "changes something",
        Effect::Destroy => "loses something for good",
        Effect::Billable => "may cost money",
    }
}

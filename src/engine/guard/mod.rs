//! Checks every call of a user before it is sent.
//!
//! First come the rules of the account, which need no question. When everything else is ready, the user is asked if
//! necessary.

pub(crate) mod gate;
pub(crate) mod key_change;
mod look;
pub(crate) mod mass;
mod object;
mod price;
mod question;
mod repeat;
#[cfg(test)]
mod tests;

use std::sync::atomic::Ordering;

use crate::engine::accounts::roster::Accounts;
use crate::engine::accounts::rules::Confirm;
use crate::engine::state::console::{Console, is_yes};
use crate::engine::state::error::CallError;
use crate::engine::state::repeat::Repeat;
use gate::{Gate, Pending, does, is_asked_about};
use mass::Mass;
use model::{EffectWhen, Effects, Span};
use question::Answer;
use registry::resolve::ResolveError;

/// Refuses a call that the account's rules do not allow, and a call that carries others, however it is named.
pub(crate) fn admit(accounts: &Accounts, pending: &Pending<'_>) -> Result<(), CallError> {
    let Pending { profile, call, head, .. } = *pending;
    let name = &call.method.name;
    if accounts.registry.source(profile).is_some_and(|source| source.provider().carries(name)) {
        return Err(ResolveError::Carrier { name: name.clone(), span: head }.into());
    }
    let effects = call.effects();
    let rules = accounts.rules(profile);
    if rules.refuses_read(&call.method) {
        return Err(CallError::Blocked {
            message: format!("only the document of the provider calls {name} a read, and {profile} is read-only"),
            span: Some(head),
            hint: Some(
                "nobody has reviewed it; `read_only = \"document\"` in the profile believes the document".into(),
            ),
        });
    }
    if rules.read_only && !effects.only_reads() {
        return Err(CallError::Blocked {
            message: format!("{} is a {effects} call, and {profile} is read-only", call.method.name),
            span: Some(head),
            hint: Some("use another profile of the account, if there is one; `profiles` lists them".into()),
        });
    }
    Ok(())
}

/// Asks one question about all calls for which the accounts' rules require it, or which may have been made already.
/// Nothing is asked if the user has agreed in advance. If nobody can be asked, the calls are refused.
pub(crate) fn confirm(gate: &mut Gate<'_>, pending: &[Pending<'_>]) -> Result<(), CallError> {
    confirm_all(gate, pending, None)
}

/// The same for calls that may destroy much of a list: then the question is asked whatever was agreed in advance.
pub(crate) fn confirm_all(gate: &mut Gate<'_>, pending: &[Pending<'_>], mass: Option<&Mass>) -> Result<(), CallError> {
    confirm_those(gate, pending, mass, is_doubtful)
}

/// The same for the same call in several accounts: every change is asked about, unless the rules of its account ask
/// about none. The question shows the calls of all accounts.
pub(crate) fn confirm_in_all(gate: &mut Gate<'_>, pending: &[Pending<'_>]) -> Result<(), CallError> {
    let any = pending.iter().any(|pending| is_doubtful_in_all(gate.accounts, pending));
    confirm_those(gate, pending, None, |_, pending| any && !pending.agreed)
}

fn confirm_those(
    gate: &mut Gate<'_>,
    pending: &[Pending<'_>],
    mass: Option<&Mass>,
    is_doubtful: impl Fn(&Accounts, &Pending<'_>) -> bool,
) -> Result<(), CallError> {
    let (mut doubtful, mut repeats) = (Vec::new(), Vec::new());
    for pending in pending {
        let repeat = repeat::look(gate.accounts, pending)?;
        if mass.is_some() || repeat.is_some() || is_doubtful(gate.accounts, pending) {
            doubtful.push(*pending);
        }
        repeats.extend(repeat);
    }
    let [first, others @ ..] = doubtful.as_slice() else { return Ok(()) };
    let span = first.head;
    if let Some(repeat) = repeats.first() {
        gate.accounts.ledger.row = Some(repeat.row);
    }
    if gate.console.person.is_none() {
        if let Some(mass) = mass {
            return Err(mass.unasked(span));
        }
        return Err(repeats.first().map_or_else(|| unasked(first, others.len()), |repeat| repeat.unasked(Some(span))));
    }
    let question = match others {
        [] => question::of_one(gate, first)?,
        _ => question::of_several(gate, &doubtful)?,
    };
    let warnings = mass.map(Mass::warning).into_iter().chain(repeats.iter().map(Repeat::warning));
    for line in question.lines.into_iter().chain(warnings) {
        gate.console.note(&line);
    }
    match answered(gate, &question.asked)? {
        Some(answer) if question.wanted.is_met_by(&answer) => Ok(()),
        Some(answer) if matches!(question.wanted, Answer::Word(_)) => {
            let typed = answer.trim();
            Err(declined(format!("`{typed}` does not match; cancelled"), span))
        }
        Some(_) => Err(declined("cancelled: the answer was no".into(), span)),
        None => Err(cancelled(span)),
    }
}

/// Whether a call needs no question.
pub(crate) fn passes(accounts: &Accounts, pending: &Pending<'_>) -> Result<bool, CallError> {
    Ok(!is_doubtful(accounts, pending) && repeat::of(accounts, pending)?.is_none())
}

/// Refuses a call that the account's rules do not allow, or that needs a question if nobody can be asked. With `open`,
/// some of its values are not known yet: what depends on them is judged when it runs.
pub(crate) fn foresee(
    accounts: &Accounts,
    console: &Console,
    pending: &Pending<'_>,
    open: bool,
) -> Result<(), CallError> {
    let by_value: Vec<Effects> = pending.call.method.effect_when.iter().map(EffectWhen::effects).collect();
    if !(open && by_value.iter().any(|effects| effects.only_reads())) {
        admit(accounts, pending)?;
    }
    let may_do_less = open && !by_value.is_empty();
    if console.person.is_some() {
        return Ok(());
    }
    if let Some(repeat) = if open { None } else { repeat::of(accounts, pending)? } {
        return Err(repeat.unasked(Some(pending.head)));
    }
    match is_doubtful(accounts, pending) && !may_do_less {
        true => Err(unasked(pending, 0)),
        false => Ok(()),
    }
}

/// The same for the same call in several accounts.
pub(crate) fn foresee_in_all(
    accounts: &Accounts,
    console: &Console,
    pending: &Pending<'_>,
    open: bool,
) -> Result<(), CallError> {
    foresee(accounts, console, pending, open)?;
    match console.person.is_none() && !open && is_doubtful_in_all(accounts, pending) {
        true => Err(unasked(pending, 0)),
        false => Ok(()),
    }
}

/// Asks for one line. `None` if the question was cancelled, or nobody can be asked.
fn answered(gate: &mut Gate<'_>, question: &str) -> Result<Option<String>, CallError> {
    let Some(person) = &mut gate.console.person else { return Ok(None) };
    let answer = person.line(question).map_err(|error| CallError::Blocked {
        message: format!("cannot ask for confirmation: {error}"),
        span: None,
        hint: None,
    })?;
    if answer.is_none() {
        // At a question, Ctrl-C is read as a key and is not a signal, but it means the same.
        gate.interrupted.store(true, Ordering::Relaxed);
    }
    Ok(answer)
}

/// Whether the answer to a question is yes. `None` if it was cancelled, or nobody can be asked.
pub(crate) fn agreed(gate: &mut Gate<'_>, question: &str) -> Result<Option<bool>, CallError> {
    Ok(answered(gate, question)?.map(|answer| is_yes(&answer)))
}

/// The error of a line whose question was cancelled.
pub(crate) fn cancelled(span: Span) -> CallError {
    declined("cancelled".into(), span)
}

/// Whether the rules require a question about a call.
fn is_doubtful(accounts: &Accounts, pending: &Pending<'_>) -> bool {
    let Pending { profile, call, agreed, .. } = *pending;
    is_asked_about(call.effects(), call.method.caution.is_some(), accounts.rules(profile).confirm) && !agreed
}

/// The same if the call is made in several accounts.
fn is_doubtful_in_all(accounts: &Accounts, pending: &Pending<'_>) -> bool {
    let silent = accounts.rules(pending.profile).confirm == Confirm::None;
    !silent && !pending.agreed && !pending.call.effects().only_reads()
}

fn unasked(pending: &Pending<'_>, others: usize) -> CallError {
    let Pending { profile, call, head, .. } = *pending;
    let more = match others {
        0 => String::new(),
        1 => " (and one other call of the line)".into(),
        others => format!(" (and {others} other calls of the line)"),
    };
    let does = does(call);
    CallError::Blocked {
        message: format!("{} on {profile} {does}{more}, and nobody can be asked", call.method.name),
        span: Some(head),
        hint: Some("add --yes to run it without a question".into()),
    }
}

fn declined(message: String, span: Span) -> CallError {
    CallError::Blocked { message, span: Some(span), hint: None }
}

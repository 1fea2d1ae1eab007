//! Calls that are about to be sent, what checking them needs, and what they do.

use std::sync::atomic::AtomicBool;

use crate::engine::accounts::roster::Accounts;
use crate::engine::accounts::rules::Confirm;
use crate::engine::plan::Plan;
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::wire::WireError;
use model::{Call, Diagnostic, Effect, Effects, Sent, Span};

/// The parts of the session that are needed to check a call before it is sent.
pub(crate) struct Gate<'s> {
    pub(crate) accounts: &'s mut Accounts,
    pub(crate) console: &'s mut Console,
    pub(crate) interrupted: &'s AtomicBool,
}

/// A call that is ready to be sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pending<'p> {
    /// Whose account it is for.
    pub(crate) profile: &'p str,
    /// The call.
    pub(crate) call: &'p Call,
    /// The user has agreed in advance.
    pub(crate) agreed: bool,
    /// The user has asked for it to be sent even if the same may have been done already.
    pub(crate) again: bool,
    /// The position of the method in the line.
    pub(crate) head: Span,
}

impl<'p> Pending<'p> {
    /// The call of a line.
    pub(crate) fn of(plan: &'p Plan) -> Pending<'p> {
        Pending { profile: &plan.profile, call: &plan.call, agreed: plan.agreed, again: plan.again, head: plan.head }
    }
}

/// The error of a call whose question was interrupted while something was read for it: nothing of the call itself has been
/// sent. `None` if the error is another one.
pub(super) fn broken(error: &CallError, call: &Call) -> Option<CallError> {
    let by = error.class().broken_by()?;
    let error = WireError::Interrupted { sent: Sent::No, by };
    Some(CallError::lost(error, call.effects().main(), &call.method.name))
}

/// Whether the rules of an account require a question about a call with these effects; `warned` if its document warns
/// about it.
pub(crate) fn is_asked_about(effects: Effects, warned: bool, confirm: Confirm) -> bool {
    let loses_or_costs = effects.has(Effect::Destroy) || effects.has(Effect::Billable);
    match confirm {
        Confirm::None => false,
        Confirm::Destroy => loses_or_costs || (warned && !effects.only_reads()),
        Confirm::Change => !effects.only_reads(),
    }
}

/// What a call does, in a few words for a question.
pub(super) fn does(call: &Call) -> String {
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
        Effect::Destroy => "cannot be undone",
        Effect::Billable => "may cost money",
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use model::{Arguments, Map, Method};

    #[test]
    fn what_is_asked_about_depends_on_what_a_call_does() {
        let (none, destroy, change) = (Confirm::None, Confirm::Destroy, Confirm::Change);
        for (effect, warned, asked) in [
            (Effect::Read, false, &[][..]),
            (Effect::Read, true, &[]),
            (Effect::Change, false, &[change]),
            (Effect::Change, true, &[destroy, change]),
            (Effect::Billable, false, &[destroy, change]),
            (Effect::Destroy, false, &[destroy, change]),
        ] {
            for confirm in [none, destroy, change] {
                let found = is_asked_about(Effects::of(effect, &[]), warned, confirm);
                assert_eq!(found, asked.contains(&confirm), "{effect:?} {warned} {confirm:?}");
            }
        }
    }

    #[test]
    fn each_effect_of_a_call_is_named() {
        let call = |method: &str| {
            let method: Method = serde_json::from_str(method).unwrap();
            Call { method: Arc::new(method), arguments: Arguments::Named(Map::new()) }
        };
        for (method, words) in [
            (r#"{"name":"a","effect":"read"}"#, "changes nothing"),
            (r#"{"name":"a","effect":"change"}"#, "changes something"),
            (r#"{"name":"a","effect":"change","caution":"Slow."}"#, "needs care"),
            (r#"{"name":"a","effect":"destroy","also":["billable"]}"#, "cannot be undone and may cost money"),
        ] {
            assert_eq!(does(&call(method)), words);
        }
    }
}

//! What became of a call whose answer never came: the provider is asked by the rule of its method, and what it shows is
//! judged. Nothing is sent but readings.

use std::sync::Arc;

use crate::engine::call::exchange::Exchange;
use crate::engine::call::{pages, variables};
use crate::engine::state::error::CallError;
use model::reconcile::{Heard, Question};
use model::{Arguments, Call, Verdict};
use registry::resolve::ResolveError;

/// Asks, and judges. The words of the verdict can be shown: what in them is secret is masked. Fails where the reading
/// itself does: then the outcome is as unknown as before.
pub(crate) fn settle(exchange: &mut Exchange<'_>, question: &Question<'_>) -> Result<Verdict, CallError> {
    let rule = question.rule();
    let missing = || CallError::usage(format!("there is no method `{}` to ask", rule.method), None);
    let method = exchange.source.method(&rule.method).ok_or_else(missing)?.map_err(ResolveError::from)?;
    variables::resolve(exchange, &method)?;
    let passed = Arguments::passed(&method, question.arguments());
    let arguments = passed.map_err(|_| CallError::usage(format!("{} cannot be asked so", rule.method), None))?;
    let verdict = match pages::whole(exchange, &Call { method: Arc::clone(&method), arguments }) {
        Ok((value, whole)) => question.judge(Heard::Answer { value: &value, whole }),
        Err(CallError::Fault(refusal)) => match &refusal.fault.code {
            Some(code) if rule.gone.contains(code) => question.judge(Heard::Refused(code)),
            _ => return Err(CallError::Fault(refusal)),
        },
        Err(error) => return Err(error),
    };
    // What was shown is the provider's.
    Ok(verdict.worded(|words| exchange.redactor.foreign(words).into_owned()))
}

#[cfg(test)]
mod tests;

//! Finds out what became of a call whose answer never came: asks the provider by the rule of its method, and judges the
//! answer. Only reads are sent.

use std::sync::Arc;

use crate::engine::call::exchange::Exchange;
use crate::engine::call::{pages, variables};
use crate::engine::state::error::CallError;
use model::reconcile::{Heard, Question};
use model::{Arguments, Call, Verdict};
use registry::resolve::ResolveError;

/// Asks and judges. The words of the verdict can be shown: secrets in them are masked. Fails if the read fails: then
/// the outcome is still unknown.
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
    // The words come from the provider.
    Ok(verdict.worded(|words| exchange.redactor.foreign(words).into_owned()))
}

#[cfg(test)]
mod tests;

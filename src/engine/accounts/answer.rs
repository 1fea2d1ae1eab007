//! The meaning of an answer: the result of the call, or the provider's refusal.

use crate::engine::state::error::{CallError, Refusal};
use codec::{Aside, Outcome, Reply, Service};
use model::Method;

/// The result, or the refusal that was sent instead of it, with its HTTP status.
pub(crate) fn accepted<T>(
    service: &Service<'_>,
    method: &Method,
    status: u16,
    outcome: Outcome<T>,
) -> Result<(T, Aside), CallError> {
    match outcome.reply {
        Reply::Value(value) => Ok((value, outcome.aside)),
        Reply::Fault(fault) => {
            let bare = fault.words().is_empty();
            let known = fault.code.as_ref().and_then(|code| service.provider.error_of(method, code, bare));
            let own = fault.code.as_ref().and_then(|code| method.meaning(code)).map(str::to_owned);
            Err(CallError::Fault(Box::new(Refusal::new(&method.name, status, fault, known).meaning(own))))
        }
    }
}

//! One reading call on the program's own behalf.

use std::sync::Arc;

use super::error::{CallError, Refusal};
use super::target::Target;
use crate::wire::{Timeouts, Wire};
use codec::{self, Limits, Reply};
use model::http::Head;
use model::{Arguments, Call, Effect, Method, Provider, Shape, Value};

/// Who is asked, and by what rules.
pub(super) struct Asked<'a> {
    pub(super) target: &'a Target,
    pub(super) provider: &'a Provider,
    pub(super) shapes: &'a [Shape],
    pub(super) timeouts: Timeouts,
}

impl Asked<'_> {
    /// Sends a call and waits for its result.
    pub(super) fn call(&self, wire: &mut Wire, method: &Arc<Method>, arguments: Arguments) -> Result<Value, CallError> {
        self.heard(wire, method, arguments, &mut None)
    }

    /// The same; what stands above the answer is kept, whatever becomes of the rest.
    pub(super) fn heard(
        &self,
        wire: &mut Wire,
        method: &Arc<Method>,
        arguments: Arguments,
        head: &mut Option<Head>,
    ) -> Result<Value, CallError> {
        let service = self.target.service(self.provider, self.shapes);
        let request = codec::encode(&service, &Call { method: Arc::clone(method), arguments })?;
        let lost = |error| CallError::lost(error, Effect::Read, &method.name);
        let credential = self.target.credential.as_ref();
        wire.trusting(self.target.ca.as_deref());
        let answer = wire.send(&request, &self.target.auth, credential, self.timeouts).map_err(lost)?;
        *head = Some(answer.head.clone());
        match codec::decode_value(&service, method, &answer.head, answer.body, Limits::default())?.reply {
            Reply::Value(value) => Ok(value),
            Reply::Fault(fault) => {
                let known = fault.code.as_ref().and_then(|code| self.provider.error(code));
                Err(CallError::Fault(Box::new(Refusal::new(&method.name, fault, known))))
            }
        }
    }
}

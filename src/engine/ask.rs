//! One reading call on the program's own behalf.

use std::sync::Arc;

use super::error::CallError;
use super::exchange::accepted;
use super::target::Target;
use crate::wire::{Timeouts, Wire};
use codec::{self, Limits};
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
        let access = (&self.target.auth, self.target.credential.as_ref());
        wire.trusting(self.target.ca.as_deref());
        let answer = wire.send(&request, Effect::Read, access, self.timeouts).map_err(lost)?;
        let status = answer.head.status;
        *head = Some(answer.head.clone());
        let outcome = codec::decode_value(&service, method, &answer.head, answer.body, Limits::default())?;
        accepted(&service, method, status, outcome).map(|(value, _)| value)
    }
}

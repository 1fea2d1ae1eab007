//! A read that the program makes for its own purposes.

use std::sync::Arc;

use super::answer::accepted;
use crate::engine::accounts::target::Target;
use crate::engine::state::error::CallError;
use crate::wire::{Timeouts, Wire, WireError};
use codec::{self, Limits};
use model::http::Head;
use model::{Arguments, Call, Effect, Method, Provider, Shape, Value};

/// The service to ask, and the rules for it.
pub(crate) struct Asked<'a> {
    pub(crate) target: &'a Target,
    pub(crate) provider: &'a Provider,
    pub(crate) shapes: &'a [Shape],
    pub(crate) timeouts: Timeouts,
}

impl Asked<'_> {
    /// Sends a call and waits for its result.
    pub(crate) fn call(&self, wire: &mut Wire, method: &Arc<Method>, arguments: Arguments) -> Result<Value, CallError> {
        self.with_head(wire, method, arguments, &mut None)
    }

    /// The same. The head of the answer is stored in `head`, even if the rest fails.
    pub(crate) fn with_head(
        &self,
        wire: &mut Wire,
        method: &Arc<Method>,
        arguments: Arguments,
        head: &mut Option<Head>,
    ) -> Result<Value, CallError> {
        let service = self.target.service(self.provider, self.shapes, method);
        let request = codec::encode(&service, &Call { method: Arc::clone(method), arguments })?;
        let lost = |error| CallError::lost(error, Effect::Read, &method.name);
        wire.trusting(self.target.ca.as_deref());
        let (mut again, session) = (false, self.target.grant.session());
        let answer = loop {
            let access = self.target.access(self.provider, method);
            let mut answer = wire.send(&request, Effect::Read, access.parts(), self.timeouts);
            if matches!(answer, Err(WireError::Broken { begun: false, .. })) {
                // Small servers close a connection after each answer without saying so, just when it is used again.
                answer = wire.send(&request, Effect::Read, access.parts(), self.timeouts);
            }
            let answer = answer.map_err(lost)?;
            if again || !self.target.takes_token(self.provider, &answer.head) {
                break answer;
            }
            again = true;
        };
        let status = answer.head.status;
        *head = Some(answer.head.clone());
        let outcome = codec::decode_value(&service, method, &answer.head, answer.body, Limits::default())?;
        let done = accepted(&service, method, status, outcome).map(|(value, _)| value);
        if let Err(error) = &done {
            self.target.ends_session(method, session, error);
        }
        done
    }
}

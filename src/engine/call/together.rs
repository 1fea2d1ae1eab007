//! Several calls in one JSON-RPC request. All are recorded before it is sent, and each has its own outcome.

use std::rc::Rc;

use history::CallId;

use crate::engine::accounts::answer::accepted;
use crate::engine::call::entry;
use crate::engine::call::exchange::Exchange;
use crate::engine::call::sighted;
use crate::engine::state::error::CallError;
use crate::engine::state::ledger::End;
use crate::signals;
use crate::wire::WireError;
use codec::jsonrpc::{self, Batch};
use codec::{self, Aside, DecodeError, Limits, Reply};
use model::{Call, Effect, Effects, Method, Value};

/// The outcome of one of several calls.
pub(crate) struct Answered {
    /// Its result. Calls of the same request may share an error.
    pub(crate) value: Result<Value, Rc<CallError>>,
    /// Its row in the journal, if it was to change something.
    pub(crate) row: Option<CallId>,
}

/// The replies to a request, in the order of its calls.
type Replies = Vec<Result<Reply<Value>, DecodeError>>;

impl Exchange<'_> {
    /// Sends calls in one request. An error of the request is the error of each call.
    pub(crate) fn together(&mut self, calls: &[&Call]) -> Vec<Answered> {
        // A signal after this point leaves enough time to complete the rows.
        signals::begin(effect(calls));
        let opened = self.batch(calls).and_then(|batch| {
            let new = |call: &&Call| (entry::of(self.account, call, self.redactor, None), call.effects().main());
            let entries = self.ledger.open_all(calls.iter().map(new).collect())?;
            Ok((batch, entries))
        });
        let (batch, entries) = match opened {
            Ok(opened) => opened,
            Err(error) => return shared(error, calls.len()),
        };
        let (mut bytes, begun) = (0, history::now());
        let values = match self.replies(&batch, calls, &mut bytes) {
            Ok((replies, status)) => self.values(calls, replies, status),
            Err(error) => shared(error, calls.len()).into_iter().map(|answered| answered.value).collect(),
        };
        let mut answered = Vec::with_capacity(calls.len());
        for ((call, entry), value) in calls.iter().zip(entries).zip(values) {
            let (row, effect) = (entry.row, call.effects().main());
            let end = match &value {
                Ok(value) => {
                    let shown = (Some(value), &Aside::default());
                    self.ledger.saw(sighted::of(self.source, self.account.on_record(), call, shown, begun));
                    entry::answered(self.source, call, Some(value))
                }
                Err(error) => entry::failed(effect, error),
            };
            self.ledger.close(self.console, self.redactor, entry, End { bytes, ..end });
            answered.push(Answered { value, row });
        }
        answered
    }

    fn batch(&self, calls: &[&Call]) -> Result<Batch, CallError> {
        let carried = calls.iter().map(|&call| codec::carried(&self.service(&call.method), call));
        let carried = carried.collect::<Result<Vec<_>, _>>()?;
        Ok(jsonrpc::encode_batch(
            &self.account.target.url,
            &self.account.target.auth,
            carried.iter().map(|call| &**call),
        ))
    }

    /// Sends the request once, and reads its replies and its HTTP status.
    fn replies(&mut self, batch: &Batch, calls: &[&Call], bytes: &mut u64) -> Result<(Replies, u16), CallError> {
        let effect = effect(calls);
        let name = format!("a batch of {} calls", calls.len());
        let lost = |error: WireError| CallError::lost(error, effect, &name);
        let target = &self.account.target;
        let (provider, method) =
            (self.source.provider(), calls.first().map_or_else(Method::default, |call| (*call.method).clone()));
        let mut again = false;
        let answer = loop {
            let access = target.access(provider, &method);
            let answer = self.wire.send(&batch.request, effect, access.parts(), self.timeouts).map_err(lost)?;
            if again || !target.takes_token(provider, &answer.head) {
                break answer;
            }
            again = true;
        };
        let (status, trouble, received) = (answer.head.status, answer.body.trouble(), answer.body.received());
        let replies = jsonrpc::decode_batch(batch, &answer.head, answer.body, Limits::default());
        *bytes = received.bytes();
        let replies = replies.map_err(|error| match trouble.take() {
            Some(error) => lost(error),
            None => CallError::from(error).unless_read(effect, &name),
        })?;
        Ok((replies, status))
    }

    fn values(&self, calls: &[&Call], replies: Replies, status: u16) -> Vec<Result<Value, Rc<CallError>>> {
        let one = |(call, reply): (&&Call, Result<Reply<Value>, DecodeError>)| {
            let service = self.service(&call.method);
            let done = reply.map_err(CallError::from);
            let done = done.and_then(|reply| accepted(&service, &call.method, status, reply.into()));
            let done = done.and_then(|(value, _)| Ok(codec::held(&service, &call.method, value)?));
            done.map_err(|error| error.unless_read(call.effects().main(), &call.method.name)).map_err(Rc::new)
        };
        calls.iter().zip(replies).map(one).collect()
    }
}

/// The worst effect of several calls.
fn effect(calls: &[&Call]) -> Effect {
    calls.iter().fold(Effects::default(), |effects, call| effects.and(call.effects())).main()
}

/// The same error for every call.
pub(crate) fn shared(error: CallError, calls: usize) -> Vec<Answered> {
    let error = Rc::new(error);
    (0..calls).map(|_| Answered { value: Err(Rc::clone(&error)), row: None }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_the_request_is_that_of_every_call() {
        let answered = shared(CallError::usage_of("down".into()), 3);
        let errors: Vec<_> = answered.iter().filter_map(|answered| answered.value.as_ref().err()).collect();
        assert!(errors.len() == 3 && errors.iter().all(|error| Rc::ptr_eq(error, errors[0])));
        assert!(answered.iter().all(|answered| answered.row.is_none()));
    }
}

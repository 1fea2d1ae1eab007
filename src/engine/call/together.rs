//! Several calls in one request: a JSON-RPC batch, or the method of an XML-RPC service that carries others. All are
//! recorded before it is sent, and each has its own outcome.

use std::sync::Arc;

use history::CallId;

use crate::engine::accounts::answer::accepted;
use crate::engine::accounts::roster::Accounts;
use crate::engine::call::entry;
use crate::engine::call::exchange::Exchange;
use crate::engine::call::sighted::{self, Asked};
use crate::engine::state::error::CallError;
use crate::engine::state::ledger::{End, Entry};
use crate::signals;
use crate::wire::WireError;
use codec::{self, Aside, DecodeError, Limits, Replies, Reply, Together};
use model::provider::Protocol;
use model::{Call, Class, Diagnostic, Effect, Effects, Method, Value};
use registry::Source;

/// The result of one of several calls. Calls of the same request may share an error.
type Outcome = Result<Value, Arc<CallError>>;

/// What came of one of several calls.
pub(crate) struct Answered {
    /// Its result.
    pub(crate) value: Outcome,
    /// Its row in the journal, if it was to change something.
    pub(crate) row: Option<CallId>,
}

/// How many calls an XML-RPC request carries if the service lists a method for that and the catalogue says nothing.
const USUAL: usize = 100;

/// How many calls of an account go into one request; 1 if its service is not known to take several.
pub(crate) fn most(accounts: &Accounts, profile: &str) -> usize {
    let parts = accounts.get(profile).zip(accounts.registry.source(profile));
    let most = parts.and_then(|(account, source)| {
        let transport = &account.target.transport;
        match transport.protocol {
            Protocol::JsonRpc => transport.batch,
            Protocol::XmlRpc if source.carrier().is_some() => transport.batch.or(Some(USUAL)),
            Protocol::XmlRpc => transport.batch.filter(|_| carrier(source).is_some()),
            Protocol::Json | Protocol::Rest => None,
        }
    });
    most.unwrap_or(1).max(1)
}

/// The method that carries others: the one that the service lists, or that of its catalogue.
fn carrier(source: &Source) -> Option<&str> {
    source.carrier().or_else(|| source.provider().carriers.first().map(String::as_str))
}

impl Exchange<'_> {
    /// Sends calls in one request. An error of the request is the error of each call.
    pub(crate) fn together(&mut self, calls: &[&Call]) -> Vec<Answered> {
        // A signal after this point leaves enough time to complete the rows.
        signals::begin(effect(calls));
        let opened = self.request_of(calls).and_then(|together| {
            let new = |call: &&Call| (entry::of(self.account, call, self.redactor, None), call.effects().main());
            let entries = self.ledger.open_all(calls.iter().map(new).collect())?;
            Ok((together, entries))
        });
        let (together, mut entries) = match opened {
            Ok(opened) => opened,
            Err(error) => return shared(error, calls.len()),
        };
        let (mut bytes, begun) = (0, history::now());
        let session = self.account.target.grant.session();
        let mut values = self.asked(&together, calls, &mut bytes);
        self.renew((calls, session), &mut entries, &mut values, &mut bytes);
        let first = values.iter().find_map(|value| value.as_ref().err());
        let of_key = values.iter().any(Result::is_ok) || first.is_some_and(|error| error.class() == Class::Credentials);
        if of_key {
            self.account.accepted = Some(values.iter().any(Result::is_ok));
        }
        let mut answered = Vec::with_capacity(calls.len());
        for ((call, entry), value) in calls.iter().zip(entries).zip(values) {
            let (row, effect) = (entry.row, call.effects().main());
            let end = match &value {
                Ok(value) => {
                    let asked = Asked { begun, ..Asked::of(entry.call()) };
                    let glance = sighted::of(self.source, asked, call, (Some(value), &Aside::default()));
                    sighted::note(self.ledger, glance);
                    entry::answered(self.source, call, Some(value), None)
                }
                Err(error) => entry::failed(effect, error),
            };
            self.ledger.close(self.console, self.redactor, entry, End { bytes, ..end });
            answered.push(Answered { value, row });
        }
        answered
    }

    /// Sends the calls again, in another session, that were refused because theirs has ended; the others have their
    /// answers. This happens once.
    fn renew(
        &mut self,
        (calls, session): (&[&Call], usize),
        entries: &mut [Entry],
        values: &mut [Outcome],
        bytes: &mut u64,
    ) {
        let target = &self.account.target;
        let is_over = |(call, value): (&&Call, &Outcome)| {
            value.as_ref().is_err_and(|error| target.session_is_over(&call.method, error))
        };
        let over: Vec<bool> = calls.iter().zip(&*values).map(is_over).collect();
        let left: Vec<&Call> = calls.iter().zip(&over).filter(|(_, over)| **over).map(|(call, _)| *call).collect();
        let Some(first) = left.first().filter(|first| target.end_session(&first.method, session)) else { return };
        self.console.note("note: the session has ended; another one begins");
        let mut again = entries.iter_mut().zip(&over).filter(|(_, over)| **over);
        let ready = self
            .sign_in(&first.method)
            .and_then(|()| again.try_for_each(|(entry, _)| self.ledger.again(entry)))
            .and_then(|()| self.request_of(&left));
        let renewed = match ready {
            Ok(together) => self.asked(&together, &left, bytes),
            Err(error) => outcomes(error, left.len()),
        };
        let places = values.iter_mut().zip(over).filter(|(_, over)| *over).map(|(value, _)| value);
        places.zip(renewed).for_each(|(place, value)| *place = value);
    }

    /// Sends the request once, and returns what came of each call.
    fn asked(&mut self, together: &Together, calls: &[&Call], bytes: &mut u64) -> Vec<Outcome> {
        match self.replies(together, calls, bytes) {
            Ok((replies, status)) => self.values(calls, replies, status),
            Err(error) => outcomes(error, calls.len()),
        }
    }

    fn request_of(&self, calls: &[&Call]) -> Result<Together, CallError> {
        let Some(first) = calls.first() else { return Err(CallError::usage_of("there is no call".into())) };
        let carrier = carrier(self.source).unwrap_or_default();
        Ok(codec::encode_together(&self.service(&first.method), carrier, calls)?)
    }

    /// Sends the request once, and reads its replies and its HTTP status.
    fn replies(&mut self, together: &Together, calls: &[&Call], bytes: &mut u64) -> Result<(Replies, u16), CallError> {
        let effect = effect(calls);
        let name = format!("a batch of {} calls", calls.len());
        let lost = |error: WireError| CallError::lost(error, effect, &name);
        let target = &self.account.target;
        let (provider, method) =
            (self.source.provider(), calls.first().map_or_else(Method::default, |call| (*call.method).clone()));
        let mut again = false;
        let answer = loop {
            let access = target.access(provider, &method);
            let answer = self.wire.send(&together.request, effect, access.parts(), self.timeouts).map_err(lost)?;
            if again || !target.takes_token(provider, &answer.head) {
                break answer;
            }
            target.grant.teach(self.redactor);
            again = true;
        };
        let (status, trouble, received) = (answer.head.status, answer.body.trouble(), answer.body.received());
        let protocol = self.account.target.transport.protocol;
        let replies = codec::decode_together(protocol, together, &answer.head, answer.body, Limits::default());
        *bytes += received.bytes();
        let replies = replies.map_err(|error| match trouble.take() {
            Some(error) => lost(error),
            None => CallError::from(error).unless_read(effect, &name),
        })?;
        Ok((replies, status))
    }

    fn values(&self, calls: &[&Call], replies: Replies, status: u16) -> Vec<Outcome> {
        let one = |(call, reply): (&&Call, Result<Reply<Value>, DecodeError>)| {
            let service = self.service(&call.method);
            let done = reply.map_err(CallError::from);
            let done = done.and_then(|reply| accepted(&service, &call.method, status, reply.into()));
            let done = done.and_then(|(value, _)| Ok(codec::held(&service, &call.method, value)?));
            done.map_err(|error| error.unless_read(call.effects().main(), &call.method.name)).map_err(Arc::new)
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
    outcomes(error, calls).into_iter().map(|value| Answered { value, row: None }).collect()
}

fn outcomes(error: CallError, calls: usize) -> Vec<Outcome> {
    let error = Arc::new(error);
    (0..calls).map(|_| Err(Arc::clone(&error))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_the_request_is_that_of_every_call() {
        let answered = shared(CallError::usage_of("down".into()), 3);
        let errors: Vec<_> = answered.iter().filter_map(|answered| answered.value.as_ref().err()).collect();
        assert!(errors.len() == 3 && errors.iter().all(|error| Arc::ptr_eq(error, errors[0])));
        assert!(answered.iter().all(|answered| answered.row.is_none()));
    }
}

//! One call and its answer: sent, read, and told apart from a refusal. Repeated where `retry` allows it.

use std::borrow::Cow;
use std::rc::Rc;
use std::time::Instant;

use serde::de::Deserializer;

use crate::engine::accounts::account::Account;
use crate::engine::accounts::answer::accepted;
use crate::engine::accounts::roster::Accounts;
use crate::engine::call::pieces::Pieces;
use crate::engine::call::redirect;
use crate::engine::call::retry::{self, Attempts, Repeat};
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::render::{self, Format, StreamError, Style};
use crate::signals;
use crate::sink::FileSink;
use crate::wire::{Answer, Timeouts, Wire, WireError};
use codec::jsonrpc;
use codec::{self, Aside, Consume, DecodeError, Limits, Outcome, Remark, Reply, Service, Skip};
use model::http::{Head, Request};
use model::{Call, Effects, Redactor, Value, weight};
use registry::Source;

/// What a call needs of the session.
pub(crate) struct Exchange<'s> {
    pub(crate) account: &'s mut Account,
    pub(crate) source: &'s Source,
    pub(crate) wire: &'s mut Wire,
    pub(crate) console: &'s mut Console,
    pub(crate) redactor: &'s mut Redactor,
    pub(crate) timeouts: Timeouts,
    /// No repetition begins behind this moment.
    pub(crate) until: Option<Instant>,
    retries: u8,
}

impl<'s> Exchange<'s> {
    /// With the account of a profile.
    pub(crate) fn of(
        accounts: &'s mut Accounts,
        console: &'s mut Console,
        profile: &str,
        timeouts: Timeouts,
    ) -> Result<Exchange<'s>, CallError> {
        let retries = accounts.rules(profile).retries;
        let Accounts { list, registry, wire, redactor, .. } = accounts;
        wire.hide(redactor);
        let account = list.iter_mut().find(|account| account.target.profile == profile);
        match (account, registry.source(profile)) {
            (Some(account), Some(source)) => {
                wire.trusting(account.target.ca.as_deref());
                Ok(Exchange { account, source, wire, console, redactor, timeouts, until: None, retries })
            }
            _ => Err(CallError::usage(format!("there is no account `{profile}`"), None)),
        }
    }

    /// Sends a call and makes a tree of its result.
    pub(crate) fn value(&mut self, call: &Call) -> Result<(Value, Aside), CallError> {
        let request = self.request(call)?;
        // Of a result that may hold a secret there is a second tree, without it.
        let trees = if call.method.returns_secret(self.source.shapes()) { 2 } else { 1 };
        let limits = Limits { tree: weight::MOST / trees, ..Limits::default() };
        self.attempt(call, &request, |service, answer| {
            Ok(codec::decode_value(service, &call.method, &answer.head, answer.body, limits)?)
        })
    }

    /// Sends a call and writes its result into a file while it is decoded.
    pub(crate) fn stream(&mut self, call: &Call, format: Format, sink: &mut FileSink) -> Result<Aside, CallError> {
        let request = self.request(call)?;
        let done = self.attempt(call, &request, |service, answer| {
            let consumer = ToFile { sink: &mut *sink, format };
            codec::decode(service, &call.method, &answer.head, answer.body, Limits::streaming(), consumer)
        });
        done.map(|((), aside)| aside)
    }

    /// Sends a call and gives the provider's own bytes, and whether they are a result. A document that breaks off is gone
    /// on with where it broke. What was read is passed on even where it is too much to be looked at: a refusal is short.
    pub(crate) fn raw(&mut self, call: &Call) -> Raw<()> {
        let reads = call.effects().only_reads();
        self.bytes(call, |service, head, body| {
            match codec::decode(service, &call.method, head, body, Limits::skimming(), Skip) {
                Err(error) if error.is_too_heavy() && reads && head.succeeded() => {
                    Ok(Outcome { reply: Reply::Value(()), aside: Aside::odd([Remark::Unseen]) })
                }
                done => done,
            }
        })
    }

    /// Sends a call and gives the provider's own bytes, and their tree.
    pub(crate) fn raw_and_value(&mut self, call: &Call) -> Raw<Value> {
        self.bytes(call, |service, head, body| {
            codec::decode_value(service, &call.method, head, body, Limits::default())
        })
    }

    fn bytes<T>(
        &mut self,
        call: &Call,
        read: impl Fn(&Service<'_>, &Head, &[u8]) -> Result<Outcome<T>, DecodeError>,
    ) -> Raw<T> {
        let mut pieces = Pieces::of(&call.method);
        loop {
            let done = self.request(call).and_then(|mut request| {
                pieces.ask_for_the_rest(&mut request);
                self.attempt(call, &request, |service, answer| {
                    let (head, bytes) = pieces.add(answer)?;
                    Ok(read(service, head, bytes)?)
                })
            });
            if !done.as_ref().is_err_and(|error| pieces.can_go_on(error)) {
                // Of an earlier attempt nothing is told: its bytes are not those of the error.
                let answered = done.as_ref().err().is_none_or(CallError::is_about_an_answer);
                return Raw { bytes: if answered { pieces.into_bytes() } else { Vec::new() }, done };
            }
        }
    }

    fn request(&self, call: &Call) -> Result<Request, CallError> {
        let service = self.account.target.service(self.source.provider(), self.source.shapes());
        Ok(codec::encode(&service, call)?)
    }

    /// Sends several calls in one request of JSON-RPC; an error is that of all of them.
    pub(crate) fn together(&mut self, calls: &[&Call]) -> Result<Vec<Result<Value, Rc<CallError>>>, CallError> {
        let effect = calls.iter().fold(Effects::default(), |effects, call| effects.and(call.effects())).main();
        let name = format!("a batch of {} calls", calls.len());
        let target = &self.account.target;
        let service = target.service(self.source.provider(), self.source.shapes());
        let carried = calls.iter().map(|call| codec::carried(&service, call)).collect::<Result<Vec<_>, _>>()?;
        let batch = jsonrpc::encode_batch(service.url, carried.iter().map(|call| &**call));
        let lost = |error: WireError| CallError::lost(error, effect, &name);
        let access = (&target.auth, target.credential.as_ref());
        signals::begin(effect);
        let answer = self.wire.send(&batch.request, effect, access, self.timeouts).map_err(lost)?;
        let (status, trouble) = (answer.head.status, answer.body.trouble());
        let replies = jsonrpc::decode_batch(&batch, &answer.head, answer.body, Limits::default());
        let replies = replies.map_err(|error| match trouble.take() {
            Some(error) => lost(error),
            None => CallError::from(error).unless_read(effect, &name),
        })?;
        let one = |(call, reply): (&&Call, Result<Reply<Value>, DecodeError>)| {
            let done = reply.map_err(CallError::from);
            let done = done.and_then(|reply| accepted(&service, &call.method, status, reply.into()));
            let done = done.and_then(|(value, _)| Ok(codec::held(&service, &call.method, value)?));
            done.map_err(|error| error.unless_read(call.effects().main(), &call.method.name)).map_err(Rc::new)
        };
        Ok(calls.iter().zip(replies).map(one).collect())
    }

    /// Sends a request until it is answered, or until it may not be sent again.
    fn attempt<T>(
        &mut self,
        call: &Call,
        request: &Request,
        mut read: impl FnMut(&Service<'_>, Answer<'_>) -> Result<Outcome<T>, CallError>,
    ) -> Result<(T, Aside), CallError> {
        let (name, effect) = (&call.method.name, call.effects().main());
        let mut attempts = Attempts::of(effect, self.retries);
        signals::begin(effect);
        loop {
            let mut retry_after = None;
            let error = match self.once(call, request, &mut read, &mut retry_after) {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            let in_time = |repeat: &Repeat| self.until.is_none_or(|until| Instant::now() + repeat.pause < until);
            let Some(repeat) = attempts.failed(&error, retry_after).filter(in_time) else {
                return Err(error.unless_read(effect, name));
            };
            retry::tell(self.console, &self.redactor.foreign(&error.to_string()), repeat.pause);
            if let Err(WireError::Interrupted { by, .. }) = self.wire.pause(repeat.pause) {
                return Err(repeat.broken_off(by, effect, name));
            }
        }
    }

    fn once<T>(
        &mut self,
        call: &Call,
        request: &Request,
        read: &mut impl FnMut(&Service<'_>, Answer<'_>) -> Result<Outcome<T>, CallError>,
        retry_after: &mut Option<u64>,
    ) -> Result<(T, Aside), CallError> {
        let (method, effect) = (&*call.method, call.effects().main());
        let lost = |error: WireError| CallError::lost(error, effect, &method.name);
        let target = &self.account.target;
        let service = target.service(self.source.provider(), self.source.shapes());
        let access = (&target.auth, target.credential.as_ref());
        let (mut request, mut redirects) = (Cow::Borrowed(request), 0);
        let answer = loop {
            let answer = self.wire.send(&request, effect, access, self.timeouts).map_err(lost)?;
            match redirect::followed(method, &request, &answer.head, redirects) {
                Some(next) => request = Cow::Owned(next),
                None => break answer,
            }
            redirects += 1;
        };
        *retry_after = answer.head.retry_after;
        let (status, trouble) = (answer.head.status, answer.body.trouble());
        let done = read(&service, answer).and_then(|outcome| accepted(&service, method, status, outcome));
        self.account.learn_of_key(&done);
        match trouble.take() {
            // Whatever the decoder made of it, a connection that broke under it is the real cause.
            Some(error) if done.is_err() => Err(lost(error).within_the_answer()),
            _ => done,
        }
    }
}

/// The bytes that a provider answered with, a refusal or none at all among them.
pub(crate) struct Raw<T> {
    /// As they came, but unpacked.
    pub(crate) bytes: Vec<u8>,
    /// What they are as a result, if they are one.
    pub(crate) done: Result<(T, Aside), CallError>,
}

/// Writes a result into a file while it is decoded.
struct ToFile<'f> {
    sink: &'f mut FileSink,
    format: Format,
}

impl Consume for ToFile<'_> {
    type Output = ();
    type Error = CallError;

    fn consume<'de, D>(self, source: D) -> Result<(), CallError>
    where
        D: Deserializer<'de>,
        D::Error: Into<DecodeError>,
    {
        render::stream(source, self.format, Style::default(), self.sink).map_err(|error| match error {
            StreamError::Read(words) => codec::broken_off(&words).into(),
            StreamError::Write(error) => CallError::Output(error),
        })
    }
}

#[cfg(test)]
mod tests;

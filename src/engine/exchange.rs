//! One call and its answer: sent, read, and told apart from a refusal.

use std::io::Read;

use serde::de::Deserializer;

use super::account::Account;
use super::console::Console;
use super::error::{CallError, Refusal};
use super::session::Session;
use crate::codec::{self, Aside, Consume, DecodeError, Limits, Outcome, Reply, Service, Skip};
use crate::model::{Call, Effect, Method, Redactor, Value};
use crate::registry::Source;
use crate::render::{self, Format, StreamError, Style};
use crate::sink::FileSink;
use crate::wire::{Answer, Timeouts, Wire, WireError};

/// What a call needs of the session.
pub(super) struct Exchange<'s> {
    pub(super) account: &'s mut Account,
    pub(super) source: &'s Source,
    pub(super) wire: &'s mut Wire,
    pub(super) console: &'s mut Console,
    pub(super) redactor: &'s mut Redactor,
    pub(super) timeouts: Timeouts,
}

impl<'s> Exchange<'s> {
    /// With the account of a profile.
    pub(super) fn of(session: &'s mut Session, profile: &str, timeouts: Timeouts) -> Result<Exchange<'s>, CallError> {
        let Session { accounts, registry, wire, console, redactor, .. } = session;
        wire.hide(redactor);
        let account = accounts.iter_mut().find(|account| account.target.profile == profile);
        match (account, registry.source(profile)) {
            (Some(account), Some(source)) => Ok(Exchange { account, source, wire, console, redactor, timeouts }),
            _ => Err(CallError::usage(format!("there is no account `{profile}`"), None)),
        }
    }

    /// Sends a call and makes a tree of its result.
    pub(super) fn value(&mut self, call: &Call) -> Result<(Value, Aside), CallError> {
        self.attempt(call, |service, answer| {
            Ok(codec::decode_value(service, &call.method, &answer.head, answer.body, Limits::default())?)
        })
    }

    /// Sends a call and writes its result into a file while it is decoded.
    pub(super) fn stream(&mut self, call: &Call, format: Format, sink: &mut FileSink) -> Result<Aside, CallError> {
        let done = self.attempt(call, |service, answer| {
            let consumer = ToFile { sink, format };
            codec::decode(service, &call.method, &answer.head, answer.body, Limits::streaming(), consumer)
        });
        done.map(|((), aside)| aside)
    }

    /// Sends a call and gives the provider's own bytes, once it is sure that they are no fault.
    pub(super) fn raw(&mut self, call: &Call) -> Result<(Vec<u8>, Aside), CallError> {
        self.attempt(call, |service, mut answer| {
            let mut bytes = Vec::new();
            answer.body.read_to_end(&mut bytes).map_err(CallError::Output)?;
            let body = bytes.as_slice();
            let Outcome { reply, aside } =
                codec::decode(service, &call.method, &answer.head, body, Limits::default(), Skip)?;
            let reply = match reply {
                Reply::Value(()) => Reply::Value(bytes),
                Reply::Fault(fault) => Reply::Fault(fault),
            };
            Ok(Outcome { reply, aside })
        })
    }

    fn attempt<T>(
        &mut self,
        call: &Call,
        read: impl FnOnce(&Service<'_>, Answer<'_>) -> Result<Outcome<T>, CallError>,
    ) -> Result<(T, Aside), CallError> {
        let method = &*call.method;
        let lost = |error: WireError| CallError::lost(error, method.effect, &method.name);
        let target = &self.account.target;
        let service = target.service(self.source.provider(), self.source.shapes());
        let request = codec::encode(&service, call)?;
        let answer = self.wire.send(&request, &target.auth, target.credential.as_ref(), self.timeouts).map_err(lost)?;
        let trouble = answer.body.trouble();
        let done = read(&service, answer).and_then(|outcome| accepted(&service, method, outcome));
        self.account.learn_of_key(&done);
        // Whatever the decoder made of it, a connection that broke under it is the real cause.
        match trouble.take() {
            Some(error) if done.is_err() => Err(lost(error)),
            _ if method.effect == Effect::Read => done,
            _ => done.map_err(|error| error.of_change(&method.name)),
        }
    }
}

fn accepted<T>(service: &Service<'_>, method: &Method, outcome: Outcome<T>) -> Result<(T, Aside), CallError> {
    match outcome.reply {
        Reply::Value(value) => Ok((value, outcome.aside)),
        Reply::Fault(fault) => {
            let known = fault.code.as_ref().and_then(|code| service.provider.error(code));
            Err(CallError::Fault(Box::new(Refusal::new(&method.name, fault, known))))
        }
    }
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

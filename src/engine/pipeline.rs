//! A line, step by step: resolve → bind → encode → open the output → send → decode → render.
//!
//! Everything up to and including the opening of the output happens before anything is sent.

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use serde::de::Deserializer;

use super::account::Account;
use super::builtin;
use super::console::Console;
use super::error::{CallError, Refusal};
use super::mask;
use super::output::{self, Output};
use super::session::{Flow, Manner, Session};
use super::variables;
use crate::bind::{self, Rules};
use crate::codec::{self, Consume, DecodeError, Limits, Outcome, Reply, Service, Skip};
use crate::lang::Line;
use crate::model::http::Request;
use crate::model::provider::Paging;
use crate::model::{Call, Effect, Method, Redactor};
use crate::registry::Source;
use crate::registry::resolve::{Resolved, resolve};
use crate::render::{self, Format, StreamError, Style};
use crate::sink::FileSink;
use crate::wire::{Answer, Timeouts, Wire, WireError};

/// Runs one line.
pub(super) fn run(session: &mut Session, line: &Line) -> Result<Flow, CallError> {
    let (profile, method) = match resolved(session, line)? {
        Resolved::Local(command) => return builtin::run(session, &command, line),
        Resolved::Remote { profile, method } => (profile, method),
    };
    if line.has_option("help") {
        return builtin::help::method(session, line, line.profile.as_ref(), &line.head).map(|()| Flow::Continue);
    }
    session.learn_secrets(&method, line);
    let call = bound(session, line, &method)?;
    let timeouts = timeouts(session, line)?;
    let exchange = Exchange::of(session, &profile)?;
    if let Some(warning) = exchange.account.forewarning(&method) {
        exchange.console.note(&warning);
    }
    if line.has_option("dry-run") {
        let request = exchange.account.target.preview(exchange.source, &call)?;
        return preview(session, &request).map(|()| Flow::Continue);
    }
    // What cannot be written is refused before anything is opened or asked for.
    exchange.account.target.preview(exchange.source, &call)?;
    let private = session.registry.source(&profile).is_some_and(|source| method.returns_secret(source.shapes()));
    let mut output = Output::open(session, line, private)?;
    if method.returns_document() {
        output = output.of_document(&session.console);
    }
    if method.returns_report() {
        output = output.of_report();
    }
    let exchange = Exchange::of(session, &profile)?;
    exchange.account.unlock(exchange.redactor)?;
    variables::resolve(exchange.account, exchange.source, &method, exchange.wire, timeouts)?;
    exchange.run(&call, timeouts, output)?;
    Ok(Flow::Continue)
}

/// Whether JSON is asked for in so many words, by the line or for all lines: then an error is a JSON object too.
pub(super) fn wants_json(session: &Session, line: &Line) -> bool {
    match output::asked_format(line) {
        Ok(Some(format)) => format == Format::Json,
        Ok(None) => session.settings.errors_as_json,
        Err(_) => false,
    }
}

fn resolved(session: &mut Session, line: &Line) -> Result<Resolved, CallError> {
    let name = line.head.text();
    let profile = line.profile.as_ref().map(|word| (word.text(), word.span));
    let profile = profile.as_ref().map(|(name, span)| (name.as_str(), *span));
    if !session.registry.knows(profile.map(|(name, _)| name), &name) {
        // What is wrong whatever the method is costs no request.
        bind::bind(&Arc::new(Method::discovered(&name)), line, Rules::default(), &mut bind::Nowhere)?;
        session.look_for(profile.map(|(name, _)| name), &name);
    }
    Ok(resolve(&session.registry, profile, &name, line.head.span)?)
}

fn bound(session: &mut Session, line: &Line, method: &Arc<Method>) -> Result<Call, CallError> {
    let rules = Rules { unchecked: line.has_option("no-check"), positional: line.has_option("positional") };
    let call = bind::bind(method, line, rules, &mut *session.sources)?;
    mask::learn_arguments(&call.arguments, &mut session.redactor);
    Ok(call)
}

fn timeouts(session: &Session, line: &Line) -> Result<Timeouts, CallError> {
    let Some(word) = line.option_value("timeout") else { return Ok(session.settings.timeouts) };
    let text = word.text();
    let seconds = text.parse::<f64>().ok().filter(|seconds| (0.001..=86_400.0).contains(seconds));
    let refused = || CallError::usage(format!("`{text}` is no number of seconds"), Some(word.span));
    let seconds = seconds.ok_or_else(refused)?;
    let idle = Duration::from_secs_f64(seconds);
    Ok(Timeouts { connect: session.settings.timeouts.connect.min(idle), idle })
}

/// What would be sent, every secret replaced.
fn preview(session: &mut Session, request: &Request) -> Result<(), CallError> {
    let mut text = format!("{} {}\n", request.verb, request.url);
    for (name, value) in &request.headers {
        text.push_str(&format!("{name}: {value}\n"));
    }
    text.push_str(&format!("\n{}\n", request.body.preview().trim_end()));
    let text = session.redactor.apply(&text).into_owned();
    session.console.result(&text).map_err(CallError::Output)
}

/// One request and its answer: what both need of the session.
struct Exchange<'s> {
    account: &'s mut Account,
    source: &'s Source,
    wire: &'s mut Wire,
    console: &'s mut Console,
    redactor: &'s mut Redactor,
    manner: Manner,
}

impl<'s> Exchange<'s> {
    fn of(session: &'s mut Session, profile: &str) -> Result<Exchange<'s>, CallError> {
        let Session { accounts, registry, wire, console, redactor, manner, .. } = session;
        let account = accounts.iter_mut().find(|account| account.target.profile == profile);
        match (account, registry.source(profile)) {
            (Some(account), Some(source)) => Ok(Exchange { account, source, wire, console, redactor, manner: *manner }),
            _ => Err(CallError::usage(format!("there is no account `{profile}`"), None)),
        }
    }

    fn run(self, call: &Call, timeouts: Timeouts, output: Output) -> Result<(), CallError> {
        let method = &*call.method;
        let lost = |error: WireError| CallError::lost(error, method.effect, &method.name);
        let target = &self.account.target;
        let service = target.service(self.source.provider(), self.source.shapes());
        let request = codec::encode(&service, call)?;
        let answer = self.wire.send(&request, &target.auth, target.credential.as_ref(), timeouts).map_err(lost)?;
        let trouble = answer.body.trouble();
        let mut receiver = Receiver { service, console: self.console, redactor: self.redactor, manner: self.manner };
        let done = receiver.receive(method, answer, output);
        // Whatever the decoder made of it, a connection that broke under it is the real cause.
        match trouble.take() {
            Some(error) if done.is_err() => Err(lost(error)),
            _ if method.effect == Effect::Read => done,
            _ => done.map_err(|error| error.of_change(&method.name)),
        }
    }
}

/// What is needed once the answer has begun.
struct Receiver<'s> {
    service: Service<'s>,
    console: &'s mut Console,
    redactor: &'s mut Redactor,
    manner: Manner,
}

impl Receiver<'_> {
    fn receive(&mut self, method: &Method, answer: Answer<'_>, output: Output) -> Result<(), CallError> {
        if output.format == Format::Raw {
            return self.raw(method, answer, output);
        }
        // A stored result that nobody watches goes straight from the connection into the file.
        match output.unwatched_file() {
            Ok((sink, format)) => self.streamed(method, answer, format, sink),
            Err(output) => self.whole(method, answer, *output),
        }
    }

    fn whole(&mut self, method: &Method, answer: Answer<'_>, output: Output) -> Result<(), CallError> {
        let outcome = codec::decode_value(&self.service, method, &answer.head, answer.body, Limits::default())?;
        let value = self.accepted(method, outcome)?;
        let (sealed, hidden) = mask::seal(value.clone(), method, self.service.shapes);
        mask::learn(&sealed, self.redactor);
        if self.manner == Manner::Prompt {
            self.console.note(&format!("({} result)", method.name));
        }
        if hidden > 0 && output.reaches_terminal(self.console) {
            output.write(self.console, &value, &sealed)?;
            self.console.note("note: secrets are hidden on a terminal; `| FILE` stores them, for you alone");
            return Ok(());
        }
        let shown = if self.console.out.terminal { &sealed } else { &value };
        output.write(self.console, &value, shown)
    }

    fn streamed(
        &mut self,
        method: &Method,
        answer: Answer<'_>,
        format: Format,
        mut sink: FileSink,
    ) -> Result<(), CallError> {
        let consumer = ToFile { sink: &mut sink, format };
        let outcome = codec::decode(&self.service, method, &answer.head, answer.body, Limits::streaming(), consumer)?;
        self.accepted(method, outcome)?;
        Ok(sink.commit()?)
    }

    /// The provider's own bytes, once it is sure that they are no fault.
    fn raw(&mut self, method: &Method, mut answer: Answer<'_>, output: Output) -> Result<(), CallError> {
        let mut bytes = Vec::new();
        answer.body.read_to_end(&mut bytes).map_err(CallError::Output)?;
        let outcome = codec::decode(&self.service, method, &answer.head, bytes.as_slice(), Limits::default(), Skip)?;
        self.accepted(method, outcome)?;
        output.copy(self.console, bytes.as_slice())
    }

    fn accepted<T>(&mut self, method: &Method, outcome: Outcome<T>) -> Result<T, CallError> {
        match outcome.reply {
            Reply::Value(value) => {
                if let Some(total) = outcome.aside.total {
                    self.console.note(&page_note(method, self.service.provider.paging.as_ref(), total));
                }
                if let Some(warning) = outcome.aside.warning {
                    // A line of the provider's must not look like one of this program's.
                    let warning = self.redactor.apply(&warning).replace('\n', "\n  ");
                    self.console.note(&format!("note: done with a warning: {warning}"));
                }
                Ok(value)
            }
            Reply::Fault(fault) => {
                let known = fault.code.as_ref().and_then(|code| self.service.provider.error(code));
                Err(CallError::Fault(Box::new(Refusal::new(&method.name, fault, known))))
            }
        }
    }
}

/// What is said below a page, so that nobody takes it for the whole list.
fn page_note(method: &Method, paging: Option<&Paging>, total: u64) -> String {
    match paging.map(|paging| paging.page.as_str()).filter(|page| method.param(page).is_some()) {
        Some(page) => format!("note: a page of {total} in all; choose another with {page}"),
        None => format!("note: a page of {total} in all"),
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

//! A line, step by step: resolve → bind → encode → open the output → send → decode → render.
//!
//! Everything up to and including the opening of the output happens before anything is sent.

use std::sync::Arc;
use std::time::Duration;

use super::builtin;
use super::error::CallError;
use super::exchange::Exchange;
use super::guard;
use super::mask;
use super::missing;
use super::output::{self, Output};
use super::session::{Flow, Manner, Session};
use super::variables;
use crate::bind::{self, Rules};
use crate::codec::Aside;
use crate::lang::Line;
use crate::model::http::Request;
use crate::model::provider::Paging;
use crate::model::{Call, Method, Value};
use crate::registry::Source;
use crate::registry::resolve::{Resolved, resolve};
use crate::render::Format;
use crate::wire::Timeouts;

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
    let timeouts = timeouts(session, &profile, line)?;
    let exchange = Exchange::of(session, &profile, timeouts)?;
    if let Some(warning) = exchange.account.forewarning(&method) {
        exchange.console.note(&warning);
    }
    // What cannot be written is refused before anything is opened or asked for.
    let request = exchange.account.target.preview(exchange.source, &call)?;
    if line.has_option("dry-run") {
        return preview(session, &request).map(|()| Flow::Continue);
    }
    guard::admit(session, &profile, &method, line)?;
    let output = opened(session, &profile, line, &method)?;
    let exchange = Exchange::of(session, &profile, timeouts)?;
    exchange.account.unlock(exchange.redactor)?;
    variables::resolve(exchange.account, exchange.source, &method, exchange.wire, timeouts)?;
    carry_out(session, &profile, &call, timeouts, output)?;
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

/// The call that the line makes. What is missing is asked for, where somebody can be asked.
fn bound(session: &mut Session, line: &Line, method: &Arc<Method>) -> Result<Call, CallError> {
    let rules = Rules { unchecked: line.has_option("no-check"), positional: line.has_option("positional") };
    let call = match bind::bind(method, line, rules, &mut *session.sources) {
        Ok(call) => call,
        Err(faults) => {
            let answers = missing::asked(session, method, line, faults)?;
            bind::bind_with(method, line, &answers, rules, &mut *session.sources)?
        }
    };
    mask::learn_arguments(&call.arguments, &mut session.redactor);
    Ok(call)
}

fn timeouts(session: &Session, profile: &str, line: &Line) -> Result<Timeouts, CallError> {
    let rules = session.rules(profile);
    let Some(word) = line.option_value("timeout") else { return Ok(rules.timeouts) };
    let text = word.text();
    let seconds = text.parse::<f64>().ok().filter(|seconds| (0.001..=86_400.0).contains(seconds));
    let refused = || CallError::usage(format!("`{text}` is no number of seconds"), Some(word.span));
    Ok(rules.timeouts.within(Duration::from_secs_f64(seconds.ok_or_else(refused)?)))
}

/// The place of the result, opened, and the form that suits what the method gives.
fn opened(session: &Session, profile: &str, line: &Line, method: &Method) -> Result<Output, CallError> {
    let private = session.registry.source(profile).is_some_and(|source| method.returns_secret(source.shapes()));
    let output = Output::open(session, profile, line, private)?;
    Ok(match (method.returns_document(), method.returns_report()) {
        (true, _) => output.of_document(&session.console),
        (_, true) => output.of_report(),
        _ => output,
    })
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

/// Sends the call and brings its result to its place.
fn carry_out(
    session: &mut Session,
    profile: &str,
    call: &Call,
    timeouts: Timeouts,
    output: Output,
) -> Result<(), CallError> {
    let mut exchange = Exchange::of(session, profile, timeouts)?;
    if output.format == Format::Raw {
        let (bytes, aside) = exchange.raw(call)?;
        tell(&mut exchange, &call.method, aside);
        return output.copy(exchange.console, bytes.as_slice());
    }
    // A stored result that nobody watches goes straight from the connection into the file.
    let output = match output.unwatched_file() {
        Ok((mut sink, format)) => {
            let aside = exchange.stream(call, format, &mut sink)?;
            tell(&mut exchange, &call.method, aside);
            return Ok(sink.commit()?);
        }
        Err(output) => *output,
    };
    let (value, aside) = exchange.value(call)?;
    tell(&mut exchange, &call.method, aside);
    deliver(session, profile, &call.method, value, output)
}

/// Shows or stores a result that is there as a whole. Its secrets are hidden from a screen.
fn deliver(
    session: &mut Session,
    profile: &str,
    method: &Method,
    value: Value,
    output: Output,
) -> Result<(), CallError> {
    let shapes = session.registry.source(profile).map_or(&[][..], Source::shapes);
    let (sealed, hidden) = mask::seal(value.clone(), method, shapes);
    mask::learn(&sealed, &mut session.redactor);
    let console = &mut session.console;
    if session.manner == Manner::Prompt {
        console.note(&format!("({} result)", method.name));
    }
    if hidden > 0 && output.reaches_terminal(console) {
        output.write(console, &value, &sealed)?;
        console.note("note: secrets are hidden on a terminal; `| FILE` stores them, for you alone");
        return Ok(());
    }
    let shown = if console.out.terminal { &sealed } else { &value };
    output.write(console, &value, shown)
}

/// What the provider said beside the result.
fn tell(exchange: &mut Exchange<'_>, method: &Method, aside: Aside) {
    if let Some(total) = aside.total {
        let paging = exchange.source.provider().paging.as_ref();
        exchange.console.note(&page_note(method, paging, total));
    }
    if let Some(warning) = aside.warning {
        // A line of the provider's must not look like one of this program's.
        let warning = exchange.redactor.apply(&warning).replace('\n', "\n  ");
        exchange.console.note(&format!("note: done with a warning: {warning}"));
    }
}

/// What is said below a page, so that nobody takes it for the whole list.
fn page_note(method: &Method, paging: Option<&Paging>, total: u64) -> String {
    match paging.map(|paging| paging.page.as_str()).filter(|page| method.param(page).is_some()) {
        Some(page) => format!("note: a page of {total} in all; choose another with {page}"),
        None => format!("note: a page of {total} in all"),
    }
}

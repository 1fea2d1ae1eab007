//! A line, step by step: resolve → bind → encode → open the output → send → decode → render.
//!
//! Everything up to and including the opening of the output happens before anything is sent.

use std::sync::Arc;
use std::time::Duration;

use crate::bind;
use crate::engine::call::exchange::{Exchange, Raw};
use crate::engine::call::jobs::{self, Waiting, Watch};
use crate::engine::call::pages;
use crate::engine::call::remarks;
use crate::engine::call::variables;
use crate::engine::commands;
use crate::engine::deliver::filter::Filter;
use crate::engine::deliver::output::{self, Output};
use crate::engine::deliver::rescue;
use crate::engine::deliver::result::{self, Done, deliver};
use crate::engine::guard::key_change;
use crate::engine::guard::{self, Pending};
use crate::engine::plan::lookup;
use crate::engine::plan::notation;
use crate::engine::plan::{Callee, Extent, Plan};
use crate::engine::run::session::{Flow, Session};
use crate::engine::state::error::CallError;
use crate::render::{Format, Guide};
use crate::signals;
use crate::sink::FileSink;
use crate::wire::Timeouts;
use lang::{Line, OptionDef, Variable, Word};
use model::http::Request;
use model::{Call, Method, period};
use registry::Source;
use registry::resolve::Resolved;

/// Runs one line.
pub(crate) fn run(session: &mut Session, line: &Line) -> Result<Flow, CallError> {
    let variable = Variable::of(&line.head).filter(|_| line.raw.is_none());
    if let (None, Some(variable)) = (&line.profile, variable) {
        refuse_foreign_options(line, None)?;
        return commands::memory::show(session, line, &variable?);
    }
    if line.has_option("help") && !is_command(session, line) {
        refuse_foreign_options(line, None)?;
        return commands::help::of_line(session, line).map(|()| Flow::Continue);
    }
    let callee = match lookup::resolved(session, line)? {
        Resolved::Local(command) => return commands::run(session, &command, line),
        Resolved::Remote { profile, method, foreign } => Callee { profile, method, foreign },
    };
    let Plan { profile, foreign, call, filter, timeouts, extent, request, form, .. } =
        Plan::of(session, line, callee, None)?;
    let method = Arc::clone(&call.method);
    if foreign {
        session.announce(&profile, &method.name);
    }
    let exchange = Exchange::of(session, &profile, timeouts)?;
    for warning in exchange.account.forewarnings(&call) {
        exchange.console.note(&warning);
    }
    for remark in bind::remarks(&call) {
        exchange.console.note(&format!("note: {remark}"));
    }
    match (form, request) {
        (Some(form), Some(request)) => return notation::show(exchange, &call, &request, form).map(|()| Flow::Continue),
        (None, Some(request)) if line.has_option("dry-run") => {
            return preview(session, &request).map(|()| Flow::Continue);
        }
        _ => {}
    }
    guard::admit(session, &profile, &call, line)?;
    let output = opened(session, &profile, line, &method, extent.wait.is_some(), filter)?;
    extent.suits(line, output.view.format)?;
    let pending = Pending { profile: &profile, call: &call, line };
    let rekeying = key_change::prepare(session, &pending, &output)?;
    guard::confirm(session, &[pending])?;
    if let Some(note) = jobs::unwaited(line, &call, &session.rules(&profile)) {
        session.console.note(&note);
    }
    let mut exchange = Exchange::of(session, &profile, timeouts)?;
    exchange.account.unlock(exchange.redactor)?;
    variables::resolve(&mut exchange, &method)?;
    match rekeying {
        Some(plan) => key_change::carry_out(session, &profile, &call, timeouts, (plan, output))?,
        None => carry_out(session, &profile, &call, timeouts, extent, output)?,
    }
    Ok(Flow::Continue)
}

/// Whether a line is one of the shell's own commands.
pub(crate) fn is_command(session: &Session, line: &Line) -> bool {
    line.profile.is_none() && session.registry.local(&line.head.text()).is_some()
}

/// Refuses an option of a command where another one, or a method, is called: who writes it expects something of it.
pub(crate) fn refuse_foreign_options(line: &Line, command: Option<&str>) -> Result<(), CallError> {
    let foreign = |option: &OptionDef| !command.map_or(option.is_of_every_line(), |command| option.suits(command));
    let Some(given) = line.options.iter().find(|given| foreign(given.option)) else { return Ok(()) };
    let OptionDef { long, commands, .. } = given.option;
    let hint = match *commands {
        ["source"] => format!("write the lines into a file: source --{long} FILE"),
        _ => commands.iter().map(|command| format!("try {command} --{long}")).collect::<Vec<_>>().join(" or "),
    };
    Err(CallError::Usage {
        message: format!("--{long} is an option of `{}`", commands.join("`, `")),
        span: Some(given.span),
        hint: Some(hint),
    })
}

/// Whether JSON is asked for in so many words, by the line or for all lines: then an error is a JSON object too.
pub(crate) fn wants_json(session: &Session, line: &Line) -> bool {
    match output::asked_format(line) {
        Ok(Some(format)) => format == Format::Json,
        Ok(None) => session.settings.errors_as_json,
        Err(_) => false,
    }
}

pub(crate) fn timeouts(session: &Session, profile: &str, line: &Line) -> Result<Timeouts, CallError> {
    let rules = session.rules(profile);
    Ok(asked_timeout(line)?.map_or(rules.timeouts, |asked| rules.timeouts.within(asked)))
}

/// How long the line itself is ready to wait for an answer.
pub(crate) fn asked_timeout(line: &Line) -> Result<Option<Duration>, CallError> {
    line.option_value("timeout").map(length_of_time).transpose()
}

/// A length of time that somebody can wait.
pub(crate) fn length_of_time(word: &Word) -> Result<Duration, CallError> {
    period::parse(&word.text()).ok_or_else(|| CallError::Usage {
        message: format!("`{}` is no length of time", word.text()),
        span: Some(word.span),
        hint: Some(format!("write {}", period::FORM)),
    })
}

/// The place of the result, opened, and the form that suits what the method gives.
fn opened(
    session: &Session,
    profile: &str,
    line: &Line,
    method: &Method,
    waits: bool,
    filter: Option<Filter>,
) -> Result<Output, CallError> {
    let source = session.registry.source(profile);
    let shapes = source.map_or(&[][..], Source::shapes);
    let private =
        method.returns_secret(shapes) || waits && source.is_some_and(|source| jobs::shows_secret(source, method));
    let output = Output::open(session, profile, line, private)?;
    let output = output.guided(Guide::of(method, shapes));
    if let Some(filter) = filter {
        filter.suits(line, output.view.format)?;
        return Ok(output.filtered(filter));
    }
    Ok(match (&method.document, method.returns_document(), method.returns_report()) {
        (Some(field), ..) => output.of_document(&session.console, Some(field)),
        (_, true, _) => output.of_document(&session.console, None),
        (_, _, true) => output.of_report(),
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
    extent: Extent,
    output: Output,
) -> Result<(), CallError> {
    let mut exchange = Exchange::of(session, profile, timeouts)?;
    if output.view.format == Format::Raw {
        let Raw { bytes, done } = exchange.raw(call);
        let ((), aside) = match done {
            Ok(done) => done,
            Err(error) => return Err(output.copy_failure(session, call, &bytes, error)),
        };
        remarks::tell(&mut exchange, call, aside);
        return result::bytes(session, call, &bytes, output);
    }
    if extent.all {
        let value = pages::all(&mut exchange, call)?;
        return deliver(session, profile, call, value, output);
    }
    if extent.wait.is_some() || call.method.job.is_some() {
        return see_through(session, profile, call, timeouts, extent.wait, output);
    }
    let output = match output.unwatched_file(call.effects().main()) {
        Ok((sink, format)) => return straight(session, profile, call, timeouts, (sink, format)),
        Err(output) => *output,
    };
    let (value, aside) = exchange.value(call)?;
    remarks::tell(&mut exchange, call, aside);
    deliver(session, profile, call, value, output)
}

/// Brings a stored result that nobody watches straight from the connection into the file.
fn straight(
    session: &mut Session,
    profile: &str,
    call: &Call,
    timeouts: Timeouts,
    (mut sink, format): (FileSink, Format),
) -> Result<(), CallError> {
    let mut exchange = Exchange::of(session, profile, timeouts)?;
    let writing = signals::delivering(true);
    let streamed = exchange.stream(call, format, &mut sink).and_then(|aside| {
        remarks::tell(&mut exchange, call, aside);
        sink.commit().map_err(CallError::from)
    });
    drop(writing);
    session.memory.forget("it went straight into a file");
    streamed.map_err(|error| rescue::undelivered(session, Done::call(call), error, None, false))
}

/// Sends a call that something goes on after, or a reading of such, and waits for the end where that is wanted.
fn see_through(
    session: &mut Session,
    profile: &str,
    call: &Call,
    timeouts: Timeouts,
    wait: Option<Duration>,
    output: Output,
) -> Result<(), CallError> {
    let mut exchange = Exchange::of(session, profile, timeouts)?;
    let reading = Watch::reading(&exchange.source.provider().jobs, call).filter(|_| call.method.job.is_none());
    if let (Some(watch), Some(limit)) = (reading, wait) {
        let waiting = Waiting { watch, place: None, result: None, limit, timeouts };
        return jobs::finish(session, profile, waiting, output);
    }
    let begun = jobs::before(&mut exchange, call, wait.is_some())?;
    let (value, aside) = exchange.value(call)?;
    remarks::tell(&mut exchange, call, aside);
    let Some(watch) = begun.and_then(|watch| watch.told_by(&value)) else {
        if wait.is_some() {
            session.console.note("note: the answer names nothing to wait for");
        }
        return deliver(session, profile, call, value, output);
    };
    let place = jobs::remember(session, profile, watch.clone(), &value);
    let method = Arc::clone(&call.method);
    let Some(limit) = wait else {
        deliver(session, profile, call, value, output)?;
        jobs::mention(session, place);
        return Ok(());
    };
    let waiting = Waiting { watch, place: Some(place), result: Some((value, method)), limit, timeouts };
    jobs::finish(session, profile, waiting, output)
}

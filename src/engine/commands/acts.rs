//! What some commands do that takes more than one part of the session.

use std::sync::atomic::Ordering;

use super::help::{self, Desk};
use super::history::{Found, Past};
use super::memory;
use super::own;
use super::reconcile;
use super::result::{Ahead, Reply};
use super::saved;
use super::source::Asked;
use super::views;
use super::watch;
use crate::engine::plan::course::Course;
use crate::engine::plan::lookup;
use crate::engine::plan::options::Options;
use crate::engine::plan::{Callee, Plan};
use crate::engine::run::arguments;
use crate::engine::run::outcome::{Outcome, Way};
use crate::engine::run::session::Session;
use crate::engine::run::watched::Watched;
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::signals::Interrupts;
use crate::sink::{OwnCommand, OwnError};
use lang::{Line, OptionId, Own};
use model::{Method, Value};
use registry::resolve::Resolved;

/// The columns of the screen that a line's text goes to; none when it goes elsewhere.
pub(super) fn screen(console: &Console, line: &Line) -> Option<usize> {
    (console.out.terminal && line.redirect.is_none()).then_some(console.width)
}

/// `history [WORDS]`. What is not kept is no fault of the line.
pub(super) fn listed(session: &mut Session, line: &Line) -> Result<Reply, CallError> {
    let Session { lines, accounts, console, .. } = session;
    let past = Past {
        lines: lines.as_deref(),
        calls: accounts.ledger.journal(),
        redactor: &accounts.redactor,
        width: screen(console, line),
    };
    Ok(match past.list(line)? {
        Found::List(reply) => reply,
        Found::Off(note) => {
            console.note(note);
            Reply::Done
        }
    })
}

/// `reconcile NUMBER`: the place of the answer is opened before anything is asked.
pub(super) fn reconciled(session: &mut Session, line: &Line) -> Result<Reply, CallError> {
    let options = Options::of(line)?;
    let presentation = session.planning().presentation(&options)?;
    let output = session.output(presentation, options.wish.redirect.as_ref(), false)?;
    let Session { accounts, console, .. } = session;
    let width = screen(console, line);
    let (reply, failed) = reconcile::run(accounts, console, line, &options, width)?;
    reply.put(&mut session.delivery(), output, &options)?;
    failed.map_or(Ok(Reply::Done), Err)
}

/// `source FILE`
pub(super) fn source(session: &mut Session, line: &Line) -> Result<Reply, CallError> {
    Ok(script(session, Asked::of(line)?, None)?.map_or(Reply::Done, Reply::Next))
}

/// The same before it is done: its lines are judged in their place. A file that a line before this one writes, or that
/// can be read once only, is judged when its turn comes, and so is all that follows it.
pub(super) fn foresee_source(session: &mut Session, course: &mut Course, line: &Line) -> Result<Ahead, CallError> {
    let asked = Asked::of(line)?;
    if asked.is_unread(course) {
        return Ok(Ahead::Unread);
    }
    Ok(script(session, asked, Some(course))?.map_or(Ahead::Unread, Ahead::Next))
}

/// The lines that a line asks to run, read; nothing when an argument is not known yet.
fn script(session: &mut Session, asked: Asked<'_>, course: Option<&Course>) -> Result<Option<Outcome>, CallError> {
    let Session { sources, memory, .. } = session;
    let Some(arguments) = arguments::of_items(asked.arguments, &mut **sources, memory, course)? else {
        return Ok(None);
    };
    let script = session.script((asked.file, asked.arguments), arguments)?;
    let agreed = session.agrees(&asked.options);
    Ok(Some(asked.outcome(script, agreed)))
}

/// What a line that is saved under a name asks for; nothing when a value for it is not known yet.
pub(super) fn saved_line(
    session: &mut Session,
    method: &Method,
    line: &Line,
    course: Option<&Course>,
) -> Result<Option<Outcome>, CallError> {
    let Session { sources, memory, scripts, .. } = session;
    let Some(values) = arguments::of_items(&line.items, &mut **sources, memory, course)? else { return Ok(None) };
    let script = saved::script(method, line, values, scripts)?;
    let yes = session.agrees(&Options::of(line)?);
    Ok(Some(Outcome::Script { script, way: Way::default(), yes }))
}

/// `watch INTERVAL METHOD …`
pub(super) fn watched(session: &mut Session, line: &Line) -> Result<Reply, CallError> {
    let watch::Asked { every, times, line } = watch::Asked::of(line, !session.scripts.is_empty())?;
    let found = lookup::resolved(&mut session.planning(), &line)?;
    let plan = Plan::of(&mut session.planning(), &line, callee(found, &line)?, None)?;
    watch::suits(&plan)?;
    Ok(Reply::Next(Outcome::Watch(Box::new(Watched { plan, every, times }))))
}

/// The same before it is done.
pub(super) fn foresee_watch(session: &mut Session, course: &mut Course, line: &Line) -> Result<Ahead, CallError> {
    let watch::Asked { line, .. } = watch::Asked::of(line, !session.scripts.is_empty())?;
    let found = lookup::foreseen(&mut session.planning(), &line)?;
    let plan = Plan::of(&mut session.planning(), &line, callee(found, &line)?, Some(course))?;
    watch::suits(&plan)?;
    session.accounts.foresee_key(&plan.profile, &plan.call.method)?;
    course.called = true;
    Ok(Ahead::Answer)
}

/// A line that begins with the name of a view.
pub(super) fn view(desk: &mut Desk<'_>, line: &Line) -> Result<Reply, CallError> {
    match line.has(OptionId::Help) {
        true => help::method(desk, line.profile.as_ref(), &line.head),
        false => Ok(Reply::Next(Outcome::View(Box::new(line.clone())))),
    }
}

/// The same before it is done.
pub(super) fn foresee_view(line: &Line) -> Ahead {
    if line.has(OptionId::Help) { Ahead::Result } else { Ahead::Next(Outcome::View(Box::new(line.clone()))) }
}

fn callee(found: Resolved, line: &Line) -> Result<Callee, CallError> {
    match found {
        Resolved::Remote { profile, method, foreign } => Ok(Callee { profile, method, foreign }),
        Resolved::Local(method) => {
            Err(watch::not_a_call(line, if views::is_view(&method) { "view" } else { "command" }))
        }
    }
}

/// `!COMMAND`: its output is the result of the line.
pub(super) fn own(session: &mut Session, line: &Line) -> Result<Reply, CallError> {
    during(session, own::whole(line)?, OwnCommand::run)?;
    Ok(Reply::Done)
}

/// `let NAME = VALUE`, whose value may be what a command of the user's own shell writes.
pub(super) fn named(session: &mut Session, line: &Line) -> Result<Reply, CallError> {
    let own = memory::own(&mut session.memory, line)?;
    let written = own.map(|own| during(session, own, OwnCommand::output).map(Value::from)).transpose()?;
    let Session { memory, sources, accounts, .. } = session;
    memory::set(memory, &mut **sources, &mut accounts.redactor, (line, written))
}

/// Runs a command of the user's own shell. Ctrl-C is for the command: if it goes on in spite of that, so does
/// everything after it.
fn during<T>(
    session: &mut Session,
    own: &Own,
    way: impl FnOnce(OwnCommand, &dyn Fn() -> bool) -> Result<T, OwnError>,
) -> Result<T, CallError> {
    let Session { settings, memory, accounts, scripts, console, .. } = session;
    let command = own::prepared(own, settings, (memory, &accounts.redactor), scripts);
    // What was written before must come before what it writes.
    console.result("").map_err(CallError::Output)?;
    let interrupts = Interrupts::record();
    let done = way(command, &|| interrupts.pressed());
    if interrupts.pressed() && !matches!(done, Err(OwnError::Interrupted)) {
        session.interrupted.store(false, Ordering::Relaxed);
        session.accounts.wire.forget_interrupt();
    }
    Ok(done?)
}

/// Refuses options for calls, which a command would silently ignore.
pub(super) fn refuse_rehearsal(line: &Line) -> Result<(), CallError> {
    match line.options.iter().find(|given| [OptionId::DryRun, OptionId::As].contains(&given.option.id)) {
        None => Ok(()),
        Some(given) => Err(CallError::Usage {
            message: format!("--{} is for calls, but `{}` is a command of marsh", given.option.long, line.head.text()),
            span: Some(given.span),
            hint: Some("leave it out".into()),
        }),
    }
}

/// The error of `call` without a method or an address.
pub(super) fn nothing_called(line: &Line) -> CallError {
    CallError::Usage {
        message: "`call` needs a method or an address".into(),
        span: Some(line.span),
        hint: Some("`call NAME name value …`, or `call VERB /path name value …` where methods have addresses".into()),
    }
}

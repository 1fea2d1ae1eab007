//! A line, step by step: resolve → bind → encode → open the output → send → decode → render.
//!
//! Everything up to and including the opening of the output happens before anything is sent.

use crate::bind;
use crate::engine::call::variables;
use crate::engine::guard;
use crate::engine::guard::gate::Pending;
use crate::engine::guard::key_change;
use crate::engine::plan::lookup;
use crate::engine::plan::notation;
use crate::engine::plan::options;
use crate::engine::plan::{Callee, Plan};
use crate::engine::run::execution;
use crate::engine::run::outcome::Outcome;
use crate::engine::run::session::{Action, Session};
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use lang::{Line, OptionId, Variable};
use model::Redactor;
use model::http::Request;
use registry::resolve::Resolved;

/// Runs one line.
pub(crate) fn run(session: &mut Session, line: &Line) -> Result<Outcome, CallError> {
    if let Some(action) = here(session, line)? {
        return action(session, line);
    }
    let callee = match lookup::resolved(&mut session.planning(), line)? {
        Resolved::Local(command) => return (session.locals.run)(session, &command, line),
        Resolved::Remote { profile, method, foreign } => Callee { profile, method, foreign },
    };
    let mut plan = Plan::of(&mut session.planning(), line, callee, None)?;
    forewarn(session, &plan)?;
    let Some(presentation) = plan.presentation.take() else {
        return show(session, &plan).map(|()| Outcome::Done);
    };
    let pending = Pending::of(&plan);
    guard::admit(&session.accounts, &pending)?;
    let output = session.output(presentation, plan.options.wish.redirect.as_ref(), plan.private)?;
    let key_change = key_change::prepare(&mut session.gate(), &pending, &output)?;
    guard::confirm(&mut session.gate(), &[pending])?;
    if let Some(note) = plan.options.wait.unmet(&plan.call, &session.accounts.rules(&plan.profile)) {
        session.console.note(&note);
    }
    let mut exchange = session.exchange(&plan.profile, plan.timeouts)?;
    exchange.account.unlock(exchange.redactor)?;
    variables::resolve(&mut exchange, &plan.call.method)?;
    match key_change {
        Some(change) => execution::change_key(session, &plan, change, output)?,
        None => execution::carry_out(session, &plan, output)?,
    }
    Ok(Outcome::Done)
}

/// What shows something of this machine for a line that calls nothing: the variable that it is, or the page of help
/// that it asks for.
fn here(session: &Session, line: &Line) -> Result<Option<Action>, CallError> {
    let is_variable = line.profile.is_none() && line.raw.is_none() && Variable::of(&line.head).is_some();
    let action = match () {
        () if is_variable => session.locals.show,
        () if line.has(OptionId::Help) && !session.is_command(line) => session.locals.page,
        () => return Ok(None),
    };
    options::refuse_foreign(line, None)?;
    Ok(Some(action))
}

/// Says what is to be known of a call before it is made.
fn forewarn(session: &mut Session, plan: &Plan) -> Result<(), CallError> {
    if plan.foreign {
        session.accounts.announce(&mut session.console, &plan.profile, &plan.call.method.name);
    }
    let exchange = session.exchange(&plan.profile, plan.timeouts)?;
    for warning in exchange.account.forewarnings(&plan.call) {
        exchange.console.note(&warning);
    }
    for remark in bind::remarks(&plan.call) {
        exchange.console.note(&format!("note: {remark}"));
    }
    Ok(())
}

/// Shows the request instead of sending it.
fn show(session: &mut Session, plan: &Plan) -> Result<(), CallError> {
    let Some(request) = &plan.request else { return Ok(()) };
    match plan.options.form {
        Some(form) => notation::show(session.exchange(&plan.profile, plan.timeouts)?, &plan.call, request, form),
        None => preview(&session.accounts.redactor, &mut session.console, request),
    }
}

/// What would be sent, every secret replaced.
fn preview(redactor: &Redactor, console: &mut Console, request: &Request) -> Result<(), CallError> {
    let mut text = format!("{} {}\n", request.verb, request.url);
    for (name, value) in &request.headers {
        text.push_str(&format!("{name}: {value}\n"));
    }
    text.push_str(&format!("\n{}\n", request.body.preview().trim_end()));
    console.result(&redactor.apply(&text)).map_err(CallError::Output)
}

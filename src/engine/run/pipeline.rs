//! A line, step by step: resolve → bind → encode → open the output → send → decode → render.
//!
//! Everything up to and including the opening of the output happens before anything is sent.

use crate::engine::call::jobs::Waiting;
use crate::engine::call::variables;
use crate::engine::deliver::presentation::Presentation;
use crate::engine::guard;
use crate::engine::guard::gate::Pending;
use crate::engine::guard::key_change;
use crate::engine::plan::lookup;
use crate::engine::plan::options;
use crate::engine::plan::{Callee, Plan};
use crate::engine::run::across;
use crate::engine::run::each;
use crate::engine::run::execution;
use crate::engine::run::outcome::{Awaited, Outcome};
use crate::engine::run::rehearsal;
use crate::engine::run::session::{Action, Session};
use crate::engine::run::viewing;
use crate::engine::state::error::CallError;
use lang::{Line, OptionId, Variable};
use registry::resolve::Resolved;

/// Runs one line.
pub(crate) fn run(session: &mut Session, line: &Line) -> Result<Outcome, CallError> {
    if line.each.is_some() {
        return each::run(session, line).map(|()| Outcome::Done);
    }
    if let Some(action) = here(session, line)? {
        return action(session, line);
    }
    if let Some(accounts) = &line.accounts {
        if let Some(view) = viewing::of_accounts(&session.accounts.registry, line) {
            return Ok(Outcome::View(Box::new(view)));
        }
        return across::run(session, line, accounts);
    }
    let callee = match lookup::resolved(&mut session.planning(), line)? {
        Resolved::Local(command) => return (session.locals.run)(session, &command, line),
        Resolved::Remote { profile, method, foreign } => Callee { profile, method, foreign },
    };
    let mut plan = Plan::of(&mut session.planning(), line, callee, None)?;
    if plan.foreign {
        session.accounts.announce(&mut session.console, &plan.profile, &plan.call.method.name);
    }
    plan.forewarn(&mut session.accounts, &mut session.console)?;
    let Some(presentation) = plan.presentation.take() else {
        return rehearsal::show(session.exchange(&plan.profile, plan.timeouts)?, &plan).map(|()| Outcome::Done);
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
    exchange.account.unlock_for(&plan.call.method, exchange.redactor)?;
    variables::resolve(&mut exchange, &plan.call.method)?;
    match key_change {
        Some(change) => execution::change_key(session, &plan, change, output)?,
        None => execution::carry_out(session, &plan, output)?,
    }
    Ok(Outcome::Done)
}

/// Waits until a job has ended, and writes its last state to its destination.
pub(crate) fn wait(session: &mut Session, awaited: Awaited) -> Result<(), CallError> {
    let Awaited { profile, watch, place, row, options } = awaited;
    let rules = session.accounts.rules(&profile);
    let (limit, timeouts) = (options.wait.most(&rules), options.timeouts(&rules));
    let private = session.accounts.registry.source(&profile).is_some_and(|source| watch.shows_secret(source));
    let filter = session.planning().filter(&options)?;
    let presentation = Presentation::of(&options.wish, rules.format, filter)?;
    let output = session.output(presentation, options.wish.redirect.as_ref(), private)?;
    if profile != session.accounts.registry.here().profile() {
        session.console.note(&format!("reading the job from {profile}"));
    }
    let exchange = session.exchange(&profile, timeouts)?;
    exchange.account.unlock(exchange.redactor)?;
    execution::finish(session, &profile, timeouts, Waiting { watch, place, result: None, limit, row }, output)
}

/// The action of a line that calls nothing: a variable to show, or a help page.
fn here(session: &Session, line: &Line) -> Result<Option<Action>, CallError> {
    let is_variable =
        line.accounts.is_none() && line.profile.is_none() && line.raw.is_none() && Variable::of(&line.head).is_some();
    let action = match () {
        () if is_variable => session.locals.show,
        () if line.has(OptionId::Help) && !session.is_command(line) => session.locals.page,
        () if session.names_a_group(line) => session.locals.page,
        () => return Ok(None),
    };
    options::refuse_foreign(line, None)?;
    Ok(Some(action))
}

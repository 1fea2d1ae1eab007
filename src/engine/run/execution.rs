//! Carries out a plan: sends the call, waits for its job if asked to, and writes the result to its destination.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::call::exchange::{Exchange, Raw};
use crate::engine::call::jobs::{self, Ended, Waiting, Watch, Way};
use crate::engine::call::pages;
use crate::engine::call::remarks;
use crate::engine::deliver::delivery::Done;
use crate::engine::deliver::output::Output;
use crate::engine::deliver::result::{self, deliver, deliver_of};
use crate::engine::guard::key_change::KeyChange;
use crate::engine::plan::Plan;
use crate::engine::run::leafing;
use crate::engine::run::passing;
use crate::engine::run::session::Session;
use crate::engine::state::error::CallError;
use crate::engine::state::kept::Kept;
use crate::engine::state::settings::Manner;
use crate::render::Format;
use crate::wire::Timeouts;
use model::Diagnostic;

/// Sends the call and writes its result to its destination.
pub(crate) fn carry_out(session: &mut Session, plan: &Plan, output: Output) -> Result<(), CallError> {
    let Plan { profile, call, extent, timeouts, .. } = plan;
    let mut exchange = session.exchange(profile, *timeouts)?.into(output.file());
    if output.takes_bytes() && exchange.copies(call) {
        return passing::copy(session, plan, output);
    }
    if output.view.format == Format::Raw {
        let Raw { bytes, done } = exchange.raw(call);
        let (sample, aside) = match done {
            Ok(done) => done,
            Err(error) => return Err(output.copy_failure(&mut session.delivery(), call, &bytes, error)),
        };
        passing::learn_of(&mut exchange, call, sample.value);
        remarks::tell(&mut exchange, call, aside);
        return result::bytes(&mut session.delivery(), call, &bytes, output);
    }
    if !extent.all && (extent.wait.is_some() || call.method.job.is_some()) {
        return see_through(session, plan, extent.wait, output);
    }
    let alone = session.is_one_shot() || session.unused;
    let file = output.file();
    let output = match output.unwatched(call.effects().main(), &session.console, alone) {
        Ok((place, view)) => return passing::pass(session, plan, (place, &view), file),
        Err(output) => *output,
    };
    if extent.all && session.manner == Manner::Prompt && output.is_plain_table(&session.console) {
        return leafing::show(session, plan, output);
    }
    let mut exchange = session.exchange(profile, *timeouts)?.into(output.file());
    let value = match extent.all {
        true => pages::all(&mut exchange, call)?,
        false => {
            let (value, aside) = exchange.value(call)?;
            remarks::tell(&mut exchange, call, aside);
            value
        }
    };
    deliver(&mut session.delivery(), profile, call, value, output)
}

/// Sends a call that begins work, or that reads it, and waits for the end if asked to.
fn see_through(session: &mut Session, plan: &Plan, wait: Option<Duration>, output: Output) -> Result<(), CallError> {
    let Plan { profile, call, timeouts, .. } = plan;
    let mut exchange = session.exchange(profile, *timeouts)?.into(output.file());
    let reading = Watch::reading(&exchange.source.provider().jobs, call).filter(|_| call.method.job.is_none());
    if let (Some(watch), Some(limit)) = (reading, wait) {
        let waiting = Waiting { watch, place: None, result: None, limit, row: None };
        return finish(session, profile, *timeouts, waiting, output);
    }
    let begun = jobs::before(&mut exchange, call, wait.is_some())?;
    let (value, aside) = exchange.value(call)?;
    let named = aside.job.clone();
    remarks::tell(&mut exchange, call, aside);
    let Some(watch) = begun.and_then(|watch| watch.identified_in(&value, named.as_deref())) else {
        if wait.is_some() {
            session.console.note("note: the answer names nothing to wait for");
        }
        return deliver(&mut session.delivery(), profile, call, value, output);
    };
    let row = exchange.ledger.row;
    let place = jobs::remember(&mut session.jobs, (profile, row), watch.clone(), &value);
    let method = Arc::clone(&call.method);
    let Some(limit) = wait else {
        deliver(&mut session.delivery(), profile, call, value, output)?;
        if session.manner == Manner::Prompt {
            jobs::mention(&mut session.console, &session.jobs, place);
        }
        return Ok(());
    };
    let waiting = Waiting { watch, place: Some(place), result: Some((value, method)), limit, row: None };
    finish(session, profile, *timeouts, waiting, output)
}

/// Waits, and writes the last state of the work to its destination.
pub(crate) fn finish(
    session: &mut Session,
    profile: &str,
    timeouts: Timeouts,
    waiting: Waiting,
    output: Output,
) -> Result<(), CallError> {
    let Session { accounts, console, jobs, manner, .. } = session;
    let way = Way::of(&accounts.registry, profile, *manner);
    let mut exchange = Exchange::of(accounts, console, profile, timeouts)?;
    let Ended { told, done, end } = jobs::wait(&mut exchange, jobs, waiting, &way);
    let (Some((value, method)), Some(done)) = (told, done) else { return end };
    let delivered = deliver_of(&mut session.delivery(), profile, (&method, Done::any(&done)), value, output);
    match (delivered, end) {
        (Err(error), Err(end)) => {
            // How the work ended matters more than that its last state could not be written.
            let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
            session.console.note(&session.accounts.redactor.foreign(&format!("note: {error}{hint}")));
            Err(end)
        }
        (delivered, end) => end.and(delivered),
    }
}

/// Sends the call, continues with the new key, and writes the result to its destination.
pub(crate) fn change_key(
    session: &mut Session,
    plan: &Plan,
    change: KeyChange,
    output: Output,
) -> Result<(), CallError> {
    let Plan { profile, call, timeouts, .. } = plan;
    let mut exchange = session.exchange(profile, *timeouts)?.into(output.file());
    let Raw { bytes, done } = exchange.raw_and_value(call);
    let (value, aside) = match done {
        Ok(done) => done,
        Err(error) => return Err(output.copy_failure(&mut session.delivery(), call, &bytes, error)),
    };
    remarks::tell(&mut exchange, call, aside);
    let taken = change.take_over(&mut exchange, &value);
    // If the key cannot be saved after all, it is shown rather than lost.
    let shown_whole = taken.is_err() && output.reaches_terminal(&session.console);
    let delivery = &mut session.delivery();
    let delivered = match output.view.format {
        Format::Raw => result::bytes(delivery, call, &bytes, output),
        _ if shown_whole => result::bytes(delivery, call, &bytes, output),
        _ => deliver(delivery, profile, call, value, output),
    };
    match (taken, delivered) {
        // The result itself contains the key.
        (Err(error), Ok(())) => {
            let (what, effect) = (call.method.name.clone(), call.effects().main());
            Err(CallError::Undelivered {
                error: Box::new(error),
                what,
                several: false,
                effect,
                kept: Kept::InTheResult,
            })
        }
        (_, delivered) => delivered,
    }
}

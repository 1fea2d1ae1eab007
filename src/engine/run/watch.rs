//! A repeated read: each round is a separate call, and changes are marked.

use std::cell::RefCell;
use std::io::{self, Write};
use std::mem;
use std::rc::Rc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::engine::call::variables;
use crate::engine::run::execution;
use crate::engine::run::session::Session;
use crate::engine::run::watched::Watched;
use crate::engine::state::console::Stream;
use crate::engine::state::error::CallError;
use crate::engine::state::settings::Manner;
use crate::render::changes::{MARK, Marked, changes, summary};
use crate::render::style::{self, Role, paint};
use crate::signals;
use crate::wire::WireError;
use codec::DecodeError;
use lang::Line;
use model::{Break, Class, Diagnostic, Effect, moment};

/// No service can make anybody wait longer for the next round.
const LONGEST: Duration = Duration::from_secs(3600);
/// Rows of the screen that the result does not get: the heading, and the next prompt.
const AROUND: usize = 3;

/// Repeats a read until it has been made as often as it should, or until Ctrl-C, which is no error at a prompt. What may
/// pass is told, and the next round is made all the same; the error of the last round is the error of all.
pub(crate) fn run(session: &mut Session, watched: &Watched, (line, text): (&Line, &str)) -> Result<(), CallError> {
    let mut before: Option<String> = None;
    let mut made = 0;
    loop {
        let done = round(session, watched);
        made += 1;
        let is_last = watched.times.is_some_and(|times| made >= times);
        let mut pause = watched.every;
        match done {
            Ok(Shown { result, notes }) => {
                show(session, watched, before.as_deref(), &result, &notes)?;
                before = Some(result);
            }
            Err(error) if is_stopped(session, &error) => return Ok(()),
            Err(error) if is_last || !passes(&error) => return Err(error),
            Err(error) => {
                pause = pause.max(asked_to_wait(&error));
                session.tell(&error, text, Some(line));
            }
        }
        if is_last {
            return Ok(());
        }
        if let Err(error) = wait(session, watched, pause) {
            return if is_stopped(session, &error) { Ok(()) } else { Err(error) };
        }
    }
}

/// Whether the user ended it at a prompt.
fn is_stopped(session: &Session, error: &CallError) -> bool {
    session.manner == Manner::Prompt
        && session.scripts.is_empty()
        && error.class() == Class::Interrupted
        && signals::ending().is_none()
}

/// Whether another round may go better.
fn passes(error: &CallError) -> bool {
    matches!(error.class(), Class::Refused | Class::Failed | Class::NotReached)
}

/// How long the service wants to be left alone.
fn asked_to_wait(error: &CallError) -> Duration {
    match error {
        CallError::Decode(DecodeError::Http { retry_after: Some(seconds), .. }) => {
            Duration::from_secs(*seconds).min(LONGEST)
        }
        _ => Duration::ZERO,
    }
}

/// Waits for the next round.
fn wait(session: &Session, watched: &Watched, pause: Duration) -> Result<(), CallError> {
    let broken = |by: Break| {
        let error = WireError::Interrupted { sent: model::Sent::No, by };
        Err(CallError::lost(error, Effect::Read, &watched.plan.call.method.name))
    };
    if session.interrupted.load(Ordering::Relaxed) {
        return broken(Break::CtrlC);
    }
    match session.accounts.wire.pause(pause) {
        Err(WireError::Interrupted { by, .. }) => broken(by),
        _ => Ok(()),
    }
}

/// What a round would show.
struct Shown {
    result: String,
    notes: String,
}

/// Makes the call once. Nothing is shown yet.
fn round(session: &mut Session, watched: &Watched) -> Result<Shown, CallError> {
    let plan = &watched.plan;
    let presentation = plan.again_presented(&mut session.planning())?;
    let output = session.output(presentation, None, plan.private)?;
    let mut exchange = session.exchange(&plan.profile, plan.timeouts)?;
    exchange.account.unlock_for(&plan.call.method, exchange.redactor)?;
    variables::resolve(&mut exchange, &plan.call.method)?;
    let (result, notes) = (Paper::default(), Paper::default());
    let width = session.console.width;
    let out = mem::replace(&mut session.console.out.to, Box::new(result.clone()));
    let err = mem::replace(&mut session.console.err.to, Box::new(notes.clone()));
    if session.console.out.terminal {
        session.console.width = width.saturating_sub(MARK);
    }
    let done = execution::carry_out(session, plan, output);
    session.console.width = width;
    session.console.out.to = out;
    session.console.err.to = err;
    done.map(|()| Shown { result: result.text(), notes: notes.text() })
}

/// Shows a round: at a terminal in place of the one before it, elsewhere if it differs from that.
fn show(
    session: &mut Session,
    watched: &Watched,
    before: Option<&str>,
    result: &str,
    notes: &str,
) -> Result<(), CallError> {
    let marked = changes(before.unwrap_or(result), result);
    let changed = summary(&marked);
    let console = &mut session.console;
    let Stream { terminal, colour, .. } = console.out;
    let now = moment::iso(history::now() / 1000 * 1000);
    let news = changed.as_deref().unwrap_or(if before.is_some() { "no change" } else { "first result" });
    let heading = format!("{now}  {}  {news}", watched.plan.call.method.name);
    if terminal && colour {
        let room = console.height.saturating_sub(AROUND).max(1);
        let screen = format!("{}{}\n{}", style::CLEAR, paint(Role::Head, &heading, true), rows(&marked, room, true));
        return console.result(&screen).map_err(CallError::Output);
    }
    if before.is_some() && changed.is_none() {
        return Ok(());
    }
    if terminal {
        return console.result(&format!("{heading}\n{}", rows(&marked, usize::MAX, false))).map_err(CallError::Output);
    }
    if before.is_none() && !notes.is_empty() {
        console.whole(notes.trim_end());
    }
    console.note(&heading);
    console.result(result).map_err(CallError::Output)
}

/// Marked lines, as many as fit; those that changed come first where not all fit.
fn rows(marked: &[Marked], room: usize, colour: bool) -> String {
    let first = marked.iter().position(|line| line.change != crate::render::changes::Change::Same).unwrap_or(0);
    let skipped = if marked.len() > room { first.min(marked.len() - room) } else { 0 };
    let mut out = String::new();
    for line in marked.iter().skip(skipped).take(room) {
        out.push_str(&line.shown(colour));
        out.push('\n');
    }
    let left = marked.len().saturating_sub(room);
    if left > 0 {
        let text = format!("  … {left} more lines; --columns, -q or a pipe shows less or all");
        out.push_str(&paint(Role::Dim, &text, colour));
        out.push('\n');
    }
    out
}

/// A place for bytes that are looked at before they are shown.
#[derive(Clone, Default)]
struct Paper(Rc<RefCell<Vec<u8>>>);

impl Paper {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.borrow()).into_owned()
    }
}

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_changed_are_in_sight() {
        let before: String = (0..30).map(|n| format!("{n} a\n")).collect();
        let marked = changes(&before, &before.replace("25 a", "25 b"));
        let shown = rows(&marked, 6, false);
        assert!(shown.contains("~ 25 b\n") && shown.contains("… 24 more lines"), "{shown}");
        assert_eq!(rows(&marked, 30, false).lines().count(), 30);
    }

    #[test]
    fn a_service_may_ask_for_more_time_but_not_for_any() {
        let http =
            |retry_after| CallError::from(DecodeError::Http { status: 429, words: None, location: None, retry_after });
        for (error, seconds) in
            [(http(Some(90)), 90), (http(Some(1_000_000)), 3600), (http(None), 0), (CallError::NoOutput, 0)]
        {
            assert_eq!(asked_to_wait(&error).as_secs(), seconds);
        }
        assert!(passes(&http(None)) && !passes(&CallError::NoKey { profile: "p".into() }));
    }
}

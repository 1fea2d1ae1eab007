//! A result that goes to its place while it comes: nobody watches it, and no other line can use it.

use std::cell::RefCell;

use crate::disk;
use crate::engine::call::exchange::{Exchange, Landing, Passed};
use crate::engine::call::paged::{self, Turn};
use crate::engine::call::remarks;
use crate::engine::deliver::delivery::Done;
use crate::engine::deliver::flow::{Flow, Tap};
use crate::engine::deliver::mask;
use crate::engine::deliver::output::{Output, Place};
use crate::engine::deliver::rescue;
use crate::engine::plan::Plan;
use crate::engine::run::session::Session;
use crate::engine::state::error::CallError;
use crate::render::{Fragment, Note, Passage, View};
use crate::signals;
use model::{Call, Class, Diagnostic, Method, Redactor, Shape, Type, Value};

/// Writes the result of a call, or of all its pages. `file` is its place, as the journal names it.
pub(crate) fn pass(
    session: &mut Session,
    plan: &Plan,
    (place, view): (Place, &View),
    file: Option<String>,
) -> Result<(), CallError> {
    let Plan { profile, call, extent, timeouts, .. } = plan;
    // Under a bare key, documents have the provider's own spelling.
    let is_common = session.settings.named || !view.format.is_document();
    let common = is_common.then(|| session.accounts.common(profile, &call.method));
    let common = common.as_ref();
    let (alone, at_stdout) = (!matches!(place, Place::Command(_)), matches!(place, Place::Stdout));
    let flow = RefCell::new(Flow::to(place, &mut session.console));
    let into_file = flow.borrow().is_file();
    let passage = Passage { view, common, spool: &disk::spool, at_once: extent.all && !into_file, within: 0 };
    let writing = signals::delivering(alone);
    let passed = session.exchange(profile, *timeouts).and_then(|exchange| {
        let mut exchange = exchange.into(file);
        if extent.all { pages(&mut exchange, call, passage, &flow) } else { one(&mut exchange, call, passage, &flow) }
    });
    drop(writing);
    session.memory.forget(if into_file { "it went straight into a file" } else { "it was passed on as it came" });
    end(session, Done::call(call), (flow.into_inner(), at_stdout), passed)
}

/// Writes a result that was made into text before. `notes` are about its form.
pub(super) fn put(
    session: &mut Session,
    done: Done<'_>,
    place: Place,
    (mut text, notes): (Fragment, Vec<Note>),
) -> Result<(), CallError> {
    let (alone, at_stdout) = (!matches!(place, Place::Command(_)), matches!(place, Place::Stdout));
    let flow = RefCell::new(Flow::to(place, &mut session.console));
    let writing = signals::delivering(alone);
    let passed = text.pass(&mut Tap(&flow)).map(|_| notes).map_err(CallError::Output);
    drop(writing);
    let into_file = flow.borrow().is_file();
    session.memory.forget(if into_file { "it went straight into a file" } else { "it was passed on as it came" });
    end(session, done, (flow.into_inner(), at_stdout), passed)
}

/// Writes the provider's own bytes into a file.
pub(crate) fn copy(session: &mut Session, plan: &Plan, output: Output) -> Result<(), CallError> {
    let Plan { profile, call, timeouts, .. } = plan;
    let file = output.file();
    let wanted = output.wants_bytes();
    let flow = RefCell::new(Flow::to(output.place, &mut session.console));
    let writing = signals::delivering(true);
    let passed = session.exchange(profile, *timeouts).and_then(|exchange| {
        let mut exchange = exchange.into(file);
        let Passed { sample, aside, .. } = exchange.copy(call, &mut Tap(&flow))?;
        learn_of(&mut exchange, call, sample.value);
        remarks::tell(&mut exchange, call, aside);
        Ok(Vec::new())
    });
    drop(writing);
    session.memory.forget("its bytes were passed on unchanged");
    if wanted && passed.as_ref().is_err_and(CallError::is_about_an_answer) {
        session.console.note("note: nothing was stored; without a file, -o raw shows what came");
    }
    end(session, Done::call(call), (flow.into_inner(), false), passed)
}

/// The result of one call.
fn one(
    exchange: &mut Exchange<'_>,
    call: &Call,
    passage: Passage<'_>,
    flow: &RefCell<Flow>,
) -> Result<Vec<Note>, CallError> {
    // A file takes what comes as fast as it can be read.
    let looks = !flow.borrow().is_file() && must_look(exchange, call, passage.view);
    let Passed { notes, sample, aside } = exchange.stream(call, passage, looks, Landing::Place(&mut Tap(flow)))?;
    learn_of(exchange, call, sample.value);
    remarks::tell(exchange, call, aside);
    Ok(notes)
}

/// Whether the members of a result must be seen whole on their way: all secrets in them, bytes that come as text, and two
/// members of one name in a form that cannot merge them.
fn must_look(exchange: &Exchange<'_>, call: &Call, view: &View) -> bool {
    let (method, shapes) = (&*call.method, exchange.source.shapes_of(&call.method));
    !view.merges() || method.returns_secret(shapes) || has_bytes(method, shapes)
}

/// Whether a result may have bytes that come as text.
pub(super) fn has_bytes(method: &Method, shapes: &[Shape]) -> bool {
    method.result_fields(shapes).iter().any(|field| field.type_ == Type::Bytes)
}

/// The pages of a list, each passed on before the next is read.
fn pages(
    exchange: &mut Exchange<'_>,
    call: &Call,
    passage: Passage<'_>,
    flow: &RefCell<Flow>,
) -> Result<Vec<Note>, CallError> {
    let (method, shapes) = (&*call.method, exchange.source.shapes_of(&call.method));
    let pass = || {
        let mut flow = flow.borrow_mut();
        if flow.is_file() { Ok(false) } else { flow.pass().map(|()| true) }
    };
    let look = |page: &[Value], redactor: &mut Redactor| {
        if method.returns_secret(shapes) {
            learn(method, shapes, Value::List(page.to_vec()), redactor);
        }
    };
    paged::stream(exchange, call, passage, Turn { pass: &pass, look: &look }, &mut Tap(flow))
}

/// Remembers the secrets of what was kept of a result.
pub(crate) fn learn_of(exchange: &mut Exchange<'_>, call: &Call, kept: Option<Value>) {
    if let Some(value) = kept {
        learn(&call.method, exchange.source.shapes_of(&call.method), value, exchange.redactor);
    }
}

/// Remembers the secrets of what was passed on: nothing else may show them.
fn learn(method: &Method, shapes: &[Shape], value: Value, redactor: &mut Redactor) {
    if method.returns_secret(shapes) {
        mask::learn(&mask::seal(value, method, shapes).0, redactor);
    }
}

/// Ends the flow, and says what became of the result.
pub(super) fn end(
    session: &mut Session,
    done_for: Done<'_>,
    (flow, at_stdout): (Flow, bool),
    passed: Result<Vec<Note>, CallError>,
) -> Result<(), CallError> {
    let (into_file, begun, enough) = (flow.is_file(), flow.has_begun(), flow.is_closed_by_command());
    let (passed, notes) = match passed {
        Ok(notes) => (Ok(()), notes),
        Err(_) if enough => (Ok(()), Vec::new()),
        Err(error) => (Err(error), Vec::new()),
    };
    let ended = flow.end(passed.is_ok(), &mut session.console);
    let done = passed.and(ended);
    if begun && done.as_ref().is_err_and(|error| error.class() != Class::ReaderGone) {
        session.console.note("note: what was passed on before is incomplete");
    }
    // Whoever reads a file is not kept waiting for its rows.
    let notes = notes.iter().filter(|note| **note != Note::Late || !into_file);
    notes.for_each(|note| session.console.note(&note.to_string()));
    done.map_err(|error| rescue::undelivered(&mut session.delivery(), done_for, error, None, at_stdout))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_that_were_passed_on_are_known_afterwards() {
        let method = r#"{"name":"a.b","returns":"list:dict","fields":[{"name":"key","type":"string","secret":true},
            {"name":"name","type":"string"}]}"#;
        let method: Method = serde_json::from_str(method).unwrap();
        let value: Value = serde_json::from_str(r#"[{"key":"canary-1234","name":"public-1234"}]"#).unwrap();
        let mut redactor = Redactor::default();
        learn(&method, &[], value, &mut redactor);
        assert_eq!(redactor.apply("canary-1234 public-1234"), "(redacted) public-1234");
    }
}

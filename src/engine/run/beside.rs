//! Lines of a script side by side: calls that follow each other and do not depend on each other.
//!
//! Such lines are reads, or changes by one and the same method. A line that sets or uses something in the session, asks
//! a question, waits or does more than one call runs alone, after all lines before it. Results are written in the order
//! of the lines; those that no other line can use are text by then.

use std::collections::HashSet;
use std::sync::Arc;

use crate::disk;
use crate::engine::call::entry;
use crate::engine::call::exchange::{Landing, Passed};
use crate::engine::call::remarks;
use crate::engine::call::side_by_side::{self, Comes, Ended, Finished, Order, Planned, Why};
use crate::engine::deliver::delivery::Done;
use crate::engine::deliver::output::Output;
use crate::engine::deliver::result::deliver;
use crate::engine::guard;
use crate::engine::guard::gate::Pending;
use crate::engine::plan::lookup;
use crate::engine::plan::{Callee, Plan};
use crate::engine::run::outcome::{Flow, Way};
use crate::engine::run::passing;
use crate::engine::run::session::Session;
use crate::engine::state::error::CallError;
use crate::render::{Format, Fragment, Note, Passage, View};
use crate::signals;
use crate::wire::{Timeouts, WireError};
use lang::{Line, OptionId, Variable, Word};
use model::{Call, Common, Method, Sent, Value};
use registry::resolve::Resolved;

/// The options that such a line may have: those that decide what is sent, and how one result looks.
const OPTIONS: [OptionId; 13] = [
    OptionId::Output,
    OptionId::Xml,
    OptionId::Query,
    OptionId::Columns,
    OptionId::Sort,
    OptionId::NoHeader,
    OptionId::Safe,
    OptionId::Bom,
    OptionId::Yes,
    OptionId::NoWait,
    OptionId::Timeout,
    OptionId::NoCheck,
    OptionId::Positional,
];
/// For each call that may be under way, so many lines are prepared at once.
const WINDOW: usize = 4;

/// A line that is ready.
struct Ready {
    plan: Plan,
    output: Output,
    /// Its result is made into text on the thread of its call: no line and nobody can use it before.
    text: bool,
    /// How its moments then get the common form, if they are to have it.
    common: Option<Common>,
}

/// The result of a line when its turn comes.
enum Came {
    Text(Fragment, Vec<Note>),
    Tree(Value),
}

impl Comes for Came {}

/// What is needed to send its call.
struct Seat<'r> {
    profile: &'r str,
    call: &'r Call,
    timeouts: Timeouts,
    /// The form of its text, if its result is made into that.
    form: Option<(&'r View, Option<&'r Common>)>,
}

impl Planned for Seat<'_> {
    fn profile(&self) -> &str {
        self.profile
    }

    fn method(&self) -> &Method {
        &self.call.method
    }

    fn timeouts(&self) -> Timeouts {
        self.timeouts
    }
}

/// Runs the first of some lines side by side, as far as they go together, and reports their errors. Nothing has run if
/// nothing comes back. After a line that ends the script there are no others.
pub(super) fn run(session: &mut Session, text: &str, lines: &[Line], way: Way) -> Vec<Result<Flow, CallError>> {
    if way.jobs < 2 || lines.len() < 2 {
        return Vec::new();
    }
    session.begun.1 = session.accounts.wire.left();
    let ready = ready(session, text, lines.get(..way.jobs * WINDOW).unwrap_or(lines));
    if ready.len() < 2 {
        return Vec::new();
    }
    let finished = match sent(session, &ready, way) {
        Ok(finished) => finished,
        Err(error) => return vec![Err(session.failed(error, text, lines.first()))],
    };
    let mut all = Vec::with_capacity(ready.len());
    for ((Ready { plan, output, .. }, line), finished) in ready.into_iter().zip(lines).zip(finished) {
        let done = delivered(session, &plan, output, finished);
        let failed = done.is_err();
        all.push(done.map(|()| Flow::Continue).map_err(|error| session.failed(error, text, Some(line))));
        if failed && !way.keep_going {
            break;
        }
    }
    session.accounts.ledger.settle(&mut session.console, &session.accounts.redactor);
    signals::settle();
    all
}

/// Makes the first lines ready, up to one that cannot be with them. That one reports what is wrong when its turn comes.
fn ready(session: &mut Session, text: &str, lines: &[Line]) -> Vec<Ready> {
    let mut all: Vec<Ready> = Vec::new();
    let mut changes = HashSet::new();
    for (nth, line) in (1..).zip(lines) {
        if !is_plain(line, all.is_empty()) {
            break;
        }
        session.learn_line(text, line.span);
        let Some(plan) = planned(session, line).filter(|plan| goes_along(plan, all.first())) else { break };
        // The same change again waits for the outcome of the first.
        if !plan.effects().only_reads() && !changes.insert(entry::request(&plan.call)) {
            break;
        }
        let Some(output) = opened(session, &plan) else { break };
        // A line that is not among these may use the last result.
        let alone = lines.get(nth).is_some_and(|next| session.leaves_unused(Some(next), text));
        all.push(finally(session, plan, output, alone));
    }
    all
}

/// Whether a line is nothing but a call, as far as the line says. The last result is known to the first line only.
fn is_plain(line: &Line, is_first: bool) -> bool {
    let is_last = |word: &Word| matches!(Variable::of(word), Some(Ok(variable)) if variable.name == Variable::LAST);
    let words = || line.items.iter().flat_map(|item| [item.word.clone()].into_iter().chain(item.word.members()));
    let plain = line.each.is_none() && line.own.is_none() && line.accounts.is_none() && !line.reads_stdin();
    plain
        && line.options.iter().all(|given| OPTIONS.contains(&given.option.id))
        && (is_first || !words().any(|word| is_last(&word)))
}

/// The plan of a line that calls a method which is known here; nobody is asked for anything.
fn planned(session: &mut Session, line: &Line) -> Option<Plan> {
    let Ok(Resolved::Remote { profile, method, foreign }) = lookup::foreseen(&mut session.planning(), line) else {
        return None;
    };
    let person = session.console.person.take();
    let plan = Plan::of(&mut session.planning(), line, Callee { profile, method, foreign }, None);
    session.console.person = person;
    plan.ok()
}

/// Whether a call is one request with one answer, and may be under way with the first of the others.
fn goes_along(plan: &Plan, first: Option<&Ready>) -> bool {
    let Plan { call, extent, .. } = plan;
    let alone = extent.all || extent.wait.is_some() || call.method.job.is_some() || call.method.new_key.is_some();
    let raw = plan.presentation.as_ref().is_none_or(|presentation| presentation.view.format == Format::Raw);
    let alike = |first: &Ready| {
        let other = &first.plan;
        call.effects().only_reads() && other.call.effects().only_reads()
            || other.profile == plan.profile && other.call.method.name == call.method.name
    };
    !alone && !raw && !plan.foreign && first.is_none_or(alike)
}

/// Lets a call pass that needs no question, and opens the place of its result.
fn opened(session: &mut Session, plan: &Plan) -> Option<Output> {
    let pending = Pending::of(plan);
    guard::admit(&session.accounts, &pending).ok()?;
    if !guard::passes(&session.accounts, &pending).unwrap_or(false) {
        return None;
    }
    session.accounts.unlock_for(&plan.profile, &plan.call.method).ok()?;
    let presentation = plan.again_presented(&mut session.planning()).ok()?;
    let output = session.output(presentation, plan.options.wish.redirect.as_ref(), plan.private).ok()?;
    plan.forewarn(&mut session.accounts, &mut session.console).ok()?;
    // This notes that nothing like it has been sent so far.
    guard::confirm(&mut session.gate(), &[pending]).ok().map(|()| output)
}

/// Decides what becomes of the result on its thread. `alone` says that no other line can use it.
fn finally(session: &Session, plan: Plan, mut output: Output, alone: bool) -> Ready {
    let Plan { profile, call, .. } = &plan;
    let source = session.accounts.registry.source(profile);
    let whole = source.is_none_or(|source| {
        let shapes = source.shapes_of(&call.method);
        call.method.returns_secret(shapes) || passing::has_bytes(&call.method, shapes)
    });
    let passes = output.passes(call.effects().main(), &session.console, alone);
    let text = passes && output.view.merges() && !whole;
    let common = text && (session.settings.named || !output.view.format.is_document());
    let common = common.then(|| session.accounts.common(profile, &call.method));
    Ready { plan, output, text, common }
}

fn seat(ready: &Ready) -> Seat<'_> {
    let Ready { plan: Plan { profile, call, timeouts, .. }, output, text, common } = ready;
    Seat { profile, call, timeouts: *timeouts, form: text.then_some((&output.view, common.as_ref())) }
}

fn sent(session: &mut Session, ready: &[Ready], way: Way) -> Result<Vec<Finished<Came>>, CallError> {
    let seats: Vec<Seat<'_>> = ready.iter().map(seat).collect();
    let room = Arc::default();
    let ends = |_: &CallError| !way.keep_going;
    let order = Order { at_once: way.jobs, ends: &ends };
    let mut all = Vec::with_capacity(seats.len());
    side_by_side::run(
        (&mut session.accounts, &mut session.console),
        &seats,
        &order,
        |exchange, seat| {
            exchange.ledger.next_call();
            let Some((view, common)) = seat.form else {
                let (value, aside) = exchange.value(seat.call)?;
                remarks::tell(exchange, seat.call, aside);
                return Ok(Came::Tree(value));
            };
            let mut fragment = Fragment::of(&room, disk::spool);
            let passage = Passage { view, common, spool: &disk::spool, at_once: false, within: 0 };
            let landing = Landing::Fragment(&mut fragment);
            let Passed { notes, aside, .. } = exchange.stream(seat.call, passage, false, landing)?;
            remarks::tell(exchange, seat.call, aside);
            Ok(Came::Text(fragment, notes))
        },
        |_, _, finished| {
            all.push(finished);
            Ok(())
        },
    )?;
    Ok(all)
}

/// Writes the result of a line to its place.
fn delivered(session: &mut Session, plan: &Plan, output: Output, finished: Finished<Came>) -> Result<(), CallError> {
    let Finished { ended, row, notes } = finished;
    for note in notes {
        session.console.note(&session.accounts.redactor.foreign(&note));
    }
    session.accounts.ledger.row = row;
    match came(ended, plan)? {
        Came::Tree(value) => deliver(&mut session.delivery(), &plan.profile, &plan.call, value, output),
        Came::Text(text, notes) => passing::put(session, Done::call(&plan.call), output.place, (text, notes)),
    }
}

fn came(ended: Ended<Came>, plan: &Plan) -> Result<Came, CallError> {
    let method = &plan.call.method.name;
    match ended {
        Ended::Done(came) => Ok(came),
        Ended::Failed(error) => Err(*error),
        Ended::Unsent(Why::Interrupted(by)) => {
            Err(CallError::lost(WireError::Interrupted { sent: Sent::No, by }, plan.call.effects().main(), method))
        }
        Ended::Unsent(Why::Failure | Why::Key) => Err(CallError::Blocked {
            message: format!("{method} was not sent, because a line before it failed"),
            span: Some(plan.head),
            hint: None,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_needs_the_session_runs_alone() {
        for (text, first, others) in [
            ("x a b -o json | f", true, true),
            ("x a $zone.id b (list)c,$d", true, true),
            ("x a $_.id", true, false),
            ("x a (list)$_.id,c", true, false),
            ("x a '$_'", true, true),
            ("x --wait", false, false),
            ("x --all", false, false),
            ("x --dry-run", false, false),
            ("x a @-", false, false),
            ("x | each y a {b}", false, false),
            ("!ls", false, false),
            ("@all x a b", false, false),
            ("@work,@home x", false, false),
        ] {
            let line = lang::parse(text).unwrap().remove(0);
            assert_eq!((is_plain(&line, true), is_plain(&line, false)), (first, others), "{text}");
        }
    }
}

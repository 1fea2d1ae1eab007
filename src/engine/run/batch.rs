//! The calls of a script as a batch: all are bound and checked before anything is sent, they are sent in as few
//! requests as the provider allows, and their results are one list.

use std::sync::Arc;

use crate::engine::accounts::roster::Accounts;
use crate::engine::call::exchange::Exchange;
use crate::engine::call::idempotency;
use crate::engine::call::remarks;
use crate::engine::call::together::{self, Answered, shared};
use crate::engine::call::variables;
use crate::engine::deliver::delivery::Done;
use crate::engine::deliver::mask;
use crate::engine::deliver::output::Output;
use crate::engine::deliver::result;
use crate::engine::guard;
use crate::engine::guard::gate::{Gate, Pending};
use crate::engine::plan::Plan;
use crate::engine::run::judge::{Read, UNREAD};
use crate::engine::run::member;
use crate::engine::run::outcome::Order;
use crate::engine::run::script::{Script, line_number};
use crate::engine::run::session::Session;
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::engine::state::memory::Memory;
use crate::engine::state::redaction::Redacted;
use crate::render::{self, Format};
use history::CallId;
use lang::Line;
use model::{Call, Class, Diagnostic, Effects, Map, Sent, Value};

/// The most failed calls that are reported one by one, and the most line numbers.
const TOLD: usize = 20;

/// A line that is ready to be sent.
struct Ready {
    line: Line,
    profile: String,
    call: Call,
}

/// Runs a script as a batch. The options of the line that asks for it decide the form of all errors.
pub(crate) fn run(session: &mut Session, script: &Script, order: &Order) -> Result<(), CallError> {
    let usual = session.settings.errors_as_json;
    session.settings.errors_as_json = order.options.wish.format.map_or(usual, |(format, _)| format == Format::Json);
    let done = as_one(session, script, order);
    session.settings.errors_as_json = usual;
    done
}

fn as_one(session: &mut Session, script: &Script, order: &Order) -> Result<(), CallError> {
    let before = session.memory.forget(UNREAD);
    let (ready, output) = match admitted(session, script, order) {
        Ok(admitted) => admitted,
        Err(error) => {
            session.memory.restore(before);
            return Err(error);
        }
    };
    let answered = send(&mut session.accounts, &mut session.console, &ready);
    // Errors are reported from here on, after everything was sent.
    session.begun.1 = session.accounts.wire.left();
    let outcome = report_failures(script, &ready, &answered, |error, row, line| {
        session.accounts.ledger.row = row;
        session.told_in(script, error, line);
    });
    let named = session.settings.named;
    keep(&mut session.memory, &mut session.accounts, named, script, (&ready, answered));
    let effect = ready.iter().fold(Effects::default(), |effects, ready| effects.and(ready.call.effects())).main();
    result::put_last(&mut session.delivery(), output, Some(Done { what: "the batch", several: true, effect }))?;
    outcome
}

/// Everything before the first request.
fn admitted(session: &mut Session, script: &Script, order: &Order) -> Result<(Vec<Ready>, Output), CallError> {
    let ready = session.within(script, |session| prepared(session, script))?;
    let presentation = session.planning().presentation(&order.options)?;
    // An option in a recalled line was the answer to another question.
    let again = order.options.again && !session.recalled;
    sure(&mut session.gate(), &ready, order, again)?;
    let private = ready.iter().any(|ready| {
        let source = session.accounts.registry.source(&ready.profile);
        source.is_some_and(|source| ready.call.method.returns_secret(source.shapes_of(&ready.call.method)))
    });
    let output = session.output(presentation, order.options.wish.redirect.as_ref(), private)?;
    unlock(&mut session.accounts, &ready)?;
    Ok((ready, output))
}

/// Every line as a call of an account. Otherwise every error of every line has been reported.
fn prepared(session: &mut Session, script: &Script) -> Result<Vec<Ready>, CallError> {
    let (read, text) = (Read::of(script), script.text.as_str());
    session.judge_batch(&read, text)?;
    let mut ready = Vec::with_capacity(read.lines.len());
    for line in read.lines {
        let plan = member::planned(&mut session.planning(), &line)
            .map_err(|error| session.failed(error, text, Some(&line)))?;
        let Plan { profile, call, foreign, .. } = plan;
        let said = |ready: &Ready| ready.profile == profile && ready.call.method.name == call.method.name;
        if foreign && !ready.iter().any(said) {
            session.accounts.announce(&mut session.console, &profile, &call.method.name);
        }
        ready.push(Ready { line, profile, call });
    }
    Ok(ready)
}

/// Asks one question for all calls that need one. `--yes` in the line that asks for the batch answers it.
fn sure(gate: &mut Gate<'_>, ready: &[Ready], order: &Order, again: bool) -> Result<(), CallError> {
    let Order { agreed, head, .. } = *order;
    let pending: Vec<Pending<'_>> =
        ready.iter().map(|Ready { profile, call, .. }| Pending { profile, call, agreed, again, head }).collect();
    guard::confirm(gate, &pending)
}

/// Fetches every key before the first call is sent.
fn unlock(accounts: &mut Accounts, ready: &[Ready]) -> Result<(), CallError> {
    ready.iter().try_for_each(|ready| accounts.unlock_for(&ready.profile, &ready.call.method))
}

/// Sends the calls in order. After a refusal, the next calls are still sent; after any other failure they are not.
fn send(accounts: &mut Accounts, console: &mut Console, ready: &[Ready]) -> Vec<Answered> {
    let mut answered: Vec<Answered> = Vec::with_capacity(ready.len());
    while let Some(next) = ready.get(answered.len()) {
        let rest = ready.get(answered.len()..).unwrap_or_default();
        let most = if idempotency::has_key(&next.call) { 1 } else { together::most(accounts, &next.profile) };
        // A key belongs to one request.
        let goes_along = |other: &&Ready| other.profile == next.profile && !idempotency::has_key(&other.call);
        let others = rest.iter().take(most).skip(1).take_while(goes_along);
        let group: Vec<&Call> = std::iter::once(next).chain(others).map(|ready| &ready.call).collect();
        let answers = send_group(accounts, console, &next.profile, &group);
        let stops = answers.iter().filter_map(|answer| answer.value.as_ref().err()).any(|error| !error.is_plain_no());
        answered.extend(answers);
        if stops {
            break;
        }
    }
    let unsent = Arc::new(CallError::Blocked {
        message: "not sent, because a request before it failed".into(),
        span: None,
        hint: None,
    });
    answered.resize_with(ready.len(), || Answered { value: Err(Arc::clone(&unsent)), row: None });
    answered
}

fn send_group(accounts: &mut Accounts, console: &mut Console, profile: &str, calls: &[&Call]) -> Vec<Answered> {
    let timeouts = accounts.rules(profile).timeouts;
    let mut exchange = match Exchange::of(accounts, console, profile, timeouts) {
        Ok(exchange) => exchange,
        Err(error) => return shared(error, calls.len()),
    };
    match calls {
        [call] => {
            exchange.ledger.next_call();
            let value = alone(&mut exchange, call).map_err(Arc::new);
            vec![Answered { value, row: exchange.ledger.row }]
        }
        calls => exchange.together(calls),
    }
}

fn alone(exchange: &mut Exchange<'_>, call: &Call) -> Result<Value, CallError> {
    variables::resolve(exchange, &call.method)?;
    let (value, aside) = exchange.value(call)?;
    remarks::tell(exchange, call, aside);
    Ok(value)
}

/// Reports every failure with its line, and returns a summary. An error that several calls share is reported once.
fn report_failures(
    script: &Script,
    ready: &[Ready],
    answered: &[Answered],
    mut tell: impl FnMut(&CallError, Option<CallId>, &Line),
) -> Result<(), CallError> {
    let mut seen: Vec<&Arc<CallError>> = Vec::new();
    let mut numbers = Vec::new();
    let mut broken = None;
    for (Ready { line, .. }, answer) in ready.iter().zip(answered) {
        let Err(error) = &answer.value else { continue };
        numbers.push(number(script, line));
        broken = error.class().broken_by().or(broken);
        if !seen.iter().any(|other| Arc::ptr_eq(other, error)) {
            if seen.len() < TOLD {
                tell(error, answer.row, line);
            }
            seen.push(error);
        }
    }
    match numbers.len() {
        0 => Ok(()),
        failed => {
            let (calls, lines, sent) = (answered.len(), listed(&numbers), arrived(answered));
            Err(CallError::Several { failed, calls, lines, sent, broken })
        }
    }
}

/// What is known about the calls as a whole: unknown if a change may have arrived, no if nothing arrived.
fn arrived(answered: &[Answered]) -> Sent {
    let any = |is: fn(&Answered) -> bool| answered.iter().any(is);
    if any(|answer| answer.value.as_ref().is_err_and(|error| error.class() == Class::Unknown)) {
        Sent::Unknown
    } else if any(|answer| answer.value.as_ref().map_or_else(|error| error.sent() != Sent::No, |_| true)) {
        Sent::Yes
    } else {
        Sent::No
    }
}

fn number(script: &Script, line: &Line) -> usize {
    line_number(script.text.get(..line.span.start).unwrap_or(""))
}

/// Numbers in order as a text: `3, 5-9, 12`.
fn listed(numbers: &[usize]) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for &number in numbers {
        match runs.last_mut() {
            Some((_, last)) if number <= *last + 1 => *last = number,
            _ => runs.push((number, number)),
        }
    }
    let more = if runs.len() > TOLD { ", …" } else { "" };
    let run = |(first, last): &(usize, usize)| match first == last {
        true => first.to_string(),
        false => format!("{first}-{last}"),
    };
    runs.iter().take(TOLD).map(run).collect::<Vec<_>>().join(", ") + more
}

/// The list of all results is the last result. A call that failed is in it as an object with its error.
fn keep(
    memory: &mut Memory,
    accounts: &mut Accounts,
    named: bool,
    script: &Script,
    (ready, answered): (&[Ready], Vec<Answered>),
) {
    let (mut whole, mut sealed, mut hidden) = (Vec::new(), Vec::new(), 0);
    for (Ready { line, profile, call }, answer) in ready.iter().zip(answered) {
        let shapes = accounts.registry.source(profile).map_or(&[][..], |source| source.shapes_of(&call.method));
        let value = match answer.value {
            Ok(mut value) => {
                // Under a bare key, documents have the provider's own spelling.
                if named {
                    accounts.common(profile, &call.method).convert(&mut value);
                }
                value
            }
            Err(error) => {
                let error = Redacted::new(&*error, &accounts.redactor, &[]).in_row(answer.row);
                failure(&error, call, number(script, line))
            }
        };
        let (masked, secrets) = mask::seal(value.clone(), &call.method, shapes);
        mask::learn(&masked, &mut accounts.redactor);
        hidden += secrets;
        whole.push(value);
        sealed.push(masked);
    }
    memory.keep(Value::List(whole), (hidden > 0).then_some(Value::List(sealed)));
}

/// What is in the list instead of a result.
fn failure(error: &dyn Diagnostic, call: &Call, line: usize) -> Value {
    let mut map = Map::new();
    map.insert("kind", error.class().name());
    map.insert("code", i64::from(error.class().exit_code()));
    map.insert("provider_code", error.provider_code().map_or(Value::Null, Value::from));
    map.insert("message", render::report::message(error));
    map.insert("method", call.method.name.as_str());
    map.insert("line", i64::try_from(line).unwrap_or(i64::MAX));
    map.insert("sent", error.sent().name());
    map.insert("journal", error.journal().map_or(Value::Null, Value::from));
    Map::from_iter([("error", map)]).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_numbers_are_gathered() {
        for (numbers, text) in
            [(&[][..], ""), (&[3], "3"), (&[1, 2, 3, 5, 5, 7, 8], "1-3, 5, 7-8"), (&[2, 4, 6], "2, 4, 6")]
        {
            assert_eq!(listed(numbers), text);
        }
        let odd: Vec<usize> = (0..50).map(|n| n * 2 + 1).collect();
        assert!(listed(&odd).ends_with("37, 39, …"));
    }
}

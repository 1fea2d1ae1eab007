//! What became of the calls for the members of a result: the list of their results, and the report.

use crate::engine::call::entry;
use crate::engine::call::side_by_side::{Ended, Why};
use crate::engine::deliver::delivery::{Delivery, Done};
use crate::engine::deliver::mask;
use crate::engine::deliver::output::Output;
use crate::engine::deliver::result;
use crate::engine::run::calls::{Calls, Ready};
use crate::engine::run::series::{Answered, ended_by};
use crate::engine::state::error::CallError;
use crate::engine::state::member_error::{Counts, MembersFailed};
use crate::engine::state::redaction::Redacted;
use crate::render;
use history::Outcome;
use model::{Diagnostic, Map, Sent, Value};

/// So many failures are told one by one.
const TOLD: usize = 20;
/// The characters of a member's name that are told.
const LONGEST: usize = 60;

/// Writes the list of all results to its place, and reports what failed.
pub(super) fn deliver(
    delivery: &mut Delivery<'_>,
    calls: &Calls,
    answered: Vec<Answered>,
    output: Output,
) -> Result<(), CallError> {
    let counts = counted(calls, &answered);
    tell(delivery, calls, &answered, counts);
    let failed = failed(calls, &answered, counts);
    keep(delivery, calls, answered);
    result::put_last(delivery, output, Some(Done { what: "each", effect: calls.effect() }))?;
    failed.map_or(Ok(()), |failed| Err(CallError::Members(Box::new(failed))))
}

/// The outcome of a call, as the journal has it; nothing of a call that did not leave.
fn outcome(ready: &Ready, answered: Option<&Answered>) -> Option<Outcome> {
    match &answered?.ended {
        Ended::Done(_) => Some(Outcome::Done),
        Ended::Unsent(_) => None,
        Ended::Failed(error) if error.sent() == Sent::No => None,
        Ended::Failed(error) => Some(entry::failed(ready.call.effects().main(), error).outcome),
    }
}

fn counted(calls: &Calls, answered: &[Answered]) -> Counts {
    let mut counts = Counts::default();
    for (nth, ready) in calls.ready.iter().enumerate() {
        let count = match outcome(ready, answered.get(nth)) {
            Some(Outcome::Done) => &mut counts.done,
            Some(Outcome::Refused) => &mut counts.refused,
            Some(Outcome::Unknown) => &mut counts.unknown,
            Some(_) => &mut counts.failed,
            None => &mut counts.unsent,
        };
        *count += 1;
    }
    counts
}

/// The error of all calls, if any of them was not done.
fn failed(calls: &Calls, answered: &[Answered], counts: Counts) -> Option<MembersFailed> {
    if counts.done == counts.all() {
        return None;
    }
    let errors = || answered.iter().filter_map(Answered::error);
    let kind = errors().next().map(Diagnostic::class);
    let kind = kind.filter(|kind| errors().all(|error| error.class() == *kind));
    let unsent = answered.iter().find_map(|answered| match answered.ended {
        Ended::Unsent(Why::Interrupted(by)) => Some(by),
        _ => None,
    });
    let broken = errors().find_map(ended_by).or(unsent);
    let method = calls.ready.first().map(|ready| ready.call.method.name.clone()).unwrap_or_default();
    Some(MembersFailed { method, counts, kind, broken })
}

/// Tells the failures one by one, and how many calls had which outcome.
fn tell(delivery: &mut Delivery<'_>, calls: &Calls, answered: &[Answered], counts: Counts) {
    let (redactor, console) = (&delivery.accounts.redactor, &mut *delivery.console);
    let errors = calls.ready.iter().zip(answered).zip(1..);
    let errors = errors.filter_map(|((ready, one), nth)| Some((ready, one.error()?, one.row, nth)));
    let mut left = 0;
    for (at, (ready, error, row, nth)) in errors.enumerate() {
        if at >= TOLD {
            left += 1;
            continue;
        }
        let row = row.map(|row| format!(" [journal {row}]")).unwrap_or_default();
        let message = render::report::message(&Redacted::new(error, redactor, &[]));
        let name = crate::engine::call::shown::shown(&ready.label, LONGEST);
        console.note(&redactor.foreign(&format!("member {nth} ({name}): {message}{row}")));
    }
    if left > 0 {
        console.note(&format!("… and {left} more; `-o json` has all of them"));
    }
    let Some(first) = calls.ready.first() else {
        return console.note("note: there is no member, and nothing was sent");
    };
    if counts.done == counts.all() {
        let calls = if counts.done == 1 { "call" } else { "calls" };
        console.note(&format!("note: {} {calls} of {}, all done", counts.done, first.call.method.name));
    }
}

/// The list of all results is the last result.
fn keep(delivery: &mut Delivery<'_>, calls: &Calls, answered: Vec<Answered>) {
    let (mut whole, mut sealed, mut hidden) = (Vec::with_capacity(calls.ready.len()), Vec::new(), 0);
    let accounts = &mut *delivery.accounts;
    let mut answered = answered.into_iter();
    for ready in &calls.ready {
        let method = &ready.call.method;
        let one = answered.next();
        let outcome = outcome(ready, one.as_ref());
        let row = one.as_ref().and_then(|one| one.row);
        let shapes = accounts.registry.source(&calls.profile).map_or(&[][..], |source| source.shapes_of(method));
        let (field, value) = match one.map(|one| one.ended) {
            Some(Ended::Done(mut value)) => {
                // Under a bare key, documents have the provider's own spelling.
                if delivery.settings.named {
                    accounts.common(&calls.profile, method).convert(&mut value);
                }
                ("result", Some(value))
            }
            Some(Ended::Failed(error)) => {
                let error = Redacted::new(&*error, &accounts.redactor, &[]).in_row(row);
                ("error", Some(failure(&error)))
            }
            Some(Ended::Unsent(_)) | None => ("result", None),
        };
        let row = row.map_or(Value::Null, |row| Value::from(row.0));
        let member = |value: Option<Value>| member(ready, outcome, row.clone(), value.map(|value| (field, value)));
        if method.returns_secret(shapes) {
            let (masked, secrets) = value
                .clone()
                .map(|value| mask::seal(value, method, shapes))
                .map_or((None, 0), |(masked, secrets)| (Some(masked), secrets));
            masked.iter().for_each(|masked| mask::learn(masked, &mut accounts.redactor));
            hidden += secrets;
            sealed.push(member(masked));
        }
        whole.push(member(value));
    }
    delivery.memory.keep(Value::List(whole), (hidden > 0).then_some(Value::List(sealed)));
}

/// One member of that list.
fn member(ready: &Ready, outcome: Option<Outcome>, row: Value, value: Option<(&str, Value)>) -> Value {
    let mut map = Map::new();
    map.insert("item", ready.label.clone());
    map.insert("outcome", word(outcome));
    map.insert("journal", row);
    if let Some((field, value)) = value {
        map.insert(field, value);
    }
    map.into()
}

/// The word for an outcome.
fn word(outcome: Option<Outcome>) -> &'static str {
    match outcome {
        Some(Outcome::Done) => "done",
        Some(Outcome::Refused) => "refused",
        Some(Outcome::Unknown) => "unknown",
        Some(_) => "failed",
        None => "not sent",
    }
}

/// What is in the list instead of a result.
fn failure(error: &dyn Diagnostic) -> Value {
    let mut map = Map::new();
    map.insert("kind", error.class().name());
    map.insert("code", i64::from(error.class().exit_code()));
    map.insert("provider_code", error.provider_code().map_or(Value::Null, Value::from));
    map.insert("message", render::report::message(error));
    map.insert("sent", error.sent().name());
    map.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::run::calls::tests::calls;
    use crate::wire::WireError;
    use model::{Break, Class, Effect};

    fn done() -> Answered {
        Answered { ended: Ended::Done(Value::Int(5)), row: None }
    }

    fn failed_with(error: CallError) -> Answered {
        Answered { ended: Ended::Failed(error.into()), row: None }
    }

    fn lost(sent: Sent) -> Answered {
        let error = WireError::Interrupted { sent, by: Break::CtrlC };
        failed_with(CallError::lost(error, Effect::Change, "a.b"))
    }

    #[test]
    fn each_call_has_one_outcome_and_all_are_counted() {
        let calls = calls("change", &["a", "b", "c", "d", "e"]);
        let answered = [done(), lost(Sent::Unknown), lost(Sent::No)];
        let counts = counted(&calls, &answered);
        assert_eq!(counts, Counts { done: 1, unknown: 1, unsent: 3, ..Counts::default() });
        let error = failed(&calls, &answered, counts).unwrap();
        assert_eq!((error.broken, error.class(), error.sent()), (Some(Break::CtrlC), Class::Several, Sent::Unknown));
        assert!(failed(&calls, &[], Counts { done: 5, ..Counts::default() }).is_none());
    }

    #[test]
    fn calls_that_were_ended_before_they_began_say_by_what() {
        let calls = calls("read", &["a", "b"]);
        let unsent = Answered { ended: Ended::Unsent(Why::Interrupted(Break::Terminated)), row: None };
        let answered = [done(), unsent];
        let error = failed(&calls, &answered, counted(&calls, &answered)).unwrap();
        assert_eq!((error.broken, error.kind), (Some(Break::Terminated), None));
    }

    #[test]
    fn a_member_of_the_list_has_its_name_its_outcome_and_its_result() {
        let calls = calls("change", &["a"]);
        let json =
            |outcome, value| serde_json::to_string(&member(&calls.ready[0], outcome, Value::Null, value)).unwrap();
        assert_eq!(
            json(Some(Outcome::Done), Some(("result", Value::Int(5)))),
            r#"{"item":"a","outcome":"done","journal":null,"result":5}"#
        );
        assert_eq!(json(None, None), r#"{"item":"a","outcome":"not sent","journal":null}"#);
    }
}

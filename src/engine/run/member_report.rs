//! What became of the calls for the members of a result: the list of their results, and the report.

use crate::engine::call::entry;
use crate::engine::call::side_by_side::{Ended, Why};
use crate::engine::deliver::delivery::Delivery;
use crate::engine::deliver::mask;
use crate::engine::deliver::output::Output;
use crate::engine::deliver::result;
use crate::engine::run::calls::{Calls, Ready};
use crate::engine::run::series::{Answered, ended_by};
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::engine::state::member_error::{Counts, MembersFailed};
use crate::engine::state::redaction::Redacted;
use crate::render::{self, text};
use history::{CallId, Outcome};
use model::{Break, Class, Diagnostic, Map, Redactor, Sent, Value};

/// So many failures are told one by one.
const TOLD: usize = 20;
/// The characters of a member's name that are told.
const LONGEST: usize = 60;
/// The value of a member of the list that has the result of its call, and the one that has its error.
pub(super) const RESULT: &str = "result";
const ERROR: &str = "error";

/// What is noted of the calls while they end.
pub(super) struct Report<'c> {
    calls: &'c Calls,
    counts: Counts,
    /// The first failures, in words.
    told: Vec<String>,
    /// How many more there are.
    untold: usize,
    /// What kind of failure it was, while all are of the same kind.
    kind: Option<Option<Class>>,
    /// What ended the calls: by an error of one of them, or before some began.
    broken: (Option<Break>, Option<Break>),
}

impl<'c> Report<'c> {
    /// Nothing has come yet.
    pub(super) fn of(calls: &'c Calls) -> Report<'c> {
        let (told, untold, kind, broken) = (Vec::new(), 0, None, (None, None));
        Report { calls, counts: Counts::default(), told, untold, kind, broken }
    }

    /// Notes what became of the next call.
    fn note<T>(&mut self, answered: &Answered<T>, redactor: &Redactor) -> Option<Outcome> {
        let nth = self.counts.all();
        let outcome = self.calls.ready.get(nth).and_then(|ready| outcome(ready, Some(answered)));
        let count = match outcome {
            Some(Outcome::Done) => &mut self.counts.done,
            Some(Outcome::Refused) => &mut self.counts.refused,
            Some(Outcome::Unknown) => &mut self.counts.unknown,
            Some(_) => &mut self.counts.failed,
            None => &mut self.counts.unsent,
        };
        *count += 1;
        if let Some(error) = answered.error() {
            let class = error.class();
            self.kind = Some(self.kind.unwrap_or(Some(class)).filter(|kind| *kind == class));
            self.broken.0 = self.broken.0.or_else(|| ended_by(error));
            self.tell_of(nth, error, answered.row, redactor);
        }
        if let Ended::Unsent(Why::Interrupted(by)) = answered.ended {
            self.broken.1.get_or_insert(by);
        }
        outcome
    }

    fn tell_of(&mut self, nth: usize, error: &CallError, row: Option<CallId>, redactor: &Redactor) {
        let Some(ready) = self.calls.ready.get(nth).filter(|_| self.told.len() < TOLD) else {
            self.untold += 1;
            return;
        };
        let row = row.map(|row| format!(" [journal {row}]")).unwrap_or_default();
        let message = render::report::message(&Redacted::new(error, redactor, &[]));
        let name = crate::engine::call::shown::shown(&ready.label, LONGEST);
        let said = redactor.foreign(&message);
        let told = format!("member {} ({}): {}{row}", nth + 1, redactor.foreign(&name), text::abridged(&said));
        self.told.push(text::remark(&told).into_owned());
    }

    /// The member of the list of results for the next call, and its result, which is to be the last of its values.
    pub(super) fn take<T>(&mut self, answered: Answered<T>, redactor: &Redactor) -> (Map, Option<T>) {
        let nth = self.counts.all();
        let outcome = self.note(&answered, redactor);
        let row = row(&answered);
        let (result, error) = match answered.ended {
            Ended::Done(result) => (Some(result), None),
            Ended::Failed(error) => (None, Some((ERROR, failure(&error, answered.row, redactor)))),
            Ended::Unsent(_) => (None, None),
        };
        let Some(ready) = self.calls.ready.get(nth) else { return (Map::new(), None) };
        (member(ready, outcome, row, error), result)
    }

    /// Tells the failures one by one, and how many calls had which outcome. Calls of which nothing came never began.
    pub(super) fn tell(mut self, console: &mut Console, redactor: &Redactor) -> Result<(), CallError> {
        self.counts.unsent += self.calls.ready.len().saturating_sub(self.counts.all());
        let Report { calls, counts, told, untold, kind, broken } = self;
        told.iter().for_each(|line| console.note(&redactor.foreign(line)));
        if untold > 0 {
            console.note(&format!("… and {untold} more; `-o json` has all of them"));
        }
        let method = match calls.ready.first() {
            Some(first) => first.call.method.name.clone(),
            None => {
                console.note("note: there is no member, and nothing was sent");
                return Ok(());
            }
        };
        if counts.done == counts.all() {
            let calls = if counts.done == 1 { "call" } else { "calls" };
            console.note(&format!("note: {} {calls} of {method}, all done", counts.done));
            return Ok(());
        }
        let broken = broken.0.or(broken.1);
        Err(CallError::Members(Box::new(MembersFailed { method, counts, kind: kind.flatten(), broken })))
    }
}

/// Writes the list of all results to its place, and reports what failed.
pub(super) fn deliver(
    delivery: &mut Delivery<'_>,
    calls: &Calls,
    answered: Vec<Answered<Value>>,
    output: Output,
) -> Result<(), CallError> {
    let mut report = Report::of(calls);
    let outcomes: Vec<_> = answered.iter().map(|one| report.note(one, &delivery.accounts.redactor)).collect();
    let reported = report.tell(delivery.console, &delivery.accounts.redactor);
    keep(delivery, calls, (answered, outcomes));
    result::put_last(delivery, output, Some(calls.done()))?;
    reported
}

/// The outcome of a call, as the journal has it; nothing of a call that did not leave.
fn outcome<T>(ready: &Ready, answered: Option<&Answered<T>>) -> Option<Outcome> {
    match &answered?.ended {
        Ended::Done(_) => Some(Outcome::Done),
        Ended::Unsent(_) => None,
        Ended::Failed(error) if error.sent() == Sent::No => None,
        Ended::Failed(error) => Some(entry::failed(ready.call.effects().main(), error).outcome),
    }
}

/// The list of all results is the last result.
fn keep(
    delivery: &mut Delivery<'_>,
    calls: &Calls,
    (answered, outcomes): (Vec<Answered<Value>>, Vec<Option<Outcome>>),
) {
    let (mut whole, mut sealed, mut hidden) = (Vec::with_capacity(calls.ready.len()), Vec::new(), 0);
    let accounts = &mut *delivery.accounts;
    let mut answered = answered.into_iter().zip(outcomes);
    for ready in &calls.ready {
        let method = &ready.call.method;
        let Some((one, outcome)) = answered.next() else {
            whole.push(member(ready, None, Value::Null, None).into());
            sealed.push(member(ready, None, Value::Null, None).into());
            continue;
        };
        let shapes = accounts.registry.source(&calls.profile).map_or(&[][..], |source| source.shapes_of(method));
        let (row, result) = (row(&one), result(one, &accounts.redactor));
        if method.returns_secret(shapes) {
            let masked = result.clone().map(|(field, value)| {
                let (masked, secrets) = mask::seal(value, method, shapes);
                mask::learn(&masked, &mut accounts.redactor);
                hidden += secrets;
                (field, masked)
            });
            sealed.push(member(ready, outcome, row.clone(), masked).into());
        }
        whole.push(member(ready, outcome, row, result).into());
    }
    delivery.memory.keep(Value::List(whole), (hidden > 0).then_some(Value::List(sealed)));
}

/// The row in the journal, as a member of that list has it.
fn row<T>(answered: &Answered<T>) -> Value {
    answered.row.map_or(Value::Null, |row| Value::from(row.0))
}

/// What a member of that list has of a call: its result or its error.
fn result(answered: Answered<Value>, redactor: &Redactor) -> Option<(&'static str, Value)> {
    match answered.ended {
        Ended::Done(value) => Some((RESULT, value)),
        Ended::Failed(error) => Some((ERROR, failure(&error, answered.row, redactor))),
        Ended::Unsent(_) => None,
    }
}

/// One member of that list.
fn member(ready: &Ready, outcome: Option<Outcome>, row: Value, value: Option<(&str, Value)>) -> Map {
    let mut map = Map::new();
    map.insert("item", ready.label.clone());
    map.insert("outcome", word(outcome));
    map.insert("journal", row);
    if let Some((field, value)) = value {
        map.insert(field, value);
    }
    map
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
fn failure(error: &CallError, row: Option<CallId>, redactor: &Redactor) -> Value {
    let error: &dyn Diagnostic = &Redacted::new(error, redactor, &[]).in_row(row);
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
    use model::Effect;

    fn done() -> Answered<Value> {
        Answered { ended: Ended::Done(Value::Int(5)), row: None }
    }

    fn failed_with(error: CallError) -> Answered<Value> {
        Answered { ended: Ended::Failed(error.into()), row: None }
    }

    fn lost(sent: Sent) -> Answered<Value> {
        let error = WireError::Interrupted { sent, by: Break::CtrlC };
        failed_with(CallError::lost(error, Effect::Change, "a.b"))
    }

    /// What is reported of calls that ended like this.
    fn reported(calls: &Calls, answered: Vec<Answered<Value>>) -> Result<(), MembersFailed> {
        let (mut report, redactor) = (Report::of(calls), Redactor::default());
        answered.into_iter().for_each(|one| drop(report.take(one, &redactor)));
        let mut console = Console::of_notes(Box::new(std::io::sink()));
        report.tell(&mut console, &redactor).map_err(|error| match error {
            CallError::Members(failed) => *failed,
            other => panic!("{other}"),
        })
    }

    #[test]
    fn each_call_has_one_outcome_and_all_are_counted() {
        let calls = calls("change", &["a", "b", "c", "d", "e"]);
        let error = reported(&calls, vec![done(), lost(Sent::Unknown), lost(Sent::No)]).unwrap_err();
        assert_eq!(error.counts, Counts { done: 1, unknown: 1, unsent: 3, ..Counts::default() });
        assert_eq!((error.broken, error.class(), error.sent()), (Some(Break::CtrlC), Class::Several, Sent::Unknown));
        assert!(reported(&calls, (0..5).map(|_| done()).collect()).is_ok());
    }

    #[test]
    fn calls_that_were_ended_before_they_began_say_by_what() {
        let calls = calls("read", &["a", "b"]);
        let unsent = Answered::<Value> { ended: Ended::Unsent(Why::Interrupted(Break::Terminated)), row: None };
        let error = reported(&calls, vec![done(), unsent]).unwrap_err();
        assert_eq!((error.broken, error.kind), (Some(Break::Terminated), None));
    }

    #[test]
    fn a_member_of_the_list_has_its_name_its_outcome_and_its_result() {
        let calls = calls("change", &["a"]);
        let json = |outcome, value| {
            serde_json::to_string(&Value::from(member(&calls.ready[0], outcome, Value::Null, value))).unwrap()
        };
        assert_eq!(
            json(Some(Outcome::Done), Some(("result", Value::Int(5)))),
            r#"{"item":"a","outcome":"done","journal":null,"result":5}"#
        );
        assert_eq!(json(None, None), r#"{"item":"a","outcome":"not sent","journal":null}"#);
    }
}

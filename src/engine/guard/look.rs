//! Reads the object of a call before the question about it. One read is sent, from the account that the call is for, and
//! it is given a few seconds: whatever comes of it, the question is asked.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::gate::{Gate, Pending, broken};
use super::object::Object;
use crate::engine::call::beforehand::{is_gone, reading};
use crate::engine::call::exchange::Exchange;
use crate::engine::call::variables;
use crate::engine::deliver::mask;
use crate::engine::state::error::CallError;
use crate::render::text;
use codec::Aside;
use model::{Call, Common, Effect, Map, Redactor, ShowRule, Value};

/// How long the reads of one question may take together.
const LONGEST: Duration = Duration::from_secs(5);
/// How many characters of an error are shown.
const WORDS: usize = 160;

/// What is known of the object of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// It is there.
    Object(Box<Object>),
    /// The method does not show it; with `first`, only so many members of its list were read.
    Missing {
        /// The method that was asked.
        by: String,
        /// The members of the first page, if there are more pages.
        first: Option<usize>,
    },
    /// It could not be read.
    Unread {
        /// Why.
        why: String,
    },
}

impl Seen {
    /// The object, if it is there.
    pub(super) fn object(&self) -> Option<&Object> {
        match self {
            Seen::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The line before its fields, or instead of them.
    pub(super) fn told(&self) -> String {
        match self {
            Seen::Object(object) => object.heading(),
            Seen::Missing { by, first: None } => format!("Not in {by}: it may be gone already."),
            Seen::Missing { by, first: Some(first) } => {
                format!("Not among the first {first} of {by}: it may be on a later page.")
            }
            Seen::Unread { why } => format!("It could not be read: {why}."),
        }
    }

    /// The same on one line.
    pub(super) fn in_short(&self) -> String {
        match self {
            Seen::Object(object) => object.in_short(),
            Seen::Missing { by, first: None } => format!("not in {by}: it may be gone already"),
            Seen::Missing { by, first: Some(first) } => format!("not among the first {first} of {by}"),
            Seen::Unread { why } => format!("could not be read: {why}"),
        }
    }
}

/// What was read for one question.
pub(super) struct Reading {
    until: Instant,
    answers: Vec<Answer>,
}

/// What a method answered to some arguments, in the account of a profile.
struct Answer {
    profile: String,
    call: Call,
    read: Read,
}

/// One answer. Calls of several lines may ask for the same list, which is then read once.
#[derive(Clone)]
enum Read {
    /// The result, and whether a list may have more pages.
    Result(Arc<Value>, bool),
    /// The method says that there is no such object.
    Gone,
    /// It could not be read.
    Failed(String),
}

/// Whether the object of a call is read before the question: before a loss, an order, and what a document warns about.
fn is_worth_it(call: &Call) -> bool {
    let effects = call.effects();
    effects.has(Effect::Destroy) || effects.has(Effect::Billable) || call.method.caution.is_some()
}

impl Reading {
    /// Nothing yet.
    pub(super) fn new() -> Reading {
        Reading { until: Instant::now() + LONGEST, answers: Vec::new() }
    }

    /// Reads the object of a call. `None` if the catalogue does not say how. Fails if the user cancels, or if the call
    /// itself could not be made either.
    pub(super) fn object(&mut self, gate: &mut Gate<'_>, pending: &Pending<'_>) -> Result<Option<Seen>, CallError> {
        let Pending { profile, call, .. } = *pending;
        let Some(rule) = call.method.showing().filter(|_| is_worth_it(call)) else { return Ok(None) };
        let given = call.arguments.by_name(&call.method);
        let Some(asking) = asking(gate, profile, &rule, &given) else { return Ok(None) };
        let by = asking.method.name.clone();
        let read = self.read(gate, pending, &rule, &asking)?;
        let Some(source) = gate.accounts.registry.source(profile) else { return Ok(None) };
        Ok(Some(match read {
            Read::Gone => Seen::Missing { by, first: None },
            Read::Failed(why) => Seen::Unread { why },
            Read::Result(answer, more) => {
                let members = rule.members(&answer);
                let found = rule.found(&members, &given);
                let shapes = source.shapes_of(&asking.method);
                let described = rule.describing(&asking.method, shapes);
                match found.as_slice() {
                    [] => Seen::Missing { by, first: more.then_some(members.len()) },
                    found => Seen::Object(Box::new(Object::of((&described, shapes), &rule, (found, &members), &given))),
                }
            }
        }))
    }

    fn read(
        &mut self,
        gate: &mut Gate<'_>,
        pending: &Pending<'_>,
        rule: &ShowRule,
        asking: &Call,
    ) -> Result<Read, CallError> {
        let same = |answer: &&Answer| answer.profile == pending.profile && answer.call == *asking;
        if let Some(known) = self.answers.iter().find(same) {
            return Ok(known.read.clone());
        }
        let left = self.until.saturating_duration_since(Instant::now());
        let read = match left.is_zero() {
            true => Read::Failed("the other calls took too long".into()),
            false => answered(gate, pending, rule, asking, (left, self.until))?,
        };
        let answer = Answer { profile: pending.profile.to_owned(), call: asking.clone(), read: read.clone() };
        self.answers.push(answer);
        Ok(read)
    }
}

/// The call that reads the object of a call in the account of a profile.
fn asking(gate: &Gate<'_>, profile: &str, rule: &ShowRule, given: &Map) -> Option<Call> {
    reading(gate.accounts.registry.source(profile)?, rule, given)
}

fn answered(
    gate: &mut Gate<'_>,
    pending: &Pending<'_>,
    rule: &ShowRule,
    asking: &Call,
    (left, until): (Duration, Instant),
) -> Result<Read, CallError> {
    let Pending { profile, call, .. } = *pending;
    let timeouts = gate.accounts.rules(profile).timeouts.within(left);
    let mut exchange = Exchange::of(gate.accounts, gate.console, profile, timeouts)?;
    exchange.until = Some(until);
    exchange.account.unlock_for(&asking.method, exchange.redactor)?;
    let paging = exchange.source.provider().paging_of(&asking.method);
    let is_paged = paging.is_some_and(|paging| !paging.says_the_end());
    let asked = variables::resolve(&mut exchange, &asking.method).and_then(|()| exchange.value(asking));
    match asked {
        Ok((answer, aside)) => {
            let more = has_more(is_paged, &answer, &aside);
            let shapes = exchange.source.shapes_of(&asking.method);
            let (mut answer, _) = mask::seal(answer, &asking.method, shapes);
            Common::of(&asking.method, shapes, exchange.source.provider()).convert(&mut answer);
            mask::learn(&answer, exchange.redactor);
            Ok(Read::Result(Arc::new(answer), more))
        }
        Err(CallError::Fault(refusal)) if is_gone(&refusal, rule) => Ok(Read::Gone),
        Err(error) => match broken(&error, call) {
            Some(error) => Err(error),
            None => Ok(Read::Failed(reason(&error, exchange.redactor))),
        },
    }
}

/// Whether a list may go on after this page.
fn has_more(is_paged: bool, answer: &Value, aside: &Aside) -> bool {
    let Some(count) = answer.as_list().map(|list| list.len() as u64) else { return false };
    match aside.total {
        _ if aside.next.is_some() => true,
        Some(total) => count < total,
        None => is_paged && count > 0,
    }
}

/// An error on one line. The provider may have written it.
fn reason(error: &CallError, redactor: &Redactor) -> String {
    let words = redactor.foreign(&error.to_string()).replace(['\n', '\r', '\t'], " ");
    text::cut_end(&words, WORDS).trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_goes_on_if_it_says_so_or_may_have_pages() {
        for (paged, answer, total, more) in [
            (false, "[1,2]", None, false),
            (false, "[1,2]", Some(3), true),
            (true, "[1,2]", Some(2), false),
            (true, "[1,2]", None, true),
            (true, "[]", None, false),
            (true, r#"{"a":1}"#, None, false),
        ] {
            let answer: Value = serde_json::from_str(answer).unwrap();
            let aside = Aside { total, ..Aside::default() };
            assert_eq!(has_more(paged, &answer, &aside), more, "{answer:?} {total:?}");
        }
    }

    #[test]
    fn a_reason_is_one_line_without_secrets() {
        let mut redactor = Redactor::default();
        redactor.learn_text("canary-canary");
        let error = |words: &str| CallError::usage(words.to_owned(), None);
        for (words, shown) in
            [("it broke.", "it broke"), ("a\nb\tc", "a b c"), ("no canary-canary here", "no (redacted) here")]
        {
            assert_eq!(reason(&error(words), &redactor), shown);
        }
        assert!(reason(&error(&"x".repeat(500)), &redactor).chars().count() <= WORDS);
    }
}

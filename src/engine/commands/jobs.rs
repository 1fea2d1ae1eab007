//! `jobs` and `wait`: list the jobs of this session and the unfinished ones of others, and wait for one of them or for
//! a job with a known id.

use std::time::Duration;

use history::{Call, CallId, Outcome};

use super::result::{Ahead, Reply};
use crate::engine::accounts::roster::Accounts;
use crate::engine::call::jobs::recorded::{Recorded, find};
use crate::engine::call::jobs::{self, Begun, Row, Watch};
use crate::engine::plan::course::Course;
use crate::engine::plan::options::Options;
use crate::engine::run::outcome::{Awaited, Outcome as Next};
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::engine::state::ledger::age;
use lang::{Line, Word};
use model::Value;
use registry::Source;

/// `jobs`
pub(super) fn list(jobs: &[Begun], accounts: &Accounts, console: &mut Console) -> Reply {
    let earlier = match accounts.ledger.open_calls() {
        Ok(calls) => calls.unwrap_or_default(),
        Err(error) => {
            console.note(&format!("note: the jobs of other sessions are not listed: {error}"));
            Vec::new()
        }
    };
    let is_elsewhere = |call: &&Call| call.outcome == Outcome::Running && !jobs.iter().any(|job| job.is_of(call.id));
    let earlier = earlier.iter().filter(is_elsewhere).map(|call| recorded(accounts, call));
    let own = jobs.iter().zip(1..).map(|(begun, number)| begun.row(number));
    Reply::List(earlier.chain(own).collect(), &["number", "call", "state", "under_way", "method", "id", "profile"])
}

/// An unfinished job of another session.
fn recorded(accounts: &Accounts, call: &Call) -> Value {
    let profile = accounts.profile_of(&call.call.account).or(call.call.account.profile.as_deref());
    let id = call.job.as_ref().map(|id| accounts.redactor.mask(id));
    jobs::row(&Row {
        number: None,
        call: Some(call.id),
        profile,
        method: &call.call.method,
        id,
        state: jobs::BEGUN,
        under_way: true,
    })
}

/// `wait [ID]`
pub(super) fn wait(jobs: &[Begun], accounts: &Accounts, line: &Line) -> Result<Reply, CallError> {
    let Chosen { profile, watch, place, row } = meant(jobs, accounts, line)?;
    let options = Options::of(line)?;
    Ok(Reply::Next(Next::Wait(Box::new(Awaited { profile, watch, place, row, options }))))
}

/// Judges a `wait` that has not run yet.
pub(super) fn foresee_wait(
    jobs: &[Begun],
    accounts: &Accounts,
    course: &Course,
    line: &Line,
) -> Result<Ahead, CallError> {
    // It is not known yet what the calls before it begin.
    if !course.called {
        meant(jobs, accounts, line)?;
    }
    Ok(Ahead::Answer)
}

fn meant(jobs: &[Begun], accounts: &Accounts, line: &Line) -> Result<Chosen, CallError> {
    match line.items.first() {
        Some(item) => chosen(jobs, accounts, &item.word),
        None => latest(jobs, line),
    }
}

/// The job to wait for.
struct Chosen {
    profile: String,
    watch: Watch,
    place: Option<usize>,
    row: Option<(CallId, Duration)>,
}

impl Chosen {
    fn of(jobs: &[Begun], place: usize) -> Option<Chosen> {
        let begun = jobs.get(place)?;
        Some(Chosen { profile: begun.profile.clone(), watch: begun.watch.clone(), place: Some(place), row: None })
    }
}

/// The latest job that may still be running.
fn latest(jobs: &[Begun], line: &Line) -> Result<Chosen, CallError> {
    let place = jobs.iter().rposition(Begun::is_under_way);
    place.and_then(|place| Chosen::of(jobs, place)).ok_or_else(|| CallError::Usage {
        message: "no job of this session is running".into(),
        span: Some(line.head.span),
        hint: Some("`wait ID` waits for a job that was started elsewhere; `jobs` lists the unfinished ones".into()),
    })
}

/// Finds a job by its number in the session, its id in the session, its id in the journal, or, if the provider has only
/// one kind of job, by the id alone.
fn chosen(jobs: &[Begun], accounts: &Accounts, word: &Word) -> Result<Chosen, CallError> {
    let text = word.text();
    let number = text.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let named = || jobs.iter().rposition(|begun| begun.watch.id().as_ref() == Some(&text));
    let known = number.filter(|place| *place < jobs.len()).or_else(named);
    if let Some(chosen) = known.and_then(|place| Chosen::of(jobs, place)) {
        return Ok(chosen);
    }
    if let Some(Recorded { profile, watch, call, begun }) = find(accounts, &text) {
        return Ok(Chosen { profile, watch, place: None, row: Some((call, age(begun))) });
    }
    let here = accounts.registry.here();
    match here.provider().jobs.as_slice() {
        [rule] if rule.running.is_some() => {
            let watch = Watch::one(rule, Value::from(text));
            Ok(Chosen { profile: here.profile().to_owned(), watch, place: None, row: None })
        }
        _ => Err(unclear(here, word)),
    }
}

fn unclear(here: &Source, word: &Word) -> CallError {
    let text = Value::from(word.text());
    let rules = here.provider().jobs.iter().filter(|rule| rule.running.is_some());
    let lines: Vec<String> = rules.map(|rule| format!("`{}`", Watch::one(rule, text.clone()).line())).collect();
    let hint = match lines.is_empty() {
        true => format!("{} has no jobs that can be followed by an id", here.provider().title),
        false => format!("name the method: {}", lines.join(" or ")),
    };
    let message = format!("neither this session nor the journal has a job `{}`", word.text());
    CallError::Usage { message, span: Some(word.span), hint: Some(hint) }
}

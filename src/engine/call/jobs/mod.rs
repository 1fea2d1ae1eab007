//! Work that continues after an answer: which calls begin it, what the session knows about it, and how to wait for it.

pub(crate) mod address;
mod glance;
mod polling;
mod reading;
pub(crate) mod recorded;
mod state;
pub(crate) mod watch;

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::engine::call::exchange::Exchange;
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::engine::state::settings::Manner;
use history::{CallId, Finish, Outcome};
use model::{Call, Class, Diagnostic, Map, Method, Type, Value};
use polling::{Followed, follow};
use registry::{Registry, Source};
use state::State;

pub(crate) use glance::{Glance, glance};
pub(crate) use watch::Watch;

/// How long to wait by default.
pub(crate) const USUAL: Duration = Duration::from_secs(3600);

/// The state of a job of which nothing has been read yet.
pub(crate) const BEGUN: &str = "begun";

/// Something that a call of this session began.
#[derive(Debug)]
pub(crate) struct Begun {
    pub(crate) profile: String,
    pub(crate) watch: Watch,
    /// The row of the call in the journal.
    row: Option<CallId>,
    since: Instant,
    /// Its last known state.
    state: String,
    over: bool,
}

impl Begun {
    /// Whether it may still be running.
    pub(crate) fn is_under_way(&self) -> bool {
        !self.over
    }

    /// Whether the call with this number in the journal began it.
    pub(crate) fn is_of(&self, call: CallId) -> bool {
        self.row == Some(call)
    }

    /// What it is and how far it is, in a few words.
    pub(crate) fn told(&self) -> String {
        format!("{} {}: {}", self.profile, self.watch.method(), self.state)
    }

    /// As a row of `jobs`, with its number in the session, from 1.
    pub(crate) fn row(&self, number: usize) -> Value {
        row(&Row {
            number: i64::try_from(number).ok(),
            call: self.row,
            profile: Some(&self.profile),
            method: self.watch.method(),
            id: self.watch.id(),
            state: &self.state,
            under_way: !self.over,
        })
    }
}

/// What `jobs` shows of a job.
pub(crate) struct Row<'j> {
    /// Its number in the session; `None` for a job of another session.
    pub(crate) number: Option<i64>,
    /// The number of its call in the journal.
    pub(crate) call: Option<CallId>,
    pub(crate) profile: Option<&'j str>,
    pub(crate) method: &'j str,
    pub(crate) id: Option<String>,
    /// The provider's word for its last known state.
    pub(crate) state: &'j str,
    pub(crate) under_way: bool,
}

/// A row of `jobs` as data.
pub(crate) fn row(job: &Row<'_>) -> Value {
    let mut row = Map::new();
    row.insert("number", job.number.map_or(Value::Null, Value::from));
    row.insert("call", job.call.map_or(Value::Null, |call| call.0.into()));
    row.insert("profile", job.profile.map_or(Value::Null, Value::from));
    row.insert("method", job.method);
    row.insert("id", job.id.clone().map_or(Value::Null, Value::from));
    row.insert("state", job.state);
    row.insert("under_way", job.under_way);
    Value::Map(row)
}

/// Whether anything that is read while waiting may contain a secret.
pub(crate) fn shows_secret(source: &Source, method: &Method) -> bool {
    let rule = method.job.as_ref().and_then(|begins| source.provider().job_rule(begins));
    rule.is_some_and(|rule| watch::tells_secret(rule, source))
}

/// What a call is about to begin. If no answer will identify it, the objects that exist already are looked up now.
pub(crate) fn before(exchange: &mut Exchange<'_>, call: &Call, waits: bool) -> Result<Option<Watch>, CallError> {
    let Some(mut watch) = Watch::of(exchange.source, call) else { return Ok(None) };
    if waits {
        watch.look_around(exchange)?;
    }
    Ok(Some(watch))
}

/// Remembers what a call began, with its row in the journal, and returns its place in the list.
pub(crate) fn remember(
    jobs: &mut Vec<Begun>,
    (profile, row): (&str, Option<CallId>),
    watch: Watch,
    result: &Value,
) -> usize {
    let report = watch.at_first(result);
    let over = report.as_ref().is_some_and(|report| report.state != State::Running);
    let state = report.map_or_else(|| BEGUN.into(), |report| report.words);
    jobs.push(Begun { profile: profile.to_owned(), watch, row, since: Instant::now(), state, over });
    jobs.len() - 1
}

/// Notes what can be waited for.
pub(crate) fn mention(console: &mut Console, jobs: &[Begun], place: usize) {
    let number = place + 1;
    if jobs.get(place).is_some_and(Begun::is_under_way) {
        console.note(&format!("(job {number}: `wait {number}` waits for it)"));
    }
}

/// What to wait for, and what to do with the result.
pub(crate) struct Waiting {
    pub(crate) watch: Watch,
    /// Its place in the session's list.
    pub(crate) place: Option<usize>,
    /// The result of the call that began it, with its method.
    pub(crate) result: Option<(Value, Arc<Method>)>,
    pub(crate) limit: Duration,
    /// The row of the call that began it, if that was in another session, and the time since.
    pub(crate) row: Option<(CallId, Duration)>,
}

/// The outcome of waiting.
pub(crate) struct Ended {
    /// The last state of the work, with the method that returned it.
    pub(crate) told: Option<(Value, Arc<Method>)>,
    /// The method that the work belongs to: the call that began it, or else the one that reads it.
    pub(crate) done: Option<Arc<Method>>,
    /// An error unless it ended well.
    pub(crate) end: Result<(), CallError>,
}

/// Waits until it has ended or the time is up.
pub(crate) fn wait(exchange: &mut Exchange<'_>, jobs: &mut [Begun], waiting: Waiting, way: &Way) -> Ended {
    let Waiting { mut watch, place, result, limit, mut row } = waiting;
    let followed = follow(exchange, &mut watch, limit, &|watch| way.back(watch));
    let Followed { task, state, reading, certain, end } = followed;
    if let Some(begun) = place.and_then(|place| jobs.get_mut(place)) {
        let goes_on = end.as_ref().is_err_and(|error| error.class() == Class::StillRunning);
        (begun.watch, begun.state, begun.over) = (watch.clone(), state, !goes_on);
        row = begun.row.map(|row| (row, begun.since.elapsed()));
    }
    if let Some(row) = row {
        record(exchange, row, &end, certain);
    }
    let began = result.as_ref().map(|(_, method)| Arc::clone(method));
    let told = last_state(&watch, task.zip(reading), result);
    // The result may come from a read, but the work was that of a change.
    let done = began.or_else(|| told.as_ref().map(|(_, method)| Arc::clone(method)));
    Ended { told, done, end }
}

/// Completes the row of the call that began it, if its end is known.
fn record(exchange: &mut Exchange<'_>, (row, age): (CallId, Duration), end: &Result<(), CallError>, certain: bool) {
    exchange.ledger.row = Some(row);
    let (outcome, exit_code) = match end {
        Ok(()) if certain => (Outcome::Done, 0),
        Ok(()) => (Outcome::Unknown, 0),
        Err(error) if error.class() == Class::JobFailed => (Outcome::EndedBadly, error.class().exit_code()),
        Err(_) => return,
    };
    let finish = Finish::new(outcome, exit_code.into(), age);
    exchange.ledger.finish(exchange.console, row, &finish);
}

/// The last state of the work, as the result of the method that returned it.
fn last_state(
    watch: &Watch,
    read: Option<(Value, Arc<Method>)>,
    result: Option<(Value, Arc<Method>)>,
) -> Option<(Value, Arc<Method>)> {
    let Some((task, reading)) = read else { return result };
    match result {
        Some((value, method)) if watch.is_part_of(&value) => Some((watch.put(value, task), method)),
        _ => Some(match (&reading.returns, &task) {
            (Type::List(inner), Value::Map(_)) => {
                let returns = (**inner).clone();
                (task, Arc::new(Method { returns, ..Method::clone(&reading) }))
            }
            _ => (task, reading),
        }),
    }
}

/// What to type to continue waiting for something later.
pub(crate) struct Way {
    /// The session remembers it.
    lasts: bool,
    /// The id alone is enough to identify it.
    by_id: bool,
    /// The prefix for methods of a profile that is not the current one.
    prefix: String,
}

impl Way {
    /// For the work of an account. At the prompt, the session remembers it.
    pub(crate) fn of(registry: &Registry, profile: &str, manner: Manner) -> Way {
        let jobs = registry.source(profile).map_or(&[][..], |source| &source.provider().jobs);
        let by_id = matches!(jobs, [only] if only.running.is_some());
        let here = registry.here().profile() == profile;
        let prefix = if here { String::new() } else { format!("{profile}:") };
        Way { lasts: manner == Manner::Prompt, by_id: by_id && here, prefix }
    }

    fn back(&self, watch: &Watch) -> String {
        match watch.id() {
            Some(id) if self.lasts || self.by_id && watch.has_id() => format!("wait {id}"),
            _ => format!("{}{}", self.prefix, watch.line()),
        }
    }
}

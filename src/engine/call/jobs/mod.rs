//! What goes on after an answer: which calls begin something, what the session knows of it, and how it is waited for.

mod error;
mod follow;
mod state;
mod watch;

use std::sync::Arc;
use std::time::Duration;

use crate::engine::accounts::rules::Rules;
use crate::engine::call::exchange::Exchange;
use crate::engine::deliver::output::Output;
use crate::engine::deliver::result::{Done, deliver_of};
use crate::engine::run::pipeline;
use crate::engine::run::session::{Manner, Session};
use crate::engine::state::error::CallError;
use crate::wire::Timeouts;
use follow::{Followed, follow};
use lang::Line;
use model::{Call, Class, Diagnostic, JobRule, Map, Method, Type, Value};
use registry::Source;

pub use error::JobError;
pub(crate) use watch::Watch;

/// How long is waited when nobody says how long.
const USUAL: Duration = Duration::from_secs(3600);

/// Something that a call of this session began.
#[derive(Debug)]
pub(crate) struct Begun {
    pub(crate) profile: String,
    pub(crate) watch: Watch,
    /// The last that was heard of it.
    state: String,
    over: bool,
}

impl Begun {
    /// Whether it has not been seen to end.
    pub(crate) fn is_under_way(&self) -> bool {
        !self.over
    }

    /// As a row of `jobs`, under a number from 1.
    pub(crate) fn row(&self, number: usize) -> Value {
        let mut row = Map::new();
        row.insert("number", i64::try_from(number).unwrap_or(i64::MAX));
        row.insert("profile", self.profile.as_str());
        row.insert("method", self.watch.method());
        row.insert("id", self.watch.id().map_or(Value::Null, Value::from));
        row.insert("state", self.state.as_str());
        row.insert("under_way", !self.over);
        Value::Map(row)
    }
}

/// How long a line, or else its account, wants to wait for what the call begins; `None` for not at all. A line that
/// asks for it where there is nothing to wait for is refused.
pub(crate) fn wanted(line: &Line, call: &Call, source: &Source, rules: &Rules) -> Result<Option<Duration>, CallError> {
    let begins = call.method.job.is_some();
    match (line.option_span("wait"), line.option_span("no-wait")) {
        (Some(_), Some(span)) => Err(CallError::usage("--wait and --no-wait contradict each other", Some(span))),
        (None, Some(_)) => Ok(None),
        (None, None) => Ok(rules.wait.filter(|_| begins)),
        (Some(span), None) => {
            if !begins && Watch::reading(&source.provider().jobs, call).is_none() {
                let name = &call.method.name;
                let message = match call.effects().only_reads() {
                    true => format!("{name} only reads: it begins nothing that could be waited for"),
                    false => format!("it is not known whether {name} goes on after its answer, or how to follow it"),
                };
                return Err(CallError::Usage { message, span: Some(span), hint: Some("leave --wait out".into()) });
            }
            limit(line, rules).map(Some)
        }
    }
}

/// What is said where an account waits for every call, and this one cannot be waited for.
pub(crate) fn unwaited(line: &Line, call: &Call, rules: &Rules) -> Option<String> {
    let asked = line.option_span("wait").or(line.option_span("no-wait")).is_some();
    let waits = rules.wait.is_some() && !asked && call.method.job.is_none() && !call.effects().only_reads();
    let name = &call.method.name;
    waits.then(|| format!("note: not waited for: it is not known whether {name} goes on after its answer"))
}

/// How long a line waits that does wait.
pub(crate) fn limit(line: &Line, rules: &Rules) -> Result<Duration, CallError> {
    let asked = line.option_value("wait").map(pipeline::length_of_time).transpose()?;
    Ok(asked.or(rules.wait).unwrap_or(USUAL))
}

/// Whether what is read while waiting can hold a secret.
pub(crate) fn shows_secret(source: &Source, method: &Method) -> bool {
    let rule = method.job.as_ref().and_then(|begins| source.provider().job_rule(begins));
    rule.is_some_and(|rule| tells_secret(rule, source))
}

/// Whether a method that a rule reads with can give a secret.
fn tells_secret(rule: &JobRule, source: &Source) -> bool {
    let methods = std::iter::once(&rule.method).chain(rule.ended.as_ref().map(|ended| &ended.method));
    let secret = |method: Arc<Method>| method.returns_secret(source.shapes());
    methods.filter_map(|name| source.method(name)?.ok()).any(secret)
}

/// What a call is about to begin. Where nobody will tell what that is, it is looked up now what is there already.
pub(crate) fn before(exchange: &mut Exchange<'_>, call: &Call, waits: bool) -> Result<Option<Watch>, CallError> {
    let Some(mut watch) = Watch::of(exchange, call) else { return Ok(None) };
    if waits {
        watch.look_around(exchange)?;
    }
    Ok(Some(watch))
}

/// Keeps in mind what a call began, and returns its place in the list.
pub(crate) fn remember(session: &mut Session, profile: &str, watch: Watch, result: &Value) -> usize {
    let (state, over) = watch.at_first(result).unwrap_or_else(|| ("begun".into(), false));
    session.jobs.push(Begun { profile: profile.to_owned(), watch, state, over });
    session.jobs.len() - 1
}

/// Tells a person what can be waited for.
pub(crate) fn mention(session: &mut Session, place: usize) {
    let number = place + 1;
    let under_way = session.jobs.get(place).is_some_and(Begun::is_under_way);
    if under_way && session.manner == Manner::Prompt {
        session.console.note(&format!("(job {number}: `wait {number}` waits for it)"));
    }
}

/// What is waited for, and what to make of it.
pub(crate) struct Waiting {
    pub(crate) watch: Watch,
    /// Its place in the session's list.
    pub(crate) place: Option<usize>,
    /// The result of the call that began it, and its method.
    pub(crate) result: Option<(Value, Arc<Method>)>,
    pub(crate) limit: Duration,
    pub(crate) timeouts: Timeouts,
}

/// Waits, and brings what the work came to, or how far it came, to its place.
pub(crate) fn finish(session: &mut Session, profile: &str, waiting: Waiting, output: Output) -> Result<(), CallError> {
    let Waiting { mut watch, place, result, limit, timeouts } = waiting;
    let way = Way::of(session, profile);
    let mut exchange = Exchange::of(session, profile, timeouts)?;
    let followed = follow(&mut exchange, &mut watch, limit, &|watch| way.back(watch));
    let Followed { task, state, reading, end } = followed;
    if let Some(begun) = place.and_then(|place| session.jobs.get_mut(place)) {
        let goes_on = end.as_ref().is_err_and(|error| error.class() == Class::StillRunning);
        (begun.watch, begun.state, begun.over) = (watch.clone(), state, !goes_on);
    }
    let began = result.as_ref().map(|(_, method)| Arc::clone(method));
    let Some((value, method)) = last_state(&watch, task.zip(reading), result) else { return end };
    // The result may be a reading's, but it was a change that was done for it.
    let done = Done::any(began.as_ref().unwrap_or(&method));
    let delivered = deliver_of(session, profile, (&method, done), value, output);
    match (delivered, end) {
        (Err(error), Err(end)) => {
            // How the work ended matters more than that its last state went nowhere.
            let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
            session.console.note(&session.redactor.foreign(&format!("note: {error}{hint}")));
            Err(end)
        }
        (delivered, end) => end.and(delivered),
    }
}

/// What the work came to, as the result of the method that tells it.
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

/// What a user has to type to come back to something.
struct Way {
    /// The session remembers it.
    lasts: bool,
    /// An id alone says what is meant.
    by_id: bool,
    /// What stands before a method of another profile than the current one.
    prefix: String,
}

impl Way {
    fn of(session: &Session, profile: &str) -> Way {
        let jobs = session.registry.source(profile).map_or(&[][..], |source| &source.provider().jobs);
        let by_id = matches!(jobs, [only] if only.running.is_some());
        let here = session.registry.here().profile() == profile;
        let prefix = if here { String::new() } else { format!("{profile}:") };
        Way { lasts: session.manner == Manner::Prompt, by_id: by_id && here, prefix }
    }

    fn back(&self, watch: &Watch) -> String {
        match watch.id() {
            Some(id) if self.lasts || self.by_id && watch.has_id() => format!("wait {id}"),
            _ => format!("{}{}", self.prefix, watch.line()),
        }
    }
}

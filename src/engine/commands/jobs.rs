//! `jobs`, `wait`: what the calls of this session began, and waiting for it, or for a job known by its id.

use super::result::{Ahead, Reply};
use crate::engine::call::jobs::{Begun, Watch};
use crate::engine::plan::course::Course;
use crate::engine::plan::options::Options;
use crate::engine::run::outcome::{Awaited, Outcome};
use crate::engine::state::error::CallError;
use lang::{Line, Word};
use model::Value;
use registry::{Registry, Source};

/// `jobs`
pub(super) fn list(jobs: &[Begun]) -> Reply {
    Reply::Data(Value::List(jobs.iter().zip(1..).map(|(begun, number)| begun.row(number)).collect()))
}

/// `wait [ID]`
pub(super) fn wait(jobs: &[Begun], registry: &Registry, line: &Line) -> Result<Reply, CallError> {
    let Chosen { profile, watch, place } = meant(jobs, registry, line)?;
    let options = Options::of(line)?;
    Ok(Reply::Next(Outcome::Wait(Box::new(Awaited { profile, watch, place, options }))))
}

/// Judges a wait that has not begun yet.
pub(super) fn foresee_wait(
    jobs: &[Begun],
    registry: &Registry,
    course: &Course,
    line: &Line,
) -> Result<Ahead, CallError> {
    // What the calls before it begin, nobody knows yet.
    if !course.called {
        meant(jobs, registry, line)?;
    }
    Ok(Ahead::Answer)
}

fn meant(jobs: &[Begun], registry: &Registry, line: &Line) -> Result<Chosen, CallError> {
    match line.items.first() {
        Some(item) => chosen(jobs, registry, &item.word),
        None => latest(jobs, line),
    }
}

/// What is to be waited for.
struct Chosen {
    profile: String,
    watch: Watch,
    place: Option<usize>,
}

impl Chosen {
    fn of(jobs: &[Begun], place: usize) -> Option<Chosen> {
        let begun = jobs.get(place)?;
        Some(Chosen { profile: begun.profile.clone(), watch: begun.watch.clone(), place: Some(place) })
    }
}

/// The one that was begun last and has not been seen to end.
fn latest(jobs: &[Begun], line: &Line) -> Result<Chosen, CallError> {
    let place = jobs.iter().rposition(Begun::is_under_way);
    place.and_then(|place| Chosen::of(jobs, place)).ok_or_else(|| CallError::Usage {
        message: "no job of this session is running".into(),
        span: Some(line.head.span),
        hint: Some("`wait ID` waits for a job that was started elsewhere; `jobs` lists those of this session".into()),
    })
}

/// By its number in the session, by its id in the session, or by an id alone where the provider has one kind of job.
fn chosen(jobs: &[Begun], registry: &Registry, word: &Word) -> Result<Chosen, CallError> {
    let text = word.text();
    let number = text.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let named = || jobs.iter().rposition(|begun| begun.watch.id().as_ref() == Some(&text));
    let known = number.filter(|place| *place < jobs.len()).or_else(named);
    if let Some(chosen) = known.and_then(|place| Chosen::of(jobs, place)) {
        return Ok(chosen);
    }
    let here = registry.here();
    match here.provider().jobs.as_slice() {
        [rule] if rule.running.is_some() => {
            let watch = Watch::one(rule, Value::from(text));
            Ok(Chosen { profile: here.profile().to_owned(), watch, place: None })
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
    let message = format!("this session has no job `{}`", word.text());
    CallError::Usage { message, span: Some(word.span), hint: Some(hint) }
}

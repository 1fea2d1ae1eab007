//! `jobs`, `wait`: what the calls of this session began, and waiting for it, or for a job known by its id.

use crate::engine::call::jobs::{self, Waiting, Watch};
use crate::engine::deliver::presentation::Presentation;
use crate::engine::plan::course::Course;
use crate::engine::plan::options::Options;
use crate::engine::run::execution;
use crate::engine::run::outcome::Outcome;
use crate::engine::run::session::Session;
use crate::engine::state::error::CallError;
use crate::engine::state::memory::Next;
use lang::{Line, Word};
use model::{Effect, Value};
use registry::Source;

/// `jobs`
pub(super) fn list(session: &mut Session, line: &Line) -> Result<Outcome, CallError> {
    let rows = session.jobs.iter().zip(1..).map(|(begun, number)| begun.row(number)).collect();
    super::result::put_value(session, line, &Value::List(rows))?;
    Ok(Outcome::Done)
}

/// `wait [ID]`
pub(super) fn wait(session: &mut Session, line: &Line) -> Result<Outcome, CallError> {
    let Chosen { profile, watch, place } = meant(session, line)?;
    let options = Options::of(line)?;
    let rules = session.accounts.rules(&profile);
    let (limit, timeouts) = (options.wait.most(&rules), options.timeouts(&rules));
    let private = session.accounts.registry.source(&profile).is_some_and(|source| watch.shows_secret(source));
    let presentation = Presentation::of(&options.wish, rules.format, None)?;
    let output = session.output(presentation, options.wish.redirect.as_ref(), private)?;
    if profile != session.accounts.registry.here().profile() {
        session.console.note(&format!("reading the job from {profile}"));
    }
    let exchange = session.exchange(&profile, timeouts)?;
    exchange.account.unlock(exchange.redactor)?;
    let waiting = Waiting { watch, place, result: None, limit };
    execution::finish(session, &profile, timeouts, waiting, output)?;
    Ok(Outcome::Done)
}

/// Judges a wait that has not begun yet.
pub(super) fn foresee_wait(
    session: &mut Session,
    course: &mut Course,
    line: &Line,
) -> Result<Option<Effect>, CallError> {
    // What the calls before it begin, nobody knows yet.
    if !course.called {
        meant(session, line)?;
    }
    super::result::foresee(session, course, line)?;
    session.memory.expect_last(Next::Open);
    Ok(Some(Effect::Read))
}

fn meant(session: &Session, line: &Line) -> Result<Chosen, CallError> {
    match line.items.first() {
        Some(item) => chosen(session, &item.word),
        None => latest(session, line),
    }
}

/// What is to be waited for.
struct Chosen {
    profile: String,
    watch: Watch,
    place: Option<usize>,
}

impl Chosen {
    fn of(session: &Session, place: usize) -> Option<Chosen> {
        let begun = session.jobs.get(place)?;
        Some(Chosen { profile: begun.profile.clone(), watch: begun.watch.clone(), place: Some(place) })
    }
}

/// The one that was begun last and has not been seen to end.
fn latest(session: &Session, line: &Line) -> Result<Chosen, CallError> {
    let place = session.jobs.iter().rposition(jobs::Begun::is_under_way);
    place.and_then(|place| Chosen::of(session, place)).ok_or_else(|| CallError::Usage {
        message: "no job of this session is running".into(),
        span: Some(line.head.span),
        hint: Some("`wait ID` waits for a job that was started elsewhere; `jobs` lists those of this session".into()),
    })
}

/// By its number in the session, by its id in the session, or by an id alone where the provider has one kind of job.
fn chosen(session: &Session, word: &Word) -> Result<Chosen, CallError> {
    let text = word.text();
    let number = text.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let named = || session.jobs.iter().rposition(|begun| begun.watch.id().as_ref() == Some(&text));
    let known = number.filter(|place| *place < session.jobs.len()).or_else(named);
    if let Some(chosen) = known.and_then(|place| Chosen::of(session, place)) {
        return Ok(chosen);
    }
    let here = session.accounts.registry.here();
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

//! A line for several accounts: `@all METHOD`. It is planned for each account as if that were named before the method,
//! and everything that can refuse it is done for all of them before anything is sent. Then reads run side by side, and
//! changes one after the other. The results are one list of rows, each with its account.

use std::sync::Arc;

use crate::engine::accounts::roster::Accounts;
use crate::engine::call::gathering::{self, Answer, Asked, Reach};
use crate::engine::call::jobs;
use crate::engine::call::side_by_side::Order;
use crate::engine::deliver::delivery::Done;
use crate::engine::deliver::mask;
use crate::engine::deliver::output::Output;
use crate::engine::deliver::presentation::Presentation;
use crate::engine::deliver::result;
use crate::engine::deliver::tagged::{self, ACCOUNT, OWN};
use crate::engine::guard;
use crate::engine::guard::gate::Pending;
use crate::engine::plan::course::Course;
use crate::engine::plan::lookup;
use crate::engine::plan::planning::Planning;
use crate::engine::plan::{Callee, Plan};
use crate::engine::run::outcome::Outcome;
use crate::engine::run::rehearsal;
use crate::engine::run::session::{Foreseen, Session};
use crate::engine::state::apart::Tally;
use crate::engine::state::error::CallError;
use crate::engine::state::settings::Manner;
use crate::render::{Format, Guide};
use lang::{Line, Word};
use model::{Effect, Effects, Type, Value, suggest};
use registry::accounts::{self, named};
use registry::resolve::{ResolveError, Resolved};
use registry::{Registry, Source};

/// What a line calls: the line of each account, as if that were named before the method, and the accounts without it.
#[derive(Default)]
struct Meant {
    lines: Vec<(Line, Callee)>,
    without: Vec<String>,
    /// Those of whose methods nothing is known: their services list them, and have not been asked.
    unasked: Vec<String>,
}

/// Runs such a line; `accounts` is the word that names them.
pub(crate) fn run(session: &mut Session, line: &Line, accounts: &Word) -> Result<Outcome, CallError> {
    let meant = meant(&mut session.accounts, line, accounts)?;
    let plans = session.planned(meant.lines)?;
    tell_without(session, accounts, (&format!("method {}", line.head.text()), &meant.without));
    if let Some(words) = unasked(&meant.unasked) {
        session.console.note(&format!("note: {words}"));
    }
    for plan in &plans {
        plan.forewarn(&mut session.accounts, &mut session.console)?;
    }
    let Some(first) = plans.first() else { return Ok(Outcome::Done) };
    if first.options.only_show() {
        plans.iter().try_for_each(|plan| show(session, plan))?;
        return Ok(Outcome::Done);
    }
    let mut output = admitted(session, first, &plans)?;
    let effect = plans.iter().fold(Effects::default(), |all, plan| all.and(plan.effects())).main();
    let mut tally = Tally::of(plans.len());
    let (plans, answers) = answered(session, plans, effect == Effect::Read, &mut tally)?;
    if tally.is_nothing() {
        session.memory.forget("no account answered");
        return Ok(tally.ended().map(|()| Outcome::Done)?);
    }
    if session.manner == Manner::Prompt {
        output.heading = Some(format!("({} {} result)", accounts.text(), line.head.text()));
    }
    keep(session, &plans, answers);
    let done = Done { what: &line.head.text(), several: plans.len() > 1, effect };
    result::put_last(&mut session.delivery(), output, Some(done))?;
    Ok(tally.ended().map(|()| Outcome::Done)?)
}

/// Shows the request of one account, after its name.
fn show(session: &mut Session, plan: &Plan) -> Result<(), CallError> {
    session.console.result(&format!("# {}\n", plan.profile)).map_err(CallError::Output)?;
    rehearsal::show(session.exchange(&plan.profile, plan.timeouts)?, plan)
}

/// Everything before the first key: the rules of all accounts, the destination, and one question.
fn admitted(session: &mut Session, first: &Plan, plans: &[Plan]) -> Result<Output, CallError> {
    let pending: Vec<Pending<'_>> = plans.iter().map(Pending::of).collect();
    pending.iter().try_for_each(|pending| guard::admit(&session.accounts, pending))?;
    let presentation = presentation(&mut session.planning(), first, plans)?;
    let private = plans.iter().any(|plan| plan.private);
    let output = session.output(presentation, first.options.wish.redirect.as_ref(), private)?;
    match pending.as_slice() {
        [_] => guard::confirm(&mut session.gate(), &pending)?,
        all => guard::confirm_in_all(&mut session.gate(), all)?,
    }
    Ok(output)
}

/// The answers of all accounts whose keys can be had. Reads run side by side. Changes go one after the other: after a
/// refusal the next are still sent, after any other failure they are not.
fn answered(
    session: &mut Session,
    plans: Vec<Plan>,
    only_reads: bool,
    tally: &mut Tally,
) -> Result<(Vec<Plan>, Vec<Answer>), CallError> {
    let plans = unlocked(session, plans, only_reads, tally)?;
    let asked: Vec<Asked> = plans.iter().map(asked).collect();
    let at_once = if only_reads { session.settings.calls_at_once } else { 1 };
    let order = Order { at_once, ends: &|error| !only_reads && !error.is_plain_no() };
    let parts = (&mut session.accounts, &mut session.console);
    let answers = gathering::gather(parts, &asked, &order, tally);
    // Each row has been named with its account.
    session.accounts.ledger.row = None;
    Ok((plans, answers?))
}

/// The effect of such a line, or its error.
pub(crate) fn foresee(planning: &mut Planning<'_>, course: &mut Course, line: &Line, accounts: &Word) -> Foreseen {
    let Meant { lines, .. } = meant(planning.accounts, line, accounts)?;
    let mut effects: Option<Effects> = None;
    let foresee = if lines.len() > 1 { guard::foresee_in_all } else { guard::foresee };
    for (place, (line, callee)) in lines.into_iter().enumerate() {
        let plan = Plan::of(planning, &line, callee, Some(course))?;
        suits(&plan)?;
        if plan.presentation.is_none() {
            continue;
        }
        if let (0, Some(redirect)) = (place, &plan.options.wish.redirect) {
            course.place(redirect, planning.settings)?;
        }
        foresee(planning.accounts, planning.console, &Pending::of(&plan), plan.open)?;
        if !plan.effects().only_reads() {
            planning.accounts.foresee_key(&plan.profile, &plan.call.method)?;
        }
        effects = Some(effects.unwrap_or_default().and(plan.effects()));
    }
    Ok(effects.map(Effects::main))
}

/// What a line calls in each of its accounts. If none of them has the method, the name is unknown. No service is asked
/// for its list.
fn meant(accounts: &mut Accounts, line: &Line, word: &Word) -> Result<Meant, CallError> {
    let (name, span) = (line.head.text(), line.head.span);
    if line.raw.is_none() && accounts.registry.is_command(&name) {
        let message = format!("`{name}` is a command of the shell, and is for no account");
        let hint = Some("leave out the accounts".into());
        return Err(CallError::Usage { message, span: Some(word.span), hint });
    }
    let profiles = named(&accounts.registry, &word.text(), word.span)?;
    let (mut meant, mut near) = (Meant::default(), Vec::new());
    for profile in profiles {
        let line = Line { accounts: None, profile: Some(Word::bare(&profile, word.span)), ..line.clone() };
        accounts.recall_lists(Some(&profile), &name);
        let lists = |it: &Source| it.is_empty() && it.provider().introspection.is_some();
        if line.raw.is_none() && accounts.registry.source(&profile).is_some_and(lists) {
            meant.unasked.push(profile);
            continue;
        }
        match lookup::meaning(&accounts.registry, &line) {
            Ok(Resolved::Remote { profile, method, .. }) => {
                meant.lines.push((line, Callee { profile, method, foreign: false }));
            }
            Ok(Resolved::Local(_)) => meant.without.push(profile),
            Err(ResolveError::Unknown { near: others, .. }) => {
                near.extend(others);
                meant.without.push(profile);
            }
            Err(error) => return Err(error.into()),
        }
    }
    if !meant.lines.is_empty() {
        return Ok(meant);
    }
    if let Some(hint) = unasked(&meant.unasked) {
        let message = format!("none of the accounts is known to have a method `{name}`");
        return Err(CallError::Usage { message, span: Some(span), hint: Some(hint) });
    }
    let near = suggest::nearest(&name, near.iter().map(String::as_str)).into_iter().map(str::to_owned).collect();
    Err(ResolveError::Unknown { name, span, near }.into())
}

/// What is said of accounts of whose methods nothing is known.
fn unasked(profiles: &[String]) -> Option<String> {
    let first = profiles.first()?;
    Some(format!("the methods of {} are not known yet; `refresh {first}` asks its service", listed(profiles)))
}

/// Refuses what one line can ask of one account only.
fn suits(plan: &Plan) -> Result<(), CallError> {
    let refused = |message: String, hint: &str| {
        Err(CallError::Usage { message, span: Some(plan.head), hint: Some(hint.to_owned()) })
    };
    let method = &plan.call.method;
    let raw = plan.presentation.as_ref().is_some_and(|form| form.view.format == Format::Raw && !form.implied);
    match () {
        () if method.new_key.is_some() => {
            refused(format!("{} replaces the key of an account", method.name), "name one account")
        }
        () if plan.options.wait.asked.is_some() => {
            refused("--wait follows the job of one account".into(), "`jobs` lists what was begun, `wait` follows one")
        }
        () if raw => refused(
            "the provider's own bytes are the bytes of one answer".into(),
            "name one account, or choose another format with -o",
        ),
        () => Ok(()),
    }
}

/// Notes which of the accounts that a line names are not asked, and why. `what` is what those do not have.
pub(super) fn tell_without(session: &mut Session, accounts: &Word, (what, without): (&str, &[String])) {
    let text = accounts.text();
    let unusable = accounts::left_out(&session.accounts.registry, &text).into_iter();
    let unusable: Vec<String> =
        unusable.map(|(profile, reason)| format!("note: {profile} cannot be used: {reason}")).collect();
    unusable.iter().for_each(|note| session.console.note(note));
    if !without.is_empty() {
        let have = if without.len() == 1 { "has" } else { "have" };
        session.console.note(&format!("note: {} {have} no {what}", listed(without)));
    }
}

/// `a, b and c`
fn listed(names: &[String]) -> String {
    match names {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        all => all.concat(),
    }
}

impl Session {
    /// The plan of each line. Nothing is asked: an answer would be for one account only.
    fn planned(&mut self, lines: Vec<(Line, Callee)>) -> Result<Vec<Plan>, CallError> {
        if lines.len() > 1
            && let Some((line, _)) = lines.iter().find(|(line, _)| line.reads_stdin())
        {
            return Err(CallError::usage("standard input can be read for one account only", Some(line.head.span)));
        }
        let person = self.console.person.take();
        let mut planning = self.planning();
        let plan = |(line, callee): (Line, Callee)| {
            let plan = Plan::of(&mut planning, &line, callee, None)?;
            suits(&plan).map(|()| plan)
        };
        let plans = lines.into_iter().map(plan).collect();
        self.console.person = person;
        plans
    }
}

/// The form of the list.
fn presentation(planning: &mut Planning<'_>, first: &Plan, plans: &[Plan]) -> Result<Presentation, CallError> {
    let mut presentation = planning.presentation(&first.options)?;
    presentation.view.guide = guide(&planning.accounts.registry, plans);
    presentation.view.chart.clone_from(&first.call.method.chart);
    Ok(presentation)
}

/// What is known about the columns of the list.
fn guide(registry: &Registry, plans: &[Plan]) -> Guide {
    let mut seen: Vec<(&str, &str)> = Vec::new();
    let mut guides = Vec::new();
    for Plan { profile, call, .. } in plans {
        let Some(source) = registry.source(profile) else { continue };
        let which = (source.provider().id.as_str(), call.method.name.as_str());
        if !seen.contains(&which) {
            seen.push(which);
            guides.push(Guide::of(&call.method, source.shapes_of(&call.method)));
        }
    }
    Guide::together(ACCOUNT, OWN, &guides)
}

/// The plans whose keys could be fetched. For changes, all of them must be there.
fn unlocked(
    session: &mut Session,
    plans: Vec<Plan>,
    only_reads: bool,
    tally: &mut Tally,
) -> Result<Vec<Plan>, CallError> {
    let mut open = Vec::with_capacity(plans.len());
    for plan in plans {
        match session.accounts.unlock_for(&plan.profile, &plan.call.method) {
            Ok(()) => open.push(plan),
            Err(error) if !only_reads => return Err(error),
            Err(error) => left_out(session, &plan.profile, &error, tally),
        }
    }
    Ok(open)
}

/// Notes that an account is not asked because of an error.
pub(super) fn left_out(session: &mut Session, profile: &str, error: &CallError, tally: &mut Tally) {
    tally.failed(profile, error, false);
    let (console, redactor) = (&mut session.console, &session.accounts.redactor);
    gathering::tell_of(console, redactor, profile, &gathering::told(error, None));
}

fn asked(plan: &Plan) -> Asked {
    let Plan { profile, call, extent, timeouts, .. } = plan;
    let reach = if extent.all { Reach::All } else { Reach::One };
    Asked { profile: profile.clone(), call: call.clone(), reach, timeouts: *timeouts }
}

/// The rows of all answers are the last result, and what they began is remembered.
fn keep(session: &mut Session, plans: &[Plan], answers: Vec<Answer>) {
    let (mut whole, mut sealed, mut hidden) = (Vec::new(), Vec::new(), 0);
    for Answer { index, mut value, watch, row } in answers {
        let Some(Plan { profile, call, .. }) = plans.get(index) else { continue };
        if let Some(watch) = watch {
            jobs::remember(&mut session.jobs, (profile, row), watch, &value);
        }
        let method = Arc::clone(&call.method);
        session.accounts.common(profile, &method).convert(&mut value);
        let shapes = session.accounts.registry.source(profile).map_or(&[][..], |source| source.shapes_of(&method));
        let keyed = matches!(method.returns, Type::MapOf(_));
        if method.returns_secret(shapes) {
            let (masked, secrets) = mask::seal(value.clone(), &method, shapes);
            mask::learn(&masked, &mut session.accounts.redactor);
            hidden += secrets;
            sealed.extend(tagged::rows(profile, masked, keyed));
        } else {
            sealed.extend(tagged::rows(profile, value.clone(), keyed));
        }
        whole.extend(tagged::rows(profile, value, keyed));
    }
    session.memory.keep(Value::List(whole), (hidden > 0).then_some(Value::List(sealed)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_listed_in_words() {
        let names = |count: usize| ["a", "b", "c"].iter().take(count).map(|&name| name.to_owned()).collect::<Vec<_>>();
        assert_eq!([1, 2, 3].map(|count| listed(&names(count))), ["a", "a and b", "a, b and c"]);
    }
}

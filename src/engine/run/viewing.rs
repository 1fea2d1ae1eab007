//! Runs a view: reads the lists that it is made of, and delivers their rows as one list.

use crate::engine::accounts::roster::Accounts;
use crate::engine::call::gathering::{self, Answer, Asked, Reach};
use crate::engine::call::side_by_side::Order;
use crate::engine::call::{pages, variables};
use crate::engine::deliver::delivery::Done;
use crate::engine::deliver::{mask, result};
use crate::engine::guard;
use crate::engine::guard::gate::Pending;
use crate::engine::plan::course::Course;
use crate::engine::plan::owners;
use crate::engine::plan::viewing::{Part, Several, Viewing};
use crate::engine::run::across;
use crate::engine::run::arguments;
use crate::engine::run::rehearsal;
use crate::engine::run::session::{Foreseen, Session};
use crate::engine::state::apart::Tally;
use crate::engine::state::error::CallError;
use crate::engine::state::memory::Next;
use crate::engine::state::settings::Manner;
use crate::render::Guide;
use lang::Line;
use model::view::ACCOUNT;
use model::{Effect, Map, Method, Value};
use registry::Registry;

/// The line of a view that a line for several accounts is; `None` if it calls something else. `@all view NAME` is the same
/// as `@all NAME`.
pub(crate) fn of_accounts(registry: &Registry, line: &Line) -> Option<Line> {
    let accounts = line.accounts.as_ref().filter(|_| line.raw.is_none())?;
    let named = line.inner(0).filter(|inner| inner.accounts.is_none() && inner.profile.is_none());
    let named = named.filter(|inner| line.head.text() == owners::VIEW && inner.raw.is_none());
    let line = named.map_or_else(|| line.clone(), |inner| Line { accounts: Some(accounts.clone()), ..inner });
    owners::in_accounts(registry, accounts, &line.head.text()).is_some().then_some(line)
}

/// Runs the view that a line names.
pub(crate) fn run(session: &mut Session, line: &Line) -> Result<(), CallError> {
    let words = words(session, line, None)?.unwrap_or_default();
    let mut viewing = Viewing::of(&mut session.planning(), line, Some(&words))?;
    tell_owners(session, &viewing);
    let Some(presentation) = viewing.presentation.take() else { return show(session, &viewing) };
    viewing.parts.iter().try_for_each(|part| guard::admit(&session.accounts, &pending(part, line)))?;
    let output = session.output(presentation, viewing.options.wish.redirect.as_ref(), false)?;
    let (rows, failed) = match &viewing.several {
        None => (one(session, &viewing, output.file())?, Ok(())),
        Some(_) => {
            let (rows, tally) = several(session, &mut viewing)?;
            if tally.is_nothing() {
                session.memory.forget("no account answered");
                return Ok(tally.ended()?);
            }
            (rows, tally.ended())
        }
    };
    let rows = viewing.window.rows(rows);
    let mut output = output.guided(guide(&viewing, &rows));
    session.memory.keep(Value::List(rows.into_iter().map(Value::Map).collect()), None);
    if session.manner == Manner::Prompt {
        output.heading = Some(format!("({} result)", heading(session, &viewing)));
    }
    let done = Done { what: &viewing.view.name, several: false, effect: Effect::Read };
    result::put_last(&mut session.delivery(), output, Some(done))?;
    Ok(failed?)
}

/// Notes where a view is read, if the line does not say so, and which accounts are not asked.
fn tell_owners(session: &mut Session, viewing: &Viewing) {
    let name = &viewing.view.name;
    if let Some(profile) = &viewing.foreign {
        let here = session.accounts.registry.here().profile();
        let note = format!("reading {name} from {profile}: {here} has no view of that name");
        session.console.note(&note);
    }
    if let Some(Several { word, without, notes }) = &viewing.several {
        across::tell_without(session, word, (&format!("view {name}"), without));
        notes.iter().for_each(|note| session.console.note(note));
    }
}

/// Shows the requests instead of sending them.
fn show(session: &mut Session, viewing: &Viewing) -> Result<(), CallError> {
    let mut shown = None;
    viewing.parts.iter().try_for_each(|Part { profile, call, timeouts, request, .. }| {
        if viewing.several.is_some() && shown != Some(profile) {
            shown = Some(profile);
            session.console.result(&format!("# {profile}\n")).map_err(CallError::Output)?;
        }
        rehearsal::show_call(session.exchange(profile, *timeouts)?, (call, request), viewing.options.form)
    })
}

/// The rows of one account.
fn one(session: &mut Session, viewing: &Viewing, file: Option<String>) -> Result<Vec<Map>, CallError> {
    let mut rows = Vec::new();
    for part in &viewing.parts {
        session.accounts.unlock_for(&part.profile, &part.call.method)?;
        let mut exchange = session.exchange(&part.profile, part.timeouts)?.into(file.clone());
        variables::resolve(&mut exchange, &part.call.method)?;
        let (value, _) = pages::whole(&mut exchange, &part.call)?;
        rows.extend(read(&mut session.accounts, part, value));
    }
    Ok(rows)
}

/// The rows of several accounts, each with its account first. An account that fails costs its rows and a note.
fn several(session: &mut Session, viewing: &mut Viewing) -> Result<(Vec<Map>, Tally), CallError> {
    let mut profiles: Vec<String> = viewing.parts.iter().map(|part| part.profile.clone()).collect();
    profiles.dedup();
    let mut tally = Tally::of(profiles.len());
    for profile in profiles {
        let mut own = viewing.parts.iter().filter(|part| part.profile == profile);
        if let Err(error) = own.try_for_each(|part| session.accounts.unlock_for(&profile, &part.call.method)) {
            across::left_out(session, &profile, &error, &mut tally);
            viewing.parts.retain(|part| part.profile != profile);
        }
    }
    let asked = |part: &Part| Asked {
        profile: part.profile.clone(),
        call: part.call.clone(),
        reach: Reach::Whole,
        timeouts: part.timeouts,
    };
    let asked: Vec<Asked> = viewing.parts.iter().map(asked).collect();
    let order = Order { at_once: session.settings.calls_at_once, ends: &|_| false };
    let answers = gathering::gather((&mut session.accounts, &mut session.console), &asked, &order, &mut tally)?;
    // A row of the journal belongs to one of the calls, not to all of them.
    session.accounts.ledger.row = None;
    let mut rows = Vec::new();
    for Answer { index, value, .. } in answers {
        let Some(part) = viewing.parts.get(index) else { continue };
        rows.extend(read(&mut session.accounts, part, value).into_iter().map(with_account_first));
    }
    Ok((rows, tally))
}

fn with_account_first(mut row: Map) -> Map {
    let account = row.remove(ACCOUNT).unwrap_or_default();
    std::iter::once((ACCOUNT.to_owned(), account))
        .chain(row.into_iter().map(|(name, value)| (name.to_string(), value)))
        .collect()
}

/// What the result is called at the prompt.
fn heading(session: &Session, viewing: &Viewing) -> String {
    let name = &viewing.view.name;
    match (&viewing.several, viewing.parts.first()) {
        (Some(Several { word, .. }), _) => format!("{} {name}", word.text()),
        (None, Some(part)) => session.accounts.heading(&part.profile, name),
        (None, None) => name.clone(),
    }
}

/// Judges a line with a view that has not run yet.
pub(crate) fn foresee(session: &mut Session, course: &mut Course, line: &Line) -> Foreseen {
    let words = words(session, line, Some(course))?;
    let viewing = Viewing::of(&mut session.planning(), line, words.as_deref())?;
    if viewing.presentation.is_none() {
        return Ok(None);
    }
    if let Some(redirect) = &viewing.options.wish.redirect {
        course.place(redirect, &session.settings)?;
    }
    for part in &viewing.parts {
        guard::admit(&session.accounts, &pending(part, line))?;
        session.accounts.foresee_key(&part.profile, &part.call.method)?;
    }
    session.memory.expect_last(Next::Open);
    course.called = true;
    Ok(Some(Effect::Read))
}

/// The words after the name of the view; `None` if one is not known yet.
fn words(session: &mut Session, line: &Line, course: Option<&Course>) -> Result<Option<Vec<String>>, CallError> {
    let Session { sources, memory, .. } = session;
    arguments::of_items(&line.items, &mut **sources, memory, course)
}

fn pending<'p>(part: &'p Part, line: &Line) -> Pending<'p> {
    let Part { profile, call, .. } = part;
    Pending { profile, call, agreed: false, again: false, head: line.head.span }
}

/// What is known about the columns. A table has those of the view in which some row has a value.
fn guide(viewing: &Viewing, rows: &[Map]) -> Guide {
    let method = viewing.view.as_method(viewing.several.is_some());
    let guide = Guide::of(&Method { columns: columns(viewing, rows), ..method }, &[]);
    if viewing.several.is_some() { guide.tagged(ACCOUNT) } else { guide }
}

fn columns(viewing: &Viewing, rows: &[Map]) -> Vec<String> {
    let mut columns = viewing.view.as_method(viewing.several.is_some()).columns;
    let is_filled = |name: &String| rows.iter().any(|row| row.get(name).is_some_and(|value| *value != Value::Null));
    columns.retain(is_filled);
    columns
}

/// The rows in the result of one part.
fn read(accounts: &mut Accounts, part: &Part, mut value: Value) -> Vec<Map> {
    let method = &part.call.method;
    // In all modes: what is sorted and compared by its time must have one form.
    accounts.common(&part.profile, method).convert(&mut value);
    let shapes = accounts.registry.source(&part.profile).map_or(&[][..], |source| source.shapes_of(method));
    if method.returns_secret(shapes) {
        mask::learn(&mask::seal(value.clone(), method, shapes).0, &mut accounts.redactor);
    }
    part.rows(&value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture;
    use crate::engine::state::console::Console;

    const CATALOG: &str = r#"
        id = "own"
        host = "https://api.example.com"
        auth = { scheme = "none" }
        transport = [{ name = "xmlrpc", protocol = "xmlrpc", path = "/" }]
        [[method]]
        name = "thing.list"
        effect = "read"
        returns = "list:dict"
        fields = [{ name = "id", type = "int" }, { name = "ends", type = "date" }]
        [[view]]
        name = "expiring"
        method = "thing.list"
        fields = { id = "id", expiry = "ends" }
    "#;

    #[test]
    fn a_view_is_judged_before_it_runs() {
        let parts =
            fixture::parts(fixture::account("work", CATALOG, "k"), Console::of_notes(Box::new(std::io::sink())));
        let mut session = Session::new(parts).unwrap();
        session.memory.look_ahead();
        for (text, effect) in [
            ("expiring", Some(Some(Effect::Read))),
            ("expiring 60d | f.csv", Some(Some(Effect::Read))),
            ("expiring --dry-run", Some(None)),
            ("expiring soon", None),
            ("invoices", None),
        ] {
            let line = &lang::parse(text).unwrap()[0];
            assert_eq!(foresee(&mut session, &mut Course::default(), line).ok(), effect, "{text}");
        }
    }

    #[test]
    fn a_table_has_the_columns_that_have_a_value() {
        let parts =
            fixture::parts(fixture::account("work", CATALOG, "k"), Console::of_notes(Box::new(std::io::sink())));
        let mut session = Session::new(parts).unwrap();
        let line = &lang::parse("expiring").unwrap()[0];
        let viewing = Viewing::of(&mut session.planning(), line, Some(&[])).unwrap();
        let rows = viewing.parts[0].rows(&serde_json::from_str(r#"[{"id":1}]"#).unwrap());
        let columns = columns(&viewing, &rows);
        assert_eq!(columns, ["id", "account", "method"]);
    }
}

//! Runs a view: reads the lists that it is made of, and delivers their rows as one list.

use crate::engine::call::exchange::Exchange;
use crate::engine::call::{pages, variables};
use crate::engine::deliver::delivery::Done;
use crate::engine::deliver::{mask, result};
use crate::engine::guard;
use crate::engine::guard::gate::Pending;
use crate::engine::plan::course::Course;
use crate::engine::plan::viewing::{Part, Viewing};
use crate::engine::run::arguments;
use crate::engine::run::rehearsal;
use crate::engine::run::session::{Foreseen, Session};
use crate::engine::state::error::CallError;
use crate::engine::state::memory::Next;
use crate::engine::state::settings::Manner;
use crate::render::Guide;
use lang::Line;
use model::{Common, Effect, Map, Method, Value};

/// Runs the view that a line names.
pub(crate) fn run(session: &mut Session, line: &Line) -> Result<(), CallError> {
    let words = words(session, line, None)?.unwrap_or_default();
    let mut viewing = Viewing::of(&mut session.planning(), line, Some(&words))?;
    if let Some(profile) = &viewing.foreign {
        let here = session.accounts.registry.here().profile();
        let note = format!("reading {} from {profile}: {here} has no view of that name", viewing.view.name);
        session.console.note(&note);
    }
    let Some(presentation) = viewing.presentation.take() else {
        return viewing.parts.iter().try_for_each(|part| {
            let Part { profile, call, timeouts, request, .. } = part;
            let exchange = session.exchange(profile, *timeouts)?;
            rehearsal::show_call(exchange, (call, request), viewing.options.form)
        });
    };
    viewing.parts.iter().try_for_each(|part| guard::admit(&session.accounts, &pending(part, line)))?;
    let output = session.output(presentation, viewing.options.wish.redirect.as_ref(), false)?;
    let mut rows = Vec::new();
    for part in &viewing.parts {
        session.accounts.unlock(&part.profile)?;
        let common = session.accounts.common(&part.profile, &part.call.method);
        let mut exchange = session.exchange(&part.profile, part.timeouts)?.into(output.file());
        variables::resolve(&mut exchange, &part.call.method)?;
        rows.extend(read(&mut exchange, part, &common)?);
    }
    let rows = viewing.window.rows(rows);
    let mut output = output.guided(guide(&viewing, &rows));
    session.memory.keep(Value::List(rows.into_iter().map(Value::Map).collect()), None);
    if session.manner == Manner::Prompt {
        let profile = viewing.parts.first().map(|part| part.profile.clone()).unwrap_or_default();
        let heading = session.accounts.heading(&profile, &viewing.view.name);
        output.heading = Some(format!("({heading} result)"));
    }
    let done = Done { what: &viewing.view.name, effect: Effect::Read };
    result::put_last(&mut session.delivery(), output, Some(done))
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
        session.accounts.foresee_key(&part.profile)?;
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

/// The columns of a table: those of the view in which some row has a value.
fn guide(viewing: &Viewing, rows: &[Map]) -> Guide {
    Guide::of(&Method { columns: columns(viewing, rows), ..viewing.view.as_method(false) }, &[])
}

fn columns(viewing: &Viewing, rows: &[Map]) -> Vec<String> {
    let mut columns = viewing.view.as_method(false).columns;
    let is_filled = |name: &String| rows.iter().any(|row| row.get(name).is_some_and(|value| *value != Value::Null));
    columns.retain(is_filled);
    columns
}

/// The rows of one part, with all pages of its list.
fn read(exchange: &mut Exchange<'_>, part: &Part, common: &Common) -> Result<Vec<Map>, CallError> {
    let (mut value, _) = pages::whole(exchange, &part.call)?;
    // In all modes: what is sorted and compared by its time must have one form.
    common.convert(&mut value);
    let (method, shapes) = (&part.call.method, exchange.source.shapes_of(&part.call.method));
    if method.returns_secret(shapes) {
        mask::learn(&mask::seal(value.clone(), method, shapes).0, exchange.redactor);
    }
    Ok(part.rows(&value))
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

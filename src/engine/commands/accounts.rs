//! `use`, `profiles`, `refresh`: the accounts of the session.

use crate::engine::plan::course::Course;
use crate::engine::run::outcome::Outcome;
use crate::engine::run::session::Session;
use crate::engine::state::error::CallError;
use lang::{Line, Word};
use model::{Effect, Map, Value};
use registry::resolve::no_profile;

/// `use PROFILE`
pub(super) fn switch(session: &mut Session, line: &Line) -> Result<Outcome, CallError> {
    become_current(session, line)?;
    let here = session.accounts.registry.here();
    let note = format!("{} is {}", here.profile(), here.provider().title);
    session.console.note(&note);
    Ok(Outcome::Done)
}

/// The same before it is done: what follows is judged in that account.
pub(super) fn foresee_switch(
    session: &mut Session,
    course: &mut Course,
    line: &Line,
) -> Result<Option<Effect>, CallError> {
    let done = become_current(session, line);
    course.adrift = done.is_err();
    done.map(|()| None)
}

fn become_current(session: &mut Session, line: &Line) -> Result<(), CallError> {
    let Some(word) = line.items.first().map(|item| &item.word) else {
        let known = known(session).join(", ");
        let hint = Some(format!("profiles here: {known}"));
        return Err(CallError::Usage { message: "`use` needs a profile".into(), span: Some(line.head.span), hint });
    };
    if !session.accounts.registry.switch(&word.text()) {
        return Err(unknown(session, word));
    }
    Ok(())
}

/// `profiles`
pub(super) fn list(session: &mut Session, line: &Line) -> Result<Outcome, CallError> {
    let here = session.accounts.registry.here().profile().to_owned();
    let rows = session.accounts.list.iter().map(|account| {
        let target = &account.target;
        let mut row = Map::new();
        row.insert("name", target.profile.as_str());
        row.insert("provider", target.provider.as_str());
        row.insert("current", target.profile == here);
        row.insert("transport", target.transport.name.as_str());
        row.insert("host", target.host.as_str());
        row.insert("region", or_null(target.region.as_deref()));
        row.insert("user", or_null(target.user.as_deref()));
        row.insert("url", target.url.as_str());
        row.insert("read_only", session.accounts.rules(&target.profile).read_only);
        row.insert("key", account.has_key());
        row.insert("key_from", or_null(account.key_place().as_deref()));
        row.insert("works", account.accepted.map_or(Value::Null, Value::from));
        Value::Map(row)
    });
    let rows = Value::List(rows.collect());
    super::result::put_value(session, line, &rows)?;
    Ok(Outcome::Done)
}

fn or_null(text: Option<&str>) -> Value {
    text.map_or(Value::Null, Value::from)
}

/// `refresh [PROFILE]`
pub(super) fn refresh(session: &mut Session, line: &Line) -> Result<Outcome, CallError> {
    let profile = refreshed(session, line)?;
    let note = match session.accounts.refresh(&profile)? {
        None => format!("{profile} provides no method list; the catalogue is used"),
        Some(changes) => {
            let said = |word: &str, names: &[String]| format!("{} {word}{}", names.len(), detail(names));
            let came = said("added", &changes.came);
            format!("{profile}: {came}, {}", said("removed", &changes.went))
        }
    };
    session.console.note(&note);
    Ok(Outcome::Done)
}

/// The same before it is done.
pub(super) fn foresee_refresh(
    session: &mut Session,
    course: &mut Course,
    line: &Line,
) -> Result<Option<Effect>, CallError> {
    course.refreshes(&refreshed(session, line)?);
    Ok(None)
}

/// Whose list is to be fetched.
fn refreshed(session: &Session, line: &Line) -> Result<String, CallError> {
    match line.items.first() {
        Some(item) if session.accounts.registry.source(&item.word.text()).is_none() => {
            Err(unknown(session, &item.word))
        }
        Some(item) => Ok(item.word.text()),
        None => Ok(session.accounts.registry.here().profile().to_owned()),
    }
}

fn detail(names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) }
}

fn known(session: &Session) -> Vec<String> {
    session.accounts.registry.sources().map(|source| source.profile().to_owned()).collect()
}

fn unknown(session: &Session, word: &Word) -> CallError {
    no_profile(&session.accounts.registry, &word.text(), word.span).into()
}

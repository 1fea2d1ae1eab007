//! `use`, `profiles`, `refresh`: the accounts of the session.

use super::result::{Ahead, Reply};
use super::values;
use crate::engine::accounts::changes::summary;
use crate::engine::accounts::roster::Accounts;
use crate::engine::plan::course::Course;
use crate::engine::plan::options::Options;
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use lang::{Line, Word};
use model::{Map, Value};
use registry::Registry;
use registry::resolve::no_profile;

/// `use PROFILE`
pub(super) fn switch(registry: &mut Registry, console: &mut Console, line: &Line) -> Result<Reply, CallError> {
    become_current(registry, line)?;
    let here = registry.here();
    console.note(&format!("{} is {}", here.profile(), here.provider().title));
    Ok(Reply::Done)
}

/// The same for a line that has not run yet: the lines after it are judged for that account.
pub(super) fn foresee_switch(registry: &mut Registry, course: &mut Course, line: &Line) -> Result<Ahead, CallError> {
    let done = become_current(registry, line);
    course.adrift = done.is_err();
    done.map(|()| Ahead::Nothing)
}

fn become_current(registry: &mut Registry, line: &Line) -> Result<(), CallError> {
    let Some(word) = line.items.first().map(|item| &item.word) else {
        let known = registry.sources().map(|source| source.profile()).collect::<Vec<_>>().join(", ");
        let hint = Some(format!("profiles here: {known}"));
        return Err(CallError::Usage { message: "`use` needs a profile".into(), span: Some(line.head.span), hint });
    };
    if !registry.switch(&word.text()) {
        return Err(unknown(registry, word));
    }
    Ok(())
}

/// `profiles`
pub(super) fn list(accounts: &Accounts) -> Reply {
    let here = accounts.registry.here().profile();
    let rows = accounts.list.iter().map(|account| {
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
        row.insert("read_only", accounts.rules(&target.profile).read_only);
        row.insert("key", account.has_key());
        row.insert("key_from", or_null(account.key_place().as_deref()));
        row.insert("works", account.accepted.map_or(Value::Null, Value::from));
        Value::Map(row)
    });
    Reply::List(
        rows.collect(),
        &["name", "provider", "current", "read_only", "works", "user", "host", "region", "key_from"],
    )
}

fn or_null(text: Option<&str>) -> Value {
    text.map_or(Value::Null, Value::from)
}

/// `refresh [PROFILE]`, or `refresh --values [PROFILE]`
pub(super) fn refresh(accounts: &mut Accounts, console: &mut Console, line: &Line) -> Result<Reply, CallError> {
    let profile = refreshed(&accounts.registry, line)?;
    let options = Options::of(line)?;
    if options.values {
        return values::refresh(accounts, console, &profile, &options);
    }
    let note = match accounts.refresh(&profile)? {
        None => format!("{profile} provides no method list; the catalogue is used"),
        Some(changes) => format!("{profile}: {}", summary(&changes)),
    };
    console.note(&note);
    accounts.tell_news(console);
    Ok(Reply::Done)
}

/// The same for a line that has not run yet.
pub(super) fn foresee_refresh(registry: &Registry, course: &mut Course, line: &Line) -> Result<Ahead, CallError> {
    let profile = refreshed(registry, line)?;
    if Options::of(line)?.values {
        return Ok(Ahead::Result);
    }
    course.refreshes(&profile);
    Ok(Ahead::Nothing)
}

/// The profile whose list is to be fetched.
fn refreshed(registry: &Registry, line: &Line) -> Result<String, CallError> {
    match line.items.first() {
        Some(item) if registry.source(&item.word.text()).is_none() => Err(unknown(registry, &item.word)),
        Some(item) => Ok(item.word.text()),
        None => Ok(registry.here().profile().to_owned()),
    }
}

fn unknown(registry: &Registry, word: &Word) -> CallError {
    no_profile(registry, &word.text(), word.span).into()
}

//! `set`: what holds for the lines of this session, whatever the options and the profiles say.

use super::super::error::CallError;
use super::super::rules::{Confirm, Rules};
use super::super::session::{Flow, Session};
use crate::lang::{Line, Word};
use crate::model::suggest::{nearest, phrase};
use crate::model::{Map, Value};

/// What goes back to how the session began.
const DEFAULT: &str = "default";

/// A setting: its name, what it can be, and how it is read.
struct Setting {
    name: &'static str,
    values: &'static str,
    /// Takes a new value in; none goes back to how the session began.
    change: fn(&mut Session, Option<&Word>) -> Result<(), CallError>,
    /// What holds now by those rules.
    value: fn(&Rules) -> Value,
    /// What says something for all profiles, if anything does.
    chosen: fn(&Session) -> Option<&'static str>,
}

static SETTINGS: &[Setting] = &[
    Setting {
        name: "output",
        values: "a format such as json",
        change: output,
        value: |rules| rules.format.unwrap_or_default().name().into(),
        chosen: |session| chosen(session.settings.format, session.start.format),
    },
    Setting {
        name: "confirm",
        values: "none, destroy or change",
        change: confirm,
        value: |rules| rules.confirm.name().into(),
        chosen: |session| chosen(session.settings.confirm, session.start.confirm),
    },
    Setting {
        name: "timeout",
        values: "a number of seconds",
        change: timeout,
        value: |rules| seconds(rules.timeouts.idle.as_secs_f64()),
        chosen: |session| chosen(session.settings.timeout, session.start.timeout),
    },
];

/// What says something for all profiles, if anything does.
fn chosen<T: PartialEq>(now: Option<T>, start: Option<T>) -> Option<&'static str> {
    match now {
        None => None,
        now if now == start => Some("option"),
        _ => Some("set"),
    }
}

/// `set`, `set NAME` or `set NAME VALUE`
pub(super) fn run(session: &mut Session, line: &Line) -> Result<Flow, CallError> {
    let mut words = line.items.iter().map(|item| &item.word);
    let Some(name) = words.next() else {
        let rows = Value::List(SETTINGS.iter().map(|setting| row(session, setting)).collect());
        super::put_value(session, line, &rows)?;
        return Ok(Flow::Continue);
    };
    let setting = find(name)?;
    match (words.next(), words.next()) {
        (None, _) => {
            let row = row(session, setting);
            super::put_value(session, line, &row)?;
        }
        (Some(value), None) => (setting.change)(session, Some(value).filter(|word| word.text() != DEFAULT))?,
        (_, Some(extra)) => return Err(CallError::usage("`set` takes one value", Some(extra.span))),
    }
    Ok(Flow::Continue)
}

fn find(word: &Word) -> Result<&'static Setting, CallError> {
    let name = word.text();
    SETTINGS.iter().find(|setting| setting.name == name).ok_or_else(|| {
        let names = SETTINGS.iter().map(|setting| setting.name);
        let all = || format!("settings are {}", names.clone().collect::<Vec<_>>().join(", "));
        let hint = phrase(&nearest(&name, names.clone())).unwrap_or_else(all);
        CallError::Usage { message: format!("there is no setting `{name}`"), span: Some(word.span), hint: Some(hint) }
    })
}

/// A setting as it holds for the current profile, and who says so.
fn row(session: &Session, setting: &Setting) -> Value {
    let profile = session.registry.here().profile();
    let rules = session.rules(profile);
    let own = session.here().map(|account| account.rules.clone()).unwrap_or_default();
    let usual = (setting.value)(&own) == (setting.value)(&Rules::default());
    let from = match (setting.chosen)(session) {
        Some(what) => what.to_owned(),
        None if usual => DEFAULT.to_owned(),
        None => format!("profile {profile}"),
    };
    let mut row = Map::new();
    row.insert("name", setting.name);
    row.insert("value", (setting.value)(&rules));
    row.insert("from", from);
    row.insert("values", setting.values);
    row.into()
}

fn output(session: &mut Session, word: Option<&Word>) -> Result<(), CallError> {
    session.settings.format = match word {
        None => session.start.format,
        Some(word) => Some(word.text().parse().map_err(|error| CallError::Format { error, span: word.span })?),
    };
    Ok(())
}

fn confirm(session: &mut Session, word: Option<&Word>) -> Result<(), CallError> {
    session.settings.confirm = match word {
        None => session.start.confirm,
        Some(word) => {
            let parsed: Result<Confirm, String> = word.text().parse();
            Some(parsed.map_err(|message| CallError::usage(message, Some(word.span)))?)
        }
    };
    Ok(())
}

fn timeout(session: &mut Session, word: Option<&Word>) -> Result<(), CallError> {
    session.settings.timeout = match word {
        None => session.start.timeout,
        Some(word) => Some(super::super::pipeline::seconds(word)?),
    };
    Ok(())
}

/// A whole number of them without a fraction.
fn seconds(seconds: f64) -> Value {
    if seconds.fract() == 0.0 { Value::Int(seconds as i64) } else { seconds.into() }
}

//! `set`: settings for the lines of this session, which take precedence over options and profiles.

use super::result::{Ahead, Reply};
use crate::engine::accounts::roster::Accounts;
use crate::engine::accounts::rules::{Confirm, Overrides, Rules};
use crate::engine::state::error::CallError;
use lang::{Line, Word};
use model::suggest::{nearest, phrase};
use model::{Map, Value};

/// The word that restores the value from the start of the session.
const DEFAULT: &str = "default";

/// A setting: its name, what it can be, and how it is read.
struct Setting {
    name: &'static str,
    values: &'static str,
    /// Values to offer.
    choices: &'static [&'static str],
    /// Sets a new value; `None` restores the value from the start of the session.
    change: fn(&mut Overrides, Option<&Word>) -> Result<(), CallError>,
    /// The present value.
    value: fn(&Rules) -> Value,
    /// Whether it was changed with `set`.
    is_set: fn(&Overrides) -> bool,
}

static SETTINGS: &[Setting] = &[
    Setting {
        name: "output",
        values: "a format such as json",
        choices: &[DEFAULT],
        change: output,
        value: |rules| rules.format.unwrap_or_default().name().into(),
        is_set: |overrides| overrides.format.is_some(),
    },
    Setting {
        name: "confirm",
        values: "none, destroy or change",
        choices: &["none", "destroy", "change", DEFAULT],
        change: confirm,
        value: |rules| rules.confirm.name().into(),
        is_set: |overrides| overrides.confirm.is_some(),
    },
    Setting {
        name: "timeout",
        values: "seconds, or a length of time such as 2m",
        choices: &["5s", "30s", "1m", "5m", DEFAULT],
        change: timeout,
        value: |rules| seconds(rules.timeouts.idle.as_secs_f64()),
        is_set: |overrides| overrides.timeout.is_some(),
    },
];

/// All settings, each with what its value can be and values to offer; those of a format are not among them.
pub(super) fn all() -> impl Iterator<Item = (&'static str, &'static str, &'static [&'static str])> {
    SETTINGS.iter().map(|setting| (setting.name, setting.values, setting.choices))
}

/// `set`, `set NAME` or `set NAME VALUE`
pub(super) fn run(accounts: &mut Accounts, line: &Line) -> Result<Reply, CallError> {
    Ok(match wanted(line)? {
        None => Reply::Data(Value::List(SETTINGS.iter().map(|setting| row(accounts, setting)).collect())),
        Some((setting, None)) => Reply::Data(row(accounts, setting)),
        Some((setting, Some(value))) => {
            setting.set(&mut accounts.overrides, value)?;
            Reply::Done
        }
    })
}

/// The same for a line that has not run yet: the lines after it are judged with the setting.
pub(super) fn foresee(overrides: &mut Overrides, line: &Line) -> Result<Ahead, CallError> {
    match wanted(line)? {
        Some((setting, Some(value))) => setting.set(overrides, value).map(|()| Ahead::Nothing),
        _ => Ok(Ahead::Result),
    }
}

impl Setting {
    fn set(&self, overrides: &mut Overrides, value: &Word) -> Result<(), CallError> {
        (self.change)(overrides, Some(value).filter(|word| word.text() != DEFAULT))
    }
}

/// The setting in a line, with its new value; `None` if the line lists all settings.
fn wanted(line: &Line) -> Result<Option<(&'static Setting, Option<&Word>)>, CallError> {
    let mut words = line.items.iter().map(|item| &item.word);
    let Some(name) = words.next() else { return Ok(None) };
    let setting = find(name)?;
    match (words.next(), words.next()) {
        (value, None) => Ok(Some((setting, value))),
        (_, Some(extra)) => Err(CallError::usage("`set` takes one value", Some(extra.span))),
    }
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

/// A setting, its value for the current profile, and where that comes from.
fn row(accounts: &Accounts, setting: &Setting) -> Value {
    let rules = accounts.rules_here();
    let own = accounts.here().map(|account| account.rules.clone()).unwrap_or_default();
    let usual = (setting.value)(&own) == (setting.value)(&Rules::default());
    let from = match (setting.is_set)(&accounts.overrides) {
        true => "set",
        false if usual => DEFAULT,
        // An option, a variable or the configuration: `marsh config explain` knows.
        false => "start",
    };
    let mut row = Map::new();
    row.insert("name", setting.name);
    row.insert("value", (setting.value)(&rules));
    row.insert("from", from);
    row.insert("values", setting.values);
    row.into()
}

fn output(overrides: &mut Overrides, word: Option<&Word>) -> Result<(), CallError> {
    overrides.format = match word {
        None => None,
        Some(word) => Some(word.text().parse().map_err(|error| CallError::Format { error, span: word.span })?),
    };
    Ok(())
}

fn confirm(overrides: &mut Overrides, word: Option<&Word>) -> Result<(), CallError> {
    overrides.confirm = match word {
        None => None,
        Some(word) => {
            let parsed: Result<Confirm, String> = word.text().parse();
            Some(parsed.map_err(|message| CallError::usage(message, Some(word.span)))?)
        }
    };
    Ok(())
}

fn timeout(overrides: &mut Overrides, word: Option<&Word>) -> Result<(), CallError> {
    overrides.timeout = match word {
        None => None,
        Some(word) => Some(crate::engine::plan::options::length_of_time(word)?),
    };
    Ok(())
}

/// A whole number of them without a fraction.
fn seconds(seconds: f64) -> Value {
    if seconds.fract() == 0.0 { Value::Int(seconds as i64) } else { seconds.into() }
}

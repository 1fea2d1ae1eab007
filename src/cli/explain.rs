//! `marsh config`: the settings, where they were set, and what they override.

use super::accounts;
use super::args::{Explain, Global};
use super::context::Context;
use super::listing;
use super::settings::{self, Scope};
use crate::config::{Found, KEYS, Key, Layers, Origin};
use crate::engine::CallError;
use model::{Map, Value};

/// `marsh config path`
pub(super) fn path(context: &Context) -> Result<(), CallError> {
    let path = config_path(context)?;
    context.console().result(&format!("{path}\n")).map_err(CallError::Output)
}

fn config_path(context: &Context) -> Result<String, CallError> {
    let path = context.paths.as_ref().map(|paths| paths.config().display().to_string());
    path.ok_or_else(|| CallError::usage_of("there is no home folder, and so no config.toml".into()))
}

/// `marsh config explain [KEY] [-p PROFILE]`
pub(super) fn run(explain: &Explain, global: &Global, context: &Context) -> Result<(), CallError> {
    let mut global = global.clone();
    global.profile = explain.profile.clone().or(global.profile);
    let mut console = context.console();
    let (layers, profile) = if accounts::is_bare(&global, context) {
        console.note("note: a key or an address given directly is an account of its own; no profile is used");
        (settings::layers(&global, context, Scope::Program)?, None)
    } else {
        let layers = settings::layers(&global, context, Scope::Accounts)?;
        let first = accounts::first(&layers)?;
        (layers.at(first.as_deref()), first)
    };
    let keys: Vec<&'static Key> = match explain.key.as_deref() {
        Some(name) => vec![Key::find(name).ok_or_else(|| unknown(name))?],
        None => KEYS.iter().collect(),
    };
    let rows: Vec<Row> = keys.iter().map(|key| Row::of(key, &layers, profile.as_deref())).collect();
    let text = match rows.as_slice() {
        [one] => one.full(profile.as_deref()),
        all => all.iter().map(Row::line).collect(),
    };
    let value = match rows.as_slice() {
        [one] => one.value(profile.as_deref()),
        all => Value::List(all.iter().map(|row| row.value(profile.as_deref())).collect()),
    };
    listing::put(&mut console, &text, &value, explain.output.or(global.output))
}

fn unknown(name: &str) -> CallError {
    let hint = Some(Key::suggestion(name, |_| true));
    CallError::Usage { message: format!("there is no key `{name}`"), span: None, hint }
}

/// One key with all its values in order of precedence, the default last.
struct Row {
    key: &'static Key,
    found: Vec<Found>,
}

impl Row {
    fn of(key: &'static Key, layers: &Layers, profile: Option<&str>) -> Row {
        let default = Found { text: key.default.to_owned(), origin: Origin::Default };
        Row { key, found: layers.all(key, profile).into_iter().chain([default]).collect() }
    }

    fn line(&self) -> String {
        let counts = self.found.first().map(|found| (found.text.as_str(), found.origin.to_string()));
        let (text, origin) = counts.unwrap_or_default();
        format!("{:13} {text}  ({origin})\n", self.key.name)
    }

    fn full(&self, profile: Option<&str>) -> String {
        let Key { name, summary, flag, variable, .. } = self.key;
        let mut text = String::new();
        for (nth, Found { text: value, origin }) in self.found.iter().enumerate() {
            match nth {
                0 => text.push_str(&format!("{name} = {value}\n  set by   {origin}\n")),
                _ => text.push_str(&format!("  not      {value}  ({origin})\n")),
            }
        }
        let own = profile.filter(|_| self.key.in_profile()).map(|profile| format!(" For profile {profile}."));
        text.push_str(&format!("  {summary}.{}\n", own.unwrap_or_default()));
        let ways: Vec<&str> = [*flag, *variable].into_iter().flatten().collect();
        if !ways.is_empty() {
            text.push_str(&format!("  Also: {}\n", ways.join(", ")));
        }
        text
    }

    fn value(&self, profile: Option<&str>) -> Value {
        let pair = |found: &Found| {
            let mut map = Map::new();
            map.insert("value", found.text.as_str());
            map.insert("from", found.origin.to_string());
            map
        };
        let mut map = Map::new();
        map.insert("key", self.key.name);
        map.insert("profile", profile.map_or(Value::Null, Value::from));
        if let Some((first, others)) = self.found.split_first() {
            for (name, value) in pair(first) {
                map.insert(name, value);
            }
            map.insert("overrules", Value::List(others.iter().map(|found| Value::Map(pair(found))).collect()));
        }
        Value::Map(map)
    }
}

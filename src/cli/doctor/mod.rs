//! `marsh doctor`: what is in order, what is not, and what to do about it. It works with a broken configuration, and
//! asks nobody but the hosts that the accounts are at.

mod here;
mod there;

use super::accounts;
use super::args::{self, Global};
use super::context::Context;
use super::settings::{self, Scope};
use crate::config::Layers;
use crate::engine::CallError;
use model::{Class, Diagnostic, Map, Value};

/// How one thing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Ok,
    Warning,
    /// With what kind of fault.
    Failed(Class),
}

/// One thing that was looked at.
#[derive(Debug)]
struct Check {
    /// A file, a folder, an account.
    about: String,
    state: State,
    /// What was found.
    found: String,
    /// What to do.
    advice: Option<String>,
}

impl Check {
    fn ok(about: &str, found: impl Into<String>) -> Check {
        Check { about: about.to_owned(), state: State::Ok, found: found.into(), advice: None }
    }

    fn warning(about: &str, found: impl Into<String>, advice: impl Into<String>) -> Check {
        Check { about: about.to_owned(), state: State::Warning, found: found.into(), advice: Some(advice.into()) }
    }

    fn failed(about: &str, error: &dyn Diagnostic) -> Check {
        let words = error.provider_words().map(|words| format!(": {words}")).unwrap_or_default();
        let (found, advice) = (format!("{error}{words}"), error.hint());
        Check { about: about.to_owned(), state: State::Failed(error.class()), found, advice }
    }

    fn is_failed(&self) -> bool {
        matches!(self.state, State::Failed(_))
    }

    fn word(&self) -> &'static str {
        match self.state {
            State::Ok => "ok",
            State::Warning => "warning",
            State::Failed(_) => "failed",
        }
    }

    fn text(&self) -> String {
        let line = |mark: &str, about: &str, text: &str| format!("{mark:8} {about:12} {text}\n");
        let advice = self.advice.as_ref().map(|advice| line("", "", advice)).unwrap_or_default();
        line(self.word(), &self.about, &self.found.replace('\n', " ")) + &advice
    }

    fn value(&self) -> Value {
        let mut map = Map::new();
        map.insert("check", self.about.as_str());
        map.insert("state", self.word());
        map.insert("found", self.found.as_str());
        map.insert("advice", self.advice.as_deref().map_or(Value::Null, Value::from));
        Value::Map(map)
    }
}

/// Looks at everything, and returns the exit code: 0 when nothing failed, 3 when nothing but credentials did, else 1.
pub(super) fn run(doctor: &args::Doctor, global: &Global, context: &Context) -> Result<u8, CallError> {
    let mut global = global.clone();
    global.profile = doctor.profile.clone().or(global.profile);
    let mut checks = here::checks(context);
    match layers(&global, context) {
        Ok((layers, profile)) => {
            checks.push(here::config(layers.config()));
            checks.extend(there::checks(&layers, profile.as_deref(), doctor.offline, &global, context)?);
        }
        Err(error) => checks.push(Check::failed("config.toml", &error)),
    }
    let text: String = checks.iter().map(Check::text).collect();
    let value = Value::List(checks.iter().map(Check::value).collect());
    super::put(&mut context.console(), &text, &value, doctor.output.or(global.output))?;
    Ok(code(&checks))
}

/// What is set, and the only profile to look at when one was asked for.
fn layers(global: &Global, context: &Context) -> Result<(Layers, Option<String>), CallError> {
    let layers = settings::layers(global, context, Scope::Accounts)?;
    let asked = global.profile.as_deref().map(|name| layers.config().known(name)).transpose()?;
    let first = accounts::first(&layers)?;
    Ok((layers.at(first.as_deref()), asked))
}

fn code(checks: &[Check]) -> u8 {
    let mut faults = checks.iter().filter_map(|check| match check.state {
        State::Failed(class) => Some(class),
        _ => None,
    });
    match faults.next() {
        None => 0,
        Some(Class::Credentials) if faults.all(|class| class == Class::Credentials) => Class::Credentials.exit_code(),
        Some(_) => Class::Local.exit_code(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_tells_whether_it_is_the_keys_alone() {
        let check = |state| Check { about: "a".into(), state, found: "b".into(), advice: None };
        use State::{Failed, Ok, Warning};
        for (states, expected) in [
            (&[Ok, Warning][..], 0),
            (&[Ok, Failed(Class::Credentials), Failed(Class::Credentials)], 3),
            (&[Failed(Class::Credentials), Failed(Class::NotReached)], 1),
            (&[Failed(Class::Local), Warning], 1),
        ] {
            let checks: Vec<Check> = states.iter().map(|state| check(*state)).collect();
            assert_eq!(code(&checks), expected, "{states:?}");
        }
    }
}

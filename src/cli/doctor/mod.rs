//! `marsh doctor`: checks the installation and says what to do about faults. It works with a broken configuration, and
//! only contacts the accounts' own hosts.

mod check;
mod here;
mod journal;
mod there;

use super::accounts;
use super::args::{self, Global};
use super::context::Context;
use super::journal::of_user;
use super::listing;
use super::settings::{self, Scope};
use crate::config::Layers;
use crate::engine::CallError;
use check::{Check, State};
use model::{Class, Value};

/// Checks everything, and returns the exit code: 0 if nothing failed, 3 if only credentials did, else 1.
pub(super) fn run(doctor: &args::Doctor, global: &Global, context: &Context) -> Result<u8, CallError> {
    let Found { text, value, code } = look(doctor, global, context)?;
    listing::put(&mut context.console(), &text, &value, doctor.output.or(global.output))?;
    Ok(code)
}

/// What the checks found: as text, as data, and as an exit code.
pub(super) struct Found {
    pub(super) text: String,
    pub(super) value: Value,
    code: u8,
}

/// Checks everything, or one account.
pub(super) fn look(doctor: &args::Doctor, global: &Global, context: &Context) -> Result<Found, CallError> {
    let mut global = global.clone();
    global.profile = doctor.profile.clone().or(global.profile);
    let mut checks = here::checks(context);
    checks.extend(context.paths.as_ref().map(|paths| journal::check(&of_user(paths))));
    match layers(&global, context) {
        Ok((layers, profile)) => {
            checks.push(here::config(layers.config()));
            checks.extend(there::checks(&layers, profile.as_deref(), doctor.offline, &global, context)?);
        }
        Err(error) => checks.push(Check::failed("config.toml", &error)),
    }
    let text: String = checks.iter().map(Check::text).collect();
    let value = Value::List(checks.iter().map(Check::value).collect());
    Ok(Found { text, value, code: code(&checks) })
}

/// The settings, and the only profile to check if one was requested.
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
    fn the_exit_code_shows_whether_only_keys_failed() {
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

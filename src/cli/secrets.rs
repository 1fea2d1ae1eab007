//! The secrets of an account that go together with its key: where each comes from.

use std::collections::BTreeMap;

use super::args::Global;
use super::context::Context;
use crate::config::{Config, KeySource, Section};
use crate::engine::CallError;
use model::{Provider, Secret};

/// Sources by the names of their secrets.
pub(super) type Sources = BTreeMap<String, KeySource>;

/// Those from the command line, and from the environment for all accounts.
pub(super) fn given(provider: &Provider, global: &Global, context: &Context) -> Result<Sources, CallError> {
    let known = &provider.auth.secrets;
    let variable = |name: &String| Some((name.clone(), from_variable(&variable(name), context)?));
    let mut sources: Sources = known.keys().filter_map(variable).collect();
    for given in &global.secret {
        let (name, text) = split(given)?;
        if !known.contains_key(name) {
            return Err(strange(provider, name));
        }
        let source = match KeySource::of_argument(text) {
            KeySource::File(path) => KeySource::File(context.expand(&path)),
            other => other,
        };
        sources.insert(name.to_owned(), source);
    }
    Ok(sources)
}

/// Those that a profile names: the variable `MARSH_<PROFILE>_SECRET_<NAME>`, or else its table.
pub(super) fn stored(
    provider: &Provider,
    (profile, said): (&str, &Section),
    config: &Config,
    context: &Context,
) -> Sources {
    let source = |name: &String| {
        let own = format!("MARSH_{}_SECRET_{}", in_variable(profile), in_variable(name));
        let place = || place_of_key(&entry(profile, name), said.secret(name)?, config, context);
        Some((name.clone(), from_variable(&own, context).or_else(place)?))
    };
    provider.auth.secrets.keys().filter_map(source).collect()
}

/// The variable of a secret for any account.
pub(super) fn variable(name: &str) -> String {
    format!("MARSH_SECRET_{}", in_variable(name))
}

/// Its name in the keyring, and that of its file.
pub(super) fn entry(profile: &str, name: &str) -> String {
    format!("{profile}.{name}")
}

/// The name and the text of an option.
pub(super) fn split(given: &str) -> Result<(&str, &str), CallError> {
    given.split_once('=').ok_or_else(|| CallError::usage_of("--secret is given as NAME=SECRET or NAME=@FILE".into()))
}

fn strange(provider: &Provider, name: &str) -> CallError {
    let known: Vec<&str> = provider.auth.secrets.keys().map(String::as_str).collect();
    let hint = if known.is_empty() { "leave --secret out".to_owned() } else { format!("it has {}", known.join(", ")) };
    CallError::Usage { message: format!("{} has no secret `{name}`", provider.title), span: None, hint: Some(hint) }
}

/// The secret in a variable, if it is set.
pub(super) fn from_variable(name: &str, context: &Context) -> Option<KeySource> {
    let secret = Secret::new(context.variable(name)?);
    Some(KeySource::Environment { name: name.to_owned(), secret })
}

/// A name as a part of the name of a variable.
pub(super) fn in_variable(name: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    name.chars().map(safe).collect()
}

/// The place that a table names for a secret; `entry` is its name in the keyring.
pub(super) fn place_of_key(entry: &str, said: &Section, config: &Config, context: &Context) -> Option<KeySource> {
    let from_env =
        |name: &str, text: String| KeySource::Environment { name: name.to_owned(), secret: Secret::new(text) };
    let command = said.text("key_command").map(|command| KeySource::Command(command.to_owned()));
    let variable = || said.text("key_env").map(|name| from_env(name, context.variable(name).unwrap_or_default()));
    let file = || said.text("key_file").map(|path| KeySource::File(config.path_of(path, &context.home)));
    let keyring = || said.text("keyring").filter(|on| *on == "true").map(|_| KeySource::Keyring(entry.to_owned()));
    command.or_else(variable).or_else(file).or_else(keyring)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_has_a_name_before_its_text() {
        assert_eq!(split("otp=a=b").unwrap(), ("otp", "a=b"));
        assert!(split("hunter22").is_err_and(|error| !error.to_string().contains("hunter22")));
        assert_eq!((variable("app_key"), entry("shop", "otp")), ("MARSH_SECRET_APP_KEY".into(), "shop.otp".into()));
    }

    #[test]
    fn what_a_provider_does_not_send_is_refused() {
        let mut provider = Provider { title: "T".into(), ..Provider::default() };
        assert_eq!(strange(&provider, "otp").to_string(), "T has no secret `otp`");
        provider.auth.secrets.insert("app".into(), "App key".into());
        assert!(matches!(strange(&provider, "otp"), CallError::Usage { hint: Some(hint), .. } if hint == "it has app"));
    }
}

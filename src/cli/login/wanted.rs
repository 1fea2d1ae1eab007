//! The account to set up, and the flags for it.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use super::chosen::{Chosen, from_anywhere, ids};
use crate::cli::accounts;
use crate::cli::args::{self, Global};
use crate::cli::context::Context;
use crate::cli::secrets;
use crate::config::{ALL, Config, KeySource, PROFILE_NAMES, credentials, is_profile_name};
use crate::engine::target::check_user;
use crate::engine::{CallError, Place, Target};
use model::{Provider, Secret};

/// The flags that say where the key is.
const KEY_FLAGS: &str = match credentials::HAS_KEYRING {
    true => "--key-file, --key-command, --key-env or --keyring",
    false => "--key-file, --key-command or --key-env",
};

/// A complete account.
pub(super) struct Wanted {
    pub(super) chosen: Chosen,
    pub(super) name: String,
    pub(super) region: Option<String>,
    pub(super) user: Option<String>,
    pub(super) url: Option<String>,
    pub(super) ca: Option<PathBuf>,
    pub(super) read_only: bool,
    pub(super) key: KeyPlace,
    /// Where its further secrets are, by their names.
    pub(super) secrets: BTreeMap<String, KeyPlace>,
    /// How the key is sent, if that is not the provider's first way.
    pub(super) auth: Option<String>,
    /// How values are sent, if that is not the provider's way.
    pub(super) arguments: Option<String>,
}

/// Where its key is, or will be stored.
pub(super) enum KeyPlace {
    /// It was typed, and will be stored in its own file or in the keyring.
    Typed {
        key: Secret,
        into_keyring: bool,
    },
    File(PathBuf),
    Command(String),
    Variable(String),
    /// It is already in the keyring.
    Keyring,
    /// There is none: the service needs none.
    Absent,
}

impl KeyPlace {
    /// Where it is read from now.
    pub(super) fn source(&self, profile: &str, context: &Context) -> Option<KeySource> {
        Some(match self {
            KeyPlace::Typed { key, .. } => KeySource::Argument(key.clone()),
            KeyPlace::File(path) => KeySource::File(path.clone()),
            KeyPlace::Command(command) => KeySource::Command(command.clone()),
            KeyPlace::Variable(name) => {
                let secret = Secret::new(context.variable(name).unwrap_or_default());
                KeySource::Environment { name: name.clone(), secret }
            }
            KeyPlace::Keyring => KeySource::Keyring(profile.to_owned()),
            KeyPlace::Absent => return None,
        })
    }
}

impl Wanted {
    /// The account given by the flags. The key is only read if nothing else is missing. The inner error says what is
    /// missing, for use when no one can be asked.
    pub(super) fn of_flags(
        login: &args::Login,
        chosen: Option<Chosen>,
        (key, secrets): (&mut Option<KeyPlace>, &mut BTreeMap<String, KeyPlace>),
        config: &Config,
    ) -> Result<Result<Wanted, CallError>, CallError> {
        if let Some(name) = &login.name {
            check_name(name)?;
            check_free(name, config, login.own.yes)?;
        }
        let wants = chosen.as_ref().map(Chosen::provider);
        if key.is_none() && wants.is_some_and(|provider| !provider.auth.needs_key()) {
            *key = Some(KeyPlace::Absent);
        }
        let keyed = !matches!(key, Some(KeyPlace::Absent));
        let needs_user = wants.is_some_and(|provider| keyed && provider.auth.needs_user());
        let homeless = wants.is_some_and(is_homeless);
        let missing: Vec<&str> = [
            (chosen.is_none(), "--provider"),
            (login.name.is_none(), "--name"),
            (wants.is_some_and(|provider| wants_region(provider, login)), "--region"),
            (homeless && login.url.is_none(), "--url"),
            (needs_user && login.own.user.is_none(), "--user"),
            (key.is_none(), KEY_FLAGS),
            (keyed && wants.is_some_and(|provider| lacks_secret(provider, secrets)), "--secret NAME=@FILE"),
        ]
        .into_iter()
        .filter_map(|(missing, flag)| missing.then_some(flag))
        .collect();
        let (Some(chosen), Some(name), Some(key), true) =
            (chosen, login.name.clone(), key.take_if(|_| missing.is_empty()), missing.is_empty())
        else {
            return Ok(Err(incomplete(&missing)));
        };
        let (region, user) = (login.region.clone(), login.own.user.clone());
        let (url, ca) = (login.url.clone(), login.own.ca.clone());
        let (auth, arguments) = (login.own.auth.clone(), login.own.arguments.clone());
        let read_only = login.own.read_only;
        let secrets = std::mem::take(secrets);
        let wanted = Wanted { chosen, name, region, user, url, ca, read_only, key, secrets, auth, arguments };
        wanted.target()?;
        Ok(Ok(wanted))
    }

    /// Where the service is.
    pub(super) fn place(&self) -> Place {
        let place = place(self.region.as_deref(), self.user.as_deref(), self.url.as_deref());
        Place { ca: self.ca.clone(), ..place }
    }

    /// Where its calls would be sent; an error if they could not be.
    pub(super) fn target(&self) -> Result<Target, CallError> {
        check_user(self.chosen.provider(), self.user.as_deref())?;
        Target::new(&self.name, self.chosen.provider(), self.place())
    }

    /// The keys of its profile, except for a key file that is still to be written.
    pub(super) fn values(&self) -> Vec<(String, String)> {
        let keyring = matches!(self.key, KeyPlace::Keyring | KeyPlace::Typed { into_keyring: true, .. });
        let (file, command, variable) = match &self.key {
            KeyPlace::File(path) => (Some(path.display().to_string()), None, None),
            KeyPlace::Command(command) => (None, Some(command.clone()), None),
            KeyPlace::Variable(name) => (None, None, Some(name.clone())),
            KeyPlace::Typed { .. } | KeyPlace::Keyring | KeyPlace::Absent => (None, None, None),
        };
        let secrets = self.secrets.iter().flat_map(|(name, place)| values_of(name, place));
        let values = [
            ("provider", Some(self.chosen.provider().id.clone())),
            ("catalog", self.chosen.place.clone()),
            ("region", self.region.clone()),
            ("user", self.user.clone()),
            ("url", self.url.clone()),
            ("auth", self.auth.clone()),
            ("arguments", self.arguments.clone()),
            ("ca", self.ca.as_ref().map(|path| path.display().to_string())),
            ("key_file", file),
            ("key_command", command),
            ("key_env", variable),
            ("keyring", keyring.then(|| "true".to_owned())),
            ("read_only", self.read_only.then(|| "true".to_owned())),
        ];
        let own = values.into_iter().filter_map(|(key, text)| Some((key.to_owned(), text?)));
        own.chain(secrets).collect()
    }
}

/// The place of an account.
pub(super) fn place(region: Option<&str>, user: Option<&str>, url: Option<&str>) -> Place {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    Place { transport: None, url: owned(url), region: owned(region), user: owned(user), ca: None }
}

/// Whether a provider is a kind of services, which can be anywhere.
pub(super) fn is_homeless(provider: &Provider) -> bool {
    provider.host.is_empty() && provider.regions.is_empty()
}

/// Whether the provider has several regions, and neither a region nor an address is given.
pub(super) fn wants_region(provider: &Provider, login: &args::Login) -> bool {
    provider.regions.len() > 1 && login.region.is_none() && login.url.is_none()
}

/// Whether the provider wants a secret that is not given.
fn lacks_secret(provider: &Provider, given: &BTreeMap<String, KeyPlace>) -> bool {
    provider.auth.secrets.keys().any(|name| !given.contains_key(name))
}

/// The keys of a secret in its profile, except for a file that is still to be written.
fn values_of(name: &str, place: &KeyPlace) -> Option<(String, String)> {
    let (key, text) = match place {
        KeyPlace::File(path) => ("key_file", path.display().to_string()),
        KeyPlace::Command(command) => ("key_command", command.clone()),
        KeyPlace::Variable(variable) => ("key_env", variable.clone()),
        KeyPlace::Keyring | KeyPlace::Typed { into_keyring: true, .. } => ("keyring", "true".to_owned()),
        KeyPlace::Typed { .. } | KeyPlace::Absent => return None,
    };
    Some((format!("secrets.{name}.{key}"), text))
}

/// The secrets from the command line.
pub(super) fn secret_places(global: &Global, context: &Context) -> Result<BTreeMap<String, KeyPlace>, CallError> {
    let mut places = BTreeMap::new();
    for given in &global.secret {
        let (name, text) = secrets::split(given)?;
        let source = match KeySource::of_argument(text) {
            KeySource::File(path) => KeySource::File(context.expand(&path)),
            other => other,
        };
        let key = source.read(&mut io::stdin())?;
        places.insert(name.to_owned(), KeyPlace::Typed { key, into_keyring: false });
    }
    Ok(places)
}

fn incomplete(missing: &[&str]) -> CallError {
    let message = format!("the account needs {}", missing.join(", "));
    let ask = "at a terminal, you are asked";
    let hint = Some(match missing.contains(&"--provider") {
        true => format!("providers are {}; {ask}", ids().join(", ")),
        false => format!("give it on the command line; {ask}"),
    });
    CallError::Usage { message, span: None, hint }
}

/// Checks a name: it must be able to come before a colon and be part of the name of a variable or a file.
pub(super) fn check_name(name: &str) -> Result<(), CallError> {
    if is_profile_name(name) {
        return Ok(());
    }
    let message = format!("`{name}` cannot be the name of a profile");
    Err(CallError::Usage { message, span: None, hint: Some(PROFILE_NAMES.into()) })
}

/// Refuses a name that `@NAME` means several accounts by.
pub(super) fn check_no_group(name: &str, config: &Config) -> Result<(), CallError> {
    let (what, hint) = match name {
        ALL => ("means all accounts", "give the profile another name"),
        _ if config.groups.contains_key(name) => {
            ("is the name of a group", "give the profile another name, or the group another one in config.toml")
        }
        _ => return Ok(()),
    };
    let (message, hint) = (format!("`{name}` {what}; nothing was written"), Some(hint.into()));
    Err(CallError::Blocked { message, span: None, hint })
}

pub(super) fn check_free(name: &str, config: &Config, replace: bool) -> Result<(), CallError> {
    check_no_group(name, config)?;
    if replace || !config.profiles.contains_key(name) {
        return Ok(());
    }
    let message = format!("a profile `{name}` already exists; nothing was written");
    Err(CallError::Blocked { message, span: None, hint: Some("--yes replaces it".into()) })
}

/// The flags' source of the key: the key itself, given before `login`, or its place.
pub(super) fn key_place(
    login: &args::Login,
    global: &Global,
    context: &Context,
) -> Result<Option<KeyPlace>, CallError> {
    if let Some(source) = accounts::given_key(global, context).filter(|_| global.api_key.is_some()) {
        return Ok(Some(KeyPlace::Typed { key: source.read(&mut io::stdin())?, into_keyring: login.own.keyring }));
    }
    if let Some(path) = &login.own.key_file {
        return Ok(Some(KeyPlace::File(from_anywhere(path, context)?)));
    }
    let command = login.own.key_command.clone().map(KeyPlace::Command);
    let variable = || login.own.key_env.clone().map(KeyPlace::Variable);
    Ok(command.or_else(variable).or_else(|| login.own.keyring.then_some(KeyPlace::Keyring)))
}

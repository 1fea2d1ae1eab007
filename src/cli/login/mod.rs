//! `marsh login`: sets up an account by questions or flags, tests it with a harmless call, and only then saves it.

mod added;
mod chosen;
mod interview;
mod wanted;

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::args::{self, Global};
use super::context::Context;
use super::secrets;
use super::settings::{self, Scope};
use super::trial;
use crate::config::private::Lock;
use crate::config::{Config, ConfigError, Paths, credentials, edit};
use crate::engine::{AccountParts, CallError, Console};
pub(super) use added::run as add;
use chosen::Chosen;
use interview::Interview;
use model::{Class, Diagnostic};
use wanted::{KeyPlace, Wanted};

/// How many times a key may be typed.
const TRIES: usize = 3;

/// An account that was set up.
pub(super) struct Done {
    pub(super) name: String,
    /// The file that it is in.
    pub(super) config: PathBuf,
    /// A harmless line to try it with.
    pub(super) probe: String,
}

/// Sets an account up.
pub(super) fn run(mut login: args::Login, global: &Global, context: &Context) -> Result<Done, CallError> {
    take_over(&mut login, global);
    if login.own.keyring && !credentials::HAS_KEYRING {
        let hint = Some("keep the key in a file, or have a command print it: --key-file, --key-command".to_owned());
        return Err(CallError::Usage { message: "this build of marsh has no keyring".into(), span: None, hint });
    }
    login.own.ca = login.own.ca.map(|path| chosen::from_anywhere(&path, context)).transpose()?;
    let no_home = || CallError::usage_of("there is no home folder to keep the configuration in".into());
    let paths = context.paths.as_ref().ok_or_else(no_home)?;
    // A broken file is reported before anything is asked.
    let config = Config::read(&paths.config())?;
    let key = wanted::key_place(&login, global, context)?;
    let secrets = wanted::secret_places(global, context)?;
    set_up(&login, (key, secrets), (paths, &config), global, context)
}

/// The same when the flags are known and the key and other secrets are at hand, if they are given.
fn set_up(
    login: &args::Login,
    (mut key, mut secrets): (Option<KeyPlace>, BTreeMap<String, KeyPlace>),
    (paths, config): (&Paths, &Config),
    global: &Global,
    context: &Context,
) -> Result<Done, CallError> {
    let console = &mut context.console();
    let chosen = Chosen::of_flags(login, config, context)?;
    let chosen = chosen.map(|it| it.adapted(login.own.auth.as_deref(), login.own.arguments.as_deref())).transpose()?;
    let mut wanted = match Wanted::of_flags(login, chosen.clone(), (&mut key, &mut secrets), config)? {
        Ok(wanted) => wanted,
        Err(missing) if console.person.is_none() => return Err(missing),
        Err(_) => Interview::new(console, config).wanted(login, chosen, (key, secrets), context)?,
    };
    if !login.no_test {
        tried(&mut wanted, console, global, context)?;
    }
    // A profile that existed at the start may be replaced: the user has agreed to that.
    let replaces = login.own.yes || config.profiles.contains_key(&wanted.name);
    written(&wanted, paths, replaces)?;
    let probe = wanted.chosen.provider().probe.clone().unwrap_or_else(|| "help".to_owned());
    Ok(Done { name: wanted.name, config: paths.config(), probe })
}

/// Options before `login` apply to it too.
fn take_over(login: &mut args::Login, global: &Global) {
    let own = [
        (&mut login.name, &global.profile),
        (&mut login.region, &global.region),
        (&mut login.own.user, &global.user),
        (&mut login.url, &global.url),
        (&mut login.own.provider, &global.provider),
        (&mut login.own.auth, &global.auth),
    ];
    for (own, global) in own {
        *own = own.take().or_else(|| global.clone());
    }
    login.own.yes |= global.yes;
    login.own.read_only |= global.read_only;
}

/// Makes the harmless call. A mistyped key can be typed again.
fn tried(wanted: &mut Wanted, console: &mut Console, global: &Global, context: &Context) -> Result<(), CallError> {
    let mut left = TRIES;
    loop {
        let Err(error) = trial(wanted, console, global, context) else { return Ok(()) };
        left -= 1;
        match &mut wanted.key {
            KeyPlace::Typed { key, .. }
                if left > 0 && error.class() == Class::Credentials && console.person.is_some() =>
            {
                console.note(&format!("{} refuses the key: {error}", wanted.chosen.provider().title));
                *key = Interview::new(console, &Config::default()).key()?;
            }
            _ => {
                console.note("nothing was written");
                return Err(error);
            }
        }
    }
}

fn trial(wanted: &Wanted, console: &mut Console, global: &Global, context: &Context) -> Result<(), CallError> {
    let layers = settings::layers(global, context, Scope::Program)?;
    let parts = AccountParts {
        profile: wanted.name.clone(),
        named: true,
        catalog: wanted.chosen.catalog.clone(),
        place: wanted.place(),
        key: wanted.key.source(&wanted.name, context),
        secrets: secret_sources(wanted, context),
        renewal: None,
        rules: settings::rules(&layers, None)?,
    };
    let mut session = trial::session(parts, global, context, &layers)?;
    session.accounts.unlock(&wanted.name)?;
    match session.accounts.probe(&wanted.name) {
        Some(probe) => probe.result.map(|()| {
            let (title, method) = (&wanted.chosen.provider().title, probe.method);
            let does = if matches!(wanted.key, KeyPlace::Absent) { "answers" } else { "accepts the key" };
            console.note(&format!("{title} {does} ({method}, {} ms)", probe.took.as_millis()));
        }),
        None => {
            console.note("the catalogue names no harmless call: the key was not tested");
            Ok(())
        }
    }
}

/// Saves the key and the profile. Another `login` that saves at the same time waits; it must not have taken the name
/// meanwhile.
fn written(wanted: &Wanted, paths: &Paths, replaces: bool) -> Result<(), CallError> {
    let config = paths.config();
    let folder = config.parent().unwrap_or(&config);
    let cannot = |cause| ConfigError::Write { path: folder.to_owned(), cause };
    let _alone = Lock::of(folder).map_err(cannot)?;
    wanted::check_free(&wanted.name, &Config::read(&config)?, replaces)?;
    let mut values = wanted.values();
    values.extend(stored(&wanted.key, &wanted.name, "key_file", paths)?);
    for (name, place) in &wanted.secrets {
        let key = format!("secrets.{name}.key_file");
        values.extend(stored(place, &secrets::entry(&wanted.name, name), &key, paths)?);
    }
    let values: Vec<(&str, String)> = values.iter().map(|(key, text)| (key.as_str(), text.clone())).collect();
    Ok(edit::add_profile(&config, &wanted.name, &values)?)
}

/// Stores a secret that was typed. The key of the profile that names its file, if it is in one.
fn stored(place: &KeyPlace, entry: &str, key: &str, paths: &Paths) -> Result<Option<(String, String)>, CallError> {
    match place {
        KeyPlace::Typed { key, into_keyring: true } => {
            credentials::store_in_keyring(entry, key)?;
            Ok(None)
        }
        KeyPlace::Typed { key: secret, into_keyring: false } => {
            let path = paths.key(entry);
            let written = credentials::store_in_file(&path, secret);
            written.map_err(|cause| ConfigError::Write { path: path.clone(), cause })?;
            Ok(Some((key.to_owned(), path.display().to_string())))
        }
        KeyPlace::File(_) | KeyPlace::Command(_) | KeyPlace::Variable(_) | KeyPlace::Keyring | KeyPlace::Absent => {
            Ok(None)
        }
    }
}

/// Where its further secrets are read from now.
fn secret_sources(wanted: &Wanted, context: &Context) -> secrets::Sources {
    let source = |(name, place): (&String, &KeyPlace)| {
        Some((name.clone(), place.source(&secrets::entry(&wanted.name, name), context)?))
    };
    wanted.secrets.iter().filter_map(source).collect()
}

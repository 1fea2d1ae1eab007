//! Which accounts a session has: the simulated ones, the one of a bare key, or those of the user's configuration.

use std::path::Path;

use super::args::Global;
use super::context::Context;
use super::settings::{self, Scope};
use crate::config::{KeySource, Layers, Origin, Section};
use crate::engine::catalogs::{self, Remote};
use crate::engine::{AccountParts, CallError, Confirm, Manner, Place, Target};
use crate::wire::{Timeouts, Wire};
use model::Secret;
use registry::catalog::Catalog;
use registry::embedded;
use registry::resolve::ResolveError;
use sandbox::Server;

/// The accounts of a session, the current one first, and what there is to tell about them.
pub(super) struct Accounts {
    pub(super) here: AccountParts,
    pub(super) others: Vec<AccountParts>,
    pub(super) notes: Vec<String>,
    /// What was settled, and by whom.
    pub(super) layers: Layers,
}

/// Decides which accounts there are. A key or an address given plainly is ma-shell's way: one account, and the
/// profiles are not looked at unless one is named.
pub(super) fn choose(
    global: &Global,
    context: &Context,
    sandbox: Option<&Server>,
    manner: Manner,
) -> Result<Accounts, CallError> {
    if let Some(server) = sandbox {
        return simulated(global, context, server);
    }
    if is_bare(global, context) {
        return one(bare_account(global, context, manner)?);
    }
    let layers = settings::layers(global, context, Scope::Accounts)?;
    match first(&layers)? {
        Some(name) => configured(layers.at(Some(&name)), &name, global, context),
        None => one(bare_account(global, context, manner)?),
    }
}

/// For a line that only wants help: a fault in what was set is told, and is no reason to refuse.
pub(super) fn for_help(global: &Global, context: &Context, fault: &CallError) -> Result<Accounts, CallError> {
    let mut accounts = one(bare_account(global, context, Manner::Batch)?)?;
    accounts.notes.push(format!("note: {fault}; without it, this is of the built-in catalogue"));
    Ok(accounts)
}

/// Whether a key or an address stands for an account of its own.
pub(super) fn is_bare(global: &Global, context: &Context) -> bool {
    let said = |key: &str| context.said.contains_key(key);
    let asked = global.profile.is_some() || said("profile");
    !asked && (global.api_key.is_some() || global.url.is_some() || context.key.is_some() || said("url"))
}

/// The profile that a session begins with.
pub(super) fn first(layers: &Layers) -> Result<Option<String>, CallError> {
    Ok(layers.config().first(layers.text("profile", None).as_deref())?)
}

fn one((here, layers): (AccountParts, Layers)) -> Result<Accounts, CallError> {
    Ok(Accounts { here, others: Vec::new(), notes: Vec::new(), layers })
}

fn simulated(global: &Global, context: &Context, server: &Server) -> Result<Accounts, CallError> {
    let layers = settings::layers(global, context, Scope::Program)?;
    let rules = settings::rules(&layers, None)?;
    let mut accounts = server.accounts().into_iter().map(|account| {
        Ok(AccountParts {
            profile: account.provider.to_owned(),
            named: false,
            catalog: catalog(account.provider)?,
            place: Place { url: Some(account.url), user: account.user, ..Place::default() },
            key: Some(KeySource::Argument(Secret::new(account.key))),
            remote: None,
            rules: rules.clone(),
        })
    });
    let none = || Err(CallError::usage_of("the sandbox has no account".into()));
    let mut here: AccountParts = accounts.next().unwrap_or_else(none)?;
    here.place.transport = global.transport.clone();
    let others = accounts.collect::<Result<_, CallError>>()?;
    Ok(Accounts { here, others, notes: Vec::new(), layers })
}

/// The account of a key without a profile. A line or a script that was written for ma-shell is asked nothing, unless
/// somebody has said what is to be asked.
pub(super) fn bare_account(
    global: &Global,
    context: &Context,
    manner: Manner,
) -> Result<(AccountParts, Layers), CallError> {
    let layers = settings::layers(global, context, Scope::Program)?;
    let mut rules = settings::rules(&layers, None)?;
    if manner == Manner::Batch && layers.found("confirm", None).is_none() {
        rules.confirm = Confirm::None;
    }
    let parts = AccountParts {
        profile: embedded::DEFAULT.to_owned(),
        named: false,
        catalog: catalog(embedded::DEFAULT)?,
        place: place(&layers, None),
        key: given_key(global, context),
        remote: None,
        rules,
    };
    Ok((parts, layers))
}

fn place(layers: &Layers, profile: Option<&str>) -> Place {
    let said = |key: &str| layers.text(key, profile);
    Place { transport: said("transport"), url: said("url"), region: said("region"), user: said("user") }
}

/// The key of the command line, else that of the environment.
pub(super) fn given_key(global: &Global, context: &Context) -> Option<KeySource> {
    // The user's shell leaves `~` alone behind `@`.
    let argument = global.api_key.as_deref().map(|text| match KeySource::of_argument(text) {
        KeySource::File(path) => KeySource::File(context.expand(&path)),
        other => other,
    });
    let set =
        || Some(KeySource::Environment { name: "MARSH_KEY".into(), secret: Secret::new(context.key.as_deref()?) });
    argument.or_else(set)
}

fn configured(layers: Layers, name: &str, global: &Global, context: &Context) -> Result<Accounts, CallError> {
    let mut here = None;
    let (mut others, mut notes) = (Vec::new(), Vec::new());
    for (profile, said) in &layers.config().profiles {
        match account(profile, said, &layers, context) {
            Ok(parts) if profile == name => here = Some(parts),
            Ok(parts) => others.push(parts),
            Err(error) if profile == name => return Err(error),
            // Another account's fault is no reason to keep the user from this one.
            Err(error) => notes.push(format!("note: profile {profile} is left out: {error}")),
        }
    }
    let mut here: AccountParts = here.ok_or_else(|| CallError::usage_of(format!("there is no profile `{name}`")))?;
    match given_key(global, context) {
        Some(given) => {
            if let (KeySource::Environment { name: variable, .. }, Some(_)) = (&given, &here.key) {
                notes.push(format!("note: {variable} is used, and not the key of {name}"));
            }
            here.key = Some(given);
        }
        None => stays_at_home(&here, &layers)?,
    }
    Ok(Accounts { here, others, notes, layers })
}

/// A key that was kept for one host goes nowhere else: not to an address that a flag, or a variable left over from
/// something else, puts in that host's place.
fn stays_at_home(parts: &AccountParts, layers: &Layers) -> Result<(), CallError> {
    let moved = layers.found("url", Some(&parts.profile));
    let Some(moved) = moved.filter(|found| matches!(found.origin, Origin::Flag(_) | Origin::Variable(_))) else {
        return Ok(());
    };
    let said = layers.config().profiles.get(&parts.profile);
    let own = |key: &str| said.and_then(|said| said.text(key)).map(str::to_owned);
    let home = Place { url: own("url"), region: own("region"), ..Place::default() };
    let host = |place| Target::new(&parts.profile, parts.catalog.provider(), place).map(|target| target.host);
    let (home, away) = (host(home)?, host(parts.place.clone())?);
    if parts.key.is_none() || home == away {
        return Ok(());
    }
    let message = format!("the key of {} belongs to {home}, and {} says {away}", parts.profile, moved.origin);
    let hint = "give the key for that address with -k, or make it a profile of its own: `marsh login`";
    Err(CallError::Usage { message, span: None, hint: Some(hint.into()) })
}

/// What a profile comes to.
pub(super) fn account(
    profile: &str,
    said: &Section,
    layers: &Layers,
    context: &Context,
) -> Result<AccountParts, CallError> {
    let (catalog, remote) = named_catalog(said, context)?;
    Ok(AccountParts {
        profile: profile.to_owned(),
        named: true,
        catalog,
        place: place(layers, Some(profile)),
        key: stored_key(profile, said, context),
        remote,
        rules: settings::rules(layers, Some(profile))?,
    })
}

/// The catalogue of a profile: the built-in one, a file, or one from an address.
fn named_catalog(said: &Section, context: &Context) -> Result<(Catalog, Option<Remote>), CallError> {
    match said.text("catalog") {
        None => Ok((catalog(said.text("provider").unwrap_or_default())?, None)),
        Some(url) if url.contains("://") => {
            let (catalog, remote) = remote_catalog(url, said, context)?;
            Ok((catalog, Some(remote)))
        }
        Some(path) => Ok((catalogs::from_file(&context.expand(Path::new(path)))?, None)),
    }
}

/// What was fetched last, else what is built in, else what the address gives now. Whoever keeps the address must not
/// be able to send the key elsewhere: the catalogue's host must be the built-in one's, or the profile names the host.
fn remote_catalog(url: &str, said: &Section, context: &Context) -> Result<(Catalog, Remote), CallError> {
    let paths = context.paths.as_ref().ok_or_else(|| CallError::usage_of("there is no home folder".into()))?;
    let remote = Remote { url: url.to_owned(), cache: paths.catalog(url) };
    let built_in = said.text("provider").and_then(|provider| catalog(provider).ok());
    let trusted = |catalog: &Catalog| {
        let known = built_in.as_ref().is_some_and(|own| catalog.provider().same_place(own.provider()));
        known || said.text("url").is_some()
    };
    let foreign = || {
        CallError::usage_of(format!("the catalogue at {url} names its own host; allow one with `url` in the profile"))
    };
    if let Some(kept) = remote.kept() {
        return if trusted(&kept) { Ok((kept, remote)) } else { Err(foreign()) };
    }
    if let Some(own) = built_in {
        return Ok((own, remote));
    }
    let mut wire = Wire::new(Vec::new()).map_err(CallError::Address)?;
    let fetched = remote.fetch(&mut wire, Timeouts::default())?;
    let fetched = fetched.ok_or_else(|| CallError::usage_of(format!("{url} gave no catalogue")))?;
    if trusted(&fetched) { Ok((fetched, remote)) } else { Err(foreign()) }
}

/// Where a profile's key is: the variable `MARSH_<PROFILE>_KEY`, else the one place that the profile names.
fn stored_key(profile: &str, said: &Section, context: &Context) -> Option<KeySource> {
    let safe = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    let own = format!("MARSH_{}_KEY", profile.chars().map(safe).collect::<String>());
    let from_env =
        |name: &str, text: String| KeySource::Environment { name: name.to_owned(), secret: Secret::new(text) };
    if let Some(text) = context.variable(&own) {
        return Some(from_env(&own, text));
    }
    let command = said.text("key_command").map(|command| KeySource::Command(command.to_owned()));
    let variable = || said.text("key_env").map(|name| from_env(name, context.variable(name).unwrap_or_default()));
    let file = || said.text("key_file").map(|path| KeySource::File(context.expand(Path::new(path))));
    let keyring = || said.text("keyring").filter(|on| *on == "true").map(|_| KeySource::Keyring(profile.to_owned()));
    command.or_else(variable).or_else(file).or_else(keyring)
}

pub(super) fn catalog(provider: &str) -> Result<Catalog, CallError> {
    let known = || embedded::all().iter().map(|catalog| catalog.id).collect::<Vec<_>>().join(", ");
    let missing = || CallError::usage_of(format!("there is no catalogue `{provider}`; there are {}", known()));
    let source = embedded::find(provider).ok_or_else(missing)?;
    Ok(Catalog::open(source).map_err(ResolveError::from)?)
}

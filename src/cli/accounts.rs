//! Which accounts a session has: the simulated ones, the one of a bare key, or those of the user's configuration.

use std::path::Path;

use super::args::Global;
use super::context::Context;
use crate::config::{Config, KeySource, Paths, Profile};
use crate::engine::catalogs::{self, Remote};
use crate::engine::{AccountParts, CallError, Confirm, Manner, Place, Rules};
use crate::model::Secret;
use crate::registry::catalog::Catalog;
use crate::registry::embedded;
use crate::registry::resolve::ResolveError;
use crate::sandbox::Server;
use crate::wire::{Timeouts, Wire};

/// The accounts of a session, the current one first, and what there is to tell about those left out.
pub(super) struct Accounts {
    pub(super) here: AccountParts,
    pub(super) others: Vec<AccountParts>,
    pub(super) notes: Vec<String>,
}

/// Decides which accounts there are. A key or an address given plainly is ma-shell's way: one account, and the
/// configuration is not looked at unless a profile is named.
pub(super) fn choose(
    global: &Global,
    context: &Context,
    sandbox: Option<&Server>,
    manner: Manner,
) -> Result<Accounts, CallError> {
    if let Some(server) = sandbox {
        return simulated(global, server);
    }
    let asked = global.profile.as_deref().or(context.profile.as_deref());
    let bare = global.api_key.is_some() || global.url.is_some() || context.key.is_some() || context.url.is_some();
    if asked.is_none() && bare {
        return one(bare_account(global, context, manner)?);
    }
    let Some(path) = context.paths.as_ref().map(Paths::config) else {
        return one(bare_account(global, context, manner)?);
    };
    let config = Config::read(&path)?;
    match config.first(asked, &path)? {
        Some(name) => configured(config, &name, global, context),
        None => one(bare_account(global, context, manner)?),
    }
}

fn one(here: AccountParts) -> Result<Accounts, CallError> {
    Ok(Accounts { here, others: Vec::new(), notes: Vec::new() })
}

fn simulated(global: &Global, server: &Server) -> Result<Accounts, CallError> {
    let mut accounts = server.accounts().into_iter().map(|account| {
        Ok(AccountParts {
            profile: account.provider.to_owned(),
            named: false,
            catalog: catalog(account.provider)?,
            place: Place { url: Some(account.url), user: account.user, ..Place::default() },
            key: Some(KeySource::Argument(Secret::new(account.key))),
            remote: None,
            rules: Rules::default(),
        })
    });
    let none = || Err(CallError::usage_of("the sandbox has no account".into()));
    let mut here: AccountParts = accounts.next().unwrap_or_else(none)?;
    here.place.transport = global.transport.clone();
    Ok(Accounts { here, others: accounts.collect::<Result<_, CallError>>()?, notes: Vec::new() })
}

/// The account of a key without a profile. A line or a script that was written for ma-shell is asked nothing.
fn bare_account(global: &Global, context: &Context, manner: Manner) -> Result<AccountParts, CallError> {
    let confirm = if manner == Manner::Batch { Confirm::None } else { Confirm::default() };
    Ok(AccountParts {
        profile: embedded::DEFAULT.to_owned(),
        named: false,
        catalog: catalog(embedded::DEFAULT)?,
        place: asked(global, context, Place::default()),
        key: given_key(global, context),
        remote: None,
        rules: Rules { confirm, ..Rules::default() },
    })
}

/// What the command line says of a place, else the environment, else what is known of it already.
fn asked(global: &Global, context: &Context, known: Place) -> Place {
    Place {
        transport: global.transport.clone().or(known.transport),
        url: global.url.clone().or_else(|| context.url.clone()).or(known.url),
        region: global.region.clone().or(known.region),
        user: global.user.clone().or(known.user),
    }
}

/// The key of the command line, else that of the environment.
fn given_key(global: &Global, context: &Context) -> Option<KeySource> {
    // The user's shell leaves `~` alone behind `@`.
    let argument = global.api_key.as_deref().map(|text| match KeySource::of_argument(text) {
        KeySource::File(path) => KeySource::File(context.expand(&path)),
        other => other,
    });
    argument.or_else(|| context.key.as_deref().map(|text| KeySource::Environment(Secret::new(text))))
}

fn configured(config: Config, name: &str, global: &Global, context: &Context) -> Result<Accounts, CallError> {
    let mut here = None;
    let (mut others, mut notes) = (Vec::new(), Vec::new());
    for (profile, said) in &config.profiles {
        match account(profile, said, context) {
            Ok(mut parts) if profile == name => {
                parts.key = given_key(global, context).or(parts.key);
                parts.place = asked(global, context, parts.place);
                here = Some(parts);
            }
            Ok(parts) => others.push(parts),
            Err(error) if profile == name => return Err(error),
            // Another account's fault is no reason to keep the user from this one.
            Err(error) => notes.push(format!("note: profile {profile} is left out: {error}")),
        }
    }
    let missing = || CallError::usage_of(format!("there is no profile `{name}`"));
    Ok(Accounts { here: here.ok_or_else(missing)?, others, notes })
}

fn account(profile: &str, said: &Profile, context: &Context) -> Result<AccountParts, CallError> {
    let place = Place {
        transport: said.transport.clone(),
        url: said.url.clone(),
        region: said.region.clone(),
        user: said.user.clone(),
    };
    let (catalog, remote) = named_catalog(said, context)?;
    Ok(AccountParts {
        profile: profile.to_owned(),
        named: true,
        catalog,
        place,
        key: stored_key(profile, said, context),
        remote,
        rules: Rules::default(),
    })
}

/// The catalogue of a profile: the built-in one, a file, or one from an address.
fn named_catalog(said: &Profile, context: &Context) -> Result<(Catalog, Option<Remote>), CallError> {
    match &said.catalog {
        None => Ok((catalog(&said.provider)?, None)),
        Some(url) if url.contains("://") => {
            let (catalog, remote) = remote_catalog(url, said, context)?;
            Ok((catalog, Some(remote)))
        }
        Some(path) => Ok((catalogs::from_file(&context.expand(Path::new(path)))?, None)),
    }
}

/// What was fetched last, else what is built in, else what the address gives now. Whoever keeps the address must not
/// be able to send the key elsewhere: the catalogue's host must be the built-in one's, or the profile names the host.
fn remote_catalog(url: &str, said: &Profile, context: &Context) -> Result<(Catalog, Remote), CallError> {
    let paths = context.paths.as_ref().ok_or_else(|| CallError::usage_of("there is no home folder".into()))?;
    let remote = Remote { url: url.to_owned(), cache: paths.catalog(url) };
    let built_in = catalog(&said.provider).ok();
    let trusted = |catalog: &Catalog| {
        let known = built_in.as_ref().is_some_and(|own| catalog.provider().same_place(own.provider()));
        known || said.url.is_some()
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

/// Where a profile's key is, in this order: its command, its variable, its file, `MARSH_<PROFILE>_KEY`.
fn stored_key(profile: &str, said: &Profile, context: &Context) -> Option<KeySource> {
    let from_env = |name: &str| context.variable(name).map(|text| KeySource::Environment(Secret::new(text)));
    if let Some(command) = &said.key_command {
        return Some(KeySource::Command(command.clone()));
    }
    if let Some(name) = &said.key_env {
        return from_env(name);
    }
    if let Some(path) = &said.key_file {
        return Some(KeySource::File(context.expand(path)));
    }
    let safe = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    from_env(&format!("MARSH_{}_KEY", profile.chars().map(safe).collect::<String>()))
}

fn catalog(provider: &str) -> Result<Catalog, CallError> {
    let known = || embedded::all().iter().map(|catalog| catalog.id).collect::<Vec<_>>().join(", ");
    let missing = || CallError::usage_of(format!("there is no catalogue `{provider}`; there are {}", known()));
    let source = embedded::find(provider).ok_or_else(missing)?;
    Ok(Catalog::open(source).map_err(ResolveError::from)?)
}

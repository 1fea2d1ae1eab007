//! The accounts of a session: the simulated ones, that of a bare key, or those in the user's configuration.

use std::collections::BTreeMap;

use super::args::Global;
use super::context::Context;
use super::own_catalog::{self, Reach, Wish};
use super::secrets;
use super::settings::{self, Scope};
use crate::config::{Config, KeySource, Layers, Origin, Section};
use crate::engine::target::{check_user, suits};
use crate::engine::{AccountParts, CallError, Confirm, Manner, Place, Target};
use model::http::userinfo;
use model::method::Passing;
use model::provider::AuthScheme;
use model::{Diagnostic, Secret};
use registry::catalog::Catalog;
use registry::embedded;
use sandbox::Server;

/// The way in which the key takes the place of a user's name.
const KEY_AS_USER: &str = "key";

/// The accounts of a session, the current one first, with notes about them.
pub(super) struct Accounts {
    pub(super) here: AccountParts,
    pub(super) others: Vec<AccountParts>,
    /// Accounts that cannot be used, each with the reason. The others are not affected; a line that names one is
    /// refused with the reason.
    pub(super) left_out: Vec<(String, String)>,
    pub(super) notes: Vec<String>,
    /// The settings and their sources.
    pub(super) layers: Layers,
}

/// Determines the accounts. A bare key or address works as in ma-shell: there is one account, and the profiles are
/// ignored unless one is named.
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
        let notes = settings::fault_beside(context).into_iter().collect();
        return Ok(Accounts { notes, ..one(bare_account(global, context, manner)?)? });
    }
    let layers = settings::layers(global, context, Scope::Accounts)?;
    if global.provider.is_some() {
        let hint = Some("-u URL is the address; a profile says its own provider".to_owned());
        return Err(CallError::Usage { message: "--provider needs an address".into(), span: None, hint });
    }
    match first(&layers)? {
        Some(name) => configured(layers.at(Some(&name)), &name, global, context),
        None => one(bare_account(global, context, manner)?),
    }
}

/// For a line that asks for help with marsh itself: an error in the settings is reported, but does not stop it.
pub(super) fn for_help(global: &Global, context: &Context, fault: &CallError) -> Result<Accounts, CallError> {
    let mut accounts = one(bare_account(global, context, Manner::Batch)?)?;
    let words = fault.provider_words().map(|words| format!(": {words}")).unwrap_or_default();
    accounts.notes.push(format!("note: {fault}{words}; this help is about marsh itself"));
    Ok(accounts)
}

/// Whether a key, an address, or a provider that has one makes an account without a profile.
pub(super) fn is_bare(global: &Global, context: &Context) -> bool {
    let said = |key: &str| context.said.contains_key(key);
    let asked = global.profile.is_some() || said("profile");
    let given = global.api_key.is_some() || global.url.is_some() || context.key.is_some() || said("url");
    !asked && (given || global.provider.as_ref().is_some_and(|id| has_address(id, context)))
}

/// Whether the catalogue of a provider says where it is: that of a document, for example.
fn has_address(id: &str, context: &Context) -> bool {
    let provider = own_catalog::known(id, context).map(|catalog| catalog.provider().clone());
    provider.is_ok_and(|provider| !provider.host.is_empty() || !provider.regions.is_empty())
}

/// The profile that a session begins with.
pub(super) fn first(layers: &Layers) -> Result<Option<String>, CallError> {
    Ok(layers.config().first(layers.text("profile", None).as_deref())?)
}

fn one((here, layers): (AccountParts, Layers)) -> Result<Accounts, CallError> {
    Ok(Accounts { here, others: Vec::new(), left_out: Vec::new(), notes: Vec::new(), layers })
}

fn simulated(global: &Global, context: &Context, server: &Server) -> Result<Accounts, CallError> {
    let layers = settings::layers(global, context, Scope::Program)?;
    let rules = settings::rules(&layers, None)?;
    let mut accounts = server.accounts().into_iter().map(|account| {
        Ok(AccountParts {
            profile: account.provider.to_owned(),
            named: false,
            catalog: own_catalog::built_in(account.provider)?,
            place: Place { url: Some(account.url), user: account.user, ..Place::default() },
            key: Some(KeySource::Argument(Secret::new(account.key))),
            secrets: BTreeMap::new(),
            renewal: None,
            rules: rules.clone(),
        })
    });
    let none = || Err(CallError::usage_of("the sandbox has no account".into()));
    let mut here: AccountParts = accounts.next().unwrap_or_else(none)?;
    here.place.transport = global.transport.clone();
    let others = accounts.collect::<Result<_, CallError>>()?;
    let notes = settings::fault_beside(context).into_iter().collect();
    Ok(Accounts { here, others, left_out: Vec::new(), notes, layers })
}

/// The account of a key without a profile. A line or a script written for ma-shell is asked nothing, unless the
/// settings say what to confirm.
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
    let id = kind(&layers, global, context)?;
    let catalog = adapted(own_catalog::known(&id, context)?, &layers, None, holds_key(global, context))?;
    check_user(catalog.provider(), global.user.as_deref())?;
    let key = given_key(global, context);
    if key.is_some() && global.api_key.is_some() && catalog.provider().auth.scheme == AuthScheme::None {
        return Err(CallError::usage_of("no key is sent here: leave -k out, or choose another --auth".into()));
    }
    let secrets = secrets::given(catalog.provider(), global, context)?;
    let renewal = own_catalog::renewal(&id, context);
    let parts = AccountParts {
        profile: id,
        named: false,
        catalog,
        place: place(&layers, None, context),
        key,
        secrets,
        renewal,
        rules,
    };
    Ok((parts, layers))
}

/// Whether an address has ma-shell's form, with `%s` where the key goes.
fn holds_key(global: &Global, context: &Context) -> bool {
    let raw = global.url.as_ref().or_else(|| context.said.get("url"));
    raw.and_then(|raw| userinfo(raw)).is_some_and(|(user, _)| user == "%s")
}

/// The provider of an account without a profile. An address that is none of the usual provider's could be anything: that
/// is not guessed, because a call to something else may mean something else there.
fn kind(layers: &Layers, global: &Global, context: &Context) -> Result<String, CallError> {
    if let Some(id) = layers.text("provider", None) {
        return Ok(id);
    }
    let usual = own_catalog::built_in(embedded::DEFAULT)?;
    let usual = usual.provider();
    match layers.text("url", None).filter(|url| !suits(usual, url) && !holds_key(global, context)) {
        None => Ok(usual.id.clone()),
        Some(url) => Err(CallError::Usage {
            message: format!("`{url}` is not an address of {}", usual.title),
            span: None,
            hint: Some(format!(
                "say what it is: --provider xmlrpc, jsonrpc, openrpc, rest or {}; `marsh add NAME URL` finds it out",
                usual.id
            )),
        }),
    }
}

/// A catalogue with what an account says about how its key and its values are sent. `keyed`: the address has a place for
/// the key where a user's name goes.
fn adapted(catalog: Catalog, layers: &Layers, profile: Option<&str>, keyed: bool) -> Result<Catalog, CallError> {
    let title = catalog.provider().title.clone();
    let usual = || Some(KEY_AS_USER.to_owned()).filter(|way| keyed && catalog.provider().auths.contains_key(way));
    let way = layers.text("auth", profile).or_else(usual);
    let catalog = match &way {
        None => catalog,
        Some(way) => catalog.authenticated(way).map_err(|ways| no_way(&title, way, &ways))?,
    };
    Ok(match layers.text("arguments", profile).as_deref().and_then(Passing::named) {
        Some(passing) => catalog.passing(passing),
        None => catalog,
    })
}

/// The error of a way to send the key that the provider does not have.
pub(super) fn no_way(title: &str, way: &str, ways: &[String]) -> CallError {
    CallError::usage_of(match ways {
        [] => format!("{title} has one way to send the key: leave `auth` out"),
        ways => format!("{title} has no way `{way}` to send the key; it has {}", ways.join(", ")),
    })
}

fn place(layers: &Layers, profile: Option<&str>, context: &Context) -> Place {
    let said = |key: &str| layers.text(key, profile);
    let ca = said("ca").map(|path| layers.config().path_of(&path, &context.home));
    Place { transport: said("transport"), url: said("url"), region: said("region"), user: said("user"), ca }
}

/// Where the calls of a profile go, without its key; `None` if that cannot be known on this machine.
pub(super) fn target(profile: &str, context: &Context) -> Option<(Target, Layers)> {
    let layers = settings::layers(&Global::default(), context, Scope::Accounts).ok()?;
    let said = layers.config().profiles.get(profile)?;
    let (catalog, _) = own_catalog::of(Wish::of(profile, said), layers.config(), context, Reach::ThisMachine).ok()?;
    let target = Target::new(profile, catalog.provider(), place(&layers, Some(profile), context)).ok()?;
    Some((target, layers))
}

/// The key from the command line, or else from the environment.
pub(super) fn given_key(global: &Global, context: &Context) -> Option<KeySource> {
    // The user's shell does not expand `~` after `@`.
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
    let (mut others, mut left_out, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    for (profile, said) in &layers.config().profiles {
        if profile == name {
            here = Some(account(profile, said, &layers, context, Reach::Network)?);
            continue;
        }
        match account(profile, said, &layers, context, Reach::ThisMachine) {
            Ok(parts) => others.push(parts),
            Err(error) => {
                let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
                left_out.push((profile.clone(), format!("{error}{hint}")));
            }
        }
    }
    let mut here: AccountParts = here.ok_or_else(|| CallError::usage_of(format!("there is no profile `{name}`")))?;
    check_user(here.catalog.provider(), global.user.as_deref())?;
    here.secrets.extend(secrets::given(here.catalog.provider(), global, context)?);
    match given_key(global, context) {
        Some(given) => {
            if let (KeySource::Environment { name: variable, .. }, Some(_)) = (&given, &here.key) {
                notes.push(format!("note: {variable} is used, and not the key of {name}"));
            }
            here.key = Some(given);
        }
        None => stays_at_home(&here, &layers)?,
    }
    Ok(Accounts { here, others, left_out, notes, layers })
}

/// A key stored for one host is sent nowhere else: not to an address, nor to another company's region, that a flag or a
/// leftover variable puts in that host's place.
fn stays_at_home(parts: &AccountParts, layers: &Layers) -> Result<(), CallError> {
    let moved = |key: &str| {
        let found = layers.found(key, Some(&parts.profile));
        found.filter(|found| matches!(found.origin, Origin::Flag(_) | Origin::Variable(_)))
    };
    let said = layers.config().profiles.get(&parts.profile);
    let own = |key: &str| said.and_then(|said| said.text(key)).map(str::to_owned);
    let home = Place { url: own("url"), region: own("region"), ..Place::default() };
    let of_one_vendor = || {
        let there = parts.place.region.as_deref();
        parts.catalog.provider().same_vendor(home.region.as_deref(), there)
    };
    let Some(moved) =
        moved("url").or_else(|| moved("region").filter(|_| parts.place.url.is_none() && !of_one_vendor()))
    else {
        return Ok(());
    };
    let host = |place| Target::new(&parts.profile, parts.catalog.provider(), place).map(|target| target.host);
    let (home, away) = (host(home)?, host(parts.place.clone())?);
    if parts.key.is_none() || home == away {
        return Ok(());
    }
    let message = format!("the key of {} belongs to {home}, and {} says {away}", parts.profile, moved.origin);
    let hint = "give the key for that address with -k, or make it a profile of its own: `marsh login`";
    Err(CallError::Usage { message, span: None, hint: Some(hint.into()) })
}

/// The account of a profile.
pub(super) fn account(
    profile: &str,
    said: &Section,
    layers: &Layers,
    context: &Context,
    reach: Reach,
) -> Result<AccountParts, CallError> {
    let (catalog, renewal) = own_catalog::of(Wish::of(profile, said), layers.config(), context, reach)?;
    let catalog = match layers.text("language", Some(profile)) {
        Some(language) => speaking(catalog, &language)?,
        None => catalog,
    };
    let catalog = adapted(catalog, layers, Some(profile), false)?;
    let place = place(layers, Some(profile), context);
    // A wrong place is an error of this account alone, and is found before the session starts.
    Target::new(profile, catalog.provider(), place.clone())?;
    Ok(AccountParts {
        profile: profile.to_owned(),
        named: true,
        secrets: secrets::stored(catalog.provider(), (profile, said), layers.config(), context),
        catalog,
        place,
        key: stored_key(profile, said, layers.config(), context),
        renewal,
        rules: settings::rules(layers, Some(profile))?,
    })
}

/// The catalogue with the provider's messages in a language.
fn speaking(catalog: Catalog, language: &str) -> Result<Catalog, CallError> {
    let title = catalog.provider().title.clone();
    catalog.speaking(language).map_err(|has| match has.as_slice() {
        [] => CallError::usage_of(format!("the messages of {title} come in one language: leave `language` out")),
        has => CallError::usage_of(format!("{title} has no messages in `{language}`; it has {}", has.join(", "))),
    })
}

/// The source of a profile's key: the variable `MARSH_<PROFILE>_KEY`, or else the one that the profile names.
fn stored_key(profile: &str, said: &Section, config: &Config, context: &Context) -> Option<KeySource> {
    let own = format!("MARSH_{}_KEY", secrets::in_variable(profile));
    secrets::from_variable(&own, context).or_else(|| secrets::place_of_key(profile, said, config, context))
}

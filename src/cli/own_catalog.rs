//! The catalogue of a profile: the built-in one, a file, or one from an address.

use std::path::PathBuf;

use super::context::Context;
use crate::config::{Config, Paths, Section};
use crate::engine::CallError;
use crate::engine::catalogs::{self, Remote, Renewal};
use crate::wire::{Timeouts, Wire};
use registry::catalog::Catalog;
use registry::embedded;
use registry::resolve::ResolveError;

/// Whether a catalogue may be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// It is fetched if no copy is on this machine.
    Network,
    /// Only a copy on this machine is used: the account is not the current one.
    ThisMachine,
}

/// The settings that choose a catalogue.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish<'w> {
    /// The profile that it is for.
    pub(super) profile: &'w str,
    /// The provider's id, if it is known.
    pub(super) provider: Option<&'w str>,
    /// A file or an address; `None` for the built-in catalogue.
    pub(super) place: Option<&'w str>,
    /// The address of the service is set, so a catalogue cannot choose it.
    pub(super) placed: bool,
    /// A file with additional trusted issuers for fetching it.
    pub(super) ca: Option<&'w str>,
}

impl<'w> Wish<'w> {
    /// The settings of a profile.
    pub(super) fn of(profile: &'w str, said: &'w Section) -> Wish<'w> {
        let provider = Some(said.text("provider").unwrap_or_default());
        let placed = said.text("url").is_some();
        Wish { profile, provider, place: said.text("catalog"), placed, ca: said.text("ca") }
    }
}

/// The catalogue, and where it can be had from again.
pub(super) fn of(
    wish: Wish<'_>,
    config: &Config,
    context: &Context,
    reach: Reach,
) -> Result<(Catalog, Option<Renewal>), CallError> {
    let (place, found, renewal) = match wish.place {
        None => {
            let id = wish.provider.unwrap_or_default();
            return Ok((known(id, context)?, renewal(id, context)));
        }
        Some(url) if is_address(url) => {
            let (catalog, remote) = remote_catalog(wish, url, config, context, reach)?;
            (url.to_owned(), catalog, Some(Renewal::Catalogue(remote)))
        }
        Some(path) => {
            let path = config.path_of(path, &context.home);
            (path.display().to_string(), catalogs::from_file(&path)?, None)
        }
    };
    let id = &found.provider().id;
    match wish.provider {
        Some(provider) if provider != id => {
            let message = format!("the provider should be `{provider}`, but the catalogue {place} is for `{id}`");
            let hint = Some(format!("write provider = \"{id}\" in the profile, or name another catalogue"));
            Err(CallError::Usage { message, span: None, hint })
        }
        _ => Ok((found, renewal)),
    }
}

/// The catalogue of a provider that the program has, or that was imported.
pub(super) fn known(provider: &str, context: &Context) -> Result<Catalog, CallError> {
    match imported_file(provider, context).and_then(|file| catalogs::imported(&file)) {
        Some(imported) => imported,
        None => built_in_or(provider, || imported_ids(context)),
    }
}

/// Where the catalogue of a provider that the program has, or that was imported, can be had from again.
pub(super) fn renewal(provider: &str, context: &Context) -> Option<Renewal> {
    imported_file(provider, context).filter(|file| file.exists()).map(Renewal::Document)
}

/// The file of a provider that was imported; `None` if the program has the provider itself.
fn imported_file(provider: &str, context: &Context) -> Option<PathBuf> {
    let paths = context.paths.as_ref().filter(|_| embedded::find(provider).is_none())?;
    Some(paths.imported(provider))
}

/// The ids of all providers that were imported.
pub(super) fn imported_ids(context: &Context) -> Vec<String> {
    context.paths.as_ref().map(Paths::all_imported).unwrap_or_default()
}

/// The built-in catalogue of a provider.
pub(super) fn built_in(provider: &str) -> Result<Catalog, CallError> {
    built_in_or(provider, Vec::new)
}

fn built_in_or(provider: &str, others: impl Fn() -> Vec<String>) -> Result<Catalog, CallError> {
    let known = || embedded::ids().map(str::to_owned).chain(others()).collect::<Vec<_>>().join(", ");
    let missing = || CallError::usage_of(format!("there is no catalogue `{provider}`; there are {}", known()));
    let source = embedded::find(provider).ok_or_else(missing)?;
    Ok(Catalog::open(source).map_err(ResolveError::from)?)
}

/// Whether the place of a catalogue is an address rather than a file.
pub(super) fn is_address(place: &str) -> bool {
    place.contains("://")
}

/// The copy fetched last, else the built-in one, else the one at the address now. Anyone who controls the address must
/// not be able to send the key elsewhere: the catalogue's host must be that of the built-in one, or the profile must
/// give the host.
fn remote_catalog(
    wish: Wish<'_>,
    url: &str,
    config: &Config,
    context: &Context,
    reach: Reach,
) -> Result<(Catalog, Remote), CallError> {
    let paths = context.paths.as_ref().ok_or_else(|| CallError::usage_of("there is no home folder".into()))?;
    let remote = Remote {
        url: url.to_owned(),
        cache: paths.catalog(url),
        ca: wish.ca.map(|ca| config.path_of(ca, &context.home)),
    };
    let built_in = wish.provider.and_then(|provider| built_in(provider).ok());
    let trusted = |catalog: &Catalog| {
        let known = built_in.as_ref().is_some_and(|own| catalog.provider().same_place(own.provider()));
        known || wish.placed
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
    if reach == Reach::ThisMachine {
        return Err(CallError::Usage {
            message: format!("its catalogue {url} has not been fetched yet"),
            span: None,
            hint: Some(format!("`marsh -p {} refresh` fetches it", wish.profile)),
        });
    }
    let mut wire = Wire::new(context.network(Vec::new())).map_err(CallError::Address)?;
    let fetched = remote.fetch(&mut wire, Timeouts::default())?;
    let fetched = fetched.ok_or_else(|| CallError::usage_of(format!("{url} returned no catalogue")))?;
    if trusted(&fetched) { Ok((fetched, remote)) } else { Err(foreign()) }
}

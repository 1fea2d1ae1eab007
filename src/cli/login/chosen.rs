//! The provider of the new account, with its catalogue.

use std::path::{Path, PathBuf};

use crate::cli::accounts;
use crate::cli::args;
use crate::cli::context::Context;
use crate::cli::own_catalog::{self, Reach, Wish};
use crate::config::Config;
use crate::engine::CallError;
use model::Provider;
use model::method::Passing;
use model::suggest::{nearest, phrase};
use registry::catalog::Catalog;
use registry::embedded;
use registry::resolve::ResolveError;

/// A provider, with the profile's settings for its catalogue.
#[derive(Clone)]
pub(super) struct Chosen {
    pub(super) catalog: Catalog,
    /// The file or address of the catalogue; `None` for a built-in one.
    pub(super) place: Option<String>,
}

impl Chosen {
    /// The built-in provider with that id.
    pub(super) fn built_in(id: &str) -> Result<Chosen, CallError> {
        let embedded = embedded::find(id).ok_or_else(|| {
            let near = nearest(id, ids().into_iter());
            let all = || format!("there are {}; --catalog names a catalogue of your own", ids().join(", "));
            let hint = Some(phrase(&near).unwrap_or_else(all));
            CallError::Usage { message: format!("there is no provider `{id}`"), span: None, hint }
        })?;
        let catalog = Catalog::open(embedded).map_err(ResolveError::from)?;
        Ok(Chosen { catalog, place: None })
    }

    /// The provider given by the flags, if any.
    pub(super) fn of_flags(
        login: &args::Login,
        config: &Config,
        context: &Context,
    ) -> Result<Option<Chosen>, CallError> {
        let Some(given) = login.catalog.as_deref() else {
            return login.provider.as_deref().map(Chosen::built_in).transpose();
        };
        let place = match own_catalog::is_address(given) {
            true => given.to_owned(),
            false => from_anywhere(Path::new(given), context)?.display().to_string(),
        };
        let ca = login.ca.as_ref().map(|path| path.display().to_string());
        let wish = Wish {
            profile: login.name.as_deref().unwrap_or_default(),
            provider: login.provider.as_deref(),
            place: Some(&place),
            placed: login.url.is_some(),
            ca: ca.as_deref(),
        };
        let (catalog, _) = own_catalog::of(wish, config, context, Reach::Network)?;
        Ok(Some(Chosen { catalog, place: Some(place) }))
    }

    /// The same with another way to send the key, and another way to send values.
    pub(super) fn adapted(self, way: Option<&str>, arguments: Option<&str>) -> Result<Chosen, CallError> {
        let Chosen { mut catalog, place } = self;
        if let Some(way) = way {
            let title = catalog.provider().title.clone();
            catalog = catalog.authenticated(way).map_err(|ways| accounts::no_way(&title, way, &ways))?;
        }
        if let Some(passing) = arguments.and_then(Passing::named) {
            catalog = catalog.passing(passing);
        }
        Ok(Chosen { catalog, place })
    }

    /// Its rules.
    pub(super) fn provider(&self) -> &Provider {
        self.catalog.provider()
    }
}

/// A file from an argument, as a path that is valid in every folder: the profile can be used from any.
pub(super) fn from_anywhere(path: &Path, context: &Context) -> Result<PathBuf, CallError> {
    let found = std::path::absolute(context.expand(path));
    found.map_err(|error| CallError::usage_of(format!("{}: {error}", path.display())))
}

/// The ids of the built-in providers.
pub(super) fn ids() -> Vec<&'static str> {
    embedded::ids().collect()
}

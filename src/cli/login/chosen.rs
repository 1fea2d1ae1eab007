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

/// A provider, with the profile's settings for its catalogue.
#[derive(Clone)]
pub(super) struct Chosen {
    pub(super) catalog: Catalog,
    /// The file or address of the catalogue; `None` for a built-in one.
    pub(super) place: Option<String>,
}

impl Chosen {
    /// The provider with that id: a built-in one, or one that was imported.
    pub(super) fn known(id: &str, context: &Context) -> Result<Chosen, CallError> {
        let imported = own_catalog::imported_ids(context);
        let all = || ids().into_iter().chain(imported.iter().map(String::as_str));
        if !all().any(|known| known == id) {
            let near = nearest(id, all());
            let names = || all().collect::<Vec<_>>().join(", ");
            let hint = phrase(&near)
                .unwrap_or_else(|| format!("there are {}; --catalog names a catalogue of your own", names()));
            return Err(CallError::Usage {
                message: format!("there is no provider `{id}`"),
                span: None,
                hint: Some(hint),
            });
        }
        Ok(Chosen { catalog: own_catalog::known(id, context)?, place: None })
    }

    /// The provider given by the flags, if any.
    pub(super) fn of_flags(
        login: &args::Login,
        config: &Config,
        context: &Context,
    ) -> Result<Option<Chosen>, CallError> {
        let Some(given) = login.own.catalog.as_deref() else {
            return login.own.provider.as_deref().map(|id| Chosen::known(id, context)).transpose();
        };
        let place = match own_catalog::is_address(given) {
            true => given.to_owned(),
            false => from_anywhere(Path::new(given), context)?.display().to_string(),
        };
        let ca = login.own.ca.as_ref().map(|path| path.display().to_string());
        let wish = Wish {
            profile: login.name.as_deref().unwrap_or_default(),
            provider: login.own.provider.as_deref(),
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

//! One account of a session: where its calls go, where its key comes from, and the fetching of its method list.

use std::io;
use std::path::PathBuf;

use super::discover::{self, Background, Fetched};
use super::error::CallError;
use super::target::{Place, Target};
use crate::config::{KeySource, Paths};
use crate::model::Redactor;
use crate::registry::Source;
use crate::registry::catalog::Catalog;
use crate::wire::{Credential, Timeouts, Wire, auth};

/// What an account is made from.
pub struct AccountParts {
    /// The word before the colon in `profile:method`.
    pub profile: String,
    /// The user gave it that name; otherwise it is the provider's.
    pub named: bool,
    /// The provider's catalogue.
    pub catalog: Catalog,
    /// Where the service is, as far as the user said.
    pub place: Place,
    /// Where the key comes from; without one, help still works.
    pub key: Option<KeySource>,
}

/// One account.
#[derive(Debug)]
pub struct Account {
    /// Where calls go. The key is in it once it has been asked for.
    pub target: Target,
    /// The user gave it its name; otherwise it is the provider's.
    pub named: bool,
    key: Option<KeySource>,
    cache: Option<PathBuf>,
    fetching: Option<Background>,
}

impl Account {
    /// The account and its source of methods.
    pub(super) fn new(parts: AccountParts, paths: Option<&Paths>) -> Result<(Account, Source), CallError> {
        let target = Target::new(&parts.profile, parts.catalog.provider(), parts.place).map_err(CallError::Address)?;
        let cache = paths.map(|paths| paths.methods(&target.provider, &target.host));
        let source = Source::new(&parts.profile, parts.catalog);
        Ok((Account { target, named: parts.named, key: parts.key, cache, fetching: None }, source))
    }

    /// Whether a key can be had at all.
    pub fn has_key(&self) -> bool {
        self.key.is_some() || self.target.credential.is_some()
    }

    /// Fetches the key if it is at hand, so that it is known as a secret before anything can be shown.
    pub(super) fn unlock_if_at_hand(&mut self, redactor: &mut Redactor) -> Result<(), CallError> {
        if self.key.as_ref().is_some_and(KeySource::is_at_hand) { self.unlock(redactor) } else { Ok(()) }
    }

    /// Fetches the key the first time it is needed, and teaches the redactor what must never be shown.
    pub fn unlock(&mut self, redactor: &mut Redactor) -> Result<(), CallError> {
        if self.target.credential.is_some() {
            return Ok(());
        }
        let Some(source) = &self.key else {
            return Err(CallError::NoKey { profile: self.target.profile.clone() });
        };
        let secret = source.read(&mut io::stdin())?;
        auth::teach(redactor, &self.target.auth, &secret);
        self.target.credential = Some(Credential { secret, host: self.target.host.clone() });
        Ok(())
    }

    /// Takes in the list that is on disk.
    pub(super) fn read_cache(&self, source: &mut Source) {
        if let Some(names) = self.cache.as_deref().and_then(discover::cached) {
            source.merge_live(names);
        }
    }

    /// Starts to fetch the list in the background, where the service can give one and the key is known.
    pub(super) fn begin_discovery(&mut self, source: &Source, wire: Wire, timeouts: Timeouts) {
        let Some(rule) = &source.provider().introspection else { return };
        if self.target.credential.is_some() {
            self.fetching = Some(Background::start(&self.target, rule, timeouts, wire, self.cache.clone()));
        }
    }

    /// The list, once it has arrived.
    pub(super) fn poll(&mut self) -> Option<Fetched> {
        let fetched = self.fetching.as_ref()?.poll()?;
        self.fetching = None;
        Some(fetched)
    }

    /// Fetches the list now. `None` when the service gives none.
    pub(super) fn fetch(
        &self,
        source: &Source,
        wire: &mut Wire,
        timeouts: Timeouts,
    ) -> Result<Option<Vec<String>>, CallError> {
        let Some(rule) = &source.provider().introspection else { return Ok(None) };
        let names = discover::fetch(wire, &self.target, rule, timeouts)?;
        if let Some(cache) = &self.cache {
            discover::store(cache, &names);
        }
        Ok(Some(names))
    }
}

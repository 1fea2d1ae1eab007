//! One account of a session: where its calls go, where its key comes from, and how its method list is fetched.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{io, mem};

use crate::config::{KeySource, Paths};
use crate::engine::accounts::catalogs::Renewal;
use crate::engine::accounts::changes::Seen;
use crate::engine::accounts::discovery::{Background, Fetched, News, accept, catalog_news, in_background};
use crate::engine::accounts::documents::{self, Documents, Keyed};
use crate::engine::accounts::imports;
use crate::engine::accounts::inquiry::Asked;
use crate::engine::accounts::introspection::{Asking, sent};
use crate::engine::accounts::kept_lists;
use crate::engine::accounts::rules::Rules;
use crate::engine::accounts::target::{Place, Target};
use crate::engine::state::error::CallError;
use crate::wire::{Credential, Network, Timeouts, Wire};
use model::provider::AuthScheme;
use model::{Arguments, Call, Class, Diagnostic, Method, Param, Redactor, Secret, Sent};
use registry::catalog::Catalog;
use registry::introspect::system::Given;
use registry::{Changes, Source};

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
    /// Where its further secrets come from, by their names.
    pub secrets: BTreeMap<String, KeySource>,
    /// Where the catalogue can be had from again, if it can.
    pub renewal: Option<Renewal>,
    /// The rules for its calls.
    pub rules: Rules,
}

/// One account.
#[derive(Debug)]
pub struct Account {
    /// Where calls go. The key is in it once it has been asked for.
    pub target: Target,
    /// The user gave it its name; otherwise it is the provider's.
    pub named: bool,
    /// The rules for its calls.
    pub rules: Rules,
    /// Whether the service accepted the key the last time it was asked; `None` before the first time.
    pub accepted: Option<bool>,
    key: Option<KeySource>,
    secrets: BTreeMap<String, KeySource>,
    cache: Option<PathBuf>,
    pub(crate) renewal: Option<Renewal>,
    fetching: Vec<Background>,
    /// The list on disk has been read, and the catalogue has been requested.
    begun: bool,
    /// There was a list before: any difference from it is news.
    listed: bool,
    /// The service has been asked for its list.
    asked: bool,
    /// The service has answered, or failed to, while somebody waited for it.
    fresh: bool,
    changes: Option<Seen>,
    /// What is to be told about the last import.
    pub(crate) notes: Vec<String>,
    /// Warnings that were given before a call, and are not repeated.
    forewarned: BTreeSet<String>,
}

impl Account {
    /// The account and its source of methods.
    pub(crate) fn new(parts: AccountParts, paths: Option<&Paths>) -> Result<(Account, Source), CallError> {
        let target = Target::new(&parts.profile, parts.catalog.provider(), parts.place)?;
        let cache = paths.map(|paths| kept_lists::file(paths, &target, parts.named));
        let source = Source::new(&parts.profile, parts.catalog);
        let AccountParts { named, key, secrets, renewal, rules, .. } = parts;
        let (fetching, notes, forewarned) = (Vec::new(), Vec::new(), BTreeSet::new());
        let account = Account {
            target,
            named,
            rules,
            accepted: None,
            key,
            secrets,
            cache,
            renewal,
            fetching,
            begun: false,
            listed: false,
            asked: false,
            fresh: false,
            changes: None,
            notes,
            forewarned,
        };
        Ok((account, source))
    }

    /// The same account for calls that run beside others. Its key has been fetched; it fetches no lists.
    pub(crate) fn beside(&self) -> Account {
        Account {
            target: self.target.clone(),
            named: self.named,
            rules: self.rules.clone(),
            accepted: self.accepted,
            key: None,
            secrets: BTreeMap::new(),
            cache: None,
            renewal: None,
            fetching: Vec::new(),
            begun: true,
            listed: self.listed,
            asked: true,
            fresh: self.fresh,
            changes: None,
            notes: Vec::new(),
            forewarned: BTreeSet::new(),
        }
    }

    /// Takes up what calls beside others showed about it.
    pub(crate) fn take_up(&mut self, beside: Account) {
        self.accepted = beside.accepted.or(self.accepted);
        self.target.variables.extend(beside.target.variables);
    }

    /// The warnings before a call: nothing confirms the address of the method, or the method or a parameter is
    /// deprecated. Each is given once.
    pub(crate) fn forewarnings(&mut self, call: &Call) -> Vec<String> {
        let Call { method, arguments } = call;
        let name = &method.name;
        let inferred = method
            .inferred
            .as_ref()
            .map(|_| format!("note: the address of {name} is inferred, not documented; see `help {name}`"));
        let old = method.deprecated.as_ref().map(|text| format!("note: {name} is deprecated: {text}"));
        let given = |param: &&Param| match arguments {
            Arguments::Named(given) => given.get(&param.name).is_some(),
            Arguments::Positional(_) => false,
        };
        let params = method.params.iter().filter(given).filter_map(|param| {
            Some(format!("note: {} of {name} is deprecated: {}", param.name, param.deprecated.as_ref()?))
        });
        let all: Vec<String> = inferred.into_iter().chain(old).chain(params).collect();
        all.into_iter().filter(|warning| self.forewarned.insert(warning.clone())).collect()
    }

    /// The account as it is recorded in the journal.
    pub fn on_record(&self) -> history::Account {
        self.target.on_record(self.named)
    }

    /// Whether there is any source for a key.
    pub fn has_key(&self) -> bool {
        self.key.as_ref().is_some_and(KeySource::is_there) || self.target.credential.is_some()
    }

    /// Whether calls can be made: there is a source for a key, or none is needed.
    pub fn is_ready(&self) -> bool {
        self.has_key() || !self.target.auth.needs_key()
    }

    /// Whether a key is sent with calls: a service that may need none is called without one if there is none.
    pub(crate) fn sends_key(&self) -> bool {
        self.target.auth.needs_key() || self.has_key()
    }

    /// Where the key comes from, in words; `None` if no source is set.
    pub fn key_place(&self) -> Option<String> {
        self.key.as_ref().map(KeySource::place)
    }

    /// Remembers whether the outcome of a call shows that the key is accepted or refused.
    pub(crate) fn learn_of_key<T>(&mut self, done: &Result<T, CallError>) {
        match done {
            Ok(_) => self.accepted = Some(true),
            Err(error) if error.class() == Class::Credentials && error.sent() == Sent::Yes => {
                self.accepted = Some(false);
            }
            Err(_) => {}
        }
    }

    /// Fetches the key for a call of a method, unless the method is called without one.
    pub(crate) fn unlock_for(&mut self, method: &Method, redactor: &mut Redactor) -> Result<(), CallError> {
        if self.target.is_free(method) { Ok(()) } else { self.unlock(redactor) }
    }

    /// Begins a session, if a method needs one and there is none, for what the program asks the service on its own.
    pub(crate) fn sign_in(
        &self,
        (source, method): (&Source, &Method),
        (wire, redactor): (&mut Wire, &mut Redactor),
        timeouts: Timeouts,
    ) -> Result<(), CallError> {
        let login = self.target.login_in_turn(&self.target.grant, method, source)?;
        let Some((login, _turn)) = login else { return Ok(()) };
        let shapes = source.shapes_of(&login.method);
        let asked = Asked { target: &self.target, provider: source.provider(), shapes, timeouts };
        let returned = asked.call(wire, &login.method, login.arguments)?;
        self.target.begin_session(&returned, redactor)?;
        wire.hide(redactor);
        Ok(())
    }

    /// Fetches the key if this needs no person and no program, so that it is known as a secret before anything is
    /// shown.
    pub(crate) fn unlock_if_at_hand(&mut self, redactor: &mut Redactor) -> Result<(), CallError> {
        if self.key.as_ref().is_some_and(KeySource::is_at_hand) { self.fetch_key(redactor) } else { Ok(()) }
    }

    /// Fetches the key the first time it is needed, adds it to the redactor, and refuses a text that cannot be a key
    /// before anything is sent.
    pub fn unlock(&mut self, redactor: &mut Redactor) -> Result<(), CallError> {
        self.fetch_key(redactor)?;
        match (&self.target.credential, &self.key) {
            (Some(credential), Some(source)) => {
                Ok(source.check(&credential.secret, &self.target.auth, self.target.at_home)?)
            }
            _ => Ok(()),
        }
    }

    fn fetch_key(&mut self, redactor: &mut Redactor) -> Result<(), CallError> {
        if self.target.credential.is_some() {
            return Ok(());
        }
        if let Some(source) = self.key_source()? {
            let secret = source.read(&mut io::stdin())?;
            self.rekey(secret, redactor);
            self.fetch_secrets(redactor)?;
        }
        Ok(())
    }

    /// Fetches the secrets that are sent together with the key. None of them may be missing.
    fn fetch_secrets(&mut self, redactor: &mut Redactor) -> Result<(), CallError> {
        let mut more = BTreeMap::new();
        for name in self.target.auth.secrets.keys() {
            let (profile, lacking) = (self.target.profile.clone(), name.clone());
            let source = self.secrets.get(name).filter(|source| source.is_there());
            let source = source.ok_or(CallError::NoSecret { profile, name: lacking });
            // A key without them is of no use.
            let secret = source.and_then(|source| Ok(source.read(&mut io::stdin())?)).inspect_err(|_| {
                self.target.credential = None;
            })?;
            redactor.learn(&secret);
            more.insert(name.clone(), secret);
        }
        if let Some(credential) = &mut self.target.credential {
            credential.more = more;
        }
        Ok(())
    }

    /// Where the key is to be read from; `None` if none is sent.
    fn key_source(&self) -> Result<Option<&KeySource>, CallError> {
        let Target { auth, profile, user, .. } = &self.target;
        let profile = || profile.clone();
        match &self.key {
            _ if auth.scheme == AuthScheme::None => Ok(None),
            // A user without a key would be left out silently.
            None if auth.optional && user.is_none() => Ok(None),
            _ if auth.needs_user() => Err(CallError::NoUser { profile: profile() }),
            None => Err(CallError::NoKey { profile: profile() }),
            Some(source) => Ok(Some(source)),
        }
    }

    /// Refuses a call of a method whose key is not available, as far as this is known without running or asking anything.
    pub(crate) fn foresee_key(&self, method: &Method) -> Result<(), CallError> {
        if self.target.credential.is_some() || self.target.is_free(method) {
            return Ok(());
        }
        match self.key_source()? {
            // A pipe can be read only once.
            Some(KeySource::File(path)) if path.metadata().is_ok_and(|found| !found.is_file()) => Ok(()),
            // No other source can be read twice, or without a person.
            Some(source @ (KeySource::Environment { .. } | KeySource::File(_))) => {
                Ok(source.read(&mut io::empty()).map(drop)?)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The file that the key comes from, if it comes from one.
    pub(crate) fn key_file(&self) -> Option<&Path> {
        match &self.key {
            Some(KeySource::File(path)) => Some(path),
            _ => None,
        }
    }

    /// Replaces the key.
    pub(crate) fn rekey(&mut self, secret: Secret, redactor: &mut Redactor) {
        redactor.learn(&secret);
        let more = self.target.credential.take().map(|credential| credential.more).unwrap_or_default();
        self.target.credential = Some(Credential { secret, more, host: self.target.host.clone() });
    }

    /// Whether the service has just been asked for its list, so that there is no point in asking again.
    pub(crate) fn is_fresh(&self) -> bool {
        self.fresh
    }

    /// Whether a list of the service's methods is known.
    pub(crate) fn is_listed(&self) -> bool {
        self.listed
    }

    /// Reads the list on disk, unless a list has been read already.
    pub(crate) fn recall_list(&mut self, source: &mut Source) {
        if !self.listed {
            self.read_cache(source);
        }
    }

    /// Reads the list on disk.
    fn read_cache(&mut self, source: &mut Source) {
        if let Some(methods) = self.cache.as_deref().and_then(kept_lists::read) {
            source.merge_live(methods);
            self.listed = true;
        }
    }

    /// What was added and removed at the last change.
    pub(crate) fn changes(&self) -> Option<Seen> {
        self.changes.clone().or_else(|| Seen::read(self.cache.as_deref()?))
    }

    /// Remembers what was added and removed. The very first list does not count as a change.
    pub(crate) fn remember(&mut self, changes: Changes) {
        let first = !std::mem::replace(&mut self.listed, true) && self.renewal.is_none();
        if first || changes.is_empty() {
            return;
        }
        let seen = Seen::now(changes);
        if let Some(cache) = &self.cache {
            seen.keep(cache);
        }
        self.changes = Some(seen);
    }

    /// Reads the list on disk, and starts to fetch the catalogue if it has an address. This happens once.
    pub(crate) fn begin_catalog(&mut self, source: &mut Source, network: &Network, timeouts: Timeouts) {
        if mem::replace(&mut self.begun, true) {
            return;
        }
        self.read_cache(source);
        if let Some(Renewal::Catalogue(remote)) = self.renewal.clone() {
            let wire = in_background(network);
            self.fetching.push(Background::start(move || catalog_news(&remote, &mut wire?, timeouts)));
        }
    }

    /// Whether to ask the service for its list now. Returns true only once. The prompt does not wait for a command that
    /// prints a key, because that may ask for a passphrase on the terminal. The one exception is the current account,
    /// if nothing is known of its methods. For other accounts, the key is fetched when a call needs it, and the list
    /// after that.
    pub(crate) fn wants_list(&mut self, source: &Source, here: bool) -> bool {
        let near = self.target.credential.is_some()
            || self.key.is_none() && self.is_ready()
            || self.key.as_ref().is_some_and(|key| key.is_at_hand() || matches!(key, KeySource::File(_)));
        let missed = here && !self.listed && self.key.is_some();
        // A list that needs a session waits for the first call that begins one.
        let signed = self.target.auth.session.as_ref().is_none_or(|rule| self.target.grant.has(rule));
        let wants = signed && !self.asked && source.provider().introspection.is_some() && (near || missed);
        self.asked |= wants;
        wants
    }

    /// Starts to fetch the list. The key must have been fetched.
    pub(crate) fn begin_list(&mut self, source: &Source, network: &Network, timeouts: Timeouts) {
        let (target, provider) = (self.target.clone(), source.provider().clone());
        let (cache, wire) = (self.cache.clone(), in_background(network));
        let catalogued = source.catalogued();
        self.fetching.push(Background::start(move || {
            let mut wire = wire?;
            let mut asking = Asking { wire: &mut wire, target: &target, provider: &provider, timeouts };
            let methods = asking.list(&catalogued)?;
            kept_lists::keep(cache.as_deref(), &methods);
            Ok(News::Methods(methods))
        }));
    }

    /// Asks the service about one of its methods, if it has not been asked before, and whether anything is known of it
    /// that decides how values are sent. What it says is kept.
    pub(crate) fn learn(
        &mut self,
        source: &mut Source,
        name: &str,
        (wire, redactor): (&mut Wire, &mut Redactor),
        timeouts: Timeouts,
    ) -> Result<(), CallError> {
        let Some(rule) = source.provider().introspection.clone() else { return Ok(()) };
        let asked = source.listed(name).is_none_or(|listed| listed.described);
        let needless = sent(source.provider().passing(), self.target.transport.protocol) == Given::AsStruct;
        let types = Some(rule.signature()).filter(|method| source.has(method));
        // Without types, only a service that lists its help itself is asked for that: names show which values are missing.
        let words = Some(rule.help()).filter(|method| match types {
            Some(_) => source.has(method),
            None => source.listed(method).is_some(),
        });
        if asked || needless || words.or(types).is_none() || rule.describes(name) {
            return Ok(());
        }
        self.unlock(redactor)?;
        self.sign_in((source, &Method::discovered(rule.signature())), (wire, redactor), timeouts)?;
        let asking = [words, types];
        let described =
            Asking { wire, target: &self.target, provider: source.provider(), timeouts }.one(name, asking)?;
        kept_lists::replace(self.cache.as_deref(), &described);
        source.describe(described);
        Ok(())
    }

    /// What has arrived since the last look.
    pub(crate) fn poll(&mut self) -> Vec<Fetched> {
        let mut arrived = Vec::new();
        self.fetching.retain(|background| match background.poll() {
            Some(fetched) => {
                arrived.push(fetched);
                false
            }
            None => true,
        });
        arrived
    }

    /// Imports the document of its catalogue again. The account's key is sent along only to the service's own host, and only
    /// if the document was fetched with a key.
    fn import_again(
        &mut self,
        source: &mut Source,
        file: &Path,
        (wire, redactor): (&mut Wire, &mut Redactor),
        timeouts: Timeouts,
    ) -> Result<Changes, CallError> {
        let origin = imports::known_origin(file)?;
        let mut key = Keyed::default();
        if origin.auth.is_some() && documents::is_on(&origin.document, &self.target.host) {
            self.unlock(redactor)?;
            wire.hide(redactor);
            key = Keyed { auth: self.target.auth.clone(), credential: self.target.credential.clone() };
        }
        wire.trusting_also(self.target.ca.as_deref());
        let mut documents = Documents::new(wire, timeouts, &origin.allowed).with_key(key);
        let renewed = imports::renew(source, file, origin, &mut documents)?;
        self.notes.extend(renewed.notes);
        Ok(source.replace(renewed.catalog))
    }

    /// Fetches the list and the catalogue now, and returns what was added and removed; `None` if there is neither a
    /// service nor an address to ask.
    pub(crate) fn refresh(
        &mut self,
        source: &mut Source,
        wire: &mut Wire,
        redactor: &mut Redactor,
        timeouts: Timeouts,
    ) -> Result<Option<Changes>, CallError> {
        let mut changes = None;
        self.fresh = true;
        self.recall_list(source);
        match self.renewal.clone() {
            Some(Renewal::Catalogue(remote)) => {
                changes = Some(accept(source, catalog_news(&remote, wire, timeouts)?).map_err(CallError::usage_of)?);
            }
            Some(Renewal::Document(file)) => {
                changes = Some(self.import_again(source, &file, (&mut *wire, &mut *redactor), timeouts)?);
            }
            None => {}
        }
        if source.provider().introspection.is_some() {
            self.unlock(redactor)?;
            let list = source.provider().introspection.as_ref().map(|rule| Method::discovered(rule.list()));
            if let Some(list) = list {
                self.sign_in((source, &list), (wire, redactor), timeouts)?;
            }
            let mut asking = Asking { wire, target: &self.target, provider: source.provider(), timeouts };
            let methods = asking.list(&source.catalogued())?;
            kept_lists::keep(self.cache.as_deref(), &methods);
            let mut all = changes.unwrap_or_default();
            all.extend(source.merge_live(methods));
            changes = Some(all);
        }
        if let Some(changes) = &changes {
            self.remember(changes.clone());
        }
        Ok(changes)
    }
}

//! What a name calls: found on this machine where it can be, and asked of the service where only that can know.

use crate::bind::{self, Rules};
use crate::engine::deliver::filter::Filter;
use crate::engine::run::session::{Manner, Session};
use crate::engine::state::error::CallError;
use crate::signals;
use lang::{Line, Word};
use model::{Diagnostic, Method};
use registry::Registry;
use registry::raw::Named;
use registry::resolve::{ResolveError, Resolved, resolve, resolve_raw};
use std::sync::Arc;

/// What a line calls, by the catalogues and lists that have been read.
pub(crate) fn meaning(registry: &Registry, line: &Line) -> Result<Resolved, ResolveError> {
    let profile = line.profile.as_ref().map(|word| (word.text(), word.span));
    let profile = profile.as_ref().map(|(name, span)| (name.as_str(), *span));
    let (name, span) = (line.head.text(), line.head.span);
    let Some(raw) = &line.raw else { return resolve(registry, profile, &name, span) };
    let verb = raw.verb.as_ref().map(|verb| (verb.text(), verb.span));
    let verb = verb.as_ref().map(|(verb, span)| (verb.as_str(), *span));
    resolve_raw(registry, profile, Named { verb, name: &name, span })
}

/// What a line calls. A name that no catalogue and no list on disk knows is asked for, once.
pub(crate) fn resolved(session: &mut Session, line: &Line) -> Result<Resolved, CallError> {
    let (name, profile) = (line.head.text(), line.profile.as_ref().map(Word::text));
    let asked = match is_strange(session, line, profile.as_deref(), &name)? {
        true => session.ask_for(profile.as_deref(), &name),
        false => Ok(()),
    };
    let meant = meaning(&session.registry, line).map_err(CallError::from);
    meant.map_err(|error| unless_unlisted(asked, error))
}

/// A service that could not be asked for its methods.
#[derive(Debug)]
pub(crate) struct Unlisted {
    profile: String,
    error: Box<CallError>,
}

/// The error of a name. One that is in no catalogue is not unknown where its service could not be asked for the list.
pub(crate) fn unless_unlisted(asked: Result<(), Unlisted>, error: CallError) -> CallError {
    match (asked, error) {
        (Err(unlisted), CallError::Resolve(error @ ResolveError::Unknown { .. })) => {
            let (near, span) = (error.hint(), error.span().unwrap_or_default());
            let ResolveError::Unknown { name, .. } = error else { return error.into() };
            CallError::Unlisted { name, span, near, profile: unlisted.profile, error: unlisted.error }
        }
        (_, error) => error,
    }
}

/// The same without a question to anybody.
pub(crate) fn foreseen(session: &mut Session, line: &Line) -> Result<Resolved, CallError> {
    let (name, profile) = (line.head.text(), line.profile.as_ref().map(Word::text));
    is_strange(session, line, profile.as_deref(), &name)?;
    Ok(meaning(&session.registry, line)?)
}

/// Whether nobody here knows a name. What is wrong with its line whatever the method is, is said before anybody is
/// asked.
fn is_strange(session: &mut Session, line: &Line, profile: Option<&str>, name: &str) -> Result<bool, CallError> {
    if line.raw.is_some() {
        return Ok(false);
    }
    session.recall_lists(profile, name);
    if session.registry.knows(profile, name) {
        return Ok(false);
    }
    bind::bind(&Arc::new(Method::discovered(name)), line, Rules::default(), &mut bind::Nowhere)?;
    Filter::of(session, line)?;
    Ok(true)
}

impl Session {
    /// Reads the lists that earlier sessions left on disk, as far as the name needs it: that of its own account, and
    /// those of the others when nobody else knows it.
    pub(crate) fn recall_lists(&mut self, profile: Option<&str>, name: &str) {
        let here = self.registry.here().profile().to_owned();
        let own = profile.unwrap_or(&here);
        if self.registry.local(name).is_some() && profile.is_none() {
            return;
        }
        self.recall_list(own, name);
        if self.registry.knows(profile, name) || profile.is_some() {
            return;
        }
        let others: Vec<String> = self.registry.others().map(|source| source.profile().to_owned()).collect();
        for other in others {
            self.recall_list(&other, name);
        }
    }

    /// Refuses an account whose key cannot be had, as far as that is known without running or asking anything.
    pub(crate) fn foresee_key(&self, profile: &str) -> Result<(), CallError> {
        let account = self.accounts.iter().find(|account| account.target.profile == profile);
        account.map_or(Ok(()), |account| account.foresee_key())
    }

    fn recall_list(&mut self, profile: &str, name: &str) {
        let Session { accounts, registry, .. } = self;
        let account = accounts.iter_mut().find(|account| account.target.profile == profile);
        let source = registry.source_mut(profile).filter(|source| !source.has(name));
        if let (Some(account), Some(source)) = (account, source) {
            account.recall_list(source);
        }
    }

    /// Whether the service of an account may know a name that nobody here knows. At the prompt its list is fetched
    /// beside the typing, and no line waits for it.
    pub(crate) fn may_ask_for(&self, profile: Option<&str>, name: &str) -> bool {
        let wanted = profile.unwrap_or(self.registry.here().profile());
        let account = self.accounts.iter().find(|account| account.target.profile == wanted);
        let askable = account.is_some_and(|account| account.has_key() && !account.is_fresh());
        let provider = self.registry.source(wanted).map(|source| source.provider());
        let lists = provider.is_some_and(|it| it.introspection.is_some() && !it.carries(name));
        self.manner != Manner::Prompt && askable && lists && !self.registry.knows(profile, name)
    }

    /// What to do about an unknown name in a script, which asks no service for its methods of itself.
    pub(crate) fn refresh_advice(&self, error: &CallError, line: &Line) -> Option<String> {
        let CallError::Resolve(ResolveError::Unknown { name, .. }) = error else { return None };
        let profile = line.profile.as_ref().map(Word::text);
        let hint = error.hint().filter(|_| !self.scripts.is_empty() && self.may_ask_for(profile.as_deref(), name))?;
        let refresh = profile.map_or_else(|| "refresh".to_owned(), |profile| format!("refresh {profile}"));
        Some(format!("{hint}; a name that only the service knows needs a line `{refresh}` before it"))
    }

    /// Makes a name callable that only the service knows, if it does. An error leaves open whether it does.
    pub(crate) fn ask_for(&mut self, profile: Option<&str>, name: &str) -> Result<(), Unlisted> {
        if !self.may_ask_for(profile, name) {
            return Ok(());
        }
        let wanted = profile.unwrap_or(self.registry.here().profile()).to_owned();
        signals::begin();
        match self.refresh(&wanted) {
            Ok(_) => Ok(()),
            Err(error) => Err(Unlisted { profile: wanted, error: Box::new(error) }),
        }
    }
}

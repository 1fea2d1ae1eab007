//! The lists of methods that services return. They are read from disk or requested, as far as a name needs them.

use super::roster::Accounts;
use crate::engine::state::console::Console;
use crate::engine::state::error::CallError;
use crate::engine::state::settings::Manner;
use crate::signals;
use model::{Diagnostic, Effect, Span};

/// A service that could not be asked for its methods.
#[derive(Debug)]
pub(crate) struct Unlisted {
    pub(crate) profile: String,
    pub(crate) error: Box<CallError>,
}

impl Unlisted {
    /// The error of a name that its service may know. `near`: what else may have been meant.
    pub(crate) fn of(self, name: String, span: Span, near: Option<String>) -> CallError {
        CallError::Unlisted { name, span, near, profile: self.profile, error: self.error }
    }
}

/// How much is done for a listing of methods when no list of the current account is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// The service is asked: what is listed is all there is.
    All,
    /// The service is asked only if nothing at all is known of it.
    Anything,
}

impl Accounts {
    /// Reads the lists that earlier sessions stored, as far as the name needs it: that of its own account, and those of
    /// the other accounts if no catalogue has the name.
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

    fn recall_list(&mut self, profile: &str, name: &str) {
        let Accounts { list, registry, .. } = self;
        let account = list.iter_mut().find(|account| account.target.profile == profile);
        let source = registry.source_mut(profile).filter(|source| !source.is_catalogued(name));
        if let (Some(account), Some(source)) = (account, source) {
            account.recall_list(source);
        }
    }

    /// Reads all lists that earlier sessions stored, for a listing of methods. If there is none of the current account,
    /// its service is asked as far as needed. If it cannot be, that is an error where nothing else is known, and a note
    /// otherwise.
    pub(crate) fn bring_lists(&mut self, manner: Manner, need: Need, console: &mut Console) -> Result<(), CallError> {
        let Accounts { list, registry, .. } = self;
        for account in list.iter_mut() {
            if let Some(source) = registry.source_mut(&account.target.profile) {
                account.recall_list(source);
            }
        }
        let here = self.registry.here().profile().to_owned();
        let nothing = self.registry.here().is_empty();
        let lists = self.registry.here().provider().introspection.is_some();
        let askable = self.get(&here).is_some_and(|it| it.is_ready() && !it.is_fresh() && !it.is_listed());
        // At the prompt, the list is fetched in the background.
        let wanted = nothing || need == Need::All && manner != Manner::Prompt;
        if !(askable && lists && wanted) {
            return Ok(());
        }
        signals::begin(Effect::Read);
        match self.refresh(&here) {
            Ok(_) => Ok(()),
            Err(error) if nothing => Err(error),
            Err(error) => {
                let words = error.provider_words().map(|words| format!(": {words}")).unwrap_or_default();
                let note = format!("note: {here} could not be asked for its methods: {error}{words}");
                console.note(&self.redactor.foreign(&note));
                Ok(())
            }
        }
    }

    /// Whether it is clear on this machine what a name means. A method of another account does not make it clear while
    /// nothing at all is known of the current account's methods: its service may have one of that name.
    pub(crate) fn is_known(&self, profile: Option<&str>, name: &str) -> bool {
        let own = || profile.is_some() || self.registry.local(name).is_some() || !self.registry.here().is_empty();
        self.registry.knows(profile, name) && own()
    }

    /// Whether any method of an account is known.
    pub(crate) fn knows_something(&self, profile: Option<&str>) -> bool {
        let source = profile.map_or(Some(self.registry.here()), |profile| self.registry.source(profile));
        source.is_some_and(|source| !source.is_empty())
    }

    /// Whether the service of an account may know a name that is not known here. At the prompt its list is fetched in
    /// the background, and no line waits for it, unless nothing at all is known of the service.
    pub(crate) fn may_ask_for(&self, manner: Manner, profile: Option<&str>, name: &str) -> bool {
        let wanted = profile.unwrap_or(self.registry.here().profile());
        let account = self.get(wanted);
        let askable = account.is_some_and(|account| account.is_ready() && !account.is_fresh());
        let Some(source) = self.registry.source(wanted) else { return false };
        let provider = source.provider();
        // What begins so is meant for the user's own shell.
        let lists = provider.introspection.is_some() && !provider.carries(name) && !name.starts_with('!');
        let waits = manner != Manner::Prompt || source.is_empty();
        waits && askable && lists && !self.is_known(profile, name)
    }

    /// Makes a name callable that only the service knows, if it does. After an error this is still unknown.
    pub(crate) fn ask_for(&mut self, manner: Manner, profile: Option<&str>, name: &str) -> Result<(), Unlisted> {
        if !self.may_ask_for(manner, profile, name) {
            return Ok(());
        }
        let wanted = profile.unwrap_or(self.registry.here().profile()).to_owned();
        signals::begin(Effect::Read);
        match self.refresh(&wanted) {
            Ok(_) => Ok(()),
            Err(error) => Err(Unlisted { profile: wanted, error: Box::new(error) }),
        }
    }

    /// Asks the service for the parameters of a method that only it knows, if nobody has asked before: they decide how
    /// values are sent.
    pub(crate) fn learn_method(&mut self, profile: &str, name: &str) -> Result<(), CallError> {
        let timeouts = self.rules(profile).timeouts;
        let Accounts { list, registry, wire, redactor, .. } = self;
        wire.hide(redactor);
        let account = list.iter_mut().find(|account| account.target.profile == profile);
        match (account, registry.source_mut(profile)) {
            (Some(account), Some(source)) if account.is_ready() => {
                account.learn(source, name, (wire, redactor), timeouts)
            }
            _ => Ok(()),
        }
    }
}

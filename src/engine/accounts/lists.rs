//! The lists of methods that services return. They are read from disk or requested, as far as a name needs them.

use super::roster::Accounts;
use crate::engine::state::error::CallError;
use crate::engine::state::settings::Manner;
use crate::signals;
use model::Effect;

/// A service that could not be asked for its methods.
#[derive(Debug)]
pub(crate) struct Unlisted {
    pub(crate) profile: String,
    pub(crate) error: Box<CallError>,
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
        let source = registry.source_mut(profile).filter(|source| !source.has(name));
        if let (Some(account), Some(source)) = (account, source) {
            account.recall_list(source);
        }
    }

    /// Whether the service of an account may know a name that is not known here. At the prompt its list is fetched in
    /// the background, and no line waits for it.
    pub(crate) fn may_ask_for(&self, manner: Manner, profile: Option<&str>, name: &str) -> bool {
        let wanted = profile.unwrap_or(self.registry.here().profile());
        let account = self.get(wanted);
        let askable = account.is_some_and(|account| account.has_key() && !account.is_fresh());
        let provider = self.registry.source(wanted).map(|source| source.provider());
        let lists = provider.is_some_and(|it| it.introspection.is_some() && !it.carries(name));
        manner != Manner::Prompt && askable && lists && !self.registry.knows(profile, name)
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
}

//! `login` and `doctor` at the prompt: the commands of the program, without its flags.

use super::account_args::Add;
use super::args::{self, Global};
use super::context::Context;
use super::own_catalog::Reach;
use super::settings::{self, Scope};
use super::{accounts, doctor, login};
use crate::engine::{AccountParts, CallError, Outside};
use model::Value;

/// The program around the session of a prompt.
pub(super) struct Around {
    global: Global,
    context: Context,
}

impl Around {
    /// What the session was started with. What its flags say of one account holds for no other.
    pub(super) fn of(global: &Global, context: &Context) -> Around {
        let (api_key, url, transport, region, user, profile) = (None, None, None, None, None, None);
        let global = Global { api_key, url, transport, region, user, profile, ..global.clone() };
        let global = Global { provider: None, auth: None, ..global };
        Around { global, context: context.clone() }
    }
}

impl Around {
    /// The account that was saved, as the configuration has it now.
    fn saved(&self, done: login::Done) -> Result<AccountParts, CallError> {
        let login::Done { name, config, .. } = done;
        self.context.console().note(&format!("{name} is in {}", config.display()));
        let layers = settings::layers(&self.global, &self.context, Scope::Accounts)?.at(Some(&name));
        let gone = || CallError::usage_of(format!("{name} is no longer in config.toml"));
        let said = layers.config().profiles.get(&name).cloned().ok_or_else(gone)?;
        accounts::account(&name, &said, &layers, &self.context, Reach::Network)
    }
}

impl Outside for Around {
    fn login(&self, provider: Option<&str>) -> Result<AccountParts, CallError> {
        let mut login = args::Login::default();
        login.own.provider = provider.map(str::to_owned);
        self.saved(login::run(login, &self.global, &self.context)?)
    }

    fn add(&self, name: &str, url: &str) -> Result<AccountParts, CallError> {
        let add = Add { name: name.to_owned(), url: url.to_owned(), ..Add::default() };
        self.saved(login::add(add, &self.global, &self.context)?)
    }

    fn doctor(&self, profile: Option<&str>) -> Result<(String, Value), CallError> {
        let wish = args::Doctor { profile: profile.map(str::to_owned), ..args::Doctor::default() };
        let found = doctor::look(&wish, &self.global, &self.context)?;
        Ok((found.text, found.value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_flags_say_of_one_account_holds_for_no_other() {
        let text = || Some("x".to_owned());
        let one = Global { api_key: text(), url: text(), user: text(), profile: text(), ..Global::default() };
        let Around { global, .. } = Around::of(&Global { read_only: true, ..one }, &Context::read());
        let said = [&global.api_key, &global.url, &global.user, &global.profile, &global.region, &global.transport];
        assert!(said.iter().all(|said| said.is_none()) && global.read_only);
    }
}

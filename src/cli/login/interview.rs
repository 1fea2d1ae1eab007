//! The questions of `marsh login`. After an invalid answer it gives the reason and asks again; Ctrl-C cancels
//! everything.

use std::collections::BTreeMap;

use super::chosen::{Chosen, ids};
use super::wanted::{KeyPlace, Wanted, check_name, check_no_group, is_homeless, place, wants_region};
use crate::cli::args::Login;
use crate::cli::context::Context;
use crate::cli::own_catalog;
use crate::config::{Config, credentials};
use crate::engine::console::{is_no, is_yes};
use crate::engine::{CallError, Console, Target};
use model::provider::AuthScheme;
use model::{Diagnostic, Provider, Secret};
use registry::embedded;

/// Asks the user.
pub(super) struct Interview<'a> {
    console: &'a mut Console,
    config: &'a Config,
}

impl<'a> Interview<'a> {
    /// Asks at the terminal.
    pub(super) fn new(console: &'a mut Console, config: &'a Config) -> Interview<'a> {
        Interview { console, config }
    }

    /// Asks for everything that the flags do not give; `key` is the flags' source of the key.
    pub(super) fn wanted(
        &mut self,
        login: &Login,
        chosen: Option<Chosen>,
        (key, mut secrets): (Option<KeyPlace>, BTreeMap<String, KeyPlace>),
        context: &Context,
    ) -> Result<Wanted, CallError> {
        let chosen = match chosen {
            Some(chosen) => chosen,
            None => {
                let imported = own_catalog::imported_ids(context);
                let all: Vec<&str> = ids().into_iter().chain(imported.iter().map(String::as_str)).collect();
                self.console.note(&format!("Providers: {}", all.join(", ")));
                self.ask("Provider", Some(embedded::DEFAULT), |id| Chosen::known(id, context))?
            }
        };
        let (chosen, auth) = self.way(login, chosen)?;
        let about = chosen.provider();
        let name = self.name(login, &about.id)?;
        let url = self.url(login, about)?;
        let region = match &login.region {
            None if url.is_none() && wants_region(about, login) => Some(self.region(about)?),
            given => given.clone(),
        };
        let keyless = about.auth.scheme == AuthScheme::None && key.is_none();
        let user = match &login.own.user {
            None if about.auth.needs_user() && !keyless => {
                Some(self.ask("User name of the account", None, not_empty)?)
            }
            given => given.clone(),
        };
        let read_only = login.own.read_only || self.yes("Refuse all calls except reads? [y/N] ")?;
        // The key comes last, so that a mistyped one is found at once.
        let key = match key {
            Some(key) => key,
            None if keyless => KeyPlace::Absent,
            None => self.key_place("Key")?,
        };
        for (name, title) in about.auth.secrets.iter().filter(|_| !matches!(key, KeyPlace::Absent)) {
            if !secrets.contains_key(name) {
                secrets.insert(name.clone(), self.key_place(title)?);
            }
        }
        let (ca, arguments) = (login.own.ca.clone(), login.own.arguments.clone());
        let wanted = Wanted { chosen, name, region, user, url, ca, read_only, key, secrets, auth, arguments };
        wanted.target()?;
        Ok(wanted)
    }

    /// How the key is sent, if there are several ways: a service that needs no key is one of them.
    fn way(&mut self, login: &Login, chosen: Chosen) -> Result<(Chosen, Option<String>), CallError> {
        let ways = chosen.provider().ways();
        if ways.is_empty() || login.own.auth.is_some() {
            return Ok((chosen, login.own.auth.clone()));
        }
        self.console.note(&format!("Ways to send the key: {}", ways.join(", ")));
        let (way, chosen) = self.ask("Way", Some("none"), |way| {
            Ok((way.to_owned(), chosen.clone().adapted(Some(way), login.own.arguments.as_deref())?))
        })?;
        Ok((chosen, Some(way)))
    }

    /// Asks for one word; an empty answer means the default.
    pub(super) fn word(&mut self, question: &str, default: Option<&str>) -> Result<String, CallError> {
        self.ask(question, default, not_empty)
    }

    /// Asks for the key itself.
    pub(super) fn key(&mut self) -> Result<Secret, CallError> {
        self.secret("Key")
    }

    /// Asks for a secret that will be stored in a file of its own.
    pub(super) fn typed(&mut self, title: &str) -> Result<KeyPlace, CallError> {
        Ok(KeyPlace::Typed { key: self.secret(title)?, into_keyring: false })
    }

    /// Asks for a secret, which is not shown.
    fn secret(&mut self, title: &str) -> Result<Secret, CallError> {
        loop {
            let Some(person) = self.console.person.as_mut() else { return Err(cancelled()) };
            let typed =
                person.secret(&format!("{title} (not shown): ")).map_err(CallError::Output)?.ok_or_else(cancelled)?;
            match credentials::typed(&typed) {
                Ok(key) => return Ok(key),
                Err(error) => self.console.note(&error.to_string()),
            }
        }
    }

    fn name(&mut self, login: &Login, usual: &str) -> Result<String, CallError> {
        let taken = |config: &Config, name: &str| config.profiles.contains_key(name);
        let default = Some(usual).filter(|name| !taken(self.config, name));
        loop {
            let config = self.config;
            let checked = |name: &str| {
                check_name(name)?;
                check_no_group(name, config).map(|()| name.to_owned())
            };
            let name = match &login.name {
                Some(name) => checked(name)?,
                None => self.ask("Name of the profile", default, checked)?,
            };
            let question = format!("A profile {name} already exists. Replace it? [y/N] ");
            if login.own.yes || !taken(self.config, &name) || self.yes(&question)? {
                return Ok(name);
            }
        }
    }

    fn url(&mut self, login: &Login, provider: &Provider) -> Result<Option<String>, CallError> {
        if let Some(url) = &login.url {
            return Ok(Some(url.clone()));
        }
        if is_homeless(provider) {
            return self.ask("Address", None, |text| {
                Target::new("login", provider, place(None, None, Some(text))).map(|_| Some(text.to_owned()))
            });
        }
        let usual = if provider.regions.is_empty() { provider.host.as_str() } else { "the region's" };
        let given = self.ask("Address", Some(usual), |text| match text == usual {
            true => Ok(None),
            false => {
                let place = place(None, None, Some(text));
                Target::new("login", provider, place).map(|_| Some(text.to_owned()))
            }
        })?;
        Ok(given)
    }

    fn region(&mut self, provider: &Provider) -> Result<String, CallError> {
        let names: Vec<&str> = provider.regions.iter().map(|region| region.name.as_str()).collect();
        self.console.note(&format!("Regions: {}", names.join(", ")));
        self.ask("Region", None, |name| {
            let place = place(Some(name), None, None);
            Target::new("login", provider, place).map(|_| name.to_owned())
        })
    }

    fn key_place(&mut self, title: &str) -> Result<KeyPlace, CallError> {
        let what = if title == "Key" { "the key".to_owned() } else { format!("the secret: {title}") };
        self.console.note(&format!("Where to keep {what}:"));
        self.console.note("  1  a file beside the configuration, readable only by you");
        self.console.note("  2  a command that prints it: pass, op, secret-tool …");
        self.console.note("  3  an environment variable");
        if credentials::HAS_KEYRING {
            self.console.note("  4  the desktop keyring");
        }
        let most = if credentials::HAS_KEYRING { 4 } else { 3 };
        let choice = self.ask("Which", Some("1"), |text| {
            let number = text.parse::<u8>().ok().filter(|number| (1..=most).contains(number));
            number.ok_or_else(|| CallError::usage_of(format!("type a number from 1 to {most}")))
        })?;
        Ok(match choice {
            2 => KeyPlace::Command(self.ask("Command", None, not_empty)?),
            3 => KeyPlace::Variable(self.ask("Variable", None, not_empty)?),
            place => KeyPlace::Typed { key: self.secret(title)?, into_keyring: place == 4 },
        })
    }

    /// Asks for one answer. An empty one means the default, if there is one.
    fn ask<T>(
        &mut self,
        question: &str,
        default: Option<&str>,
        read: impl Fn(&str) -> Result<T, CallError>,
    ) -> Result<T, CallError> {
        let shown = default.map_or(format!("{question}: "), |default| format!("{question} [{default}]: "));
        loop {
            let Some(person) = self.console.person.as_mut() else { return Err(cancelled()) };
            let answer = person.line(&shown).map_err(CallError::Output)?.ok_or_else(cancelled)?;
            let answer = match answer.trim() {
                "" => default.unwrap_or_default(),
                answer => answer,
            };
            match read(answer) {
                Ok(value) => return Ok(value),
                Err(error) => {
                    let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
                    self.console.note(&format!("{error}{hint}"));
                }
            }
        }
    }

    /// Asks until the answer is yes or no; an empty one is no. Anything else, such as a key that was pasted too early,
    /// is not shown.
    fn yes(&mut self, question: &str) -> Result<bool, CallError> {
        loop {
            let Some(person) = self.console.person.as_mut() else { return Err(cancelled()) };
            let answer = person.yes_or_no(question).map_err(CallError::Output)?.ok_or_else(cancelled)?;
            match answer {
                answer if is_yes(&answer) => return Ok(true),
                answer if answer.trim().is_empty() || is_no(&answer) => return Ok(false),
                _ => self.console.note("type y or n"),
            }
        }
    }
}

fn not_empty(text: &str) -> Result<String, CallError> {
    if text.is_empty() { Err(CallError::usage_of("it cannot be empty".into())) } else { Ok(text.to_owned()) }
}

fn cancelled() -> CallError {
    CallError::Blocked { message: "login cancelled; nothing was written".into(), span: None, hint: None }
}

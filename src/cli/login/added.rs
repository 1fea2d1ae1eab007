//! `marsh add NAME URL`: finds out what a service speaks, or that it describes itself in a document, and which key it asks
//! for, and sets it up like `login`.

use std::collections::BTreeMap;

use super::chosen::{Chosen, from_anywhere};
use super::interview::Interview;
use super::wanted::{self, KeyPlace, place};
use super::{Done, set_up};
use crate::cli::account_args::{AccountArgs, Add};
use crate::cli::address;
use crate::cli::args::{self, Global};
use crate::cli::context::Context;
use crate::cli::import::{Described, Service};
use crate::cli::secrets;
use crate::cli::settings::{self, Scope};
use crate::cli::trial;
use crate::config::Config;
use crate::engine::{AccountParts, CallError, Console, Place, Session, keep_list};
use model::http::split;
use model::method::Passing;
use model::{Class, Diagnostic, Provider, Sent};
use registry::embedded;
use registry::listed::Listed;

/// The providers that are tried, the first being that of the most common protocol. The last one is at the root of a host.
const TRIED: [&str; 3] = ["xmlrpc", "jsonrpc", "openrpc"];
/// How many times a key may be asked for.
const TRIES: usize = 3;

/// Adds a service.
pub(crate) fn run(add: Add, global: &Global, context: &Context) -> Result<Done, CallError> {
    let no_home = || CallError::usage_of("there is no home folder to keep the configuration in".into());
    let paths = context.paths.as_ref().ok_or_else(no_home)?;
    let config = Config::read(&paths.config())?;
    let mut login = flags(add, global, context)?;
    let name = login.name.clone().unwrap_or_default();
    wanted::check_name(&name)?;
    wanted::check_free(&name, &config, login.own.yes)?;
    let mut key = wanted::key_place(&login, global, context)?;
    let mut secrets = wanted::secret_places(global, context)?;
    let mut console = context.console();
    if login.own.catalog.is_some() {
        // The catalogue says what there is to find out.
        ask_for_the_rest(&mut login, (&mut key, &mut secrets), &mut console, context)?;
        return set_up(&login, (key, secrets), (paths, &config), global, context);
    }
    let mut search =
        Search { login: &mut login, key: &mut key, console: &mut console, listed: Vec::new(), global, context };
    search.run()?;
    let listed = search.listed;
    ask_for_the_rest(&mut login, (&mut key, &mut secrets), &mut console, context)?;
    let imported = embedded::find(login.own.provider.as_deref().unwrap_or_default()).is_none();
    let done = set_up(&login, (key, secrets), (paths, &config), global, context)?;
    let chosen = Chosen::known(login.own.provider.as_deref().unwrap_or_default(), context)?;
    let provider = chosen.provider();
    let found = place(None, login.own.user.as_deref(), login.url.as_deref());
    keep_list(paths, &name, provider, found, &listed);
    Ok(Done { probe: first_line(provider, !listed.is_empty() || imported).to_owned(), ..done })
}

/// Asks for the key and the other secrets that the provider wants, and for the user name that goes with them, as far as
/// they are not given.
fn ask_for_the_rest(
    login: &mut args::Login,
    (key, secrets): (&mut Option<KeyPlace>, &mut BTreeMap<String, KeyPlace>),
    console: &mut Console,
    context: &Context,
) -> Result<(), CallError> {
    let config = Config::default();
    let Some(chosen) = Chosen::of_flags(login, &config, context)? else { return Ok(()) };
    let chosen = chosen.adapted(login.own.auth.as_deref(), login.own.arguments.as_deref())?;
    let auth = &chosen.provider().auth;
    // A name alone would be left out: where a key is optional, there is one then.
    let wants = auth.needs_key() || auth.needs_user() && login.own.user.is_some();
    if key.is_none() && !wants || console.person.is_none() {
        return Ok(());
    }
    let mut interview = Interview::new(console, &config);
    if key.is_none() {
        if auth.needs_user() && login.own.user.is_none() {
            login.own.user = Some(interview.word("User name", None)?);
        }
        *key = Some(interview.typed("Key")?);
    }
    for (name, title) in &auth.secrets {
        if !secrets.contains_key(name) {
            secrets.insert(name.clone(), interview.typed(title)?);
        }
    }
    Ok(())
}

/// What can be tried first with a service.
fn first_line(provider: &Provider, lists: bool) -> &'static str {
    match (lists, &provider.raw) {
        (true, _) => "methods",
        (false, Some(_)) => "call GET /PATH",
        (false, None) => "call METHOD",
    }
}

/// The same as flags of `login`.
fn flags(add: Add, global: &Global, context: &Context) -> Result<args::Login, CallError> {
    let AccountArgs { provider, user, auth, ca, .. } = add.own.clone();
    let (url, user) = address::apart(&add.url, user.or_else(|| global.user.clone())).map_err(CallError::usage_of)?;
    let own = AccountArgs {
        provider: provider.or_else(|| global.provider.clone()),
        user,
        auth: auth.or_else(|| global.auth.clone()),
        ca: ca.map(|path| from_anywhere(&path, context)).transpose()?,
        read_only: add.own.read_only || global.read_only,
        yes: add.own.yes || global.yes,
        ..add.own
    };
    Ok(args::Login { own, name: Some(add.name), url: Some(url), ..args::Login::default() })
}

/// The search for what is at an address.
struct Search<'s> {
    login: &'s mut args::Login,
    key: &'s mut Option<KeyPlace>,
    console: &'s mut Console,
    /// The methods that it lists.
    listed: Vec<Listed>,
    global: &'s Global,
    context: &'s Context,
}

/// What one attempt has shown.
enum Seen {
    /// The service speaks this, whatever it lists.
    Spoken,
    /// It asks for a key, in the scheme of its challenge if it names one.
    Locked(Option<String>),
    /// It does not speak this.
    Other(CallError),
}

impl Search<'_> {
    /// Fills in the provider, the way of the key and the key itself.
    fn run(&mut self) -> Result<(), CallError> {
        let mut left = TRIES;
        loop {
            match self.round()? {
                None => return Ok(()),
                Some(challenge) if left > 0 => {
                    left -= 1;
                    self.ask_for_key(challenge.as_deref())?;
                }
                Some(_) => return Err(CallError::NoKey { profile: self.name() }),
            }
        }
    }

    /// Tries what the service may speak. `Some` if it asks for a key first, with the scheme that it names.
    fn round(&mut self) -> Result<Option<Option<String>>, CallError> {
        let mut last = None;
        for id in candidates(self.login.own.provider.as_deref(), self.login.url.as_deref().unwrap_or_default()) {
            match self.attempt(&id)? {
                Seen::Spoken => {
                    self.login.own.provider = Some(id);
                    return Ok(None);
                }
                Seen::Locked(challenge) => return Ok(Some(challenge)),
                Seen::Other(error) => last = Some(error),
            }
        }
        if self.login.own.provider.is_none() {
            match self.described()? {
                Described::Imported(said) => {
                    self.console.note(&said);
                    return Ok(None);
                }
                Described::Locked(challenge) => return Ok(Some(challenge)),
                Described::Not => {}
            }
        }
        Err(unspoken(self.login.url.as_deref().unwrap_or_default(), last))
    }

    /// A provider that is made of the service's own document, if it has one.
    fn described(&mut self) -> Result<Described, CallError> {
        let (name, url) = (self.name(), self.login.url.clone().unwrap_or_default());
        let source = self.key.as_ref().and_then(|key| key.source(&name, self.context));
        let secret = source.map(|source| source.read(&mut std::io::stdin())).transpose()?;
        let way = self.login.own.auth.as_deref().unwrap_or("bearer");
        let key = secret.map(|secret| (secret, way, self.login.own.user.as_deref()));
        let (ca, replace) = (self.login.own.ca.as_deref(), self.login.own.yes);
        let described = Service { name: &name, url: &url, ca, key, replace }.describe(self.global, self.context)?;
        if let Described::Imported(_) = described {
            self.login.own.provider = Some(name);
            // Calls go where the document says, on the same host.
            let imported = Chosen::known(self.login.own.provider.as_deref().unwrap_or_default(), self.context)?;
            self.login.url = self.login.url.take().filter(|_| imported.provider().host.is_empty());
        }
        Ok(described)
    }

    fn attempt(&mut self, id: &str) -> Result<Seen, CallError> {
        let chosen = Chosen::known(id, self.context)?
            .adapted(self.login.own.auth.as_deref(), self.login.own.arguments.as_deref())?;
        if chosen.provider().introspection.is_none() {
            // Nothing can be found out about it.
            return Ok(Seen::Spoken);
        }
        if self.login.own.auth.is_some() && self.key.is_none() && chosen.provider().auth.needs_key() {
            // The list may be open to everybody, and the other methods are not.
            return Ok(Seen::Locked(None));
        }
        let name = self.name();
        let mut session = self.session(chosen)?;
        let listed = session.accounts.refresh(&name);
        match listed {
            Ok(_) => {
                self.report(id, &session);
                Ok(Seen::Spoken)
            }
            Err(error) if error.class() == Class::Credentials && error.sent() == Sent::Yes => {
                if self.key.is_some() && self.console.person.is_none() {
                    return Err(error);
                }
                Ok(Seen::Locked(session.accounts.challenge(&name)))
            }
            // A refusal of these protocols has a code; words alone are those of another kind of service.
            Err(error @ CallError::Fault(_)) if error.provider_code().is_some() => {
                self.console.note(&format!("{id}: it does not list its methods ({error}); `call NAME` calls one"));
                Ok(Seen::Spoken)
            }
            // What was never sent, or never reached it, says nothing about what it speaks.
            Err(error) if error.sent() == Sent::No || error.class() == Class::NotReached => Err(error),
            Err(error) => Ok(Seen::Other(error)),
        }
    }

    fn session(&self, chosen: Chosen) -> Result<Session, CallError> {
        let layers = settings::layers(self.global, self.context, Scope::Program)?;
        let place =
            place(None, self.login.own.user.as_deref().filter(|_| self.key.is_some()), self.login.url.as_deref());
        let name = self.name();
        let parts = AccountParts {
            key: self.key.as_ref().and_then(|key| key.source(&name, self.context)),
            profile: name,
            named: true,
            catalog: chosen.catalog,
            place: Place { ca: self.login.own.ca.clone(), ..place },
            secrets: secrets::Sources::new(),
            renewal: None,
            rules: settings::rules(&layers, None)?,
        };
        trial::session(parts, self.global, self.context, &layers)
    }

    /// Says what was found. A service of whose methods no names of parameters are known takes values in order.
    fn report(&mut self, id: &str, session: &Session) {
        let source = session.accounts.registry.here();
        let (count, title) = (source.entries().count(), &source.provider().title);
        self.console.note(&format!("{title}: {count} methods"));
        self.listed = source.entries().filter_map(|entry| source.listed(entry.name)).cloned().collect();
        let usual = source.provider().arguments == Some(Passing::Named);
        let named = source.entries().filter_map(|entry| source.listed(entry.name)).any(|it| it.params.is_some());
        if id == "jsonrpc" && usual && !named && self.login.own.arguments.is_none() {
            self.login.own.arguments = Some("positional".to_owned());
            self.console.note("its values are sent in order; --arguments named sends them with their names");
        }
    }

    fn ask_for_key(&mut self, challenge: Option<&str>) -> Result<(), CallError> {
        if self.login.own.auth.is_none() || challenge.is_some() {
            let scheme = challenge.unwrap_or("no scheme named");
            self.console.note(&format!("the service asks for a key ({scheme})"));
        }
        if self.console.person.is_none() {
            return Err(CallError::NoKey { profile: self.name() });
        }
        let config = Config::default();
        let mut interview = Interview::new(self.console, &config);
        if self.login.own.auth.is_none() {
            let usual = likely(challenge);
            self.login.own.auth =
                Some(interview.word(
                    "How is it sent (basic, bearer, key, token, argument, header:NAME, query:NAME)",
                    Some(&usual),
                )?);
        }
        if self.login.own.auth.as_deref() == Some("basic") && self.login.own.user.is_none() {
            self.login.own.user = Some(interview.word("User name", None)?);
        }
        *self.key = Some(KeyPlace::Typed { key: interview.key()?, into_keyring: false });
        Ok(())
    }

    fn name(&self) -> String {
        self.login.name.clone().unwrap_or_default()
    }
}

/// How a key is probably sent to a service that asks for it in a scheme. Some name the header itself.
fn likely(challenge: Option<&str>) -> String {
    match challenge {
        Some("bearer") => "bearer".to_owned(),
        Some(scheme) if scheme.starts_with("x-") => format!("header:{scheme}"),
        _ => "basic".to_owned(),
    }
}

/// What is tried at an address: what the user says, or else the likelier protocol first. An address without a path can be
/// the root of a host, too.
fn candidates(said: Option<&str>, url: &str) -> Vec<String> {
    if let Some(said) = said {
        return vec![said.to_owned()];
    }
    let path = split(url).1;
    let most = if path.trim_matches('/').is_empty() { 3 } else { 2 };
    let mut ids: Vec<String> = TRIED.into_iter().take(most).map(str::to_owned).collect();
    if path.to_lowercase().contains("json") {
        ids.swap(0, 1);
    }
    ids
}

fn unspoken(url: &str, last: Option<CallError>) -> CallError {
    let why = last.map(|error| format!(": {error}")).unwrap_or_default();
    CallError::Usage {
        message: format!("what is at {url} speaks neither XML-RPC nor JSON-RPC, and has no OpenAPI document{why}"),
        span: None,
        hint: Some("check the path, say what it is with --provider, or name a catalogue of it with --catalog".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likelier_protocol_is_tried_first() {
        for (said, url, ids) in [
            (None, "http://h/RPC2", &["xmlrpc", "jsonrpc"][..]),
            (None, "http://h/jsonrpc", &["jsonrpc", "xmlrpc"]),
            (None, "http://h", &["xmlrpc", "jsonrpc", "openrpc"]),
            (None, "http://h/", &["xmlrpc", "jsonrpc", "openrpc"]),
            (Some("rest"), "http://h/", &["rest"]),
        ] {
            assert_eq!(candidates(said, url), ids, "{url}");
        }
    }

    #[test]
    fn the_first_line_is_one_that_the_service_can_answer() {
        for (id, lists, line) in
            [("xmlrpc", true, "methods"), ("xmlrpc", false, "call METHOD"), ("rest", false, "call GET /PATH")]
        {
            assert_eq!(first_line(crate::cli::own_catalog::built_in(id).unwrap().provider(), lists), line);
        }
    }

    #[test]
    fn what_speaks_nothing_is_an_error_with_the_reason() {
        let error = unspoken("http://h/x", Some(CallError::NoOutput));
        assert_eq!(error.class(), Class::Usage);
        assert!(
            error.to_string().contains("http://h/x speaks neither XML-RPC nor JSON-RPC, and has no OpenAPI document: ")
        );
    }
}

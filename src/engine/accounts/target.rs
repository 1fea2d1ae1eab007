//! Where the calls of a session go, and with which key.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::engine::accounts::grant::Grant;
use crate::engine::accounts::tags::Tags;
use crate::engine::state::error::CallError;
use crate::wire::Credential;
use crate::wire::host_and_port;
use codec::{self, EncodeError, Service};
use model::http::{Request, split, without_userinfo};
use model::provider::{Auth, Protocol, Transport, USER};
use model::suggest::{nearest, phrase};
use model::{Arguments, Call, Method, Provider, Shape, Span, Value};
use registry::Source;

/// The way of methods that are called without a key.
const NO_WAY: &str = "none";

/// One service under one key.
#[derive(Clone, Debug)]
pub struct Target {
    /// The word before the colon in `profile:method`.
    pub profile: String,
    /// The provider's id.
    pub provider: String,
    /// The protocol and path to use.
    pub transport: Transport,
    /// The address of the transport, without user name or key.
    pub url: String,
    /// `host:port` of the address.
    pub host: String,
    /// The host is the provider's own, not another one that is used instead.
    pub at_home: bool,
    /// The provider is a kind of services and has no host of its own.
    pub open: bool,
    /// The provider's region, where there are several and no address replaces it.
    pub region: Option<String>,
    /// The account's name, for providers that need one as well as the key.
    pub user: Option<String>,
    /// Where the key goes, with the account's name filled in.
    pub auth: Auth,
    /// A file with the authorities to trust for the service, if they are not the usual ones.
    pub ca: Option<PathBuf>,
    /// Parts of addresses that the service has returned, as they are written in a path.
    pub variables: BTreeMap<String, String>,
    /// The key. Without it nothing can be called, but help still works.
    pub credential: Option<Credential>,
    /// The other ways for the key to go, for the methods that name one.
    pub(crate) ways: BTreeMap<String, Auth>,
    /// Where the key goes in the call that begins a session.
    pub(crate) login: Auth,
    /// What the service has given it.
    pub(crate) grant: Grant,
    /// Which versions of its objects were read last.
    pub(crate) tags: Tags,
}

/// Where a service is, as far as the user has set it. For the rest, the provider's own values are used.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// The name of a transport.
    pub transport: Option<String>,
    /// An address: plain, or in ma-shell's form with `%s` for the key.
    pub url: Option<String>,
    /// One of the provider's regions.
    pub region: Option<String>,
    /// The account's name, for providers that need one as well as the key.
    pub user: Option<String>,
    /// A file with the authorities to trust for the service.
    pub ca: Option<PathBuf>,
}

impl Target {
    /// The provider's service at a place, without a key yet.
    pub fn new(profile: &str, provider: &Provider, place: Place) -> Result<Target, CallError> {
        let host = provider.host_of(place.region.as_deref()).ok_or_else(|| no_region(provider, &place))?;
        if host.is_empty() && place.url.is_none() {
            return Err(no_address(profile, provider));
        }
        if host.is_empty() {
            check_user(provider, place.user.as_deref())?;
        }
        if let Some(user) = place.user.as_deref().filter(|user| user.contains(':') && provider.auth.user_is(USER)) {
            return Err(no_user(user));
        }
        let url = place.url.as_deref().map(without_userinfo);
        let transport = chosen(provider, place.transport.as_deref(), url.as_deref())?;
        let url = address(provider, transport, url.as_deref().unwrap_or(host));
        let named = |auth: &Auth| place.user.as_ref().map_or_else(|| auth.clone(), |user| auth.of_user(user));
        let auth = named(&provider.auth);
        let mut ways: BTreeMap<String, Auth> =
            provider.auths.iter().map(|(name, auth)| (name.clone(), named(auth))).collect();
        ways.insert(NO_WAY.to_owned(), Auth::default());
        let usual = || provider.regions.first().map(|region| region.name.clone());
        Ok(Target {
            profile: profile.to_owned(),
            provider: provider.id.clone(),
            host: host_and_port(&url).map_err(CallError::Address)?,
            transport: transport.clone(),
            at_home: split(&url).0 == host,
            open: host.is_empty(),
            url,
            region: place.region.or_else(usual).filter(|_| place.url.is_none()),
            ways,
            login: auth.without_session(),
            auth,
            user: place.user,
            ca: place.ca,
            variables: BTreeMap::new(),
            credential: None,
            grant: Grant::default(),
            tags: Tags::default(),
        })
    }

    /// The account as the journal has it. `named` says whether the profile is the user's own name for it.
    pub fn on_record(&self, named: bool) -> history::Account {
        history::Account {
            provider: self.provider.clone(),
            host: self.host.clone(),
            profile: named.then(|| self.profile.clone()),
            // What a service puts into its addresses is the number of the account.
            id: self.variables.values().next().cloned(),
        }
    }

    /// What codecs need to know about the service for the call of a method.
    pub fn service<'s>(&'s self, provider: &'s Provider, shapes: &'s [Shape], method: &Method) -> Service<'s> {
        let Target { transport, url, variables, .. } = self;
        Service { transport, url, provider, auth: self.auth_for(method), shapes, variables }
    }

    /// Refuses an empty value where the protocol has no type for one, unless the line is to be sent unchecked or nothing
    /// is known of the method: some services know one all the same.
    pub(crate) fn carries(&self, call: &Call, unchecked: bool, line: Span) -> Result<(), CallError> {
        let known = !call.method.untyped && !unchecked;
        let empty = match &call.arguments {
            Arguments::Named(map) => map.iter().find(|(_, value)| holds_null(value)).map(|(name, _)| name.to_owned()),
            Arguments::Positional(values) => values.iter().any(holds_null).then(|| "a value".to_owned()),
        };
        match empty.filter(|_| known && self.transport.protocol == Protocol::XmlRpc) {
            None => Ok(()),
            Some(name) => Err(CallError::Usage {
                message: format!("{name} contains (null), and XML-RPC has no type for it"),
                span: Some(line),
                hint: Some("leave it out, or send it as <nil/> with --no-check".into()),
            }),
        }
    }

    /// The same service over a transport that can send values without names, if this one cannot. A transport with an
    /// address set by the user is kept.
    pub(crate) fn for_lists(&self, provider: &Provider) -> Target {
        let other = || provider.transports.iter().find(|transport| transport.carries_lists());
        let usual = is_at(&self.url, &self.transport);
        match other().filter(|_| !self.transport.carries_lists() && usual) {
            Some(transport) => {
                Target { url: address(provider, transport, &self.url), transport: transport.clone(), ..self.clone() }
            }
            None => self.clone(),
        }
    }

    /// The request of a call, as far as it is known without asking the service.
    pub fn preview(&self, source: &Source, call: &Call) -> Result<Request, EncodeError> {
        let mut variables = self.variables.clone();
        for variable in &source.provider().variables {
            variables.entry(variable.name.clone()).or_insert_with(|| format!("{{{}}}", variable.name));
        }
        let service = Service {
            variables: &variables,
            ..self.service(source.provider(), source.shapes_of(&call.method), &call.method)
        };
        codec::encode(&service, call)
    }
}

fn no_address(profile: &str, provider: &Provider) -> CallError {
    CallError::Usage {
        message: format!("{profile} has no address: one of {} can be anywhere", provider.title),
        span: None,
        hint: Some("give it with -u URL, or set `url` in its profile".into()),
    }
}

/// Refuses a user's name that would be left out. It may be a key that was written into an address, so it is not shown.
pub fn check_user(provider: &Provider, user: Option<&str>) -> Result<(), CallError> {
    if user.is_none() || provider.auth.needs_user() {
        return Ok(());
    }
    let ways = provider.ways();
    Err(CallError::Usage {
        message: format!("{} sends no user name, so the one given has no place", provider.title),
        span: None,
        hint: Some(match ways.as_slice() {
            [] => "leave it out: the key is enough".into(),
            ways => format!("leave it out, or choose another way with --auth: {}", ways.join(", ")),
        }),
    })
}

/// The text after a colon would be read as the beginning of the password.
fn no_user(user: &str) -> CallError {
    CallError::Usage {
        message: format!("the user name `{user}` contains a colon, and HTTP Basic cannot send that"),
        span: None,
        hint: Some("give the name alone: the password is the key".into()),
    }
}

fn no_region(provider: &Provider, place: &Place) -> CallError {
    let known: Vec<&str> = provider.regions.iter().map(|region| region.name.as_str()).collect();
    let asked = place.region.as_deref().unwrap_or_default();
    CallError::usage_of(match known.as_slice() {
        [] => format!("{} has no regions, so it has no region `{asked}`", provider.title),
        known => format!("{} has no region `{asked}`; it has {}", provider.title, known.join(", ")),
    })
}

/// The transport with that name. Without a name, the one whose path the address has, or else the provider's first.
fn chosen<'p>(provider: &'p Provider, name: Option<&str>, url: Option<&str>) -> Result<&'p Transport, CallError> {
    if let Some(name) = name {
        return provider.transport(name).ok_or_else(|| unknown(provider, name));
    }
    let by_path = url.and_then(|url| provider.transports.iter().find(|transport| is_at(url, transport)));
    let speechless = || CallError::usage_of(format!("{} has no protocol", provider.title));
    by_path.or(provider.default_transport()).ok_or_else(speechless)
}

fn unknown(provider: &Provider, name: &str) -> CallError {
    let names = || provider.transports.iter().map(|transport| transport.name.as_str());
    let (title, known) = (&provider.title, names().collect::<Vec<_>>().join(", "));
    let message = format!("unknown transport `{name}`; {title} has {known}");
    CallError::Usage { message, span: None, hint: phrase(&nearest(name, names())) }
}

/// The address of a transport: the given one, unless it is only a host or the address of another transport.
fn address(provider: &Provider, transport: &Transport, url: &str) -> String {
    let (origin, path) = split(url);
    let other = provider.transports.iter().any(|other| other != transport && is_at(url, other));
    match stem(path).is_empty() || other {
        true => format!("{origin}{}", transport.path),
        false => url.to_owned(),
    }
}

fn holds_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::List(members) => members.iter().any(holds_null),
        Value::Map(map) => map.iter().any(|(_, member)| holds_null(member)),
        _ => false,
    }
}

fn is_at(url: &str, transport: &Transport) -> bool {
    stem(split(url).1) == stem(&transport.path)
}

/// Whether an address is one of the provider's: on its host, at the path of one of its transports, or a host alone.
pub fn suits(provider: &Provider, url: &str) -> bool {
    let (origin, path) = split(url);
    stem(path).is_empty() || origin == provider.host || provider.transports.iter().any(|it| is_at(url, it))
}

/// The part of a path that all methods share.
fn stem(path: &str) -> &str {
    path.trim_end_matches('/').trim_end_matches("{method}").trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::provider::Region;
    use model::{Class, Diagnostic};

    fn provider() -> Provider {
        let transport = |name: &str, protocol, path: &str| Transport {
            name: name.into(),
            protocol,
            path: path.into(),
            batch: None,
            named: false,
            media: None,
        };
        Provider {
            title: "Example".into(),
            host: "https://api.example.com".into(),
            transports: vec![
                transport("xmlrpc", Protocol::XmlRpc, "/v1/xmlrpc"),
                transport("json", Protocol::Json, "/v1/json/{method}"),
            ],
            ..Provider::default()
        }
    }

    #[test]
    fn transport_and_address_are_chosen_together() {
        for (name, url, transport, address) in [
            (None, None, "xmlrpc", "https://api.example.com/v1/xmlrpc"),
            (Some("json"), None, "json", "https://api.example.com/v1/json/{method}"),
            (None, Some("http://%s:@h:80"), "xmlrpc", "http://h:80/v1/xmlrpc"),
            (Some("json"), Some("http://h/"), "json", "http://h/v1/json/{method}"),
            (None, Some("http://h/v1/json/"), "json", "http://h/v1/json/"),
            (None, Some("http://h/v1/json/{method}/"), "json", "http://h/v1/json/{method}/"),
            (Some("json"), Some("http://h/v1/xmlrpc/"), "json", "http://h/v1/json/{method}"),
            (Some("xmlrpc"), Some("http://h/v1/json"), "xmlrpc", "http://h/v1/xmlrpc"),
            (None, Some("http://h/proxy/rpc"), "xmlrpc", "http://h/proxy/rpc"),
            (Some("json"), Some("http://h/proxy"), "json", "http://h/proxy"),
        ] {
            let place = Place { transport: name.map(str::to_owned), url: url.map(str::to_owned), ..Place::default() };
            let target = Target::new("p", &provider(), place).unwrap();
            assert_eq!((target.transport.name.as_str(), target.url.as_str()), (transport, address), "{name:?} {url:?}");
        }
        for (provider, name, said, hint) in [
            (provider(), Some("jsn"), "unknown transport `jsn`; Example has xmlrpc, json", Some("did you mean json?")),
            (Provider { transports: vec![], ..provider() }, None, "Example has no protocol", None),
        ] {
            let place = Place { transport: name.map(str::to_owned), ..Place::default() };
            let error = Target::new("p", &provider, place).unwrap_err();
            assert_eq!((error.to_string(), error.hint().as_deref(), error.class()), (said.into(), hint, Class::Usage));
        }
    }

    #[test]
    fn what_has_no_names_goes_over_a_transport_that_can_carry_it() {
        for (name, url, asked) in [
            (Some("json"), None, "https://api.example.com/v1/xmlrpc"),
            (Some("json"), Some("http://h"), "http://h/v1/xmlrpc"),
            (Some("json"), Some("http://h/proxy"), "http://h/proxy"),
            (None, None, "https://api.example.com/v1/xmlrpc"),
        ] {
            let place = Place { transport: name.map(str::to_owned), url: url.map(str::to_owned), ..Place::default() };
            let target = Target::new("p", &provider(), place).unwrap();
            assert_eq!(target.for_lists(&provider()).url, asked, "{name:?} {url:?}");
        }
    }

    #[test]
    fn a_user_name_with_a_colon_is_refused_where_a_colon_ends_it() {
        use model::provider::AuthScheme;
        for (scheme, user, refused) in [
            (AuthScheme::Basic, "us:er", true),
            (AuthScheme::Basic, "user", false),
            (AuthScheme::Fields, "us:er", false),
        ] {
            let auth = Auth { scheme, user: "{user}".into(), ..Auth::default() };
            let place = Place { user: Some(user.into()), ..Place::default() };
            let target = Target::new("p", &Provider { auth, ..provider() }, place);
            assert_eq!(target.err().map(|error| error.class()), refused.then_some(Class::Usage), "{scheme:?} {user}");
        }
    }

    #[test]
    fn a_region_is_a_host_unless_an_address_is_given() {
        let region = |name: &str, host: &str| Region { name: name.into(), host: host.into(), vendor: String::new() };
        let regions = vec![region("north", "https://n.example.com"), region("south", "https://s.example.com")];
        let provider = Provider { host: String::new(), regions, ..provider() };
        for (name, transport, url, address) in [
            (None, None, None, "https://n.example.com/v1/xmlrpc"),
            (Some("south"), None, None, "https://s.example.com/v1/xmlrpc"),
            (Some("south"), Some("json"), None, "https://s.example.com/v1/json/{method}"),
            (Some("south"), None, Some("http://h/v1/json"), "http://h/v1/json"),
        ] {
            let given = |text: Option<&str>| text.map(str::to_owned);
            let place = Place { transport: given(transport), url: given(url), region: given(name), ..Place::default() };
            let target = Target::new("p", &provider, place).unwrap();
            assert_eq!((target.url.as_str(), target.region.is_some()), (address, url.is_none()));
        }
        let place = Place { region: Some("west".into()), ..Place::default() };
        let error = Target::new("p", &provider, place).unwrap_err();
        assert_eq!(error.to_string(), "Example has no region `west`; it has north, south");
    }
}

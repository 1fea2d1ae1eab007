//! Where the calls of a session go, and with which key.

use super::error::CallError;
use crate::codec::{self, EncodeError};
use crate::model::http::Request;
use crate::model::provider::{Auth, Transport};
use crate::model::suggest::{nearest, phrase};
use crate::model::{Call, Provider};
use crate::wire::Credential;
use crate::wire::transport::host_and_port;

/// One service under one key.
#[derive(Clone, Debug)]
pub struct Target {
    /// The word before the colon in `profile:method`.
    pub profile: String,
    /// The provider's id.
    pub provider: String,
    /// How it is spoken to.
    pub transport: Transport,
    /// The address of the transport, without user name or key.
    pub url: String,
    /// `host:port` of the address.
    pub host: String,
    /// Where the key goes.
    pub auth: Auth,
    /// The key; without one, nothing can be called but help still works.
    pub credential: Option<Credential>,
}

/// Where a service is, as far as the user said. What is not said is the provider's own.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// The name of a transport.
    pub transport: Option<String>,
    /// An address: ma-shell's form with `%s` where the key goes, or a plain one.
    pub url: Option<String>,
}

impl Target {
    /// The provider's service at a place, without a key yet.
    pub fn new(profile: &str, provider: &Provider, place: Place) -> Result<Target, CallError> {
        let url = place.url.as_deref().map(without_userinfo);
        let transport = chosen(provider, place.transport.as_deref(), url.as_deref())?;
        let url = address(provider, transport, url);
        Ok(Target {
            profile: profile.to_owned(),
            provider: provider.id.clone(),
            host: host_and_port(&url).map_err(CallError::Address)?,
            transport: transport.clone(),
            url,
            auth: provider.auth.clone(),
            credential: None,
        })
    }

    /// The request of a call.
    pub fn encode(&self, call: &Call) -> Result<Request, EncodeError> {
        codec::encode(&self.transport, &self.url, call)
    }
}

/// The transport of that name; without one, the transport that has the path of the address, or the provider's first.
fn chosen<'p>(provider: &'p Provider, name: Option<&str>, url: Option<&str>) -> Result<&'p Transport, CallError> {
    if let Some(name) = name {
        return provider.transport(name).ok_or_else(|| unknown(provider, name));
    }
    let by_path = url.and_then(|url| provider.transports.iter().find(|transport| is_at(url, transport)));
    let speechless = || CallError::usage_of(format!("{} speaks no protocol", provider.title));
    by_path.or(provider.default_transport()).ok_or_else(speechless)
}

fn unknown(provider: &Provider, name: &str) -> CallError {
    let names = || provider.transports.iter().map(|transport| transport.name.as_str());
    let (title, known) = (&provider.title, names().collect::<Vec<_>>().join(", "));
    let message = format!("unknown transport `{name}`; {title} has {known}");
    CallError::Usage { message, span: None, hint: phrase(&nearest(name, names())) }
}

/// The provider's own address, or the given one: as it is, unless it is no more than a host or the address of another
/// transport.
fn address(provider: &Provider, transport: &Transport, url: Option<String>) -> String {
    let url = url.unwrap_or_else(|| provider.host.clone());
    let (origin, path) = split(&url);
    let other = provider.transports.iter().any(|other| other != transport && is_at(&url, other));
    match stem(path).is_empty() || other {
        true => format!("{origin}{}", transport.path),
        false => url,
    }
}

fn is_at(url: &str, transport: &Transport) -> bool {
    stem(split(url).1) == stem(&transport.path)
}

/// The part of a path that all methods share.
fn stem(path: &str) -> &str {
    path.trim_end_matches('/').trim_end_matches("{method}").trim_end_matches('/')
}

/// Scheme and authority, and what follows them.
fn split(url: &str) -> (&str, &str) {
    let start = url.find("://").map_or(0, |at| at + "://".len());
    let end = url.get(start..).and_then(|rest| rest.find(['/', '?', '#'])).map_or(url.len(), |at| start + at);
    url.split_at(end)
}

/// The address without `user:password@`. ma-shell's `-u` held `%s:@` there; here the key travels in a header, and a
/// key written into the address is never sent from it.
fn without_userinfo(url: &str) -> String {
    let (origin, path) = split(url);
    let Some((scheme, authority)) = origin.split_once("://") else { return url.to_owned() };
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}://{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::provider::Protocol;
    use crate::model::{Class, Diagnostic};

    #[test]
    fn the_key_never_stays_in_an_address() {
        for (given, kept) in [
            ("https://%s:@example.com/v1/xmlrpc", "https://example.com/v1/xmlrpc"),
            ("http://%s:x@127.0.0.1:8000", "http://127.0.0.1:8000"),
            ("https://example.com/a@b", "https://example.com/a@b"),
            ("https://u:p@ss@example.com/", "https://example.com/"),
            ("nonsense", "nonsense"),
        ] {
            assert_eq!(without_userinfo(given), kept);
        }
    }

    fn provider() -> Provider {
        let transport = |name: &str, protocol, path: &str| Transport {
            name: name.into(),
            protocol,
            path: path.into(),
            batch: None,
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
            let place = Place { transport: name.map(str::to_owned), url: url.map(str::to_owned) };
            let target = Target::new("p", &provider(), place).unwrap();
            assert_eq!((target.transport.name.as_str(), target.url.as_str()), (transport, address), "{name:?} {url:?}");
        }
        for (provider, name, said, hint) in [
            (provider(), Some("jsn"), "unknown transport `jsn`; Example has xmlrpc, json", Some("did you mean json?")),
            (Provider { transports: vec![], ..provider() }, None, "Example speaks no protocol", None),
        ] {
            let place = Place { transport: name.map(str::to_owned), url: None };
            let error = Target::new("p", &provider, place).unwrap_err();
            assert_eq!((error.to_string(), error.hint().as_deref(), error.class()), (said.into(), hint, Class::Usage));
        }
    }
}

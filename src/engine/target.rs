//! Where the calls of a session go, and with which key.

use std::collections::BTreeMap;

use super::error::CallError;
use crate::codec::{self, EncodeError, Service};
use crate::model::http::Request;
use crate::model::provider::{Auth, Transport};
use crate::model::{Call, Provider, Shape};
use crate::registry::Source;
use crate::wire::transport::host_and_port;
use crate::wire::{Credential, WireError};

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
    /// Where the key goes, with the account's name filled in.
    pub auth: Auth,
    /// What the service told of its addresses, as it stands in a path.
    pub variables: BTreeMap<String, String>,
    /// The key; without one, nothing can be called but help still works.
    pub credential: Option<Credential>,
}

/// Where a service is, as far as the user said. What is not said is the provider's own.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// An address: ma-shell's form with `%s` where the key goes, or a plain one.
    pub url: Option<String>,
    /// One of the provider's regions.
    pub region: Option<String>,
    /// The account's name, for providers that want one beside the key.
    pub user: Option<String>,
}

impl Target {
    /// The provider's service at a place, without a key yet.
    pub fn new(profile: &str, provider: &Provider, place: Place) -> Result<Target, CallError> {
        let Some(transport) = provider.default_transport().cloned() else {
            let (url, reason) = (provider.host.clone(), "it speaks no protocol".to_owned());
            return Err(CallError::Address(WireError::Address { url, reason }));
        };
        let host = provider.host_of(place.region.as_deref()).ok_or_else(|| no_region(provider, &place))?;
        let url = match &place.url {
            Some(url) => without_userinfo(url),
            None => format!("{host}{}", transport.path),
        };
        Ok(Target {
            profile: profile.to_owned(),
            provider: provider.id.clone(),
            host: host_and_port(&url).map_err(CallError::Address)?,
            transport,
            url,
            auth: place.user.map_or_else(|| provider.auth.clone(), |user| provider.auth.of_user(&user)),
            variables: BTreeMap::new(),
            credential: None,
        })
    }

    /// What codecs must know of the service.
    pub fn service<'s>(&'s self, provider: &'s Provider, shapes: &'s [Shape]) -> Service<'s> {
        let Target { transport, url, auth, variables, .. } = self;
        Service { transport, url, provider, auth, shapes, variables }
    }

    /// The request of a call as far as it is known without asking the service anything.
    pub fn preview(&self, source: &Source, call: &Call) -> Result<Request, EncodeError> {
        let mut variables = self.variables.clone();
        for variable in &source.provider().variables {
            variables.entry(variable.name.clone()).or_insert_with(|| format!("{{{}}}", variable.name));
        }
        let service = Service { variables: &variables, ..self.service(source.provider(), source.shapes()) };
        codec::encode(&service, call)
    }
}

fn no_region(provider: &Provider, place: &Place) -> CallError {
    let known: Vec<&str> = provider.regions.iter().map(|region| region.name.as_str()).collect();
    let asked = place.region.as_deref().unwrap_or_default();
    CallError::usage_of(match known.as_slice() {
        [] => format!("{} has no regions, so none is called `{asked}`", provider.title),
        known => format!("{} has no region `{asked}`; it has {}", provider.title, known.join(", ")),
    })
}

/// The address without `user:password@`. ma-shell's `-u` held `%s:@` there; here the key travels in a header, and a
/// key written into the address is never sent from it.
fn without_userinfo(url: &str) -> String {
    // An address without a scheme is none, but is shown when it is refused.
    let (scheme, rest) = url.split_at(url.find("://").map_or(0, |at| at + 3));
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_never_stays_in_an_address() {
        for (given, kept) in [
            ("https://%s:@example.com/v1/xmlrpc", "https://example.com/v1/xmlrpc"),
            ("http://%s:x@127.0.0.1:8000", "http://127.0.0.1:8000"),
            ("https://example.com/a@b", "https://example.com/a@b"),
            ("https://u:p@ss@example.com/", "https://example.com/"),
            ("u:p@example.com/a@b", "example.com/a@b"),
            ("nonsense", "nonsense"),
        ] {
            assert_eq!(without_userinfo(given), kept);
        }
    }
}

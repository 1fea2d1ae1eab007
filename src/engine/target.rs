//! Where the calls of a session go, and with which key.

use crate::codec::{self, EncodeError};
use crate::model::http::Request;
use crate::model::provider::{Auth, Transport};
use crate::model::{Call, Provider};
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
    /// Where the key goes.
    pub auth: Auth,
    /// The key; without one, nothing can be called but help still works.
    pub credential: Option<Credential>,
}

/// Where a service is, as far as the user said. What is not said is the provider's own.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// An address: ma-shell's form with `%s` where the key goes, or a plain one.
    pub url: Option<String>,
}

impl Target {
    /// The provider's service at a place, without a key yet.
    pub fn new(profile: &str, provider: &Provider, place: Place) -> Result<Target, WireError> {
        let Some(transport) = provider.default_transport().cloned() else {
            return Err(WireError::Address { url: provider.host.clone(), reason: "it speaks no protocol".into() });
        };
        let url = match &place.url {
            Some(url) => without_userinfo(url),
            None => format!("{}{}", provider.host, transport.path),
        };
        Ok(Target {
            profile: profile.to_owned(),
            provider: provider.id.clone(),
            host: host_and_port(&url)?,
            transport,
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

//! What opens connections of one kind, and the client for several calls at the same time.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use hyper::header::{HeaderValue, InvalidHeaderValue};
use hyper::http::uri::InvalidUri;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;

use super::connect::Connector;
use super::error::WireError;
use super::frames;
use super::outgoing::Outgoing;
use super::proxy::Proxy;
use super::reach::{links, plain};
use super::tls;
use super::trust::{Issuers, Trust};
use model::base64;

/// The most header lines of an answer; proxies add some. The limit on their total length is the effective one.
pub(super) const MOST_HEADERS: usize = 1000;

/// A changing call uses a connection only if it was idle for no longer than this. Services close idle ones after a few
/// seconds without warning; if one is closed while a call is on its way, it is unknown whether the call arrived.
pub(super) const FRESH: Duration = Duration::from_secs(1);

/// The settings in which clients differ. Issuers are only read for TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    /// The service uses TLS.
    pub(super) tls: bool,
    /// The proxy in between.
    pub(super) proxy: Option<Proxy>,
    /// The trusted issuers; `None` without TLS.
    pub(super) trust: Option<Trust>,
    /// The time limit for a connection.
    pub(super) connect: Duration,
}

/// The protocols that are offered within TLS.
const ONE: &[&[u8]] = &[b"http/1.1"];
const BOTH: &[&[u8]] = &[b"h2", b"http/1.1"];
/// The longest headers of an answer in HTTP/2, in bytes: about as much as the client takes in HTTP/1.
const LONGEST_HEADERS: u32 = 400 * 1024;

/// A client for several calls at the same time, which may go over one connection by HTTP/2. It retries nothing that may
/// have left.
pub(super) type Pooled = Client<Connector, Outgoing>;

/// What opens connections for one call after the other.
pub(super) fn connector(kind: &Kind) -> Result<Connector, WireError> {
    opening(kind, ONE)
}

/// A client without connections. One for changes uses no connection that was idle for long.
pub(super) fn pooled(kind: &Kind, changes: bool) -> Result<Pooled, WireError> {
    let mut builder = Client::builder(TokioExecutor::new());
    builder.http1_max_headers(MOST_HEADERS).http2_max_header_list_size(LONGEST_HEADERS);
    builder.timer(TokioTimer::new()).pool_timer(TokioTimer::new());
    if changes {
        builder.pool_idle_timeout(FRESH);
    }
    Ok(builder.build(opening(kind, BOTH)?))
}

fn opening(kind: &Kind, offered: &[&[u8]]) -> Result<Connector, WireError> {
    let tls = kind.trust.as_ref().map(|trust| trusting(trust, offered)).transpose()?;
    let direct = Connector::direct(tls, kind.connect);
    let Some(proxy) = &kind.proxy else { return Ok(direct) };
    let unusable = |error: &dyn ToString| WireError::Client { cause: error.to_string() };
    let place = proxy.url().parse().map_err(|error: InvalidUri| unusable(&error))?;
    let login = proxy.login.as_ref().map(|(user, password)| {
        let login = base64::encode(format!("{}:{}", user.expose(), password.expose()).as_bytes());
        let mut value = HeaderValue::from_str(&format!("Basic {login}"))?;
        value.set_sensitive(true);
        Ok(value)
    });
    Ok(direct.through(place, login.transpose().map_err(|error: InvalidHeaderValue| unusable(&error))?))
}

/// A TLS configuration that trusts these issuers and offers these protocols.
fn trusting(trust: &Trust, offered: &[&[u8]]) -> Result<ClientConfig, WireError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let fault = |error: rustls::Error| WireError::Client { cause: error.to_string() };
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider));
    let builder = builder.with_safe_default_protocol_versions().map_err(fault)?;
    let verifier = match trust.issuers()? {
        Issuers::System => Verifier::new(provider).map_err(|_| bundled_roots()),
        Issuers::Only(roots) => Err(roots),
        Issuers::Also(certificates) => Ok(Verifier::new_with_extra_roots(certificates, provider).map_err(fault)?),
    };
    let builder = match verifier {
        Ok(verifier) => builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)),
        // If the system has no issuers, those compiled in are used.
        Err(roots) => builder.with_root_certificates(roots),
    };
    let mut config = builder.with_no_client_auth();
    config.alpn_protocols = offered.iter().map(|name| name.to_vec()).collect();
    Ok(config)
}

fn bundled_roots() -> RootCertStore {
    RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() }
}

/// The innermost cause: the outer ones only say that a request failed.
pub(super) fn cause(error: &(dyn Error + 'static)) -> String {
    let links = links(error);
    if let Some(words) = frames::words(&links) {
        return words;
    }
    let of_tls = links.iter().find_map(|link| tls::fault(*link)).map(|fault| fault.words);
    of_tls.or_else(|| links.last().map(|last| plain(last))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::proxy::Proxies;

    #[test]
    fn a_connector_goes_through_the_proxy_of_its_kind() {
        let proxies =
            |value: &'static str| Proxies::new(move |name| (name == "HTTP_PROXY").then(|| value.into()), false);
        let kind = |value| {
            let proxy = proxies(value).via(false, "example.com", 80).unwrap();
            Kind { tls: false, proxy, trust: None, connect: Duration::from_secs(1) }
        };
        let told = |value| connector(&kind(value)).unwrap().passed_on().map(|login| login.cloned());
        assert_eq!(told(""), None);
        assert_eq!(told("http://p:3128"), Some(None));
        let login = told("http://Aladdin:open%20sesame@p:3128").flatten().unwrap();
        assert_eq!((login.as_bytes(), login.is_sensitive()), (&b"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="[..], true));
    }

    #[test]
    fn what_is_offered_within_tls_depends_on_who_calls() {
        for offered in [ONE, BOTH] {
            assert_eq!(trusting(&Trust::default(), offered).unwrap().alpn_protocols, offered);
        }
    }

    #[test]
    fn the_innermost_cause_is_named() {
        let inner = std::io::Error::from_raw_os_error(111);
        assert_eq!(cause(&std::io::Error::other(inner)), "Connection refused");
    }
}

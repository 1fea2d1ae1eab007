//! The HTTP client, set up for one kind of connection.

use std::error::Error as _;
use std::time::Duration;

use reqwest::{Certificate, Client, ClientBuilder};
use rustls::{ClientConfig, RootCertStore};

use super::error::WireError;
use super::frames;
use super::proxy::Proxy;
use super::reach::{links, plain};
use super::tls;
use super::trust::{Issuers, Trust};

/// The most header lines of an answer; proxies add some. The limit on their total length is the effective one.
const MOST_HEADERS: usize = 1000;

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

/// Who uses a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// One call after the other.
    Alone,
    /// Several calls at the same time, which may go over one connection by HTTP/2. Changes use no connection that was idle
    /// for long.
    Shared { changes: bool },
}

/// The protocols that a client offers within TLS.
const ONE: &[&[u8]] = &[b"http/1.1"];
const BOTH: &[&[u8]] = &[b"h2", b"http/1.1"];
/// The longest headers of an answer in HTTP/2, in bytes: about as much as the client takes in HTTP/1.
const LONGEST_HEADERS: u32 = 400 * 1024;

/// A client without connections. It follows no redirects, retries nothing and reads no environment variables.
pub(super) fn build(kind: &Kind, manner: Manner) -> Result<Client, WireError> {
    let fault = |error: reqwest::Error| WireError::Client { cause: cause(&error) };
    let proxy = kind.proxy.as_ref().map(through).transpose().map_err(fault)?;
    let base = || {
        let builder = ClientBuilder::new()
            .user_agent(concat!("marsh/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(kind.connect)
            .http1_max_headers(MOST_HEADERS)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy();
        let builder = match manner {
            Manner::Alone => builder.http1_only(),
            Manner::Shared { changes } => {
                let builder = builder.http2_max_header_list_size(LONGEST_HEADERS);
                if changes { builder.pool_idle_timeout(FRESH) } else { builder }
            }
        };
        match &proxy {
            Some(proxy) => builder.proxy(proxy.clone()),
            None => builder,
        }
    };
    let offered = if manner == Manner::Alone { ONE } else { BOTH };
    // A second installation only fails because there already is a provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = match kind.trust.as_ref().map(Trust::issuers).transpose()? {
        None => base().tls_certs_only([]).build(),
        // If the system has no issuers, building fails, and those compiled in are used.
        Some(Issuers::System) => {
            base().build().or_else(|_| base().tls_backend_preconfigured(with(bundled_roots(), offered)).build())
        }
        Some(Issuers::Only(roots)) => base().tls_backend_preconfigured(with(roots, offered)).build(),
        Some(Issuers::Also(certificates)) => {
            let read: reqwest::Result<Vec<_>> = certificates.iter().map(|der| Certificate::from_der(der)).collect();
            read.and_then(|certificates| base().tls_certs_merge(certificates).build())
        }
    };
    client.map_err(fault)
}

/// A proxy in the client's form.
fn through(proxy: &Proxy) -> reqwest::Result<reqwest::Proxy> {
    let through = reqwest::Proxy::all(proxy.url())?;
    Ok(match &proxy.login {
        Some((user, password)) => through.basic_auth(user.expose(), password.expose()),
        None => through,
    })
}

fn bundled_roots() -> RootCertStore {
    RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() }
}

/// A TLS configuration with these issuers, which offers these protocols.
fn with(roots: RootCertStore, offered: &[&[u8]]) -> ClientConfig {
    let mut config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = offered.iter().map(|name| name.to_vec()).collect();
    config
}

/// The innermost cause: the outer ones only say that a request failed, and contain the URL.
pub(super) fn cause(error: &reqwest::Error) -> String {
    let Some(source) = error.source() else { return "the request failed".into() };
    let links = links(source);
    if let Some(words) = frames::words(&links) {
        return words;
    }
    let of_tls = links.iter().find_map(|link| tls::fault(*link)).map(|fault| fault.words);
    of_tls.or_else(|| links.last().map(|last| plain(last))).unwrap_or_default()
}

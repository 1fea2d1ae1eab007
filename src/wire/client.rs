//! The HTTP client, set up for one kind of connection.

use std::error::Error as _;
use std::time::Duration;

use reqwest::{Certificate, Client, ClientBuilder};
use rustls::{ClientConfig, RootCertStore};

use super::error::WireError;
use super::proxy::Proxy;
use super::reach::{links, plain};
use super::tls;
use super::trust::{Issuers, Trust};

/// The most header lines of an answer; proxies add some. The limit on their total length is the effective one.
const MOST_HEADERS: usize = 1000;

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

/// A client without connections. It follows no redirects, retries nothing and reads no environment variables.
pub(super) fn build(kind: &Kind) -> Result<Client, WireError> {
    let fault = |error: reqwest::Error| WireError::Client { cause: cause(&error) };
    let proxy = kind.proxy.as_ref().map(through).transpose().map_err(fault)?;
    let base = || {
        let builder = ClientBuilder::new()
            .user_agent(concat!("marsh/", env!("CARGO_PKG_VERSION")))
            .http1_only()
            .connect_timeout(kind.connect)
            .http1_max_headers(MOST_HEADERS)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy();
        match &proxy {
            Some(proxy) => builder.proxy(proxy.clone()),
            None => builder,
        }
    };
    // A second installation only fails because there already is a provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = match kind.trust.as_ref().map(Trust::issuers).transpose()? {
        None => base().tls_certs_only([]).build(),
        // If the system has no issuers, building fails, and those compiled in are used.
        Some(Issuers::System) => {
            base().build().or_else(|_| base().tls_backend_preconfigured(with(bundled_roots())).build())
        }
        Some(Issuers::Only(roots)) => base().tls_backend_preconfigured(with(roots)).build(),
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

/// A TLS configuration with these issuers.
fn with(roots: RootCertStore) -> ClientConfig {
    let mut config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config
}

/// The innermost cause: the outer ones only say that a request failed, and contain the URL.
pub(super) fn cause(error: &reqwest::Error) -> String {
    let Some(source) = error.source() else { return "the request failed".into() };
    let links = links(source);
    let of_tls = links.iter().find_map(|link| tls::fault(*link)).map(|fault| fault.words);
    of_tls.or_else(|| links.last().map(|last| plain(last))).unwrap_or_default()
}

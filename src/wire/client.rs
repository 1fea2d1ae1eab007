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

/// Lines that an answer may have above its body; proxies add theirs. What bounds them all is their length.
const MOST_HEADERS: usize = 1000;

/// Clients differ in what they must load: issuers are read for TLS alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    /// The service is spoken to over TLS.
    pub(super) tls: bool,
    /// The proxy between here and there.
    pub(super) proxy: Option<Proxy>,
    /// Who vouches for the servers; nobody where there is no TLS.
    pub(super) trust: Option<Trust>,
    /// How long a connection may take.
    pub(super) connect: Duration,
}

/// A client without connections. It follows no redirect, sends nothing twice and reads no variable of the environment.
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
    // A second installation only says that there is a provider already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = match kind.trust.as_ref().map(Trust::issuers).transpose()? {
        None => base().tls_certs_only([]).build(),
        // Where the system has no issuers, building fails: then those compiled in are used.
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

/// A proxy as the client takes it.
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

/// TLS with these issuers.
fn with(roots: RootCertStore) -> ClientConfig {
    let mut config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config
}

/// The innermost cause: the outer ones only say that a request failed, and name the URL.
pub(super) fn cause(error: &reqwest::Error) -> String {
    let Some(source) = error.source() else { return "the request failed".into() };
    let links = links(source);
    let of_tls = links.iter().find_map(|link| tls::fault(*link)).map(|fault| fault.words);
    of_tls.or_else(|| links.last().map(|last| plain(last))).unwrap_or_default()
}

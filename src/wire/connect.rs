//! Opens connections: TCP, through a proxy if there is one, and TLS.

use std::error::Error;
use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::Uri;
use hyper::header::{HeaderMap, HeaderValue, USER_AGENT};
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::error::Elapsed;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tower_service::Service;

/// The name of this program, as services and proxies are given it.
pub(super) const AGENT: HeaderValue = HeaderValue::from_static(concat!("marsh/", env!("CARGO_PKG_VERSION")));
/// How often the system asks an idle connection whether it lives, and for how long it waits for that.
const ALIVE: Duration = Duration::from_secs(15);
#[cfg(target_os = "linux")]
const DEAD: Duration = Duration::from_secs(30);

/// Any cause.
pub(super) type Cause = Box<dyn Error + Send + Sync>;
/// A connection: over TCP, or over TLS on top of another.
pub(super) type Stream = TokioIo<Box<dyn Io>>;

/// What a connection is made of.
pub(super) trait Io: AsyncRead + AsyncWrite + Debug + Send + Unpin {
    /// Whether both sides agreed on HTTP/2.
    fn is_for_two(&self) -> bool {
        false
    }
}

impl Io for TcpStream {}

impl Io for TlsStream<Box<dyn Io>> {
    fn is_for_two(&self) -> bool {
        self.get_ref().1.alpn_protocol() == Some(b"h2")
    }
}

impl Connection for Box<dyn Io> {
    fn connected(&self) -> Connected {
        let connected = Connected::new();
        if self.is_for_two() { connected.negotiated_h2() } else { connected }
    }
}

/// Opens connections of one kind.
#[derive(Clone, Debug)]
pub(super) struct Connector {
    tcp: HttpConnector,
    via: Option<Arc<Via>>,
    /// Only needed for services and proxies that use TLS.
    tls: Option<Arc<ClientConfig>>,
    /// The time limit; a connector to a proxy has that of what is behind it.
    within: Option<Duration>,
}

/// A proxy.
#[derive(Debug)]
struct Via {
    place: Uri,
    login: Option<HeaderValue>,
    connector: Connector,
}

impl Connector {
    /// Without a proxy.
    pub(super) fn direct(tls: Option<ClientConfig>, within: Duration) -> Connector {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(within));
        tcp.set_keepalive(Some(ALIVE));
        tcp.set_keepalive_interval(Some(ALIVE));
        tcp.set_keepalive_retries(Some(3));
        #[cfg(target_os = "linux")]
        tcp.set_tcp_user_timeout(Some(DEAD));
        Connector { tcp, via: None, tls: tls.map(Arc::new), within: Some(within) }
    }

    /// Through a proxy, with a user and a password for it.
    pub(super) fn through(self, place: Uri, login: Option<HeaderValue>) -> Connector {
        let plain = |tls: &Arc<ClientConfig>| {
            let mut tls = ClientConfig::clone(tls);
            tls.alpn_protocols.clear();
            Arc::new(tls)
        };
        let connector = Connector { tls: self.tls.as_ref().map(plain), within: None, ..self.clone() };
        Connector { via: Some(Arc::new(Via { place, login, connector })), ..self }
    }

    /// What a proxy is to be told with a request that it passes on: the user and the password. `None` without a proxy.
    pub(super) fn passed_on(&self) -> Option<Option<&HeaderValue>> {
        self.via.as_ref().map(|via| via.login.as_ref())
    }

    /// Opens a connection.
    pub(super) async fn connect(self, to: Uri) -> Result<Stream, Cause> {
        match self.within {
            Some(within) => tokio::time::timeout(within, self.opened(to)).await?,
            None => self.opened(to).await,
        }
    }

    async fn opened(mut self, to: Uri) -> Result<Stream, Cause> {
        let tls = self.tls.filter(|_| to.scheme_str() == Some("https"));
        let io = match (self.via, &tls) {
            (None, _) => Box::new(self.tcp.call(to.clone()).await?.into_inner()),
            (Some(via), None) => return via.connector.clone().call(via.place.clone()).await,
            (Some(via), Some(_)) => {
                let told = HeaderMap::from_iter([(USER_AGENT, AGENT)]);
                let tunnel = Tunnel::new(via.place.clone(), via.connector.clone()).with_headers(told);
                let mut tunnel = match &via.login {
                    Some(login) => tunnel.with_auth(login.clone()),
                    None => tunnel,
                };
                tunnel.call(to.clone()).await?.into_inner()
            }
        };
        let Some(tls) = tls else { return Ok(TokioIo::new(io)) };
        let host = to.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']').to_owned();
        let stream = TlsConnector::from(tls).connect(ServerName::try_from(host)?, io).await?;
        Ok(TokioIo::new(Box::new(stream)))
    }
}

impl Service<Uri> for Connector {
    type Response = Stream;
    type Error = Cause;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, Cause>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Cause>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        Box::pin(self.clone().connect(to))
    }
}

/// Whether a connection took too long.
pub(super) fn is_late(error: &(dyn Error + 'static)) -> bool {
    error.is::<Elapsed>()
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener};

    use super::*;
    use crate::wire::reach::links;
    use crate::wire::shared::runtime;

    #[test]
    fn a_connection_that_is_not_made_in_time_is_late() {
        let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let place = silent.local_addr().unwrap();
        let tls = || {
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
            builder.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth()
        };
        let runtime = runtime().unwrap();
        let open = |connector: Connector, scheme: &str| {
            let to = format!("{scheme}://{place}").parse().unwrap();
            runtime
                .block_on(connector.connect(to))
                .map(drop)
                .map_err(|error| links(&*error).iter().any(|link| is_late(*link)))
        };
        let within = Duration::from_millis(30);
        assert_eq!(open(Connector::direct(Some(tls()), within), "https"), Err(true));
        assert_eq!(open(Connector::direct(Some(tls()), within), "http"), Ok(()));
        // A proxy that never answers has the time of what is behind it.
        let proxy: Uri = format!("http://{place}").parse().unwrap();
        let through = Connector::direct(Some(tls()), within).through(proxy.clone(), None);
        assert_eq!(open(through.clone(), "https"), Err(true));
        assert_eq!(open(through, "http"), Ok(()));
        drop(silent);
        assert_eq!(open(Connector::direct(None, Duration::from_secs(10)), "http"), Err(false));
    }
}

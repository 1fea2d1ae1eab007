//! Certificates of every kind, and a server on loopback that shows them.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use super::raw;

/// An issuer that nobody knows beforehand.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its certificate, in PEM.
    pub(crate) pem: String,
}

/// A certificate with its key.
pub(crate) struct Shown {
    certificate: CertificateDer<'static>,
    key: KeyPair,
    /// The certificate, in PEM.
    pub(crate) pem: String,
}

/// What certificates say when nothing else is asked for: a server on this machine, and valid.
pub(crate) fn usual(names: &[&str]) -> CertificateParams {
    CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap()
}

impl Authority {
    /// One of that name.
    pub(crate) fn new(name: &str) -> Authority {
        let mut params = usual(&[]);
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Authority { issuer: Issuer::new(params, key), pem }
    }

    /// A certificate that it vouches for.
    pub(crate) fn issue(&self, params: CertificateParams) -> Shown {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Shown { certificate: certificate.der().clone(), pem: certificate.pem(), key }
    }
}

/// A certificate that vouches for itself.
pub(crate) fn self_signed(params: CertificateParams) -> Shown {
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    Shown { certificate: certificate.der().clone(), pem: certificate.pem(), key }
}

impl Shown {
    /// What a server is set up with that speaks these protocols.
    pub(crate) fn speaking(&self, protocols: &[&[u8]]) -> Arc<ServerConfig> {
        let mut config = ServerConfig::clone(&self.config(None));
        config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
        Arc::new(config)
    }

    /// What a server is set up with. With `asking`, it asks the client for a certificate of that issuer.
    fn config(&self, asking: Option<&Authority>) -> Arc<ServerConfig> {
        let key = PrivatePkcs8KeyDer::from(self.key.serialize_der());
        let clients = asking.map_or_else(WebPkiClientVerifier::no_client_auth, |authority| {
            let mut roots = RootCertStore::empty();
            roots.add(CertificateDer::from_pem_slice(authority.pem.as_bytes()).unwrap()).unwrap();
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            WebPkiClientVerifier::builder_with_provider(roots.into(), provider).build().unwrap()
        });
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(clients)
            .with_single_cert(vec![self.certificate.clone()], key.into())
            .unwrap();
        Arc::new(config)
    }
}

/// The document of a small API.
const DOCUMENT: &str =
    r#"{"openapi":"3.0.3","info":{"title":"Small"},"paths":{"/a":{"get":{"responses":{"200":{}}}}}}"#;

/// A server of XML-RPC over TLS, which answers every call with 5, and what is only fetched with [`DOCUMENT`].
pub(crate) struct TlsServer {
    port: u16,
    stopped: Arc<AtomicBool>,
    calls: Arc<AtomicUsize>,
    listener: Option<JoinHandle<()>>,
}

impl TlsServer {
    /// One that shows a certificate. With `as_proxy`, it answers a CONNECT in front of that, as a proxy does.
    pub(crate) fn showing(shown: &Shown, as_proxy: bool) -> TlsServer {
        TlsServer::start(shown.config(None), as_proxy)
    }

    /// One that asks its clients for a certificate.
    pub(crate) fn asking(shown: &Shown, authority: &Authority) -> TlsServer {
        TlsServer::start(shown.config(Some(authority)), false)
    }

    fn start(config: Arc<ServerConfig>, as_proxy: bool) -> TlsServer {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (stopped, calls) = (Arc::<AtomicBool>::default(), Arc::<AtomicUsize>::default());
        let (ended, counted) = (Arc::clone(&stopped), Arc::clone(&calls));
        let listening = thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::Relaxed) {
                    break;
                }
                let (config, counted) = (Arc::clone(&config), Arc::clone(&counted));
                thread::spawn(move || converse(stream.unwrap(), config, &counted, as_proxy));
            }
        });
        TlsServer { port, stopped, calls, listener: Some(listening) }
    }

    /// Its address under a name of this machine.
    pub(crate) fn url(&self, scheme: &str, host: &str) -> String {
        format!("{scheme}://{host}:{}/v1/xmlrpc/", self.port)
    }

    /// How many calls were answered.
    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        // Wakes the listener, so that it sees that it is to stop.
        drop(TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)));
        drop(self.listener.take().map(JoinHandle::join));
    }
}

/// Somebody on loopback who does not speak TLS as one should.
pub(crate) struct Stranger {
    port: u16,
    stopped: Arc<AtomicBool>,
    listener: Option<JoinHandle<()>>,
}

impl Stranger {
    /// One that waits for a first message, does this, and hangs up.
    pub(crate) fn new(act: impl Fn(&mut TcpStream) + Send + 'static) -> Stranger {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let stopped = Arc::<AtomicBool>::default();
        let ended = Arc::clone(&stopped);
        let listening = thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::Relaxed) {
                    break;
                }
                let mut stream = stream.unwrap();
                stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
                let _ = stream.read(&mut [0; 4096]);
                act(&mut stream);
                let _ = stream.shutdown(Shutdown::Write);
                // What is read no more would break the connection off before the answer has been taken.
                let _ = stream.read_to_end(&mut Vec::new());
            }
        });
        Stranger { port, stopped, listener: Some(listening) }
    }

    /// One that says this.
    pub(crate) fn saying(bytes: impl Into<Vec<u8>>) -> Stranger {
        let bytes = bytes.into();
        Stranger::new(move |stream| drop(stream.write_all(&bytes)))
    }

    pub(crate) fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        // Wakes the listener, so that it sees that it is to stop.
        drop(TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)));
        drop(self.listener.take().map(JoinHandle::join));
    }
}

/// Answers one call.
fn converse(mut stream: TcpStream, config: Arc<ServerConfig>, calls: &AtomicUsize, as_proxy: bool) {
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    if as_proxy {
        let request = head(&mut stream);
        assert!(request.is_empty() || request.starts_with("CONNECT "), "{request}");
        drop(stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n"));
    }
    let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
    let request = head(&mut stream);
    if !request.is_empty() {
        calls.fetch_add(1, Ordering::Relaxed);
        drop(stream.write_all(&match request.starts_with("GET ") {
            true => raw::http("200 OK", "application/json", DOCUMENT),
            false => raw::result("<int>5</int>"),
        }));
        stream.conn.send_close_notify();
        drop(stream.flush());
    }
}

/// One request up to the end of what it says of itself; empty when none comes.
fn head(stream: &mut impl Read) -> String {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        match stream.read(&mut buffer) {
            Ok(count @ 1..) => bytes.extend_from_slice(&buffer[..count]),
            _ => return String::new(),
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if raw::is_whole(&bytes) {
            return text;
        }
    }
}

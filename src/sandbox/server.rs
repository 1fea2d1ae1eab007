//! The HTTP server: it runs on the loopback interface, on its own thread, and stops when it is dropped.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::net::UnixStream;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::header::{ALLOW, AUTHORIZATION, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue, RANGE};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::artnet::Artnet;
use super::caas::Caas;
use super::described::Described;
use super::memset::Memset;
use super::tls::Tls;
use super::vpsnet::VpsNet;
use super::{Account, Options, Request, Response, Service};
use openapi::Surface;

/// The largest request that is read, in bytes.
const LARGEST: usize = 8 * 1024 * 1024;
/// How long a TLS handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long open requests may take to end when the server is stopped.
const LAST_CALL: Duration = Duration::from_millis(500);

/// A running sandbox.
pub struct Server {
    port: u16,
    services: Services,
    /// The certificate to trust, if it uses TLS.
    authority: Option<String>,
    received: Arc<AtomicUsize>,
    stop: watch::Sender<()>,
    thread: Option<JoinHandle<()>>,
}

/// Checks that there are enough file descriptors for a call and its answer. Otherwise the runtime would panic in the
/// middle of it, or a caller would wait for ever.
fn room() -> io::Result<()> {
    let pairs: io::Result<Vec<_>> = (0..8).map(|_| UnixStream::pair()).collect();
    pairs.map(drop)
}

impl Server {
    /// Starts a sandbox; it runs until the value is dropped.
    pub fn start(options: Options) -> io::Result<Server> {
        let services = Services::new(&options)?;
        Server::serving(services, options)
    }

    /// Starts a sandbox of the service that a document describes. Without a `key` it takes any.
    pub fn of(surface: Surface, key: Option<String>, options: Options) -> io::Result<Server> {
        let service: Box<dyn Service> = Box::new(Described::new(surface, key, &options));
        Server::serving(Services(Arc::new(Mutex::new(vec![service]))), options)
    }

    fn serving(services: Services, options: Options) -> io::Result<Server> {
        room()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let tls = options.tls.then(Tls::new).transpose()?;
        let authority = tls.as_ref().map(|tls| tls.authority.clone());
        let (stop, stopped) = watch::channel(());
        let received = Arc::<AtomicUsize>::default();
        let site = Site {
            services: services.clone(),
            tls: tls.map(|tls| tls.acceptor),
            received: Arc::clone(&received),
            latency: options.latency,
            log: options.log,
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = thread::Builder::new().name("sandbox".into()).spawn(move || {
            runtime.block_on(serve(listener, site, stopped));
        })?;
        Ok(Server { port, services, authority, received, stop, thread: Some(thread) })
    }

    /// Serves until the process ends.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }

    /// The port that it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The certificate of the authority that clients must trust, as PEM, if it uses TLS.
    pub fn authority(&self) -> Option<&str> {
        self.authority.as_deref()
    }

    /// The accounts it simulates, the default provider's first.
    pub fn accounts(&self) -> Vec<Account> {
        let scheme = if self.authority.is_some() { "https" } else { "http" };
        let root = format!("{scheme}://{}:{}", Ipv4Addr::LOCALHOST, self.port);
        self.services.lock().iter().map(|service| service.account(&root)).collect()
    }

    /// The calls so far, grouped by service: method and arguments.
    pub fn requests(&self) -> Vec<(String, String)> {
        self.services.lock().iter().flat_map(|service| service.requests().to_vec()).collect()
    }

    /// The number of HTTP requests received; one with several calls counts once.
    pub fn received(&self) -> usize {
        self.received.load(Ordering::Relaxed)
    }

    /// Advances the sandbox's clock: jobs end, and throttled logins are allowed again, without waiting.
    pub fn advance(&self, by: Duration) {
        self.services.lock().iter_mut().for_each(|service| service.advance(by));
    }
}

/// The simulated services, shared between the connections.
#[derive(Clone)]
struct Services(Arc<Mutex<Vec<Box<dyn Service>>>>);

impl Services {
    fn new(options: &Options) -> io::Result<Services> {
        let memset = Memset::new(options).map_err(io::Error::other)?;
        let caas = Caas::new(options).map_err(io::Error::other)?;
        let artnet = Artnet::new(options).map_err(io::Error::other)?;
        let vpsnet = VpsNet::new(options).map_err(io::Error::other)?;
        let services: Vec<Box<dyn Service>> =
            vec![Box::new(memset), Box::new(caas), Box::new(artnet), Box::new(vpsnet)];
        Ok(Services(Arc::new(Mutex::new(services))))
    }

    /// A call that panicked in a test does not make the others unreachable.
    fn lock(&self) -> MutexGuard<'_, Vec<Box<dyn Service>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn respond(&self, request: &Request) -> Response {
        match self.lock().iter_mut().find(|service| service.claims(&request.path)) {
            Some(service) => service.respond(request),
            None => Response::page(404, "Not Found"),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.send_replace(());
        if let Some(thread) = self.thread.take() {
            // A thread that panicked is already stopped.
            drop(thread.join());
        }
    }
}

/// What every connection needs.
#[derive(Clone)]
struct Site {
    services: Services,
    tls: Option<TlsAcceptor>,
    received: Arc<AtomicUsize>,
    latency: Duration,
    log: Option<fn(&str)>,
}

async fn serve(listener: TcpListener, site: Site, mut stopped: watch::Receiver<()>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = stopped.changed() => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(welcome(stream, site.clone(), stopped.clone()));
                }
                // Probably out of file descriptors: wait until some connections have ended.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
        }
    }
    let ended = async { while connections.join_next().await.is_some() {} };
    // Connections still open after that are closed with the runtime.
    drop(tokio::time::timeout(LAST_CALL, ended).await);
}

/// Serves one connection, after a handshake if TLS is used.
async fn welcome(stream: TcpStream, site: Site, stopped: watch::Receiver<()>) {
    let Some(acceptor) = site.tls.clone() else { return converse(stream, site, stopped).await };
    match tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => converse(stream, site, stopped).await,
        // The client sees the error too; here the log shows which side refused what.
        Ok(Err(error)) => site.tell(&format!("a TLS handshake failed: {error}")),
        Err(_) => site.tell("a TLS handshake was not finished"),
    }
}

/// Serves one connection until either side closes it.
async fn converse(stream: impl AsyncRead + AsyncWrite + Unpin, site: Site, mut stopped: watch::Receiver<()>) {
    let stream = TokioIo::new(stream);
    let service = service_fn(move |request| {
        let site = site.clone();
        async move { Ok::<_, Infallible>(site.respond(request).await) }
    });
    let connection =
        hyper::server::conn::http1::Builder::new().timer(TokioTimer::new()).serve_connection(stream, service);
    let mut connection = pin!(connection);
    // A broken connection only concerns the client, who sees it.
    tokio::select! {
        _ = connection.as_mut() => {}
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            drop(connection.await);
        }
    }
}

impl Site {
    fn tell(&self, line: &str) {
        if let Some(log) = self.log {
            log(line);
        }
    }

    async fn respond(&self, request: hyper::Request<Incoming>) -> hyper::Response<Full<Bytes>> {
        self.received.fetch_add(1, Ordering::Relaxed);
        let response = match read(request).await {
            Ok(request) => {
                self.tell(&format!("{} {} {} bytes", request.verb, request.path, request.body.len()));
                self.services.respond(&request)
            }
            Err(response) => response,
        };
        // The delay comes after the call was handled, as with real services: a client that gives up has still been
        // served.
        tokio::time::sleep(self.latency).await;
        write(response)
    }
}

async fn read(request: hyper::Request<Incoming>) -> Result<Request, Response> {
    let (head, body) = request.into_parts();
    let body = match Limited::new(body, LARGEST).collect().await {
        Ok(body) => body.to_bytes().to_vec(),
        Err(error) if error.is::<LengthLimitError>() => return Err(Response::page(413, "Request Entity Too Large")),
        Err(_) => return Err(Response::page(400, "Bad Request")),
    };
    let header = |name: HeaderName| Some(head.headers.get(name)?.to_str().ok()?.to_owned());
    Ok(Request {
        verb: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        authorization: header(AUTHORIZATION),
        cookie: header(COOKIE),
        content_type: header(CONTENT_TYPE),
        range: header(RANGE),
        headers: headers(&head.headers),
        body,
    })
}

/// All headers that are text.
fn headers(all: &HeaderMap) -> Vec<(String, String)> {
    let text =
        |(name, value): (&HeaderName, &HeaderValue)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()));
    all.iter().filter_map(text).collect()
}

fn write(response: Response) -> hyper::Response<Full<Bytes>> {
    let builder =
        hyper::Response::builder().status(response.status).header(CONTENT_TYPE, response.content_type.as_ref());
    let says = response.headers.iter().any(|(name, _)| *name == "allow");
    let builder = if response.status == 405 && !says { builder.header(ALLOW, "POST") } else { builder };
    let builder = response.headers.iter().fold(builder, |builder, (name, value)| builder.header(*name, value));
    // Status and headers are set here and valid, so the builder cannot fail.
    builder.body(Full::from(response.body)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::time::Instant;

    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject;

    use super::*;
    use codec::xmlrpc::{Limits, Reply, encode_call, read_response};
    use model::{Arguments, Map, Value, base64};

    fn post(path: &str, user: Option<&str>, body: &str) -> String {
        let credentials =
            user.map(|user| format!("Authorization: Basic {}\r\n", base64::encode(format!("{user}:x").as_bytes())));
        let length = body.len();
        format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\n{}Content-Length: {length}\r\n\r\n{body}",
            credentials.unwrap_or_default()
        )
    }

    fn call(name: &str, args: Map) -> String {
        encode_call(name, &Arguments::Named(args)).unwrap().preview()
    }

    fn connect(server: &Server) -> TcpStream {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, server.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// Sends a request and reads one answer: its head and its body.
    fn exchange(stream: &mut (impl Read + Write), request: &str) -> (String, Vec<u8>) {
        // A server that has read enough may close before everything is sent.
        drop(stream.write_all(request.as_bytes()));
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).unwrap().to_lowercase();
        let length = head.split("content-length: ").nth(1).unwrap().split("\r\n").next().unwrap().parse().unwrap();
        let mut body = vec![0; length];
        stream.read_exact(&mut body).unwrap();
        (head, body)
    }

    /// The fault's code, or 0.
    fn code(answer: &(String, Vec<u8>)) -> i64 {
        match read_response(answer.1.as_slice(), None, Limits::default()).unwrap() {
            Reply::Value(_) => 0,
            Reply::Fault(fault) => fault.code.unwrap().as_str().parse().unwrap(),
        }
    }

    #[test]
    fn one_connection_serves_many_calls() {
        let server = Server::start(Options::default()).unwrap();
        let mut stream = connect(&server);
        let account = server.accounts().remove(0);
        let key = Some(account.key.as_str());
        let noop = call("internal.noop", Map::new());
        for (path, user, body, expected) in [
            ("/v1/xmlrpc", key, noop.as_str(), 0),
            ("/v1/xmlrpc/", key, "<methodCall><methodName>service.list</methodName></methodCall>", 0),
            ("/v1/xmlrpc", None, &noop, 10),
            ("/v1/xmlrpc", Some("0123456789abcdef0123456789abcdef"), &noop, 4),
            ("/v1/xmlrpc", key, &call("no.such", Map::new()), 5),
            ("/v1/xmlrpc", key, "{}", 1),
            ("/v1/xmlrpc", key, "", 1),
        ] {
            let answer = exchange(&mut stream, &post(path, user, body));
            assert!(answer.0.starts_with("http/1.1 200 ok"), "{}", answer.0);
            assert_eq!(code(&answer), expected, "{body}");
        }
        let methods: Vec<String> = server.requests().into_iter().map(|(method, _)| method).collect();
        assert_eq!(methods, ["internal.noop", "service.list", "internal.noop", "internal.noop", "no.such"]);
        let url = format!("http://127.0.0.1:{}/v1/xmlrpc", server.port);
        assert_eq!(account.url, url);
    }

    /// A TLS connection of a client that trusts this authority.
    fn secured(
        server: &Server,
        name: &'static str,
        authority: &str,
    ) -> rustls::StreamOwned<rustls::ClientConnection, TcpStream> {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(authority.as_bytes()).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider);
        let config = config.with_safe_default_protocol_versions().unwrap();
        let config = Arc::new(config.with_root_certificates(roots).with_no_client_auth());
        let client = rustls::ClientConnection::new(config, name.try_into().unwrap()).unwrap();
        rustls::StreamOwned::new(client, connect(server))
    }

    #[test]
    fn a_client_that_trusts_its_authority_can_use_tls() {
        let options = || Options { tls: true, ..Options::default() };
        let (server, other) = (Server::start(options()).unwrap(), Server::start(options()).unwrap());
        let account = server.accounts().remove(0);
        assert_eq!(account.url, format!("https://127.0.0.1:{}/v1/xmlrpc", server.port()));
        let noop = post("/v1/xmlrpc", Some(&account.key), &call("internal.noop", Map::new()));
        let authority = server.authority().unwrap();
        for name in ["127.0.0.1", "localhost"] {
            let mut stream = secured(&server, name, authority);
            let answer = exchange(&mut stream, &noop);
            assert_eq!(code(&answer), 0, "{name}");
        }
        for (name, authority) in [("example.com", authority), ("127.0.0.1", other.authority().unwrap())] {
            let mut stream = secured(&server, name, authority);
            assert!(stream.write_all(noop.as_bytes()).is_err(), "{name}");
        }
        // A client without TLS gets no answer.
        let mut plain = connect(&server);
        plain.write_all(noop.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        drop(plain.read_to_end(&mut bytes));
        assert!(!bytes.starts_with(b"HTTP"));
        assert_eq!(server.received(), 2);
    }

    #[test]
    fn other_requests_get_a_page() {
        let server = Server::start(Options::default()).unwrap();
        for (request, status) in [
            (post("/", None, ""), "404"),
            (post("/v1/other", None, ""), "404"),
            ("GET /v1/xmlrpc HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(), "405"),
            (post("/v1/xmlrpc", None, &" ".repeat(LARGEST + 1)), "413"),
        ] {
            let (head, body) = exchange(&mut connect(&server), &request);
            assert!(head.starts_with(&format!("http/1.1 {status}")), "{head}");
            assert!(String::from_utf8(body).unwrap().starts_with("<html>"));
        }
        assert!(server.requests().is_empty());
    }

    #[test]
    fn wrong_keys_are_throttled_and_the_right_one_is_not() {
        let server = Server::start(Options::default()).unwrap();
        let mut stream = connect(&server);
        let noop = call("internal.noop", Map::new());
        let mut attempt = |user: &str| code(&exchange(&mut stream, &post("/v1/xmlrpc", Some(user), &noop)));
        let codes: Vec<i64> = (0..12).map(|_| attempt("someone")).collect();
        assert_eq!(codes, [vec![4; 10], vec![12; 2]].concat());
        assert_eq!(attempt(&server.accounts()[0].key), 0);
        server.advance(Duration::from_secs(60));
        assert_eq!(attempt("someone"), 4);
    }

    #[test]
    fn it_answers_late_when_asked_to_and_stops_at_once() {
        let latency = Duration::from_millis(80);
        let server = Server::start(Options { latency, ..Options::default() }).unwrap();
        let mut stream = connect(&server);
        let started = Instant::now();
        let answer = exchange(
            &mut stream,
            &post("/v1/xmlrpc", Some(&server.accounts()[0].key), &call("internal.version", Map::new())),
        );
        assert!(started.elapsed() >= latency);
        let version = read_response(answer.1.as_slice(), None, Limits::default()).unwrap();
        assert!(matches!(version, Reply::Value(Value::Map(_))));
        let started = Instant::now();
        drop(server);
        assert!(started.elapsed() < LAST_CALL);
        assert_eq!(stream.read(&mut [0]).unwrap(), 0);
    }
}

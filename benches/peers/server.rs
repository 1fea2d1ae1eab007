//! A server on loopback that answers from memory, over http and https, and counts.

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::header::CONTENT_TYPE;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::answers::Answers;

/// How long an answer to `/near` takes.
const NEAR: Duration = Duration::from_millis(20);
/// How long an answer below `/later` takes: that of the services of the four profiles.
pub(crate) const LATER: Duration = Duration::from_millis(300);
/// How long an answer below `/slow` takes.
const SLOW: Duration = Duration::from_millis(50);

/// A running server; it stays up until the process ends.
pub(crate) struct Server {
    http: u16,
    https: u16,
    site: Arc<Site>,
}

/// How much a server has been asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Traffic {
    /// Requests so far.
    pub(crate) requests: u64,
    /// Connections so far.
    pub(crate) connections: u64,
}

impl Traffic {
    /// What came after an earlier count.
    pub(crate) fn since(self, before: Traffic) -> Traffic {
        Traffic {
            requests: self.requests.saturating_sub(before.requests),
            connections: self.connections.saturating_sub(before.connections),
        }
    }
}

impl fmt::Display for Traffic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}", self.requests, self.connections)
    }
}

struct Site {
    answers: Answers,
    requests: AtomicU64,
    connections: AtomicU64,
}

impl Server {
    /// Starts it on free ports, with that certificate.
    pub(crate) fn start(tls: ServerConfig) -> io::Result<Server> {
        let site = Site { answers: Answers::new(), requests: AtomicU64::new(0), connections: AtomicU64::new(0) };
        let site = Arc::new(site);
        let http = listen(Arc::clone(&site), None)?;
        let https = listen(Arc::clone(&site), Some(TlsAcceptor::from(Arc::new(tls))))?;
        Ok(Server { http, https, site })
    }

    /// The address of an answer over http.
    pub(crate) fn http(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.http)
    }

    /// The address of an answer over https.
    pub(crate) fn https(&self, path: &str) -> String {
        format!("https://127.0.0.1:{}{path}", self.https)
    }

    /// What it has been asked so far.
    pub(crate) fn traffic(&self) -> Traffic {
        Traffic { requests: self.site.requests.load(Relaxed), connections: self.site.connections.load(Relaxed) }
    }
}

/// Serves on a thread of its own, and returns the port.
fn listen(site: Arc<Site>, tls: Option<TlsAcceptor>) -> io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    let port = listener.local_addr()?.port();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    thread::spawn(move || runtime.block_on(accept(listener, site, tls)));
    Ok(port)
}

async fn accept(listener: TcpListener, site: Arc<Site>, tls: Option<TlsAcceptor>) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        site.connections.fetch_add(1, Relaxed);
        tokio::spawn(welcome(stream, Arc::clone(&site), tls.clone()));
    }
}

async fn welcome(stream: TcpStream, site: Arc<Site>, tls: Option<TlsAcceptor>) {
    match tls {
        None => converse(stream, site).await,
        Some(tls) => {
            if let Ok(stream) = tls.accept(stream).await {
                converse(stream, site).await;
            }
        }
    }
}

async fn converse<S: AsyncRead + AsyncWrite + Unpin>(stream: S, site: Arc<Site>) {
    let service = service_fn(move |request| {
        let site = Arc::clone(&site);
        async move { Ok::<_, Infallible>(site.respond(request).await) }
    });
    // A client that hangs up has what it wanted.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

impl Site {
    async fn respond(&self, request: Request<Incoming>) -> Response<Pieces> {
        self.requests.fetch_add(1, Relaxed);
        let path = request.uri().path().to_owned();
        let question = request.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        let names = question.windows(12).any(|word| word == b".listMethods");
        let (path, chunked) = path.strip_prefix("/chunked").map_or((path.as_str(), false), |path| (path, true));
        let (kind, pieces) = match path.strip_prefix("/large/").and_then(|size| size.parse().ok()) {
            Some(megabytes) => ("text/xml", self.answers.large(megabytes)),
            None if names => ("text/xml", vec![self.answers.names.clone()]),
            None if path == "/json" => ("application/json", vec![self.answers.json.clone()]),
            None => ("text/xml", vec![self.answers.list.clone()]),
        };
        match path {
            "/slow" => tokio::time::sleep(SLOW).await,
            "/near" => tokio::time::sleep(NEAR).await,
            "/later" => tokio::time::sleep(LATER).await,
            _ => {}
        }
        let left = pieces.iter().map(|piece| piece.len() as u64).sum();
        let mut response = Response::new(Pieces { pieces: pieces.into_iter(), left, chunked });
        response.headers_mut().insert(CONTENT_TYPE, hyper::header::HeaderValue::from_static(kind));
        response
    }
}

/// A body of pieces that are there already.
struct Pieces {
    pieces: std::vec::IntoIter<Bytes>,
    left: u64,
    /// Its length is not told beforehand.
    chunked: bool,
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = self.pieces.next();
        self.left -= piece.as_ref().map_or(0, |piece| piece.len() as u64);
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }

    fn size_hint(&self) -> SizeHint {
        if self.chunked { SizeHint::default() } else { SizeHint::with_exact(self.left) }
    }
}

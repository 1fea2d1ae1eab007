//! The HTTP side: a server on the loopback interface, on a thread of its own, that stops when it is dropped.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::header::{ALLOW, AUTHORIZATION, CONTENT_TYPE, HeaderName};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::memset::Memset;
use super::{Options, Request, Response};

/// The largest request that is read.
const LARGEST: usize = 8 * 1024 * 1024;
/// How long open requests may take to end once the server is told to stop.
const LAST_CALL: Duration = Duration::from_millis(500);

/// A running sandbox.
#[derive(Debug)]
pub struct Server {
    port: u16,
    key: String,
    account: Arc<Mutex<Memset>>,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts a sandbox; it runs until the value is dropped.
    pub fn start(options: Options) -> io::Result<Server> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let account = Memset::new(&options).map_err(io::Error::other)?;
        let account = Arc::new(Mutex::new(account));
        let (stop, stopped) = watch::channel(false);
        let site = Site { account: Arc::clone(&account), latency: options.latency };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = thread::Builder::new().name("sandbox".into()).spawn(move || {
            runtime.block_on(serve(listener, site, stopped));
        })?;
        Ok(Server { port, key: options.key, account, stop, thread: Some(thread) })
    }

    /// Where the XML-RPC service is.
    pub fn url(&self) -> String {
        format!("http://{}:{}/v1/xmlrpc", Ipv4Addr::LOCALHOST, self.port)
    }

    /// The key of the account.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The calls so far: method and parameters.
    pub fn requests(&self) -> Vec<(String, String)> {
        lock(&self.account).requests().to_vec()
    }

    /// Winds the sandbox's clock on: jobs end, and throttled logins are allowed again, without waiting.
    pub fn advance(&self, by: Duration) {
        lock(&self.account).advance(by);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has nothing left to stop.
            drop(thread.join());
        }
    }
}

/// What every connection serves.
#[derive(Clone)]
struct Site {
    account: Arc<Mutex<Memset>>,
    latency: Duration,
}

async fn serve(listener: TcpListener, site: Site, mut stopped: watch::Receiver<bool>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(converse(TokioIo::new(stream), site.clone(), stopped.clone()));
                }
                // Out of files, most likely: let some connections end first.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
        }
    }
    let ended = async { while connections.join_next().await.is_some() {} };
    // Whoever has not ended by then is cut off when the runtime goes.
    drop(tokio::time::timeout(LAST_CALL, ended).await);
}

/// Serves one connection until either side has had enough.
async fn converse(stream: TokioIo<tokio::net::TcpStream>, site: Site, mut stopped: watch::Receiver<bool>) {
    let service = service_fn(move |request| {
        let site = site.clone();
        async move { Ok::<_, Infallible>(site.respond(request).await) }
    });
    let connection = hyper::server::conn::http1::Builder::new().timer(TokioTimer::new()).serve_connection(stream, service);
    let mut connection = pin!(connection);
    // A connection that breaks concerns nobody but the client, who sees it.
    tokio::select! {
        _ = connection.as_mut() => {}
        _ = stopped.wait_for(|stop| *stop) => {
            connection.as_mut().graceful_shutdown();
            drop(connection.await);
        }
    }
}

impl Site {
    async fn respond(&self, request: hyper::Request<Incoming>) -> hyper::Response<Full<Bytes>> {
        tokio::time::sleep(self.latency).await;
        match read(request).await {
            Ok(request) => write(lock(&self.account).respond(&request)),
            Err(response) => write(response),
        }
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
        authorization: header(AUTHORIZATION),
        content_type: header(CONTENT_TYPE),
        body,
    })
}

fn write(response: Response) -> hyper::Response<Full<Bytes>> {
    let builder = hyper::Response::builder().status(response.status).header(CONTENT_TYPE, response.content_type);
    let builder = if response.status == 405 { builder.header(ALLOW, "POST") } else { builder };
    // Status and headers are all our own, so that the builder cannot refuse them.
    builder.body(Full::from(response.body)).unwrap_or_default()
}

/// A call that panicked in a test does not make the log unreadable.
fn lock(account: &Mutex<Memset>) -> MutexGuard<'_, Memset> {
    account.lock().unwrap_or_else(PoisonError::into_inner)
}

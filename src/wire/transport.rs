//! The HTTP client and its runtime, used only by this file and those with which it sets up the client, waits, and reads
//! the answer.
//!
//! The runtime lives on the calling thread and only runs while this thread waits for the network. No redirect is
//! followed and nothing is retried: either would send a call twice without the caller's knowledge.

use std::io;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, HeaderMap, HeaderName, HeaderValue, RANGE};
use reqwest::{Client, Url, Version};
use rustix::io::Errno;
use tokio::runtime::Runtime;

use super::address;
use super::auth::{self, Credential};
use super::client::{FRESH, Kind, Manner, build, cause};
use super::error::WireError;
use super::frames;
use super::head::head;
use super::incoming::Incoming;
use super::network::Network;
use super::outgoing::Outgoing;
use super::pace::Pace;
use super::proxy::Proxy;
use super::reach::{self, Meant, links};
use super::shared::{Place, Turning, runtime};
use super::trace::Trace;
use super::trust::Trust;
use super::unpack::{Body, Coding, GZIP};
use super::waiting::{Breaks, Waited, waiting};
use super::watch::{Show, Watch};
use model::http::{Head, Request};
use model::provider::Auth;
use model::{Diagnostic, Effect, Redactor, Sent};

/// Time limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection, including TLS: a part of the other.
    pub connect: Duration,
    /// For an answer, from the start of the connection. A long answer may take longer while it keeps arriving
    /// (`wire/pace.rs`), but must never pause for this long.
    pub idle: Duration,
}

impl Timeouts {
    /// The same with a limit for the answer, which also limits the connection.
    pub fn within(self, idle: Duration) -> Timeouts {
        Timeouts { connect: self.connect.min(idle), idle }
    }
}

impl Default for Timeouts {
    fn default() -> Timeouts {
        Timeouts { connect: Duration::from_secs(10), idle: Duration::from_secs(60) }
    }
}

/// A client. Connections are kept open between calls.
#[derive(Debug)]
pub struct Wire {
    runtime: Runtime,
    clients: Vec<Kept>,
    network: Network,
    /// The issuers trusted for the current account.
    trust: Trust,
    /// What can break off its waits.
    breaks: Breaks,
    trace: Option<Trace>,
    /// How a long wait is shown.
    show: Option<Show>,
    /// Something else is shown at the moment.
    quiet: bool,
    /// The number of requests that have, or may have, left.
    left: Arc<AtomicUsize>,
    /// The connections that calls side by side share.
    place: Place,
    /// It is one of several clients that work at the same time.
    beside: bool,
    /// The address that was read last: most calls of a session go to the same.
    address: Option<(String, Url)>,
}

/// A client, which keeps its connections open for the next call.
#[derive(Debug)]
struct Kept {
    kind: Kind,
    client: Client,
    /// When an answer last came over one of them.
    used: Instant,
}

/// How many times the runtime is polled to notice connections that were closed meanwhile: in the first turn what is left of
/// the last answer is read and the system says what has arrived, in the second the connections read that they are closed.
/// One more does no harm.
const TURNS: usize = 3;
/// Added to the total limit, so that the connection's own limit, which may be equal, ends first.
const GRACE: Duration = Duration::from_millis(50);

/// An answer: its head, and the body still to be read.
#[derive(Debug)]
pub struct Answer<'w> {
    /// Status and media type.
    pub head: Head,
    /// The body.
    pub body: Body<'w>,
}

impl Wire {
    /// A client that has not opened anything yet.
    pub fn new(network: Network) -> Result<Wire, WireError> {
        let (runtime, trust, clients) = (runtime()?, network.trust.clone(), Vec::new());
        let (breaks, trace, show, quiet) = (Breaks::default(), None, None, false);
        let (left, place, beside, address) = (Arc::default(), Place::default(), false, None);
        Ok(Wire { runtime, clients, network, trust, breaks, trace, show, quiet, left, place, beside, address })
    }

    /// Trusts the issuers in an account's own file from now on, or without one the default issuers.
    pub fn trusting(&mut self, ca: Option<&Path>) {
        self.trust = ca.map_or_else(|| self.network.trust.clone(), Trust::only);
    }

    /// Trusts the issuers in a file in addition from now on: for what an account fetches elsewhere.
    pub fn trusting_also(&mut self, ca: Option<&Path>) {
        self.trust = ca.map_or_else(|| self.network.trust.clone(), |ca| self.network.trust.and(ca));
    }

    /// The same client, reporting requests and answers to `tell`, one line at a time.
    pub fn traced(self, tell: Option<fn(&str)>) -> Wire {
        Wire { trace: tell.map(Trace::new), ..self }
    }

    /// The same client, showing waits of more than a second.
    pub fn showing(self, show: Option<Show>) -> Wire {
        Wire { show, ..self }
    }

    /// Shows no waits while something else is shown.
    pub fn quiet(&mut self, quiet: bool) {
        self.quiet = quiet;
    }

    /// What is shown of a wait for a host.
    fn watch(&self, host: &str) -> Watch {
        Watch::of(self.show.filter(|_| !self.quiet && !self.breaks.background), host)
    }

    /// Adds the secrets that must not be reported.
    pub fn hide(&mut self, redactor: &Redactor) {
        if let Some(trace) = &mut self.trace {
            trace.hide(redactor);
        }
    }

    /// The client for background work: Ctrl-C does not interrupt it.
    pub fn in_background(self) -> Wire {
        Wire { breaks: Breaks { background: true, ..Breaks::default() }, ..self }
    }

    /// Another client with the same settings, for a thread of its own. Its requests count as requests of this one, it
    /// shows no waits, and over TLS it shares its connections with all others that were made here.
    pub fn another(&self) -> Result<Wire, WireError> {
        let (trace, left, place) = (self.trace.clone(), Arc::clone(&self.left), self.place.clone());
        let breaks = Breaks { pressed: Arc::clone(&self.breaks.pressed), ..Breaks::default() };
        Ok(Wire { trace, left, place, breaks, beside: true, ..Wire::new(self.network.clone())? })
    }

    /// From now on this flag ends a wait as Ctrl-C does, also if it was set before the wait began.
    pub fn stopped_by(&mut self, flag: &Arc<AtomicBool>) {
        self.breaks.stopped = Some(Arc::clone(flag));
    }

    /// The number of requests that have, or may have, left.
    pub fn left(&self) -> usize {
        self.left.load(Ordering::Relaxed)
    }

    /// Forgets a Ctrl-C pressed since the last wait for the network: it was meant for something else, such as a pager,
    /// not for the next call.
    pub fn forget_interrupt(&self) {
        self.breaks.pressed.store(false, Ordering::Relaxed);
        // The runtime notices signals whenever it runs.
        self.runtime.block_on(tokio::task::yield_now());
    }

    /// Whether Ctrl-C has broken off a wait since then. An error may not show it: a change that was under way is an
    /// unknown outcome, and a job goes on.
    pub fn was_interrupted(&self) -> bool {
        self.breaks.pressed.load(Ordering::Relaxed)
    }

    /// Sends one request, once, and returns when the head of the answer has arrived.
    ///
    /// The credential is only sent to the host it belongs to. A changing call uses a connection that is known to be
    /// alive, or a new one.
    pub fn send(
        &mut self,
        request: &Request,
        effect: Effect,
        (auth, credential): (&Auth, Option<&Credential>),
        timeouts: Timeouts,
    ) -> Result<Answer<'_>, WireError> {
        let (trace, since, left) = (self.trace.clone(), Instant::now(), Arc::clone(&self.left));
        self.freshen(effect);
        let answer = self.send_untold(request, effect, (auth, credential), timeouts);
        if answer.as_ref().map_or_else(|error| error.sent() != Sent::No, |_| true) {
            left.fetch_add(1, Ordering::Relaxed);
        }
        if let Some(trace) = trace {
            trace.comes(answer.as_ref().map(|answer| &answer.head), since);
        }
        answer
    }

    fn send_untold(
        &mut self,
        request: &Request,
        effect: Effect,
        (auth, credential): (&Auth, Option<&Credential>),
        timeouts: Timeouts,
    ) -> Result<Answer<'_>, WireError> {
        let mut url = self.url(&auth.without_credentials(&request.url))?;
        let host = host_of(&url);
        let kind = self.kind(&url, timeouts)?;
        let shares = self.beside && kind.tls && self.place.may_share(&host);
        let (client, turning) = match shares {
            true => self.place.client(&kind, effect).map(|(client, handle)| (client, Turning::Elsewhere(handle)))?,
            false => (self.client(kind.clone())?, Turning::Here(&self.runtime)),
        };
        let method = request.verb.parse().map_err(|_| bad_address(&request.url, "unknown HTTP verb"))?;
        let mut headers = headers(request)?;
        let credential = credential.filter(|credential| credential.host == host);
        if let Some(credential) = credential {
            authorize(auth, credential, &mut headers, &mut url)?;
        }
        let body = auth::open(&request.body, credential).ok_or_else(|| WireError::Keyless { host: host.clone() })?;
        let body = Outgoing::of(body)?;
        if let Some(trace) = &self.trace {
            trace.leaves(request, body.length());
        }
        let most = timeouts.idle + body.takes() + GRACE;
        let outgoing = client.request(method, url).headers(headers).body(reqwest::Body::wrap(body)).send();
        let begun = Instant::now();
        let watch = self.watch(&host);
        let response = match turning.wait(waiting(most, &self.breaks, &watch, outgoing)) {
            Waited::Done(Ok(response)) => response,
            Waited::Done(Err(error)) => return Err(send_error(&error, host, &kind)),
            Waited::TimedOut => {
                self.place.leave(&kind);
                return Err(WireError::Timeout { host, after: timeouts.idle });
            }
            Waited::Broken(by) => return Err(WireError::Interrupted { sent: Sent::Unknown, by }),
        };
        match shares {
            true => self.place.came(&kind, &host, response.version() == Version::HTTP_2),
            false => note(&mut self.clients, &kind),
        }
        let coding = Coding::of(response.headers().get_all(CONTENT_ENCODING).iter().map(HeaderValue::as_bytes));
        let head = Head { packed: coding.left(), ..head(response.status().as_u16(), response.headers()) };
        let pace = Pace::new(timeouts.idle, begun.elapsed());
        let body = Incoming::new(turning, response, host, (pace, watch), self.breaks.clone());
        Ok(Answer { head, body: Body::of(body, &coding) })
    }

    /// An address, read once as long as it is the same.
    fn url(&mut self, text: &str) -> Result<Url, WireError> {
        if let Some((known, url)) = &self.address
            && known == text
        {
            return Ok(url.clone());
        }
        let url = parse_url(text)?;
        self.address = Some((text.to_owned(), url.clone()));
        Ok(url)
    }

    /// Drops connections that were closed meanwhile and, before a changing call, all that were idle for long.
    fn freshen(&mut self, effect: Effect) {
        if effect != Effect::Read {
            self.clients.retain(|kept| kept.used.elapsed() < FRESH);
        }
        if !self.clients.is_empty() {
            // The runtime does not run between two calls: it only notices events when it is polled.
            self.runtime.block_on(async {
                for _ in 0..TURNS {
                    tokio::task::yield_now().await;
                }
            });
        }
    }

    /// Waits between two requests. Ctrl-C ends the wait with an error.
    pub fn pause(&self, length: Duration) -> Result<(), WireError> {
        let (unseen, nothing) = (Watch::of(None, ""), std::future::pending::<()>());
        match self.runtime.block_on(waiting(length, &self.breaks, &unseen, nothing)) {
            Waited::Broken(by) => Err(WireError::Interrupted { sent: Sent::No, by }),
            Waited::Done(()) | Waited::TimedOut => Ok(()),
        }
    }

    /// Makes Ctrl-C end the current wait instead of this process; from the first request on this is always so.
    pub fn handle_interrupts(&self) {
        let _runtime = self.runtime.enter();
        // If it cannot be set up, Ctrl-C keeps its default effect.
        let _ = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt());
    }

    /// The kind of connection that an address needs. A proxy is never used for this machine itself.
    fn kind(&self, url: &Url, timeouts: Timeouts) -> Result<Kind, WireError> {
        let (tls, local, host) = (url.scheme() == "https", is_local(url), host_name(url));
        if !tls && !local && !self.network.plain_http.contains(&host) {
            return Err(WireError::Insecure { host });
        }
        let port = url.port_or_known_default().unwrap_or_default();
        let proxy = if local { None } else { self.network.proxies.via(tls, &host, port)? };
        let with_tls = tls || proxy.as_ref().is_some_and(Proxy::is_tls);
        let trust = with_tls.then(|| self.trust.clone());
        Ok(Kind { tls, proxy, trust, connect: timeouts.connect })
    }

    fn client(&mut self, kind: Kind) -> Result<Client, WireError> {
        if let Some(kept) = self.clients.iter().find(|kept| kept.kind == kind) {
            return Ok(kept.client.clone());
        }
        let client = build(&kind, Manner::Alone)?;
        self.clients.push(Kept { kind, client: client.clone(), used: Instant::now() });
        Ok(client)
    }
}

/// Notes that an answer has come over a kind of connection.
fn note(clients: &mut [Kept], kind: &Kind) {
    clients.iter_mut().filter(|kept| kept.kind == *kind).for_each(|kept| kept.used = Instant::now());
}

/// The host of a URL with its port, as `host:port`: what a credential is bound to.
pub fn host_and_port(url: &str) -> Result<String, WireError> {
    parse_url(url).map(|url| host_of(&url))
}

/// The address that `place`, such as a path on the same host, means relative to another.
pub fn joined(base: &str, place: &str) -> Result<String, WireError> {
    let url = parse_url(base)?.join(place).map_err(|e| bad_address(place, &e.to_string()))?;
    parse_url(url.as_str()).map(String::from)
}

fn parse_url(text: &str) -> Result<Url, WireError> {
    if text.split_once("://").is_some_and(|(_, rest)| rest.is_empty() || rest.starts_with(['/', '?', '#'])) {
        // The parser would look for a host in the path.
        return Err(bad_address(text, "it names no host"));
    }
    let url = Url::parse(text).map_err(|e| bad_address(text, &address::reason(text, &e.to_string())))?;
    match url.scheme() {
        _ if !text.contains("://") => Err(bad_address(text, &address::reason(text, ""))),
        "http" | "https" if url.host_str().is_some_and(|host| !host.is_empty()) => Ok(url),
        "http" | "https" => Err(bad_address(text, "it names no host")),
        other => Err(bad_address(text, &format!("{other} is not http or https"))),
    }
}

fn bad_address(url: &str, reason: &str) -> WireError {
    WireError::Address { url: url.to_owned(), reason: reason.to_owned() }
}

fn host_name(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

fn host_of(url: &Url) -> String {
    format!("{}:{}", host_name(url), url.port_or_known_default().unwrap_or_default())
}

/// Whether the host is this machine itself. Only addresses and `localhost` count: any other name may resolve to
/// anything.
fn is_local(url: &Url) -> bool {
    let host = host_name(url);
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn headers(request: &Request) -> Result<HeaderMap, WireError> {
    let mut headers = HeaderMap::new();
    for (name, value) in &request.headers {
        let refused = || WireError::Client { cause: format!("the header {name} cannot be sent") };
        let value = HeaderValue::from_str(value).map_err(|_| refused())?;
        headers.insert(HeaderName::from_bytes(name.as_bytes()).map_err(|_| refused())?, value);
    }
    // A part of a compressed body cannot be decompressed alone.
    if !headers.contains_key(RANGE) {
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(GZIP));
    }
    Ok(headers)
}

/// Adds the credentials that go into the head of a request.
fn authorize(auth: &Auth, credential: &Credential, headers: &mut HeaderMap, url: &mut Url) -> Result<(), WireError> {
    let refused = || WireError::Client { cause: "the key cannot be sent".into() };
    let keyless = || WireError::Keyless { host: credential.host.clone() };
    for (name, value) in auth::headers(auth, credential).ok_or_else(keyless)? {
        let mut value = HeaderValue::from_str(value.expose()).map_err(|_| refused())?;
        value.set_sensitive(true);
        headers.insert(HeaderName::from_bytes(name.as_bytes()).map_err(|_| refused())?, value);
    }
    for (name, value) in auth::queries(auth, credential).ok_or_else(keyless)? {
        url.query_pairs_mut().append_pair(&name, value.expose());
    }
    Ok(())
}

fn send_error(error: &reqwest::Error, host: String, kind: &Kind) -> WireError {
    let Kind { tls, proxy, connect, .. } = kind;
    if frames::is_untouched(&links(error)) {
        let cause = "it takes no more calls over this connection, and did not take this one".into();
        return WireError::NotReached { host, cause, advice: None, passing: true };
    }
    let begun = is_garbled(error);
    match error.is_connect() {
        true if is_of_this_machine(error) => WireError::Client { cause: cause(error) },
        true => reach::unreached(error, Meant { host: &host, tls: *tls, proxy: proxy.as_ref(), within: *connect }),
        false if begun && !tls => WireError::Broken { host, cause: NO_HTTP.into(), begun },
        false => WireError::Broken { host, cause: cause(error), begun },
    }
}

/// A TLS server sends an alert, in its own format, to a client that does not use TLS.
const NO_HTTP: &str = "its answer is not HTTP; if it speaks TLS on this port, write https:// in its address";

/// Whether the answer was not HTTP.
fn is_garbled(error: &reqwest::Error) -> bool {
    links(error).iter().any(|error| error.downcast_ref().is_some_and(hyper::Error::is_parse))
}

/// Whether this machine has no file descriptors left for a connection.
fn is_of_this_machine(error: &reqwest::Error) -> bool {
    let full = [Errno::MFILE, Errno::NFILE].map(|errno| Some(errno.raw_os_error()));
    links(error).iter().any(|link| link.downcast_ref().is_some_and(|io: &io::Error| full.contains(&io.raw_os_error())))
}

#[cfg(test)]
mod tests;

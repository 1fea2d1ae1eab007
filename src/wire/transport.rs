//! Sends requests, with a runtime that is used only by this file and those with which it opens connections, waits, and
//! reads the answer.
//!
//! The runtime lives on the calling thread and only runs while this thread waits for the network. No redirect is
//! followed and nothing is retried: either would send a call twice without the caller's knowledge.

use std::error::Error;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use hyper::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, HOST, HeaderMap, HeaderName, HeaderValue, PROXY_AUTHORIZATION, RANGE,
    USER_AGENT,
};
use hyper::{Response, Version};
use rustix::io::Errno;
use tokio::runtime::Runtime;

use super::auth::{self, Credential};
use super::client::{Kind, cause, connector};
use super::connect::{AGENT, Connector};
use super::error::WireError;
use super::frames;
use super::head::head;
use super::incoming::Incoming;
use super::line::{Line, Lines, Lost, exchanged};
use super::network::Network;
use super::outgoing::Outgoing;
use super::pace::Pace;
use super::proxy::Proxy;
use super::reach::{self, Meant, links};
use super::shared::{Place, Turning, runtime};
use super::target::{Target, bad_address};
use super::trace::Trace;
use super::trust::Trust;
use super::unpack::{Body, Coding, GZIP};
use super::waiting::{Breaks, Clock, Waited, waiting};
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
    lines: Lines,
    /// What opens connections, of each kind that was needed. It is kept, since it has read the trusted issuers.
    connectors: Vec<(Kind, Connector)>,
    /// It ends the waits here.
    clock: Clock,
    runtime: Runtime,
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
    address: Option<(String, Arc<Target>)>,
}

/// A request that is ready to be sent.
struct Ready {
    http: hyper::Request<Outgoing>,
    target: Arc<Target>,
    kind: Kind,
    effect: Effect,
    limit: Duration,
}

/// The beginning of an answer, and what its body comes over.
type Begun<'w> = (Response<hyper::body::Incoming>, Turning<'w>, Option<&'w mut Line>);

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
        let (runtime, trust, lines, connectors) = (runtime()?, network.trust.clone(), Lines::default(), Vec::new());
        let (breaks, trace, show, quiet) = (Breaks::default(), None, None, false);
        let (left, place, beside, address, clock) = (Arc::default(), Place::default(), false, None, Clock::default());
        Ok(Wire {
            lines,
            connectors,
            clock,
            runtime,
            network,
            trust,
            breaks,
            trace,
            show,
            quiet,
            left,
            place,
            beside,
            address,
        })
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
        let answer = self.ready(request, effect, (auth, credential), timeouts);
        let answer = answer.and_then(|ready| self.answered(ready, timeouts));
        if answer.as_ref().map_or_else(|error| error.sent() != Sent::No, |_| true) {
            left.fetch_add(1, Ordering::Relaxed);
        }
        if let Some(trace) = trace {
            trace.comes(answer.as_ref().map(|answer| &answer.head), since);
        }
        answer
    }

    /// Writes a request, with all that it contains.
    fn ready(
        &mut self,
        request: &Request,
        effect: Effect,
        (auth, credential): (&Auth, Option<&Credential>),
        timeouts: Timeouts,
    ) -> Result<Ready, WireError> {
        let mut target = self.target(&auth.without_credentials(&request.url))?;
        let kind = self.kind(&target, timeouts)?;
        let method = request.verb.parse().map_err(|_| bad_address(&request.url, "unknown HTTP verb"))?;
        let mut headers = headers(request)?;
        let credential = credential.filter(|credential| credential.host == target.host);
        if let Some(credential) = credential {
            let keyless = || WireError::Keyless { host: credential.host.clone() };
            authorize(auth, credential, &mut headers)?;
            let queries = auth::queries(auth, credential).ok_or_else(keyless)?;
            if !queries.is_empty() {
                target = Arc::new(target.with(queries.iter().map(|(name, value)| (&**name, value.expose())))?);
            }
        }
        let keyless = || WireError::Keyless { host: target.host.clone() };
        let body = Outgoing::of(auth::open(&request.body, credential).ok_or_else(keyless)?)?;
        if let Some(trace) = &self.trace {
            trace.leaves(request, body.length());
        }
        headers.entry(ACCEPT).or_insert(ANYTHING);
        headers.entry(USER_AGENT).or_insert(AGENT);
        let limit = timeouts.idle + body.takes() + GRACE;
        let mut http = hyper::Request::new(body);
        *http.method_mut() = method;
        *http.uri_mut() = target.whole.clone();
        *http.headers_mut() = headers;
        Ok(Ready { http, target, kind, effect, limit })
    }

    fn answered(&mut self, ready: Ready, timeouts: Timeouts) -> Result<Answer<'_>, WireError> {
        let (begun, target, breaks) = (Instant::now(), Arc::clone(&ready.target), self.breaks.clone());
        let watch = self.watch(&target.host);
        let shares = self.beside && ready.kind.tls && self.place.may_share(&target.host);
        let (response, turning, line) = match shares {
            true => self.over_shared(ready, &watch, timeouts),
            false => self.over_own(ready, &watch, timeouts),
        }?;
        let coding = Coding::of(response.headers().get_all(CONTENT_ENCODING).iter().map(HeaderValue::as_bytes));
        let head = Head { packed: coding.left(), ..head(response.status().as_u16(), response.headers()) };
        let (pace, host) = (Pace::new(timeouts.idle, begun.elapsed()), target.host.clone());
        let body = Incoming::new((turning, line), response.into_body(), host, (pace, watch), breaks);
        Ok(Answer { head, body: Body::of(body, &coding) })
    }

    /// Sends a request over a connection of this client, and waits for the head of the answer.
    fn over_own(&mut self, ready: Ready, watch: &Watch, timeouts: Timeouts) -> Result<Begun<'_>, WireError> {
        let Ready { mut http, target, kind, effect, limit } = ready;
        let (at, connector) = self.connector(&kind)?;
        let login = connector.passed_on().filter(|_| !kind.tls);
        if login.is_none() {
            *http.uri_mut() = target.path.clone();
        }
        http.headers_mut().extend(login.flatten().cloned().map(|login| (PROXY_AUTHORIZATION, login)));
        http.headers_mut().insert(HOST, target.authority.clone());
        let kept = self.lines.take(at, &target.host, effect);
        let work = exchanged(kept, connector, target.whole.clone(), http);
        let mut turning = Turning::Here(&self.runtime, &mut self.clock);
        match turning.wait(limit, &self.breaks, watch, work) {
            Waited::Done(Ok((line, response))) => Ok((response, turning, self.lines.keep(at, &target.host, line))),
            Waited::Done(Err(lost)) => Err(send_error(&lost, &target.host, &kind)),
            Waited::TimedOut => Err(WireError::Timeout { host: target.host.clone(), after: timeouts.idle }),
            Waited::Broken(by) => Err(WireError::Interrupted { sent: Sent::Unknown, by }),
        }
    }

    /// The same over a connection that several clients share.
    fn over_shared(&mut self, ready: Ready, watch: &Watch, timeouts: Timeouts) -> Result<Begun<'_>, WireError> {
        let Ready { http, target, kind, effect, limit } = ready;
        let (client, handle) = self.place.client(&kind, effect)?;
        let mut turning = Turning::Elsewhere(handle);
        match turning.wait(limit, &self.breaks, watch, client.request(http)) {
            Waited::Done(Ok(response)) => {
                self.place.came(&kind, &target.host, response.version() == Version::HTTP_2);
                Ok((response, turning, None))
            }
            Waited::Done(Err(error)) if error.is_connect() => {
                Err(send_error(&Lost::Unreached(error.into()), &target.host, &kind))
            }
            Waited::Done(Err(error)) => Err(send_error(&Lost::Broken(error.into()), &target.host, &kind)),
            Waited::TimedOut => {
                self.place.leave(&kind);
                Err(WireError::Timeout { host: target.host.clone(), after: timeouts.idle })
            }
            Waited::Broken(by) => Err(WireError::Interrupted { sent: Sent::Unknown, by }),
        }
    }

    /// An address, read once as long as it is the same.
    fn target(&mut self, text: &str) -> Result<Arc<Target>, WireError> {
        if let Some((known, target)) = &self.address
            && known == text
        {
            return Ok(Arc::clone(target));
        }
        let target = Arc::new(Target::of(text)?);
        self.address = Some((text.to_owned(), Arc::clone(&target)));
        Ok(target)
    }

    /// Waits between two requests. Ctrl-C ends the wait with an error.
    pub fn pause(&self, length: Duration) -> Result<(), WireError> {
        let (unseen, nothing) = (Watch::of(None, ""), std::future::pending::<()>());
        let time = async { tokio::time::sleep(length).await };
        match self.runtime.block_on(waiting(time, &self.breaks, &unseen, nothing)) {
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
    fn kind(&self, target: &Target, timeouts: Timeouts) -> Result<Kind, WireError> {
        let (tls, local, host) = (target.is_tls(), target.is_local(), target.name());
        if !tls && !local && !self.network.plain_http.iter().any(|allowed| allowed == host) {
            return Err(WireError::Insecure { host: host.to_owned() });
        }
        let proxy = if local { None } else { self.network.proxies.via(tls, host, target.port())? };
        let with_tls = tls || proxy.as_ref().is_some_and(Proxy::is_tls);
        let trust = with_tls.then(|| self.trust.clone());
        Ok(Kind { tls, proxy, trust, connect: timeouts.connect })
    }

    /// What opens connections of a kind, and the number of that kind.
    fn connector(&mut self, kind: &Kind) -> Result<(usize, Connector), WireError> {
        let known = self.connectors.iter().enumerate().find(|(_, (known, _))| known == kind);
        if let Some((at, (_, connector))) = known {
            return Ok((at, connector.clone()));
        }
        let new = connector(kind)?;
        self.connectors.push((kind.clone(), new.clone()));
        Ok((self.connectors.len() - 1, new))
    }
}

/// What is accepted, unless a request says something else.
const ANYTHING: HeaderValue = HeaderValue::from_static("*/*");

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
fn authorize(auth: &Auth, credential: &Credential, headers: &mut HeaderMap) -> Result<(), WireError> {
    let refused = || WireError::Client { cause: "the key cannot be sent".into() };
    let keyless = || WireError::Keyless { host: credential.host.clone() };
    for (name, value) in auth::headers(auth, credential).ok_or_else(keyless)? {
        let mut value = HeaderValue::from_str(value.expose()).map_err(|_| refused())?;
        value.set_sensitive(true);
        headers.insert(HeaderName::from_bytes(name.as_bytes()).map_err(|_| refused())?, value);
    }
    Ok(())
}

fn send_error(lost: &Lost, host: &str, kind: &Kind) -> WireError {
    let Kind { tls, proxy, connect, .. } = kind;
    let (Lost::Unreached(error) | Lost::Broken(error)) = lost;
    let (error, host): (&(dyn Error + 'static), _) = (&**error, host.to_owned());
    if frames::is_untouched(&links(error)) {
        let cause = "it takes no more calls over this connection, and did not take this one".into();
        return WireError::NotReached { host, cause, advice: None, passing: true };
    }
    let begun = is_garbled(error);
    match lost {
        Lost::Unreached(_) if is_of_this_machine(error) => WireError::Client { cause: cause(error) },
        Lost::Unreached(_) => {
            reach::unreached(error, Meant { host: &host, tls: *tls, proxy: proxy.as_ref(), within: *connect })
        }
        Lost::Broken(_) if begun && !tls => WireError::Broken { host, cause: NO_HTTP.into(), begun },
        Lost::Broken(_) => WireError::Broken { host, cause: cause(error), begun },
    }
}

/// A TLS server sends an alert, in its own format, to a client that does not use TLS.
const NO_HTTP: &str = "its answer is not HTTP; if it speaks TLS on this port, write https:// in its address";

/// Whether the answer was not HTTP.
fn is_garbled(error: &(dyn Error + 'static)) -> bool {
    links(error).iter().any(|error| error.downcast_ref().is_some_and(hyper::Error::is_parse))
}

/// Whether this machine has no file descriptors left for a connection.
fn is_of_this_machine(error: &(dyn Error + 'static)) -> bool {
    let full = [Errno::MFILE, Errno::NFILE].map(|errno| Some(errno.raw_os_error()));
    links(error).iter().any(|link| link.downcast_ref().is_some_and(|io: &io::Error| full.contains(&io.raw_os_error())))
}

#[cfg(test)]
mod tests;

//! Why no connection was made, in plain words: what could not be reached, what is wrong, and what to do. The messages
//! of the libraries are written for developers; none of them is shown to the user unchanged.

use std::error::Error;
use std::fmt::Display;
use std::io;
use std::time::Duration;

use super::connect::is_late;
use super::error::{Fault, WireError, seconds};
use super::proxy::Proxy;
use super::tls;

/// The connection that was attempted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meant<'m> {
    /// `host:port` of the service.
    pub(super) host: &'m str,
    /// The service uses TLS.
    pub(super) tls: bool,
    /// The proxy in between.
    pub(super) proxy: Option<&'m Proxy>,
    /// The time limit for a connection.
    pub(super) within: Duration,
}

/// The error of a connection that was not made. `error` is that of the HTTP library.
pub(super) fn unreached(error: &(dyn Error + 'static), meant: Meant<'_>) -> WireError {
    let links = links(error);
    let tunnel = links.iter().find_map(|link| link.to_string().strip_prefix("tunnel error: ").map(str::to_owned));
    let (host, fault) = match meant.proxy {
        // After the tunnel the service itself answers; without one, only the proxy is contacted.
        Some(proxy) if tunnel.is_some() || !meant.tls => {
            (proxy.to_string(), of_proxy(&links, tunnel.as_deref().unwrap_or_default(), meant, proxy))
        }
        Some(proxy) => (format!("{} through {proxy}", meant.host), found(&links, meant.tls, meant.within)),
        None => (meant.host.to_owned(), found(&links, meant.tls, meant.within)),
    };
    let Fault { words, advice, passing } = fault;
    WireError::NotReached { host, cause: words, advice, passing }
}

/// An error and all its causes. The error wrapped in an I/O error is not among its sources.
pub(super) fn links<'e>(error: &'e (dyn Error + 'static)) -> Vec<&'e (dyn Error + 'static)> {
    fn next<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e (dyn Error + 'static)> {
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        }
    }
    std::iter::successors(Some(error), |error| next(*error)).collect()
}

/// What went wrong on the way to a proxy, or with the request to it. `tunnel` is the library's message about the
/// tunnel.
fn of_proxy(links: &[&(dyn Error + 'static)], tunnel: &str, meant: Meant<'_>, proxy: &Proxy) -> Fault {
    let (by, target) = (proxy.variable(), meant.host);
    match tunnel {
        "proxy authorization required" => Fault::lasting("it asks for a user name and a password, or for other ones")
            .advise(format!("write them into {by}: http://USER:PASSWORD@HOST:PORT")),
        "unsuccessful" => Fault::lasting(format!("it refused to connect to {target}"))
            .advise("ask the operator of the proxy, or name the host in NO_PROXY"),
        "unexpected end of file" => {
            Fault::passing(format!("it closed the connection instead of connecting to {target}"))
        }
        "proxy response headers too long" => Fault::lasting("its answer is too long to be that of a proxy"),
        _ => {
            let fault = found(links, proxy.is_tls(), meant.within);
            let advice = match fault.advice {
                _ if links.iter().any(|link| tls::is_no_tls(*link)) => {
                    format!("write http:// in {by} if the proxy itself does not use TLS")
                }
                Some(advice) if !fault.passing => advice,
                _ => format!("check {by}, and that the proxy is running"),
            };
            Fault { advice: Some(advice), ..fault }
        }
    }
}

/// What went wrong with the other side of a connection.
fn found(links: &[&(dyn Error + 'static)], tls: bool, within: Duration) -> Fault {
    if let Some(fault) = links.iter().find_map(|link| tls::fault(*link)) {
        return fault;
    }
    let says = |words: &str| links.iter().any(|link| link.to_string() == words);
    let innermost = links.iter().filter_map(|link| link.downcast_ref::<io::Error>()).next_back();
    if says("dns error") {
        let words = innermost.map(|error| plain(error).trim_start_matches(LOOKUP).to_owned()).unwrap_or_default();
        return Fault::passing(format!("its name cannot be resolved ({words})"))
            .advise("check the name, and the network");
    }
    if links.iter().any(|link| is_late(*link)) {
        return Fault::passing(format!("no connection within {}", seconds(within)));
    }
    let in_handshake = tls && !says("tcp connect error");
    match innermost {
        Some(error) if in_handshake && is_cut(error) => {
            Fault::passing("it closed the connection while TLS was being set up")
        }
        Some(error) => Fault::passing(plain(error)),
        None => Fault::passing(links.last().map_or_else(|| "the connection failed".into(), ToString::to_string)),
    }
}

/// The C library's prefix before the reason.
const LOOKUP: &str = "failed to lookup address information: ";

fn is_cut(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), UnexpectedEof | ConnectionReset | ConnectionAborted | BrokenPipe)
}

/// A system error without its number.
pub(super) fn plain(error: &dyn Display) -> String {
    let text = error.to_string();
    text.split(" (os error ").next().unwrap_or_default().to_owned()
}

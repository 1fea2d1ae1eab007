//! The sandbox: a simulated account to learn on, to test against and to break without harm.
//!
//! A server of its own on the loopback interface speaks the provider's real wire format, keeps state for as long as it
//! runs, and refuses what the provider refuses. It starts the same way every time: same services, same ids, and
//! dates as many days before or after today.

mod artnet;
mod auth;
mod caas;
mod form;
mod kit;
mod log;
mod memset;
mod server;
mod tls;
mod vpsnet;

use std::time::{Duration, SystemTime};

pub use memset::DEFAULT_KEY;
pub use server::Server;

/// What a sandbox is like.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port to listen on; 0 takes any free one.
    pub port: u16,
    /// The key of the account.
    pub key: String,
    /// Whether `system.methodSignature` and `system.multicall` are there: the provider documents neither.
    pub introspection: bool,
    /// Whether the account is a partner's, with accounts of its own to manage.
    pub partner: bool,
    /// Whether it speaks TLS, with a certificate made at start.
    pub tls: bool,
    /// The status that a wrong login is refused with, where the provider is known to use several: 403, 404 or 406.
    pub refused_login: u16,
    /// What time it is when the sandbox starts: its story ends there.
    pub starts: SystemTime,
    /// How long every answer is held back.
    pub latency: Duration,
    /// How long every job takes.
    pub job_time: Duration,
    /// Whether the services that have words for it are down for maintenance.
    pub maintenance: bool,
    /// How long a report is in the making, where only so many may be.
    pub report_time: Duration,
    /// How many servers the cloud with pages has beside its usual ones.
    pub more_servers: usize,
    /// Who is told of every request when it has come in: its verb, its path and the size of its body.
    pub log: Option<fn(&str)>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            port: 0,
            key: DEFAULT_KEY.to_owned(),
            introspection: true,
            partner: false,
            tls: false,
            refused_login: 403,
            starts: SystemTime::now(),
            latency: Duration::ZERO,
            job_time: Duration::from_secs(3),
            maintenance: false,
            report_time: Duration::ZERO,
            more_servers: 0,
            log: None,
        }
    }
}

/// A simulated account, as a client needs to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The provider's id.
    pub provider: &'static str,
    /// The address of its default transport.
    pub url: String,
    /// The account's name, for providers that want one beside the key.
    pub user: Option<String>,
    /// The key.
    pub key: String,
}

/// One provider's service, simulated.
trait Service: Send {
    /// The account to log in to, at a server with that root (`http://127.0.0.1:PORT`).
    fn account(&self, root: &str) -> Account;

    /// Whether a request for that path is this service's to answer.
    fn claims(&self, path: &str) -> bool;

    /// Answers a request.
    fn respond(&mut self, request: &Request) -> Response;

    /// The calls so far: what was called, and with what.
    fn requests(&self) -> &[(String, String)];

    /// Winds the clock on.
    fn advance(&mut self, by: Duration);
}

/// A request as the server took it in.
#[derive(Clone, Debug, Default)]
struct Request {
    verb: String,
    path: String,
    /// What stands behind the `?`, as it came.
    query: String,
    authorization: Option<String>,
    cookie: Option<String>,
    content_type: Option<String>,
    range: Option<String>,
    body: Vec<u8>,
}

impl Request {
    /// The `charset` parameter of its media type.
    fn charset(&self) -> Option<&str> {
        let parameters = self.content_type.as_deref()?.split(';').skip(1);
        let mut parameters = parameters.filter_map(|parameter| parameter.trim().split_once('='));
        let (_, value) = parameters.find(|(name, _)| name.eq_ignore_ascii_case("charset"))?;
        Some(value.trim_matches('"'))
    }

    /// Whether its body is a form.
    fn is_form(&self) -> bool {
        let media = self.content_type.as_deref().and_then(|text| text.split(';').next()).unwrap_or_default();
        media.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
    }
}

/// What goes back.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Response {
    status: u16,
    content_type: &'static str,
    /// Headers beside those that every answer has.
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Response {
    /// An answer of some media type.
    fn new(status: u16, content_type: &'static str, body: Vec<u8>) -> Response {
        Response { status, content_type, headers: Vec::new(), body }
    }

    /// A page for people, as web servers answer what is no call.
    fn page(status: u16, title: &str) -> Response {
        let body = format!("<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n");
        Response::new(status, "text/html; charset=utf-8", body.into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_media_type_is_taken_apart() {
        for (content_type, charset, form) in [
            ("text/xml", None, false),
            ("text/xml; charset=utf-8", Some("utf-8"), false),
            ("text/xml;boundary=x; Charset=\"ISO-8859-1\"", Some("ISO-8859-1"), false),
            ("charset=utf-8", None, false),
            ("Application/X-WWW-Form-Urlencoded; charset=utf-8", Some("utf-8"), true),
        ] {
            let request = Request { content_type: Some(content_type.into()), ..Request::default() };
            assert_eq!((request.charset(), request.is_form()), (charset, form), "{content_type}");
        }
    }
}

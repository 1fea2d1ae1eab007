//! The address of a request: what it names, and how it is written on its way.

use std::net::IpAddr;

use hyper::Uri;
use hyper::header::HeaderValue;
use url::Url;

use super::address;
use super::error::WireError;

/// A parsed address.
#[derive(Clone, Debug)]
pub(super) struct Target {
    url: Url,
    /// `host:port`: what a credential is bound to.
    pub(super) host: String,
    /// The whole address, as a proxy is given it. Without user and password, which are never sent from an address.
    pub(super) whole: Uri,
    /// What the service itself is given: the path and the query.
    pub(super) path: Uri,
    /// The `Host` header: without the port that the scheme has anyway.
    pub(super) authority: HeaderValue,
}

impl Target {
    /// Parses an address.
    pub(super) fn of(text: &str) -> Result<Target, WireError> {
        Target::new(parse(text)?)
    }

    /// The same with more parameters at its end.
    pub(super) fn with<'q>(&self, queries: impl Iterator<Item = (&'q str, &'q str)>) -> Result<Target, WireError> {
        let mut url = self.url.clone();
        url.query_pairs_mut().extend_pairs(queries);
        Target::new(url)
    }

    fn new(mut url: Url) -> Result<Target, WireError> {
        // Only an address without a host refuses that.
        let _ = url.set_username("").and_then(|()| url.set_password(None));
        let host = format!("{}:{}", name(&url), port(&url));
        let refused = || bad_address(&host, "it cannot be written into a request");
        let whole: Uri = url.as_str().parse().map_err(|_| refused())?;
        let path = whole.path_and_query().cloned().map(Uri::from).unwrap_or_default();
        let authority = whole.authority().and_then(|place| HeaderValue::from_str(place.as_str()).ok());
        let authority = authority.ok_or_else(refused)?;
        Ok(Target { url, host, whole, path, authority })
    }

    /// Whether it is reached over TLS.
    pub(super) fn is_tls(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// The name or address of the host.
    pub(super) fn name(&self) -> &str {
        name(&self.url)
    }

    /// Its port.
    pub(super) fn port(&self) -> u16 {
        port(&self.url)
    }

    /// Whether the host is this machine itself. Only addresses and `localhost` count: any other name may resolve to
    /// anything.
    pub(super) fn is_local(&self) -> bool {
        let address = self.name().trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        self.name() == "localhost" || address.is_ok_and(|address| address.is_loopback())
    }
}

fn name(url: &Url) -> &str {
    url.host_str().unwrap_or_default()
}

fn port(url: &Url) -> u16 {
    url.port_or_known_default().unwrap_or_default()
}

/// The host of a URL with its port, as `host:port`: what a credential is bound to.
pub fn host_and_port(url: &str) -> Result<String, WireError> {
    parse(url).map(|url| format!("{}:{}", name(&url), port(&url)))
}

/// The address that `place`, such as a path on the same host, means relative to another.
pub fn joined(base: &str, place: &str) -> Result<String, WireError> {
    let url = parse(base)?.join(place).map_err(|e| bad_address(place, &e.to_string()))?;
    parse(url.as_str()).map(String::from)
}

fn parse(text: &str) -> Result<Url, WireError> {
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

/// The error of an address that cannot be used.
pub(super) fn bad_address(url: &str, reason: &str) -> WireError {
    WireError::Address { url: url.to_owned(), reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_local() {
        for (url, local) in [
            ("http://127.0.0.1:80/", true),
            ("http://[::1]/x", true),
            ("http://localhost:8080/", true),
            ("http://127.0.0.1.example.com/", false),
            ("http://192.0.2.1/", false),
            ("http://localhost.example.com/", false),
        ] {
            assert_eq!(Target::of(url).unwrap().is_local(), local, "{url}");
        }
    }

    #[test]
    fn addresses_that_cannot_be_used_are_refused() {
        for bad in ["", "service.list", "ftp://example.com/", "http://", "http:///v1", "https://?x", "http://exa mple/"]
        {
            assert!(matches!(host_and_port(bad), Err(WireError::Address { .. })), "{bad}");
            assert!(matches!(Target::of(bad), Err(WireError::Address { .. })), "{bad}");
        }
        assert_eq!(host_and_port("https://example.com/v1").unwrap(), "example.com:443");
    }

    #[test]
    fn an_address_is_written_as_a_service_and_a_proxy_take_it() {
        for (url, host, whole, path, authority) in [
            ("https://example.com", "example.com:443", "https://example.com/", "/", "example.com"),
            ("http://h:80/a?b=c#d", "h:80", "http://h/a?b=c", "/a?b=c", "h"),
            ("http://[::1]:8080/x", "[::1]:8080", "http://[::1]:8080/x", "/x", "[::1]:8080"),
            ("https://me:secret@h/é", "h:443", "https://h/%C3%A9", "/%C3%A9", "h"),
        ] {
            let target = Target::of(url).unwrap();
            let found = (&*target.host, target.whole.to_string(), target.path.to_string(), &target.authority);
            assert_eq!(found, (host, whole.to_owned(), path.to_owned(), &HeaderValue::from_static(authority)), "{url}");
        }
        let more = Target::of("http://h/a?b=c").unwrap().with([("key", "x y")].into_iter()).unwrap();
        assert_eq!(more.path.to_string(), "/a?b=c&key=x+y");
    }
}

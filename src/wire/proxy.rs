//! Proxies, as named by environment variables. A variable that is not valid is an error with its name: if it were
//! silently ignored, requests would bypass the proxy.
//!
//! The variables are those of curl: HTTPS_PROXY and HTTP_PROXY for the scheme of the address, ALL_PROXY for both, and
//! NO_PROXY for the hosts that are contacted directly; the lower-case names apply if the upper-case ones are not set.
//! An empty variable counts as not set. Their values are never shown, since they may contain a password.

use std::ffi::OsString;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use hyper::Uri;
use hyper_util::client::proxy::matcher::Matcher;

use super::error::WireError;
use model::Secret;

// The variables, the name that takes precedence first in each pair.
const HTTPS: [&str; 2] = ["HTTPS_PROXY", "https_proxy"];
const HTTP: [&str; 2] = ["HTTP_PROXY", "http_proxy"];
const ALL: [&str; 2] = ["ALL_PROXY", "all_proxy"];
const NO: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// The values of the variables. They are only parsed when they are needed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies(Vec<Variable>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Variable {
    name: &'static str,
    /// `None` if it is not valid text.
    value: Option<Secret>,
}

/// One proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// The variable that names it.
    name: &'static str,
    /// It uses TLS.
    tls: bool,
    /// A name or an address; an IPv6 address is in brackets.
    host: String,
    port: u16,
    /// User and password.
    pub(super) login: Option<(Secret, Secret)>,
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the proxy {}:{} ({})", self.host, self.port, self.name)
    }
}

impl Proxy {
    /// Its address, without user and password.
    pub(super) fn url(&self) -> String {
        format!("{}://{}:{}", if self.tls { "https" } else { "http" }, self.host, self.port)
    }

    /// Its host and port.
    pub fn place(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// The variable that names it.
    pub fn variable(&self) -> &'static str {
        self.name
    }

    /// Whether it uses TLS.
    pub(super) fn is_tls(&self) -> bool {
        self.tls
    }
}

impl Proxies {
    /// The proxies in the environment, which is queried by the names of the variables. `as_script` means that a web
    /// server runs the program as a CGI script: HTTP_PROXY may then come from a `Proxy` header of the request, and is
    /// ignored.
    pub fn new(environment: impl Fn(&str) -> Option<OsString>, as_script: bool) -> Proxies {
        let names = [HTTPS, HTTP, ALL, NO].into_iter().filter_map(|names| {
            let mut set = names.into_iter().filter(|name| !(as_script && *name == "HTTP_PROXY"));
            set.find_map(|name| {
                let value = environment(name).filter(|value| !value.is_empty())?;
                Some(Variable { name, value: value.into_string().ok().map(Secret::new) })
            })
        });
        Proxies(names.collect())
    }

    /// The proxy for an address, if there is one. The host is a name or an address, with or without brackets.
    pub(super) fn via(&self, tls: bool, host: &str, port: u16) -> Result<Option<Proxy>, WireError> {
        let own = if tls { HTTPS } else { HTTP };
        let Some(variable) = self.find(own).or_else(|| self.find(ALL)) else { return Ok(None) };
        if let Some(no) = self.find(NO)
            && spared(no.text()?, host, port).map_err(|reason| no.fault(reason))?
        {
            return Ok(None);
        }
        variable.proxy().map(Some)
    }

    /// Every configured proxy, to check them in advance; an error in NO_PROXY comes last.
    pub fn check(&self) -> Vec<Result<Proxy, WireError>> {
        let named = self.0.iter().filter(|variable| !NO.contains(&variable.name));
        let mut found: Vec<_> = named.map(Variable::proxy).collect();
        if let Some(no) = self.find(NO) {
            let understood = no.text().and_then(|list| spared(list, "example", 0).map_err(|reason| no.fault(reason)));
            found.extend(understood.err().map(Err));
        }
        found
    }

    fn find(&self, names: [&str; 2]) -> Option<&Variable> {
        self.0.iter().find(|variable| names.contains(&variable.name))
    }
}

impl Variable {
    fn text(&self) -> Result<&str, WireError> {
        let text = self.value.as_ref().map(Secret::expose);
        text.map(str::trim).ok_or_else(|| self.fault("it is not UTF-8".into()))
    }

    fn proxy(&self) -> Result<Proxy, WireError> {
        parsed(self.name, self.text()?).map_err(|reason| self.fault(reason))
    }

    fn fault(&self, reason: String) -> WireError {
        WireError::Proxy { name: self.name, reason }
    }
}

/// Parses `[http://][USER:PASSWORD@]HOST[:PORT]`. Errors show nothing that may be a password.
fn parsed(name: &'static str, text: &str) -> Result<Proxy, String> {
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (Some(scheme.to_ascii_lowercase()), rest),
        None => (None, text),
    };
    let tls = match scheme.as_deref() {
        None | Some("http") => false,
        Some("https") => true,
        Some(scheme) if scheme.starts_with("socks") => {
            return Err("marsh does not support SOCKS proxies; name an http proxy, as http://HOST:PORT".into());
        }
        Some(_) => return Err("the part before :// must be http or https; write http://HOST:PORT".into()),
    };
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (login, place) = match rest.rsplit_once('@') {
        Some((login, place)) => (Some(self::login(login)?), place),
        None => (None, rest),
    };
    if place.contains(['/', '?', '#', '\\']) || place.contains(char::is_whitespace) {
        return Err("it has more than a host and a port; write http://HOST:PORT".into());
    }
    let (host, port) = host_and_port(place)?;
    let port = match (port, &scheme) {
        (Some(port), _) => port,
        (None, Some(_)) => {
            if tls {
                443
            } else {
                80
            }
        }
        (None, None) => return Err("it names no port; write http://HOST:PORT".into()),
    };
    Ok(Proxy { name, tls, host, port, login })
}

/// User and password, with special characters percent-encoded.
fn login(text: &str) -> Result<(Secret, Secret), String> {
    let (user, password) = text.split_once(':').unwrap_or((text, ""));
    let decoded = |what: &str, text: &str| {
        let strange = |c: char| matches!(c, '/' | '?' | '#' | '\\') || c.is_whitespace();
        if let Some(c) = text.chars().find(|c| strange(*c)) {
            let code = model::escape::percent(c.encode_utf8(&mut [0; 4])).into_owned();
            let shown = if c.is_whitespace() { "a space".to_owned() } else { format!("`{c}`") };
            return Err(format!("its {what} contains {shown}; write {code} for that"));
        }
        let text = model::escape::unpercent(text);
        let text = text.ok_or_else(|| {
            format!("its {what} contains a `%` that is not followed by two hex digits; write %25 for that")
        })?;
        match text.contains(char::is_control) {
            true => Err(format!("its {what} contains a control character")),
            false => Ok(text),
        }
    };
    let user = decoded("user name", user)?;
    if user.contains(':') {
        return Err("its user name contains a colon, so no proxy could know where it ends".into());
    }
    Ok((Secret::new(user), Secret::new(decoded("password", password)?)))
}

fn host_and_port(place: &str) -> Result<(String, Option<u16>), String> {
    let (host, port) = match place.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, rest)) if address.parse::<Ipv6Addr>().is_ok() => {
            (format!("[{address}]"), rest.strip_prefix(':'))
        }
        Some(_) => return Err("the part in brackets is not an IPv6 address".into()),
        None if place.parse::<Ipv6Addr>().is_ok() => {
            return Err("an IPv6 address needs brackets; write http://[ADDRESS]:PORT".into());
        }
        None => match place.split_once(':') {
            Some((host, port)) => (host.to_owned(), Some(port)),
            None => (place.to_owned(), None),
        },
    };
    let is_name = |host: &str| host.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c));
    if host.is_empty() || !(host.starts_with('[') || is_name(&host)) {
        return Err("it names no host; write http://HOST:PORT".into());
    }
    match port.map(str::parse::<u16>) {
        None => Ok((host, None)),
        Some(Ok(port)) if port > 0 => Ok((host, Some(port))),
        Some(_) => Err("the port must be a number from 1 to 65535; write http://HOST:PORT".into()),
    }
}

/// Whether a list of hosts contains this one: by name and all its subdomains, by address, by network, by `*`; with a
/// port, for that port only. The comparison is done by the HTTP client's own library.
fn spared(list: &str, host: &str, port: u16) -> Result<bool, String> {
    let (mut plain, mut all) = (Vec::new(), false);
    for entry in list.split([',', ' ', '\t', '\n']).filter(|entry| !entry.is_empty()) {
        let (name, only) = split_port(entry);
        let name = name.strip_prefix("*.").map_or(name.to_owned(), |rest| format!(".{rest}"));
        if !is_understood(&name) {
            return Err(format!(
                "`{entry}` in it is not a host, a domain or an address; write a network as in 192.168.0.0/16"
            ));
        }
        if only.is_none_or(|only| only == port) {
            // The library treats it as a name, which an address does not match.
            all |= name == "*";
            plain.push(name.trim_end_matches('.').to_owned());
        }
    }
    let matcher = Matcher::builder().all("http://proxy:1").no(plain.join(",")).build();
    let host = host.trim_end_matches('.');
    let address: Uri =
        format!("http://{host}/").parse().map_err(|_| "it cannot be compared with the host".to_owned())?;
    Ok(all || matcher.intercept(&address).is_none())
}

fn split_port(entry: &str) -> (&str, Option<u16>) {
    let port = |text: &str| text.parse::<u16>().ok();
    if let Some((address, rest)) = entry.strip_prefix('[').and_then(|entry| entry.split_once(']')) {
        return (address, rest.strip_prefix(':').and_then(port));
    }
    match entry.split_once(':') {
        Some((name, after)) if port(after).is_some() => (name, port(after)),
        _ => (entry, None),
    }
}

fn is_understood(entry: &str) -> bool {
    let is_domain = |text: &str| {
        let labels = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c));
        // Numbers alone are an address, or a mistake.
        labels(text) && text.contains(|c: char| c.is_ascii_alphabetic())
    };
    let is_network = |address: &str, bits: &str| {
        let most = match address.parse::<IpAddr>() {
            Ok(IpAddr::V4(_)) => 32,
            Ok(IpAddr::V6(_)) => 128,
            Err(_) => return false,
        };
        bits.parse::<u8>().is_ok_and(|bits| bits <= most)
    };
    match entry.split_once('/') {
        Some((address, bits)) => is_network(address, bits),
        None => entry == "*" || entry.parse::<IpAddr>().is_ok() || is_domain(entry),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Class, Diagnostic, Sent};

    fn proxies(set: &[(&str, &str)]) -> Proxies {
        let value = |name: &str| set.iter().find(|(set, _)| *set == name).map(|(_, value)| OsString::from(value));
        Proxies::new(value, false)
    }

    fn via(set: &[(&str, &str)], tls: bool, host: &str) -> String {
        match proxies(set).via(tls, host, if tls { 443 } else { 80 }) {
            Ok(Some(proxy)) => format!("{proxy} {}", proxy.url()),
            Ok(None) => String::new(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn the_scheme_of_the_address_chooses_the_variable() {
        let (a, b, c) = (("HTTPS_PROXY", "http://a:1"), ("HTTP_PROXY", "http://b:2"), ("ALL_PROXY", "http://c:3"));
        for (set, tls, found) in [
            (&[a, b, c][..], true, "the proxy a:1 (HTTPS_PROXY) http://a:1"),
            (&[a, b, c], false, "the proxy b:2 (HTTP_PROXY) http://b:2"),
            (&[b, c], true, "the proxy c:3 (ALL_PROXY) http://c:3"),
            (&[b], true, ""),
            (&[("https_proxy", "http://a:1")], true, "the proxy a:1 (https_proxy) http://a:1"),
            (&[a, ("https_proxy", "http://d:4")], true, "the proxy a:1 (HTTPS_PROXY) http://a:1"),
            (&[("HTTPS_PROXY", ""), ("https_proxy", "http://d:4")], true, "the proxy d:4 (https_proxy) http://d:4"),
            (&[], true, ""),
        ] {
            assert_eq!(via(set, tls, "example.com"), found, "{set:?}");
        }
        let script = Proxies::new(|name| name.eq_ignore_ascii_case("HTTP_PROXY").then(|| "http://evil:1".into()), true);
        assert_eq!(script.via(false, "example.com", 80).unwrap().unwrap().variable(), "http_proxy");
    }

    #[test]
    fn a_proxy_is_understood_or_refused() {
        for (value, found) in [
            ("http://proxy.example.com:3128", "http://proxy.example.com:3128"),
            ("HTTP://proxy:3128/", "http://proxy:3128"),
            ("proxy:3128", "http://proxy:3128"),
            (" 127.0.0.1:9 ", "http://127.0.0.1:9"),
            ("http://proxy", "http://proxy:80"),
            ("https://proxy", "https://proxy:443"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("http://u:p@proxy:1", "http://proxy:1"),
            ("u:canary@proxy:1", "http://proxy:1"),
            ("http://u:a%23b%25@proxy:1", "http://proxy:1"),
            ("http://u:a@b:c@proxy:1", "http://proxy:1"),
        ] {
            let proxy = parsed("HTTPS_PROXY", value.trim()).unwrap();
            assert_eq!(proxy.url(), found, "{value}");
        }
        for (value, reason) in [
            ("http://u:canary#b@127.0.0.1:9", "its password contains `#`; write %23 for that"),
            ("http://u:canary/b@127.0.0.1:9", "its password contains `/`; write %2F for that"),
            ("http://u:canary?b@127.0.0.1:9", "its password contains `?`; write %3F for that"),
            ("http://u:canary\\b@127.0.0.1:9", "its password contains `\\`; write %5C for that"),
            ("http://u:canary b@127.0.0.1:9", "its password contains a space; write %20 for that"),
            (
                "http://u:canary%b@127.0.0.1:9",
                "its password contains a `%` that is not followed by two hex digits; write %25",
            ),
            ("http://u:canary%0ab@127.0.0.1:9", "its password contains a control character"),
            ("http://u#canary:b@127.0.0.1:9", "its user name contains `#`"),
            ("http://u%3Acanary:b@127.0.0.1:9", "its user name contains a colon"),
            ("socks5://canary@127.0.0.1:9", "marsh does not support SOCKS proxies"),
            ("SOCKS4a://127.0.0.1:9", "marsh does not support SOCKS proxies"),
            ("htp://canary:9", "must be http or https"),
            ("http//canary:9", "more than a host and a port"),
            ("http:/canary:9", "more than a host and a port"),
            ("garbage", "it names no port"),
            ("http://", "it names no host"),
            ("http://:9", "it names no host"),
            ("http://canary!:9", "it names no host"),
            ("http://münchen:9", "it names no host"),
            ("http://proxy:canary", "the port must be a number"),
            ("http://proxy:0", "the port must be a number"),
            ("http://proxy:99999", "the port must be a number"),
            ("http://u:canary:proxy:1", "the port must be a number"),
            ("http://proxy:1/canary", "more than a host and a port"),
            ("http://::1", "needs brackets"),
            ("http://[canary]:1", "not an IPv6 address"),
            ("", "it names no port"),
        ] {
            let found = parsed("HTTPS_PROXY", value).unwrap_err();
            assert!(found.contains(reason) || value.is_empty() && found.contains("host"), "{value}: {found}");
            assert!(!found.contains("canary"), "{found}");
        }
    }

    #[test]
    fn an_invalid_variable_is_named_but_its_value_is_not_shown() {
        for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
            let error = proxies(&[(name, "http://u:canary#b@h:1")]).via(true, "example.com", 443).unwrap_err();
            let words = format!("{error} {:?} {:?}", error.hint(), proxies(&[(name, "canary")]));
            assert!(words.starts_with(&format!("{name}: its password")) && !words.contains("canary"), "{words}");
            assert_eq!((error.class(), error.sent(), error.retryable()), (Class::Usage, Sent::No, false));
        }
        let text = |_: &str| Some(std::os::unix::ffi::OsStringExt::from_vec(vec![0xff]));
        let error = Proxies::new(text, false).via(true, "example.com", 443).unwrap_err();
        assert_eq!(error.to_string(), "NO_PROXY: it is not UTF-8");
    }

    #[test]
    fn hosts_are_excluded_as_in_curl() {
        for (list, host, port, spared_) in [
            ("", "example.com", 443, Ok(false)),
            ("*", "example.com", 443, Ok(true)),
            ("a, *", "example.com", 443, Ok(true)),
            ("*", "192.0.2.1", 443, Ok(true)),
            ("*:80", "[2001:db8::1]", 443, Ok(false)),
            ("example.com", "example.com", 443, Ok(true)),
            ("Example.COM", "api.example.com", 443, Ok(true)),
            (".example.com", "api.example.com", 443, Ok(true)),
            ("*.example.com", "api.example.com", 443, Ok(true)),
            ("example.com.", "example.com", 443, Ok(true)),
            ("ample.com", "example.com", 443, Ok(false)),
            ("a b\tc,example.com", "example.com", 443, Ok(true)),
            ("example.com:443", "example.com", 443, Ok(true)),
            ("example.com:8443", "example.com", 443, Ok(false)),
            ("192.0.2.1", "192.0.2.1", 443, Ok(true)),
            ("192.0.2.0/24", "192.0.2.77", 443, Ok(true)),
            ("192.0.2.0/24", "192.0.3.77", 443, Ok(false)),
            ("2001:db8::/32", "[2001:db8::1]", 443, Ok(true)),
            ("[2001:db8::1]:443", "[2001:db8::1]", 443, Ok(true)),
            ("[2001:db8::1]", "[2001:db8::2]", 443, Ok(false)),
            ("192.168.*", "example.com", 443, Err("`192.168.*`")),
            ("10.0/8", "example.com", 443, Err("`10.0/8`")),
            ("192.0.2.0/33", "example.com", 443, Err("192.168.0.0/16")),
            ("http://example.com", "example.com", 443, Err("`http://example.com`")),
            ("<local>", "example.com", 443, Err("`<local>`")),
            ("1.2.3", "example.com", 443, Err("`1.2.3`")),
        ] {
            let found = spared(list, host, port);
            match spared_ {
                Ok(wanted) => assert_eq!(found, Ok(wanted), "{list} {host}"),
                Err(words) => assert!(found.clone().unwrap_err().contains(words), "{list}: {found:?}"),
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_proxy_or_refused_without_being_shown(text in "(https?://)?(canary[a-z:%/#@]{0,8}@)?\\PC{0,20}") {
            let found = proxies(&[("HTTPS_PROXY", &text)]).via(true, "example.com", 443);
            if let Err(error) = found {
                proptest::prop_assert!(!error.to_string().contains("canary"), "{error}");
            }
        }
    }
}

//! What is wrong with an address that cannot be used, and how to write it.

use std::net::Ipv6Addr;

/// The reason, in words. `fault` is the parser's message.
pub(super) fn reason(text: &str, fault: &str) -> String {
    let Some((_, rest)) = text.split_once("://") else {
        let shown = if text.is_empty() { "HOST" } else { text };
        let here = ["127.", "localhost", "[::1]"].iter().any(|host| text.starts_with(host));
        let scheme = if here { "http" } else { "https" };
        return format!("it does not begin with http:// or https://; write {scheme}://{shown}");
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if let Some(inside) = host.strip_prefix('[').and_then(|host| host.split(']').next())
        && let Some((_, zone)) = inside.split_once('%')
    {
        let zone = zone.strip_prefix("25").unwrap_or(zone);
        return format!("a zone (%{zone}) is not understood; name the host, or an address without one");
    }
    if let Some((address, port)) = bare_ipv6(host) {
        return format!("an IPv6 address needs brackets; write [{address}]{port}");
    }
    match fault {
        "empty host" => "it names no host".into(),
        "invalid port number" => "the port must be a number from 1 to 65535".into(),
        fault => fault.into(),
    }
}

/// An IPv6 address without brackets, and the port after it, if the host is one.
fn bare_ipv6(host: &str) -> Option<(&str, String)> {
    let is_address = |text: &str| text.parse::<Ipv6Addr>().is_ok();
    if host.matches(':').count() < 2 {
        return None;
    }
    let with_port = host.rsplit_once(':').filter(|(address, port)| is_address(address) && port.parse::<u16>().is_ok());
    match with_port {
        // The last group of a complete address is ambiguous; a port is usually meant.
        Some((address, port)) => Some((address, format!(":{port}"))),
        None => is_address(host).then(|| (host, String::new())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_say_what_would_be_right() {
        for (text, fault, words) in [
            ("127.0.0.1:8000", "relative URL without a base", "write http://127.0.0.1:8000"),
            ("localhost:8000/x", "localhost is not http or https", "write http://localhost:8000/x"),
            ("api.example.com/x", "relative URL without a base", "write https://api.example.com/x"),
            ("", "relative URL without a base", "write https://HOST"),
            ("http://::1:8000", "empty host", "needs brackets; write [::1]:8000"),
            ("http://u:p@2001:db8::1/x", "invalid port number", "needs brackets; write [2001:db8::1]"),
            ("http://fe80::1:2:3", "empty host", "needs brackets; write [fe80::1:2]:3"),
            ("http://[fe80::1%25lo]/", "invalid IPv6 address", "a zone (%lo) is not understood"),
            ("http://[fe80::1%lo]:1/", "invalid IPv6 address", "a zone (%lo) is not understood"),
            ("http://", "empty host", "it names no host"),
            ("http://h:99999", "invalid port number", "a number from 1 to 65535"),
            ("http://exa mple/", "invalid international domain name", "invalid international domain name"),
        ] {
            let found = reason(text, fault);
            assert!(found.contains(words), "{text}: {found}");
        }
    }
}

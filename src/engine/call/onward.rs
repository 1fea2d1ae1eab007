//! Addresses that the service gives, such as that of the next page: the key must not follow one to another place.

use crate::engine::state::error::CallError;
use crate::engine::state::page_error::PageError;
use crate::wire::joined;
use model::http::{split, without_userinfo};

/// The whole address of the next page, seen from that of the call. One at another scheme, host or port is refused.
pub(super) fn address(call: &str, next: &str) -> Result<String, CallError> {
    there(call, next).map_err(|(here, there)| CallError::Page(Box::new(PageError::Elsewhere { here, there })))
}

/// A whole address, seen from that of a call. `Err` has the places of both if it is at another scheme, host or port.
pub(super) fn there(call: &str, next: &str) -> Result<String, (String, String)> {
    let origin = |url: &str| without_userinfo(split(url).0);
    let here = joined(call, "").unwrap_or_else(|_| call.to_owned());
    let there = joined(&here, next).map_err(|_| (origin(&here), origin(next)))?;
    match split(&there).0 == split(&here).0 && !there.contains('#') {
        true => Ok(there),
        false => Err((origin(&here), origin(&there))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_at_the_same_place() {
        let call = "https://api.example.com/v1/things?size=2";
        for (next, found) in [
            ("https://api.example.com/v1/things?page=2", Some("https://api.example.com/v1/things?page=2")),
            ("https://API.example.com:443/other/1?page=2", Some("https://api.example.com/other/1?page=2")),
            ("/v1/things?page=2", Some("https://api.example.com/v1/things?page=2")),
            ("?page=2", Some("https://api.example.com/v1/things?page=2")),
            ("http://api.example.com/v1/things?page=2", None),
            ("https://api.example.com:8443/v1/things", None),
            ("https://example.com/v1/things", None),
            ("https://api.example.com@example.org/v1/things", None),
            ("https://me:pw@api.example.com/v1/things", None),
            ("//example.org/v1/things", None),
            ("file:///etc/passwd", None),
            ("https://[", None),
        ] {
            assert_eq!(address(call, next).ok().as_deref(), found, "{next}");
        }
        let error = address(call, "https://example.org/x").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the next page is said to be at https://example.org, and the key belongs to https://api.example.com"
        );
    }
}

//! Where an answer says that a document has moved to, and whether marsh goes there.

use crate::wire;
use model::http::{Head, split, without_userinfo};

/// How many redirects of one call are followed.
pub(crate) const MOST: usize = 5;
/// The statuses with the address where the same call is to be made.
pub(crate) const STATUSES: [u16; 5] = [301, 302, 303, 307, 308];

/// Where a document of a service has moved to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Moved {
    /// To a place on the same host.
    Near(String),
    /// To another host, or once too often: marsh does not go there by itself.
    Away(String),
}

/// Where an answer says that what was asked for at an address is, after so many redirects; `None` if it says nothing.
/// The same host is near, under the same scheme and port, or over https instead of http.
pub(crate) fn moved(url: &str, head: &Head, before: usize) -> Option<Moved> {
    if !STATUSES.contains(&head.status) {
        return None;
    }
    let said = head.location.as_deref()?;
    // An address of another scheme is shown, and not used.
    let Ok(next) = wire::joined(url, said) else { return Some(Moved::Away(without_userinfo(said))) };
    let next = without_userinfo(&next);
    let (here, there) = (Origin::of(url), Origin::of(&next));
    let safer = here.scheme == "http" && there.scheme == "https" && here.name() == there.name();
    let near = before < MOST && (here == there || safer);
    Some(if near { Moved::Near(next) } else { Moved::Away(next) })
}

/// The scheme and the host of an address, in lower case.
#[derive(PartialEq, Eq)]
struct Origin {
    scheme: String,
    /// With its port.
    host: String,
}

impl Origin {
    fn of(url: &str) -> Origin {
        let scheme = split(url).0.split_once("://").map_or("", |(scheme, _)| scheme).to_ascii_lowercase();
        Origin { scheme, host: wire::host_and_port(url).unwrap_or_default() }
    }

    fn name(&self) -> &str {
        self.host.rsplit_once(':').map_or(&*self.host, |(name, _)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_followed_on_its_own_host_and_never_to_plain_http() {
        let head = |status, to: &str| Head { status, location: Some(to.into()), ..Head::default() };
        let (near, away) = (|url: &str| Some(Moved::Near(url.into())), |url: &str| Some(Moved::Away(url.into())));
        for (from, to, found) in [
            ("https://h.example/a", "/b", near("https://h.example/b")),
            ("https://h.example/a", "https://H.example:443/b", near("https://h.example/b")),
            ("http://h.example/a", "https://h.example/a", near("https://h.example/a")),
            ("http://127.0.0.1:8080/a", "https://127.0.0.1:8443/a", near("https://127.0.0.1:8443/a")),
            ("https://h.example/a", "https://me:pw@h.example/b", near("https://h.example/b")),
            ("https://h.example/a", "http://h.example/a", away("http://h.example/a")),
            ("https://h.example/a", "https://h.example:8443/a", away("https://h.example:8443/a")),
            ("https://h.example/a", "https://o.example/a", away("https://o.example/a")),
            ("https://h.example/a", "//h.example.evil/a", away("https://h.example.evil/a")),
            ("http://h.example/a", "https://o.example/a", away("https://o.example/a")),
            ("https://h.example/a", "file:///etc/passwd", away("file:///etc/passwd")),
        ] {
            assert_eq!(moved(from, &head(302, to), 0), found, "{from} {to}");
        }
        assert_eq!(moved("https://h/a", &head(301, "/b"), MOST), away("https://h/b"));
        assert_eq!(moved("https://h/a", &head(304, "/b"), 0), None);
        assert_eq!(moved("https://h/a", &Head { status: 302, ..Head::default() }, 0), None);
    }
}

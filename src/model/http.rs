//! Requests as plain data. Codecs build them; only the wire opens what is sealed in them.

use super::Secret;
use super::escape::Escape;
use super::secret::REDACTED;

/// A piece of a request's body.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Bytes as they are sent.
    Plain(String),
    /// A secret, with the notations it is in, the innermost first.
    Sealed(Secret, Vec<Escape>),
    /// The place of the account's key, which the wire fills in, likewise.
    Key(Vec<Escape>),
}

/// A request's body in parts, so that it can be shown without what must not be seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body {
    parts: Vec<Part>,
}

impl Body {
    /// Adds text.
    pub fn push(&mut self, text: &str) {
        match self.parts.last_mut() {
            Some(Part::Plain(last)) => last.push_str(text),
            _ => self.parts.push(Part::Plain(text.to_owned())),
        }
    }

    /// Adds a secret that nobody above the wire can read.
    pub fn seal(&mut self, secret: &Secret, escape: Escape) {
        self.parts.push(Part::Sealed(secret.clone(), vec![escape]));
    }

    /// Adds a whole body inside another notation: JSON in a field of a form, say.
    pub fn nest(&mut self, inner: Body, escape: Escape) {
        for part in inner.parts {
            match part {
                Part::Plain(text) => self.push(&escape.apply(&text)),
                Part::Sealed(secret, mut escapes) => {
                    escapes.push(escape);
                    self.parts.push(Part::Sealed(secret, escapes));
                }
                Part::Key(mut escapes) => {
                    escapes.push(escape);
                    self.parts.push(Part::Key(escapes));
                }
            }
        }
    }

    /// Leaves a place for the account's key.
    pub fn key(&mut self, escape: Escape) {
        self.parts.push(Part::Key(vec![escape]));
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The pieces in order.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The body with every secret replaced.
    pub fn preview(&self) -> String {
        let text = |part: &Part| match part {
            Part::Plain(text) => text.clone(),
            Part::Sealed(..) | Part::Key(_) => REDACTED.to_owned(),
        };
        self.parts.iter().map(text).collect()
    }
}

/// One HTTP request, without credentials: the wire adds those.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// `GET`, `POST`, …
    pub verb: &'static str,
    /// Scheme, host, port, path and query; never a user name or a key.
    pub url: String,
    /// Name and value.
    pub headers: Vec<(&'static str, String)>,
    /// Empty for none.
    pub body: Body,
}

impl Request {
    /// A request with a body: the media types of what is sent and of what is wanted back.
    pub fn post(url: String, (sent, wanted): (&str, &str), body: Body) -> Request {
        let headers = vec![("content-type", sent.to_owned()), ("accept", wanted.to_owned())];
        Request { verb: "POST", url, headers, body }
    }
}

/// What is known of an answer before its body is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The HTTP status.
    pub status: u16,
    /// The media type, in lower case, without parameters; empty when the server said none.
    pub content_type: String,
    /// The `charset` parameter of the media type, in lower case.
    pub charset: Option<String>,
    /// `Retry-After` in seconds from now.
    pub retry_after: Option<u64>,
    /// Where a redirect points.
    pub location: Option<String>,
    /// What the server calls this version of the answer.
    pub etag: Option<String>,
    /// Whether a piece of it can be asked for by the bytes it begins with.
    pub accepts_ranges: bool,
    /// Where in the whole this piece of it begins, when it is one.
    pub begins_at: Option<u64>,
    /// When the server says that it answered, in its own words.
    pub date: Option<String>,
    /// What its body is still packed with, in lower case, where the wire could not unpack it: `br`, say.
    pub packed: Option<String>,
}

impl Head {
    /// Whether the HTTP status is one of success.
    pub fn succeeded(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Scheme and authority of an address, and what follows them.
pub fn split(url: &str) -> (&str, &str) {
    let start = url.find("://").map_or(0, |at| at + "://".len());
    let end = url.get(start..).and_then(|rest| rest.find(['/', '?', '#'])).map_or(url.len(), |at| start + at);
    url.split_at(end)
}

/// An address without `user:password@`. ma-shell's `-u` held `%s:@` there; here the key travels in a header, and a
/// key written into the address is never sent from it, nor shown.
pub fn without_userinfo(url: &str) -> String {
    let (origin, path) = split(url);
    // An address needs a scheme; one without it is shown when it is refused.
    let (scheme, authority) = origin.split_at(origin.find("://").map_or(0, |at| at + "://".len()));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_never_stays_in_an_address() {
        for (given, kept) in [
            ("https://%s:@example.com/v1/xmlrpc", "https://example.com/v1/xmlrpc"),
            ("http://%s:x@127.0.0.1:8000", "http://127.0.0.1:8000"),
            ("https://example.com/a@b", "https://example.com/a@b"),
            ("https://u:p@ss@example.com/", "https://example.com/"),
            ("u:p@example.com/a@b", "example.com/a@b"),
            ("nonsense", "nonsense"),
        ] {
            assert_eq!(without_userinfo(given), kept);
        }
    }
}

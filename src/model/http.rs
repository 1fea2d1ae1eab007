//! Requests as plain data. Codecs build them; only the wire opens the secrets in them.

use std::borrow::Cow;

use super::escape::Escape;
use super::secret::REDACTED;
use super::template::{Piece, pieces};
use super::{Secret, Upload};

/// Headers that the program or HTTP itself decides, in lower case.
const DECIDED: [&str; 15] = [
    "authorization",
    "connection",
    "content-length",
    "cookie",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "range",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
];

/// Whether the program or HTTP itself decides a header of that name: neither a catalogue nor a document can.
pub fn is_decided(header: &str) -> bool {
    DECIDED.contains(&header.to_ascii_lowercase().as_str())
}

/// The name of the place of the account's key.
pub const KEY: &str = "key";

/// A piece of a request's body.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Bytes as they are sent.
    Plain(String),
    /// A secret, with the notations it is inside, the innermost first.
    Sealed(Secret, Vec<Escape>),
    /// Bytes that need not be text.
    Bytes(Vec<u8>),
    /// The content of a file, which the wire reads while it sends.
    File(Upload),
    /// The place of the account's key, which the wire fills in; notations as for [`Part::Sealed`].
    Key(Vec<Escape>),
    /// The place of another secret of the account, by its name.
    Named(String, Vec<Escape>),
}

/// A request's body in parts, so that it can be shown without its secrets.
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

    /// Adds a secret that only the wire can read.
    pub fn seal(&mut self, secret: &Secret, escape: Escape) {
        self.parts.push(Part::Sealed(secret.clone(), vec![escape]));
    }

    /// Adds bytes.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.parts.push(Part::Bytes(bytes.to_vec()));
    }

    /// Adds the content of a file.
    pub fn file(&mut self, file: &Upload) {
        self.parts.push(Part::File(file.clone()));
    }

    /// The number of bytes; `None` if it depends on a secret.
    pub fn length(&self) -> Option<u64> {
        let length = |part: &Part| match part {
            Part::Plain(text) => Some(text.len() as u64),
            Part::Bytes(bytes) => Some(bytes.len() as u64),
            Part::File(file) => Some(file.size),
            Part::Sealed(..) | Part::Key(_) | Part::Named(..) => None,
        };
        self.parts.iter().map(length).sum()
    }

    /// Adds a whole body inside another notation, such as JSON in a field of a form.
    pub fn nest(&mut self, inner: Body, escape: Escape) {
        for part in inner.parts {
            match part {
                Part::Plain(text) => self.push(&escape.apply(&text)),
                Part::Sealed(secret, mut escapes) => {
                    escapes.push(escape);
                    self.parts.push(Part::Sealed(secret, escapes));
                }
                // Only a body of its own has these; no notation can be around them.
                part @ (Part::Bytes(_) | Part::File(_)) => self.parts.push(part),
                Part::Key(mut escapes) => {
                    escapes.push(escape);
                    self.parts.push(Part::Key(escapes));
                }
                Part::Named(name, mut escapes) => {
                    escapes.push(escape);
                    self.parts.push(Part::Named(name, escapes));
                }
            }
        }
    }

    /// Leaves a place for the account's key.
    pub fn key(&mut self, escape: Escape) {
        self.parts.push(Part::Key(vec![escape]));
    }

    /// Adds a credential: a template with places for the key and other secrets of the account.
    pub fn credential(&mut self, template: &str, escape: Escape) {
        for piece in pieces(template) {
            match piece {
                Piece::Text(text) => self.push(&escape.apply(text)),
                Piece::Place(KEY) => self.key(escape),
                Piece::Place(name) => self.parts.push(Part::Named(name.to_owned(), vec![escape])),
            }
        }
    }

    /// Whether the body is empty.
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
            Part::Sealed(..) | Part::Key(_) | Part::Named(..) => REDACTED.to_owned(),
            Part::Bytes(bytes) => format!("({} bytes)", bytes.len()),
            Part::File(file) => format!("({file})"),
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
    pub headers: Vec<(Cow<'static, str>, String)>,
    /// Empty when the request has no body.
    pub body: Body,
}

impl Request {
    /// A POST request with a body. The media types are those of the body and of the answer.
    pub fn post(url: String, (sent, wanted): (&str, &str), body: Body) -> Request {
        let headers = vec![("content-type".into(), sent.to_owned()), ("accept".into(), wanted.to_owned())];
        Request { verb: "POST", url, headers, body }
    }

    /// Sets a header, in place of one with that name.
    pub fn set_header(&mut self, name: &str, value: &str) {
        match self.headers.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            Some((_, known)) => value.clone_into(known),
            None => self.headers.push((name.to_ascii_lowercase().into(), value.to_owned())),
        }
    }
}

/// What is known of an answer before its body is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The HTTP status.
    pub status: u16,
    /// The media type, in lower case, without parameters; empty when the server gave none.
    pub content_type: String,
    /// The `charset` parameter of the media type, in lower case.
    pub charset: Option<String>,
    /// `Retry-After` in seconds from now.
    pub retry_after: Option<u64>,
    /// Where a redirect points.
    pub location: Option<String>,
    /// The server's tag for this version of the answer.
    pub etag: Option<String>,
    /// Whether the server accepts a request for the rest of it, from a given byte.
    pub accepts_ranges: bool,
    /// The offset of this part in the whole, if it is a part.
    pub begins_at: Option<u64>,
    /// When the server says it answered, as it wrote it.
    pub date: Option<String>,
    /// The scheme in which the server asks for a key, in lower case: `basic`, `bearer`.
    pub challenge: Option<String>,
    /// All headers that are text, with their names in lower case.
    pub fields: Vec<(String, String)>,
    /// The encoding of the body, in lower case, where the wire could not decode it: `br`, for example.
    pub packed: Option<String>,
}

impl Head {
    /// Whether the HTTP status means success.
    pub fn succeeded(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The values of a header, which may come several times.
    pub fn field<'h>(&'h self, name: &'h str) -> impl Iterator<Item = &'h str> {
        let named = self.fields.iter().filter(move |(known, _)| known.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_str())
    }
}

/// Splits an address into scheme with authority, and the rest.
pub fn split(url: &str) -> (&str, &str) {
    let start = url.find("://").map_or(0, |at| at + "://".len());
    let end = url.get(start..).and_then(|rest| rest.find(['/', '?', '#'])).map_or(url.len(), |at| start + at);
    url.split_at(end)
}

/// The user name and the password in an address.
pub fn userinfo(url: &str) -> Option<(&str, &str)> {
    let (origin, _) = split(url);
    let authority = origin.split_once("://").map_or(origin, |(_, authority)| authority);
    let (info, _) = authority.rsplit_once('@')?;
    Some(info.split_once(':').unwrap_or((info, "")))
}

/// An address without `user:password@`. ma-shell's `-u` held `%s:@` there; here the key travels in a header, and a key
/// written into the address is never sent from it, nor shown.
pub fn without_userinfo(url: &str) -> String {
    let (origin, path) = split(url);
    // An address must have a scheme; one without it is shown when it is refused.
    let (scheme, authority) = origin.split_at(origin.find("://").map_or(0, |at| at + "://".len()));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_in_an_address_is_found() {
        for (url, found) in [
            ("https://%s:@h/v1", Some(("%s", ""))),
            ("http://me:%s@127.0.0.1:80", Some(("me", "%s"))),
            ("http://me@h", Some(("me", ""))),
            ("http://h/a@b", None),
            ("h", None),
        ] {
            assert_eq!(userinfo(url), found, "{url}");
        }
    }

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

//! Where the files of a document are had from: this machine for a document in a file, its own host for one at an address.

use crate::engine::accounts::catalogs::{self, Seen};
use crate::engine::state::error::CallError;
use crate::wire::host_and_port;
use crate::wire::{Credential, Timeouts, Wire};
use model::Redactor;
use model::http::split;
use model::provider::Auth;
use openapi::{ImportError, Shelf, has_scheme};

/// A key for a document, and how it is sent. It goes only to the host that the credential is for.
#[derive(Clone, Debug, Default)]
pub struct Keyed {
    /// How it is sent.
    pub auth: Auth,
    /// The key.
    pub credential: Option<Credential>,
}

/// Gets the files of a document.
pub struct Documents<'w> {
    wire: &'w mut Wire,
    timeouts: Timeouts,
    allowed: Vec<String>,
    key: Keyed,
    /// A file that has been fetched already.
    held: Option<(String, Vec<u8>)>,
    /// Why the last file could not be had.
    failed: Option<CallError>,
}

impl<'w> Documents<'w> {
    /// The files may also be on these hosts.
    pub fn new(wire: &'w mut Wire, timeouts: Timeouts, allowed: &[String]) -> Documents<'w> {
        let (allowed, key) = (allowed.to_vec(), Keyed::default());
        Documents { wire, timeouts, allowed, key, held: None, failed: None }
    }

    /// The same with a key.
    pub fn with_key(self, key: Keyed) -> Documents<'w> {
        Documents { key, ..self }
    }

    /// Replaces the key. What the redactor knows is not shown.
    pub fn set_key(&mut self, key: Keyed, redactor: &Redactor) {
        self.wire.hide(redactor);
        self.key = key;
    }

    /// The error of a document that is not given to everybody.
    pub fn locked(&self, address: &str, status: u16, challenge: Option<&str>) -> CallError {
        locked(address, status, challenge, self.key.credential.is_some())
    }

    /// Keeps a file that has been fetched, so that it is not fetched again.
    pub(crate) fn hold(&mut self, address: &str, bytes: Vec<u8>) {
        self.held = Some((address.to_owned(), bytes));
    }

    /// Asks an address.
    pub(crate) fn ask(&mut self, address: &str) -> Result<Seen, CallError> {
        let key = (&self.key.auth, self.key.credential.as_ref());
        catalogs::document(address, self.wire, key, self.timeouts)
    }

    /// What went wrong, with the words and the exit code of a call if it was one.
    pub(crate) fn cause(&mut self, error: &ImportError) -> CallError {
        self.failed.take().unwrap_or_else(|| CallError::usage_of(error.to_string()))
    }

    fn got(&mut self, address: &str) -> Result<Vec<u8>, CallError> {
        let seen = self.ask(address)?;
        match (seen.head.status, seen.away()) {
            (200, _) => Ok(seen.bytes),
            (status @ (401 | 403), _) => Err(self.locked(address, status, seen.head.challenge.as_deref())),
            (status, Some(place)) => Err(CallError::Usage {
                message: format!("{address} answered HTTP {status}: {}", sent_away(&place)),
                span: None,
                hint: Some(THE_OTHER.to_owned()),
            }),
            (status, None) => Err(CallError::usage_of(format!("{address} answered HTTP {status}"))),
        }
    }
}

/// What is said of an answer that sends to another place.
pub fn sent_away(place: &str) -> String {
    format!("it redirects to {place}, which marsh does not follow by itself")
}

/// What to do then.
pub const THE_OTHER: &str = "if that is where the document is, give that address";

/// Whether a document is at an address of a host, with its port.
pub(crate) fn is_on(document: &str, host: &str) -> bool {
    host_and_port(document).is_ok_and(|found| found == host)
}

/// The error of a document that is not given to everybody.
fn locked(address: &str, status: u16, challenge: Option<&str>, keyed: bool) -> CallError {
    let asks = challenge.map(|scheme| format!(" and asks for a key ({scheme})")).unwrap_or_default();
    let hint = match keyed {
        true => "the key was sent and not accepted; --auth says how it is sent",
        false => "-k @FILE gives a key, and --auth says how it is sent: bearer, basic, header:NAME, query:NAME",
    };
    CallError::Usage {
        message: format!("{address} answered HTTP {status}{asks}"),
        span: None,
        hint: Some(hint.to_owned()),
    }
}

impl Shelf for Documents<'_> {
    fn fetch(&mut self, address: &str) -> Result<Vec<u8>, String> {
        if let Some((_, bytes)) = self.held.take_if(|(held, _)| held == address) {
            return Ok(bytes);
        }
        if !has_scheme(address) {
            return std::fs::read(address).map_err(|error| format!("cannot be read: {error}"));
        }
        self.got(address).map_err(|error| {
            let problem = error.to_string();
            self.failed = Some(error);
            problem
        })
    }

    fn allows(&self, address: &str) -> bool {
        let (origin, _) = split(address);
        let host = origin.split_once("://").map_or("", |(_, host)| host);
        has_scheme(address) && self.allowed.iter().any(|allowed| allowed == host || allowed == origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Network;
    use model::Diagnostic;

    fn wire() -> Wire {
        Wire::new(Network::default()).unwrap()
    }

    #[test]
    fn only_hosts_that_were_named_are_read_too() {
        let mut wire = wire();
        let hosts = ["h.example".to_owned(), "https://o.example:8443".to_owned()];
        let documents = Documents::new(&mut wire, Timeouts::default(), &hosts);
        for (address, allowed) in [
            ("https://h.example/a", true),
            ("https://o.example:8443/a", true),
            ("https://h.example.evil/a", false),
            ("https://o.example/a", false),
            ("/h.example/a", false),
            ("file:///h.example", false),
        ] {
            assert_eq!(documents.allows(address), allowed, "{address}");
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_says_so_and_one_at_hand_is_not_fetched() {
        let folder = tempfile::tempdir().unwrap();
        let mut wire = wire();
        let mut documents = Documents::new(&mut wire, Timeouts::default(), &[]);
        let gone = folder.path().join("gone.yaml").display().to_string();
        assert!(documents.fetch(&gone).unwrap_err().starts_with("cannot be read: "));
        assert!(documents.cause(&ImportError::Unversioned).to_string().starts_with("this is not an OpenAPI"));
        documents.hold("https://h.example/a", b"{}".to_vec());
        assert_eq!(documents.fetch("https://h.example/a"), Ok(b"{}".to_vec()));
    }

    #[test]
    fn a_document_behind_a_key_says_how_to_give_one() {
        let error = locked("https://h/d", 401, Some("bearer"), false);
        assert_eq!(error.to_string(), "https://h/d answered HTTP 401 and asks for a key (bearer)");
        assert!(error.hint().unwrap().starts_with("-k @FILE gives a key"));
        assert!(is_on("https://h/d", "h:443") && !is_on("https://h/d", "o:443") && !is_on("/h/d", "h:443"));
        assert!(sent_away("https://o/d").starts_with("it redirects to https://o/d, "));
        assert!(locked("https://h/d", 403, None, true).hint().unwrap().starts_with("the key was sent"));
    }
}

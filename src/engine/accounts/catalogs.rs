//! Catalogues that a profile uses instead of the built-in one: a file, or an address that is asked again at every start
//! and usually answers "not modified".
//!
//! The last version is stored on disk and used at once. A new text is linted before it replaces the old one. If it is
//! invalid, there is a note.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::engine::accounts::moved::{MOST, Moved, moved};
use crate::engine::state::error::CallError;
use crate::wire::{Answer, Credential, Timeouts, Wire};
use model::Effect;
use model::http::{Body, Head, Request};
use model::provider::Auth;
use registry::catalog::Catalog;
use registry::resolve::ResolveError;
use registry::stored::{self, Store};

/// The longest text that is accepted, in bytes.
const LONGEST: u64 = 16 * 1024 * 1024;
/// The longest document of a service.
const DOCUMENT: u64 = 64 * 1024 * 1024;

/// A catalogue at an address.
#[derive(Clone, Debug)]
pub struct Remote {
    /// Where it is fetched from.
    pub url: String,
    /// Where it is kept.
    pub cache: PathBuf,
    /// A file with issuers to trust beside the usual ones.
    pub ca: Option<PathBuf>,
}

/// The stored copy of a catalogue.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    etag: Option<String>,
    text: String,
}

/// Reads a catalogue file.
pub fn from_file(path: &Path) -> Result<Catalog, CallError> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| CallError::usage_of(format!("cannot read the catalogue {name}: {error}")))?;
    Ok(Catalog::parse(&name, &text).map_err(ResolveError::from)?)
}

/// A file of which only those pieces are read that are needed.
#[derive(Debug)]
struct Pieces(File);

impl Store for Pieces {
    fn read(&self, at: u64, length: usize) -> Option<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.0.read_exact_at(&mut bytes, at).ok().map(|()| bytes)
    }
}

/// The same in memory.
#[derive(Debug)]
struct Held(Vec<u8>);

impl Store for Held {
    fn read(&self, at: u64, length: usize) -> Option<Vec<u8>> {
        let at = usize::try_from(at).ok()?;
        self.0.get(at..at.checked_add(length)?).map(<[u8]>::to_vec)
    }
}

/// Opens a catalogue that was imported; `None` if there is none.
pub fn imported(path: &Path) -> Option<Result<Catalog, CallError>> {
    let file = File::open(path).ok()?;
    let name = path.display().to_string();
    Some(Catalog::open_stored(&name, Arc::new(Pieces(file))).map_err(|error| ResolveError::from(error).into()))
}

/// A catalogue that was imported and has not been stored.
pub(crate) fn held(name: &str, bytes: Vec<u8>) -> Result<Catalog, CallError> {
    Catalog::open_stored(name, Arc::new(Held(bytes))).map_err(|error| ResolveError::from(error).into())
}

/// What was noted beside a catalogue that was imported; `None` if there is none.
pub fn imported_note(path: &Path) -> Option<String> {
    stored::info(&Pieces(File::open(path).ok()?))
}

/// What an address answered to the question for a document.
#[derive(Debug)]
pub(crate) struct Seen {
    /// Where it was asked for: on the same host as the address, if that sent on.
    pub(crate) url: String,
    /// Its status and headers.
    pub(crate) head: Head,
    /// What came; empty if the status is not that of success.
    pub(crate) bytes: Vec<u8>,
}

impl Seen {
    /// Where it sent on to, if it was not followed there.
    pub(crate) fn away(&self) -> Option<String> {
        moved(&self.url, &self.head, MOST).map(|(Moved::Near(place) | Moved::Away(place))| place)
    }
}

/// Asks an address for a document. It is followed to other places on its host, since reading a document changes nothing.
pub(crate) fn document(
    url: &str,
    wire: &mut Wire,
    key: (&Auth, Option<&Credential>),
    timeouts: Timeouts,
) -> Result<Seen, CallError> {
    let lost = |error| CallError::lost(error, Effect::Read, "the document");
    let headers = vec![("accept".into(), "application/json, application/yaml, text/yaml, */*;q=0.5".to_owned())];
    let mut request = Request { verb: "GET", url: url.to_owned(), headers, body: Body::default() };
    let mut before = 0;
    loop {
        let answer = wire.send(&request, Effect::Read, key, timeouts).map_err(lost)?;
        let head = answer.head.clone();
        if let Some(Moved::Near(next)) = moved(&request.url, &head, before) {
            request.url = next;
            before += 1;
            continue;
        }
        let url = request.url;
        if head.status != 200 {
            return Ok(Seen { url, head, bytes: Vec::new() });
        }
        let bytes = all(answer, "document", DOCUMENT);
        let bytes = bytes.map_err(|problem| CallError::usage_of(format!("{url}: {problem}")))?;
        return Ok(Seen { url, head, bytes });
    }
}

/// Where the catalogue of an account can be had from again.
#[derive(Clone, Debug)]
pub enum Renewal {
    /// It is at an address.
    Catalogue(Remote),
    /// It was made from a document, and is in this file.
    Document(PathBuf),
}

impl Renewal {
    /// Whether another account has its catalogue from the same place.
    pub(crate) fn is_same(&self, other: &Renewal) -> bool {
        match (self, other) {
            (Renewal::Catalogue(own), Renewal::Catalogue(other)) => own.cache == other.cache,
            (Renewal::Document(own), Renewal::Document(other)) => own == other,
            _ => false,
        }
    }

    /// The catalogue as it is on this machine.
    pub(crate) fn held(&self) -> Option<Catalog> {
        match self {
            Renewal::Catalogue(remote) => remote.kept(),
            Renewal::Document(file) => imported(file)?.ok(),
        }
    }
}

impl Remote {
    /// What was fetched last; `None` when nothing was, or when it cannot be used any more.
    pub fn kept(&self) -> Option<Catalog> {
        Catalog::parse(&self.url, &self.read()?.text).ok()
    }

    /// Asks whether there is a newer one, and stores it. `None` if the stored one is still current.
    pub fn fetch(&self, wire: &mut Wire, timeouts: Timeouts) -> Result<Option<Catalog>, CallError> {
        let lost = |error| CallError::lost(error, Effect::Read, "the catalogue");
        let mut headers = vec![("accept".into(), "application/toml, text/plain, */*".to_owned())];
        headers.extend(self.read().and_then(|kept| kept.etag).map(|etag| ("if-none-match".into(), etag)));
        let request = Request { verb: "GET", url: self.url.clone(), headers, body: Body::default() };
        wire.trusting_also(self.ca.as_deref());
        let answer = wire.send(&request, Effect::Read, (&Auth::default(), None), timeouts).map_err(lost)?;
        match answer.head.status {
            304 => return Ok(None),
            200 => {}
            status => return Err(CallError::usage_of(format!("{} answered HTTP {status}", self.url))),
        }
        let etag = answer.head.etag.clone();
        let text = whole(answer).map_err(|problem| CallError::usage_of(format!("{}: {problem}", self.url)))?;
        let catalog = Catalog::parse(&self.url, &text).map_err(ResolveError::from)?;
        crate::engine::accounts::cache::store(&self.cache, &Kept { etag, text });
        Ok(Some(catalog))
    }

    fn read(&self) -> Option<Kept> {
        crate::engine::accounts::cache::read(&self.cache)
    }
}

/// The complete text of a catalogue. If the end were missing, so might be the keys that make a method safe.
fn whole(answer: Answer<'_>) -> Result<String, String> {
    String::from_utf8(all(answer, "catalogue", LONGEST)?).map_err(|error| format!("it is not UTF-8: {error}"))
}

/// All bytes of an answer that is no longer than that.
fn all(answer: Answer<'_>, what: &str, longest: u64) -> Result<Vec<u8>, String> {
    if let Some(coding) = answer.head.packed {
        return Err(format!("it is packed with {coding}, which was not asked for"));
    }
    let mut bytes = Vec::new();
    answer.body.take(longest + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    match bytes.len() as u64 > longest {
        true => Err(format!("the {what} is longer than {} MB", longest / (1024 * 1024))),
        false => Ok(bytes),
    }
}

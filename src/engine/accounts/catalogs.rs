//! Catalogues that a profile uses instead of the built-in one: a file, or an address that is asked again at every start
//! and usually answers "not modified".
//!
//! The last version is stored on disk and used at once. A new text is linted before it replaces the old one. If it is
//! invalid, there is a note.

use std::io::Read;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::engine::state::error::CallError;
use crate::wire::{Answer, Timeouts, Wire};
use model::Effect;
use model::http::{Body, Request};
use model::provider::Auth;
use registry::catalog::Catalog;
use registry::resolve::ResolveError;

/// The longest text that is accepted, in bytes.
const LONGEST: u64 = 16 * 1024 * 1024;

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
    if let Some(coding) = answer.head.packed {
        return Err(format!("it is packed with {coding}, which was not asked for"));
    }
    let mut bytes = Vec::new();
    answer.body.take(LONGEST + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > LONGEST {
        return Err(format!("the catalogue is longer than {} MB", LONGEST / (1024 * 1024)));
    }
    String::from_utf8(bytes).map_err(|error| format!("it is not UTF-8: {error}"))
}

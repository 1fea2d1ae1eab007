//! Where a service has its document, found out with few questions to its own host.

use crate::engine::accounts::catalogs::Seen;
use crate::engine::accounts::documents::Documents;
use crate::engine::accounts::imports;
use crate::engine::state::error::CallError;
use codec::rest::linked;
use model::http::split;
use model::{Class, Diagnostic};
use openapi::Shelf;
use openapi::whereabouts::{RELATIONS, describes, list_of_services, listed, names_a_file, reached, usual};

/// What was found at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sought {
    /// A document is there. It need not be fetched again.
    Found(String),
    /// Something is there that is not given to everybody.
    Locked {
        /// Where.
        address: String,
        /// The status of its answer.
        status: u16,
        /// The scheme in which it asks for a key, in lower case.
        challenge: Option<String>,
    },
    /// There is none.
    Nothing {
        /// The status of the answer at the address itself.
        status: u16,
        /// How many further places were asked.
        asked: usize,
        /// Where it sent on to, if marsh did not go there.
        away: Option<String>,
    },
}

/// Looks for the document of a service: at the address itself, where its answer says, in the list of the host's services,
/// and at the usual places. An address that names a file is the only place.
pub fn seek(base: &str, documents: &mut Documents<'_>) -> Result<Sought, CallError> {
    let seen = documents.ask(base)?;
    let away = seen.away();
    let Seen { url, head, bytes } = seen;
    // What was found over https is looked for over https only.
    let base = &*format!("{}{}", split(&url).0, split(base).1);
    let mut search = Search { base, documents, locked: None, asked: 0 };
    let locked = search.lock(base, head.status, head.challenge.as_ref());
    let page = bytes.trim_ascii_start().first() == Some(&b'<');
    if names_a_file(base) && !locked || describes(&bytes) {
        if head.status == 200 {
            search.documents.hold(&url, bytes);
        }
        return Ok(Sought::Found(url));
    }
    let named = |relation: &&str| head.field("link").find_map(|field| linked(field, relation));
    let named: Vec<String> = RELATIONS.iter().filter_map(named).collect();
    if let Some(found) = search.anywhere(base, named, !names_a_file(base))? {
        return Ok(Sought::Found(found));
    }
    if let Some(locked) = search.locked {
        return Ok(locked);
    }
    if head.status == 200 && !page && !bytes.is_empty() {
        // What is wrong with it is told when it is read.
        search.documents.hold(&url, bytes);
        return Ok(Sought::Found(url));
    }
    Ok(Sought::Nothing { status: head.status, asked: search.asked, away })
}

struct Search<'s, 'w> {
    base: &'s str,
    documents: &'s mut Documents<'w>,
    /// The first place that wants a key, unless a more exact one has been found since.
    locked: Option<Sought>,
    asked: usize,
}

impl Search<'_, '_> {
    /// The first document among those that the service names, its host lists, or that are where they usually are.
    fn anywhere(&mut self, base: &str, named: Vec<String>, wide: bool) -> Result<Option<String>, CallError> {
        if let Some(found) = self.first(self.allowed(named))? {
            return Ok(Some(found));
        }
        if !wide {
            return Ok(None);
        }
        let list = list_of_services(base);
        let services = self.ask(&list)?.filter(|seen| seen.head.status == 200);
        let services = services.map(|seen| listed(&seen.bytes)).unwrap_or_default();
        if let Some(found) = self.first(self.allowed(services))? {
            return Ok(Some(found));
        }
        let own = imports::shipped();
        self.first(usual(base, own.iter().flat_map(|overlay| overlay.documents())))
    }

    /// The addresses that may be asked: those on the same host, or on one that the user allows.
    fn allowed(&self, named: Vec<String>) -> Vec<String> {
        let allows = |address: &str| self.documents.allows(address);
        named.iter().filter_map(|named| reached(self.base, named, allows)).collect()
    }

    fn first(&mut self, places: Vec<String>) -> Result<Option<String>, CallError> {
        for place in places {
            let Some(Seen { url, head, bytes }) = self.ask(&place)? else { continue };
            self.lock(&place, head.status, head.challenge.as_ref());
            if describes(&bytes) {
                self.documents.hold(&url, bytes);
                return Ok(Some(url));
            }
        }
        Ok(None)
    }

    /// Asks a place that may not exist. A service that breaks off there has no document there.
    fn ask(&mut self, place: &str) -> Result<Option<Seen>, CallError> {
        self.asked += 1;
        match self.documents.ask(place) {
            Ok(seen) => Ok(Some(seen)),
            Err(error) if matches!(error.class(), Class::Interrupted | Class::NotReached) => Err(error),
            Err(_) => Ok(None),
        }
    }

    /// Remembers a place that wants a key. What is below the address says more than the address itself.
    fn lock(&mut self, place: &str, status: u16, challenge: Option<&String>) -> bool {
        let is = matches!(status, 401 | 403);
        let better = match &self.locked {
            None => true,
            Some(Sought::Locked { address, .. }) => address == self.base,
            Some(_) => false,
        };
        if is && better {
            let (address, challenge) = (place.to_owned(), challenge.cloned());
            self.locked = Some(Sought::Locked { address, status, challenge });
        }
        is
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Network, Timeouts, Wire};

    #[test]
    fn only_the_own_host_is_asked_and_a_place_below_says_more_than_the_address_itself() {
        let mut wire = Wire::new(Network::default()).unwrap();
        let mut documents = Documents::new(&mut wire, Timeouts::default(), &["o.example".to_owned()]);
        let base = "https://h.example";
        let mut search = Search { base, documents: &mut documents, locked: None, asked: 0 };
        let named = ["/a.json", "https://o.example/b", "http://127.0.0.1/c", "file:///etc/passwd", "//evil.example/d"];
        assert_eq!(
            search.allowed(named.map(str::to_owned).to_vec()),
            ["https://h.example/a.json", "https://o.example/b"]
        );
        assert!(!search.lock(base, 404, None) && search.locked.is_none());
        for (place, status) in [(base, 401), ("https://h.example/api/docs", 401), ("https://h.example/x", 403)] {
            assert!(search.lock(place, status, Some(&"x-api-key".to_owned())));
        }
        let address = "https://h.example/api/docs".to_owned();
        assert_eq!(search.locked, Some(Sought::Locked { address, status: 401, challenge: Some("x-api-key".into()) }));
    }
}

//! The tags (`ETag`) of what an account has read, by address: a change that is sent with one is made only if the object is
//! still the version that was read. They are kept in memory only, and shared by all calls of the account.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many are kept.
const MOST: usize = 4096;

/// The tags by the addresses that they belong to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tags(Arc<Mutex<BTreeMap<String, String>>>);

/// What an accepted request says about the version of the object at its address.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen<'s> {
    /// The request only reads.
    pub(crate) reads: bool,
    /// Its verb.
    pub(crate) verb: &'s str,
    /// Its address.
    pub(crate) url: &'s str,
    /// The tag of the answer.
    pub(crate) tag: Option<&'s str>,
}

impl Tags {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The tag of the object at an address, without its query.
    pub(crate) fn of(&self, url: &str) -> Option<String> {
        self.lock().get(object(url)).cloned()
    }

    /// Learns from a request that was accepted. After a change, only the answer to it can know the new version; a change
    /// that was refused, or whose outcome is unknown, leaves the old one: the service then says whether it still holds.
    pub(crate) fn learn(&self, seen: Seen<'_>) {
        let Seen { reads, verb, url, tag } = seen;
        // With a query, an answer may be another form of the object, with a tag of its own.
        let shows = reads && matches!(verb, "GET" | "HEAD") && object(url) == url;
        let replaces = !reads && matches!(verb, "PUT" | "PATCH");
        let mut tags = self.lock();
        match tag.filter(|_| shows || replaces) {
            Some(tag) => {
                tags.insert(object(url).to_owned(), tag.to_owned());
                if tags.len() > MOST {
                    tags.pop_first();
                }
            }
            None if shows || !reads => drop(tags.remove(object(url))),
            None => {}
        }
    }
}

/// The address of an object without a query.
fn object(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_that_was_read_last_is_known() {
        let url = "https://h/things/5";
        for (what, steps, known) in [
            ("a read", vec![(true, "GET", url, Some("\"1\""))], Some("\"1\"")),
            ("a read of the head", vec![(true, "HEAD", url, Some("W/\"1\""))], Some("W/\"1\"")),
            ("a part of it", vec![(true, "GET", "https://h/things/5?fields=a", Some("\"1\""))], None),
            ("a search", vec![(true, "POST", url, Some("\"1\""))], None),
            ("another object", vec![(true, "GET", "https://h/things/55", Some("\"1\""))], None),
            ("two reads", vec![(true, "GET", url, Some("\"1\"")), (true, "GET", url, Some("\"2\""))], Some("\"2\"")),
            ("no tag any more", vec![(true, "GET", url, Some("\"1\"")), (true, "GET", url, None)], None),
            ("a change that tells", vec![(false, "PUT", url, Some("\"3\""))], Some("\"3\"")),
            ("a change with a query", vec![(false, "PATCH", "https://h/things/5?x=1", Some("\"3\""))], Some("\"3\"")),
            ("a change that does not", vec![(true, "GET", url, Some("\"1\"")), (false, "PUT", url, None)], None),
            ("a form", vec![(true, "GET", url, Some("\"1\"")), (false, "POST", url, Some("\"9\""))], None),
            ("gone", vec![(true, "GET", url, Some("\"1\"")), (false, "DELETE", url, Some("\"1\""))], None),
        ] {
            let tags = Tags::default();
            steps.iter().for_each(|&(reads, verb, url, tag)| tags.learn(Seen { reads, verb, url, tag }));
            assert_eq!(tags.of("https://h/things/5?force=true").as_deref(), known, "{what}");
        }
    }

    #[test]
    fn only_so_many_are_kept() {
        let tags = Tags::default();
        for nth in 0..=MOST {
            tags.learn(Seen { reads: true, verb: "GET", url: &format!("https://h/{nth}"), tag: Some("t") });
        }
        assert_eq!(tags.lock().len(), MOST);
    }
}

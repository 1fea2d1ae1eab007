//! What an answer shows, and what is found of it later.

use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::moment::Millis;

/// So many values of an account are kept, the newest.
pub const MOST_SEEN: usize = 50_000;
/// And of so many accounts, those of which something was seen last.
pub(super) const MOST_ACCOUNTS: usize = 200;
/// If an object has more values of a kind in it, they are not all read: of those that are found without it, those that
/// are in it are kept.
pub(super) const MOST_INSIDE: usize = 250;
/// No longer text is kept, in characters: it is nothing that anybody completes.
pub(super) const LONGEST: usize = 200;

/// An object of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    /// What kind of object it is, such as `dns.zone`. The crate knows none.
    pub kind: String,
    /// Its id, or whatever else a call names it by.
    pub key: String,
    /// What people call it; empty if there is nothing.
    pub label: String,
    /// The kinds and the keys of the objects that it is in or belongs to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<(String, String)>,
}

/// What one answer showed of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    /// Whose objects they are.
    pub account: Account,
    /// When it was asked for.
    pub at: Millis,
    /// The list that showed them, if it was one.
    pub list: Option<String>,
    /// What that list showed before then, and not since, is gone: all of it has been read.
    pub whole_since: Option<Millis>,
    /// The objects that are there.
    pub seen: Vec<Object>,
    /// The kinds and the keys of those that are gone.
    pub gone: Vec<(String, String)>,
}

/// A value that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// See [`Object::key`].
    pub key: String,
    /// See [`Object::label`].
    pub label: String,
    /// When it was seen last.
    pub at: Millis,
}

/// Of so many objects it is kept that one is in them, for each time that it is seen.
const MOST_PARENTS: usize = 16;

fn is_kept(key: &str) -> bool {
    !key.is_empty() && key.chars().count() <= LONGEST && !key.chars().any(char::is_control)
}

impl Object {
    /// Whether its key is something that a person would complete.
    pub(super) fn is_kept(&self) -> bool {
        is_kept(&self.key)
    }

    /// What it is in or belongs to, as far as that can be asked for.
    pub(super) fn parents(&self) -> impl Iterator<Item = &(String, String)> {
        self.within.iter().filter(|(kind, key)| *kind != self.kind && is_kept(key)).take(MOST_PARENTS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_short_line() {
        let long = "x".repeat(LONGEST + 1);
        for (key, kept) in [("a", true), ("a b", true), ("", false), ("a\nb", false), (&long, false)] {
            let object = Object { kind: "k".into(), key: key.into(), ..Object::default() };
            assert_eq!(object.is_kept(), kept, "{key}");
        }
    }
}

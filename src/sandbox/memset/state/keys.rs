//! The keys of an account.

use super::super::fault::Fault;
use crate::auth::Scopes;
use crate::kit::values::map;
use model::{Map, Value};

/// A key.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) scopes: Scopes,
    pub(crate) comment: String,
    pub(crate) created: Value,
}

impl Key {
    /// The form of `apikey.info`.
    pub(crate) fn show(&self) -> Map {
        map! {
            "key" => self.id.as_str(),
            "scopes" => self.scopes.show(),
            "comment" => self.comment.as_str(),
            "created" => self.created.clone(),
        }
    }
}

/// The keys of an account.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    pub(crate) all: Vec<Key>,
}

impl Keys {
    /// The restrictions of a key; `None` if the key is not the account's.
    pub(crate) fn scopes(&self, id: &str) -> Option<&Scopes> {
        self.all.iter().find(|key| key.id == id).map(|key| &key.scopes)
    }

    /// All keys in the order they were created.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Key> {
        self.all.iter()
    }

    pub(crate) fn find(&mut self, id: &str) -> Result<&mut Key, Fault> {
        self.all.iter_mut().find(|key| key.id == id).ok_or_else(|| Fault::missing("API key", "id", id))
    }
}

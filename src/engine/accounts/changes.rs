//! What was added to and removed from an account's list of methods at the last change. It is stored beside the list.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::engine::accounts::cache;
use model::{Date, Map, Value};
use registry::Changes;

/// A difference, and when it was seen.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Seen {
    /// Seconds since 1970.
    at: i64,
    came: Vec<String>,
    went: Vec<String>,
}

impl Seen {
    /// A difference seen now.
    pub(crate) fn now(changes: Changes) -> Seen {
        let at = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        Seen { at: i64::try_from(at).unwrap_or(i64::MAX), came: changes.came, went: changes.went }
    }

    /// The one that was kept beside a list.
    pub(crate) fn read(list: &Path) -> Option<Seen> {
        cache::read(&beside(list))
    }

    /// Keeps it beside a list, in place of an older one.
    pub(crate) fn keep(&self, list: &Path) {
        cache::store(&beside(list), self);
    }

    /// One row for each name.
    pub(crate) fn rows(&self, profile: &str) -> Vec<Value> {
        let row = |change: &str, name: &String| {
            let mut row = Map::new();
            row.insert("profile", profile);
            row.insert("seen", Date::of_unix(self.at).map_or(Value::Null, Value::Date));
            row.insert("change", change);
            row.insert("name", name.as_str());
            Value::Map(row)
        };
        let came = self.came.iter().map(|name| row("added", name));
        came.chain(self.went.iter().map(|name| row("removed", name))).collect()
    }
}

fn beside(list: &Path) -> PathBuf {
    list.with_extension("changes.json")
}

//! What was different in an account's list of methods at the last change. It is stored beside the list.

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
    #[serde(default)]
    changed: Vec<(String, Vec<String>)>,
}

impl Seen {
    /// A difference seen now.
    pub(crate) fn now(changes: Changes) -> Seen {
        let at = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let Changes { came, went, changed } = changes;
        Seen { at: i64::try_from(at).unwrap_or(i64::MAX), came, went, changed }
    }

    /// The one that was kept beside a list.
    pub(crate) fn read(list: &Path) -> Option<Seen> {
        cache::read(&beside(list))
    }

    /// Keeps it beside a list, in place of an older one.
    pub(crate) fn keep(&self, list: &Path) {
        cache::store(&beside(list), self);
    }

    /// One row for each name, and for each thing that is different about one.
    pub(crate) fn rows(&self, profile: &str) -> Vec<Value> {
        let row = |change: &str, name: &String, what: Option<&String>| {
            let mut row = Map::new();
            row.insert("profile", profile);
            row.insert("seen", Date::of_unix(self.at).map_or(Value::Null, Value::Date));
            row.insert("change", change);
            row.insert("name", name.as_str());
            row.insert("what", what.map_or(Value::Null, |what| what.as_str().into()));
            Value::Map(row)
        };
        let changed = self.changed.iter().flat_map(|(name, all)| all.iter().map(move |what| (name, what)));
        let changed = changed.map(|(name, what)| row("changed", name, Some(what)));
        let came = self.came.iter().map(|name| row("added", name, None));
        changed.chain(came).chain(self.went.iter().map(|name| row("removed", name, None))).collect()
    }
}

fn beside(list: &Path) -> PathBuf {
    list.with_extension("changes.json")
}

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

/// The most names that a summary shows.
const SHOWN: usize = 10;

/// What is different, in one line. What is called in another way now is named with what matters most about it.
pub fn summary(changes: &Changes) -> String {
    let said = |word: &str, names: &[String]| format!("{} {word}{}", names.len(), detail(names));
    let (came, went) = (said("added", &changes.came), said("removed", &changes.went));
    let first = |(name, all): &(String, Vec<String>)| {
        let first = all.first().map(String::as_str).unwrap_or_default();
        let more = if all.len() > 1 { " …" } else { "" };
        format!("{name} {first}{more}")
    };
    let named: Vec<String> = changes.changed.iter().map(first).collect();
    let changed = if named.is_empty() { String::new() } else { format!(", {}", said("changed", &named)) };
    format!("{came}, {went}{changed}")
}

/// Names in brackets. Of many only the first are shown.
fn detail(names: &[String]) -> String {
    let shown = names.get(..SHOWN).unwrap_or(names).join(", ");
    match names.len() {
        0 => String::new(),
        count if count > SHOWN => format!(" ({shown}, and {} more)", count - SHOWN),
        _ => format!(" ({shown})"),
    }
}

fn beside(list: &Path) -> PathBuf {
    list.with_extension("changes.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_names_what_matters_most_and_not_too_much() {
        let names = |count: usize| (0..count).map(|number| format!("m{number}")).collect::<Vec<_>>();
        assert_eq!(summary(&Changes::default()), "0 added, 0 removed");
        let changed = vec![("a.b".to_owned(), vec!["needs `x`".to_owned(), "also takes `y`".to_owned()])];
        let changes = Changes { came: names(1), went: names(12), changed };
        assert_eq!(
            summary(&changes),
            "1 added (m0), 12 removed (m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, and 2 more), 1 changed (a.b needs `x` …)"
        );
        let rows = Seen::now(changes).rows("p");
        assert_eq!(rows.len(), 15);
        assert_eq!(rows[1].get("what"), Some(&Value::from("also takes `y`")));
    }
}

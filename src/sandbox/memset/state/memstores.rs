//! The contents of storage services: containers and users.

use std::collections::BTreeMap;

use super::super::table::Table;
use crate::kit::values::{map, texts};
use model::Map;

/// A user in the form of answers.
pub(crate) fn user_row(name: &str, enabled: bool, admin: bool) -> Map {
    map! { "username" => name, "enabled" => enabled, "admin" => admin }
}

/// The value of disabled settings.
pub(crate) const OFF: &str = "0";

/// A container.
#[derive(Clone, Debug)]
pub(crate) struct Container {
    pub(crate) name: String,
    /// The number of objects in it.
    pub(crate) objects: i64,
    /// Their total size, in bytes.
    pub(crate) bytes: i64,
    pub(crate) acl: Map,
    pub(crate) cdn: Map,
}

impl Container {
    /// A private container.
    pub(crate) fn of(name: &str, objects: i64, bytes: i64) -> Container {
        let nobody = || texts::<&str>([]);
        let acl = map! { "read_acl" => nobody(), "write_acl" => nobody() };
        Container { name: name.to_owned(), objects, bytes, acl, cdn: private() }
    }

    /// Its address at the CDN.
    pub(crate) fn url(&self, scheme: &str, store: &str) -> String {
        format!("{scheme}://{}.{store}.cdn.example", self.name)
    }
}

/// The CDN settings of a container that is not public.
pub(crate) fn private() -> Map {
    map! {
        "public" => false,
        "ttl" => 0,
        "listing" => false,
        "index" => OFF,
        "notfound" => OFF,
        "cors" => OFF,
    }
}

/// The contents of storage services, by their names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memstores(pub(crate) BTreeMap<String, Store>);

/// The content of one storage service.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    pub(crate) containers: Vec<Container>,
    pub(crate) users: Table,
}

impl Default for Store {
    /// A new one has only its administrator.
    fn default() -> Store {
        Store { containers: Vec::new(), users: Table::new("user", "username").with([user_row("admin", true, true)]) }
    }
}

impl Memstores {
    /// The storage of a new sandbox.
    pub(crate) fn seed() -> Memstores {
        let mut photos = Store::default();
        photos.users = photos.users.with([user_row("alice", true, false), user_row("bob", false, false)]);
        // More than fits into 32 bits.
        photos.containers.push(Container::of("photos", 1204, 3_860_997_965));
        let mut snapshots = Store::default();
        snapshots.containers.push(Container::of("miniserver-snapshots", 1, 1_207_959_552));
        Memstores([("msstore1".to_owned(), photos), ("mystorage1".to_owned(), snapshots)].into())
    }
}

//! Snapshots of servers.

use super::super::create::system::is_windows;
use crate::kit::clock::Clock;
use crate::kit::values::map;
use model::{Map, Value};

/// The container that snapshots are kept in.
pub(crate) const CONTAINER: &str = "miniserver-snapshots/";

/// A snapshot of a Miniserver.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    pub(crate) storage: String,
    /// The path below the container.
    pub(crate) path: String,
    pub(crate) image_type: String,
    /// The system that was running.
    pub(crate) os: String,
    pub(crate) modified: Value,
}

impl Snapshot {
    /// The snapshot of a new sandbox.
    pub(crate) fn seed(clock: &Clock) -> Snapshot {
        Snapshot {
            storage: "mystorage1".into(),
            path: "myserver1.raw.gz".into(),
            image_type: "raw".into(),
            os: "debian_buster_64".into(),
            modified: clock.date("20110701T03:00:00"),
        }
    }

    /// The value of `os` in an order for this snapshot.
    pub(crate) fn os_option(&self) -> String {
        format!("snapshot-{}-{}", self.storage, self.path)
    }

    pub(crate) fn show(&self) -> Map {
        map! {
            "snapshot_path" => format!("{CONTAINER}{}", self.path),
            "image_type" => self.image_type.as_str(),
            "os_type" => if is_windows(&self.os) { "windows" } else { "linux" },
            "os_option" => self.os_option(),
            "description" => format!("Snapshot of {}", self.os),
            "user_comment" => "none",
            "last_modified" => self.modified.clone(),
        }
    }
}

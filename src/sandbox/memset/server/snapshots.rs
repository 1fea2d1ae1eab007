//! server.snapshot*: snapshots of Miniservers, kept in a storage service.

use super::super::create::system::is_windows;
use super::super::fault::Fault;
use super::super::handler::{Handlers, Reply};
use super::super::state::servers::Server;
use super::super::state::services::{MINISERVERS, STORAGE};
use super::super::state::snapshots::{CONTAINER, Snapshot};
use super::super::world::{Job, World};
use crate::kit::args::Args;
use crate::kit::values::list;
use model::Map;

pub(super) const HANDLERS: Handlers =
    &[("server.snapshot", take), ("server.snapshot_delete", delete), ("server.snapshot_list", list_snapshots)];

/// Checks that an image of that type can be taken of the server, or restored to it.
pub(super) fn check_image_type(server: &Server, image_type: &str) -> Result<(), Fault> {
    let fits = match image_type {
        "tar" => server.sku.starts_with("MS0") && !is_windows(&server.os),
        "ntfsclone" => is_windows(&server.os),
        _ => true,
    };
    if fits { Ok(()) } else { Err(Fault::parameter("image_type", "This image type is not available for the server.")) }
}

impl World {
    /// The snapshot at a path, which may start with the container.
    pub(super) fn snapshot(&self, storage: &str, path: &str) -> Option<&Snapshot> {
        let path = path.strip_prefix(CONTAINER).unwrap_or(path);
        self.servers.snapshots.iter().find(|snapshot| snapshot.storage == storage && snapshot.path == path)
    }

    /// The name of the storage, if a server's disk can be stored there and restored.
    pub(super) fn storage_for(&self, server: &str, storage: &str) -> Result<String, Fault> {
        let storage = self.services.live_of(storage, STORAGE)?;
        if storage.data_zone != self.services.find(server)?.data_zone {
            return Err(Fault::state(format!("'{server}' and '{}' are in different data zones", storage.name)));
        }
        Ok(storage.name.clone())
    }
}

fn take(world: &mut World, args: &Args) -> Reply {
    let (name, image_type) = (args.text("name"), args.text("image_type"));
    world.services.live_of(name, MINISERVERS)?;
    let storage = world.storage_for(name, args.text("storage_name"))?;
    let server = world.server(name)?;
    check_image_type(server, image_type)?;
    let ending = match image_type {
        "raw" => ".raw.gz",
        "tar" => ".tar",
        _ => "",
    };
    let (image_type, os) = (image_type.to_owned(), server.os.clone());
    let path = format!("{name}{ending}");
    world.start(Job::on_service("SNAPSHOT-MINISERVER", name).once().then(move |world| {
        let modified = world.clock.timestamp();
        world.servers.snapshots.retain(|old| old.storage != storage || old.path != path);
        world.servers.snapshots.push(Snapshot { storage, path, image_type, os, modified });
    }))
}

fn delete(world: &mut World, args: &Args) -> Reply {
    let storage = world.services.live_of(args.text("storage_name"), STORAGE)?.name.clone();
    let path = args.text("snapshot_path");
    let snapshot = world.snapshot(&storage, path).ok_or_else(|| Fault::missing("snapshot", "path", path))?;
    let path = snapshot.path.clone();
    world.start(Job::new("DELETE-SNAPSHOT", format!("{storage}/{path}")).once().then(move |world| {
        world.servers.snapshots.retain(|old| old.storage != storage || old.path != path);
    }))
}

fn list_snapshots(world: &mut World, args: &Args) -> Reply {
    let storage = &world.services.live_of(args.text("storage_name"), STORAGE)?.name;
    let found: Vec<Map> =
        world.servers.snapshots.iter().filter(|s| s.storage == *storage).map(Snapshot::show).collect();
    if found.is_empty() {
        return Err(Fault::missing("snapshots", "storage_name", storage));
    }
    Ok(list(found))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Account;
    use crate::kit::values::map;
    use model::Value;

    fn paths(account: &mut Account) -> Vec<Value> {
        let list = account.get("server.snapshot_list", map! { "storage_name" => "mystorage1" });
        list.as_list().unwrap().iter().map(|snapshot| snapshot.get("snapshot_path").unwrap().clone()).collect()
    }

    #[test]
    fn snapshots_are_created_and_deleted_by_jobs() {
        let mut account = Account::new();
        let args = map! { "name" => "myserver2", "storage_name" => "mystorage1", "image_type" => "raw" };
        account.get("server.snapshot", args.clone());
        assert_eq!(account.code("server.snapshot", args), 6);
        assert_eq!(paths(&mut account).len(), 1);
        account.wait();
        let all = paths(&mut account);
        assert_eq!(all[1], "miniserver-snapshots/myserver2.raw.gz".into());
        for path in all {
            account.get("server.snapshot_delete", map! { "storage_name" => "mystorage1", "snapshot_path" => path });
        }
        account.wait();
        assert_eq!(account.code("server.snapshot_list", map! { "storage_name" => "mystorage1" }), 3);
    }

    #[test]
    fn not_every_snapshot_can_be_taken() {
        for (name, storage, image_type, code) in [
            ("myserver1", "mystorage1", "raw", 0),
            ("myserver1", "mystorage1", "tar", 7),
            ("myserver1", "mystorage1", "ntfsclone", 7),
            ("myserver1", "mystorage1", "zip", 7),
            ("myserver1", "msstore1", "raw", 9),
            ("myserver1", "myserver2", "raw", 5),
            ("myserver3", "mystorage1", "raw", 5),
            ("oldserver1", "mystorage1", "tar", 9),
            ("nosuch", "mystorage1", "raw", 3),
        ] {
            let args = map! { "name" => name, "storage_name" => storage, "image_type" => image_type };
            assert_eq!(Account::new().code("server.snapshot", args), code, "{name} {storage} {image_type}");
        }
    }
}

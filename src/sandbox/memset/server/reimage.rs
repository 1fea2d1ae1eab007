//! server.reimage_*: a new system on a Miniserver's disk.

use super::super::create::sku::{self, Kind};
use super::super::create::system;
use super::super::fault::Fault;
use super::super::handler::{Handlers, Reply};
use super::super::world::{Job, World};
use super::snapshots::check_image_type;
use crate::kit::args::Args;

pub(super) const HANDLERS: Handlers =
    &[("server.reimage_from_snapshot", from_snapshot), ("server.reimage_from_stock_image", from_stock_image)];

fn from_snapshot(world: &mut World, args: &Args) -> Reply {
    let (name, path) = (args.text("name"), args.text("snapshot_path"));
    check_image_type(world.miniserver(name)?, args.text("image_type"))?;
    let storage = world.storage_for(name, args.text("storage_name"))?;
    match world.snapshot(&storage, path).filter(|snapshot| snapshot.image_type == args.text("image_type")) {
        Some(snapshot) => reimage(world, name, snapshot.os.clone()),
        None => Err(Fault::parameter("snapshot_path", "There is no such snapshot of that image type.")),
    }
}

fn from_stock_image(world: &mut World, args: &Args) -> Reply {
    let (name, os) = (args.text("name"), args.text("os"));
    let sku = sku::find("name", &world.miniserver(name)?.sku, Kind::Miniserver)?;
    system::check(os, sku.ram_mb)?;
    system::check_ssh_key(os, args.maybe_text("pub_ssh_key"))?;
    reimage(world, name, os.to_owned())
}

/// Only one reimage of a server can run at a time, whichever method started it.
fn reimage(world: &mut World, name: &str, os: String) -> Reply {
    let server = name.to_owned();
    world.start(Job::on_service("REIMAGE-MINISERVER", name).once().then(move |world| {
        if let Some(server) = world.servers.find_mut(&server) {
            server.os = os;
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Account;
    use crate::kit::values::map;

    #[test]
    fn a_server_gets_the_system_of_a_snapshot() {
        let mut account = Account::new();
        let args = map! {
            "name" => "myserver2",
            "storage_name" => "mystorage1",
            "image_type" => "raw",
            "snapshot_path" => "miniserver-snapshots/myserver1.raw.gz",
        };
        account.get("server.reimage_from_snapshot", args);
        let stock = map! { "name" => "myserver2", "os" => "centos7_64" };
        assert_eq!(account.code("server.reimage_from_stock_image", stock), 6);
        account.wait();
        let server = account.get("server.info", map! { "name" => "myserver2" });
        assert_eq!(server.get("os"), Some(&"debian_buster_64".into()));
    }

    #[test]
    fn not_every_system_can_be_put_on_a_server() {
        for (name, os, code) in [
            ("myserver1", "debian_buster_64", 0),
            ("myserver1", "win2016serverstd_64", 7),
            ("myserver2", "win2016serverstd_64", 0),
            ("myserver1", "plan9", 7),
            ("myserver3", "debian_buster_64", 5),
            ("oldserver1", "debian_buster_64", 9),
        ] {
            let args = map! { "name" => name, "os" => os };
            assert_eq!(Account::new().code("server.reimage_from_stock_image", args), code, "{name} {os}");
        }
        for (path, image_type, code) in [("myserver1.raw.gz", "raw", 0), ("nosuch.raw.gz", "raw", 7), ("x", "tar", 7)] {
            let args = map! {
                "name" => "myserver1",
                "storage_name" => "mystorage1",
                "image_type" => image_type,
                "snapshot_path" => path,
            };
            assert_eq!(Account::new().code("server.reimage_from_snapshot", args), code, "{path} {image_type}");
        }
    }
}

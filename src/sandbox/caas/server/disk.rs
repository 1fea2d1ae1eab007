//! disk.* and server.add_storage: the disks of a server.

use super::super::fault::Fault;
use super::super::handler::{Handlers, Reply, done};
use super::super::locations::{DISK_SIZES, has_speed};
use super::super::state::servers::{Disk, NORMAL, Server};
use super::super::world::World;
use crate::kit::args::Args;

pub(super) const HANDLERS: Handlers =
    &[("disk.change_speed", change_speed), ("disk.delete", delete), ("server.add_storage", add)];

/// The most SCSI ids besides that of the operating system's disk.
const MOST: i64 = 13;

impl Server {
    fn disk(&mut self, id: &str) -> Result<&mut Disk, Fault> {
        let unknown = || Fault::new(394, format!("Disk with Id {id} not found"));
        self.disks.iter_mut().find(|disk| disk.id == id).ok_or_else(unknown)
    }
}

fn speed(args: &Args) -> Result<String, Fault> {
    let speed = args.maybe_text("speed").unwrap_or("STANDARD");
    match has_speed(speed) {
        true => Ok(speed.to_owned()),
        false => Err(Fault::new(826, format!("Disk speed {speed} is not available"))),
    }
}

fn add(world: &mut World, args: &Args) -> Reply {
    let (id, gb, speed) = (args.text("server-id"), args.int("amount").unwrap_or_default(), speed(args)?);
    let disk_id = world.new_id();
    let server = world.idle(id)?;
    if !DISK_SIZES.contains(&gb) {
        return Err(Fault::data("amount", "outside of what the data centre allows"));
    }
    let free = (1..=MOST).find(|scsi| server.disks.iter().all(|disk| disk.scsi != *scsi));
    let scsi = free.ok_or_else(|| Fault::data("amount", "no SCSI id is left on the server"))?;
    server.disks.push(Disk { id: disk_id.clone(), scsi, gb, speed: speed.clone(), state: "PENDING_ADD" });
    let name = server.name.clone();
    world.change(id, "ADD_STORAGE", move |server| {
        if let Ok(disk) = server.disk(&disk_id) {
            disk.state = NORMAL;
        }
    })?;
    done(format!("{gb} GB of {speed} local storage is being added to server \"{name}\" on SCSI ID {scsi}"))
}

fn delete(world: &mut World, args: &Args) -> Reply {
    let (id, disk_id) = (args.text("server-id"), args.text("disk-id").to_owned());
    let disk = world.idle(id)?.disk(&disk_id)?;
    if disk.scsi == 0 {
        return Err(Fault::new(696, "The operating system disk cannot be deleted"));
    }
    disk.state = "PENDING_DELETE";
    world.change(id, "DELETE_STORAGE", move |server| server.disks.retain(|disk| disk.id != disk_id))?;
    done("Server \"Disk Delete\" issued")
}

fn change_speed(world: &mut World, args: &Args) -> Reply {
    let (id, disk_id, speed) = (args.text("server-id"), args.text("disk-id").to_owned(), speed(args)?);
    world.idle(id)?.disk(&disk_id)?.state = "PENDING_CHANGE";
    world.change(id, "CHANGE_DISK_SPEED", move |server| {
        if let Ok(disk) = server.disk(&disk_id) {
            disk.state = NORMAL;
            disk.speed = speed;
        }
    })?;
    done("Change Server Disk Speed Issued")
}

#[cfg(test)]
mod tests {
    use super::super::super::state::servers::WEB_1;
    use super::super::super::testing::Organization;
    use crate::kit::values::map;
    use model::{Map, Value};

    const DATA: &str = "ef49974c-87d0-400f-aa32-ee43559fdb1b";
    const SYSTEM: &str = "e1f5c9a0-87d0-400f-aa32-000000000001";

    fn of(disk: &str) -> Map {
        map! { "server-id" => WEB_1, "disk-id" => disk }
    }

    #[test]
    fn invalid_disk_calls_are_refused() {
        let add = |amount: i64, speed: &str| map! { "server-id" => WEB_1, "amount" => amount, "speed" => speed };
        let speed = |disk: &str, speed: &str| map! { "server-id" => WEB_1, "disk-id" => disk, "speed" => speed };
        for (method, args, reason) in [
            ("server.add_storage", add(10, "STANDARD"), 0),
            ("server.add_storage", add(10, "ECONOMY"), 826),
            ("server.add_storage", add(5000, "STANDARD"), 320),
            ("disk.delete", of(DATA), 0),
            ("disk.delete", of(SYSTEM), 696),
            ("disk.delete", of("nosuch"), 394),
            ("disk.change_speed", speed(SYSTEM, "HIGHPERFORMANCE"), 0),
            ("disk.change_speed", speed(DATA, "WARP"), 826),
        ] {
            assert_eq!(Organization::new().reason(method, args.clone()), reason, "{method} {args:?}");
        }
    }

    #[test]
    fn a_disk_is_added_and_removed() {
        let mut org = Organization::new();
        let disks = |org: &mut Organization| -> Vec<String> {
            let server = org.find("server.list", map! {}, "id", WEB_1).unwrap();
            let state = |disk: &Value| disk.get("state").unwrap().as_str().unwrap().to_owned();
            server.get("disk").unwrap().as_list().unwrap().iter().map(state).collect()
        };
        org.done("server.add_storage", map! { "server-id" => WEB_1, "amount" => 20 });
        assert_eq!(disks(&mut org), ["NORMAL", "NORMAL", "PENDING_ADD"]);
        org.wait();
        org.done("disk.delete", of(DATA));
        assert_eq!(disks(&mut org), ["NORMAL", "PENDING_DELETE", "NORMAL"]);
        org.wait();
        assert_eq!(disks(&mut org), ["NORMAL", "NORMAL"]);
    }
}

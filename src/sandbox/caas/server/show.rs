//! server.list: servers in their newest form.

use super::super::handler::{Handlers, Reply, rows};
use super::super::state::servers::Server;
use super::super::world::World;
use crate::kit::args::Args;
use crate::kit::values::{date, list, map, texts};
use model::{Map, Value};

pub(super) const HANDLERS: Handlers = &[
    ("server.list", |world, args| servers(world, args, true)),
    ("server.list_with_state", |world, args| servers(world, args, false)),
];

fn servers(world: &mut World, args: &Args, with_backup: bool) -> Reply {
    for location in args.texts("location").unwrap_or_default() {
        world.location(location)?;
    }
    for network in args.texts("networkId").unwrap_or_default() {
        world.networks.find(network)?;
    }
    rows(world.servers.iter().map(|server| {
        let mut shown = server.show(world);
        if let Some(backup) = world.backups.of(&server.id).filter(|_| with_backup) {
            shown.insert("backup", backup.summary());
        }
        shown
    }))
}

impl Server {
    /// The form of lists, without its backup service.
    pub(crate) fn show(&self, world: &World) -> Map {
        let mut shown = map! {
            "id" => self.id.as_str(),
            "location" => self.location.as_str(),
            "name" => self.name.as_str(),
            "operatingSystem" => self.os.with_id(),
            "cpuCount" => self.cpus,
            "memoryMb" => self.memory,
            "disk" => self.show_disks(),
            "softwareLabel" => texts(&self.labels),
            "sourceImageId" => self.image.as_str(),
            "networkId" => self.network.as_str(),
            "machineName" => self.machine_name(),
            "privateIp" => self.ip.as_str(),
            "created" => date(&self.created),
            "isDeployed" => self.deployed,
            "isStarted" => self.started,
            "state" => self.state,
            "machineStatus" => self.machine_status(),
        };
        if !self.description.is_empty() {
            shown.insert("description", self.description.as_str());
        }
        if let Some(public) = world.networks.public_address(&self.network, &self.ip) {
            shown.insert("publicIp", public);
        }
        if let Some(progress) = &self.progress {
            shown.insert("status", progress.show(&world.clock));
        }
        shown
    }

    /// Its disks.
    pub(crate) fn show_disks(&self) -> Value {
        list(self.disks.iter().map(|disk| {
            map! {
                "id" => disk.id.as_str(),
                "scsiId" => disk.scsi,
                "sizeGb" => disk.gb,
                "speed" => disk.speed.as_str(),
                "state" => disk.state,
            }
        }))
    }

    /// Its initial host name: `192-0-2-11`.
    pub(crate) fn machine_name(&self) -> String {
        self.ip.replace('.', "-")
    }

    /// The state of VMware Tools on it.
    pub(super) fn machine_status(&self) -> Value {
        let version = if self.tools_current { "CURRENT" } else { "NEED_UPGRADE" };
        let running = if self.started { "RUNNING" } else { "NOT_RUNNING" };
        let rows = [
            ("vmwareToolsApiVersion", "8295"),
            ("vmwareToolsVersionStatus", version),
            ("vmwareToolsRunningStatus", running),
        ];
        list(rows.map(|(name, value)| map! { "name" => name, "value" => value }))
    }

    /// Its source, description and time of creation, for other forms.
    pub(crate) fn origin(&self) -> (&str, &str, &str) {
        (&self.image, &self.description, &self.created)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::state::servers::{WEB_1, WEB_2};
    use super::super::super::testing::Organization;
    use crate::kit::values::{map, texts};
    use model::Value;

    #[test]
    fn lists_are_filtered_and_refused() {
        for (args, found) in [
            (map! { "id" => texts([WEB_1, WEB_2]) }, Ok(2)),
            (map! { "deployed" => false }, Ok(1)),
            (map! { "name" => texts(["web-3"]), "location" => texts(["NA1"]) }, Ok(1)),
            (map! { "location" => texts(["NA2"]) }, Ok(0)),
            (map! { "location" => texts(["MOON1"]) }, Err(770)),
            (map! { "networkId" => texts(["nosuch"]) }, Err(250)),
            (map! { "orderBy" => "location,created.DESCENDING", "pageSize" => 3 }, Ok(3)),
            (map! { "orderBy" => "started,operatingSystemId" }, Ok(7)),
            (map! { "orderBy" => "shoeSize" }, Err(71)),
        ] {
            let answer = Organization::new().call("server.list", args.clone());
            let count = answer.map(|list| list.as_list().map(<[Value]>::len).unwrap());
            assert_eq!(count, found, "{args:?}");
        }
    }
}

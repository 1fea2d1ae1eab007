//! The older lists of servers, with fewer fields.

use super::super::handler::{Handlers, Reply, rows, value};
use super::super::organization::ORGANIZATION;
use super::super::state::servers::Server;
use super::super::world::World;
use crate::kit::args::Args;
use crate::kit::values::{date, list, map, texts};
use model::Map;

/// The fields of a list besides the common ones.
#[derive(Clone, Copy, Default)]
struct Extra {
    machine: bool,
    labels: bool,
    disks: bool,
}

const PLAIN: Extra = Extra { machine: false, labels: false, disks: false };
const STATUS: Extra = Extra { machine: true, ..PLAIN };
const LABELS: Extra = Extra { labels: true, ..STATUS };
const DISKS: Extra = Extra { disks: true, ..LABELS };
pub(super) const HANDLERS: Handlers = &[
    ("server.get", |world, args| value(world.servers.find(args.text("server-id"))?.oldest())),
    ("server.list_deployed", |world, args| deployed(world, args, PLAIN)),
    ("server.list_deployed_on_network", |world, args| deployed(world, args, PLAIN)),
    ("server.list_deployed_with_disks", |world, args| deployed(world, args, DISKS)),
    ("server.list_deployed_with_software_labels", |world, args| deployed(world, args, LABELS)),
    ("server.list_deployed_with_status", |world, args| deployed(world, args, STATUS)),
    ("server.list_on_network", |world, args| oldest(world, args)),
    ("server.list_pending", |world, args| pending(world, args, PLAIN)),
    ("server.list_pending_on_network", |world, args| pending(world, args, PLAIN)),
    ("server.list_pending_with_disks", |world, args| pending(world, args, Extra { machine: false, ..DISKS })),
    ("server.list_simple", |world, args| oldest(world, args)),
];

/// The servers of the requested network, or of every one.
fn chosen(world: &World, args: &Args, deployed: bool, show: impl Fn(&Server) -> Map) -> Reply {
    let network = args.maybe_text("network-id");
    if let Some(id) = network {
        world.networks.find(id)?;
    }
    let here = |server: &&Server| network.is_none_or(|id| server.network == id) && server.deployed == deployed;
    rows(world.servers.iter().filter(here).map(show))
}

fn oldest(world: &mut World, args: &Args) -> Reply {
    chosen(world, args, true, Server::oldest)
}

fn deployed(world: &mut World, args: &Args, extra: Extra) -> Reply {
    chosen(world, args, true, |server| {
        let mut shown = server.common(world, extra);
        shown.insert("machineName", server.machine_name());
        shown.insert("isStarted", server.started);
        shown.insert("deployedTime", date(&server.created));
        shown
    })
}

fn pending(world: &mut World, args: &Args, extra: Extra) -> Reply {
    chosen(world, args, false, |server| server.common(world, extra))
}

impl Server {
    /// The common fields of the lists of deployed servers and of those being deployed.
    fn common(&self, world: &World, extra: Extra) -> Map {
        let mut shown = map! {
            "id" => self.id.as_str(),
            "name" => self.name.as_str(),
            "description" => self.description.as_str(),
            "machineSpecification" => self.os.specification(self.cpus, self.memory, &self.sizes()),
            "sourceImageId" => self.image.as_str(),
            "networkId" => self.network.as_str(),
            "privateIpAddress" => self.ip.as_str(),
        };
        if let Some(public) = world.networks.public_address(&self.network, &self.ip) {
            shown.insert("publicIpAddress", public);
        }
        if let Some(progress) = &self.progress {
            shown.insert("status", progress.show(&world.clock));
        }
        if extra.machine {
            shown.insert("machineStatus", self.machine_status());
        }
        if extra.labels {
            shown.insert("softwareLabel", texts(&self.labels));
        }
        if extra.disks {
            let further = self.disks.iter().filter(|disk| disk.scsi > 0);
            shown.insert(
                "additionalDisk",
                list(further.map(|disk| {
                    map! {
                        "id" => disk.id.as_str(),
                        "scsiId" => disk.scsi.to_string(),
                        "diskSizeGb" => disk.gb,
                        "state" => disk.state,
                    }
                })),
            );
        }
        shown
    }

    /// The oldest form.
    fn oldest(&self) -> Map {
        let sizes = self.sizes();
        map! {
            "id" => self.id.as_str(),
            "name" => self.name.as_str(),
            "description" => self.description.as_str(),
            "vlanResourcePath" => format!("/oec/{ORGANIZATION}/network/{}", self.network),
            "imageResourcePath" => "",
            "operatingSystem" => self.os.show(),
            "cpuCount" => self.cpus,
            "memory" => self.memory,
            "osStorage" => sizes.first().copied().unwrap_or_default(),
            "additionalLocalStorage" => sizes.iter().skip(1).sum::<i64>(),
            "machineName" => self.machine_name(),
            "privateIPAddress" => self.ip.as_str(),
            "isDeployed" => self.deployed,
            "isStarted" => self.started,
            "created" => date(&self.created),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::state::networks::{MAIN, OTHER};
    use super::super::super::testing::Organization;
    use crate::kit::values::map;
    use model::Value;

    #[test]
    fn each_list_has_its_servers() {
        for (method, network, count) in [
            ("server.list_simple", None, 6),
            ("server.list_deployed", None, 6),
            ("server.list_pending", None, 1),
            ("server.list_on_network", Some(MAIN), 6),
            ("server.list_deployed_with_disks", Some(MAIN), 6),
            ("server.list_pending_with_disks", Some(MAIN), 1),
            ("server.list_pending_on_network", Some(OTHER), 0),
        ] {
            let args = network.map_or_else(|| map! {}, |id| map! { "network-id" => id });
            let answer = Organization::new().get(method, args);
            assert_eq!(answer.as_list().map(<[Value]>::len), Some(count), "{method}");
        }
        let nowhere = map! { "network-id" => "nosuch" };
        assert_eq!(Organization::new().reason("server.list_on_network", nowhere), 250);
    }
}

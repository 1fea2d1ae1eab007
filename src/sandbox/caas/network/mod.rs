//! network.*: networks, which are created and deleted at once, but not deleted while in use.

mod acl;
mod block;
mod nat;
mod show;

use super::fault::Fault;
use super::handler::{Handlers, Reply, done};
use super::locations::LOCATIONS;
use super::state::networks::{Network, Networks};
use super::world::World;
use crate::kit::args::Args;

pub(super) const AREAS: &[Handlers] = &[HANDLERS, acl::HANDLERS, block::HANDLERS, nat::HANDLERS, show::HANDLERS];
const HANDLERS: Handlers = &[
    ("network.create", |world, args| create(world, args, args.text("location"))),
    ("network.create_simple", |world, args| create(world, args, LOCATIONS.first().copied().unwrap_or_default())),
    ("network.delete", delete),
    ("network.multicast", multicast),
    ("network.update", update),
];

/// The most networks of the organization.
const MOST: usize = 10;

impl World {
    /// An unused private address of a network.
    pub(crate) fn free_address(&self, network: &Network) -> Result<String, Fault> {
        let taken = |ip: &String| self.servers.iter().any(|server| server.network == network.id && server.ip == *ip);
        let mut all = (11..=254).map(|host| format!("{}.{host}", network.private));
        all.find(|ip| !taken(ip)).ok_or_else(|| Fault::new(310, "No IP addresses available"))
    }
}

fn create(world: &mut World, args: &Args, location: &str) -> Reply {
    let name = args.text("name");
    world.location(location)?;
    world.networks.name_is_free(name)?;
    if world.networks.all.len() == MOST {
        return Err(Fault::new(220, "No network is available"));
    }
    let id = world.new_id();
    let mut network = Network::new(&id, name, location, "198.51.100");
    network.description = args.text("description").to_owned();
    world.networks.all.push(network);
    world.reserve(&id, true)?;
    done(format!("Network created successfully (Network ID: {id})"))
}

fn update(world: &mut World, args: &Args) -> Reply {
    let id = args.text("network-id");
    let old = world.networks.find(id)?.name.clone();
    if let Some(name) = args.maybe_text("name").filter(|name| *name != old) {
        world.networks.name_is_free(name)?;
        world.networks.find_mut(id)?.name = name.to_owned();
    }
    if let Some(description) = args.maybe_text("description") {
        world.networks.find_mut(id)?.description = description.to_owned();
    }
    done("Network edited")
}

fn multicast(world: &mut World, args: &Args) -> Reply {
    let network = world.networks.find_mut(args.text("network-id"))?;
    let enabled = args.flag("enabled").unwrap_or_default();
    if network.multicast == enabled {
        return Err(Fault::new(372, format!("Multicast is {} already", if enabled { "enabled" } else { "disabled" })));
    }
    network.multicast = enabled;
    done(format!("Multicast {}", if enabled { "enabled" } else { "disabled" }))
}

fn delete(world: &mut World, args: &Args) -> Reply {
    let id = args.text("network-id");
    let network = world.networks.find(id)?;
    let servers = || world.servers.iter().filter(|server| server.network == id);
    let held = [
        (network.multicast, 371, "is in multicast mode"),
        (servers().any(|server| server.state == "PENDING_ADD"), 381, "still holds servers that are being deployed"),
        (servers().next().is_some(), 380, "still holds servers"),
        (world.networks.nat.on(id).next().is_some(), 382, "still holds NAT rules"),
        (world.networks.extra_blocks(id), 384, "still holds public IP blocks"),
    ];
    let held = held.into_iter().chain(world.balancing.holds(id)).find(|(holds, ..)| *holds);
    if let Some((_, reason, words)) = held {
        return Err(Fault::new(reason, format!("Network with Id {id} {words}")));
    }
    world.networks.forget(id);
    done("Network deleted successfully")
}

impl Networks {
    fn forget(&mut self, id: &str) {
        self.all.retain(|network| network.id != id);
        // A network that can be deleted only has its default block and its ACL rules.
        for shelf in [&mut self.blocks, &mut self.rules] {
            let ids: Vec<String> = shelf.on(id).map(|thing| super::shelf::text(thing, "id").to_owned()).collect();
            ids.iter().for_each(|thing| shelf.remove(id, thing));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::state::networks::{MAIN, OTHER};
    use super::super::testing::Organization;
    use crate::kit::values::map;

    #[test]
    fn invalid_network_calls_are_refused() {
        let of = |id: &str| map! { "network-id" => id };
        let create = |name: &str, location: &str| map! { "name" => name, "location" => location };
        let multicast = |on: bool| map! { "network-id" => OTHER, "enabled" => on };
        for (method, args, reason) in [
            ("network.create", create("New", "NA2"), 0),
            ("network.create", create("Network A", "NA2"), 210),
            ("network.create", create("New", "MOON1"), 770),
            ("network.create", map! { "name" => "New" }, 320),
            ("network.delete", of(OTHER), 0),
            ("network.delete", of(MAIN), 380),
            ("network.delete", of("nosuch"), 250),
            ("network.multicast", multicast(true), 0),
            ("network.multicast", multicast(false), 372),
            ("network.update", map! { "network-id" => OTHER, "name" => "Network A" }, 210),
            ("network.list_in_location", map! { "location-id" => "MOON1" }, 770),
        ] {
            assert_eq!(Organization::new().reason(method, args.clone()), reason, "{method} {args:?}");
        }
    }

    #[test]
    fn a_network_is_created_and_deleted_at_once() {
        let mut org = Organization::new();
        let made = org.get("network.create", map! { "name" => "New", "location" => "NA2" });
        let id = made.get("id").cloned().unwrap();
        assert!(org.find("network.list_in_location", map! { "location-id" => "NA2" }, "name", "New").is_some());
        let config = org.get("network.get_config_with_location", map! { "network-id" => id.clone() });
        assert_eq!(config.get("publicIps").and_then(model::Value::as_list).map(<[_]>::len), Some(1));
        org.done("network.multicast", map! { "network-id" => id.clone(), "enabled" => true });
        assert_eq!(org.reason("network.delete", map! { "network-id" => id.clone() }), 371);
        org.done("network.multicast", map! { "network-id" => id.clone(), "enabled" => false });
        org.done("network.delete", map! { "network-id" => id.clone() });
        assert_eq!(org.reason("network.get", map! { "network-id" => id }), 250);
    }
}

//! network.*: networks, which come and go at once, and refuse to go while they are in use.

mod acl;
mod block;
mod nat;
mod show;

use super::fault::Fault;
use super::places::LOCATIONS;
use super::shelf::Shelf;
use super::world::World;
use super::{Handlers, Reply, done};
use crate::kit::args::Args;

pub(super) const AREAS: &[Handlers] = &[HANDLERS, acl::HANDLERS, block::HANDLERS, nat::HANDLERS, show::HANDLERS];

const HANDLERS: Handlers = &[
    ("network.create", |world, args| create(world, args, args.text("location"))),
    ("network.create_simple", |world, args| create(world, args, LOCATIONS.first().copied().unwrap_or_default())),
    ("network.delete", delete),
    ("network.multicast", multicast),
    ("network.update", update),
];

/// The networks that the sandbox starts with, by the ids that the documentation's examples use.
pub(crate) const MAIN: &str = "2f7460d4-6516-4c45-a3c8-591e70b4ec54";
pub(crate) const OTHER: &str = "c01fce97-00c7-11e2-b29c-001517c4643e";

/// How many networks there may be.
const MOST: usize = 10;

/// A network.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    /// Its id.
    pub(crate) id: String,
    /// Its name, unique in the organization.
    pub(crate) name: String,
    description: String,
    /// Its data centre.
    pub(crate) location: String,
    /// The first three numbers of its private addresses.
    private: &'static str,
    multicast: bool,
}

impl Network {
    fn new(id: &str, name: &str, location: &str, private: &'static str) -> Network {
        let description = format!("Example {name}");
        Network { id: id.into(), name: name.into(), description, location: location.into(), private, multicast: false }
    }

    /// Refuses an address that is not for use here: another network's, or one that ends in 0 to 10.
    pub(crate) fn holds(&self, address: &str) -> Result<(), Fault> {
        let host = address.strip_prefix(self.private).and_then(|rest| rest.strip_prefix('.')).map(str::parse::<u8>);
        match host {
            Some(Ok(11..=254)) => Ok(()),
            _ => Err(Fault::new(240, format!("{address} lies outside of network {}", self.name))),
        }
    }
}

/// Networks, and what belongs to them.
#[derive(Debug)]
pub(crate) struct Networks {
    all: Vec<Network>,
    rules: Shelf,
    nat: Shelf,
    blocks: Shelf,
}

impl Networks {
    /// The networks of a new sandbox.
    pub(crate) fn seed() -> Networks {
        Networks {
            all: vec![
                Network::new(MAIN, "Network A", "NA1", "192.0.2"),
                Network::new(OTHER, "Network O", "NA1", "198.51.100"),
                Network::new("9eb15060-3a2b-4c1d-8e0f-5a6b7c8d9e01", "Network Z", "NA2", "198.51.100"),
            ],
            rules: acl::seed(),
            nat: nat::seed(),
            blocks: block::seed(),
        }
    }

    /// All networks, the oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Network> {
        self.all.iter()
    }

    /// The name of a network, or of a rule of one, by its id.
    pub(crate) fn name(&self, id: &str) -> Option<&str> {
        let network = self.find(id).ok().map(|network| network.name.as_str());
        network.or_else(|| [&self.rules, &self.nat].into_iter().find_map(|shelf| shelf.name(id)))
    }

    /// The network with that id.
    pub(crate) fn find(&self, id: &str) -> Result<&Network, Fault> {
        self.all.iter().find(|network| network.id == id).ok_or_else(|| unknown(id))
    }

    fn find_mut(&mut self, id: &str) -> Result<&mut Network, Fault> {
        self.all.iter_mut().find(|network| network.id == id).ok_or_else(|| unknown(id))
    }

    fn name_is_free(&self, name: &str) -> Result<(), Fault> {
        match self.all.iter().any(|network| network.name == name) {
            true => Err(Fault::new(210, format!("Network name {name} is not unique"))),
            false => Ok(()),
        }
    }
}

/// The bits of a netmask: ones, and behind them nothing but zeros.
pub(crate) fn netmask(text: &str) -> Option<u32> {
    let bits = u32::from(text.parse::<std::net::Ipv4Addr>().ok()?);
    (bits.leading_ones() + bits.trailing_zeros() >= u32::BITS).then_some(bits)
}

fn unknown(id: &str) -> Fault {
    Fault::new(250, format!("Network with Id {id} not found"))
}

impl World {
    /// A private address of a network that no server has.
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
        // What is left of a network that may go is its default block and its ACL rules.
        for shelf in [&mut self.blocks, &mut self.rules] {
            let ids: Vec<String> = shelf.on(id).map(|thing| super::shelf::text(thing, "id").to_owned()).collect();
            ids.iter().for_each(|thing| shelf.remove(id, thing));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Organization;
    use super::*;
    use crate::kit::values::map;

    #[test]
    fn networks_are_refused_what_they_must_be() {
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
    fn netmasks_have_no_holes() {
        for (text, bits) in [
            ("255.255.255.0", Some(0xFFFF_FF00)),
            ("255.255.255.255", Some(u32::MAX)),
            ("0.0.0.0", Some(0)),
            ("255.0.255.0", None),
            ("0.255.0.0", None),
            ("255.255", None),
        ] {
            assert_eq!(netmask(text), bits, "{text}");
        }
    }

    #[test]
    fn a_network_comes_and_goes_at_once() {
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

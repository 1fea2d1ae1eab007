//! Networks in the forms of answers.

use super::super::handler::{Handlers, Reply, rows, value};
use super::super::organization::ORGANIZATION;
use super::super::state::networks::Network;
use super::super::world::World;
use crate::kit::args::Args;
use crate::kit::values::{list, map, texts};
use model::Map;

pub(super) const HANDLERS: Handlers = &[
    ("network.get", |world, args| value(world.networks.find(args.text("network-id"))?.simple())),
    ("network.get_config", config),
    ("network.get_config_with_location", config_with_location),
    ("network.list", |world, _| rows(world.networks.iter().map(Network::show))),
    ("network.list_in_location", in_location),
    ("network.list_simple", |world, _| {
        rows(world.networks.iter().filter(|network| network.location == "NA1").map(Network::simple))
    }),
];

impl Network {
    fn base(&self) -> String {
        format!("{}.0", self.private)
    }

    fn common(&self) -> Map {
        let mut shown = map! { "id" => self.id.as_str(), "name" => self.name.as_str(), "multicast" => self.multicast };
        if !self.description.is_empty() {
            shown.insert("description", self.description.as_str());
        }
        shown
    }

    fn show(&self) -> Map {
        let mut shown = self.common();
        shown.insert("location", self.location.as_str());
        shown.insert("privateNet", self.base());
        shown
    }

    fn simple(&self) -> Map {
        let mut shown = self.common();
        shown.insert("resourcePath", format!("/oec/{ORGANIZATION}/network/{}", self.id));
        shown
    }
}

fn in_location(world: &mut World, args: &Args) -> Reply {
    let location = args.text("location-id");
    world.location(location)?;
    rows(world.networks.iter().filter(|network| network.location == location).map(Network::show))
}

/// The public blocks and the private addresses of a network, and its outgoing address.
fn addresses(world: &World, network: &Network, with_flag: bool) -> Map {
    let used = world.servers.iter().filter(|server| server.network == network.id).map(|server| server.ip.as_str());
    let blocks = world.networks.blocks.on(&network.id).map(|block| {
        let mut shown = block.clone();
        if !with_flag {
            shown.remove("serverToVipConnectivity");
        }
        shown
    });
    map! {
        "privateNet" => network.base(),
        "privateSnat" => format!("{}.4", network.private),
        "publicSnat" => "203.0.113.254",
        "publicIps" => list(blocks),
        "privateIps" => map! { "subnetSize" => 256, "Ip" => texts(used) },
    }
}

fn joined(mut one: Map, other: Map) -> Reply {
    other.into_iter().for_each(|(name, value)| drop(one.insert(name, value)));
    value(one)
}

fn config(world: &mut World, args: &Args) -> Reply {
    let network = world.networks.find(args.text("network-id"))?;
    let shown: Map = map! {
        "network" => network.simple(),
        "hostName" => "switch1.example.com",
        "agg" => 1,
        "location" => format!("{}-site1", network.location.to_lowercase()),
        "context" => 12,
        "acePair" => 1,
        "intVlan" => 312,
        "outVlan" => 712,
    };
    joined(shown, addresses(world, network, false))
}

fn config_with_location(world: &mut World, args: &Args) -> Reply {
    let network = world.networks.find(args.text("network-id"))?;
    joined(network.show(), addresses(world, network, true))
}

#[cfg(test)]
mod tests {
    use super::super::super::state::networks::MAIN;
    use super::super::super::testing::Organization;
    use super::*;
    use model::Value;

    #[test]
    fn only_the_newer_form_has_the_flag_of_blocks() {
        let mut org = Organization::new();
        for (method, has) in [("network.get_config", false), ("network.get_config_with_location", true)] {
            let config = org.get(method, map! { "network-id" => MAIN });
            let blocks = config.get("publicIps").and_then(Value::as_list).unwrap();
            assert_eq!(blocks.iter().all(|block| block.get("serverToVipConnectivity").is_some()), has, "{method}");
            assert_eq!(blocks.len(), 2);
        }
    }
}

//! Networks, and what belongs to each: rules, address translations, blocks of public addresses.

use super::super::fault::Fault;
use super::super::shelf::Shelf;
use crate::kit::values::map;
use model::Map;

/// The initial networks, with the ids of the documentation's examples.
pub(crate) const MAIN: &str = "2f7460d4-6516-4c45-a3c8-591e70b4ec54";
pub(crate) const OTHER: &str = "c01fce97-00c7-11e2-b29c-001517c4643e";

/// A network.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    /// Its id.
    pub(crate) id: String,
    /// Its name, unique in the organization.
    pub(crate) name: String,
    pub(crate) description: String,
    /// Its data centre.
    pub(crate) location: String,
    /// The first three numbers of its private addresses.
    pub(crate) private: &'static str,
    pub(crate) multicast: bool,
}

impl Network {
    pub(crate) fn new(id: &str, name: &str, location: &str, private: &'static str) -> Network {
        let description = format!("Example {name}");
        Network { id: id.into(), name: name.into(), description, location: location.into(), private, multicast: false }
    }

    /// Refuses an address that cannot be used here: another network's, or one that ends in 0 to 10.
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
    pub(crate) all: Vec<Network>,
    pub(crate) rules: Shelf,
    pub(crate) nat: Shelf,
    pub(crate) blocks: Shelf,
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
            rules: acl_rules(),
            nat: nat_rules(),
            blocks: blocks(),
        }
    }

    /// All networks, the oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Network> {
        self.all.iter()
    }

    /// The name of a network, or of one of its rules, by id.
    pub(crate) fn name(&self, id: &str) -> Option<&str> {
        let network = self.find(id).ok().map(|network| network.name.as_str());
        network.or_else(|| [&self.rules, &self.nat].into_iter().find_map(|shelf| shelf.name(id)))
    }

    /// The network with that id.
    pub(crate) fn find(&self, id: &str) -> Result<&Network, Fault> {
        self.all.iter().find(|network| network.id == id).ok_or_else(|| unknown(id))
    }

    pub(crate) fn find_mut(&mut self, id: &str) -> Result<&mut Network, Fault> {
        self.all.iter_mut().find(|network| network.id == id).ok_or_else(|| unknown(id))
    }

    pub(crate) fn name_is_free(&self, name: &str) -> Result<(), Fault> {
        match self.all.iter().any(|network| network.name == name) {
            true => Err(Fault::new(210, format!("Network name {name} is not unique"))),
            false => Ok(()),
        }
    }
}

fn unknown(id: &str) -> Fault {
    Fault::new(250, format!("Network with Id {id} not found"))
}

fn acl_rules() -> Shelf {
    Shelf::of(
        MAIN,
        [map! {
            "id" => "1f0311d0-b874-413e-9c6d-18d35f62ca4d",
            "name" => "web",
            "status" => "NORMAL",
            "position" => 100,
            "action" => "PERMIT",
            "protocol" => "TCP",
            "sourceIpRange" => Map::new(),
            "destinationIpRange" => Map::new(),
            "portRange" => map! { "type" => "EQUAL_TO", "port1" => 80 },
            "type" => "OUTSIDE_ACL",
        }],
    )
}

fn nat_rules() -> Shelf {
    Shelf::of(
        MAIN,
        [map! {
            "id" => "738442d9-5cc8-4bac-98bd-b7df9230f91c",
            "name" => "192.0.2.12",
            "natIp" => "203.0.113.0",
            "sourceIp" => "192.0.2.12",
        }],
    )
}

/// How many addresses a block has.
pub(crate) const SIZE: i64 = 4;

fn blocks() -> Shelf {
    let mut shelf = Shelf::of(
        MAIN,
        [
            block("b1a5e0d4-66ad-11e1-b5d6-0030487e0302", 0, true),
            block("26cafcd4-66ad-11e1-b5d6-0030487e0302", 1, false),
        ],
    );
    shelf.add(OTHER, block("c2b6f1e5-66ad-11e1-b5d6-0030487e0302", 2, true));
    shelf.add("9eb15060-3a2b-4c1d-8e0f-5a6b7c8d9e01", block("d3c702f6-66ad-11e1-b5d6-0030487e0302", 3, true));
    shelf
}

pub(crate) fn block(id: &str, at: i64, default: bool) -> Map {
    map! {
        "id" => id,
        "baseIp" => format!("203.0.113.{}", at * SIZE),
        "subnetSize" => SIZE,
        "networkDefault" => default,
        "serverToVipConnectivity" => false,
    }
}

/// The bits of a netmask: ones followed only by zeros.
pub(crate) fn netmask(text: &str) -> Option<u32> {
    let bits = u32::from(text.parse::<std::net::Ipv4Addr>().ok()?);
    (bits.leading_ones() + bits.trailing_zeros() >= u32::BITS).then_some(bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn netmasks_have_no_gaps() {
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
}

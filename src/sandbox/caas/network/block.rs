//! ip_block.*: blocks of public addresses.

use super::super::fault::Fault;
use super::super::handler::{Answer, Handlers, Reply, done};
use super::super::shelf::text;
use super::super::state::networks::{Networks, SIZE, block};
use super::super::world::World;
use crate::kit::args::Args;
use model::{Map, Value};

pub(super) const HANDLERS: Handlers = &[
    ("ip_block.release", release),
    ("ip_block.reserve", reserve_with_size),
    ("ip_block.reserve_without_size", reserve_without_size),
    ("ip_block.update", update),
];

/// The most blocks of one network that its servers can reach.
const CONNECTED: usize = 2;

/// The addresses of a block.
fn addresses(block: &Map) -> Vec<String> {
    let (net, first) = text(block, "baseIp").rsplit_once('.').unwrap_or_default();
    let first: i64 = first.parse().unwrap_or_default();
    (first..first + SIZE).map(|host| format!("{net}.{host}")).collect()
}

impl Networks {
    /// Whether a network has blocks besides the initial one.
    pub(super) fn extra_blocks(&self, network: &str) -> bool {
        self.blocks.on(network).any(|block| block.get("networkDefault") == Some(&false.into()))
    }

    /// Whether an address is one of a network's public ones.
    pub(crate) fn is_public(&self, network: &str, address: &str) -> bool {
        self.blocks.on(network).flat_map(addresses).any(|known| known == address)
    }
}

impl World {
    /// An unused public address of a network.
    pub(crate) fn free_public(&self, network: &str) -> Result<String, Fault> {
        let mut all = self.networks.blocks.on(network).flat_map(addresses);
        all.find(|address| !self.uses(network, address)).ok_or_else(|| Fault::new(310, "No IP addresses available"))
    }

    /// Whether a NAT rule or a VIP has an address.
    fn uses(&self, network: &str, address: &str) -> bool {
        self.networks.nat.has(network, "natIp", address) || self.balancing.vips.has(network, "ipAddress", address)
    }

    /// Gives a network an unused block.
    pub(super) fn reserve(&mut self, network: &str, default: bool) -> Result<Map, Fault> {
        self.networks.find(network)?;
        let taken: Vec<&str> =
            self.networks.all.iter().flat_map(|n| self.networks.blocks.on(&n.id)).map(|b| text(b, "baseIp")).collect();
        let free = (0..63).find(|at| !taken.contains(&format!("203.0.113.{}", at * SIZE).as_str()));
        let at = free.ok_or_else(|| Fault::new(330, "No public IP block is available"))?;
        let block = block(&self.new_id(), at, default);
        self.networks.blocks.add(network, block.clone());
        Ok(block)
    }
}

fn reserved(block: &Map) -> String {
    format!("Public IP block with base IP {} is reserved", text(block, "baseIp"))
}

fn reserve_with_size(world: &mut World, args: &Args) -> Reply {
    let block = world.reserve(args.text("network-id"), false)?;
    let facts = vec![
        ("ipBlock.id", text(&block, "id").to_owned()),
        ("ipBlock.baseIp", text(&block, "baseIp").to_owned()),
        ("ipBlock.size", SIZE.to_string()),
    ];
    Ok(Answer::Done(reserved(&block), facts))
}

fn reserve_without_size(world: &mut World, args: &Args) -> Reply {
    done(reserved(&world.reserve(args.text("network-id"), false)?))
}

fn find<'w>(world: &'w World, args: &Args) -> Result<&'w Map, Fault> {
    let (network, id) = (args.text("network-id"), args.text("ipblock-id"));
    world.networks.find(network)?;
    world.networks.blocks.find(network, id).ok_or_else(|| Fault::new(370, format!("Public IP block {id} not found")))
}

fn release(world: &mut World, args: &Args) -> Reply {
    let (network, id) = (args.text("network-id"), args.text("ipblock-id"));
    let block = find(world, args)?;
    if block.get("networkDefault") == Some(&true.into()) {
        return Err(Fault::new(350, "The default public IP block of a network cannot be released"));
    }
    if addresses(block).iter().any(|address| world.uses(network, address)) {
        return Err(Fault::new(360, format!("Public IP block {id} is in use")));
    }
    world.networks.blocks.remove(network, id);
    done(format!("Public IP block {id} is released"))
}

fn update(world: &mut World, args: &Args) -> Reply {
    let (network, id) = (args.text("network-id"), args.text("ipblock-id"));
    let wanted = Value::Bool(args.flag("serverToVipConnectivity").unwrap_or_default());
    if find(world, args)?.get("serverToVipConnectivity") == Some(&wanted) {
        return Err(Fault::new(341, "Server To Vip Connectivity flag is set that way already"));
    }
    let connected = |block: &&Map| block.get("serverToVipConnectivity") == Some(&true.into());
    if wanted == Value::Bool(true) && world.networks.blocks.on(network).filter(connected).count() == CONNECTED {
        return Err(Fault::new(342, format!("No more than {CONNECTED} public IP blocks may be connected")));
    }
    if let Some(block) = world.networks.blocks.find_mut(network, id) {
        block.insert("serverToVipConnectivity", wanted);
    }
    done("Server To Vip Connectivity flag set on Public IP Block")
}

#[cfg(test)]
mod tests {
    use super::super::super::state::networks::OTHER;
    use super::super::super::testing::Organization;
    use crate::kit::values::map;

    #[test]
    fn blocks_are_added_and_removed() {
        let mut org = Organization::new();
        let made = org.get("ip_block.reserve", map! { "network-id" => OTHER });
        let id = made.get("id").cloned().unwrap();
        let of = || map! { "network-id" => OTHER, "ipblock-id" => id.clone() };
        assert_eq!(org.reason("network.delete", map! { "network-id" => OTHER }), 384);
        let flag =
            |on: bool| map! { "network-id" => OTHER, "ipblock-id" => id.clone(), "serverToVipConnectivity" => on };
        for (method, args, reason) in [
            ("ip_block.update", flag(false), 341),
            ("ip_block.update", flag(true), 0),
            ("ip_block.release", of(), 0),
            ("ip_block.release", of(), 370),
            (
                "ip_block.release",
                map! { "network-id" => OTHER, "ipblock-id" => "c2b6f1e5-66ad-11e1-b5d6-0030487e0302" },
                350,
            ),
            ("ip_block.reserve_without_size", map! { "network-id" => "nosuch" }, 250),
        ] {
            assert_eq!(org.reason(method, args.clone()), reason, "{method} {args:?}");
        }
    }
}

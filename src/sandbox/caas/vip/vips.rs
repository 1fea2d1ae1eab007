//! vip.*: the public addresses of load balancing.

use super::super::fault::Fault;
use super::super::handler::{Handlers, Reply, done, rows};
use super::super::shelf::text;
use super::super::vip::kind::{held, network, room, take_over};
use super::super::world::World;
use crate::kit::args::Args;
use crate::kit::values::map;
use model::Map;

pub(super) const HANDLERS: Handlers = &[
    ("vip.create", create),
    ("vip.delete", delete),
    ("vip.list", |world, args| rows(world.balancing.vips.on(network(world, args)?).cloned())),
    ("vip.update", update),
];

/// The fields of a VIP that can be changed.
const FLAGS: [&str; 2] = ["inService", "replyToIcmp"];

fn create(world: &mut World, args: &Args) -> Reply {
    let network = network(world, args)?;
    room(&world.balancing.vips, network, args.text("name"))?;
    let target = args.text("vipTargetId");
    let target = match args.text("vipTargetType") {
        "SERVER_FARM" => held(&world.balancing.farms, network, target, 630, "Server-Farm")?,
        _ => held(&world.balancing.profiles, network, target, 670, "Persistence Profile")?,
    };
    let target = text(target, "name").to_owned();
    let address = match args.maybe_text("ipAddress") {
        Some(address) => {
            let known = world.networks.find(network)?.holds(address).is_ok();
            if !known && !world.networks.is_public(network, address) {
                return Err(Fault::data("ipAddress", "not an address of the network"));
            }
            address.to_owned()
        }
        None => world.free_public(network)?,
    };
    let same = |vip: &Map| {
        text(vip, "ipAddress") == address
            && ["port", "protocol"].into_iter().all(|field| vip.get(field) == args.get(field))
    };
    if world.balancing.vips.on(network).any(same) {
        return Err(Fault::data("port", "another VIP has that address, port and protocol"));
    }
    let id = world.new_id();
    let mut vip = map! { "id" => id.as_str(), "ipAddress" => address, "vipTargetName" => target };
    take_over(&mut vip, args, &["name", "port", "protocol", "vipTargetType", "vipTargetId"]);
    take_over(&mut vip, args, &FLAGS);
    world.balancing.vips.add(network, vip);
    done(format!("VIP (id:{id}) created"))
}

fn delete(world: &mut World, args: &Args) -> Reply {
    let (network, id) = (network(world, args)?, args.text("vip-id"));
    held(&world.balancing.vips, network, id, 650, "VIP")?;
    world.balancing.vips.remove(network, id);
    done(format!("Deleted VIP (id:{id})"))
}

fn update(world: &mut World, args: &Args) -> Reply {
    let (network, id) = (network(world, args)?, args.text("vip-id"));
    held(&world.balancing.vips, network, id, 650, "VIP")?;
    if !args.iter().any(|(name, _)| FLAGS.contains(&name)) {
        return Err(Fault::data("inService", "one value at least is required"));
    }
    if let Some(vip) = world.balancing.vips.find_mut(network, id) {
        take_over(vip, args, &FLAGS);
    }
    done("Modified VIP")
}

#[cfg(test)]
mod tests {
    use super::super::super::state::balancing::{FARM, PROFILE};
    use super::super::super::state::networks::MAIN;
    use super::super::super::testing::Organization;
    use super::*;

    #[test]
    fn vips_need_a_target_and_a_free_address() {
        let vip = |address: Option<&str>, port: i64, kind: &str, target: &str| {
            let mut args = map! {
                "network-id" => MAIN, "name" => "v", "port" => port, "protocol" => "TCP", "vipTargetType" => kind,
                "vipTargetId" => target, "replyToIcmp" => true, "inService" => false,
            };
            if let Some(address) = address {
                args.insert("ipAddress", address);
            }
            args
        };
        for (args, reason) in [
            (vip(None, 80, "SERVER_FARM", FARM), 0),
            (vip(Some("192.0.2.190"), 80, "PERSISTENCE_PROFILE", PROFILE), 0),
            (vip(Some("203.0.113.1"), 443, "SERVER_FARM", FARM), 0),
            (vip(Some("203.0.113.1"), 80, "SERVER_FARM", FARM), 320),
            (vip(Some("203.0.113.99"), 80, "SERVER_FARM", FARM), 320),
            (vip(None, 80, "SERVER_FARM", PROFILE), 630),
            (vip(None, 80, "PERSISTENCE_PROFILE", FARM), 670),
        ] {
            let mut org = Organization::new();
            assert_eq!(org.reason("vip.create", args.clone()), reason, "{args:?}");
            let made = org.find("vip.list", map! { "network-id" => MAIN }, "name", "v");
            assert_eq!(made.is_some(), reason == 0);
        }
    }
}

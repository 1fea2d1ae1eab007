//! persistence_profile.*: rules that keep a client on one server.

use super::super::fault::Fault;
use super::super::handler::{Handlers, Reply, done, rows};
use super::super::shelf::text;
use super::super::state::networks::netmask;
use super::super::vip::kind::{held, network, room, take_over};
use super::super::world::World;
use crate::kit::args::Args;
use crate::kit::values::map;
use model::Value;

pub(super) const HANDLERS: Handlers = &[
    ("persistence_profile.create", create),
    ("persistence_profile.delete", delete),
    ("persistence_profile.list", |world, args| rows(world.balancing.profiles.on(network(world, args)?).cloned())),
];

fn create(world: &mut World, args: &Args) -> Reply {
    let network = network(world, args)?;
    room(&world.balancing.profiles, network, args.text("name"))?;
    let farm = held(&world.balancing.farms, network, args.text("serverFarmId"), 630, "Server-Farm")?;
    if farm.get("realServer").and_then(Value::as_list).is_none_or(|servers| servers.len() < 2) {
        return Err(Fault::data("serverFarmId", "the farm must have two Real-Servers"));
    }
    let wanted = match args.text("type") {
        "IP_NETMASK" => ["direction", "netmask"],
        _ => ["cookieName", "cookieType"],
    };
    if let Some(missing) = wanted.into_iter().find(|name| args.get(name).is_none()) {
        return Err(Fault::data(missing, "required for that type"));
    }
    if wanted.contains(&"netmask") && netmask(args.text("netmask")).is_none() {
        return Err(Fault::data("netmask", "not a netmask in CIDR notation"));
    }
    let farm_name = text(farm, "name").to_owned();
    let id = world.new_id();
    let mut profile = map! {
        "id" => id.as_str(),
        "state" => "NORMAL",
        "serverFarmName" => farm_name,
        "timeout" => args.int("timeoutMinutes").unwrap_or_default(),
    };
    take_over(&mut profile, args, &["name", "serverFarmId", "type"]);
    take_over(&mut profile, args, &wanted);
    world.balancing.profiles.add(network, profile);
    done(format!("Persistence Profile (id:{id}) created"))
}

fn delete(world: &mut World, args: &Args) -> Reply {
    let (network, id) = (network(world, args)?, args.text("persistence-profile-id"));
    held(&world.balancing.profiles, network, id, 670, "Persistence Profile")?;
    if world.balancing.vips.has(network, "vipTargetId", id) {
        return Err(Fault::new(675, format!("Persistence Profile (id:{id}) is used by a VIP")));
    }
    world.balancing.profiles.remove(network, id);
    done(format!("Persistence Profile (id:{id}) deleted"))
}

//! probe.*: checks of the servers in a farm.

use super::super::fault::Fault;
use super::super::handler::{Handlers, Reply, done, rows};
use super::super::state::balancing::TIMES;
use super::super::vip::kind::{held, names, network, room, take_over};
use super::super::world::World;
use crate::kit::args::Args;
use crate::kit::values::{list, map};

pub(super) const HANDLERS: Handlers =
    &[("probe.create", create), ("probe.delete", delete), ("probe.list", lists), ("probe.update", update)];

/// Fields that only probes of web servers have.
const WEB: [&str; 4] = ["requestMethod", "port", "requestUrl", "matchContent"];

fn lists(world: &mut World, args: &Args) -> Reply {
    rows(world.balancing.probes.on(network(world, args)?).cloned())
}

fn create(world: &mut World, args: &Args) -> Reply {
    let network = network(world, args)?;
    room(&world.balancing.probes, network, args.text("name"))?;
    let id = world.new_id();
    let mut probe = map! { "id" => id.as_str() };
    take_over(&mut probe, args, &["name", "type"]);
    take_over(&mut probe, args, &TIMES);
    if args.text("type").starts_with("HTTP") {
        let codes = (args.int("statusCodeLowerBound"), args.int("statusCodeUpperBound"));
        let (Some(lower), Some(upper), Some(_)) = (codes.0, codes.1, args.maybe_text("requestMethod")) else {
            return Err(Fault::data("type", "statusCodeRange and requestMethod are required"));
        };
        if lower > upper {
            return Err(Fault::data("statusCodeRange", "lowerBound is greater than upperBound"));
        }
        probe.insert("statusCodeRange", list([map! { "lowerBound" => lower, "upperBound" => upper }]));
        take_over(&mut probe, args, &WEB);
    }
    world.balancing.probes.add(network, probe);
    done(format!("Probe (id:{id}) created"))
}

fn update(world: &mut World, args: &Args) -> Reply {
    let (network, id) = (network(world, args)?, args.text("probe-id"));
    held(&world.balancing.probes, network, id, 620, "Probe")?;
    if !args.iter().any(|(name, _)| TIMES.contains(&name)) {
        return Err(Fault::data("probe", "at least one value is required"));
    }
    if let Some(probe) = world.balancing.probes.find_mut(network, id) {
        take_over(probe, args, &TIMES);
    }
    done(format!("Probe (id:{id}) modified"))
}

fn delete(world: &mut World, args: &Args) -> Reply {
    let (network, id) = (network(world, args)?, args.text("probe-id"));
    held(&world.balancing.probes, network, id, 620, "Probe")?;
    if world.balancing.farms.on(network).any(|farm| names(farm, "probe", id)) {
        return Err(Fault::new(625, format!("Probe (id:{id}) is used by a Server-Farm")));
    }
    world.balancing.probes.remove(network, id);
    done(format!("Probe (id:{id}) deleted"))
}

//! server_farm.*: groups of real servers that share a load.

use super::super::fault::Fault;
use super::super::handler::{Handlers, Reply, done, rows, value};
use super::super::shelf::text;
use super::super::vip::kind::{held, names, network, room, take_over};
use super::super::world::World;
use crate::kit::args::Args;
use crate::kit::values::{list, map};
use model::{Map, Value};

pub(super) const HANDLERS: Handlers = &[
    ("server_farm.add_probe", add_probe),
    ("server_farm.add_real_server", add_real_server),
    ("server_farm.create", create),
    ("server_farm.delete", delete),
    ("server_farm.get", get),
    ("server_farm.list", lists),
    ("server_farm.remove_probe", remove_probe),
    ("server_farm.remove_real_server", remove_real_server),
    ("server_farm.update", update),
];

/// Names that are not allowed for farms.
const RESERVED: [&str; 2] = ["serverfarm", "default"];

fn lists(world: &mut World, args: &Args) -> Reply {
    let short = |farm: &Map| -> Map {
        farm.iter()
            .filter(|(name, _)| matches!(*name, "id" | "name" | "predictor"))
            .map(|(n, v)| (n, v.clone()))
            .collect()
    };
    rows(world.balancing.farms.on(network(world, args)?).map(short))
}

fn find<'w>(world: &'w World, args: &Args) -> Result<&'w Map, Fault> {
    held(&world.balancing.farms, network(world, args)?, args.text("server-farm-id"), 630, "Server-Farm")
}

fn get(world: &mut World, args: &Args) -> Reply {
    let (farm, network) = (find(world, args)?, args.text("network-id"));
    let members = |name: &str| farm.get(name).and_then(Value::as_list).unwrap_or_default().iter();
    let probes = members("probe").filter_map(|probe| {
        let probe = world.balancing.probes.find(network, text(probe.as_map()?, "id"))?;
        let field = |name: &str| probe.get(name).cloned().unwrap_or_default();
        Some(["id", "name", "type", "probeIntervalSeconds"].into_iter().map(|name| (name, field(name))).collect())
    });
    let servers = members("realServer").filter_map(|member| {
        let real = world.balancing.real_servers.find(network, text(member.as_map()?, "id"))?;
        let real = world.real_server(real);
        let mut shown = map! {
            "id" => text(&real, "id"),
            "name" => text(&real, "name"),
            "ipAddress" => text(&real, "serverIp"),
            "inService" => real.get("inService").cloned().unwrap_or_default(),
        };
        if let Some(port) = member.get("port") {
            shown.insert("port", port.clone());
        }
        Some(shown)
    });
    let mut shown = farm.clone();
    shown.insert("probe", list(probes.collect::<Vec<Map>>()));
    shown.insert("realServer", list(servers.collect::<Vec<Map>>()));
    value(shown)
}

fn create(world: &mut World, args: &Args) -> Reply {
    let (network, name) = (network(world, args)?, args.text("name"));
    room(&world.balancing.farms, network, name)?;
    if RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(name)) {
        return Err(Fault::data("name", "reserved"));
    }
    let mut members = Vec::new();
    for server in args.maps("realServer") {
        held(&world.balancing.real_servers, network, text(server, "id"), 610, "Real-Server")?;
        let port = server.get("port").and_then(Value::as_int);
        if port.is_some_and(|port| !(1..=65_535).contains(&port)) || members.contains(server) {
            return Err(Fault::data("realServer", "a port out of range, or the same pair twice"));
        }
        members.push(server.clone());
    }
    let probe = args.maybe_text("probeId");
    if let Some(id) = probe {
        held(&world.balancing.probes, network, id, 620, "Probe")?;
    }
    let id = world.new_id();
    let farm = map! {
        "id" => id.as_str(),
        "name" => name,
        "predictor" => args.text("predictor"),
        "probe" => list(probe.map(|id| map! { "id" => id })),
        "realServer" => list(members),
    };
    world.balancing.farms.add(network, farm);
    done(format!("Server-Farm (id:{id}) created"))
}

fn delete(world: &mut World, args: &Args) -> Reply {
    let (network, id) = (args.text("network-id"), args.text("server-farm-id"));
    let farm = find(world, args)?;
    if world.balancing.vips.has(network, "vipTargetId", id) {
        return Err(Fault::new(635, format!("Server-Farm (id:{id}) is used by a VIP")));
    }
    if world.balancing.profiles.has(network, "serverFarmId", id) {
        return Err(Fault::new(636, format!("Server-Farm (id:{id}) is used by a Persistence Profile")));
    }
    let full = |name: &str| farm.get(name).and_then(Value::as_list).is_some_and(|members| !members.is_empty());
    if full("realServer") || full("probe") {
        return Err(Fault::new(637, format!("Server-Farm (id:{id}) still has a Real-Server or a Probe")));
    }
    world.balancing.farms.remove(network, id);
    done(format!("Deleted Server-Farm (id:{id})"))
}

fn update(world: &mut World, args: &Args) -> Reply {
    find(world, args)?;
    if let Some(farm) = world.balancing.farms.find_mut(args.text("network-id"), args.text("server-farm-id")) {
        take_over(farm, args, &["predictor"]);
    }
    done("Modified Server-Farm")
}

/// The members of a farm, to change them; `None` if there is no such farm.
fn members<'w>(world: &'w mut World, args: &Args, name: &str) -> Option<&'w mut Vec<Value>> {
    let farm = world.balancing.farms.find_mut(args.text("network-id"), args.text("server-farm-id"))?;
    match farm.get_mut(name)? {
        Value::List(members) => Some(members),
        _ => None,
    }
}

fn member(args: &Args) -> Map {
    let mut member = map! { "id" => args.text("realServerId") };
    if let Some(port) = args.int("realServerPort") {
        member.insert("port", port);
    }
    member
}

fn add_real_server(world: &mut World, args: &Args) -> Reply {
    find(world, args)?;
    let (network, member) = (args.text("network-id"), Value::Map(member(args)));
    held(&world.balancing.real_servers, network, args.text("realServerId"), 610, "Real-Server")?;
    match members(world, args, "realServer") {
        Some(members) if !members.contains(&member) => members.push(member),
        _ => return Err(Fault::data("realServerId", "that pair of server and port is there already")),
    }
    done("Real Server added to Server Farm")
}

fn remove_real_server(world: &mut World, args: &Args) -> Reply {
    let farm = find(world, args)?;
    let (id, member) = (args.text("realServerId"), Value::Map(member(args)));
    if !names(farm, "realServer", id) {
        return Err(Fault::new(610, format!("Real-Server (id:{id}) not found")));
    }
    match members(world, args, "realServer") {
        Some(members) if members.contains(&member) => members.retain(|known| *known != member),
        _ => return Err(Fault::data("realServerPort", "the Real-Server is not there with that port")),
    }
    done("Real-Server removed from Server-Farm")
}

fn add_probe(world: &mut World, args: &Args) -> Reply {
    let farm = find(world, args)?;
    let id = args.text("probeId");
    held(&world.balancing.probes, args.text("network-id"), id, 620, "Probe")?;
    if names(farm, "probe", id) {
        return Err(Fault::data("probeId", "that Probe is there already"));
    }
    if let Some(members) = members(world, args, "probe") {
        members.push(map! { "id" => id }.into());
    }
    done("Probe added to Server Farm")
}

fn remove_probe(world: &mut World, args: &Args) -> Reply {
    let farm = find(world, args)?;
    let id = args.text("probeId");
    if !names(farm, "probe", id) {
        return Err(Fault::new(620, format!("Probe (id:{id}) not found")));
    }
    if let Some(members) = members(world, args, "probe") {
        members.retain(|known| known.get("id").and_then(Value::as_str) != Some(id));
    }
    done("Probe removed from Server-Farm")
}

#[cfg(test)]
mod tests {
    use super::super::super::state::balancing::{FARM, PROBE, PROFILE, REAL, VIP};
    use super::super::super::state::networks::MAIN;
    use super::super::super::state::servers::WEB_1;
    use super::super::super::state::servers::WEB_3;
    use super::super::super::testing::Organization;
    use super::*;

    fn of(more: Map) -> Map {
        let mut args = map! { "network-id" => MAIN };
        more.into_iter().for_each(|(name, value)| drop(args.insert(name, value)));
        args
    }

    fn in_farm(more: Map) -> Map {
        let mut args = of(more);
        args.insert("server-farm-id", FARM);
        args
    }

    #[test]
    fn invalid_balancing_calls_are_refused() {
        let farm = |name: &str, real: &str| {
            let servers = list([map! { "id" => real, "port" => 80 }]);
            of(map! { "name" => name, "predictor" => "ROUND_ROBIN", "realServer" => servers, "probeId" => PROBE })
        };
        let by_address = |name: &str, netmask: &str| {
            map! {
                "name" => name, "serverFarmId" => FARM, "timeoutMinutes" => 30, "type" => "IP_NETMASK",
                "direction" => "BOTH", "netmask" => netmask,
            }
        };
        let real = |name: &str, server: &str| of(map! { "name" => name, "serverId" => server, "inService" => true });
        for (method, args, reason) in [
            ("server_farm.create", farm("f", REAL), 0),
            ("server_farm.create", farm("web-farm", REAL), 320),
            ("server_farm.create", farm("DEFAULT", REAL), 320),
            ("server_farm.create", farm("f", "nosuch"), 610),
            ("server_farm.delete", in_farm(map! {}), 635),
            ("server_farm.add_real_server", in_farm(map! { "realServerId" => REAL, "realServerPort" => 80 }), 320),
            ("server_farm.add_real_server", in_farm(map! { "realServerId" => REAL, "realServerPort" => 81 }), 0),
            ("server_farm.remove_real_server", in_farm(map! { "realServerId" => REAL }), 320),
            ("server_farm.remove_real_server", in_farm(map! { "realServerId" => "nosuch" }), 610),
            ("server_farm.add_probe", in_farm(map! { "probeId" => PROBE }), 320),
            ("server_farm.remove_probe", in_farm(map! { "probeId" => "nosuch" }), 620),
            ("real_server.create", real("r", WEB_3), 0),
            ("real_server.create", real("Real1", WEB_3), 320),
            ("real_server.create", real("r", WEB_1), 393),
            ("real_server.create", real("r", "nosuch"), 395),
            ("real_server.delete", of(map! { "rserver-id" => REAL }), 615),
            ("real_server.delete", of(map! { "rserver-id" => "nosuch" }), 610),
            ("probe.delete", of(map! { "probe-id" => PROBE }), 625),
            ("probe.update", of(map! { "probe-id" => PROBE }), 320),
            ("persistence_profile.delete", of(map! { "persistence-profile-id" => "nosuch" }), 670),
            ("vip.update", of(map! { "vip-id" => VIP }), 320),
            ("persistence_profile.create", of(by_address("sticky", "255.255.240.0")), 0),
            ("persistence_profile.create", of(by_address("sticky", "255.0.255.0")), 320),
            ("persistence_profile.create", of(by_address("two words", "255.255.240.0")), 320),
        ] {
            assert_eq!(Organization::new().reason(method, args.clone()), reason, "{method} {args:?}");
        }
    }

    #[test]
    fn everything_can_be_deleted_in_order() {
        let mut org = Organization::new();
        org.done("vip.delete", of(map! { "vip-id" => VIP }));
        assert_eq!(org.reason("server_farm.delete", in_farm(map! {})), 636);
        org.done("persistence_profile.delete", of(map! { "persistence-profile-id" => PROFILE }));
        assert_eq!(org.reason("server_farm.delete", in_farm(map! {})), 637);
        org.done("server_farm.remove_probe", in_farm(map! { "probeId" => PROBE }));
        let farm = org.get("server_farm.get", in_farm(map! {}));
        for server in farm.get("realServer").and_then(Value::as_list).unwrap() {
            let (id, port) = (server.get("id").cloned().unwrap(), server.get("port").cloned().unwrap());
            org.done(
                "server_farm.remove_real_server",
                in_farm(map! { "realServerId" => id, "realServerPort" => port }),
            );
        }
        org.done("server_farm.delete", in_farm(map! {}));
        org.done("real_server.delete", of(map! { "rserver-id" => REAL }));
        org.done("probe.delete", of(map! { "probe-id" => PROBE }));
        assert_eq!(org.find("server_farm.list", of(map! {}), "id", FARM), None);
    }
}

//! acl_rule.*: the firewall of a network, rule by rule.

use std::net::Ipv4Addr;

use super::super::fault::Fault;
use super::super::handler::{Handlers, Reply, done, rows, value};
use super::super::world::World;
use crate::kit::args::Args;
use crate::kit::values::map;
use model::{Map, Value};

pub(super) const HANDLERS: Handlers =
    &[("acl_rule.create", create), ("acl_rule.delete", delete), ("acl_rule.list", lists)];

fn lists(world: &mut World, args: &Args) -> Reply {
    let network = args.text("network-id");
    world.networks.find(network)?;
    let mut rules: Vec<Map> = world.networks.rules.on(network).cloned().collect();
    rules.sort_by_key(|rule| rule.get("position").and_then(Value::as_int));
    rows(rules)
}

fn create(world: &mut World, args: &Args) -> Reply {
    let network = args.text("network-id");
    world.networks.find(network)?;
    let kind = args.maybe_text("type").unwrap_or("OUTSIDE_ACL");
    let mut rule = map! {
        "name" => args.text("name"),
        "status" => "NORMAL",
        "position" => args.int("position").unwrap_or_default(),
        "action" => args.text("action"),
        "protocol" => args.text("protocol"),
        "sourceIpRange" => range(args, "sourceIpAddress", "sourceNetmask")?,
        "destinationIpRange" => range(args, "destinationIpAddress", "destinationNetmask")?,
        "portRange" => ports(args)?,
        "type" => kind,
    };
    let same_side = || world.networks.rules.on(network).filter(|other| other.get("type") == rule.get("type"));
    if same_side().any(|other| other.get("position") == rule.get("position")) {
        return Err(Fault::new(290, "Another ACL rule has that position"));
    }
    let apart = ["id", "name", "position"];
    let twin = |other: &&Map| rule.iter().filter(|(key, _)| !apart.contains(key)).all(|(k, v)| other.get(k) == Some(v));
    if same_side().any(|other| twin(&other)) {
        return Err(Fault::new(293, "There is such an ACL rule already"));
    }
    rule.insert("id", world.new_id());
    world.networks.rules.add(network, rule.clone());
    value(rule)
}

/// A host, or with a netmask the base of a network; nothing means any address.
fn range(args: &Args, address: &str, netmask: &str) -> Result<Map, Fault> {
    let Some(ip) = args.maybe_text(address) else { return Ok(Map::new()) };
    let Some(mask) = args.maybe_text(netmask) else { return Ok(map! { "ipAddress" => ip }) };
    let bits = ip.parse::<Ipv4Addr>().map(u32::from);
    match (bits, super::super::state::networks::netmask(mask)) {
        (Ok(ip_bits), Some(mask_bits)) if ip_bits & !mask_bits == 0 => {
            Ok(map! { "ipAddress" => ip, "netmask" => mask })
        }
        _ => Err(Fault::data(address, "not the base of a network with that netmask")),
    }
}

/// The ports of a rule: only TCP and UDP have any.
fn ports(args: &Args) -> Result<Map, Fault> {
    let kind = args.text("portRangeType");
    let wanted: &[&str] = match kind {
        "ALL" => &[],
        "RANGE" => &["port1", "port2"],
        _ => &["port1"],
    };
    if !wanted.is_empty() && !matches!(args.text("protocol"), "TCP" | "UDP") {
        return Err(Fault::new(291, "Only TCP and UDP have ports"));
    }
    let mut ports = map! { "type" => kind };
    for name in wanted {
        let port = args.int(name).ok_or_else(|| Fault::new(291, format!("{name} is missing")))?;
        ports.insert(*name, port);
    }
    match (args.int("port1"), args.int("port2")) {
        (Some(first), Some(last)) if kind == "RANGE" && first >= last => {
            Err(Fault::new(291, "port2 must be greater than port1"))
        }
        _ => Ok(ports),
    }
}

fn delete(world: &mut World, args: &Args) -> Reply {
    let (network, id) = (args.text("network-id"), args.text("acl-id"));
    world.networks.find(network)?;
    if world.networks.rules.find(network, id).is_none() {
        return Err(Fault::new(280, format!("ACL Rule with Id {id} not found")));
    }
    world.networks.rules.remove(network, id);
    done("ACL Rule deleted")
}

#[cfg(test)]
mod tests {
    use super::super::super::state::networks::MAIN;
    use super::super::super::testing::Organization;
    use super::*;

    fn rule(position: i64, protocol: &str, ports: &str, more: Map) -> Map {
        let mut rule = map! {
            "network-id" => MAIN, "name" => "r", "position" => position, "action" => "DENY", "protocol" => protocol,
            "portRangeType" => ports,
        };
        more.into_iter().for_each(|(name, value)| drop(rule.insert(name, value)));
        rule
    }

    #[test]
    fn invalid_rules_are_refused() {
        let of = |port1: i64, port2: i64| map! { "port1" => port1, "port2" => port2 };
        let from = |ip: &str| map! { "sourceIpAddress" => ip, "sourceNetmask" => "255.255.255.0" };
        for (args, reason) in [
            (rule(110, "IP", "ALL", map! {}), 0),
            (rule(110, "ICMP", "ALL", from("192.0.2.0")), 0),
            (rule(110, "IP", "ALL", from("192.0.2.1")), 320),
            (rule(110, "TCP", "RANGE", of(80, 90)), 0),
            (rule(110, "TCP", "RANGE", of(90, 80)), 291),
            (rule(110, "UDP", "EQUAL_TO", map! {}), 291),
            (rule(110, "ICMP", "EQUAL_TO", map! { "port1" => 80 }), 291),
            (rule(100, "IP", "ALL", map! {}), 290),
            (rule(100, "IP", "ALL", map! { "type" => "INSIDE_ACL" }), 0),
            (rule(110, "TCP", "EQUAL_TO", map! { "port1" => 80, "action" => "PERMIT" }), 293),
            (rule(99, "IP", "ALL", map! {}), 294),
            (rule(110, "TCP", "RANGE", of(0, 90)), 291),
            (rule(110, "IP", "ALL", map! { "sourceIpAddress" => "192.0.0.0", "sourceNetmask" => "255.0.255.0" }), 320),
        ] {
            assert_eq!(Organization::new().reason("acl_rule.create", args.clone()), reason, "{args:?}");
        }
    }

    #[test]
    fn rules_are_listed_by_position_until_deleted() {
        let mut org = Organization::new();
        org.get("acl_rule.create", rule(300, "IP", "ALL", map! {}));
        let made = org.get("acl_rule.create", rule(200, "UDP", "LESS_THAN", map! { "port1" => 1024 }));
        let positions = |org: &mut Organization| -> Vec<i64> {
            let rules = org.get("acl_rule.list", map! { "network-id" => MAIN });
            rules.as_list().unwrap().iter().map(|rule| rule.get("position").unwrap().as_int().unwrap()).collect()
        };
        assert_eq!(positions(&mut org), [100, 200, 300]);
        let of = || map! { "network-id" => MAIN, "acl-id" => made.get("id").cloned().unwrap() };
        org.done("acl_rule.delete", of());
        assert_eq!((positions(&mut org), org.reason("acl_rule.delete", of())), (vec![100, 300], 280));
    }
}

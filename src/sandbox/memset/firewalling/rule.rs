//! firewalling.rule_*: single rules.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use super::super::fault::Fault;
use super::super::handler::Reply;
use super::super::state::firewall::{Firewalling, blank_rule};
use super::super::table::{int, overlay, text};
use super::super::world::World;
use crate::kit::args::Args;
use model::Map;

/// The most rules of a group.
const MOST: usize = 30;

/// The rule, if its parts are valid and go together.
pub(super) fn checked(rule: Map) -> Result<Map, Fault> {
    let get = |key: &str| text(&rule, key);
    let version = |other: &str, keys: [&str; 2]| get("ip_version") != other || keys.iter().all(|key| get(key) == "any");
    let address = "Enter any, or addresses with commas and without blanks.";
    let port = "Enter any, or port numbers with commas and without blanks.";
    for (param, fits, complaint) in [
        ("action", !get("action").is_empty(), "This field is required."),
        ("ordering", (1..=30).contains(&int(&rule, "ordering")), "Enter a number from 1 to 30."),
        ("source_ips", each(get("source_ips"), |ip| is_range::<Ipv4Addr>(ip, 32)), address),
        ("source_ip6s", each(get("source_ip6s"), |ip| is_range::<Ipv6Addr>(ip, 128)), address),
        ("dest_ips", each(get("dest_ips"), |ip| ip.parse::<Ipv4Addr>().is_ok()), address),
        ("dest_ip6s", each(get("dest_ip6s"), |ip| ip.parse::<Ipv6Addr>().is_ok()), address),
        ("source_ports", each(get("source_ports"), is_port), port),
        ("dest_ports", each(get("dest_ports"), is_port), port),
        ("ip_version", version("ipv4", ["source_ip6s", "dest_ip6s"]), "The rule has IPv6 addresses."),
        ("ip_version", version("ipv6", ["source_ips", "dest_ips"]), "The rule has IPv4 addresses."),
    ] {
        if !fits {
            return Err(Fault::parameter(param, complaint));
        }
    }
    Ok(rule)
}

/// Whether a text is `any` or a list of valid items.
fn each(list: &str, fits: impl Fn(&str) -> bool) -> bool {
    list == "any" || list.split(',').all(fits)
}

/// Whether a text is an address, with or without a prefix length.
fn is_range<A: FromStr>(text: &str, longest: u8) -> bool {
    let (address, prefix) = text.split_once('/').unwrap_or((text, "0"));
    address.parse::<A>().is_ok() && prefix.parse().is_ok_and(|prefix: u8| prefix <= longest)
}

fn is_port(text: &str) -> bool {
    text.parse().is_ok_and(|port: u16| port > 0)
}

/// The id of a call's rule.
fn id(args: &Args) -> Result<&str, Fault> {
    let id = args.text("rule_id");
    let is_id = id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit());
    if is_id { Ok(id) } else { Err(Fault::parameter("rule_id", "Enter 32 hex digits.")) }
}

impl Firewalling {
    /// A rule in one of the account's own groups: public groups are not searched.
    fn own_rule(&self, id: &str) -> Result<&Map, Fault> {
        let rule = self.rules.find(id)?;
        match self.own_group(text(rule, "rule_group_name")) {
            Ok(_) => Ok(rule),
            Err(_) => Err(Fault::missing("firewall rule", "rule_id", id)),
        }
    }
}

impl World {
    /// Sends the changed rules of a group to its servers.
    fn reload(&mut self, group: &str) {
        self.load(group, self.servers_under(group));
    }
}

pub(super) fn create(world: &mut World, args: &Args) -> Reply {
    let group = text(world.firewalling.own_group(args.text("rule_group_name"))?, "name").to_owned();
    if world.firewalling.rules.having("rule_group_name", &group).count() >= MOST {
        return Err(Fault::state(format!("The firewall rule group '{group}' has {MOST} rules already")));
    }
    let given = args.iter().filter(|(key, _)| *key != "rule_group_name");
    let rule = checked(overlay(blank_rule(&world.random.id(), &group), given))?;
    world.reload(&group);
    world.firewalling.rules.add(rule)
}

pub(super) fn delete(world: &mut World, args: &Args) -> Reply {
    let id = args.text("rule_id");
    let group = text(world.firewalling.own_rule(id)?, "rule_group_name").to_owned();
    world.firewalling.rules.take(id)?;
    world.reload(&group);
    Ok(id.into())
}

pub(super) fn info(world: &mut World, args: &Args) -> Reply {
    Ok(world.firewalling.rules.find(id(args)?)?.clone().into())
}

pub(super) fn update(world: &mut World, args: &Args) -> Reply {
    let rule = checked(overlay(world.firewalling.own_rule(id(args)?)?.clone(), args.iter()))?;
    world.reload(text(&rule, "rule_group_name"));
    Ok(world.firewalling.rules.put(rule))
}

#[cfg(test)]
mod tests {
    use super::super::super::state::firewall::public_rules;
    use super::super::super::table::EXAMPLE_ID;
    use super::super::super::testing::Account;
    use super::*;
    use crate::kit::values::map;

    fn rule(param: &str, value: &str) -> Map {
        let base =
            map! { "rule_group_name" => "mygroup-fw2", "action" => "ACCEPT", "dest_ports" => "80", "ordering" => 1 };
        let mut rule = base;
        rule.insert(param, value);
        rule
    }

    #[test]
    fn malformed_rules_are_refused() {
        for (param, value, code) in [
            ("dest_ports", "any", 0),
            ("dest_ports", "80,443", 0),
            ("dest_ports", "80, 443", 7),
            ("dest_ports", "80,", 7),
            ("dest_ports", "0", 7),
            ("source_ports", "65536", 7),
            ("source_ips", "192.0.2.0/24,198.51.100.7", 0),
            ("source_ips", "192.0.2.0/33", 7),
            ("source_ips", "2001:db8::/120", 7),
            ("source_ip6s", "2001:db8::/120", 0),
            ("source_ip6s", "192.0.2.1", 7),
            ("dest_ips", "192.0.2.1", 0),
            ("dest_ips", "192.0.2.0/24", 7),
            ("action", "IGNORE", 7),
            ("protocols", "tcp,udp", 0),
            ("protocols", "udp,tcp", 7),
            ("direction", "Outbound", 0),
            ("ip_version", "all", 7),
            ("ordering", "1", 7),
            ("rule_group_name", "web servers", 0),
            ("rule_group_name", "managed-linux", 3),
            ("rule_group_name", "nosuch", 3),
        ] {
            assert_eq!(Account::new().code("firewalling.rule_create", rule(param, value)), code, "{param} {value}");
        }
    }

    #[test]
    fn the_rules_of_a_group_are_limited() {
        let mut account = Account::new();
        let codes: Vec<i64> =
            (0..MOST).map(|_| account.code("firewalling.rule_create", rule("comment", "one more"))).collect();
        assert_eq!((codes.iter().sum::<i64>(), codes.last()), (9, Some(&9)));
    }

    #[test]
    fn a_rule_is_created_changed_and_deleted() {
        let mut account = Account::new();
        let created = account.get("firewalling.rule_create", rule("rule_group_name", "mail servers"));
        assert_eq!(created.get("rule_group_name"), Some(&"mygroup-fw2".into()));
        let id = created.get("rule_id").cloned().unwrap();
        let with = |param: &str, value: &str| map! { "rule_id" => id.clone(), param => value };
        for (method, args, code) in [
            ("firewalling.rule_update", with("source_ip6s", "2001:db8::1"), 0),
            ("firewalling.rule_update", with("ip_version", "ipv4"), 7),
            ("firewalling.rule_update", with("ip_version", "ipv6"), 0),
            ("firewalling.rule_update", with("direction", "Outbound"), 7),
            ("firewalling.rule_update", map! { "rule_id" => "0123" }, 7),
            ("firewalling.rule_update", map! { "rule_id" => "0".repeat(32) }, 3),
            ("firewalling.rule_info", map! { "rule_id" => "0123" }, 7),
            ("firewalling.rule_delete", map! { "rule_id" => "0123" }, 3),
        ] {
            assert_eq!(account.code(method, args.clone()), code, "{method} {args:?}");
        }
        let rule = account.get("firewalling.rule_info", map! { "rule_id" => id.clone() });
        let shown = ["source_ip6s", "ip_version", "dest_ports"].map(|key| rule.get(key).cloned().unwrap());
        assert_eq!(shown, ["2001:db8::1".into(), "ipv6".into(), "80".into()]);
        assert_eq!(account.get("firewalling.rule_delete", map! { "rule_id" => id.clone() }), id);
        assert_eq!(account.code("firewalling.rule_info", map! { "rule_id" => id }), 3);
    }

    #[test]
    fn public_rules_can_be_read_but_not_changed() {
        let mut account = Account::new();
        let id = public_rules().next().unwrap().get("rule_id").cloned().unwrap();
        for (method, code) in
            [("firewalling.rule_info", 0), ("firewalling.rule_update", 3), ("firewalling.rule_delete", 3)]
        {
            assert_eq!(account.code(method, map! { "rule_id" => id.clone() }), code, "{method}");
            assert_eq!(account.code(method, map! { "rule_id" => EXAMPLE_ID }), 0, "{method}");
        }
    }
}

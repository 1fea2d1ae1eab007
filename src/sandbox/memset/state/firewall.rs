//! Firewall rules and their groups.

use std::collections::BTreeMap;
use std::time::Duration;

use super::super::fault::Fault;
use super::super::table::{EXAMPLE_ID, Table, flag, overlay};
use crate::kit::random::Random;
use crate::kit::values::map;
use model::Map;

/// A group with only a name.
pub(crate) fn blank_group(name: &str) -> Map {
    map! {
        "name" => name,
        "nickname" => "",
        "public" => false,
        "notes" => "",
        "default_outbound_policy" => "RETURN",
    }
}

/// The provider's own groups, which every account can use.
pub(crate) fn public_groups() -> impl Iterator<Item = Map> {
    let rows = [("managed-linux", "Managed Linux"), ("managed-windows", "Managed Windows")];
    rows.into_iter().map(|(name, nickname)| {
        overlay(blank_group(name), map! { "nickname" => nickname, "public" => true, "notes" => "Default rules" }.iter())
    })
}

/// A rule with only its id and group.
pub(crate) fn blank_rule(id: &str, group: &str) -> Map {
    map! {
        "rule_id" => id,
        "rule_group_name" => group,
        "ip_version" => "any",
        "action" => "",
        "source_ips" => "any",
        "source_ip6s" => "any",
        "dest_ips" => "any",
        "dest_ip6s" => "any",
        "source_ports" => "any",
        "dest_ports" => "any",
        "protocols" => "any",
        "ordering" => 0,
        "comment" => "",
        "direction" => "Inbound",
    }
}

/// A rule that allows traffic: its ports, protocols, sources and comment.
pub(crate) fn accepting(rule: Map, [ports, protocols, sources, comment]: [&str; 4], ordering: i64) -> Map {
    let given = map! {
        "action" => "ACCEPT",
        "dest_ports" => ports,
        "protocols" => protocols,
        "source_ips" => sources,
        "ordering" => ordering,
        "comment" => comment,
    };
    overlay(rule, given.iter())
}

/// The rules of the provider's own groups.
pub(crate) fn public_rules() -> impl Iterator<Item = Map> {
    let mut random = Random::of("public firewall rules");
    let rows = [
        ("managed-linux", ["22", "tcp", "any", "ssh"], 1),
        ("managed-linux", ["80,443", "tcp", "any", "web"], 2),
        ("managed-linux", ["any", "icmp", "any", "ping"], 3),
        ("managed-windows", ["3389", "tcp", "any", "remote desktop"], 1),
        ("managed-windows", ["80,443", "tcp", "any", "web"], 2),
    ];
    rows.into_iter().map(move |(group, row, ordering)| accepting(blank_rule(&random.id(), group), row, ordering))
}

/// The rule groups that the account can use.
#[derive(Clone, Debug)]
pub(crate) struct Firewalling {
    pub(crate) groups: Table,
    pub(crate) rules: Table,
    /// When the latest change of a group will have reached a server.
    pub(crate) loading: BTreeMap<(String, String), Duration>,
}

impl Default for Firewalling {
    fn default() -> Firewalling {
        Firewalling {
            groups: Table::new("firewall rule group", "name").with(public_groups()),
            rules: Table::new("firewall rule", "rule_id").with(public_rules()),
            loading: BTreeMap::new(),
        }
    }
}

impl Firewalling {
    /// The groups of a new sandbox.
    pub(crate) fn seed() -> Firewalling {
        let mut random = Random::of("firewalling");
        let group = |name: &str, nickname: &str, notes: &str| {
            overlay(blank_group(name), map! { "nickname" => nickname, "notes" => notes }.iter())
        };
        let rows = [
            ("mygroup-fw1", "80,443", "tcp", "any", "web traffic"),
            ("mygroup-fw1", "22", "tcp", "198.51.100.0/24", "ssh from the office"),
            ("mygroup-fw2", "25,465,587", "tcp", "any", "mail"),
        ];
        let rule = |(at, (group, ports, protocols, sources, comment)): (usize, (&str, &str, &str, &str, &str))| {
            let id = if at == 0 { EXAMPLE_ID.to_owned() } else { random.id() };
            let ordering = i64::try_from(at % 2).unwrap_or_default() + 1;
            accepting(blank_rule(&id, group), [ports, protocols, sources, comment], ordering)
        };
        let public = Firewalling::default();
        Firewalling {
            groups: public.groups.with([
                group("mygroup-fw1", "web servers", "In force on myserver1."),
                group("mygroup-fw2", "mail servers", "Not in use."),
            ]),
            rules: public.rules.with(rows.into_iter().enumerate().map(rule)),
            ..Firewalling::default()
        }
    }

    /// The group of that name or nickname.
    pub(crate) fn group(&self, name: &str) -> Result<&Map, Fault> {
        let by_nickname = |fault| self.groups.having("nickname", name).next().ok_or(fault);
        self.groups.find(name).or_else(by_nickname)
    }

    /// The account's own group of that name: public groups are not searched.
    pub(crate) fn own_group(&self, name: &str) -> Result<&Map, Fault> {
        let group = self.group(name)?;
        if flag(group, "public") { Err(Fault::missing("firewall rule group", "name", name)) } else { Ok(group) }
    }
}

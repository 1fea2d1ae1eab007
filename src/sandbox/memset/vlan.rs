//! vlan.*: private networks and the hosts in them.

use super::fault::Fault;
use super::handler::{Handlers, Reply};
use super::state::services::SERVERS;
use super::state::vlans::{Member, network};
use super::world::World;
use crate::kit::args::Args;
use crate::kit::values::{list, map, texts};
use model::{Map, Value};

pub(super) const HANDLERS: Handlers =
    &[("vlan.add", add), ("vlan.info", info), ("vlan.list", list_hosts), ("vlan.remove", remove)];

/// The kind of service that is a VLAN.
const VLANS: &[&str] = &["vlan"];

impl World {
    /// The VLANs of a host, by how they are connected: a dedicated server has one port, on which further VLANs are
    /// tagged.
    pub(super) fn vlans_of(&self, host: &str) -> Map {
        let (tagged, untagged): (Vec<&str>, Vec<&str>) =
            self.vlans.of(host).partition(|vlan| self.is_tagged(vlan, host));
        map! { "tagged" => texts(tagged), "untagged" => texts(untagged) }
    }

    fn is_tagged(&self, vlan: &str, host: &str) -> bool {
        self.is_dedicated(host) && self.vlans.of(host).next() != Some(vlan)
    }

    fn is_dedicated(&self, host: &str) -> bool {
        self.services.find(host).is_ok_and(|service| service.kind == "fullserver")
    }

    /// Puts a host into a VLAN.
    pub(super) fn join_vlan(&mut self, vlan: &str, host: &str, primary: bool) {
        self.vlans.join(vlan, host, primary);
        if !self.is_dedicated(host) {
            self.vlans.lease(vlan, host);
        }
    }

    /// The hosts of a VLAN in the form of answers.
    fn show_hosts(&self, vlan: &str) -> Value {
        list(self.vlans.hosts(vlan).map(|host| {
            map! {
                "name" => host,
                "type" => self.services.find(host).map_or("", |service| service.kind),
                "private_ips" => texts(self.vlans.addresses(vlan, host)),
                "tagged" => self.is_tagged(vlan, host),
            }
        }))
    }

    /// The live VLAN of that name.
    pub(super) fn vlan(&self, name: &str) -> Result<String, Fault> {
        Ok(self.services.live_of(name, VLANS)?.name.clone())
    }
}

fn add(world: &mut World, args: &Args) -> Reply {
    let vlan = world.vlan(args.text("name"))?;
    let host = world.services.live_of(args.text("host"), SERVERS)?.name.clone();
    let primary = args.flag("primary").unwrap_or_default();
    let replaced = world.vlans.of(&host).next().filter(|old| primary && *old != vlan);
    if replaced.is_some_and(|old| world.balances(&host, old)) {
        return Err(Fault::state(format!("'{host}' serves a load balancer in its primary VLAN")));
    }
    world.join_vlan(&vlan, &host, primary);
    Ok(world.show_hosts(&vlan))
}

fn info(world: &mut World, args: &Args) -> Reply {
    let vlan = world.services.live_of(args.text("name"), VLANS)?;
    Ok(map! {
        "name" => vlan.name.as_str(),
        "network" => format!("{}.0/24", network(&vlan.name)),
        "hosts" => texts(world.vlans.hosts(&vlan.name)),
        "network_zone" => vlan.network_zone.as_str(),
    }
    .into())
}

fn list_hosts(world: &mut World, args: &Args) -> Reply {
    Ok(world.show_hosts(&world.vlan(args.text("name"))?))
}

fn remove(world: &mut World, args: &Args) -> Reply {
    let vlan = world.vlan(args.text("name"))?;
    let member = Member::new(&vlan, args.text("host"));
    if !world.vlans.members.contains(&member) {
        return Err(Fault::missing("host", "name", &member.host));
    }
    if world.is_dedicated(&member.host) && world.vlans.of(&member.host).count() == 1 {
        return Err(Fault::state(format!("'{}' is in no other VLAN", member.host)));
    }
    if world.balances(&member.host, &vlan) {
        return Err(Fault::state(format!("'{}' serves a load balancer in the VLAN", member.host)));
    }
    world.vlans.members.retain(|known| *known != member);
    Ok(world.show_hosts(&vlan))
}

#[cfg(test)]
mod tests {
    use super::super::testing::Account;
    use super::*;

    fn with(vlan: &str, host: &str) -> Map {
        map! { "name" => vlan, "host" => host }
    }

    fn shown(account: &mut Account, host: &str) -> Value {
        account.get("server.info", map! { "name" => host }).get("vlans").cloned().unwrap()
    }

    #[test]
    fn hosts_cannot_join_every_vlan() {
        let mut primary = with("myvlan2", "myserver1");
        primary.insert("primary", true);
        for (method, args, code) in [
            ("vlan.add", with("myvlan2", "myserver1"), 0),
            ("vlan.add", with("myvlan1", "mystorage1"), 5),
            ("vlan.add", with("myserver1", "myserver2"), 5),
            ("vlan.add", with("myvlan1", "nosuch"), 3),
            ("vlan.add", with("nosuch", "myserver1"), 3),
            ("vlan.add", with("myvlan1", "oldserver1"), 9),
            ("vlan.add", with("myvlan1", "busyserver1"), 11),
            ("vlan.add", primary, 9),
            ("vlan.remove", with("myvlan1", "myserver2"), 0),
            ("vlan.remove", with("myvlan1", "myserver1"), 9),
            ("vlan.remove", with("myvlan1", "mylb1"), 9),
            ("vlan.remove", with("myvlan2", "myserver3"), 9),
            ("vlan.remove", with("myvlan2", "myserver1"), 3),
            ("vlan.info", map! { "name" => "nosuch" }, 3),
            ("vlan.list", map! { "name" => "mylb1" }, 5),
        ] {
            assert_eq!(Account::new().code(method, args.clone()), code, "{method} {args:?}");
        }
    }

    #[test]
    fn a_vlan_is_shown_with_its_hosts() {
        let vlan = Account::new().get("vlan.info", map! { "name" => "myvlan1" });
        let expected = map! {
            "name" => "myvlan1",
            "network" => "10.1.1.0/24",
            "hosts" => texts(["mylb1", "myserver1", "myserver2"]),
            "network_zone" => "reading",
        };
        assert_eq!(vlan, expected.into());
    }

    #[test]
    fn an_address_stays_with_its_host() {
        let mut account = Account::new();
        let address = |hosts: &Value| {
            let host = hosts.as_list().unwrap().iter().find(|host| host.get("name") == Some(&"myserver2".into()));
            host.map(|host| host.get("private_ips").cloned().unwrap())
        };
        let before = address(&account.get("vlan.list", map! { "name" => "myvlan1" }));
        assert_eq!(before, Some(texts(["10.1.1.11"])));
        assert_eq!(address(&account.get("vlan.remove", with("myvlan1", "myserver2"))), None);
        assert_eq!(address(&account.get("vlan.add", with("myvlan1", "myserver2"))), before);
    }

    #[test]
    fn servers_show_their_vlans() {
        let mut account = Account::new();
        account.get("vlan.add", with("myvlan2", "myserver2"));
        account.get("vlan.add", with("myvlan1", "myserver3"));
        let vlans = |tagged: &[&str], untagged: &[&str]| -> Value {
            map! { "tagged" => texts(tagged), "untagged" => texts(untagged) }.into()
        };
        assert_eq!(shown(&mut account, "myserver2"), vlans(&[], &["myvlan1", "myvlan2"]));
        assert_eq!(shown(&mut account, "myserver3"), vlans(&["myvlan1"], &["myvlan2"]));
        let mut primary = with("myvlan2", "myserver2");
        primary.insert("primary", true);
        account.get("vlan.add", primary);
        assert_eq!(shown(&mut account, "myserver2"), vlans(&[], &["myvlan2"]));
    }
}

//! nat_rule.*: public addresses for private ones.

use super::super::fault::Fault;
use super::super::handler::{Handlers, Reply, done, rows, value};
use super::super::shelf::text;
use super::super::state::networks::Networks;
use super::super::world::World;
use crate::kit::args::Args;
use crate::kit::values::map;

pub(super) const HANDLERS: Handlers =
    &[("nat_rule.create", create), ("nat_rule.delete", delete), ("nat_rule.list", lists)];

impl Networks {
    /// The public address of a private one.
    pub(crate) fn public_address(&self, network: &str, private: &str) -> Option<&str> {
        self.nat.on(network).find(|rule| text(rule, "sourceIp") == private).map(|rule| text(rule, "natIp"))
    }
}

fn lists(world: &mut World, args: &Args) -> Reply {
    let network = args.text("network-id");
    world.networks.find(network)?;
    rows(world.networks.nat.on(network).cloned())
}

fn create(world: &mut World, args: &Args) -> Reply {
    let (network, source) = (args.text("network-id"), args.text("sourceIp"));
    world.networks.find(network)?.holds(source)?;
    if world.networks.nat.has(network, "sourceIp", source) {
        return Err(Fault::new(272, format!("{source} has a NAT rule already")));
    }
    let public = world.free_public(network)?;
    let rule = map! { "id" => world.new_id(), "name" => args.text("name"), "natIp" => public, "sourceIp" => source };
    world.networks.nat.add(network, rule.clone());
    value(rule)
}

fn delete(world: &mut World, args: &Args) -> Reply {
    let (network, id) = (args.text("network-id"), args.text("natrule-id"));
    world.networks.find(network)?;
    if world.networks.nat.find(network, id).is_none() {
        return Err(Fault::new(260, format!("NAT Rule with Id {id} not found")));
    }
    world.networks.nat.remove(network, id);
    done("NAT Rule deleted")
}

#[cfg(test)]
mod tests {
    use super::super::super::state::networks::MAIN;
    use super::super::super::state::servers::WEB_1;
    use super::super::super::testing::Organization;
    use super::*;

    #[test]
    fn a_rule_gives_a_server_a_public_address_until_deleted() {
        let mut org = Organization::new();
        let create = |ip: &str| map! { "network-id" => MAIN, "name" => ip, "sourceIp" => ip };
        let public =
            |org: &mut Organization| org.find("server.list", map! {}, "id", WEB_1).unwrap().get("publicIp").cloned();
        for (ip, reason) in [("192.0.2.12", 272), ("192.0.2.10", 240), ("198.51.100.11", 240), ("web", 320)] {
            assert_eq!(org.reason("nat_rule.create", create(ip)), reason, "{ip}");
        }
        assert_eq!(public(&mut org), None);
        let rule = org.get("nat_rule.create", create("192.0.2.11"));
        assert_eq!(public(&mut org), rule.get("natIp").cloned());
        let of = || map! { "network-id" => MAIN, "natrule-id" => rule.get("id").cloned().unwrap() };
        assert_eq!(org.reason("nat_rule.delete", of()), 0);
        assert_eq!((public(&mut org), org.reason("nat_rule.delete", of())), (None, 260));
    }

    #[test]
    fn public_addresses_are_limited() {
        let mut org = Organization::new();
        let mut reasons = (20..30).map(|host| {
            let ip = format!("192.0.2.{host}");
            org.reason("nat_rule.create", map! { "network-id" => MAIN, "name" => "n", "sourceIp" => ip })
        });
        assert!(reasons.by_ref().take(6).all(|reason| reason == 0));
        assert_eq!(reasons.next(), Some(310));
    }
}

//! anti_affinity.*: rules that keep two servers off the same host.

use super::fault::Fault;
use super::handler::{Answer, Handlers, Reply, done, rows};
use super::state::servers::rule;
use super::world::World;
use crate::kit::args::Args;
use crate::kit::values::{list, map};
use model::{Map, Value};

pub(super) const HANDLERS: Handlers =
    &[("anti_affinity.create", create), ("anti_affinity.delete", delete), ("anti_affinity.list", lists)];

fn has(rule: &Map, server: &str) -> bool {
    rule.get("serverSummary").and_then(Value::as_list).unwrap_or_default().iter().any(|id| id.as_str() == Some(server))
}

impl World {
    /// Whether a server belongs to a rule.
    pub(crate) fn is_kept_apart(&self, server: &str) -> bool {
        self.networks.iter().any(|network| self.servers.rules.on(&network.id).any(|rule| has(rule, server)))
    }

    fn summary(&self, server: &Value) -> Option<Map> {
        let server = self.servers.find(server.as_str()?).ok()?;
        let network = self.networks.find(&server.network).ok()?;
        let (_, description, _) = server.origin();
        Some(map! {
            "id" => server.id.as_str(),
            "name" => server.name.as_str(),
            "description" => description,
            "privateIp" => server.ip.as_str(),
            "networkId" => network.id.as_str(),
            "networkName" => network.name.as_str(),
        })
    }
}

fn lists(world: &mut World, args: &Args) -> Reply {
    for location in args.texts("location").unwrap_or_default() {
        world.location(location)?;
    }
    let rules = world.networks.iter().flat_map(|network| world.servers.rules.on(&network.id));
    rows(rules.map(|rule| {
        let ids = rule.get("serverSummary").and_then(Value::as_list).unwrap_or_default();
        let mut shown = rule.clone();
        shown.insert("serverSummary", list(ids.iter().filter_map(|id| world.summary(id))));
        shown
    }))
}

fn create(world: &mut World, args: &Args) -> Reply {
    let ids = args.texts("serverId").unwrap_or_default();
    let [one, other] = ids.as_slice() else { return Err(Fault::data("serverId", "two servers are wanted")) };
    if one == other {
        return Err(Fault::data("serverId", "two different servers are wanted"));
    }
    for id in [one, other] {
        if world.is_kept_apart(id) {
            return Err(Fault::new(692, format!("Server with Id {id} belongs to an anti-affinity rule")));
        }
    }
    let (first, second) = (world.servers.find(one)?, world.servers.find(other)?);
    if first.network != second.network {
        return Err(Fault::new(691, "The servers are not on one network"));
    }
    let (network, location) = (first.network.clone(), first.location.clone());
    let id = world.new_id();
    let rule = rule(&id, &location, &world.now(), &[one, other]);
    world.servers.rules.add(&network, rule);
    Ok(Answer::Done("Anti Affinity Rule created".into(), vec![("antiaffinityrule.id", id)]))
}

fn delete(world: &mut World, args: &Args) -> Reply {
    let id = args.text("rule-id");
    let holds = |network: &&super::state::networks::Network| world.servers.rules.find(&network.id, id).is_some();
    let network = world.networks.iter().find(holds).map(|network| network.id.clone());
    let network = network.ok_or_else(|| Fault::new(693, format!("Anti Affinity Rule {id} not found")))?;
    world.servers.rules.remove(&network, id);
    done("Anti Affinity Rule deleted")
}

#[cfg(test)]
mod tests {
    use super::super::shelf::text;
    use super::super::state::networks::MAIN;
    use super::super::state::servers::WEB_1;
    use super::super::state::servers::{OLD, WEB_3};
    use super::super::testing::Organization;
    use super::*;
    use crate::kit::values::texts;

    #[test]
    fn rules_are_created_and_deleted() {
        let mut org = Organization::new();
        let of = |ids: &[&str]| map! { "serverId" => texts(ids) };
        for (ids, reason) in
            [(vec![WEB_1, WEB_3], 692), (vec![WEB_3], 320), (vec![WEB_3, WEB_3], 320), (vec!["x", "y"], 395)]
        {
            assert_eq!(org.reason("anti_affinity.create", of(&ids)), reason, "{ids:?}");
        }
        let made = org.get("anti_affinity.create", of(&[WEB_3, OLD]));
        let id = text(made.as_map().unwrap(), "id").to_owned();
        let rule = org.find("anti_affinity.list", map! { "networkId" => texts([MAIN]) }, "id", &id).unwrap();
        let names: Vec<&Value> =
            rule.get("serverSummary").unwrap().as_list().unwrap().iter().map(|s| s.get("name").unwrap()).collect();
        assert_eq!(names, [&Value::from("web-3"), &Value::from("old-1")]);
        assert_eq!(org.reason("server.delete", map! { "server-id" => OLD }), 692);
        org.done("anti_affinity.delete", map! { "rule-id" => id.as_str() });
        assert_eq!(org.reason("anti_affinity.delete", map! { "rule-id" => id }), 693);
        assert_eq!(org.reason("server.delete", map! { "server-id" => OLD }), 0);
    }
}

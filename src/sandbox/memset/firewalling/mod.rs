//! firewalling.*: rules, groups of rules, and the servers that groups apply to.

mod group;
mod rule;

use super::fault::Fault;
use super::handler::{Handlers, Reply};
use super::state::servers::Server;
use super::state::services::SERVERS;
use super::table::text;
use super::world::World;
use crate::kit::args::Args;
use model::Map;

pub(super) const HANDLERS: Handlers = &[
    ("firewalling.rule_create", rule::create),
    ("firewalling.rule_delete", rule::delete),
    ("firewalling.rule_group_create", group::create),
    ("firewalling.rule_group_delete", group::delete),
    ("firewalling.rule_group_info", group::info),
    ("firewalling.rule_group_list", group::list_groups),
    ("firewalling.rule_group_status", status),
    ("firewalling.rule_info", rule::info),
    ("firewalling.rule_update", rule::update),
    ("firewalling.update", update),
];

impl World {
    /// The rule group of a server in the form of answers; an empty dictionary if there is none.
    pub(super) fn rule_group_of(&self, server: &Server) -> Map {
        let group = server.rule_group.as_deref().and_then(|name| self.firewalling.group(name).ok());
        group.map(|group| self.firewalling.show(group)).unwrap_or_default()
    }

    /// The name of the rule group with that name or nickname.
    pub(super) fn rule_group(&self, name: &str) -> Result<String, Fault> {
        Ok(text(self.firewalling.group(name)?, "name").to_owned())
    }

    /// The names of the servers that a group applies to.
    fn servers_under(&self, group: &str) -> Vec<String> {
        let under = self.servers.iter().filter(|server| server.rule_group.as_deref() == Some(group));
        under.map(|server| server.name.clone()).collect()
    }

    /// Sends a changed group to these servers, which takes as long as a job.
    fn load(&mut self, group: &str, servers: Vec<String>) {
        let done = self.clock.now() + self.jobs.takes();
        self.firewalling.loading.extend(servers.into_iter().map(|server| ((server, group.to_owned()), done)));
    }
}

fn status(world: &mut World, args: &Args) -> Reply {
    let name = world.services.live_of(args.text("name"), SERVERS)?.name.clone();
    let group = world.rule_group(args.text("rule_group_name"))?;
    let in_force = world.servers.find(&name).is_some_and(|server| server.rule_group.as_ref() == Some(&group));
    let loading = world.firewalling.loading.get(&(name, group)).is_some_and(|done| world.clock.now() < *done);
    Ok(match (in_force, loading) {
        (true, true) => "pending",
        (true, false) => "active",
        (false, _) => "na",
    }
    .into())
}

fn update(world: &mut World, args: &Args) -> Reply {
    let name = world.services.live_of(args.text("name"), SERVERS)?.name.clone();
    let group = world.firewalling.group(args.text("rule_group_name"))?;
    let (shown, group) = (world.firewalling.show(group), text(group, "name").to_owned());
    match world.servers.find_mut(&name) {
        // One of the two types is managed by Memset, the other by the customer.
        Some(server) if server.firewall_type.ends_with("managed") => server.rule_group = Some(group.clone()),
        _ => return Err(Fault::state(format!("The firewalling of '{name}' is not managed"))),
    }
    world.load(&group, vec![name]);
    Ok(shown.into())
}

#[cfg(test)]
mod tests {
    use super::super::table::EXAMPLE_ID;
    use super::super::testing::Account;
    use super::*;
    use crate::kit::values::list;
    use crate::kit::values::map;
    use model::Value;

    fn with(name: &str, group: &str) -> Map {
        map! { "name" => name, "rule_group_name" => group }
    }

    #[test]
    fn a_group_is_applied() {
        let mut account = Account::new();
        for (args, code) in [
            (with("myserver1", "mygroup-fw2"), 0),
            (with("myserver1", "mail servers"), 0),
            (with("myserver1", "managed-linux"), 0),
            (with("myserver1", "nosuch"), 3),
            (with("nosuch", "mygroup-fw1"), 3),
            (with("myserver2", "mygroup-fw1"), 9),
            (with("oldserver1", "mygroup-fw1"), 9),
            (with("mystorage1", "mygroup-fw1"), 5),
        ] {
            assert_eq!(account.code("firewalling.update", args.clone()), code, "{args:?}");
        }
    }

    #[test]
    fn changes_take_a_while_to_reach_the_server() {
        let mut account = Account::new();
        let status = |account: &mut Account, group: &str| {
            account.get("firewalling.rule_group_status", with("myserver1", group)).as_str().unwrap().to_owned()
        };
        assert_eq!(status(&mut account, "mygroup-fw1"), "active");
        account.get("firewalling.rule_update", map! { "rule_id" => EXAMPLE_ID, "ordering" => 3 });
        assert_eq!(status(&mut account, "mygroup-fw1"), "pending");
        account.wait();
        assert_eq!(status(&mut account, "mygroup-fw1"), "active");
        account.get("firewalling.update", with("myserver1", "mygroup-fw2"));
        assert_eq!(status(&mut account, "mygroup-fw2"), "pending");
        assert_eq!(status(&mut account, "mygroup-fw1"), "na");
        for args in [with("myserver1", "nosuch"), with("nosuch", "mygroup-fw1")] {
            assert_eq!(account.code("firewalling.rule_group_status", args.clone()), 3, "{args:?}");
        }
    }

    /// The document's own example, step by step.
    #[test]
    fn the_example_of_the_document_works() {
        let mut account = Account::new();
        let web = map! { "action" => "ACCEPT", "dest_ports" => "80,8000,8080", "protocols" => "tcp", "ordering" => 1 };
        let dossers = map! {
            "action" => "REJECT", "ip_version" => "ipv4", "source_ips" => "203.0.113.10/24",
            "protocols" => "tcp,udp", "ordering" => 2, "comment" => "Dossers",
        };
        let group = map! { "nickname" => "test-rule-group", "notes" => "", "rules" => list([web, dossers]) };
        let group = account.get("firewalling.rule_group_create", group);
        let name = group.get("name").and_then(Value::as_str).unwrap().to_owned();
        assert_eq!(account.get("firewalling.update", with("myserver1", &name)), group);
        let conferencing = map! {
            "rule_group_name" => name.as_str(), "action" => "ACCEPT", "dest_ports" => "9999",
            "protocols" => "udp", "ordering" => 3, "comment" => "Video conferencing",
        };
        let rule = account.get("firewalling.rule_create", conferencing);
        let change = map! {
            "rule_id" => rule.get("rule_id").cloned().unwrap(), "ip_version" => "ipv4", "dest_ports" => "9000,9001,9999",
        };
        account.get("firewalling.rule_update", change);
        let delete = map! { "rule_group_name" => name };
        assert_eq!(account.code("firewalling.rule_group_delete", delete.clone()), 9);
        account.get("firewalling.update", with("myserver1", "managed-linux"));
        account.get("firewalling.rule_group_delete", delete);
        let public = account.get("firewalling.rule_group_info", map! { "rule_group_name" => "managed-linux" });
        let cloned = public.get("rules").unwrap().as_map().unwrap().iter().map(|(_, rule)| {
            let mut rule = rule.as_map().unwrap().clone();
            rule.remove("rule_group_name");
            rule
        });
        let clone = map! { "nickname" => "cloned-group", "rules" => list(cloned) };
        let clone = account.get("firewalling.rule_group_create", clone);
        let count = |group: &Value| group.get("rules").unwrap().as_map().unwrap().len();
        assert_eq!((count(&clone), clone.get("public")), (count(&public), Some(&false.into())));
        assert_ne!(clone.get("rules"), public.get("rules"));
    }
}

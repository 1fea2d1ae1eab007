//! virtual_machine.*: the servers themselves.

mod change;
pub(super) mod power;
pub(super) mod usage;

use super::handler::{Args, Handlers, Reply};
use super::nodes::Kind;
use super::refusal::Refusal;
use super::world::World;
use crate::kit::table::NOBODY;
use crate::kit::values::{int, list, map, merge};
use model::{Map, Value};

pub(super) const HANDLERS: Handlers = &[
    ("virtual_machine.create", change::create),
    ("virtual_machine.create_instant", change::create_instant),
    ("virtual_machine.delete", change::delete),
    ("virtual_machine.edit", change::edit),
    ("virtual_machine.get", get),
    ("virtual_machine.list", list_servers),
    ("virtual_machine.list_recoverable", list_recoverable),
    ("virtual_machine.recover", change::recover),
    ("virtual_machine.search", search),
];

/// The password of the initial servers.
const PASSWORD: &str = "an-example-password";

/// The servers of a new sandbox. The first has been deleted; the second is that of the examples in the
/// provider's document.
pub(super) fn seed(world: &mut World) {
    for (label, fqdn, template, cloud, nodes, running) in [
        ("Old shop", "shop.example.com", 42, 3, 1, false),
        ("Web Server 01", "web01.example.com", 41, 3, 2, true),
        ("Mail", "mail.example.com", 41, 3, 1, true),
        ("Spare", "spare.example.org", 78, 15, 1, false),
    ] {
        let server = world.add_server(label, fqdn, (cloud, template), PASSWORD);
        let id = int(&server, "id");
        drop(world.assign(Kind::Vps, id, nodes));
        world.change(id, map! { "running" => running, "built" => true, "power_action_pending" => false });
        let created = world.clock.date("2009-05-15T06:55:02-04:00");
        world.change(id, map! { "created_at" => created });
        if label == "Old shop" {
            change::forget(world, id);
        }
    }
}

impl World {
    /// Adds a server, not built yet and without nodes.
    fn add_server(&mut self, label: &str, fqdn: &str, (cloud, template): (i64, i64), password: &str) -> Map {
        let (hostname, domain_name) = fqdn.split_once('.').unwrap_or((fqdn, ""));
        let now = self.clock.iso();
        self.servers.add(
            NOBODY,
            map! {
                "label" => label,
                "hostname" => hostname,
                "domain_name" => domain_name,
                "running" => false,
                "built" => false,
                "power_action_pending" => true,
                "system_template_id" => template,
                "cloud_id" => cloud,
                "consumer_id" => 0,
                "backups_enabled" => false,
                "password" => password,
                "slices_count" => 0,
                "created_at" => now.clone(),
                "updated_at" => now,
                "bandwidth_used" => 0,
                "delayed_storage" => false,
                "delayed_storage_until" => Value::Null,
            },
        )
    }

    /// The server of that id.
    pub(super) fn server(&self, id: i64) -> Result<&Map, Refusal> {
        self.servers.find(NOBODY, id).ok_or(Refusal::Missing)
    }

    /// Sets fields of a server.
    pub(super) fn change(&mut self, id: i64, fields: Map) {
        let now = self.clock.iso();
        if let Some(server) = self.servers.find_mut(NOBODY, id) {
            merge(server, fields);
            server.insert("updated_at", now);
        }
    }

    /// The server with all data that is stored elsewhere.
    pub(super) fn shown(&self, server: &Map) -> Map {
        let id = int(server, "id");
        let mut shown = server.clone();
        merge(&mut shown, map! { "slices_count" => self.used(Kind::Vps, id) });
        merge(&mut shown, map! { "ram_nodes_count" => self.used(Kind::Ram, id) });
        merge(&mut shown, map! { "storage_nodes_count" => self.used(Kind::Storage, id) });
        if let Some(first) = self.addresses_of(id).next() {
            shown.insert("primary_ip_address", map! { "ip_address" => first.clone() });
        }
        shown
    }
}

fn list_servers(world: &mut World, args: &Args) -> Reply {
    let wanted = |server: &&Map| args.int("consumer_id").is_none_or(|consumer| int(server, "consumer_id") == consumer);
    let servers = world.servers.of(NOBODY).filter(wanted).map(|server| {
        let mut shown = world.shown(server);
        if args.flag("basic") == Some(true) {
            shown.remove("running");
            shown.remove("bandwidth_used");
        }
        shown
    });
    Ok(list(servers))
}

fn get(world: &mut World, args: &Args) -> Reply {
    let server = world.server(args.id())?;
    Ok(world.shown(server).into())
}

fn search(world: &mut World, args: &Args) -> Reply {
    let wanted = args.text("search").to_lowercase();
    let servers = world.servers.of(NOBODY).filter(|server| {
        let own = ["label", "hostname", "domain_name"].map(|key| server.get(key).and_then(Value::as_str));
        let addresses = world.addresses_of(int(server, "id")).map(|ip| ip.get("ip_address").and_then(Value::as_str));
        own.into_iter().chain(addresses).flatten().any(|text| text.to_lowercase().contains(&wanted))
    });
    Ok(list(servers.map(|server| world.shown(server))))
}

fn list_recoverable(world: &mut World, _: &Args) -> Reply {
    Ok(list(world.deleted.iter().map(|(_, server)| server.clone())))
}

#[cfg(test)]
mod tests {
    use super::super::testing::Client;
    use super::*;

    #[test]
    fn servers_are_listed_and_found() {
        let mut client = Client::new();
        let labels = |value: &Value| -> Vec<String> {
            value.as_list().unwrap().iter().map(|vm| vm.get("label").unwrap().plain()).collect()
        };
        for (method, args, expected) in [
            ("virtual_machine.list", map! {}, vec!["Web Server 01", "Mail", "Spare"]),
            ("virtual_machine.list", map! { "consumer_id" => 5 }, vec![]),
            ("virtual_machine.search", map! { "search" => "web01" }, vec!["Web Server 01"]),
            ("virtual_machine.search", map! { "search" => "example.com" }, vec!["Web Server 01", "Mail"]),
            ("virtual_machine.search", map! { "search" => "192.0.2.12" }, vec!["Spare"]),
            ("virtual_machine.search", map! { "search" => "nothing" }, vec![]),
        ] {
            assert_eq!(labels(&client.get(method, args.clone())), expected, "{method} {args:?}");
        }
        let basic = client.get("virtual_machine.list", map! { "basic" => true });
        assert!(basic.as_list().unwrap().iter().all(|vm| vm.get("running").is_none()));
        assert_eq!(client.get("virtual_machine.get", map! { "id" => 1384 }).get("slices_count"), Some(&Value::Int(2)));
        assert_eq!(client.status("virtual_machine.get", map! { "id" => 1 }), 404);
    }
}

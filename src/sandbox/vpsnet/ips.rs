//! ip.*: the addresses of the account.

use super::handler::{Args, Handlers, Reply};
use super::refusal::Refusal;
use super::world::World;
use crate::kit::table::NOBODY;
use crate::kit::values::{int, list, map, nothing};
use model::{Map, Value};

pub(super) const HANDLERS: Handlers = &[
    ("ip.create", create),
    ("ip.delete", delete),
    ("ip.edit", edit),
    ("ip.exists", exists),
    ("ip.list", list_ips),
    ("ip.list_justifications", list_justifications),
    ("ip.reassign", reassign),
    ("ip.request_justified", request_justified),
];

/// The most addresses in one order.
const MOST: i64 = 8;
/// The cloud id of an internal address.
const INTERNAL: i64 = 0;

/// Every server of a new sandbox has an address, and the first one has a second.
pub(super) fn seed(world: &mut World) {
    let servers: Vec<(i64, i64)> =
        world.servers.of(NOBODY).map(|server| (int(server, "id"), int(server, "cloud_id"))).collect();
    let first = servers.first().copied();
    for (server, cloud) in servers.into_iter().chain(first) {
        world.add_address(server, cloud);
    }
    // They are as old as the servers.
    let created = world.clock.date("2009-05-15T06:55:02-04:00");
    for address in world.ips.of_mut(NOBODY) {
        address.insert("created_at", created.clone());
    }
}

impl World {
    /// Gives a server a new address: its primary one, if it had none.
    pub(super) fn add_address(&mut self, server: i64, cloud: i64) -> Map {
        let net = if cloud == INTERNAL { "203.0.113" } else { "192.0.2" };
        let taken =
            |host: &i64| self.ips.of(NOBODY).any(|ip| ip.get("ip_address") == Some(&format!("{net}.{host}").into()));
        let host = (10..255).find(|host| !taken(host)).unwrap_or(255);
        let now = self.clock.iso();
        let address = map! {
            "ip_address" => format!("{net}.{host}"),
            "netmask" => "255.255.255.0",
            "network" => format!("{net}.0"),
            "cloud_id" => cloud,
            "consumer_id" => 0,
            "virtual_machine_id" => server,
            "description" => "",
            "created_at" => now.clone(),
            "updated_at" => now,
        };
        self.ips.add(NOBODY, address)
    }

    /// The addresses of a server, the primary one first.
    pub(super) fn addresses_of(&self, server: i64) -> impl Iterator<Item = &Map> {
        self.ips.of(NOBODY).filter(move |ip| int(ip, "virtual_machine_id") == server)
    }

    /// Moves the addresses of one server to another.
    pub(super) fn bequeath(&mut self, from: i64, to: i64) {
        let left = self.ips.of_mut(NOBODY).filter(|ip| int(ip, "virtual_machine_id") == from);
        left.for_each(|ip| drop(ip.insert("virtual_machine_id", to)));
    }

    fn address(&mut self, id: i64) -> Result<&mut Map, Refusal> {
        self.ips.find_mut(NOBODY, id).ok_or(Refusal::Missing)
    }

    fn is_first(&self, id: i64) -> bool {
        let server = self.ips.find(NOBODY, id).map(|ip| int(ip, "virtual_machine_id"));
        let first = server.and_then(|server| self.addresses_of(server).next());
        first.is_some_and(|first| int(first, "id") == id)
    }
}

fn list_ips(world: &mut World, args: &Args) -> Reply {
    let wanted = |ip: &&Map| args.int("consumer_id").is_none_or(|consumer| int(ip, "consumer_id") == consumer);
    Ok(list(world.ips.of(NOBODY).filter(wanted).cloned()))
}

fn create(world: &mut World, args: &Args) -> Reply {
    let quantity = args.int("quantity").filter(|quantity| (1..=MOST).contains(quantity));
    let quantity = quantity.ok_or_else(|| Refusal::invalid("quantity", &format!("must be between 1 and {MOST}")))?;
    let server = args.int("virtual_machine_id");
    let server = server.ok_or_else(|| Refusal::invalid("virtual_machine_id", "can't be blank"))?;
    let cloud = match args.maybe_text("type") {
        Some("internal") => INTERNAL,
        Some("external") | None => int(world.server(server)?, "cloud_id"),
        Some(_) => return Err(Refusal::invalid("type", "is not internal or external")),
    };
    world.server(server)?;
    let made: Vec<Map> = (0..quantity).map(|_| world.add_address(server, cloud)).collect();
    if let Some(consumer) = args.int("consumer_id") {
        for id in made.iter().map(|ip| int(ip, "id")) {
            world.address(id)?.insert("consumer_id", consumer);
        }
    }
    let ids: Vec<i64> = made.iter().map(|ip| int(ip, "id")).collect();
    Ok(list(ids.into_iter().filter_map(|id| world.ips.find(NOBODY, id).cloned())))
}

fn edit(world: &mut World, args: &Args) -> Reply {
    let now = world.clock.iso();
    let ip = world.address(args.id())?;
    if let Some(notes) = args.get("notes") {
        ip.insert("description", notes.clone());
    }
    if let Some(consumer) = args.get("consumer_id") {
        ip.insert("consumer_id", consumer.clone());
    }
    ip.insert("updated_at", now);
    Ok(nothing())
}

fn delete(world: &mut World, args: &Args) -> Reply {
    world.address(args.id())?;
    if world.is_first(args.id()) {
        return Err(Refusal::Forbidden);
    }
    world.ips.take(NOBODY, args.id());
    Ok(nothing())
}

fn reassign(world: &mut World, args: &Args) -> Reply {
    let from = int(world.address(args.id())?, "virtual_machine_id");
    let cloud = int(world.server(from)?, "cloud_id");
    let to = args.text("virtual_machine_id").parse().ok().filter(|to| world.in_cloud(*to, cloud));
    let to = to.ok_or_else(|| Refusal::invalid("virtual_machine_id", "is not a server of the same cloud"))?;
    world.address(args.id())?.insert("virtual_machine_id", Value::Int(to));
    Ok(nothing())
}

fn exists(world: &mut World, args: &Args) -> Reply {
    let wanted = args.get("ip_address");
    Ok(map! { "exists" => world.ips.of(NOBODY).any(|ip| ip.get("ip_address") == wanted) }.into())
}

fn request_justified(world: &mut World, args: &Args) -> Reply {
    let server = args.int("virtual_machine_id").unwrap_or_default();
    world.server(server)?;
    let asked = args.get("ip_justification").and_then(Value::as_map).cloned().unwrap_or_default();
    if asked.is_empty() {
        return Err(Refusal::invalid("ip_justification", "can't be blank"));
    }
    for (_, entry) in asked {
        let mut request = map! { "virtual_machine_id" => server, "status" => "pending" };
        if let Value::Map(entry) = entry {
            crate::kit::values::merge(&mut request, entry);
        }
        world.justifications.push(request);
    }
    Ok(nothing())
}

fn list_justifications(world: &mut World, _: &Args) -> Reply {
    Ok(list(world.justifications.iter().cloned()))
}

#[cfg(test)]
mod tests {
    use super::super::testing::Client;
    use super::*;

    #[test]
    fn addresses_are_bought_moved_and_released() {
        let mut client = Client::new();
        let vm = |id: i64| map! { "quantity" => 2, "virtual_machine_id" => id };
        for (method, args, status) in [
            ("ip.create", vm(1), 404),
            ("ip.create", map! { "quantity" => 9, "virtual_machine_id" => 1384 }, 422),
            ("ip.create", map! { "quantity" => 1 }, 422),
            ("ip.create", map! { "quantity" => 1, "type" => "other", "virtual_machine_id" => 1384 }, 422),
            ("ip.create", vm(1384), 200),
            ("ip.delete", map! { "id" => 12 }, 403),
            ("ip.delete", map! { "id" => 15 }, 200),
            ("ip.delete", map! { "id" => 15 }, 404),
            ("ip.reassign", map! { "id" => 16, "virtual_machine_id" => "1386" }, 422),
            ("ip.reassign", map! { "id" => 16, "virtual_machine_id" => "1385" }, 200),
            ("ip.edit", map! { "id" => 16, "notes" => "mail", "consumer_id" => 58 }, 200),
            ("ip.edit", map! { "id" => 99, "notes" => "mail" }, 404),
        ] {
            assert_eq!(client.status(method, args.clone()), status, "{method} {args:?}");
        }
        let listed = client.get("ip.list", map! { "consumer_id" => 58 });
        let ip = &listed.as_list().unwrap()[0];
        assert_eq!(ip.get("description"), Some(&"mail".into()));
        assert_eq!(ip.get("virtual_machine_id"), Some(&Value::Int(1385)));
    }

    #[test]
    fn addresses_are_listed_and_found() {
        let mut client = Client::new();
        for (address, known) in [("192.0.2.10", true), ("192.0.2.99", false)] {
            let answer = client.get("ip.exists", map! { "ip_address" => address });
            assert_eq!(answer.get("exists"), Some(&known.into()), "{address}");
        }
        let entry = map! { "justification_type" => "3", "justification_reason" => "www.example.com" };
        let asked = map! { "virtual_machine_id" => 1384, "ip_justification" => map! { "ip_address1" => entry } };
        client.get("ip.request_justified", asked);
        assert_eq!(client.get("ip.list_justifications", map! {}).as_list().unwrap().len(), 1);
        let internal =
            client.get("ip.create", map! { "quantity" => 1, "type" => "internal", "virtual_machine_id" => 1384 });
        assert_eq!(internal.as_list().unwrap()[0].get("ip_address"), Some(&"203.0.113.10".into()));
    }
}

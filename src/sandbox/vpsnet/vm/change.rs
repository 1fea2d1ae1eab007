//! Creating, changing, deleting and recovering servers.

use std::time::Duration;

use super::super::handler::{Args, Reply};
use super::super::nodes::Kind;
use super::super::refusal::Refusal;
use super::super::world::World;
use crate::kit::table::NOBODY;
use crate::kit::values::{int, list, map, nothing};
use model::{Date, Map, Value};

/// How long a deleted server can be recovered.
const RECOVERABLE: Duration = Duration::from_secs(12 * 3600);
/// The clouds of instant servers, by country.
const INSTANT: &[(i64, i64)] = &[(1, 3), (2, 15)];

pub(super) fn create(world: &mut World, args: &Args) -> Reply {
    let place = (args.int("cloud_id").unwrap_or_default(), args.int("system_template_id").unwrap_or_default());
    let label = args.text("label");
    if label.contains(|c: char| !c.is_alphanumeric() && !" .-_".contains(c)) {
        return Err(Refusal::invalid("label", "has special characters"));
    }
    if !args.text("fqdn").contains('.') {
        return Err(Refusal::invalid("fqdn", "is not a full host name"));
    }
    let backups = map! { "backups_enabled" => args.flag("backups_enabled").unwrap_or_default() };
    let consumer = map! { "consumer_id" => args.int("consumer_id").unwrap_or_default() };
    let id = build(world, label, args.text("fqdn"), place, &wanted(args, args.int("slices_required").unwrap_or(1)))?;
    world.change(id, backups);
    world.change(id, consumer);
    world.license(id, args)?;
    Ok(world.shown(world.server(id)?).into())
}

pub(super) fn create_instant(world: &mut World, args: &Args) -> Reply {
    let cloud = INSTANT.iter().find(|(country, _)| Some(*country) == args.int("country")).map(|(_, cloud)| *cloud);
    let cloud = cloud.ok_or_else(|| Refusal::invalid("country", "is not included in the list"))?;
    let template = world.clouds.iter().find(|known| known.id == cloud).and_then(|cloud| cloud.templates.first());
    let template = template.map_or(0, |(id, ..)| *id);
    let id = build(world, "Instant", "instant.example.com", (cloud, template), &[(Kind::Vps, 1)])?;
    Ok(world.shown(world.server(id)?).into())
}

/// The nodes that a call requests, by kind.
fn wanted(args: &Args, slices: i64) -> Vec<(Kind, i64)> {
    let others = [
        (Kind::Storage, "storage_nodes_required"),
        (Kind::Ram, "ram_nodes_required"),
        (Kind::Bandwidth, "bandwidth_nodes_required"),
    ];
    let others = others.into_iter().filter_map(|(kind, name)| Some((kind, args.int(name)?)));
    std::iter::once((Kind::Vps, slices)).chain(others).collect()
}

fn build(
    world: &mut World,
    label: &str,
    fqdn: &str,
    (cloud, template): (i64, i64),
    nodes: &[(Kind, i64)],
) -> Result<i64, Refusal> {
    let place = world.clouds.iter().find(|known| known.id == cloud && known.available);
    let place = place.ok_or_else(|| Refusal::invalid("cloud_id", "is not available"))?;
    if !place.templates.iter().any(|(id, ..)| *id == template) {
        return Err(Refusal::invalid("system_template_id", "is not a template of that cloud"));
    }
    world.can_assign(NOBODY, nodes)?;
    let password = world.random.id().chars().take(12).collect::<String>();
    let id = int(&world.add_server(label, fqdn, (cloud, template), &password), "id");
    for (kind, count) in nodes {
        world.assign(*kind, id, *count)?;
    }
    world.add_address(id, cloud);
    world.log(id, "create");
    world.later(move |world| {
        world.change(id, map! { "running" => true, "built" => true, "power_action_pending" => false });
    });
    Ok(id)
}

pub(super) fn edit(world: &mut World, args: &Args) -> Reply {
    let id = args.id();
    world.server(id)?;
    // The document requires regular nodes in every request, but has a sample with daily ones instead.
    let slices = args.int("daily_nodes_required").or_else(|| args.int("slices_required"));
    let slices = slices.ok_or_else(|| Refusal::invalid("slices_required", "can't be blank"))?;
    let nodes = wanted(args, slices);
    world.can_assign(id, &nodes)?;
    world.license(id, args)?;
    for (kind, count) in nodes {
        world.assign(kind, id, count)?;
    }
    let mut fields = Map::new();
    for name in ["label", "consumer_id", "backups_enabled", "delayed_storage"] {
        if let Some(value) = args.get(name) {
            fields.insert(name, value.clone());
        }
    }
    if let Some(until) = args.maybe_text("delayed_storage_until") {
        let until = Date::parse(until).ok_or_else(|| Refusal::invalid("delayed_storage_until", "is not a time"))?;
        fields.insert("delayed_storage_until", until);
    }
    if let Some((hostname, domain)) = args.maybe_text("public_fqdn").and_then(|fqdn| fqdn.split_once('.')) {
        fields.insert("hostname", hostname);
        fields.insert("domain_name", domain);
    }
    world.change(id, fields);
    world.log(id, "edit");
    Ok(nothing())
}

pub(super) fn delete(world: &mut World, args: &Args) -> Reply {
    let id = args.id();
    let server = world.server(id)?;
    let cloud = int(server, "cloud_id");
    if server.get("power_action_pending") == Some(&Value::Bool(true)) {
        return Err(Refusal::Forbidden);
    }
    if let Some(heir) = args.maybe_text("reassign_ip") {
        let heir = heir.parse().ok().filter(|heir| *heir != id && world.in_cloud(*heir, cloud));
        let heir = heir.ok_or_else(|| Refusal::invalid("reassign_ip", "is not a server of the same cloud"))?;
        world.bequeath(id, heir);
    }
    world.log(id, "delete");
    forget(world, id);
    Ok(nothing())
}

/// Deletes a server, which can be recovered for a while.
pub(super) fn forget(world: &mut World, id: i64) {
    let Ok(shown) = world.server(id).map(|server| world.shown(server)) else { return };
    world.release(id);
    world.servers.take(NOBODY, id);
    world.deleted.push((world.clock.now() + RECOVERABLE, shown));
}

pub(super) fn recover(world: &mut World, args: &Args) -> Reply {
    let id = args.id();
    let at = world.deleted.iter().position(|(_, server)| int(server, "id") == id).ok_or(Refusal::Missing)?;
    let (_, server) = world.deleted.get(at).ok_or(Refusal::Missing)?;
    let counts = [(Kind::Vps, "slices_count"), (Kind::Ram, "ram_nodes_count"), (Kind::Storage, "storage_nodes_count")];
    let nodes = counts.map(|(kind, name)| (kind, int(server, name)));
    world.can_assign(NOBODY, &nodes)?;
    let (_, server) = world.deleted.remove(at);
    world.servers.restore(NOBODY, id, server);
    for (kind, count) in nodes {
        world.assign(kind, id, count)?;
    }
    world.log(id, "recover");
    Ok(nothing())
}

impl World {
    /// Creates a copy of a server in a cloud, and returns its id.
    pub(crate) fn clone_server(&mut self, source: &Map, cloud: i64, label: &str) -> Result<i64, Refusal> {
        let text = |key: &str| source.get(key).map(Value::plain).unwrap_or_default();
        let fqdn = format!("{}.{}", text("hostname"), text("domain_name"));
        let template = int(source, "system_template_id");
        let same = self.clouds.iter().find(|known| known.id == cloud).and_then(|cloud| cloud.counterpart(template));
        build(self, label, &fqdn, (cloud, same.unwrap_or(template)), &[(Kind::Vps, int(source, "slices_count"))])
    }

    /// Whether a server is in a cloud.
    pub(crate) fn in_cloud(&self, id: i64, cloud: i64) -> bool {
        self.servers.find(NOBODY, id).is_some_and(|server| int(server, "cloud_id") == cloud)
    }

    /// Buys and cancels licences of a server. The first few are control panels, of which a server can have only one.
    fn license(&mut self, id: i64, args: &Args) -> Result<(), Refusal> {
        const PANELS: &[&str] = &["1", "6"];
        let Some(asked) = args.get("licenses").and_then(Value::as_map) else { return Ok(()) };
        let mut held = self.licences_of(id);
        for (licence, bought) in asked.iter() {
            held.retain(|known| known != licence);
            if *bought == Value::Int(1) {
                held.push(licence.to_owned());
            }
        }
        let panels = held.iter().filter(|licence| PANELS.contains(&licence.as_str())).count();
        if panels > 1 || (panels == 0 && !held.is_empty()) {
            return Err(Refusal::invalid("licenses", "there has to be one control panel, and only one"));
        }
        let entry = |licence: &String| {
            let number: i64 = licence.parse().unwrap_or_default();
            map! { "virtual_machine_license" => map! { "license_id" => number } }
        };
        self.change(id, map! { "virtual_machine_licenses" => list(held.iter().map(entry)) });
        Ok(())
    }

    /// The ids of a server's licences.
    pub(crate) fn licences_of(&self, id: i64) -> Vec<String> {
        let server = self.servers.find(NOBODY, id);
        let licences = server.and_then(|server| server.get("virtual_machine_licenses")).and_then(Value::as_list);
        let number = |entry: &Value| Some(entry.get("virtual_machine_license")?.get("license_id")?.plain());
        licences.unwrap_or_default().iter().filter_map(number).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Client;
    use super::*;

    fn wanted() -> Map {
        map! {
            "label" => "New", "fqdn" => "new.example.com", "system_template_id" => 41, "cloud_id" => 3,
            "backups_enabled" => true, "rsync_backups_enabled" => false, "slices_required" => 2,
        }
    }

    fn with(changes: Map) -> Map {
        let mut args = wanted();
        crate::kit::values::merge(&mut args, changes);
        args
    }

    #[test]
    fn a_server_is_made_of_free_nodes() {
        let mut client = Client::new();
        for (changes, status) in [
            (map! { "cloud_id" => 4 }, 422),
            (map! { "cloud_id" => 99 }, 422),
            (map! { "system_template_id" => 78 }, 422),
            (map! { "label" => "<New>" }, 422),
            (map! { "fqdn" => "new" }, 422),
            (map! { "slices_required" => 100 }, 422),
            (map! { "ram_nodes_required" => 100 }, 422),
            (map! { "licenses" => map! { "1" => 1, "6" => 1 } }, 422),
        ] {
            assert_eq!(client.status("virtual_machine.create", with(changes.clone())), status, "{changes:?}");
        }
        let mut client = Client::new();
        let server = client.get("virtual_machine.create", with(map! { "licenses" => map! { "1" => 1 } }));
        let id = map! { "id" => server.get("id").cloned().unwrap() };
        assert_eq!(server.get("power_action_pending"), Some(&true.into()));
        assert_eq!(client.status("virtual_machine.delete", id.clone()), 403);
        client.wait();
        let server = client.get("virtual_machine.get", id);
        assert_eq!((server.get("running"), server.get("built")), (Some(&true.into()), Some(&true.into())));
        assert_eq!(server.get("slices_count"), Some(&Value::Int(2)));
    }

    #[test]
    fn deleted_servers_can_be_recovered_for_half_a_day() {
        let mut client = Client::new();
        let id = || map! { "id" => 1384 };
        let recoverable =
            |client: &mut Client| client.get("virtual_machine.list_recoverable", map! {}).as_list().unwrap().len();
        client.get("virtual_machine.delete", id());
        assert_eq!((recoverable(&mut client), client.status("virtual_machine.get", id())), (2, 404));
        client.get("virtual_machine.recover", id());
        assert_eq!((recoverable(&mut client), client.status("virtual_machine.get", id())), (1, 200));
        client.get("virtual_machine.delete", id());
        client.advance(RECOVERABLE);
        assert_eq!((recoverable(&mut client), client.status("virtual_machine.recover", id())), (0, 404));
    }

    /// The document's own samples, and what they have in common.
    #[test]
    fn an_edit_counts_regular_nodes_or_daily_ones() {
        let sample = |nodes: Map| {
            let mut args = map! { "id" => 1384, "backups_enabled" => true, "consumer_id" => 118, "label" => "Tester" };
            crate::kit::values::merge(&mut args, nodes);
            args
        };
        let others = map! { "storage_nodes_required" => 1, "ram_nodes_required" => 1, "bandwidth_nodes_required" => 1 };
        let mut daily = others.clone();
        daily.insert("daily_nodes_required", 2);
        for (nodes, status) in [
            (map! { "slices_required" => 3 }, 200),
            (map! { "daily_nodes_required" => 2 }, 200),
            (daily, 200),
            (others, 422),
            (map! {}, 422),
        ] {
            assert_eq!(Client::new().status("virtual_machine.edit", sample(nodes.clone())), status, "{nodes:?}");
        }
    }

    #[test]
    fn an_edit_takes_and_frees_nodes() {
        let mut client = Client::new();
        let edit = |changes: Map| {
            let mut args = map! { "id" => 1384, "slices_required" => 3 };
            crate::kit::values::merge(&mut args, changes);
            args
        };
        for (changes, status) in [
            (map! {}, 200),
            (map! { "slices_required" => 100 }, 422),
            (map! { "delayed_storage_until" => "soon" }, 422),
            (map! { "delayed_storage_until" => "2030-04-24 14:00", "delayed_storage" => true }, 200),
            (map! { "label" => "Renamed", "public_fqdn" => "a.example.net" }, 200),
            (map! { "licenses" => map! { "7" => 1 } }, 422),
        ] {
            assert_eq!(client.status("virtual_machine.edit", edit(changes.clone())), status, "{changes:?}");
        }
        let server = client.get("virtual_machine.get", map! { "id" => 1384 });
        let text = |name: &str| server.get(name).unwrap().plain();
        assert_eq!([text("label"), text("hostname"), text("slices_count")], ["Renamed", "a", "3"]);
    }

    #[test]
    fn addresses_can_be_taken_over_within_a_cloud() {
        let mut client = Client::new();
        for (heir, status) in [("1384", 422), ("1386", 422), ("nobody", 422), ("1385", 200)] {
            let args = map! { "id" => 1384, "reassign_ip" => heir };
            assert_eq!(client.status("virtual_machine.delete", args), status, "{heir}");
        }
        let found = client.get("virtual_machine.search", map! { "search" => "192.0.2.10" });
        assert_eq!(found.as_list().unwrap().len(), 1);
    }
}

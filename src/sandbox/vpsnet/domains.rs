//! domain.* and domain_record.*: zones and their records.

use super::handler::{Args, Handlers, Reply};
use super::refusal::Refusal;
use super::world::World;
use crate::kit::table::NOBODY;
use crate::kit::values::{int, list, map, nothing, texts};
use model::{Map, Value};

pub(super) const HANDLERS: Handlers = &[
    ("domain.create", create),
    ("domain.delete", delete),
    ("domain.get", get),
    ("domain.list", list_domains),
    ("domain.list_dns_hosts", list_dns_hosts),
    ("domain.list_service_types", list_service_types),
    ("domain_record.create", create_record),
    ("domain_record.delete", delete_record),
    ("domain_record.edit", edit_record),
    ("domain_record.get", get_record),
    ("domain_record.list", list_records),
    ("domain_record.update_all", update_all),
];

/// The provider's name servers.
const HOSTS: &[(&str, &str)] = &[("dns1.vps.net", "198.51.100.4"), ("dns2.vps.net", "198.51.100.5")];
/// What failover records can monitor.
const WATCHED: &[&str] = &["icmp.ping", "tcp.connect", "http.get"];
/// The default TTL of a record, in seconds.
const TTL: i64 = 86_400;
/// The serial number of a new zone.
const FIRST_SERIAL: i64 = 2_011_080_100;

/// The domain of a new sandbox.
pub(super) fn seed(world: &mut World) {
    let id = world.add_domain("example.com");
    world.add_default_records(id, "192.0.2.10");
    world.records.add(
        id,
        map! { "ttl" => TTL, "type" => "mx", "host" => "@", "data" => "mail.example.com.", "mx_priority" => 10 },
    );
}

impl World {
    fn add_domain(&mut self, name: &str) -> i64 {
        let now = self.clock.iso();
        let serial = FIRST_SERIAL.to_string();
        let fields = map! { "name" => name, "serial" => serial, "created_at" => now.clone(), "updated_at" => now };
        int(&self.domains.add(NOBODY, fields), "id")
    }

    fn add_default_records(&mut self, domain: i64, address: &str) {
        for (host, _) in HOSTS {
            self.records
                .add(domain, map! { "ttl" => TTL, "type" => "ns", "host" => "@", "data" => format!("{host}.") });
        }
        self.records.add(domain, map! { "ttl" => TTL, "type" => "a", "host" => "@", "data" => address });
    }

    /// Records a change to a zone.
    fn touch(&mut self, domain: i64) {
        let now = self.clock.iso();
        if let Some(domain) = self.domains.find_mut(NOBODY, domain) {
            let serial = domain.get("serial").and_then(Value::as_str).and_then(|serial| serial.parse().ok());
            domain.insert("serial", serial.unwrap_or(FIRST_SERIAL).saturating_add(1).to_string());
            domain.insert("updated_at", now);
        }
    }
}

fn list_domains(world: &mut World, _: &Args) -> Reply {
    Ok(list(world.domains.of(NOBODY).cloned().map(|mut domain| {
        domain.remove("serial");
        domain
    })))
}

fn get(world: &mut World, args: &Args) -> Reply {
    Ok(world.domains.find(NOBODY, args.id()).ok_or(Refusal::Missing)?.clone().into())
}

/// An existing domain is not created again, which the service reports with a bare `false`.
fn create(world: &mut World, args: &Args) -> Reply {
    let name = args.text("name");
    if world.domains.of(NOBODY).any(|domain| domain.get("name") == Some(&name.into())) {
        return Ok(false.into());
    }
    let template: Option<i64> = match args.text("custom_template") {
        "" => None,
        id => Some(id.parse().map_err(|_| Refusal::invalid("custom_template", "is not a number"))?),
    };
    if template.is_some_and(|id| world.dns_templates.find(NOBODY, id).is_none()) {
        return Err(Refusal::invalid("custom_template", "does not exist"));
    }
    let id = world.add_domain(name);
    match template {
        Some(template) => {
            for record in world.filled(template, name, args.text("ip_address")) {
                world.records.add(id, record);
            }
        }
        None => world.add_default_records(id, args.text("ip_address")),
    }
    Ok(world.domains.find(NOBODY, id).cloned().unwrap_or_default().into())
}

fn delete(world: &mut World, args: &Args) -> Reply {
    world.domains.take(NOBODY, args.id()).ok_or(Refusal::Missing)?;
    world.records.clear(args.id());
    Ok(nothing())
}

fn list_dns_hosts(_: &mut World, _: &Args) -> Reply {
    Ok(list(HOSTS.iter().map(|(host, ip)| map! { "host" => *host, "ip" => *ip })))
}

fn list_service_types(_: &mut World, _: &Args) -> Reply {
    Ok(texts(WATCHED))
}

/// The id of the domain that a call is about.
fn domain(world: &World, args: &Args) -> Result<i64, Refusal> {
    let id = args.int("domain_id").unwrap_or_default();
    world.domains.find(NOBODY, id).map(|_| id).ok_or(Refusal::Missing)
}

fn list_records(world: &mut World, args: &Args) -> Reply {
    let domain = domain(world, args)?;
    Ok(world.records.list(domain))
}

fn get_record(world: &mut World, args: &Args) -> Reply {
    let domain = domain(world, args)?;
    Ok(world.records.find(domain, args.id()).ok_or(Refusal::Missing)?.clone().into())
}

fn create_record(world: &mut World, args: &Args) -> Reply {
    let domain = domain(world, args)?;
    let record = record(args)?;
    world.records.add(domain, record);
    world.touch(domain);
    Ok(nothing())
}

/// A record in the form of lists. Every type requires its own fields.
fn record(args: &Args) -> Result<Map, Refusal> {
    let kind = args.text("type");
    let wanted: &[&str] = match kind {
        "mx" => &["ttl", "mx_priority"],
        "srv" => &["ttl", "service", "protocol", "priority", "weight", "port"],
        "failover" => &["primary_data", "service_type"],
        _ => &["ttl"],
    };
    if let Some(absent) = wanted.iter().find(|name| args.get(name).is_none()) {
        return Err(Refusal::invalid(absent, "can't be blank"));
    }
    let data = args.get("data").cloned().unwrap_or_default();
    let (host, data) = match kind {
        "srv" => {
            let [service, protocol] = ["service", "protocol"].map(|name| args.text(name));
            let [priority, weight, port] = ["priority", "weight", "port"].map(|name| args.text(name));
            let host = format!("_{}.{protocol}.{}", service.trim_start_matches('_'), args.text("host"));
            (host, format!("{priority} {weight} {port} {}", data.plain()).into())
        }
        "failover" => {
            let others = data.as_list().ok_or_else(|| Refusal::invalid("data", "is not a list"))?;
            let all = std::iter::once(args.text("primary_data").into()).chain(others.iter().cloned());
            (args.text("host").to_owned(), Value::List(all.collect()))
        }
        _ if data.as_str().is_none_or(str::is_empty) => return Err(Refusal::invalid("data", "can't be blank")),
        _ => (args.text("host").to_owned(), data),
    };
    let mut record = map! { "ttl" => args.int("ttl").unwrap_or(300), "type" => kind, "host" => host, "data" => data };
    if let Some(priority) = args.int("mx_priority") {
        record.insert("mx_priority", priority);
    }
    Ok(record)
}

fn edit_record(world: &mut World, args: &Args) -> Reply {
    let domain = domain(world, args)?;
    let record = world.records.find_mut(domain, args.id()).ok_or(Refusal::Missing)?;
    for name in ["ttl", "data"] {
        if let Some(value) = args.get(name) {
            record.insert(name, value.clone());
        }
    }
    world.touch(domain);
    Ok(nothing())
}

fn delete_record(world: &mut World, args: &Args) -> Reply {
    let domain = domain(world, args)?;
    world.records.take(domain, args.id()).ok_or(Refusal::Missing)?;
    world.touch(domain);
    Ok(nothing())
}

/// Nothing is replaced unless every record is valid.
fn update_all(world: &mut World, args: &Args) -> Reply {
    let domain = domain(world, args)?;
    let mut records = Vec::new();
    for entry in args.maps("domain_records") {
        let mut record = entry.get("domain_record").and_then(Value::as_map).cloned().unwrap_or_default();
        let absent = ["type", "host", "data"].into_iter().find(|name| record.get(name).is_none());
        if let Some(absent) = absent {
            return Err(Refusal::Records(format!("{absent} can't be blank")));
        }
        let ttl = record.remove("ttl").unwrap_or(Value::Int(TTL));
        record.insert("ttl", ttl);
        records.push(record);
    }
    let count = records.len();
    world.records.clear(domain);
    for record in records {
        world.records.add(domain, record);
    }
    world.touch(domain);
    Ok(map! { "message" => format!("{count} records were updated") }.into())
}

#[cfg(test)]
mod tests {
    use super::super::testing::Client;
    use super::*;
    use crate::kit::values::merge;

    fn hosts(client: &mut Client, domain: i64) -> Vec<String> {
        let records = client.get("domain_record.list", map! { "domain_id" => domain });
        records
            .as_list()
            .unwrap()
            .iter()
            .map(|it| format!("{} {}", it.get("type").unwrap().plain(), it.get("data").unwrap().plain()))
            .collect()
    }

    #[test]
    fn domains_are_created_and_deleted() {
        let mut client = Client::new();
        let new = |name: &str, template: &str| map! { "name" => name, "custom_template" => template, "ip_address" => "192.0.2.7" };
        assert_eq!(client.call("domain.create", new("example.com", "")), Ok(false.into()));
        for (name, template, status) in [("example.org", "99", 422), ("example.org", "x", 422), ("not a name", "", 422)]
        {
            assert_eq!(client.status("domain.create", new(name, template)), status, "{name} {template}");
        }
        let plain = client.get("domain.create", new("example.org", ""));
        assert_eq!(plain.get("id"), Some(&Value::Int(52)));
        assert_eq!(hosts(&mut client, 52), ["ns dns1.vps.net.", "ns dns2.vps.net.", "a 192.0.2.7"]);
        client.get("domain.create", new("example.net", "55"));
        assert_eq!(hosts(&mut client, 53), ["a 192.0.2.7", "mx mail.example.net."]);
        assert_eq!([200, 404].map(|_| client.status("domain.delete", map! { "id" => 52 })), [200, 404]);
        assert_eq!(client.status("domain_record.list", map! { "domain_id" => 52 }), 404);
    }

    #[test]
    fn every_type_of_record_requires_its_fields() {
        let srv =
            || map! { "service" => "sip", "protocol" => "_tcp", "priority" => "1", "weight" => "2", "port" => "5060" };
        for (kind, changes, status) in [
            ("a", map! {}, 200),
            ("a", map! { "ttl" => Value::Null }, 422),
            ("a", map! { "ttl" => 5 }, 422),
            ("a", map! { "data" => "" }, 422),
            ("x", map! {}, 422),
            ("mx", map! {}, 422),
            ("mx", map! { "mx_priority" => 10 }, 200),
            ("srv", map! { "service" => "sip" }, 422),
            ("srv", srv(), 200),
            ("failover", map! { "primary_data" => "192.0.2.1", "service_type" => "icmp.ping" }, 422),
            (
                "failover",
                map! { "primary_data" => "192.0.2.1", "service_type" => "icmp.ping", "data" => texts(["192.0.2.2"]) },
                200,
            ),
        ] {
            let mut args =
                map! { "domain_id" => 51, "type" => kind, "host" => "www", "data" => "192.0.2.1", "ttl" => 900 };
            merge(&mut args, changes.clone());
            assert_eq!(Client::new().status("domain_record.create", args), status, "{kind} {changes:?}");
        }
    }

    #[test]
    fn records_change_and_the_serial_rises() {
        let mut client = Client::new();
        let serial = |client: &mut Client| client.get("domain.get", map! { "id" => 51 }).get("serial").unwrap().plain();
        let (first, id) = (serial(&mut client), || map! { "domain_id" => 51, "id" => 2_315_960 });
        let mut edit = id();
        edit.insert("data", "192.0.2.99");
        client.get("domain_record.edit", edit);
        let record = client.get("domain_record.get", id());
        assert_eq!((record.get("data"), record.get("ttl")), (Some(&"192.0.2.99".into()), Some(&TTL.into())));
        assert_eq!([200, 404].map(|_| client.status("domain_record.delete", id())), [200, 404]);
        let record =
            |host: &str| map! { "domain_record" => map! { "type" => "a", "host" => host, "data" => "192.0.2.1" } };
        let all = |records: Vec<Map>| map! { "domain_id" => 51, "domain_records" => list(records) };
        let replaced = client.get("domain_record.update_all", all(vec![record("@"), record("www")]));
        assert_eq!(replaced, map! { "message" => "2 records were updated" }.into());
        assert_eq!(hosts(&mut client, 51), ["a 192.0.2.1", "a 192.0.2.1"]);
        assert_eq!(client.status("domain_record.update_all", all(vec![map! {}])), 422);
        assert!(serial(&mut client) > first);
        assert_eq!(hosts(&mut client, 51).len(), 2);
    }
}

//! dns.*: zones, whose records are replaced as a whole.

use super::handler::{Args, Handlers, Reply};
use super::refusal::Refusal;
use super::world::World;
use crate::kit::table::NOBODY;
use crate::kit::values::{int, list, map, merge, nothing, text, texts};
use model::{Map, Value};

pub(super) const HANDLERS: Handlers = &[
    ("dns.add-primary", add_primary),
    ("dns.add-secoundary", add_secondary),
    ("dns.delete", delete),
    ("dns.details-primary", |world, args| details(world, args, "primary")),
    ("dns.details-secoundary", |world, args| details(world, args, "secoundary")),
    ("dns.edit-primary-records", edit_records),
    ("dns.list", list_zones),
];

/// The name servers of primary zones.
const SERVERS: &[&str] = &["ns1.artnet.pl", "ns2.artnet.pl"];
/// The serial number of a new zone.
const FIRST_SERIAL: i64 = 2_016_121_401;
/// A domain that cannot be added.
const FORBIDDEN: &str = "artnet.pl";

/// A zone of each type.
pub(super) fn seed(world: &mut World) {
    let id = int(&world.add_primary("example.com"), "id");
    let record =
        |name: &str, kind: &str, data: &str| map! { "name" => name, "ttl" => 3600, "type" => kind, "data1" => data };
    let mut mail = record("@", "MX", "10");
    mail.insert("data2", "mail.example.com.");
    if let Some(zone) = world.zones.find_mut(NOBODY, id) {
        zone.insert("records", list([record("@", "A", "192.0.2.10"), record("www", "CNAME", "@"), mail]));
    }
    world.zones.add(NOBODY, secondary("example.org", "ns1.example.org"));
}

fn secondary(domain: &str, master: &str) -> Map {
    map! { "domain" => domain, "type" => "secoundary", "master_nameserver" => master }
}

impl World {
    fn add_primary(&mut self, domain: &str) -> Map {
        let mut zone = map! { "domain" => domain, "type" => "primary" };
        merge(&mut zone, map! { "nameservers" => texts(SERVERS), "serial" => FIRST_SERIAL, "records" => list([]) });
        self.zones.add(NOBODY, zone)
    }

    /// Refuses domains that exist already or are not allowed.
    fn can_add(&self, domain: &str) -> Result<(), Refusal> {
        if domain.ends_with(FORBIDDEN) {
            return Err(Refusal::of("domain-not-allowed"));
        }
        match self.zones.of(NOBODY).any(|zone| text(zone, "domain") == domain) {
            true => Err(Refusal::of("domain-already-exists")),
            false => Ok(()),
        }
    }
}

fn list_zones(world: &mut World, _: &Args) -> Reply {
    Ok(list(world.zones.of(NOBODY).map(|zone| {
        let kept = ["id", "domain", "type", "master_nameserver"];
        zone.iter().filter(|(key, _)| kept.contains(key)).map(|(key, value)| (key, value.clone())).collect()
    })))
}

fn details(world: &mut World, args: &Args, kind: &str) -> Reply {
    let zone = world.zones.find(NOBODY, args.int("zone_id").unwrap_or_default());
    let zone = zone.ok_or(Refusal::of("invalid-zone-id"))?;
    if text(zone, "type") == kind { Ok(zone.clone().into()) } else { Err(Refusal::of("invalid-zone-type")) }
}

fn delete(world: &mut World, args: &Args) -> Reply {
    let id = args.int("zone_id").unwrap_or_default();
    world.zones.take(NOBODY, id).ok_or(Refusal::of("invalid-zone-id"))?;
    Ok(nothing())
}

fn add_primary(world: &mut World, args: &Args) -> Reply {
    world.can_add(args.text("domain"))?;
    let mut zone = world.add_primary(args.text("domain"));
    for name in ["nameservers", "serial", "records"] {
        zone.remove(name);
    }
    Ok(zone.into())
}

fn add_secondary(world: &mut World, args: &Args) -> Reply {
    world.can_add(args.text("domain"))?;
    let master = args.text("master_nameserver");
    if !master.contains(['.', ':']) || master.ends_with(".invalid") {
        return Err(Refusal::of("unresolveable-master-nameserver"));
    }
    Ok(world.zones.add(NOBODY, secondary(args.text("domain"), master)).into())
}

fn edit_records(world: &mut World, args: &Args) -> Reply {
    let zone = world.zones.find_mut(NOBODY, args.int("zone_id").unwrap_or_default());
    let zone = zone.ok_or(Refusal::of("invalid-zone-id"))?;
    if text(zone, "type") != "primary" {
        return Err(Refusal::of("invalid-zone-type"));
    }
    let serial = int(zone, "serial");
    if args.text("serial") != serial.to_string() {
        return Err(Refusal::of("incorrect-soa-serial"));
    }
    let records: Vec<Map> = args.maps("records").cloned().collect();
    if !records.iter().all(is_sound) {
        return Err(Refusal::of("incorrect-param-value"));
    }
    zone.insert("records", list(records));
    zone.insert("serial", serial + 1);
    Ok(nothing())
}

/// Whether a record has everything that its type requires.
fn is_sound(record: &Map) -> bool {
    let parts: &[&str] = match text(record, "type") {
        "MX" => &["data1", "data2"],
        "SRV" => &["data1", "data2", "data3", "data4"],
        _ => &["data1"],
    };
    let address = |version: fn(&std::net::IpAddr) -> bool| text(record, "data1").parse().is_ok_and(|ip| version(&ip));
    let fits = match text(record, "type") {
        "A" => address(std::net::IpAddr::is_ipv4),
        "AAAA" => address(std::net::IpAddr::is_ipv6),
        _ => true,
    };
    let positive = record.get("ttl").and_then(Value::as_int).is_some_and(|ttl| ttl > 0);
    fits && positive && record.get("name").is_some() && parts.iter().all(|part| !text(record, part).is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::testing::Client;
    use super::*;

    fn record(kind: &str, data: &[&str]) -> Map {
        let mut record = map! { "name" => "www", "ttl" => 3600, "type" => kind };
        for (number, data) in (1..).zip(data) {
            record.insert(format!("data{number}"), *data);
        }
        record
    }

    #[test]
    fn zones_are_created_and_deleted() {
        let mut client = Client::new();
        let secondary = |domain: &str, master: &str| map! { "domain" => domain, "master_nameserver" => master };
        for (method, args, code) in [
            ("dns.add-primary", map! { "domain" => "example.com" }, "domain-already-exists"),
            ("dns.add-primary", map! { "domain" => "www.artnet.pl" }, "domain-not-allowed"),
            ("dns.add-primary", map! { "domain" => "no domain" }, "incorrect-param-value"),
            ("dns.add-primary", map! { "domain" => "example.net" }, ""),
            ("dns.add-secoundary", secondary("a.example", "nowhere.invalid"), "unresolveable-master-nameserver"),
            ("dns.add-secoundary", secondary("a.example", "192.0.2.1"), ""),
            ("dns.details-primary", map! { "zone_id" => 790 }, "invalid-zone-type"),
            ("dns.details-secoundary", map! { "zone_id" => 790 }, ""),
            ("dns.details-secoundary", map! { "zone_id" => 1 }, "invalid-zone-id"),
            ("dns.delete", map! { "zone_id" => 791 }, ""),
            ("dns.delete", map! { "zone_id" => 791 }, "invalid-zone-id"),
        ] {
            assert_eq!(client.code(method, args.clone()), code, "{method} {args:?}");
        }
        assert_eq!(client.get("dns.list", map! {}).as_list().unwrap().len(), 3);
    }

    #[test]
    fn replacing_records_needs_the_serial() {
        let mut client = Client::new();
        let edit = |id: i64, serial: i64, records: Vec<Map>| {
            map! { "zone_id" => id, "serial" => serial.to_string(), "records" => list(records) }
        };
        for (args, code) in [
            (edit(1, FIRST_SERIAL, vec![]), "invalid-zone-id"),
            (edit(790, FIRST_SERIAL, vec![]), "invalid-zone-type"),
            (edit(789, FIRST_SERIAL - 1, vec![]), "incorrect-soa-serial"),
            (edit(789, FIRST_SERIAL, vec![record("A", &["example"])]), "incorrect-param-value"),
            (edit(789, FIRST_SERIAL, vec![record("MX", &["10"])]), "incorrect-param-value"),
            (edit(789, FIRST_SERIAL, vec![record("PTR", &["a."])]), "incorrect-param-value"),
            (
                edit(789, FIRST_SERIAL, vec![record("AAAA", &["2001:db8::1"]), record("SRV", &["1", "2", "3", "a."])]),
                "",
            ),
            (edit(789, FIRST_SERIAL, vec![]), "incorrect-soa-serial"),
            (edit(789, FIRST_SERIAL + 1, vec![record("TXT", &["hello"])]), ""),
        ] {
            assert_eq!(client.code("dns.edit-primary-records", args.clone()), code, "{args:?}");
        }
        let zone = client.get("dns.details-primary", map! { "zone_id" => 789 });
        assert_eq!(zone.get("records"), Some(&list([record("TXT", &["hello"])])));
        assert_eq!(zone.get("serial"), Some(&Value::Int(FIRST_SERIAL + 2)));
    }
}

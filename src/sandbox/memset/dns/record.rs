//! dns.zone_record_*: the records of zones.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::super::fault::Fault;
use super::super::handler::Reply;
use super::super::state::zones::blank_record;
use super::super::table::{int, overlay, text};
use super::super::world::World;
use crate::kit::args::Args;
use crate::kit::values::list;
use model::Map;

/// The longest name and address, in characters.
const LONGEST: usize = 250;

/// The record, if its parts are valid and go together. Records in a zone have only been checked for their types.
pub(super) fn checked(record: Map) -> Result<Map, Fault> {
    let (kind, name, address) = (text(&record, "type"), text(&record, "record"), text(&record, "address"));
    let printable = address.len() <= LONGEST && address.bytes().all(|b| (b' '..=b'~').contains(&b));
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-_.*@".contains(c);
    let of_kind = match kind {
        "A" => address.parse::<Ipv4Addr>().is_ok(),
        "AAAA" => address.parse::<Ipv6Addr>().is_ok(),
        _ => true,
    };
    for (param, fits, complaint) in [
        ("type", !kind.is_empty(), "This field is required."),
        ("record", name.len() <= LONGEST && name.chars().all(is_name), "Enter a valid record name."),
        ("address", !address.is_empty(), "This field is required."),
        ("address", printable, "Enter at most 250 printable ASCII characters."),
        ("address", of_kind, "Enter an address of the kind that the record type needs."),
        ("priority", (0..=999).contains(&int(&record, "priority")), "Enter a number from 0 to 999."),
    ] {
        if !fits {
            return Err(Fault::parameter(param, complaint));
        }
    }
    Ok(record)
}

pub(super) fn create(world: &mut World, args: &Args) -> Reply {
    let zone = args.text("zone_id");
    world.dns.zones.find(zone)?;
    let record = overlay(blank_record(&world.random.id(), zone), args.iter());
    world.dns.records.add(checked(record)?)
}

pub(super) fn delete(world: &mut World, args: &Args) -> Reply {
    Ok(world.dns.records.take(args.text("id"))?.into())
}

pub(super) fn info(world: &mut World, args: &Args) -> Reply {
    Ok(world.dns.records.find(args.text("id"))?.clone().into())
}

pub(super) fn list_records(world: &mut World, _: &Args) -> Reply {
    Ok(list(world.dns.records.iter().cloned()))
}

pub(super) fn update(world: &mut World, args: &Args) -> Reply {
    let record = overlay(world.dns.records.find(args.text("id"))?.clone(), args.iter());
    world.dns.zones.find(text(&record, "zone_id"))?;
    Ok(world.dns.records.put(checked(record)?))
}

#[cfg(test)]
mod tests {
    use super::super::super::table::EXAMPLE_ID;
    use super::super::super::testing::Account;
    use crate::kit::values::map;

    #[test]
    fn records_are_checked() {
        let record = |kind: &str, name: &str, address: &str| {
            map! { "zone_id" => EXAMPLE_ID, "type" => kind, "record" => name, "address" => address }
        };
        for (args, code) in [
            (record("A", "www", "192.0.2.9"), 0),
            (record("A", "", "192.0.2.9"), 0),
            (record("A", "*.www", "192.0.2.9"), 0),
            (record("AAAA", "www", "2001:db8::9"), 0),
            (record("TXT", "_dmarc", "v=DMARC1; p=none"), 0),
            (record("A", "www", "2001:db8::9"), 7),
            (record("AAAA", "www", "192.0.2.9"), 7),
            (record("A", "www", "1.2.3.256"), 7),
            (record("A", "w w", "192.0.2.9"), 7),
            (record("PTR", "www", "192.0.2.9"), 7),
            (record("TXT", "www", "grün"), 7),
            (record("TXT", "www", &"x".repeat(251)), 7),
            (map! { "zone_id" => "0".repeat(32), "type" => "A", "address" => "192.0.2.9" }, 3),
            (map! { "zone_id" => EXAMPLE_ID, "type" => "MX", "address" => "mail", "priority" => 1000 }, 7),
        ] {
            assert_eq!(Account::new().code("dns.zone_record_create", args.clone()), code, "{args:?}");
        }
    }

    #[test]
    fn a_record_is_changed_moved_and_deleted() {
        let mut account = Account::new();
        let parked = account.get("dns.zone_domain_info", map! { "domain" => "example.net" });
        let parked = parked.get("zone_id").cloned().unwrap();
        let before = account.get("dns.zone_record_info", map! { "id" => EXAMPLE_ID });
        let args = map! { "id" => EXAMPLE_ID, "zone_id" => parked.clone(), "ttl" => 600 };
        let after = account.get("dns.zone_record_update", args);
        assert_eq!(after.get("address"), before.get("address"));
        assert_eq!((after.get("zone_id"), after.get("ttl")), (Some(&parked), Some(&600.into())));
        let zone = account.get("dns.zone_info", map! { "id" => parked });
        assert_eq!(zone.get("records").unwrap().as_list(), Some(&[after.clone()][..]));
        assert_eq!(account.get("dns.zone_record_delete", map! { "id" => EXAMPLE_ID }), after);
        for (method, args, code) in [
            ("dns.zone_record_delete", map! { "id" => EXAMPLE_ID }, 3),
            ("dns.zone_record_info", map! { "id" => EXAMPLE_ID }, 3),
            ("dns.zone_record_update", map! { "id" => EXAMPLE_ID, "ttl" => 0 }, 3),
            ("dns.zone_record_info", map! { "id" => "0123" }, 7),
        ] {
            assert_eq!(account.code(method, args.clone()), code, "{method} {args:?}");
        }
    }

    #[test]
    fn a_refused_change_changes_nothing() {
        let mut account = Account::new();
        let before = account.get("dns.zone_record_info", map! { "id" => EXAMPLE_ID });
        for (args, code) in [
            (map! { "id" => EXAMPLE_ID, "ttl" => 600, "type" => "AAAA" }, 7),
            (map! { "id" => EXAMPLE_ID, "ttl" => 600, "zone_id" => "0".repeat(32) }, 3),
        ] {
            assert_eq!(account.code("dns.zone_record_update", args.clone()), code, "{args:?}");
        }
        assert_eq!(account.get("dns.zone_record_info", map! { "id" => EXAMPLE_ID }), before);
    }
}

//! Zones with their records and domains.

use super::super::table::{EXAMPLE_ID, Table, overlay};
use crate::kit::random::Random;
use crate::kit::values::map;
use model::Map;

/// A record with only its id and zone.
pub(crate) fn blank_record(id: &str, zone: &str) -> Map {
    map! {
        "id" => id,
        "zone_id" => zone,
        "type" => "",
        "record" => "",
        "address" => "",
        "ttl" => 0,
        "priority" => 0,
        "relative" => false,
    }
}

/// The zones of the account.
#[derive(Clone, Debug)]
pub(crate) struct Dns {
    pub(crate) zones: Table,
    pub(crate) records: Table,
    pub(crate) domains: Table,
}

impl Default for Dns {
    fn default() -> Dns {
        Dns {
            zones: Table::new("zone", "id"),
            records: Table::new("zone record", "id"),
            domains: Table::new("zone domain", "domain"),
        }
    }
}

impl Dns {
    /// The zones of a new sandbox.
    pub(crate) fn seed() -> Dns {
        let mut random = Random::of("dns");
        let parked = random.id();
        let records = [
            ("A", "www", "192.0.2.1", 0),
            ("A", "", "192.0.2.1", 0),
            ("AAAA", "www", "2001:db8::1", 0),
            ("CNAME", "ftp", "www", 0),
            ("MX", "", "mail.example.com", 10),
            ("A", "mail", "192.0.2.2", 0),
            ("TXT", "", "v=spf1 mx -all", 0),
        ];
        let record = |(at, (kind, name, address, priority)): (usize, (&str, &str, &str, i64))| {
            let id = if at == 0 { EXAMPLE_ID.to_owned() } else { random.id() };
            let row = blank_record(&id, EXAMPLE_ID);
            let given = map! { "type" => kind, "record" => name, "address" => address, "priority" => priority };
            overlay(row, given.iter())
        };
        let in_zone = |zone: &str, domain: &str| map! { "domain" => domain, "zone_id" => zone };
        let empty = Dns::default();
        Dns {
            records: empty.records.with(records.into_iter().enumerate().map(record)),
            zones: empty.zones.with([
                map! { "id" => EXAMPLE_ID, "nickname" => "my-zone", "ttl" => 3600 },
                map! { "id" => parked.as_str(), "nickname" => "parked", "ttl" => 0 },
            ]),
            domains: empty.domains.with([
                in_zone(EXAMPLE_ID, "example.com"),
                in_zone(&parked, "example.net"),
                in_zone(&parked, "example.org"),
                map! { "domain" => "spare.example" },
            ]),
        }
    }
}

//! dns.*: zones with their records and domains, and what addresses map back to.

mod domain;
mod record;
mod reverse;
mod zone;

use super::args::Args;
use super::jobs::Job;
use super::random::Random;
use super::table::{EXAMPLE_ID, Table, overlay};
use super::values::map;
use super::{Handlers, Reply, World};

pub(super) const HANDLERS: Handlers = &[
    ("dns.reload", reload),
    ("dns.reverse_map_list", reverse::list_maps),
    ("dns.reverse_map_update", reverse::update),
    ("dns.zone_create", zone::create),
    ("dns.zone_delete", zone::delete),
    ("dns.zone_domain_create", domain::create),
    ("dns.zone_domain_delete", domain::delete),
    ("dns.zone_domain_info", domain::info),
    ("dns.zone_domain_list", domain::list_domains),
    ("dns.zone_domain_update", domain::update),
    ("dns.zone_info", zone::info),
    ("dns.zone_list", zone::list_zones),
    ("dns.zone_record_create", record::create),
    ("dns.zone_record_delete", record::delete),
    ("dns.zone_record_info", record::info),
    ("dns.zone_record_list", record::list_records),
    ("dns.zone_record_update", record::update),
    ("dns.zone_update", zone::update),
];

/// The zones of the account.
#[derive(Clone, Debug)]
pub(crate) struct Dns {
    zones: Table,
    records: Table,
    domains: Table,
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
            let row = record::blank(&id, EXAMPLE_ID);
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

/// What has changed is served at once here; the job is there to be waited for.
fn reload(world: &mut World, _: &Args) -> Reply {
    world.start(Job::new("dns", "the name servers"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::Account;
    use super::*;

    #[test]
    fn reloads_can_be_waited_for() {
        let mut account = Account::new();
        let job = account.get("dns.reload", map! {});
        assert_eq!(account.code("dns.reload", map! {}), 0);
        account.wait();
        let done = account.get("job.status", map! { "id" => job.get("id").cloned().unwrap() });
        assert_eq!((done.get("type"), done.get("finished")), (Some(&"dns".into()), Some(&true.into())));
    }
}

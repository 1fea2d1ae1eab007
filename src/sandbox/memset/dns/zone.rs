//! dns.zone_*: zones as a whole.

use super::super::fault::{Code, Fault};
use super::super::handler::Reply;
use super::super::state::zones;
use super::super::state::zones::Dns;
use super::super::table::{overlay, text};
use super::super::world::World;
use super::{domain, record};
use crate::kit::args::Args;
use crate::kit::values::{list, map};
use model::Map;

/// The most zones of an account.
const QUOTA: usize = 20;

impl Dns {
    /// A zone in the form of answers: with its records and domains.
    fn show(&self, zone: &Map) -> Map {
        let id = text(zone, "id");
        let mut shown = zone.clone();
        shown.insert("records", list(self.records.having("zone_id", id).cloned()));
        shown.insert("domains", list(self.domains.having("zone_id", id).cloned()));
        shown
    }
}

/// Creates everything or nothing.
pub(super) fn create(world: &mut World, args: &Args) -> Reply {
    let mut dns = world.dns.clone();
    if dns.zones.len() >= QUOTA {
        return Err(Fault::new(Code::Overquota, format!("An account may have {QUOTA} zones")));
    }
    let id = world.random.id();
    let zone = overlay(map! { "id" => id.as_str(), "nickname" => "", "ttl" => 0 }, args.iter());
    dns.zones.add(zone.clone())?;
    for given in args.maps("records") {
        let blank = zones::blank_record(&world.random.id(), &id);
        dns.records.add(record::checked(overlay(blank, given.iter()))?)?;
    }
    for given in args.maps("domains") {
        dns.domains.add(domain::checked(text(given, "domain"), Some(&id))?)?;
    }
    world.dns = dns;
    Ok(world.dns.show(&zone).into())
}

pub(super) fn delete(world: &mut World, args: &Args) -> Reply {
    let id = args.text("id");
    let shown = world.dns.show(world.dns.zones.find(id)?);
    world.dns.zones.take(id)?;
    world.dns.records.drop_having("zone_id", id);
    world.dns.domains.drop_having("zone_id", id);
    Ok(shown.into())
}

pub(super) fn info(world: &mut World, args: &Args) -> Reply {
    Ok(world.dns.show(world.dns.zones.find(args.text("id"))?).into())
}

pub(super) fn list_zones(world: &mut World, _: &Args) -> Reply {
    Ok(list(world.dns.zones.iter().map(|zone| world.dns.show(zone))))
}

pub(super) fn update(world: &mut World, args: &Args) -> Reply {
    let zone = overlay(world.dns.zones.find(args.text("id"))?.clone(), args.iter());
    world.dns.zones.put(zone.clone());
    Ok(world.dns.show(&zone).into())
}

#[cfg(test)]
mod tests {
    use super::super::super::table::EXAMPLE_ID;
    use super::super::super::testing::Account;
    use super::*;
    use model::Value;

    fn record(name: &str, address: &str) -> Map {
        map! { "type" => "A", "record" => name, "address" => address }
    }

    fn with(records: Vec<Map>, domains: &[&str]) -> Map {
        let domains = domains.iter().map(|domain| map! { "domain" => *domain });
        map! { "nickname" => "shop", "ttl" => 300, "records" => list(records), "domains" => list(domains) }
    }

    fn names(account: &mut Account, method: &str, key: &str) -> Vec<Value> {
        let all = account.get(method, map! {});
        all.as_list().unwrap().iter().filter_map(|one| one.get(key)).cloned().collect()
    }

    #[test]
    fn a_zone_is_created_whole_listed_and_deleted_whole() {
        let mut account = Account::new();
        let zone = account.get("dns.zone_create", with(vec![record("www", "192.0.2.9")], &["shop.example"]));
        assert_eq!(zone.get("records").unwrap().as_list().unwrap()[0].get("zone_id"), zone.get("id"));
        assert_eq!(account.get("dns.zone_list", map! {}).as_list().unwrap().last(), Some(&zone));
        assert!(names(&mut account, "dns.zone_domain_list", "domain").contains(&"shop.example".into()));
        let id = zone.get("id").cloned().unwrap();
        assert_eq!(account.get("dns.zone_delete", map! { "id" => id.clone() }), zone);
        assert_eq!(account.code("dns.zone_info", map! { "id" => id.clone() }), 3);
        assert!(!names(&mut account, "dns.zone_domain_list", "domain").contains(&"shop.example".into()));
        assert!(!names(&mut account, "dns.zone_record_list", "zone_id").contains(&id));
    }

    #[test]
    fn a_refused_zone_leaves_nothing_in_the_account() {
        let mut account = Account::new();
        let good = || vec![record("www", "192.0.2.9")];
        for (args, code) in [
            (with(good(), &["new.example", "example.com"]), 8),
            (with(good(), &["new.example", "new.example"]), 8),
            (with(good(), &["exa mple"]), 7),
            (with(vec![record("www", "www")], &[]), 7),
            (with(vec![map! { "record" => "www", "address" => "192.0.2.9" }], &[]), 7),
            (with(vec![map! { "type" => "TXT" }], &[]), 7),
            (with(vec![map! { "zone_id" => EXAMPLE_ID }], &[]), 7),
            (map! { "nickname" => "shop", "ttl" => 301 }, 7),
            (map! {}, 7),
        ] {
            assert_eq!(account.code("dns.zone_create", args.clone()), code, "{args:?}");
        }
        assert_eq!(names(&mut account, "dns.zone_list", "nickname"), ["my-zone".into(), "parked".into()]);
        assert_eq!(names(&mut account, "dns.zone_domain_list", "domain").len(), 4);
    }

    #[test]
    fn zones_are_limited() {
        let mut account = Account::new();
        let codes: Vec<i64> = (2..=QUOTA).map(|_| account.code("dns.zone_create", with(vec![], &[]))).collect();
        assert_eq!((codes.iter().sum::<i64>(), codes.last()), (13, Some(&13)));
    }

    #[test]
    fn only_what_is_given_changes() {
        let mut account = Account::new();
        let zone = account.get("dns.zone_update", map! { "id" => EXAMPLE_ID, "ttl" => 600 });
        assert_eq!((zone.get("nickname"), zone.get("ttl")), (Some(&"my-zone".into()), Some(&600.into())));
        assert_eq!(account.get("dns.zone_info", map! { "id" => EXAMPLE_ID }), zone);
        assert_eq!(account.code("dns.zone_update", map! { "id" => "0".repeat(32), "ttl" => 600 }), 3);
    }
}

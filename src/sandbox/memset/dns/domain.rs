//! dns.zone_domain_*: the domains of zones.

use super::super::fault::Fault;
use super::super::handler::Reply;
use super::super::world::World;
use crate::kit::args::Args;
use crate::kit::check::is_domain;
use crate::kit::values::{list, map};
use model::Map;

/// The domain, if its name is valid. Outside any zone it has no zone id.
pub(super) fn checked(domain: &str, zone: Option<&str>) -> Result<Map, Fault> {
    if !is_domain(domain) {
        return Err(Fault::parameter("domain", "Enter a valid domain name."));
    }
    let mut row = map! { "domain" => domain };
    if let Some(zone) = zone {
        row.insert("zone_id", zone);
    }
    Ok(row)
}

/// The domain of a call in the zone of the call, which must exist.
fn given(world: &World, args: &Args) -> Result<Map, Fault> {
    let zone = args.maybe_text("zone_id");
    if let Some(zone) = zone {
        world.dns.zones.find(zone)?;
    }
    checked(args.text("domain"), zone)
}

pub(super) fn create(world: &mut World, args: &Args) -> Reply {
    let row = given(world, args)?;
    world.dns.domains.add(row)
}

pub(super) fn delete(world: &mut World, args: &Args) -> Reply {
    Ok(world.dns.domains.take(args.text("domain"))?.into())
}

pub(super) fn info(world: &mut World, args: &Args) -> Reply {
    Ok(world.dns.domains.find(args.text("domain"))?.clone().into())
}

pub(super) fn list_domains(world: &mut World, _: &Args) -> Reply {
    Ok(list(world.dns.domains.iter().cloned()))
}

/// Without a zone the domain is removed from its zone.
pub(super) fn update(world: &mut World, args: &Args) -> Reply {
    world.dns.domains.find(args.text("domain"))?;
    let row = given(world, args)?;
    Ok(world.dns.domains.put(row))
}

#[cfg(test)]
mod tests {
    use super::super::super::table::EXAMPLE_ID;
    use super::super::super::testing::Account;
    use super::*;

    #[test]
    fn domains_are_created_moved_and_deleted() {
        let mut account = Account::new();
        let only = |domain: &str| map! { "domain" => domain };
        let within = |domain: &str, zone: &str| map! { "domain" => domain, "zone_id" => zone };
        let nowhere = "0".repeat(32);
        for (method, args, code) in [
            ("dns.zone_domain_create", only("new.example"), 0),
            ("dns.zone_domain_create", only("new.example"), 8),
            ("dns.zone_domain_create", within("other.example", EXAMPLE_ID), 0),
            ("dns.zone_domain_create", within("third.example", &nowhere), 3),
            ("dns.zone_domain_create", only("no domain"), 7),
            ("dns.zone_domain_update", within("new.example", EXAMPLE_ID), 0),
            ("dns.zone_domain_update", within("new.example", &nowhere), 3),
            ("dns.zone_domain_update", within("nosuch.example", EXAMPLE_ID), 3),
            ("dns.zone_domain_delete", only("other.example"), 0),
            ("dns.zone_domain_delete", only("other.example"), 3),
            ("dns.zone_domain_info", only("other.example"), 3),
        ] {
            assert_eq!(account.code(method, args.clone()), code, "{method} {args:?}");
        }
        let new = account.get("dns.zone_domain_info", only("new.example"));
        assert_eq!(new, within("new.example", EXAMPLE_ID).into());
        assert_eq!(account.get("dns.zone_domain_update", only("new.example")), only("new.example").into());
    }
}

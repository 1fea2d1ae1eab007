//! dns.*: zones with their records and domains, and the reverse maps of addresses.

mod domain;
mod record;
mod reverse;
mod zone;

use super::handler::{Handlers, Reply};
use super::world::{Job, World};
use crate::kit::args::Args;

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

/// Changes are served at once here; the job only exists to be waited for.
fn reload(world: &mut World, _: &Args) -> Reply {
    world.start(Job::new("dns", "the name servers"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::Account;
    use crate::kit::values::map;

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

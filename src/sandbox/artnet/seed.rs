//! The account of a new sandbox, assembled from its areas.

use std::collections::{BTreeMap, BTreeSet};

use super::world::World;
use super::{cloud, customer, dns, ip, ruleset, services, shelf, subclass, subnetwork};
use crate::Options;
use crate::kit::clock::Clock;
use crate::kit::random::Random;
use crate::kit::table::Table;
use crate::kit::tasks::Tasks;

/// The account of a new sandbox.
pub(super) fn account(options: &Options) -> World {
    let clock = Clock::starting(options.starts);
    let mut world = World {
        random: Random::of("artnet"),
        key: options.key.clone(),
        customer: customer::seed(),
        emails: customer::emails(&clock),
        services: Table::starting(12_345),
        details: BTreeMap::new(),
        off: BTreeSet::new(),
        ilo: BTreeMap::new(),
        blackholed: ip::blackholed(),
        zones: Table::starting(789),
        subnetworks: subnetwork::seed(),
        subclasses: subclass::seed(),
        rulesets: ruleset::seed(),
        offers: shelf::seed(),
        instances: Table::starting(678),
        passwords: BTreeMap::new(),
        tasks: Tasks::taking(options.job_time),
        clock,
    };
    services::seed(&mut world);
    dns::seed(&mut world);
    cloud::seed(&mut world);
    world
}

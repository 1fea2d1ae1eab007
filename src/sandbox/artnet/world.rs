//! The state of the account.

use std::collections::{BTreeMap, BTreeSet};

use super::{cloud, customer, dns, firewall, ip, offer, rev_dns, services};
use crate::Options;
use crate::kit::clock::Clock;
use crate::kit::random::Random;
use crate::kit::table::Table;
use crate::kit::tasks::Tasks;
use model::{Map, Value};

/// Everything the account has.
pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) key: String,
    pub(crate) customer: Map,
    pub(crate) emails: Vec<Map>,
    pub(crate) services: Table,
    /// What the details of each service say.
    pub(crate) details: BTreeMap<i64, Map>,
    /// The services without power.
    pub(crate) off: BTreeSet<i64>,
    /// Who may connect to the iLO of which service.
    pub(crate) ilo: BTreeMap<i64, String>,
    /// Blackholed addresses, and who set each.
    pub(crate) blackholed: Vec<(String, &'static str)>,
    pub(crate) zones: Table,
    pub(crate) subnetworks: Vec<rev_dns::Subnetwork>,
    pub(crate) subclasses: Vec<rev_dns::Subclass>,
    pub(crate) rulesets: Vec<firewall::Ruleset>,
    pub(crate) offers: Vec<offer::Offer>,
    pub(crate) instances: Table,
    /// The management passwords of the instances.
    pub(crate) passwords: BTreeMap<i64, String>,
    tasks: Tasks<World>,
}

impl World {
    /// An account as every new sandbox has it.
    pub(crate) fn seeded(options: &Options) -> World {
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
            subnetworks: rev_dns::subnetworks(),
            subclasses: rev_dns::seed(),
            rulesets: firewall::seed(),
            offers: offer::seed(),
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

    /// Lets something happen when a task has had its time.
    pub(crate) fn later(&mut self, effect: impl FnOnce(&mut World) + Send + 'static) {
        self.tasks.start(self.clock.now(), effect);
    }

    /// Lets the tasks whose time is up take effect, and reservations run out.
    pub(crate) fn settle(&mut self) {
        let now = self.clock.now();
        for effect in self.tasks.ended(now) {
            effect(self);
        }
        self.offers.iter_mut().for_each(|offer| offer.settle(now));
    }
}

/// The number under a key; 0 when there is none.
pub(crate) fn int(map: &Map, key: &str) -> i64 {
    map.get(key).and_then(Value::as_int).unwrap_or_default()
}

/// The text under a key; empty when there is none.
pub(crate) fn text<'m>(map: &'m Map, key: &str) -> &'m str {
    map.get(key).and_then(Value::as_str).unwrap_or_default()
}

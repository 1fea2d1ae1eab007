//! The state of the account.

use std::collections::{BTreeMap, BTreeSet};

use super::ruleset::Ruleset;
use super::shelf::Offer;
use super::subclass::Subclass;
use super::subnetwork::Subnetwork;
use crate::kit::clock::Clock;
use crate::kit::random::Random;
use crate::kit::table::Table;
use crate::kit::tasks::Tasks;
use model::Map;

/// The account's number, as in the example in the provider's document.
pub(super) const USER: &str = "19052";

/// The whole state of the account.
pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) key: String,
    pub(crate) customer: Map,
    pub(crate) emails: Vec<Map>,
    pub(crate) services: Table,
    /// The details of each service.
    pub(crate) details: BTreeMap<i64, Map>,
    /// The services that are switched off.
    pub(crate) off: BTreeSet<i64>,
    /// The address that may connect to the iLO of each service.
    pub(crate) ilo: BTreeMap<i64, String>,
    /// Blackholed addresses, and who set each.
    pub(crate) blackholed: Vec<(String, &'static str)>,
    pub(crate) zones: Table,
    pub(crate) subnetworks: Vec<Subnetwork>,
    pub(crate) subclasses: Vec<Subclass>,
    pub(crate) rulesets: Vec<Ruleset>,
    pub(crate) offers: Vec<Offer>,
    pub(crate) instances: Table,
    /// The management passwords of the instances.
    pub(crate) passwords: BTreeMap<i64, String>,
    pub(super) tasks: Tasks<World>,
}

impl World {
    /// Runs an effect when a task is finished.
    pub(crate) fn later(&mut self, effect: impl FnOnce(&mut World) + Send + 'static) {
        self.tasks.start(self.clock.now(), effect);
    }

    /// Applies the effects of finished tasks, and ends expired reservations.
    pub(crate) fn settle(&mut self) {
        let now = self.clock.now();
        for effect in self.tasks.ended(now) {
            effect(self);
        }
        self.offers.iter_mut().for_each(|offer| offer.settle(now));
    }
}

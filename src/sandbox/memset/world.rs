//! The state of one account.

use std::time::Duration;

use super::fault::{Code, Fault};
use super::state::balancers::Balancers;
use super::state::clusters::Clusters;
use super::state::firewall::Firewalling;
use super::state::invoices::Invoices;
use super::state::jobs::{self, Effect, Jobs};
use super::state::keys::Keys;
use super::state::memstores::Memstores;
use super::state::payment_methods::PaymentMethods;
use super::state::projects::OpenStack;
use super::state::servers::Servers;
use super::state::services::Services;
use super::state::shells::Shells;
use super::state::vlans::Vlans;
use super::state::zones::Dns;
use crate::kit::clock::Clock;
use crate::kit::random::Random;
use model::{Method, Value};

/// A long task on an account.
pub(crate) type Job = jobs::Job<World>;

/// The state of one account, area by area.
pub(crate) struct World {
    /// The time.
    pub(crate) clock: Clock,
    /// Where new ids come from.
    pub(crate) random: Random,
    /// Zones and reverse maps.
    pub(crate) dns: Dns,
    /// Firewall rules and their groups.
    pub(crate) firewalling: Firewalling,
    /// Long tasks.
    pub(crate) jobs: Jobs<World>,
    /// The keys to the account.
    pub(crate) keys: Keys,
    /// The accounts that a partner manages; `None` for any other account.
    pub(crate) partner: Option<Partner>,
    /// Whether this account is managed by a partner.
    pub(crate) managed: bool,
    /// The contents of storage services.
    pub(crate) memstores: Memstores,
    /// The hosts in each VLAN.
    pub(crate) vlans: Vlans,
    /// Load balancers.
    pub(crate) balancers: Balancers,
    /// Clusters.
    pub(crate) clusters: Clusters,
    /// Users of cloud projects.
    pub(crate) openstack: OpenStack,
    /// Shell access to servers.
    pub(crate) shells: Shells,
    /// The charges.
    pub(crate) invoices: Invoices,
    /// The payment methods.
    pub(crate) payment_methods: PaymentMethods,
    /// Servers among the services.
    pub(crate) servers: Servers,
    /// The services.
    pub(crate) services: Services,
}

impl World {
    /// An empty account.
    pub(crate) fn bare(name: &str, clock: Clock, job_time: Duration) -> World {
        World {
            clock,
            random: Random::of(name),
            dns: Dns::default(),
            firewalling: Firewalling::default(),
            jobs: Jobs::new(job_time),
            keys: Keys::default(),
            partner: None,
            managed: false,
            memstores: Memstores::default(),
            vlans: Vlans::default(),
            balancers: Balancers::default(),
            clusters: Clusters::default(),
            openstack: OpenStack::default(),
            shells: Shells::default(),
            invoices: Invoices::default(),
            payment_methods: PaymentMethods::default(),
            servers: Servers::default(),
            services: Services::default(),
        }
    }

    /// Applies the effects of the jobs that have ended since the last call.
    pub(crate) fn settle(&mut self) {
        let now = self.clock.now();
        let ended = self.jobs.all.iter_mut().filter(|job| job.has_ended(now) && !job.fails);
        let effects: Vec<Effect<World>> = ended.filter_map(|job| job.effect.take()).collect();
        for effect in effects {
            effect(self);
        }
    }

    /// The account that a key belongs to: this one, or one that it manages.
    pub(super) fn holding(&mut self, key: &str) -> Option<&mut World> {
        if self.keys.scopes(key).is_some() {
            return Some(self);
        }
        self.partner.as_mut()?.worlds().find(|world| world.keys.scopes(key).is_some())
    }

    /// Refuses a call that the key does not allow.
    pub(super) fn admits(&self, key: &str, method: &Method, values: &[Value]) -> Result<(), Fault> {
        let scopes = self.keys.scopes(key);
        if !scopes.is_some_and(|scopes| scopes.allow(method, values)) {
            let message = format!("This api_key is not allowed to call {} so", method.name);
            return Err(Fault::new(Code::Forbidden, message));
        }
        if self.managed && ["apikey.", "invoice.", "payment_method."].iter().any(|group| method.name.starts_with(group))
        {
            let message = format!("Partners may not call {} on an account they manage", method.name);
            return Err(Fault::new(Code::PartnerRestriction, message));
        }
        Ok(())
    }
}

/// The accounts of a partner.
pub(crate) struct Partner {
    pub(crate) accounts: Vec<Managed>,
}

/// An account that a partner manages.
pub(crate) struct Managed {
    pub(crate) name: String,
    pub(crate) world: World,
}

impl Managed {
    pub(crate) fn new(name: &str, clock: Clock, job_time: Duration) -> Managed {
        Managed { name: name.to_owned(), world: World { managed: true, ..World::bare(name, clock, job_time) } }
    }

    pub(crate) fn world(&mut self) -> &mut World {
        self.world.settle();
        &mut self.world
    }
}

impl Partner {
    /// A partner with one account, which has one service.
    pub(crate) fn seed(clock: &Clock, job_time: Duration) -> Partner {
        let mut account = Managed::new("exampleacc", clock.clone(), job_time);
        account.world.services = Services::seed_managed(clock);
        Partner { accounts: vec![account] }
    }

    /// The accounts' states, up to date.
    pub(crate) fn worlds(&mut self) -> impl Iterator<Item = &mut World> {
        self.accounts.iter_mut().map(|account| account.world())
    }

    /// The state of one account.
    pub(crate) fn world_of(&mut self, name: &str) -> Result<&mut World, Fault> {
        let account = self.accounts.iter_mut().find(|account| account.name == name);
        let missing = || Fault::new(Code::AccountDoesNotExist, format!("Couldn't find account '{name}'"));
        account.map(Managed::world).ok_or_else(missing)
    }

    /// The state of one account, or of all if none is named.
    pub(crate) fn chosen(&mut self, name: Option<&str>) -> Result<Vec<&mut World>, Fault> {
        match name {
            Some(name) => Ok(vec![self.world_of(name)?]),
            None => Ok(self.worlds().collect()),
        }
    }
}

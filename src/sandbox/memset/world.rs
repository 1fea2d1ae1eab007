//! The state of one account.

use std::time::Duration;

use super::apikey::Keys;
use super::clock::Clock;
use super::cluster::Clusters;
use super::dns::Dns;
use super::fault::{Code, Fault};
use super::firewalling::Firewalling;
use super::invoice::Invoices;
use super::jobs::Jobs;
use super::loadbalancer::Balancers;
use super::memshell::Shells;
use super::memstore::Memstores;
use super::openstack::OpenStack;
use super::partner::Partner;
use super::payment_method::PaymentMethods;
use super::random::Random;
use super::server::Servers;
use super::service::Services;
use super::table::EXAMPLE_ID;
use super::vlan::Vlans;
use crate::Options;
use crate::auth::Scopes;
use model::{Method, Value};

/// The state of one account, area by area.
pub(crate) struct World {
    /// The time.
    pub(crate) clock: Clock,
    /// Where new ids come from.
    pub(crate) random: Random,
    /// Zones and what addresses map back to.
    pub(crate) dns: Dns,
    /// Firewall rules and their groups.
    pub(crate) firewalling: Firewalling,
    /// Long tasks.
    pub(crate) jobs: Jobs,
    /// The keys to the account.
    pub(crate) keys: Keys,
    /// What a partner manages; nothing for any other account.
    pub(crate) partner: Option<Partner>,
    /// Whether this account is a partner's to manage.
    pub(crate) managed: bool,
    /// What is in the storage services.
    pub(crate) memstores: Memstores,
    /// Which hosts are in which VLANs.
    pub(crate) vlans: Vlans,
    /// Load balancers.
    pub(crate) balancers: Balancers,
    /// Clusters.
    pub(crate) clusters: Clusters,
    /// Users of cloud projects.
    pub(crate) openstack: OpenStack,
    /// Shell access to servers.
    pub(crate) shells: Shells,
    /// What has been charged.
    pub(crate) invoices: Invoices,
    /// How the account pays.
    pub(crate) payment_methods: PaymentMethods,
    /// Servers among the services.
    pub(crate) servers: Servers,
    /// What is rented.
    pub(crate) services: Services,
}

impl World {
    /// An account with nothing in it.
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

    /// An account with everything that a new sandbox holds.
    pub(crate) fn seeded(options: &Options) -> World {
        let clock = Clock::starting(options.starts);
        let mut world = World {
            dns: Dns::seed(),
            firewalling: Firewalling::seed(),
            memstores: Memstores::seed(),
            shells: Shells::seed(),
            vlans: Vlans::seed(),
            balancers: Balancers::seed(),
            clusters: Clusters::seed(),
            openstack: OpenStack::seed(),
            invoices: Invoices::seed(&clock),
            jobs: Jobs::seed(options.job_time),
            payment_methods: PaymentMethods::seed(),
            servers: Servers::seed(&clock),
            services: Services::seed(&clock),
            ..World::bare("sandbox", clock, options.job_time)
        };
        world.partner = options.partner.then(|| Partner::seed(&world.clock, options.job_time));
        // A new account has room for two keys.
        drop(world.add_key(Some(&options.key), Scopes::default(), ""));
        let scopes = Scopes { method: vec!["server.reboot".into()], name: vec!["myserver1".into()] };
        drop(world.add_key(Some(EXAMPLE_ID), scopes, "reboots of one server"));
        world
    }

    /// The account that a key belongs to: this one, or one that it manages.
    pub(super) fn holding(&mut self, key: &str) -> Option<&mut World> {
        if self.keys.scopes(key).is_some() {
            return Some(self);
        }
        self.partner.as_mut()?.worlds().find(|world| world.keys.scopes(key).is_some())
    }

    /// Refuses a call that the key is not meant for.
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

//! The account of a new sandbox, assembled from its areas.

use super::state::balancers::Balancers;
use super::state::clusters::Clusters;
use super::state::firewall::Firewalling;
use super::state::invoices::Invoices;
use super::state::jobs::Jobs;
use super::state::memstores::Memstores;
use super::state::payment_methods::PaymentMethods;
use super::state::projects::OpenStack;
use super::state::servers::Servers;
use super::state::services::Services;
use super::state::shells::Shells;
use super::state::vlans::Vlans;
use super::state::zones::Dns;
use super::table::EXAMPLE_ID;
use super::world::{Partner, World};
use crate::Options;
use crate::auth::Scopes;
use crate::kit::clock::Clock;

/// The account of a new sandbox.
pub(super) fn account(options: &Options) -> World {
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

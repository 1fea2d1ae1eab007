//! Finds the handler of a call's method.

use super::handler::{Handlers, Reply};
use super::world::World;
use super::{
    apikey, bandwidth, check, cluster, create, dns, firewalling, internal, invoice, jobs, loadbalancer, memshell,
    memstore, openstack, partner, payment_method, server, service, vlan, website_firewall,
};
use crate::kit::sample;
use model::{Method, Value};
use registry::catalog::Catalog;

/// All areas that have handlers, except for that of servers, which has several parts.
pub(crate) const AREAS: &[Handlers] = &[
    apikey::HANDLERS,
    bandwidth::HANDLERS,
    cluster::HANDLERS,
    create::HANDLERS,
    dns::HANDLERS,
    firewalling::HANDLERS,
    internal::HANDLERS,
    invoice::HANDLERS,
    jobs::HANDLERS,
    loadbalancer::HANDLERS,
    memshell::HANDLERS,
    memstore::HANDLERS,
    openstack::HANDLERS,
    partner::HANDLERS,
    payment_method::HANDLERS,
    service::HANDLERS,
    vlan::HANDLERS,
    website_firewall::HANDLERS,
];

/// Answers a call on an account.
pub(crate) fn answer(world: &mut World, catalog: &Catalog, method: &Method, values: Vec<Value>) -> Reply {
    let args = check::arguments(method, values, catalog.shapes())?;
    world.settle();
    world.services.answers(&args)?;
    let mut handlers = AREAS.iter().chain(server::AREAS).flat_map(|area| area.iter());
    match handlers.find(|(name, _)| *name == method.name) {
        Some((_, handler)) => handler(world, &args),
        None => Ok(sample::answer(method, catalog.shapes())),
    }
}

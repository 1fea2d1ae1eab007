//! loadbalancer.*: balanced services and their servers.

mod server;
mod service;

use super::fault::Fault;
use super::handler::Handlers;
use super::state::balancers::Balancer;
use super::table::text;
use super::world::World;
use crate::kit::args::Args;
#[cfg(test)]
use crate::kit::values::map;
use model::Map;

pub(super) const HANDLERS: Handlers = &[
    ("loadbalancer.server.add", server::add),
    ("loadbalancer.server.info", server::info),
    ("loadbalancer.server.remove", server::remove),
    ("loadbalancer.server.update", server::update),
    ("loadbalancer.service.add", service::add),
    ("loadbalancer.service.info", service::info),
    ("loadbalancer.service.list", service::list_services),
    ("loadbalancer.service.remove", service::remove),
    ("loadbalancer.service.update", service::update),
];

/// The kind of service that is a load balancer.
const BALANCERS: &[&str] = &["loadbalancer"];

impl World {
    /// The load balancer that a call names.
    fn balancer(&mut self, args: &Args) -> Result<&mut Balancer, Fault> {
        let name = self.services.live_of(args.text("load_balancer"), BALANCERS)?.name.clone();
        Ok(self.balancers.0.entry(name).or_default())
    }

    /// Whether a host is a server of a load balancer in a VLAN, or the load balancer itself.
    pub(super) fn balances(&self, host: &str, vlan: &str) -> bool {
        let within = |balancer: &str| self.vlans.of(balancer).any(|known| known == vlan);
        let works = |(name, balancer): (&String, &Balancer)| within(name) && (name == host || balancer.has(host));
        self.balancers.0.iter().any(works)
    }

    /// Whether another balanced service has an address and port, or a server has the address.
    fn is_taken(&self, args: &Args, service: &Map) -> bool {
        let (balancer, address) = (args.text("load_balancer"), text(service, "virtual_ip"));
        let place = |row: &Map| ["virtual_ip", "port"].map(|key| row.get(key).cloned());
        let other = |name: &str, row: &Map| name != balancer || text(row, "name") != text(service, "name");
        let clashes = |(name, known): (&String, &Balancer)| {
            known.services.iter().any(|row| other(name, row) && place(row) == place(service))
        };
        let mut servers = self.servers.iter().flat_map(|server| &server.addresses);
        self.balancers.0.iter().any(clashes) || servers.any(|known| known.address == address)
    }
}

/// The arguments of a call about a service of the load balancer, with one of its servers if given.
#[cfg(test)]
fn named(service: &str, server: &str) -> Map {
    let mut args = map! { "load_balancer" => "mylb1", "service_name" => service };
    if !server.is_empty() {
        args.insert("server_name", server);
    }
    args
}

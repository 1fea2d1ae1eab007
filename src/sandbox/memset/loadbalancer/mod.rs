//! loadbalancer.*: balanced services and the servers behind them.

mod server;
mod service;

use std::collections::BTreeMap;

use super::args::Args;
use super::fault::Fault;
use super::table::{Table, text};
use super::values::list;
#[cfg(test)]
use super::values::map;
use super::{Handlers, World};
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

/// The load balancers of the account, by their names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Balancers(BTreeMap<String, Balancer>);

/// A load balancer.
#[derive(Clone, Debug)]
struct Balancer {
    services: Table,
    /// The servers behind each service, by its name.
    servers: BTreeMap<String, Table>,
}

impl Default for Balancer {
    fn default() -> Balancer {
        Balancer { services: Table::new("service", "name"), servers: BTreeMap::new() }
    }
}

impl Balancers {
    /// The load balancer of a new sandbox: a service with a server, another without.
    pub(crate) fn seed() -> Balancers {
        let mut balancer = Balancer::default();
        balancer.services = balancer.services.with([
            service::row("web", ["203.0.113.20", "http"], 80, true),
            service::row("secure-web", ["203.0.113.20", "https"], 443, false),
        ]);
        let mut server = server::row("myserver1", "10.1.1.10", 8080);
        server.insert("enabled", true);
        balancer.servers.insert("web".to_owned(), server::none().with([server]));
        Balancers([("mylb1".to_owned(), balancer)].into())
    }
}

impl Balancer {
    /// A service as it is shown: with its servers.
    fn show(&self, service: &Map) -> Map {
        let mut shown = service.clone();
        let servers = self.servers.get(text(service, "name"));
        shown.insert("servers", list(servers.iter().flat_map(|servers| servers.iter().cloned())));
        shown
    }

    /// The servers behind a service, which must be there.
    fn behind(&mut self, service: &str) -> Result<&mut Table, Fault> {
        self.services.find(service)?;
        Ok(self.servers.entry(service.to_owned()).or_insert_with(server::none))
    }

    /// Whether a server is behind any service.
    fn has(&self, server: &str) -> bool {
        self.servers.values().any(|servers| servers.find(server).is_ok())
    }
}

impl World {
    /// The load balancer that a call names.
    fn balancer(&mut self, args: &Args) -> Result<&mut Balancer, Fault> {
        let name = self.services.live_of(args.text("load_balancer"), BALANCERS)?.name.clone();
        Ok(self.balancers.0.entry(name).or_default())
    }

    /// Whether a host does a load balancer's work in a VLAN, or is itself the one that does.
    pub(super) fn balances(&self, host: &str, vlan: &str) -> bool {
        let within = |balancer: &str| self.vlans.of(balancer).any(|known| known == vlan);
        let works = |(name, balancer): (&String, &Balancer)| within(name) && (name == host || balancer.has(host));
        self.balancers.0.iter().any(works)
    }

    /// Whether an address and port belong to another balanced service, or the address to a server.
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

/// The arguments of a call about a service of the load balancer, and a server behind it if one is named.
#[cfg(test)]
fn named(service: &str, server: &str) -> Map {
    let mut args = map! { "load_balancer" => "mylb1", "service_name" => service };
    if !server.is_empty() {
        args.insert("server_name", server);
    }
    args
}

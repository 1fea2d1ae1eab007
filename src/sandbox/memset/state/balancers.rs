//! Load balancers: their services, and the servers of each.

use std::collections::BTreeMap;

use super::super::fault::Fault;
use super::super::table::{Table, text};
use crate::kit::values::{list, map};
use model::Map;

/// A server of a service, with default settings.
pub(crate) fn server_row(name: &str, address: &str, port: i64) -> Map {
    map! {
        "name" => name,
        "ip_address" => address,
        "port" => port,
        "enabled" => false,
        "fallback" => false,
        "weight" => 10,
    }
}

/// A service without servers.
pub(crate) fn no_servers() -> Table {
    Table::new("server", "name")
}

/// A service without servers: its name, virtual address, protocol and port, and whether it is enabled.
pub(crate) fn service_row(name: &str, [virtual_ip, protocol]: [&str; 2], port: i64, enabled: bool) -> Map {
    map! { "name" => name, "enabled" => enabled, "virtual_ip" => virtual_ip, "port" => port, "protocol" => protocol }
}

/// The load balancers of the account, by their names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Balancers(pub(crate) BTreeMap<String, Balancer>);

/// A load balancer.
#[derive(Clone, Debug)]
pub(crate) struct Balancer {
    pub(crate) services: Table,
    /// The servers of each service, by its name.
    pub(crate) servers: BTreeMap<String, Table>,
}

impl Default for Balancer {
    fn default() -> Balancer {
        Balancer { services: Table::new("service", "name"), servers: BTreeMap::new() }
    }
}

impl Balancers {
    /// The load balancer of a new sandbox: one service with a server, another without.
    pub(crate) fn seed() -> Balancers {
        let mut balancer = Balancer::default();
        balancer.services = balancer.services.with([
            service_row("web", ["203.0.113.20", "http"], 80, true),
            service_row("secure-web", ["203.0.113.20", "https"], 443, false),
        ]);
        let mut server = server_row("myserver1", "10.1.1.10", 8080);
        server.insert("enabled", true);
        balancer.servers.insert("web".to_owned(), no_servers().with([server]));
        Balancers([("mylb1".to_owned(), balancer)].into())
    }
}

impl Balancer {
    /// A service in the form of answers: with its servers.
    pub(crate) fn show(&self, service: &Map) -> Map {
        let mut shown = service.clone();
        let servers = self.servers.get(text(service, "name"));
        shown.insert("servers", list(servers.iter().flat_map(|servers| servers.iter().cloned())));
        shown
    }

    /// The servers of a service, which must exist.
    pub(crate) fn behind(&mut self, service: &str) -> Result<&mut Table, Fault> {
        self.services.find(service)?;
        Ok(self.servers.entry(service.to_owned()).or_insert_with(no_servers))
    }

    /// Whether a server belongs to any service.
    pub(crate) fn has(&self, server: &str) -> bool {
        self.servers.values().any(|servers| servers.find(server).is_ok())
    }
}

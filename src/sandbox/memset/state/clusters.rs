//! Clusters: their servers, their services, and the servers of each service.

use std::collections::BTreeMap;

use super::super::table::Table;
use crate::kit::values::map;
use model::Map;

/// A service; on port 80 it is a website, otherwise of the kind in its name.
pub(crate) fn service_row(name: &str, port: i64, enabled: bool) -> Map {
    map! {
        "name" => name,
        "enabled" => enabled,
        "virtual_ip" => "203.0.113.30",
        "port" => port,
        "service" => if port == 80 { "http" } else { name },
        "checktype" => "negotiate",
        "checktimeout" => 10,
        "checkport" => 0,
        "request" => "test.html",
        "receive" => "Test",
        "emailalert" => "admin@example.com",
        "scheduler" => "wlc",
        "persistent" => 300,
        "protocol" => "tcp",
        "virtualhost" => "www.example.com",
        "forwarding_method" => "gate",
    }
}

/// A server of a service.
#[derive(Clone, Debug)]
pub(crate) struct RealService {
    pub(crate) service: String,
    pub(crate) server: String,
    /// The form in answers.
    pub(crate) row: Map,
}

impl RealService {
    /// A server of a service, with an address and a port.
    pub(crate) fn new([service, server, address]: [&str; 3], port: u16, enabled: bool) -> RealService {
        let row = map! {
            "ip_address" => address,
            "port" => port.to_string(),
            "weight" => 10,
            "fallback" => false,
            "enabled" => enabled,
        };
        RealService { service: service.to_owned(), server: server.to_owned(), row }
    }
}

/// The clusters of the account, by their names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clusters(pub(crate) BTreeMap<String, Cluster>);

/// A cluster.
#[derive(Clone, Debug)]
pub(crate) struct Cluster {
    pub(crate) vlan_id: i64,
    pub(crate) servers: Table,
    pub(crate) services: Table,
    pub(crate) real_services: Vec<RealService>,
}

impl Default for Cluster {
    fn default() -> Cluster {
        Cluster {
            vlan_id: 101,
            servers: Table::new("cluster server", "server_name"),
            services: Table::new("cluster service", "name"),
            real_services: Vec::new(),
        }
    }
}

impl Clusters {
    /// The cluster of a new sandbox. Its third server and its second service are disabled.
    pub(crate) fn seed() -> Clusters {
        let servers = [("myserver1", true), ("myserver2", true), ("myserver3", false)];
        let mut cluster = Cluster::default();
        cluster.services = cluster.services.with([service_row("www", 80, true), service_row("ftp", 21, false)]);
        for (at, (server, enabled)) in (10..).zip(servers) {
            cluster.servers = cluster.servers.with([map! { "enabled" => enabled, "server_name" => server }]);
            let address = format!("10.2.1.{at}");
            cluster.real_services.push(RealService::new(["www", server, &address], 80, enabled));
        }
        Clusters([("mycluster1".to_owned(), cluster)].into())
    }
}

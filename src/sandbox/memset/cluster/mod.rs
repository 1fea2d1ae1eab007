//! cluster.*: clusters, their servers, their services, and the servers of these services.

mod change;
mod real_service;
mod service;

use super::fault::Fault;
use super::handler::{Handlers, Reply};
use super::state::clusters::Cluster;
use super::table::{flag, text};
use super::world::World;
use crate::kit::args::Args;
use crate::kit::values::{list, map};
use model::Map;

pub(super) const HANDLERS: Handlers = &[
    ("cluster.info", info),
    ("cluster.list", list_clusters),
    ("cluster.real_service.disable", change::disable),
    ("cluster.real_service.disable_fallback", |world, args| change::set(world, args, "fallback", false.into())),
    ("cluster.real_service.enable", change::enable),
    ("cluster.real_service.enable_fallback", real_service::enable_fallback),
    ("cluster.real_service.info", real_service::info),
    ("cluster.real_service.list", real_service::list_servers),
    ("cluster.real_service.set_weight", real_service::set_weight),
    ("cluster.real_service.statistics", real_service::statistics),
    ("cluster.server.disable", change::disable),
    ("cluster.server.enable", change::enable),
    ("cluster.server.info", server_info),
    ("cluster.server.list", list_servers),
    ("cluster.service.disable", change::disable),
    ("cluster.service.enable", change::enable),
    ("cluster.service.info", service::info),
    ("cluster.service.list", service::list_services),
    ("cluster.service.status_image", service::status_image),
];

/// The kind of service that is a cluster.
const CLUSTERS: &[&str] = &["cluster"];

impl World {
    /// The cluster of that name.
    fn cluster(&mut self, name: &str) -> Result<&mut Cluster, Fault> {
        let name = self.services.live_of(name, CLUSTERS)?.name.clone();
        Ok(self.clusters.0.entry(name).or_default())
    }

    /// The cluster that a call names.
    fn given_cluster(&mut self, args: &Args) -> Result<&mut Cluster, Fault> {
        self.cluster(args.text("cluster_name"))
    }
}

impl Cluster {
    /// A cluster is enabled when any of its servers is.
    fn show(&self, name: &str) -> Map {
        map! {
            "name" => name,
            "enabled" => self.servers.iter().any(|server| flag(server, "enabled")),
            "private_class_c" => "10.2.1.0",
            "vlan_id" => self.vlan_id,
        }
    }
}

fn info(world: &mut World, args: &Args) -> Reply {
    Ok(world.given_cluster(args)?.show(args.text("cluster_name")).into())
}

fn list_clusters(world: &mut World, args: &Args) -> Reply {
    let live = world.services.iter().filter(|service| CLUSTERS.contains(&service.kind) && service.is_live());
    let names: Vec<String> = live.map(|service| service.name.clone()).collect();
    let mut shown = Vec::new();
    for name in names {
        shown.push(world.cluster(&name)?.show(&name));
    }
    shown.retain(|cluster| args.flag("enabled").is_none_or(|wanted| flag(cluster, "enabled") == wanted));
    Ok(list(shown))
}

/// The document gives no cluster here: the server is searched for in all of them.
fn server_info(world: &mut World, args: &Args) -> Reply {
    let name = args.text("server_name");
    let mut servers = world.clusters.0.values().flat_map(|cluster| cluster.servers.iter());
    let found = servers.find(|server| text(server, "server_name") == name);
    Ok(found.cloned().ok_or_else(|| Fault::missing("cluster server", "server_name", name))?.into())
}

fn list_servers(world: &mut World, args: &Args) -> Reply {
    Ok(list(world.given_cluster(args)?.servers.iter().cloned()))
}

#[cfg(test)]
mod tests {
    use super::super::testing::Account;
    use super::*;

    #[test]
    fn clusters_and_their_servers_are_found_by_name() {
        for (method, args, code) in [
            ("cluster.info", map! { "cluster_name" => "mycluster1" }, 0),
            ("cluster.info", map! { "cluster_name" => "myserver1" }, 5),
            ("cluster.info", map! { "cluster_name" => "nosuch" }, 3),
            ("cluster.server.info", map! { "server_name" => "myserver1" }, 0),
            ("cluster.server.info", map! { "server_name" => "failingserver1" }, 3),
            ("cluster.server.info", map! { "server_name" => "busyserver1" }, 11),
            ("cluster.server.list", map! { "cluster_name" => "nosuch" }, 3),
        ] {
            assert_eq!(Account::new().code(method, args.clone()), code, "{method} {args:?}");
        }
    }

    #[test]
    fn a_cluster_without_servers_is_disabled() {
        let mut account = Account::new();
        let count = |account: &mut Account, enabled: bool| {
            account.get("cluster.list", map! { "enabled" => enabled }).as_list().unwrap().len()
        };
        assert_eq!((count(&mut account, true), count(&mut account, false)), (1, 0));
        for server in ["myserver1", "myserver2"] {
            account.get("cluster.server.disable", map! { "cluster_name" => "mycluster1", "server_name" => server });
        }
        account.wait();
        assert_eq!((count(&mut account, true), count(&mut account, false)), (0, 1));
    }
}

//! loadbalancer.server.*: the servers of a balanced service.

use super::super::fault::Fault;
use super::super::handler::Reply;
use super::super::names::service_name;
use super::super::state::balancers::server_row;
use super::super::state::services::SERVERS;
use super::super::table::{Table, int, overlay, text};
use super::super::world::World;
use crate::kit::args::Args;
use model::Map;

impl World {
    /// The servers of a call's service. The server of the call must exist, but need not be one of them.
    fn attached_servers(&mut self, args: &Args) -> Result<&mut Table, Fault> {
        self.services.find_of(args.text("server_name"), SERVERS)?;
        self.balancer(args)?.behind(service_name(args)?)
    }

    /// The server of a call, with its settings for the service of the call.
    fn attached(&mut self, args: &Args) -> Result<Map, Fault> {
        let name = args.text("server_name");
        let detached = |_| Fault::state(format!("The server '{name}' is not attached to the service"));
        self.attached_servers(args)?.find(name).cloned().map_err(detached)
    }

    fn check_not_rebooting(&self, server: &str) -> Result<(), Fault> {
        match self.is_running("REBOOT", server) {
            true => Err(Fault::state(format!("The server '{server}' is being rebooted"))),
            false => Ok(()),
        }
    }

    /// The VLAN that a load balancer and a server share, if the server's state allows it to be added.
    fn common_vlan(&self, balancer: &str, server: &str) -> Result<String, Fault> {
        self.services.live_of(server, SERVERS)?;
        self.check_not_rebooting(server)?;
        let level = self.servers.find(server).map(|server| server.support_level.as_str());
        if level == Some("infrastructure_only") {
            return Err(Fault::state(format!("The SLA of '{server}' is lower than that of the load balancer")));
        }
        let common = self.vlans.of(balancer).find(|vlan| self.vlans.of(server).any(|other| other == *vlan));
        let apart = || Fault::state(format!("The server '{server}' is not in the VLAN of the load balancer"));
        common.map(str::to_owned).ok_or_else(apart)
    }

    /// Refuses an address that is not the server's.
    fn check_address(&self, server: &str, address: &str) -> Result<(), Fault> {
        let public = self.servers.find(server).into_iter().flat_map(|server| &server.addresses);
        let mut private = self.vlans.of(server).flat_map(|vlan| self.vlans.addresses(vlan, server));
        match public.into_iter().any(|known| known.address == address) || private.any(|known| known == address) {
            true => Ok(()),
            false => Err(Fault::parameter("ip_address", "The address does not belong to the server.")),
        }
    }
}

pub(super) fn add(world: &mut World, args: &Args) -> Reply {
    let name = args.text("server_name");
    if world.attached_servers(args)?.find(name).is_ok() {
        return Err(Fault::state(format!("The server '{name}' is already attached to the service")));
    }
    let port = int(world.balancer(args)?.services.find(args.text("service_name"))?, "port");
    let vlan = world.common_vlan(args.text("load_balancer"), name)?;
    let address = match (args.maybe_text("ip_address"), world.vlans.addresses(&vlan, name).next()) {
        (Some(given), _) => given,
        (None, Some(private)) => private,
        (None, None) => return Err(Fault::missing("VLAN address", "server_name", name)),
    };
    world.check_address(name, address)?;
    let server = overlay(server_row(name, address, port), args.iter());
    world.attached_servers(args)?.add(server)
}

pub(super) fn info(world: &mut World, args: &Args) -> Reply {
    Ok(world.attached(args)?.into())
}

pub(super) fn remove(world: &mut World, args: &Args) -> Reply {
    let server = world.attached(args)?;
    let name = text(&server, "name");
    world.check_not_rebooting(name)?;
    world.attached_servers(args)?.take(name)?;
    Ok(name.into())
}

pub(super) fn update(world: &mut World, args: &Args) -> Reply {
    let server = overlay(world.attached(args)?, args.iter());
    world.check_address(text(&server, "name"), text(&server, "ip_address"))?;
    Ok(world.attached_servers(args)?.put(server))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Account;
    use super::super::named;
    use super::*;
    use crate::kit::values::map;

    fn at(service: &str, server: &str, address: &str) -> Map {
        let mut args = named(service, server);
        args.insert("ip_address", address);
        args
    }

    #[test]
    fn invalid_server_calls_are_refused() {
        for (method, args, code) in [
            ("loadbalancer.server.add", named("secure-web", "myserver1"), 0),
            ("loadbalancer.server.add", at("secure-web", "myserver1", "192.0.2.10"), 0),
            ("loadbalancer.server.add", at("secure-web", "myserver1", "192.0.2.2"), 7),
            ("loadbalancer.server.add", named("web", "myserver1"), 9),
            ("loadbalancer.server.add", named("secure-web", "myserver3"), 9),
            ("loadbalancer.server.add", named("secure-web", "oldserver1"), 9),
            ("loadbalancer.server.add", named("secure-web", "nosuch"), 3),
            ("loadbalancer.server.add", named("secure-web", "mystorage1"), 5),
            ("loadbalancer.server.add", named("secure-web", "busyserver1"), 11),
            ("loadbalancer.server.add", named("nosuch", "myserver1"), 3),
            ("loadbalancer.server.info", named("web", "myserver1"), 0),
            ("loadbalancer.server.info", named("secure-web", "myserver1"), 9),
            ("loadbalancer.server.info", named("web", "nosuch"), 3),
            ("loadbalancer.server.remove", named("web", "myserver1"), 0),
            ("loadbalancer.server.remove", named("secure-web", "myserver1"), 9),
            ("loadbalancer.server.remove", named("nosuch", "myserver1"), 3),
            ("loadbalancer.server.update", at("web", "myserver1", "192.0.2.1"), 0),
            ("loadbalancer.server.update", at("web", "myserver1", "192.0.2.2"), 7),
            ("loadbalancer.server.update", at("secure-web", "myserver1", "192.0.2.1"), 9),
        ] {
            assert_eq!(Account::new().code(method, args.clone()), code, "{method} {args:?}");
        }
    }

    #[test]
    fn a_server_is_added_with_defaults_and_removed() {
        let mut account = Account::new();
        let added = account.get("loadbalancer.server.add", named("secure-web", "myserver2"));
        assert_eq!(added, server_row("myserver2", "10.1.1.11", 443).into());
        let mut change = named("secure-web", "myserver2");
        change.insert("weight", 20);
        account.get("loadbalancer.server.update", change);
        let service = account.get("loadbalancer.service.info", named("secure-web", ""));
        assert_eq!(service.get("servers").unwrap().as_list().unwrap()[0].get("weight"), Some(&20.into()));
        assert_eq!(account.get("loadbalancer.server.remove", named("secure-web", "myserver2")), "myserver2".into());
        assert_eq!(account.code("loadbalancer.service.remove", named("secure-web", "")), 0);
    }

    #[test]
    fn a_rebooting_server_stays_attached() {
        let mut account = Account::new();
        account.get("server.reboot", map! { "name" => "myserver1" });
        assert_eq!(account.code("loadbalancer.server.remove", named("web", "myserver1")), 9);
        assert_eq!(account.code("loadbalancer.server.add", named("secure-web", "myserver1")), 9);
        account.wait();
        assert_eq!(account.code("loadbalancer.server.remove", named("web", "myserver1")), 0);
    }

    #[test]
    fn a_server_needs_an_address_and_an_sla() {
        let mut account = Account::new();
        account.get("vlan.add", map! { "name" => "myvlan1", "host" => "myserver3" });
        assert_eq!(account.code("loadbalancer.server.add", named("web", "myserver3")), 3);
        account.world.servers.find_mut("myserver1").unwrap().support_level = "infrastructure_only".into();
        assert_eq!(account.code("loadbalancer.server.add", named("secure-web", "myserver1")), 9);
    }
}

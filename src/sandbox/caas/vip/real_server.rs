//! real_server.*: servers as targets.

use super::super::fault::Fault;
use super::super::handler::{Handlers, Reply, done, rows};
use super::super::shelf::text;
use super::super::vip::kind::{held, names, network, room, take_over};
use super::super::world::World;
use crate::kit::args::Args;
use crate::kit::values::map;
use model::Map;

pub(super) const HANDLERS: Handlers = &[
    ("real_server.create", create),
    ("real_server.delete", delete),
    ("real_server.list", lists),
    ("real_server.update", update),
];

impl World {
    /// Whether a server is used as a real server.
    pub(crate) fn is_real(&self, server: &str) -> bool {
        self.networks.iter().any(|network| self.balancing.real_servers.has(&network.id, "serverId", server))
    }

    /// A real server with the current name and address of its server.
    pub(super) fn real_server(&self, real: &Map) -> Map {
        let mut shown = real.clone();
        if let Ok(server) = self.servers.find(text(real, "serverId")) {
            shown.insert("serverName", server.name.as_str());
            shown.insert("serverIp", server.ip.as_str());
        }
        shown
    }
}

fn lists(world: &mut World, args: &Args) -> Reply {
    let network = network(world, args)?;
    rows(world.balancing.real_servers.on(network).map(|real| world.real_server(real)))
}

fn create(world: &mut World, args: &Args) -> Reply {
    let (network, server) = (network(world, args)?, args.text("serverId"));
    room(&world.balancing.real_servers, network, args.text("name"))?;
    if world.servers.find(server)?.network != network {
        return Err(Fault::new(395, format!("Server with Id {server} is not on that network")));
    }
    if world.is_real(server) {
        return Err(Fault::new(393, format!("Server with Id {server} is behind a real server")));
    }
    let id = world.new_id();
    let mut real = map! { "id" => id.as_str() };
    take_over(&mut real, args, &["name", "serverId", "inService"]);
    world.balancing.real_servers.add(network, real);
    done(format!("Real-Server (id:{id}) created"))
}

fn delete(world: &mut World, args: &Args) -> Reply {
    let (network, id) = (network(world, args)?, args.text("rserver-id"));
    held(&world.balancing.real_servers, network, id, 610, "Real-Server")?;
    if world.balancing.farms.on(network).any(|farm| names(farm, "realServer", id)) {
        return Err(Fault::new(615, format!("Real-Server (id:{id}) is used by a Server-Farm")));
    }
    world.balancing.real_servers.remove(network, id);
    done(format!("Real-Server (id:{id}) deleted"))
}

fn update(world: &mut World, args: &Args) -> Reply {
    let (network, id) = (network(world, args)?, args.text("rserver-id"));
    held(&world.balancing.real_servers, network, id, 610, "Real-Server")?;
    if let Some(real) = world.balancing.real_servers.find_mut(network, id) {
        take_over(real, args, &["inService"]);
    }
    done(format!("Real-Server (id:{id}) modified"))
}

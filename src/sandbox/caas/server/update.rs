//! server.update and server.notify_private_ip.

use super::super::fault::Fault;
use super::super::handler::{Handlers, Reply, done};
use super::super::locations::{MOST_CPUS, MOST_MEMORY};
use super::super::world::World;
use crate::kit::args::Args;

pub(super) const HANDLERS: Handlers = &[("server.notify_private_ip", notify), ("server.update", update)];

fn update(world: &mut World, args: &Args) -> Reply {
    let id = args.text("server-id");
    let (cpus, memory) = (args.int("cpuCount"), args.int("memory"));
    if cpus.is_some_and(|cpus| cpus > MOST_CPUS) {
        return Err(Fault::data("cpuCount", "more than the data centre allows"));
    }
    if memory.is_some_and(|memory| memory > MOST_MEMORY || memory % 1024 != 0) {
        return Err(Fault::data("memory", "no whole number of GB that the data centre allows"));
    }
    let server = world.idle(id)?;
    if let Some(name) = args.maybe_text("name") {
        server.name = name.to_owned();
    }
    if let Some(description) = args.maybe_text("description") {
        server.description = description.to_owned();
    }
    if cpus.is_some() || memory.is_some() {
        world.change(id, "CHANGE_SERVER", move |server| {
            server.cpus = cpus.unwrap_or(server.cpus);
            server.memory = memory.unwrap_or(server.memory);
        })?;
    }
    done("Server edited")
}

/// Records a change made on the server itself: it is visible at once.
fn notify(world: &mut World, args: &Args) -> Reply {
    let (id, ip) = (args.text("server-id"), args.text("privateIp").to_owned());
    let network = world.idle(id)?.network.clone();
    if world.is_real(id) {
        return Err(Fault::new(393, format!("Server with Id {id} is behind a real server")));
    }
    world.networks.find(&network)?.holds(&ip)?;
    if world.servers.iter().any(|other| other.network == network && other.ip == ip && other.id != id) {
        return Err(Fault::new(241, format!("{ip} is reserved already")));
    }
    world.idle(id)?.ip = ip;
    done("Server edited")
}

#[cfg(test)]
mod tests {
    use super::super::super::state::servers::{OLD, WEB_1, WEB_3};
    use super::super::super::testing::Organization;
    use crate::kit::values::map;

    #[test]
    fn servers_change_within_limits() {
        let update = |cpus: i64, memory: i64| map! { "server-id" => OLD, "cpuCount" => cpus, "memory" => memory };
        let notify = |id: &str, ip: &str| map! { "server-id" => id, "privateIp" => ip };
        for (method, args, reason) in [
            ("server.update", update(4, 8192), 0),
            ("server.update", update(9, 8192), 320),
            ("server.update", update(4, 1000), 320),
            ("server.update", update(0, 1024), 320),
            ("server.notify_private_ip", notify(OLD, "192.0.2.200"), 0),
            ("server.notify_private_ip", notify(OLD, "192.0.2.11"), 241),
            ("server.notify_private_ip", notify(WEB_3, "192.0.2.10"), 240),
            ("server.notify_private_ip", notify(WEB_3, "198.51.100.20"), 240),
            ("server.notify_private_ip", notify(WEB_1, "192.0.2.200"), 393),
        ] {
            assert_eq!(Organization::new().reason(method, args.clone()), reason, "{method} {args:?}");
        }
    }

    #[test]
    fn names_change_at_once_and_hardware_later() {
        let mut org = Organization::new();
        org.done("server.update", map! { "server-id" => OLD, "name" => "new", "description" => "", "cpuCount" => 4 });
        let server = org.find("server.list", map! {}, "id", OLD).unwrap();
        assert_eq!((server.get("name"), server.get("cpuCount")), (Some(&"new".into()), Some(&2.into())));
        assert_eq!(server.get("description"), None);
        org.wait();
        assert_eq!(org.find("server.list", map! {}, "id", OLD).unwrap().get("cpuCount"), Some(&4.into()));
    }
}

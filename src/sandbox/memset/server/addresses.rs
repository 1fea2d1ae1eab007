//! server.move_ips: moves addresses from one server to another.

use std::net::Ipv4Addr;

use super::super::fault::Fault;
use super::super::handler::{Handlers, Reply};
use super::super::world::{Job, World};
use crate::kit::args::Args;

pub(super) const HANDLERS: Handlers = &[("server.move_ips", move_ips)];

fn move_ips(world: &mut World, args: &Args) -> Reply {
    let destination = world.server(args.text("destination_name"))?.name.clone();
    let moving: Vec<String> = args.texts("source_ips").unwrap_or_default().into_iter().map(str::to_owned).collect();
    for address in &moving {
        can_move(world, address, &destination)?;
    }
    world.start(Job::on_service("MOVE-IPS", &destination).then(move |world| {
        let mut moved = Vec::new();
        for server in &mut world.servers.all {
            moved.extend(server.addresses.extract_if(.., |known| moving.contains(&known.address)));
        }
        if let Some(server) = world.servers.find_mut(&destination) {
            server.addresses.append(&mut moved);
        }
    }))
}

fn can_move(world: &World, address: &str, destination: &str) -> Result<(), Fault> {
    if address.parse().is_ok_and(|address: Ipv4Addr| address.is_private()) {
        return Err(Fault::state(format!("The address {address} is private")));
    }
    let holder = world.servers.iter().find(|server| server.addresses.iter().any(|known| known.address == address));
    let holder = holder.ok_or_else(|| Fault::missing("address", "ip", address))?;
    if holder.addresses.first().is_some_and(|primary| primary.address == address) {
        return Err(Fault::state(format!("{address} is the primary address of '{}'", holder.name)));
    }
    if world.services.find(&holder.name)?.network_zone != world.services.find(destination)?.network_zone {
        return Err(Fault::state(format!("{address} cannot be moved to the network zone of '{destination}'")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Account;
    use crate::kit::values::{map, texts};

    #[test]
    fn an_address_moves_when_the_job_is_done() {
        let mut account = Account::new();
        let args = map! { "source_ips" => texts(["192.0.2.11"]), "destination_name" => "myserver2" };
        account.get("server.move_ips", args);
        account.wait();
        let mut count = |name: &str| {
            let server = account.get("server.info", map! { "name" => name });
            server.get("ips").unwrap().as_list().unwrap().len()
        };
        assert_eq!((count("myserver1"), count("myserver2")), (2, 2));
    }

    #[test]
    fn not_every_address_can_move() {
        for (addresses, destination, code) in [
            (vec!["192.0.2.10", "192.0.2.11"], "myserver2", 0),
            (vec![], "myserver2", 7),
            (vec!["192.0.2.1"], "myserver2", 9),
            (vec!["192.0.2.10"], "myserver3", 9),
            (vec!["192.168.0.1"], "myserver2", 9),
            (vec!["203.0.113.9"], "myserver2", 3),
            (vec!["192.0.2.10"], "nosuch", 3),
        ] {
            let args = map! { "source_ips" => texts(&addresses), "destination_name" => destination };
            assert_eq!(Account::new().code("server.move_ips", args), code, "{addresses:?} {destination}");
        }
    }
}

//! dns.reverse_map_*: the reverse maps of the addresses of the account's servers.

use super::super::fault::Fault;
use super::super::handler::Reply;
use super::super::state::services::SERVERS;
use super::super::table::text;
use super::super::world::World;
use crate::kit::args::Args;
use crate::kit::values::{list, map};
use model::Map;

/// The reverse maps of live servers; only those of one server or one address if these are given.
fn maps(world: &World, args: &Args) -> Result<Vec<Map>, Fault> {
    let name = args.maybe_text("name");
    if let Some(name) = name {
        world.services.live_of(name, SERVERS)?;
    }
    let wanted = |given: Option<&str>, found: &str| given.is_none_or(|given| given == found);
    let mut shown = Vec::new();
    for server in world.servers.iter().filter(|server| wanted(name, &server.name)) {
        if world.services.live(&server.name).is_ok() {
            let addresses = server.addresses.iter().filter(|ip| wanted(args.maybe_text("address"), &ip.address));
            shown.extend(addresses.map(|ip| {
                map! {
                    "name" => server.name.as_str(),
                    "address" => ip.address.as_str(),
                    "reverse_map" => ip.reverse_map.as_str(),
                }
            }));
        }
    }
    Ok(shown)
}

pub(super) fn list_maps(world: &mut World, args: &Args) -> Reply {
    Ok(list(maps(world, args)?))
}

pub(super) fn update(world: &mut World, args: &Args) -> Reply {
    let address = args.text("address");
    let found = maps(world, args)?;
    let holder = found.first().map(|map| text(map, "name"));
    let server = holder.and_then(|name| world.servers.find_mut(name));
    let known = server.and_then(|server| server.addresses.iter_mut().find(|known| known.address == address));
    let known = known.ok_or_else(|| Fault::missing("address", "address", address))?;
    known.reverse_map = args.text("reverse_map").to_owned();
    list_maps(world, args)
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Account;
    use super::*;

    #[test]
    fn reverse_maps_are_selected_by_server_and_address() {
        let mut account = Account::new();
        for (args, count) in [
            (map! {}, 8),
            (map! { "name" => "myserver1" }, 3),
            (map! { "address" => "192.0.2.10" }, 1),
            (map! { "name" => "myserver1", "address" => "192.0.2.10" }, 1),
            (map! { "name" => "myserver2", "address" => "192.0.2.10" }, 0),
            (map! { "address" => "198.51.100.7" }, 0),
        ] {
            let maps = account.get("dns.reverse_map_list", args.clone());
            assert_eq!(maps.as_list().unwrap().len(), count, "{args:?}");
        }
    }

    #[test]
    fn a_reverse_map_is_changed_where_it_is() {
        let mut account = Account::new();
        let to = |name: &str, address: &str| {
            map! { "name" => name, "address" => address, "reverse_map" => "www.example.com" }
        };
        for (args, code) in [
            (to("myserver1", "192.0.2.10"), 0),
            (to("myserver2", "192.0.2.10"), 3),
            (to("nosuch", "192.0.2.10"), 3),
            (to("mystorage1", "192.0.2.10"), 5),
            (to("oldserver1", "192.0.2.7"), 9),
            (to("brokenserver1", "192.0.2.4"), 2),
            (to("busyserver1", "192.0.2.5"), 11),
            (map! { "address" => "198.51.100.7", "reverse_map" => "www.example.com" }, 3),
            (map! { "address" => "192.0.2.2", "reverse_map" => "w w" }, 7),
            (map! { "address" => "192.0.2.2", "reverse_map" => "mail.example.com" }, 0),
        ] {
            assert_eq!(account.code("dns.reverse_map_update", args.clone()), code, "{args:?}");
        }
        for (address, name) in [("192.0.2.10", "www.example.com"), ("192.0.2.2", "mail.example.com")] {
            let maps = account.get("dns.reverse_map_list", map! { "address" => address });
            assert_eq!(maps.as_list().unwrap()[0].get("reverse_map"), Some(&name.into()));
        }
    }
}

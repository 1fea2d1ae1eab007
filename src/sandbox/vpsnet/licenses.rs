//! license.* and dotdefender.*: licences for servers.

use super::handler::{Args, Handlers, Reply};
use super::refusal::Refusal;
use super::world::World;
use crate::kit::values::{list, map, nothing};
use model::Map;

pub(super) const HANDLERS: Handlers = &[
    ("dotdefender.add", add_shield),
    ("dotdefender.remove", remove_shield),
    ("license.list", list_licenses),
    ("license.list_available", list_available),
];

/// The licences on sale; 1 and 6 are the ids that clients know.
const ON_SALE: &[(i64, &str)] = &[(1, "cPanel"), (6, "ISPmanager"), (7, "Softaculous")];

fn show((id, name): &(i64, &str)) -> Map {
    map! { "id" => *id, "name" => *name }
}

fn list_available(_: &mut World, _: &Args) -> Reply {
    Ok(list(ON_SALE.iter().map(show)))
}

fn list_licenses(world: &mut World, args: &Args) -> Reply {
    let server = super::backups::server(world, args)?;
    let held = world.licences_of(server);
    Ok(list(ON_SALE.iter().filter(|(id, _)| held.contains(&id.to_string())).map(show)))
}

fn add_shield(world: &mut World, args: &Args) -> Reply {
    let server = super::backups::server(world, args)?;
    if args.text("accept") != "1" {
        return Err(Refusal::invalid("accept", "must be accepted"));
    }
    if world.shields.contains(&server) {
        return Err(Refusal::invalid("virtual_machine_id", "has a licence already"));
    }
    world.shields.push(server);
    Ok(nothing())
}

fn remove_shield(world: &mut World, args: &Args) -> Reply {
    let at = world.shields.iter().position(|server| *server == args.id()).ok_or(Refusal::Missing)?;
    world.shields.remove(at);
    Ok(nothing())
}

#[cfg(test)]
mod tests {
    use super::super::testing::Client;
    use super::*;

    #[test]
    fn licences_are_sold_and_listed() {
        let mut client = Client::new();
        let vm = |id: i64| map! { "virtual_machine_id" => id };
        let edit = map! { "id" => 1384, "slices_required" => 2, "licenses" => map! { "6" => 1, "7" => 1 } };
        client.get("virtual_machine.edit", edit);
        let held = client.get("license.list", vm(1384));
        assert_eq!(held, list(ON_SALE[1..].iter().map(show)));
        assert_eq!(client.get("license.list", vm(1385)), list([]));
        assert_eq!(client.get("license.list_available", map! {}).as_list().unwrap().len(), ON_SALE.len());
    }

    #[test]
    fn a_server_has_one_dotdefender() {
        let mut client = Client::new();
        let accepted = |id: i64| map! { "virtual_machine_id" => id, "accept" => "1" };
        for (method, args, status) in [
            ("dotdefender.add", map! { "virtual_machine_id" => 1384 }, 422),
            ("dotdefender.add", accepted(1), 404),
            ("dotdefender.add", accepted(1384), 200),
            ("dotdefender.add", accepted(1384), 422),
            ("dotdefender.remove", map! { "id" => 1384 }, 200),
            ("dotdefender.remove", map! { "id" => 1384 }, 404),
        ] {
            assert_eq!(client.status(method, args.clone()), status, "{method} {args:?}");
        }
    }
}

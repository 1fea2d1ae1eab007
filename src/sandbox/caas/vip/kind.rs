//! Shared by all parts of load balancing: a network, a unique name, and a limit on their number.

use super::super::fault::Fault;
use super::super::shelf::{Shelf, text};
use super::super::world::World;
use crate::kit::args::Args;
use model::Map;

/// The most things of a kind on a network.
const MOST: usize = 25;

/// The network of a call, which must exist.
pub(crate) fn network<'a>(world: &World, args: &'a Args) -> Result<&'a str, Fault> {
    let id = args.text("network-id");
    world.networks.find(id).map(|_| id)
}

/// The thing with that id on the call's network, or the reason for a missing one.
pub(crate) fn held<'s>(shelf: &'s Shelf, network: &str, id: &str, reason: u16, what: &str) -> Result<&'s Map, Fault> {
    shelf.find(network, id).ok_or_else(|| Fault::new(reason, format!("{what} (id:{id}) not found")))
}

/// Refuses a name that is taken, and a thing beyond the limit.
pub(crate) fn room(shelf: &Shelf, network: &str, name: &str) -> Result<(), Fault> {
    if shelf.on(network).count() >= MOST {
        return Err(Fault::new(602, format!("A network may have no more than {MOST} of these")));
    }
    match shelf.has(network, "name", name) {
        true => Err(Fault::data("name", "not unique in the network")),
        false => Ok(()),
    }
}

/// Applies the given values of some fields.
pub(crate) fn take_over(thing: &mut Map, args: &Args, fields: &[&str]) {
    for (name, value) in args.iter().filter(|(name, _)| fields.contains(name)) {
        thing.insert(name, value.clone());
    }
}

/// Whether a list in a thing refers to another thing by its id.
pub(crate) fn names(thing: &Map, list: &str, id: &str) -> bool {
    let members = thing.get(list).and_then(model::Value::as_list).unwrap_or_default();
    members.iter().filter_map(|member| member.as_map()).any(|member| text(member, "id") == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::values::{list, map};

    fn on(name: &str) -> Map {
        map! { "id" => name, "name" => name, "probe" => list([map! { "id" => "p" }]) }
    }

    #[test]
    fn names_are_unique_and_limited() {
        let shelf = Shelf::of("n", (1..MOST).map(|at| on(&at.to_string())));
        assert_eq!(room(&shelf, "n", "new"), Ok(()));
        assert_eq!(room(&shelf, "n", "1").unwrap_err().reason, Fault::data("name", "").reason);
        let full = Shelf::of("n", (0..MOST).map(|at| on(&at.to_string())));
        assert_eq!(room(&full, "n", "new").unwrap_err().reason, 602);
        assert_eq!(room(&full, "elsewhere", "new"), Ok(()));
    }

    #[test]
    fn things_are_found_by_id_and_changed() {
        let shelf = Shelf::of("n", [on("a")]);
        assert!(held(&shelf, "n", "a", 1, "Thing").is_ok_and(|thing| names(thing, "probe", "p")));
        assert_eq!(held(&shelf, "n", "b", 7, "Thing").unwrap_err().reason, 7);
        let mut thing = on("a");
        take_over(&mut thing, &Args::new(map! { "name" => "b", "id" => "c" }), &["name"]);
        assert_eq!((text(&thing, "name"), text(&thing, "id")), ("b", "a"));
    }
}

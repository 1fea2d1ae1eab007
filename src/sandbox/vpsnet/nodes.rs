//! node.*: the units that servers consist of.

use super::handler::{Args, Handlers, Reply};
use super::refusal::Refusal;
use super::world::World;
use crate::kit::table::{NOBODY, Table};
use crate::kit::values::{int, list, map, nothing};
use model::{Map, Value};

pub(super) const HANDLERS: Handlers =
    &[("node.create", create), ("node.delete", delete), ("node.edit", edit), ("node.list", list_nodes)];

/// The most nodes in one order.
const MOST: i64 = 50;

/// The kinds of node; each has its own part of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Vps = 1,
    Ram = 2,
    Storage = 3,
    Fusion = 4,
    Bandwidth = 5,
}

impl Kind {
    const ALL: [Kind; 5] = [Kind::Vps, Kind::Ram, Kind::Storage, Kind::Fusion, Kind::Bandwidth];

    fn of(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    fn word(self) -> &'static str {
        match self {
            Kind::Vps => "vps",
            Kind::Ram => "ram",
            Kind::Storage => "storage",
            Kind::Fusion => "fusion",
            Kind::Bandwidth => "bandwidth",
        }
    }

    /// The key around a node of this kind; for the other kinds, neither document nor clients have one.
    fn wrapper(self) -> Option<&'static str> {
        match self {
            Kind::Vps => Some("slice"),
            Kind::Ram => Some("ram_node"),
            Kind::Storage => Some("storage_node"),
            Kind::Fusion | Kind::Bandwidth => None,
        }
    }

    fn part(self) -> i64 {
        self as i64
    }
}

/// The nodes of a new sandbox, before servers have taken theirs. Lists do not show the last one.
pub(super) fn seed() -> Table {
    let mut nodes = Table::starting(51);
    for (kind, count) in [(Kind::Vps, 8), (Kind::Ram, 2), (Kind::Storage, 2), (Kind::Bandwidth, 1)] {
        for _ in 0..count {
            nodes.add(kind.part(), free(kind, 0));
        }
    }
    nodes
}

fn free(kind: Kind, consumer: i64) -> Map {
    let mut node = map! {
        "virtual_machine_id" => Value::Null,
        "consumer_id" => consumer,
        "free_node" => false,
        "discount_node" => false,
    };
    if kind == Kind::Vps {
        node.insert("daily_node", false);
    }
    node
}

fn is_free(node: &Map) -> bool {
    node.get("virtual_machine_id") == Some(&Value::Null)
}

impl World {
    /// The number of a server's nodes of a kind.
    pub(super) fn used(&self, kind: Kind, server: i64) -> i64 {
        let used = self.nodes.of(kind.part()).filter(|node| int(node, "virtual_machine_id") == server);
        i64::try_from(used.count()).unwrap_or(i64::MAX)
    }

    /// Refuses counts for which there are not enough nodes.
    pub(super) fn can_assign(&self, server: i64, counts: &[(Kind, i64)]) -> Result<(), Refusal> {
        for (kind, count) in counts {
            let owned = if server == NOBODY { 0 } else { self.used(*kind, server) };
            let free = self.nodes.of(kind.part()).filter(|node| is_free(node)).count();
            let free = i64::try_from(free).unwrap_or(i64::MAX);
            if *count < 0 || (*kind == Kind::Vps && *count < 1) {
                return Err(Refusal::invalid("slices_required", "must be greater than 0"));
            }
            if count.saturating_sub(owned) > free {
                let reason = format!("You have {free} free {} nodes", kind.word());
                return Err(Refusal::invalid("base", &reason));
            }
        }
        Ok(())
    }

    /// Gives a server this many nodes of a kind, and frees those beyond.
    pub(super) fn assign(&mut self, kind: Kind, server: i64, count: i64) -> Result<(), Refusal> {
        let mut missing = count - self.used(kind, server);
        for node in self.nodes.of_mut(kind.part()) {
            if missing > 0 && is_free(node) {
                node.insert("virtual_machine_id", server);
                missing -= 1;
            } else if missing < 0 && int(node, "virtual_machine_id") == server {
                node.insert("virtual_machine_id", Value::Null);
                missing += 1;
            }
        }
        if missing == 0 { Ok(()) } else { Err(Refusal::invalid("base", "You have too few free nodes")) }
    }

    /// Frees all nodes of a server.
    pub(super) fn release(&mut self, server: i64) {
        for kind in Kind::ALL {
            let used = self.nodes.of_mut(kind.part()).filter(|node| int(node, "virtual_machine_id") == server);
            used.for_each(|node| drop(node.insert("virtual_machine_id", Value::Null)));
        }
    }
}

fn list_nodes(world: &mut World, args: &Args) -> Reply {
    let only = args.maybe_text("type").and_then(Kind::of);
    let kinds = Kind::ALL.into_iter().filter(|kind| only.is_none_or(|only| only == *kind));
    let nodes = kinds.flat_map(|kind| world.nodes.of(kind.part()).map(move |node| (kind, node)));
    let wanted = |node: &Map| args.int("consumer_id").is_none_or(|consumer| int(node, "consumer_id") == consumer);
    let wrapped = |(kind, node): (Kind, &Map)| Some(map! { kind.wrapper()? => node.clone() });
    Ok(list(nodes.filter(|(_, node)| wanted(node)).filter_map(wrapped)))
}

fn create(world: &mut World, args: &Args) -> Reply {
    let quantity = args.int("quantity").filter(|quantity| (1..=MOST).contains(quantity));
    let quantity = quantity.ok_or_else(|| Refusal::invalid("quantity", &format!("must be between 1 and {MOST}")))?;
    let option = args.maybe_text("upgrade_option");
    let kind = option.and_then(Kind::of).unwrap_or(Kind::Vps);
    for _ in 0..quantity {
        let mut node = free(kind, args.int("consumer_id").unwrap_or_default());
        if option == Some("daily") {
            node.insert("daily_node", true);
        }
        world.nodes.add(kind.part(), node);
    }
    Ok(nothing())
}

fn edit(world: &mut World, args: &Args) -> Reply {
    let kind = Kind::of(args.text("type")).ok_or(Refusal::Missing)?;
    let node = world.nodes.find_mut(kind.part(), args.id()).ok_or(Refusal::Missing)?;
    node.insert("consumer_id", args.int("consumer_id").unwrap_or_default());
    Ok(nothing())
}

fn delete(world: &mut World, args: &Args) -> Reply {
    let kind = Kind::of(args.text("type")).ok_or(Refusal::Missing)?;
    let node = world.nodes.find(kind.part(), args.id()).ok_or(Refusal::Missing)?;
    if !is_free(node) {
        return Err(Refusal::Forbidden);
    }
    world.nodes.take(kind.part(), args.id());
    Ok(nothing())
}

#[cfg(test)]
mod tests {
    use super::super::testing::Client;
    use super::*;

    fn count(client: &mut Client, args: Map) -> usize {
        client.get("node.list", args).as_list().unwrap().len()
    }

    #[test]
    fn nodes_are_bought_and_released() {
        let mut client = Client::new();
        let of = |kind: &str| map! { "type" => kind };
        assert_eq!((count(&mut client, map! {}), count(&mut client, of("ram"))), (12, 2));
        for (args, status) in [
            (map! { "quantity" => 0 }, 422),
            (map! { "quantity" => 51 }, 422),
            (map! { "quantity" => 2, "upgrade_option" => "storage", "consumer_id" => 9 }, 200),
            (map! { "quantity" => 1, "upgrade_option" => "daily" }, 200),
        ] {
            assert_eq!(client.status("node.create", args.clone()), status, "{args:?}");
        }
        assert_eq!((count(&mut client, of("storage")), count(&mut client, of("vps"))), (4, 9));
        assert_eq!(count(&mut client, map! { "consumer_id" => 9 }), 2);
        for (id, kind, status) in
            [(51, "vps", 403), (58, "vps", 200), (58, "vps", 404), (59, "vps", 404), (59, "ram", 200)]
        {
            assert_eq!(client.status("node.delete", map! { "id" => id, "type" => kind }), status, "{kind} {id}");
        }
        client.get("node.edit", map! { "id" => 51, "type" => "vps", "consumer_id" => 7 });
        assert_eq!(count(&mut client, map! { "consumer_id" => 7 }), 1);
        assert_eq!(client.status("node.edit", map! { "id" => 51, "type" => "ram", "consumer_id" => 7 }), 404);
    }

    #[test]
    fn a_node_gives_its_kind_and_its_server() {
        let mut client = Client::new();
        let nodes = client.get("node.list", map! { "type" => "vps" });
        let servers: Vec<Value> = nodes
            .as_list()
            .unwrap()
            .iter()
            .map(|node| node.get("slice").unwrap().get("virtual_machine_id").cloned().unwrap())
            .collect();
        assert_eq!(servers[..4], [1384, 1384, 1385, 1386].map(Value::Int));
        assert!(servers[4..].iter().all(|server| *server == Value::Null));
    }
}

//! A server's usage, its log, and its automatic scaling.

use super::super::handler::{Args, Handlers, Reply};
use super::super::world::World;
use crate::kit::random::Random;
use crate::kit::values::{list, map, nothing};
use model::{Map, Value};

pub(crate) const HANDLERS: Handlers = &[
    ("auto_scaling.edit", edit_scaling),
    ("auto_scaling.get", get_scaling),
    ("virtual_machine.activity_log", activity_log),
    ("virtual_machine.cpu_usage", cpu_usage),
    ("virtual_machine.network_utilisation", network_utilisation),
];

/// The hours of the day before the first, for which there are measurements.
const HOURS: std::ops::Range<u32> = 0..24;

/// One entry per hour, with made-up numbers for the server.
fn measured(world: &World, server: i64, entry: fn(&mut Random) -> Map) -> Value {
    let mut random = Random::of(&server.to_string());
    list(HOURS.map(|hour| {
        let mut shown = map! { "created_at" => world.clock.date(&format!("2011-07-31T{hour:02}:00:00Z")) };
        crate::kit::values::merge(&mut shown, entry(&mut random));
        shown
    }))
}

fn network_utilisation(world: &mut World, args: &Args) -> Reply {
    world.server(args.id())?;
    let entry = |random: &mut Random| {
        map! { "data_received" => random.below(4_000_000), "data_sent" => random.below(1_000_000) }
    };
    Ok(measured(world, args.id(), entry))
}

fn cpu_usage(world: &mut World, args: &Args) -> Reply {
    world.server(args.id())?;
    Ok(measured(world, args.id(), |random| map! { "cpu_time" => random.below(3600), "elapsed_time" => 3600 }))
}

fn activity_log(world: &mut World, args: &Args) -> Reply {
    world.server(args.id())?;
    Ok(world.activity.list(args.id()))
}

/// The rules of a server without its own.
fn no_scaling() -> Map {
    let rule = |limit: &str| map! { limit => 0, "node_type" => "daily", "nodes" => 0, "period" => 0 };
    map! {
        "max_nodes" => map! { "nodes" => 0 },
        "load_average" => rule("average"),
        "ram_usage" => rule("percentage"),
        "disk_usage" => map! { "percentage" => 0, "node_type" => "storage", "nodes" => 0 },
        "swap_usage" => rule("percentage"),
    }
}

fn get_scaling(world: &mut World, args: &Args) -> Reply {
    world.server(args.id())?;
    let own = world.scaling.iter().find(|(server, _)| *server == args.id());
    Ok(own.map_or_else(no_scaling, |(_, rules)| rules.clone()).into())
}

/// Kinds of node are given by number and returned in words; a rule that is switched off is removed.
fn edit_scaling(world: &mut World, args: &Args) -> Reply {
    let Value::Map(mut rules) = get_scaling(world, args)? else { return Ok(nothing()) };
    let none = no_scaling();
    for (name, given) in args.iter() {
        let (Some(rule), Some(Value::Map(known))) = (given.as_map(), rules.get_mut(name)) else { continue };
        if rule.get("enabled") == Some(&Value::Int(0)) {
            if let Some(Value::Map(off)) = none.get(name) {
                known.clone_from(off);
            }
            continue;
        }
        for (key, value) in rule.iter().filter(|(key, _)| *key != "enabled") {
            match (key, value) {
                ("node_type", Value::Int(number)) => known.insert(key, node_type(name, *number)),
                _ => known.insert(key, value.clone()),
            };
        }
    }
    world.scaling.retain(|(server, _)| *server != args.id());
    world.scaling.push((args.id(), rules));
    Ok(nothing())
}

fn node_type(rule: &str, number: i64) -> &'static str {
    match (rule, number) {
        ("disk_usage", 1) => "storage",
        ("disk_usage", _) | (_, 1) => "permanent",
        _ => "daily",
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Client;
    use super::*;

    #[test]
    fn rules_are_stored_and_returned_in_words() {
        let mut client = Client::new();
        let disk = map! { "enabled" => 1, "percentage" => 80, "nodes" => 2, "node_type" => 1 };
        let ram = map! { "enabled" => 1, "percentage" => 50, "nodes" => 1, "node_type" => 1, "period" => 10 };
        client.get("auto_scaling.edit", map! { "id" => 1384, "disk_usage" => disk, "ram_usage" => ram });
        client.get("auto_scaling.edit", map! { "id" => 1384, "ram_usage" => map! { "enabled" => 0 } });
        let rules = client.get("auto_scaling.get", map! { "id" => 1384 });
        let expected = map! { "percentage" => 80, "node_type" => "storage", "nodes" => 2 };
        assert_eq!(rules.get("disk_usage"), Some(&expected.into()));
        assert_eq!(rules.get("ram_usage"), no_scaling().get("ram_usage"));
        assert_eq!(client.get("auto_scaling.get", map! { "id" => 1385 }), no_scaling().into());
    }

    #[test]
    fn actions_are_logged_and_measured() {
        let mut client = Client::new();
        let id = || map! { "id" => 1384 };
        client.get("virtual_machine.reboot", id());
        let log = client.get("virtual_machine.activity_log", id());
        assert_eq!(log.as_list().unwrap()[0].get("action"), Some(&"reboot".into()));
        let usage = client.get("virtual_machine.cpu_usage", id());
        assert_eq!(usage.as_list().unwrap().len(), HOURS.len());
        assert_eq!(usage, client.get("virtual_machine.cpu_usage", id()));
        assert_eq!(client.status("virtual_machine.network_utilisation", map! { "id" => 1 }), 404);
    }
}

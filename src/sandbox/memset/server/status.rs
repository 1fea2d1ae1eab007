//! server.status.*: the latest results of monitoring.

use super::super::fault::Fault;
use super::super::handler::{Handlers, Reply};
use super::super::state::servers::Server;
use super::super::state::services::Health;
use super::super::world::World;
use crate::kit::args::Args;
use crate::kit::values::{list, map};
use model::Map;

pub(super) const HANDLERS: Handlers = &[("server.status.info", info), ("server.status.list", list_statuses)];

/// What is monitored on every server.
const BASICS: [&str; 3] = ["ping", "disk", "load"];
/// The possible results.
const STATUSES: [&str; 4] = ["OK", "WARNING", "CRITICAL", "UNKNOWN"];

impl World {
    fn statuses_of(&self, server: &Server) -> Vec<Map> {
        let watched = BASICS.into_iter().chain(server.rules.iter().map(|rule| rule.service.as_str()));
        watched.map(|service| self.status_of(server, service)).collect()
    }

    fn status_of(&self, server: &Server, service: &str) -> Map {
        let health = self.services.find(&server.name).map_or(Health::Sound, |service| service.health);
        let (status, detail) = match (service, health) {
            ("ping", Health::Broken) => ("CRITICAL", "100% packet loss"),
            (_, Health::Broken) | (_, Health::Busy) => ("UNKNOWN", "no answer from the agent"),
            ("disk", Health::Failing) => ("CRITICAL", "3% free"),
            ("disk", _) if server.name == "myserver2" => ("WARNING", "12% free"),
            ("ping", _) => ("OK", "0% packet loss, 1.2 ms"),
            ("disk", _) => ("OK", "61% free"),
            ("load", _) => ("OK", "load average 0.08, 0.03, 0.01"),
            _ => ("OK", "answered in 0.02 seconds"),
        };
        map! {
            "name" => server.name.as_str(),
            "service" => service,
            "status" => status,
            "last_checked" => self.clock.timestamp(),
            "detail" => detail,
        }
    }
}

/// The document describes a single dictionary here: the first of the results.
fn info(world: &mut World, args: &Args) -> Reply {
    let server = world.server(args.text("name"))?.clone();
    Ok(world.statuses_of(&server).into_iter().next().unwrap_or_default().into())
}

fn list_statuses(world: &mut World, args: &Args) -> Reply {
    let statuses = args.texts("statuses").unwrap_or_else(|| STATUSES.to_vec());
    if let Some(bad) = statuses.iter().find(|status| !STATUSES.contains(status)) {
        return Err(Fault::parameter("statuses", &format!("{bad} is none of {}.", STATUSES.join(", "))));
    }
    let names: Vec<String> = match args.texts("names") {
        Some(names) => names.into_iter().map(str::to_owned).collect(),
        None => world.services.iter().filter(|service| service.is_live()).map(|service| service.name.clone()).collect(),
    };
    if args.get("names").is_some() {
        names.iter().try_for_each(|name| world.server(name).map(drop))?;
    }
    let found = names.iter().filter_map(|name| world.servers.find(name)).flat_map(|server| world.statuses_of(server));
    let wanted =
        |found: &Map| found.get("status").and_then(|status| status.as_str()).is_some_and(|s| statuses.contains(&s));
    Ok(list(found.filter(wanted)))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Account;
    use super::*;
    use crate::kit::values::texts;

    #[test]
    fn statuses_can_be_selected() {
        for (args, count) in [
            (map! {}, 19),
            (map! { "names" => texts(["myserver1", "myserver2"]) }, 7),
            (map! { "names" => texts(["myserver1", "myserver2"]), "statuses" => texts(["WARNING", "CRITICAL"]) }, 1),
            (map! { "statuses" => texts(["CRITICAL"]) }, 2),
        ] {
            let found = Account::new().get("server.status.list", args.clone());
            assert_eq!(found.as_list().unwrap().len(), count, "{args:?}");
        }
    }

    #[test]
    fn invalid_status_calls_are_refused() {
        for (method, args, code) in [
            ("server.status.list", map! { "names" => texts(["nosuch"]) }, 3),
            ("server.status.list", map! { "statuses" => texts(["FINE"]) }, 7),
            ("server.status.info", map! { "name" => "myserver1" }, 0),
            ("server.status.info", map! { "name" => "mystorage1" }, 5),
        ] {
            assert_eq!(Account::new().code(method, args.clone()), code, "{method} {args:?}");
        }
    }
}

//! cluster.real_service.*: the servers of the services of clusters.

use std::time::Duration;

use super::super::fault::Fault;
use super::super::handler::Reply;
use super::super::state::clusters::{Cluster, RealService};
use super::super::table::flag;
use super::super::world::World;
use super::change::{Part, set};
use crate::kit::args::Args;
use crate::kit::random::Random;
use crate::kit::values::{list, map};
use model::Map;

/// The age of the figures.
const MEASURED: Duration = Duration::from_secs(300);

impl Cluster {
    /// The servers of a service, which must exist.
    fn servers_of(&self, service: &str) -> Result<impl Iterator<Item = &RealService>, Fault> {
        self.services.find(service)?;
        Ok(self.real_services.iter().filter(move |real| real.service == service))
    }

    /// A server of a service; it must be in the cluster.
    pub(super) fn real_service(&mut self, service: &str, server: &str) -> Result<&mut RealService, Fault> {
        self.services.find(service)?;
        self.servers.find(server)?;
        let mut all = self.real_services.iter_mut();
        let found = all.find(|real| real.service == service && real.server == server);
        found.ok_or_else(|| Fault::missing("cluster real service", "server_name", server))
    }
}

pub(super) fn enable_fallback(world: &mut World, args: &Args) -> Reply {
    let part = Part::of(args);
    if !flag(part.row(world)?, "enabled") {
        return Err(Fault::state("The real service is not enabled"));
    }
    let real_services = world.given_cluster(args)?.servers_of(args.text("service_name"))?;
    let others = real_services.filter(|real| real.server != args.text("server_name"));
    let others: Vec<(String, bool)> = others.map(|real| (real.server.clone(), flag(&real.row, "fallback"))).collect();
    for (other, now) in others {
        let coming = part.of_server(&other).coming(world, "fallback").map(|value| value == "true");
        if coming.unwrap_or(now) {
            return Err(Fault::state(format!("'{other}' is the fallback of the service already")));
        }
    }
    set(world, args, "fallback", true.into())
}

pub(super) fn info(world: &mut World, args: &Args) -> Reply {
    Ok(Part::of(args).row(world)?.clone().into())
}

/// The document does not describe the answer: here it names the server, and otherwise has the fields of `info`.
pub(super) fn list_servers(world: &mut World, args: &Args) -> Reply {
    let real_services = world.given_cluster(args)?.servers_of(args.text("service_name"))?;
    Ok(list(real_services.map(|real| {
        let name = map! { "server_name" => real.server.as_str() };
        name.into_iter().chain(real.row.clone()).collect::<Map>()
    })))
}

pub(super) fn set_weight(world: &mut World, args: &Args) -> Reply {
    match args.int("weight") {
        Some(weight @ 0..) => set(world, args, "weight", weight.into()),
        _ => Err(Fault::parameter("weight", "Ensure this value is greater than or equal to 0.")),
    }
}

/// Made-up figures, five minutes old; all zero while the service is disabled.
pub(super) fn statistics(world: &mut World, args: &Args) -> Reply {
    let part = Part::of(args);
    let active = flag(part.row(world)?, "enabled");
    let last_update = world.clock.timestamp_before(MEASURED);
    let mut random = Random::of(&part.path());
    let mut below = |limit: u32| if active { random.below(limit) } else { 0 };
    Ok(map! {
        "active" => active,
        "active_connections" => below(100),
        "bps_in" => below(1_000_000),
        "bps_out" => below(10_000_000),
        "connections_per_second" => below(50),
        "inactive_connections" => below(400),
        "last_update" => last_update,
        "persistent_connections" => below(40),
        "pps_in" => below(1000),
        "pps_out" => below(1000),
    }
    .into())
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Account;
    use super::*;

    fn part(service: &str, server: &str) -> Map {
        map! { "cluster_name" => "mycluster1", "service_name" => service, "server_name" => server }
    }

    #[test]
    fn real_services_are_found_by_their_names() {
        for (service, server, code) in [
            ("www", "myserver1", 0),
            ("ftp", "myserver1", 3),
            ("nosuch", "myserver1", 3),
            ("www", "failingserver1", 3),
            ("www", "brokenserver1", 2),
        ] {
            for method in ["info", "statistics", "disable_fallback", "enable_fallback"] {
                let method = format!("cluster.real_service.{method}");
                assert_eq!(Account::new().code(&method, part(service, server)), code, "{method} {service} {server}");
            }
        }
    }

    #[test]
    fn there_is_one_fallback() {
        let mut account = Account::new();
        for (method, server, code, finished) in [
            ("enable_fallback", "myserver3", 9, None),
            ("disable_fallback", "myserver1", 0, None),
            ("enable_fallback", "myserver1", 0, Some(false)),
            ("enable_fallback", "myserver1", 0, None),
            ("enable_fallback", "myserver2", 9, None),
            ("disable_fallback", "myserver1", 0, Some(false)),
            ("enable_fallback", "myserver2", 0, Some(false)),
        ] {
            let reply = account.call(&format!("cluster.real_service.{method}"), part("www", server));
            let found = reply.as_ref().map_or_else(|fault| fault.code as i64, |_| 0);
            assert_eq!(found, code, "{method} {server}");
            let job = reply.ok().and_then(|job| job.get("finished").cloned());
            assert_eq!(job, finished.map(Into::into), "{method} {server}");
            account.wait();
        }
    }

    /// A requested fallback counts before its job has ended.
    #[test]
    fn a_requested_fallback_counts() {
        let mut account = Account::new();
        for (method, server, code) in [
            ("enable_fallback", "myserver2", 0),
            ("enable_fallback", "myserver1", 9),
            ("disable_fallback", "myserver2", 0),
            ("enable_fallback", "myserver1", 0),
            ("enable_fallback", "myserver2", 9),
            ("disable_fallback", "myserver1", 0),
            ("enable_fallback", "myserver1", 0),
        ] {
            assert_eq!(account.code(&format!("cluster.real_service.{method}"), part("www", server)), code, "{method}");
        }
        account.wait();
        let all = map! { "cluster_name" => "mycluster1", "service_name" => "www" };
        let listed = account.get("cluster.real_service.list", all);
        let fallbacks = listed.as_list().unwrap().iter().map(|real| real.get("fallback").unwrap().as_bool().unwrap());
        assert_eq!(fallbacks.collect::<Vec<_>>(), [true, false, false]);
    }

    #[test]
    fn a_weight_is_set_when_the_job_is_done() {
        let mut account = Account::new();
        let weigh = |weight: i64| {
            let mut args = part("www", "myserver1");
            args.insert("weight", weight);
            args
        };
        for (weight, code) in [(10, 0), (15, 0), (20, 0), (-1, 7)] {
            assert_eq!(account.code("cluster.real_service.set_weight", weigh(weight)), code, "{weight}");
        }
        account.wait();
        let all = map! { "cluster_name" => "mycluster1", "service_name" => "www" };
        let listed = account.get("cluster.real_service.list", all);
        assert_eq!(listed.as_list().unwrap()[0].get("weight"), Some(&20.into()));
    }
}

//! loadbalancer.service.*: the balanced services.

use super::super::fault::Fault;
use super::super::handler::Reply;
use super::super::names::service_name;
use super::super::state::balancers::service_row;
use super::super::table::overlay;
use super::super::world::World;
use crate::kit::args::Args;
use crate::kit::values::list;

pub(super) fn add(world: &mut World, args: &Args) -> Reply {
    let service = overlay(service_row(service_name(args)?, ["", ""], 0, true), args.iter());
    world.balancer(args)?;
    if world.is_taken(args, &service) {
        return Err(Fault::parameter("virtual_ip", "This address and port are in use."));
    }
    let balancer = world.balancer(args)?;
    balancer.services.add(service.clone())?;
    Ok(balancer.show(&service).into())
}

pub(super) fn info(world: &mut World, args: &Args) -> Reply {
    let balancer = world.balancer(args)?;
    Ok(balancer.show(balancer.services.find(service_name(args)?)?).into())
}

pub(super) fn list_services(world: &mut World, args: &Args) -> Reply {
    let balancer = world.balancer(args)?;
    Ok(list(balancer.services.iter().map(|service| balancer.show(service))))
}

pub(super) fn remove(world: &mut World, args: &Args) -> Reply {
    let (name, balancer) = (service_name(args)?, world.balancer(args)?);
    if balancer.behind(name)?.len() > 0 {
        return Err(Fault::state(format!("The service '{name}' has servers still")));
    }
    balancer.services.take(name)?;
    Ok(name.into())
}

pub(super) fn update(world: &mut World, args: &Args) -> Reply {
    let service = overlay(world.balancer(args)?.services.find(service_name(args)?)?.clone(), args.iter());
    if world.is_taken(args, &service) {
        return Err(Fault::state("The virtual IP address is already in use"));
    }
    let balancer = world.balancer(args)?;
    balancer.services.put(service.clone());
    Ok(balancer.show(&service).into())
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Account;
    use super::super::named;
    use crate::kit::values::map;
    use model::Map;
    use model::Value;

    fn new(name: &str, address: &str, port: i64) -> Map {
        let rest = map! { "protocol" => "tcp", "virtual_ip" => address, "port" => port };
        named(name, "").into_iter().chain(rest).collect()
    }

    fn change(name: &str, param: &str, value: impl Into<Value>) -> Map {
        let mut args = named(name, "");
        args.insert(param, value);
        args
    }

    #[test]
    fn services_are_created_changed_and_deleted() {
        let mut account = Account::new();
        let all = map! { "load_balancer" => "mylb1" };
        for (method, args, code) in [
            ("loadbalancer.service.add", new("imap", "203.0.113.21", 143), 0),
            ("loadbalancer.service.add", new("imap", "203.0.113.21", 993), 8),
            ("loadbalancer.service.add", new("other", "203.0.113.21", 143), 7),
            ("loadbalancer.service.add", new("other", "192.0.2.1", 143), 7),
            ("loadbalancer.service.add", new("no.name", "203.0.113.21", 25), 7),
            ("loadbalancer.service.add", new("other", "203.0.113.21", 0), 7),
            ("loadbalancer.service.update", change("imap", "port", 993), 0),
            ("loadbalancer.service.update", change("secure-web", "port", 80), 9),
            ("loadbalancer.service.update", change("web", "virtual_ip", "192.0.2.1"), 9),
            ("loadbalancer.service.update", change("web", "protocol", "udp"), 7),
            ("loadbalancer.service.update", change("nosuch", "port", 80), 3),
            ("loadbalancer.service.info", named("nosuch", ""), 3),
            ("loadbalancer.service.remove", named("web", ""), 9),
            ("loadbalancer.service.remove", named("imap", ""), 0),
            ("loadbalancer.service.remove", named("imap", ""), 3),
            ("loadbalancer.service.list", all.clone(), 0),
            ("loadbalancer.service.list", map! { "load_balancer" => "myserver1" }, 5),
            ("loadbalancer.service.list", map! { "load_balancer" => "nosuch" }, 3),
            ("loadbalancer.service.list", map! { "load_balancer" => "brokenserver1" }, 2),
        ] {
            assert_eq!(account.code(method, args.clone()), code, "{method} {args:?}");
        }
        assert_eq!(account.get("loadbalancer.service.list", all).as_list().unwrap().len(), 2);
    }

    #[test]
    fn only_what_is_given_changes() {
        let mut account = Account::new();
        let before = account.get("loadbalancer.service.info", named("web", ""));
        let after = account.get("loadbalancer.service.update", change("web", "enabled", false));
        assert_eq!(after.get("enabled"), Some(&false.into()));
        let rest = ["name", "virtual_ip", "port", "protocol", "servers"];
        assert!(rest.iter().all(|key| before.get(key) == after.get(key)));
    }
}

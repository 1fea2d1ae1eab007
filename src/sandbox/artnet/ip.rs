//! additional-ip.*, fail-over-ip.switch and ip-blackholing.*: addresses.

use super::handler::{Args, Handlers, Reply};
use super::refusal::Refusal;
use super::services::price;
use super::world::World;
use crate::kit::table::NOBODY;
use crate::kit::values::{int, list, map, nothing, text, texts};
use model::{Map, Value};

pub(super) const HANDLERS: Handlers = &[
    ("additional-ip.order", order),
    ("additional-ip.order-info", order_info),
    ("fail-over-ip.switch", switch),
    ("ip-blackholing.disable", disable),
    ("ip-blackholing.enable", enable),
    ("ip-blackholing.list", list_blackholed),
];

/// The network of all addresses of the account, including those ordered.
const NET: &str = "192.0.2.";
const ORDERED: &str = "203.0.113.";
/// The most additional addresses of a server.
const MOST: i64 = 8;
/// The price of one address, in cents.
const CENTS: i64 = 200;

/// The blackholed addresses of a new sandbox.
pub(super) fn blackholed() -> Vec<(String, &'static str)> {
    vec![(format!("{NET}66"), "admin"), (format!("{NET}68"), "customer")]
}

fn is_own(ip: &str) -> bool {
    ip.starts_with(NET) || ip.starts_with(ORDERED)
}

/// The server that gets addresses, and how many more it may have.
fn parent(world: &World, args: &Args) -> Result<(i64, i64), Refusal> {
    let id = args.int("parent_service_id").unwrap_or_default();
    let server = world.services.find(NOBODY, id);
    let fits = server.is_some_and(|server| ["dedicated", "colocation", "vps"].contains(&text(server, "type")));
    let ordered = world
        .services
        .of(NOBODY)
        .filter(|it| text(it, "type") == "additional-ip" && int(it, "parent_service_id") == id);
    let taken: usize =
        ordered.filter_map(|it| world.details.get(&int(it, "id"))?.get("subnetworks")?.as_list().map(<[_]>::len)).sum();
    match fits {
        true => Ok((id, MOST.saturating_sub(i64::try_from(taken).unwrap_or(MOST)))),
        false => Err(Refusal::of("invalid-parent-service-type")),
    }
}

fn order_info(world: &mut World, args: &Args) -> Reply {
    let (_, most) = parent(world, args)?;
    Ok(map! { "maximum_ips_number" => most, "one_ip_payment_details" => price(CENTS) }.into())
}

fn order(world: &mut World, args: &Args) -> Reply {
    let (parent, most) = parent(world, args)?;
    let count = args.int("ips_number").filter(|count| (1..=most).contains(count));
    let count = count.ok_or(Refusal::of("invalid-ips-number"))?;
    let taken: usize = world.details.values().filter_map(|it| it.get("subnetworks")?.as_list().map(<[_]>::len)).sum();
    let first = i64::try_from(taken).unwrap_or_default() + 10;
    let addresses: Vec<String> = (first..first + count).map(|host| format!("{ORDERED}{host}")).collect();
    let ids = world.order_subnetworks(&addresses);
    let details = map! { "subnetworks" => world.subnetworks(&ids) };
    let id = world.add_service("additional-ip", "IP", (parent, ""), CENTS * count, details);
    let configured = addresses.iter().map(|ip| map! { "ip" => ip.as_str(), "mask" => "255.255.255.255" });
    let configured = list(configured);
    raise(world, parent, &addresses);
    Ok(map! { "service_id" => id, "ips_number" => count, "ips_configuration" => configured }.into())
}

/// Adds the addresses to the details of their server.
fn raise(world: &mut World, parent: i64, addresses: &[String]) {
    let details = world.details.entry(parent).or_default();
    for (network, key) in
        [("network_configuration", "additional_ips"), ("newtwork_configuration", "additional_ips_list")]
    {
        if let Some(Value::Map(network)) = details.get_mut(network) {
            let known = network.get(key).and_then(Value::as_list).unwrap_or_default();
            let known: Vec<String> = known.iter().map(Value::plain).chain(addresses.iter().cloned()).collect();
            network.insert(key, texts(known));
        }
    }
}

fn switch(world: &mut World, args: &Args) -> Reply {
    let id = world.service_of(args, "foip")?;
    let details = world.details.entry(id).or_default();
    let target: Value = args.text("real_ip").into();
    let allowed = details.get("real_ips_allowed_list").and_then(Value::as_list);
    if !allowed.is_some_and(|allowed| allowed.contains(&target)) {
        return Err(Refusal::of("ip-not-allowed"));
    }
    details.insert("real_ip", target);
    Ok(nothing())
}

fn list_blackholed(world: &mut World, _: &Args) -> Reply {
    let entry = |(ip, by): &(String, &str)| -> Map {
        map! { "ip" => ip.as_str(), "type" => *by }
    };
    Ok(list(world.blackholed.iter().map(entry)))
}

fn enable(world: &mut World, args: &Args) -> Reply {
    let ip = args.text("ip");
    if !is_own(ip) {
        return Err(Refusal::of("ip-not-allowed"));
    }
    if world.blackholed.iter().any(|(known, _)| known == ip) {
        return Err(Refusal::of("ip-already-blackholed"));
    }
    world.blackholed.push((ip.to_owned(), "customer"));
    Ok(nothing())
}

fn disable(world: &mut World, args: &Args) -> Reply {
    let ip = args.text("ip");
    match world.blackholed.iter().find(|(known, _)| known == ip) {
        _ if !is_own(ip) => Err(Refusal::of("ip-not-allowed")),
        None => Err(Refusal::of("ip-not-blackholed")),
        Some((_, "admin")) => Err(Refusal::of("admin-blackhole")),
        Some(_) => {
            world.blackholed.retain(|(known, _)| known != ip);
            Ok(nothing())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Client;
    use super::*;

    #[test]
    fn addresses_are_blackholed_and_restored() {
        let mut client = Client::new();
        for (method, ip, code) in [
            ("enable", "192.0.2", "incorrect-ip"),
            ("enable", "198.51.100.1", "ip-not-allowed"),
            ("enable", "192.0.2.10", ""),
            ("enable", "192.0.2.10", "ip-already-blackholed"),
            ("disable", "192.0.2.11", "ip-not-blackholed"),
            ("disable", "192.0.2.66", "admin-blackhole"),
            ("disable", "192.0.2.10", ""),
            ("disable", "192.0.2.68", ""),
        ] {
            assert_eq!(client.code(&format!("ip-blackholing.{method}"), map! { "ip" => ip }), code, "{method} {ip}");
        }
        assert_eq!(
            client.get("ip-blackholing.list", map! {}),
            list([map! { "ip" => "192.0.2.66", "type" => "admin" }])
        );
    }

    #[test]
    fn addresses_are_ordered_up_to_a_limit() {
        let mut client = Client::new();
        let order = |parent: i64, count: i64| map! { "parent_service_id" => parent, "ips_number" => count };
        for (args, code) in [
            (order(12_348, 1), "invalid-parent-service-type"),
            (order(12_345, 0), "invalid-ips-number"),
            (order(12_345, 8), "invalid-ips-number"),
            (order(12_345, 2), ""),
            (order(12_345, 6), "invalid-ips-number"),
        ] {
            assert_eq!(client.code("additional-ip.order", args.clone()), code, "{args:?}");
        }
        let info = client.get("additional-ip.order-info", map! { "parent_service_id" => 12_345 });
        assert_eq!(info.get("maximum_ips_number"), Some(&Value::Int(5)));
        let server = client.get("dedicated.details", map! { "service_id" => 12_345 });
        let network = server.get("network_configuration").unwrap();
        assert_eq!(network.get("additional_ips").unwrap().as_list().unwrap().len(), 2);
        assert_eq!(client.get("additional-ip.list", map! {}).as_list().unwrap().len(), 2);
    }

    #[test]
    fn a_fail_over_address_can_only_be_switched_to_allowed_servers() {
        let mut client = Client::new();
        let to = |id: i64, ip: &str| map! { "service_id" => id, "real_ip" => ip };
        for (args, code) in [
            (to(12_345, "192.0.2.11"), "invalid-service-type"),
            (to(12_353, "192.0.2.99"), "ip-not-allowed"),
            (to(12_353, "nowhere"), "incorrect-param-value"),
            (to(12_353, "192.0.2.11"), ""),
        ] {
            assert_eq!(client.code("fail-over-ip.switch", args.clone()), code, "{args:?}");
        }
        let details = client.get("fail-over-ip.details", map! { "service_id" => 12_353 });
        assert_eq!(details.get("real_ip"), Some(&"192.0.2.11".into()));
    }
}

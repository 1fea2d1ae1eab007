//! services.*, the list and details that all kinds of services have; also domain.edit-dns-servers.

use super::handler::{Args, Handlers, Reply};
use super::refusal::Refusal;
use super::subnetwork;
use super::world::World;
use crate::kit::table::NOBODY;
use crate::kit::values::{decimal, in_pounds, int, list, map, nothing, text, texts};
use model::{Map, Value};

pub(super) const HANDLERS: Handlers = &[
    ("additional-ip.details", |world, args| details(world, args, "additional-ip")),
    ("additional-ip.list", |world, args| listed(world, args, Some("additional-ip"))),
    ("avx.details", |world, args| details(world, args, "avx")),
    ("avx.list", |world, args| listed(world, args, Some("avx"))),
    ("colocation.details", |world, args| details(world, args, "colocation")),
    ("colocation.list", |world, args| listed(world, args, Some("colocation"))),
    ("dedicated.details", |world, args| details(world, args, "dedicated")),
    ("dedicated.list", |world, args| listed(world, args, Some("dedicated"))),
    ("domain.details", |world, args| details(world, args, "domain")),
    ("domain.edit-dns-servers", edit_dns_servers),
    ("domain.list", |world, args| listed(world, args, Some("domain"))),
    ("easyisp.details", |world, args| details(world, args, "easyisp")),
    ("easyisp.list", |world, args| listed(world, args, Some("easyisp"))),
    ("fail-over-ip.details", |world, args| details(world, args, "foip")),
    ("fail-over-ip.list", |world, args| listed(world, args, Some("foip"))),
    ("hosting-artnet.details", |world, args| details(world, args, "hosting-artnet")),
    ("hosting-artnet.list", |world, args| listed(world, args, Some("hosting-artnet"))),
    ("link-service.details", |world, args| details(world, args, "link")),
    ("link-service.list", |world, args| listed(world, args, Some("link"))),
    ("services.details", |world, args| Ok(world.service(args)?.clone().into())),
    ("services.list", |world, args| listed(world, args, args.maybe_text("service_type"))),
    ("software.details", |world, args| details(world, args, "software")),
    ("software.list", |world, args| listed(world, args, Some("software"))),
    ("ssl.details", |world, args| details(world, args, "ssl")),
    ("ssl.list", |world, args| listed(world, args, Some("ssl"))),
    ("vps.details", |world, args| details(world, args, "vps")),
    ("vps.list", |world, args| listed(world, args, Some("vps"))),
];

/// The expiry date of a newly ordered service, and of most of the initial ones.
const EXPIRY: &str = "2012-01-01";
/// The services with other expiry dates, by name.
const SOONER: &[(&str, &str)] = &[
    ("HP DL120 G7 192.0.2.10", "2011-09-15"),
    ("vps1", "2011-08-21"),
    ("example.com", "2011-09-24"),
    ("www.example.com", "2011-08-29"),
    ("vps2", "2011-07-25"),
    ("example.org", "2012-05-12"),
];

/// A service of each kind. The first is that of the example in the provider's document.
pub(super) fn seed(world: &mut World) {
    let hosting = |login: &str| map! { "login" => login, "package" => "Standard" };
    let additional = world.subnetworks(&[subnetwork::ADDITIONAL]);
    let own = world.subnetworks(&[subnetwork::SERVERS]);
    let dedicated = |ip: &str, managed| dedicated(ip, managed, own.clone());
    let rows: Vec<(&str, &str, i64, &str, Map)> = vec![
        ("dedicated", "HP DL120 G7 192.0.2.10", 0, "192.0.2.10", dedicated("192.0.2.10", true)),
        ("colocation", "Rack 1U", 0, "192.0.2.11", colocated("192.0.2.11", own.clone())),
        ("vps", "vps1", 0, "192.0.2.12", vps("192.0.2.12", true)),
        ("domain", "example.com", 0, "", domain("example.com", true)),
        ("additional-ip", "IP", 12_345, "", map! { "subnetworks" => additional }),
        ("avx", "avx1", 0, "", hosting("avx1")),
        ("easyisp", "easy1", 0, "", hosting("easy1")),
        ("hosting-artnet", "host1", 0, "", hosting("host1")),
        ("foip", "Fail-over IP", 0, "192.0.2.40", fail_over()),
        ("link", "Link 100/100", 0, "", link()),
        (
            "software",
            "Panel licence",
            12_345,
            "",
            map! { "licence" => map! { "name" => "Panel", "licences_number" => 1 } },
        ),
        ("ssl", "www.example.com", 0, "", certificate("www.example.com")),
        ("other", "Backup tapes", 0, "", map! {}),
        ("vps", "vps2", 0, "192.0.2.13", vps("192.0.2.13", false)),
        ("dedicated", "Old server", 0, "192.0.2.14", dedicated("192.0.2.14", false)),
        ("domain", "example.org", 0, "", domain("example.org", false)),
    ];
    for (kind, name, parent, ip, details) in rows {
        world.add_service(kind, name, (parent, ip), 52_700, details);
    }
}

fn network(ip: &str, subnetworks: Value) -> Map {
    map! { "ip" => ip, "additional_ips" => texts::<&str>([]), "subnetworks" => subnetworks, "firewall_ruleset_id" => "12" }
}

/// The hardware of every server on offer.
pub(super) fn hardware() -> Map {
    map! {
        "server" => map! { "vendor" => "HP", "model" => "DL120 G7" },
        "cpu" => list([map! { "vendor" => "Intel", "model" => "Xeon E3-1220", "clock" => decimal("3.1"), "cores" => 4, "ht" => false }]),
        "ram" => list([map! { "capacity" => 4, "type" => "DDR3", "speed" => 1333 }]),
        "hdd" => list([map! { "capacity" => 500, "type" => "SATA", "speed" => "7200" }]),
        "hdd_controller" => list([map! { "model" => "B110i", "builtin" => true }]),
    }
}

/// The details of a dedicated server.
pub(super) fn dedicated(ip: &str, managed: bool, subnetworks: Value) -> Map {
    let features = ["ilo_access_management", "power_management", "firewall_management"];
    map! {
        "hardware_configuration" => hardware(),
        "network_configuration" => network(ip, subnetworks),
        "features" => features.into_iter().map(|name| (name, managed)).collect::<Map>(),
        "active" => true,
    }
}

fn colocated(ip: &str, subnetworks: Value) -> Map {
    map! {
        "network_configuration" => network(ip, subnetworks),
        "features" => map! { "power_management" => true, "firewall_management" => true },
        "active" => true,
    }
}

fn vps(ip: &str, active: bool) -> Map {
    map! {
        "newtwork_configuration" => map! { "ip" => ip, "additional_ips_list" => texts::<&str>([]) },
        "features" => map! { "power_management" => true },
        "power_state" => "on",
        "active" => active,
    }
}

fn domain(name: &str, manageable: bool) -> Map {
    let servers = texts(["ns1.artnet.pl", "ns2.artnet.pl"]);
    map! { "domain_name" => name, "manageable" => manageable, "dns_servers" => servers }
}

fn fail_over() -> Map {
    let allowed = texts(["192.0.2.10", "192.0.2.11"]);
    map! { "virtual_ip" => "192.0.2.40", "real_ip" => "192.0.2.10", "real_ips_allowed_list" => allowed }
}

fn link() -> Map {
    let network = map! { "ip" => "192.0.2.50", "mask" => "255.255.255.252", "mask_short" => "/30" };
    map! { "bandwidth" => map! { "up" => 100, "down" => 100 }, "network_configuration" => network }
}

fn certificate(domain: &str) -> Map {
    map! { "domain" => domain, "certificate" => map! { "pl" => "Certyfikat podstawowy", "en" => "Basic certificate" } }
}

/// A monthly price, from the cents without VAT.
pub(super) fn price(cents: i64) -> Map {
    map! {
        "price" => decimal(&in_pounds(cents)),
        "price_brutto" => decimal(&in_pounds(cents * 123 / 100)),
        "currency" => "EUR",
        "payment_period" => 1,
    }
}

impl World {
    /// Adds a service and its details.
    pub(super) fn add_service(
        &mut self,
        kind: &str,
        name: &str,
        (parent, ip): (i64, &str),
        cents: i64,
        details: Map,
    ) -> i64 {
        let expiry = SOONER.iter().find(|(known, _)| *known == name).map_or(EXPIRY, |(_, day)| day);
        let mut service = map! {
            "type" => kind,
            "name" => name,
            "custom_description" => Value::Null,
            "expiration_time" => self.clock.unix_of(expiry),
            "payment_details" => price(cents),
            "parent_service_id" => parent,
        };
        if !ip.is_empty() {
            service.insert("ip", ip);
        }
        let id = int(&self.services.add(NOBODY, service), "id");
        let mut shown = map! { "id" => id };
        crate::kit::values::merge(&mut shown, details);
        self.details.insert(id, shown);
        id
    }

    /// The service of a call.
    fn service(&self, args: &Args) -> Result<&Map, Refusal> {
        let id = args.int("service_id").unwrap_or_default();
        self.services.find(NOBODY, id).ok_or(Refusal::of("authorization-failed"))
    }

    /// The id of a call's service, which must be of that kind.
    pub(super) fn service_of(&self, args: &Args, kind: &str) -> Result<i64, Refusal> {
        let id = args.int("service_id").unwrap_or_default();
        let service = self.services.find(NOBODY, id).filter(|service| text(service, "type") == kind);
        service.map(|_| id).ok_or(Refusal::of("invalid-service-type"))
    }
}

fn details(world: &mut World, args: &Args, kind: &str) -> Reply {
    let id = world.service_of(args, kind).map_err(|_| Refusal::of("authorization-failed"))?;
    let mut details = world.details.get(&id).cloned().unwrap_or_default();
    if kind == "vps" {
        details.insert("power_state", if world.off.contains(&id) { "off" } else { "on" });
    }
    Ok(details.into())
}

fn listed(world: &mut World, args: &Args, kind: Option<&str>) -> Reply {
    let parent = args.int("parent_service_id").filter(|parent| *parent != 0);
    let wanted = |service: &&Map| {
        kind.is_none_or(|kind| text(service, "type") == kind)
            && parent.is_none_or(|parent| int(service, "parent_service_id") == parent)
    };
    Ok(list(page(world.services.of(NOBODY).filter(wanted).cloned(), args)))
}

/// The members selected by `limit` and `offset`.
pub(super) fn page<T>(members: impl Iterator<Item = T>, args: &Args) -> impl Iterator<Item = T> {
    let count = |name: &str| args.int(name).and_then(|number| usize::try_from(number).ok());
    members.skip(count("offset").unwrap_or(0)).take(count("limit").unwrap_or(usize::MAX))
}

fn edit_dns_servers(world: &mut World, args: &Args) -> Reply {
    let id = world.service_of(args, "domain")?;
    let servers = args.texts("dns_servers").unwrap_or_default();
    if servers.len() < 2 {
        return Err(Refusal::of("dns-servers-insufficient"));
    }
    if !servers.iter().all(|name| name.contains('.') && !name.contains(' ')) {
        return Err(Refusal::of("incorrect-param-value"));
    }
    let details = world.details.entry(id).or_default();
    if details.get("manageable") != Some(&Value::Bool(true)) {
        return Err(Refusal::of("edit-dns-error"));
    }
    details.insert("dns_servers", texts(servers));
    Ok(nothing())
}

#[cfg(test)]
mod tests {
    use super::super::seed;
    use super::super::testing::Client;
    use super::*;
    use crate::Options;
    use crate::kit::clock::testing::story;

    #[test]
    fn services_are_listed_by_kind_parent_and_page() {
        let mut client = Client::new();
        for (method, args, first, count) in [
            ("services.list", map! {}, 12_345, 16),
            ("services.list", map! { "limit" => 3, "offset" => 2 }, 12_347, 3),
            ("services.list", map! { "service_type" => "vps" }, 12_347, 2),
            ("services.list", map! { "parent_service_id" => 12_345 }, 12_349, 2),
            ("services.list", map! { "parent_service_id" => 0, "offset" => 15, "limit" => 10 }, 12_360, 1),
            ("vps.list", map! { "offset" => 1 }, 12_358, 1),
            ("fail-over-ip.list", map! {}, 12_353, 1),
            ("link-service.list", map! {}, 12_354, 1),
        ] {
            let listed = client.get(method, args.clone());
            let members = listed.as_list().unwrap();
            assert_eq!((members[0].get("id"), members.len()), (Some(&Value::Int(first)), count), "{method} {args:?}");
        }
    }

    /// On any day, some services expire within two months and others do not; one has expired.
    #[test]
    fn some_services_expire_soon_on_any_day() {
        for days in [0, 1, 213, 5000] {
            let starts = story() + std::time::Duration::from_secs(days * 86_400);
            let world = seed::account(&Options { starts, ..Options::default() });
            let left = world
                .services
                .of(NOBODY)
                .map(|service| (int(service, "expiration_time") - world.clock.unix()).div_euclid(86_400));
            let (past, left): (Vec<i64>, Vec<i64>) = left.partition(|days| *days < 0);
            let soon = left.iter().filter(|days| **days <= 60).count();
            assert_eq!((past, soon, left.len() - soon), (vec![-8], 4, 11), "{days}: {left:?}");
        }
    }

    #[test]
    fn details_are_of_one_kind() {
        let of = |id: i64| map! { "service_id" => id };
        for (method, id, code) in [
            ("services.details", 12_345, ""),
            ("services.details", 1, "authorization-failed"),
            ("dedicated.details", 12_345, ""),
            ("vps.details", 12_345, "authorization-failed"),
            ("vps.details", 12_347, ""),
            ("ssl.details", 12_356, ""),
        ] {
            assert_eq!(Client::new().code(method, of(id)), code, "{method} {id}");
        }
    }

    #[test]
    fn domains_are_delegated() {
        let mut client = Client::new();
        for (id, servers, code) in [
            (12_345, vec!["ns1.example.net", "ns2.example.net"], "invalid-service-type"),
            (12_348, vec!["ns1.example.net"], "dns-servers-insufficient"),
            (12_348, vec!["ns1", "ns 2"], "incorrect-param-value"),
            (12_360, vec!["ns1.example.net", "ns2.example.net"], "edit-dns-error"),
            (12_348, vec!["ns2.example.net", "ns1.example.net"], ""),
        ] {
            let args = map! { "service_id" => id, "dns_servers" => texts(&servers) };
            assert_eq!(client.code("domain.edit-dns-servers", args), code, "{id} {servers:?}");
        }
        let details = client.get("domain.details", map! { "service_id" => 12_348 });
        assert_eq!(details.get("dns_servers"), Some(&texts(["ns2.example.net", "ns1.example.net"])));
    }
}

//! create.*: orders, as a dry run or for real.

mod extras;
mod price;
pub(crate) mod sku;
pub(crate) mod system;

use super::fault::Fault;
use super::handler::{Handlers, Reply};
use super::state::servers::Server;
use super::state::services::{Health, PUBLIC_CLOUD, SERVERS, Service};
use super::world::{Job, World};
use crate::kit::args::Args;
use crate::kit::values::{decimal, list, map, pounds, texts};
use model::Value;
use price::{Discount, Price};
use sku::{Kind, Sku};

pub(super) const HANDLERS: Handlers = &[
    ("create.available", |_, _| Ok(list(sku::offered().map(Sku::show)))),
    ("create.extra_bandwidth", extra_bandwidth),
    ("create.hourly_miniserver", |world, args| order(world, args, Kind::HourlyMiniserver)),
    ("create.memstore", |world, args| order(world, args, Kind::Memstore)),
    ("create.monthly_fullserver", |world, args| order(world, args, Kind::Fullserver)),
    ("create.monthly_miniserver", |world, args| order(world, args, Kind::Miniserver)),
    ("create.openstack_project", |world, args| order(world, args, Kind::Project)),
    ("create.verify_discount_code", verify_discount_code),
];

fn order(world: &mut World, args: &Args, kind: Kind) -> Reply {
    let sku = sku::find("sku", args.text("sku"), kind)?;
    if SERVERS.contains(&kind.service()) {
        let os = args.text("os");
        if !world.servers.has_snapshot(os) {
            system::check(os, sku.ram_mb)?;
        }
        system::check_ssh_key(os, args.maybe_text("pub_ssh_key"))?;
        check_support(args, sku)?;
        extras::check(sku, args)?;
        check_network(world, args)?;
    }
    place(world, args, sku, &Price::of(sku, args)?)
}

/// Checks the support level; Standard VPS have only one level, and no backups.
fn check_support(args: &Args, sku: &Sku) -> Result<(), Fault> {
    let level = args.text("support_level");
    let managed = [
        ("intrusion_detection", "monitored"),
        ("intrusion_detection", "protected"),
        ("monitoring_level", "managed"),
        ("vulnscan", "managed"),
        ("firewall", "managed"),
    ];
    if let Some((param, value)) = managed.iter().find(|(param, value)| args.text(param) == *value && level != "managed")
    {
        return Err(Fault::parameter(param, &format!("{value} requires support_level managed.")));
    }
    let standard_vps = sku.code.starts_with("VPS0");
    if standard_vps && !matches!(level, "" | "infrastructure_only") {
        return Err(Fault::parameter("support_level", "This sku has infrastructure_only."));
    }
    if standard_vps && args.int("backups").is_some() {
        return Err(Fault::parameter("backups", "This sku has no backups."));
    }
    Ok(())
}

/// A rule group and a VLAN must exist, and a rule group needs a firewall that can be managed.
fn check_network(world: &World, args: &Args) -> Result<(), Fault> {
    args.maybe_text("vlan").map(|vlan| world.vlan(vlan)).transpose()?;
    let group = args.maybe_text("firewall_rule_group").map(|group| world.rule_group(group)).transpose()?;
    if group.is_some() && !args.text("firewall").ends_with("managed") {
        return Err(Fault::parameter("firewall_rule_group", "This firewall has no rule group."));
    }
    Ok(())
}

/// Returns the price; unless it is a dry run, creates the invoice and sets the service up.
fn place(world: &mut World, args: &Args, sku: &'static Sku, price: &Price) -> Reply {
    if args.flag("add_to_next_bill") == Some(true) {
        return Err(Fault::parameter("add_to_next_bill", "This account has no consolidated billing."));
    }
    if args.maybe_text("data_zone").is_some_and(|zone| zone != PUBLIC_CLOUD) {
        return Err(Fault::parameter("data_zone", "Please select a valid choice."));
    }
    let dry_run = args.flag("dry_run").unwrap_or(true);
    let mut answer = map! {
        "sku" => sku.code,
        "dry_run" => dry_run,
        "currency" => "GBP",
        // A whole number in the document's own example.
        "net_setup_price" => 0,
        "net_monthly_rental" => pounds(price.monthly),
        "net_total" => pounds(price.total()),
    };
    if let Some(hourly) = sku.hourly {
        answer.insert("net_hourly_inarrears_rental_price", decimal(hourly));
    }
    if let Some(period) = price.period {
        answer.insert("period", period);
    }
    if !dry_run {
        world.check_payment(price.period.is_none())?;
        answer.insert("invoice_ref", world.invoice(price.total(), sku.description));
        answer.insert("add_to_next_bill", false);
        let (name, job) = set_up(world, args, sku, price)?;
        answer.insert("job", job);
        if sku.kind == Kind::Memstore {
            answer.insert("service", name);
        }
    }
    Ok(answer.into())
}

/// Adds the service, on hold until its job is done.
fn set_up(world: &mut World, args: &Args, sku: &Sku, price: &Price) -> Result<(String, Value), Fault> {
    let name = world.services.free_name(sku.kind.stem());
    let zone = if sku.kind == Kind::Memstore { "reading" } else { "dunsfold" };
    world.services.add(Service {
        name: name.clone(),
        status: "ONHOLD",
        nickname: String::new(),
        kind: sku.kind.service(),
        start: world.clock.day_in_months(0),
        expiry: world.clock.day_in_months(price.months()),
        price: price.with_vat(),
        network_zone: args.maybe_text("network_zone").unwrap_or(zone).to_owned(),
        data_zone: PUBLIC_CLOUD.to_owned(),
        health: Health::Sound,
    });
    if SERVERS.contains(&sku.kind.service()) {
        add_server(world, args, sku, &name);
    }
    let live = name.clone();
    let job = Job::setting_up(sku.kind.job(), &name).then(move |world| {
        if let Some(service) = world.services.find_mut(&live) {
            service.status = "LIVE";
        }
    });
    Ok((name, world.start(job)?))
}

fn add_server(world: &mut World, args: &Args, sku: &Sku, name: &str) {
    let default_level = if sku.code.starts_with("VPS0") { "infrastructure_only" } else { "standard" };
    let chosen = |param: &str, default: &str| args.maybe_text(param).unwrap_or(default).to_owned();
    let intrusion_detection = chosen("intrusion_detection", "none");
    world.servers.add(Server {
        firewall_type: chosen("firewall", "none"),
        rule_group: args.maybe_text("firewall_rule_group").and_then(|group| world.rule_group(group).ok()),
        support_level: chosen("support_level", default_level),
        monitoring_level: chosen("monitoring_level", "basic"),
        vulnscan: chosen("vulnscan", "none"),
        alert_level: if intrusion_detection == "none" { 0 } else { 7 },
        intrusion_detection,
        backups: args.int("backups").is_some(),
        ..Server::new(name, sku.code, args.text("os"), &world.servers.free_address())
    });
    if let Some(vlan) = args.maybe_text("vlan") {
        world.join_vlan(vlan, name, false);
    }
}

fn extra_bandwidth(world: &mut World, args: &Args) -> Reply {
    let name = world.services.live_of(args.text("name"), SERVERS)?.name.clone();
    let (amount, dry_run) = (args.int("amount").unwrap_or_default(), args.flag("dry_run").unwrap_or(true));
    let cost = amount * price::BANDWIDTH;
    let mut answer = map! {
        "sku" => format!("BANDWIDTH{amount}"),
        "dry_run" => dry_run,
        "currency" => "GBP",
        "net_setup_price" => pounds(cost),
        "net_monthly_rental" => pounds(0),
        "net_total" => pounds(cost),
    };
    if !dry_run {
        answer.insert("job", world.start(Job::on_service("ADD-BANDWIDTH", &name))?);
        answer.insert("invoice_ref", world.invoice(cost, "Extra bandwidth"));
        answer.insert("add_to_next_bill", false);
    }
    Ok(answer.into())
}

fn verify_discount_code(_: &mut World, args: &Args) -> Reply {
    let code = args.text("discount_code");
    let discount = Discount::find(code).ok_or_else(|| Fault::missing("discount code", "discount_code", code))?;
    Ok(map! {
        "sku" => discount.sku,
        "description" => format!("{} per cent off", discount.percent),
        "incompatible" => texts(["support_level:premium"]),
        "required" => texts::<&str>([]),
    }
    .into())
}

#[cfg(test)]
mod tests {
    use super::super::testing::Account;
    use super::*;
    use model::Map;

    fn miniserver(changes: &[(&str, Value)]) -> Map {
        let mut args = map! { "sku" => "MSVM001", "os" => "debian_buster_64", "dry_run" => true };
        for (name, value) in changes {
            args.insert(*name, value.clone());
        }
        args
    }

    #[test]
    fn choices_change_the_price() {
        for (changes, total) in [
            (vec![], "7.50"),
            (vec![("period", 12.into())], "90.00"),
            (vec![("discount_code", "EXAMPLE10".into())], "6.75"),
            (vec![("vulnscan", "basic".into()), ("backups", 10.into())], "14.00"),
            (vec![("sku", "MSVM002".into()), ("os", "win2016serverstd_64".into())], "25.00"),
        ] {
            let answer = Account::new().get("create.monthly_miniserver", miniserver(&changes));
            assert_eq!(answer.get("net_total"), Some(&decimal(total)), "{changes:?}");
            assert_eq!((answer.get("job"), answer.get("invoice_ref")), (None, None));
        }
    }

    #[test]
    fn invalid_orders_are_refused() {
        for (changes, code) in [
            (vec![("sku", "NOSUCH".into())], 7),
            (vec![("sku", "UFS20".into())], 7),
            (vec![("os", "win2012serverstd_r2_64".into())], 7),
            (vec![("os", "snapshot-mystorage1-myserver1.raw.gz".into())], 0),
            (vec![("os", "snapshot-mystorage1-nosuch".into())], 7),
            (vec![("vulnscan", "managed".into())], 7),
            (vec![("vulnscan", "managed".into()), ("support_level", "managed".into())], 0),
            (vec![("sku", "VPS001".into()), ("backups", 10.into())], 7),
            (vec![("sku", "VPS001".into()), ("support_level", "premium".into())], 7),
            (vec![("discount_code", "NOSUCH".into())], 7),
            (vec![("sku", "MSVM002".into()), ("discount_code", "EXAMPLE10".into())], 7),
            (vec![("add_to_next_bill", true.into())], 7),
            (vec![("data_zone", "Nowhere".into())], 7),
            (vec![("period", 2.into())], 7),
            (vec![("vlan", "nosuch".into())], 3),
            (vec![("vlan", "myserver1".into())], 5),
            (vec![("firewall", "self_managed".into()), ("firewall_rule_group", "nosuch".into())], 3),
            (vec![("firewall", "basic".into()), ("firewall_rule_group", "mygroup-fw1".into())], 7),
        ] {
            let code_found = Account::new().code("create.monthly_miniserver", miniserver(&changes));
            assert_eq!(code_found, code, "{changes:?}");
        }
    }

    #[test]
    fn an_order_becomes_a_server() {
        let mut account = Account::new();
        let answer = account.get("create.monthly_miniserver", miniserver(&[("dry_run", false.into())]));
        assert!(answer.get("invoice_ref").is_some());
        let job = answer.get("job").unwrap();
        assert_eq!((job.get("status"), job.get("service")), (Some(&"AWAITING-PAYMENT".into()), None));
        let before = account.get("server.list", map! {});
        account.wait();
        let job = account.get("job.status", map! { "id" => job.get("id").unwrap().clone() });
        let server = account.get("server.info", map! { "name" => job.get("service").unwrap().clone() });
        assert_eq!(server.get("primary_ip"), Some(&"198.51.100.1".into()));
        assert_eq!(server.get("renewal_price_amount"), Some(&decimal("9.00")));
        let after = account.get("server.list", map! {});
        assert_eq!(after.as_list().unwrap().len(), before.as_list().unwrap().len() + 1);
    }

    #[test]
    fn a_server_comes_with_its_network() {
        let mut account = Account::new();
        let network = [
            ("dry_run", false.into()),
            ("vlan", "myvlan1".into()),
            ("firewall", "self_managed".into()),
            ("firewall_rule_group", "web servers".into()),
        ];
        account.get("create.monthly_miniserver", miniserver(&network));
        account.wait();
        let server = account.get("server.info", map! { "name" => "myserver4" });
        assert_eq!(server.get("vlans").unwrap().get("untagged"), Some(&texts(["myvlan1"])));
        assert_eq!(server.get("firewall_rule_group").unwrap().get("name"), Some(&"mygroup-fw1".into()));
    }

    #[test]
    fn every_offer_can_be_ordered() {
        let offers = Account::new().get("create.available", map! {});
        for offer in offers.as_list().unwrap() {
            let sku = offer.get("sku").unwrap().as_str().unwrap();
            let method = match sku {
                _ if sku.starts_with("MSVH") => "create.hourly_miniserver",
                _ if sku.starts_with("UFS") => "create.monthly_fullserver",
                _ if sku.starts_with("CLOUD") => "create.memstore",
                "OSPROJECT1" => "create.openstack_project",
                _ => "create.monthly_miniserver",
            };
            let mut args = map! { "sku" => sku, "dry_run" => false };
            if method.ends_with("server") {
                args.insert("os", "debian_buster_64");
            }
            assert_eq!(Account::new().code(method, args), 0, "{method} {sku}");
        }
    }

    #[test]
    fn extra_bandwidth_and_discount_codes() {
        let bandwidth =
            |name: &str, amount: i64, dry_run: bool| map! { "name" => name, "amount" => amount, "dry_run" => dry_run };
        for (method, args, code) in [
            ("create.extra_bandwidth", bandwidth("myserver1", 50, true), 0),
            ("create.extra_bandwidth", bandwidth("myserver1", 500, false), 0),
            ("create.extra_bandwidth", bandwidth("myserver1", 51, true), 7),
            ("create.extra_bandwidth", bandwidth("mystorage1", 50, true), 5),
            ("create.verify_discount_code", map! { "discount_code" => "EXAMPLE10" }, 0),
            ("create.verify_discount_code", map! { "discount_code" => "NOSUCH" }, 3),
        ] {
            assert_eq!(Account::new().code(method, args.clone()), code, "{method} {args:?}");
        }
    }
}

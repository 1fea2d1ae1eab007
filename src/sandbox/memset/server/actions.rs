//! server.reboot, server.upgrade and the alert level of intrusion detection.

use super::super::create::sku::{self, Kind};
use super::super::fault::Fault;
use super::super::handler::{Handlers, Reply};
use super::super::state::services::SERVERS;
use super::super::world::{Job, World};
use crate::kit::args::Args;
use crate::kit::values::{map, nothing, pounds};

pub(super) const HANDLERS: Handlers = &[
    ("server.reboot", reboot),
    ("server.set_intrusion_detection_alert_level", set_alert_level),
    ("server.upgrade", upgrade),
];

fn reboot(world: &mut World, args: &Args) -> Reply {
    let name = world.services.live_of(args.text("name"), SERVERS)?.name.clone();
    world.start(Job::on_service("REBOOT", &name).once())
}

fn set_alert_level(world: &mut World, args: &Args) -> Reply {
    let server = world.server(args.text("name"))?;
    if server.intrusion_detection == "none" {
        return Err(Fault::state(format!("Intrusion detection is not enabled on '{}'", server.name)));
    }
    server.alert_level = args.int("alert_level").unwrap_or(server.alert_level);
    Ok(nothing())
}

/// The set-up charge is the increase of the rent for the month that has begun.
fn upgrade(world: &mut World, args: &Args) -> Reply {
    let name = args.text("name").to_owned();
    let old = sku::find("new_sku", &world.miniserver(&name)?.sku, Kind::Miniserver)?;
    let new = sku::find("new_sku", args.text("new_sku"), Kind::Miniserver)?;
    if new.ram_mb <= old.ram_mb {
        return Err(Fault::parameter("new_sku", "Please select a bigger one than the server has now."));
    }
    let rise = new.monthly - old.monthly;
    let dry_run = args.flag("dry_run").unwrap_or(true);
    let mut answer = map! {
        "new_sku" => new.code,
        "dry_run" => dry_run,
        "currency" => "GBP",
        "net_setup_price" => pounds(rise),
        "net_increase" => pounds(rise),
    };
    if !dry_run {
        let job = Job::on_service("UPGRADE-MINISERVER", &name).then(move |world| {
            if let Some(server) = world.servers.find_mut(&name) {
                server.sku = new.code.to_owned();
            }
        });
        let job = world.start(job)?;
        answer.insert("invoice_ref", world.invoice(rise, &format!("Upgrade to {}", new.code)));
        answer.insert("job", job);
    }
    Ok(answer.into())
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Account;
    use super::*;
    use model::Map;

    #[test]
    fn invalid_server_calls_are_refused() {
        let upgrade = |name: &str, sku: &str| map! { "name" => name, "new_sku" => sku, "dry_run" => true };
        let level = |name: &str, level: i64| map! { "name" => name, "alert_level" => level };
        for (method, args, code) in [
            ("server.reboot", map! { "name" => "myserver1", "email_address" => "admin@example.com" }, 0),
            ("server.reboot", map! { "name" => "myserver1", "email_address" => "admin" }, 7),
            ("server.reboot", map! { "name" => "oldserver1" }, 9),
            ("server.reboot", map! { "name" => "mystorage1" }, 5),
            ("server.reboot", map! { "name" => "nosuch" }, 3),
            ("server.upgrade", upgrade("myserver1", "MSVM002"), 0),
            ("server.upgrade", upgrade("myserver1", "MSVM001"), 7),
            ("server.upgrade", upgrade("myserver1", "UFS20"), 7),
            ("server.upgrade", upgrade("myserver3", "MSVM002"), 5),
            ("server.set_intrusion_detection_alert_level", level("myserver1", 15), 0),
            ("server.set_intrusion_detection_alert_level", level("myserver1", 16), 7),
            ("server.set_intrusion_detection_alert_level", level("myserver2", 10), 9),
        ] {
            assert_eq!(Account::new().code(method, args.clone()), code, "{method} {args:?}");
        }
    }

    #[test]
    fn a_second_reboot_is_refused() {
        let mut account = Account::new();
        let codes: Vec<i64> = (0..2).map(|_| account.code("server.reboot", map! { "name" => "myserver1" })).collect();
        account.wait();
        assert_eq!((codes, account.code("server.reboot", map! { "name" => "myserver1" })), (vec![0, 6], 0));
    }

    #[test]
    fn an_upgrade_takes_effect_when_its_job_is_done() {
        let mut account = Account::new();
        let order = |dry_run: bool| -> Map {
            map! { "name" => "myserver1", "new_sku" => "MSVM004", "dry_run" => dry_run }
        };
        let dry = account.get("server.upgrade", order(true));
        assert_eq!((dry.get("job"), dry.get("invoice_ref")), (None, None));
        assert!(account.get("server.upgrade", order(false)).get("invoice_ref").is_some());
        account.wait();
        assert_eq!(account.code("server.upgrade", order(false)), 7);
    }
}

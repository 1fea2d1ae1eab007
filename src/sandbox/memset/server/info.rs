//! server.info, server.list: descriptions of servers.

use super::super::fault::Fault;
use super::super::handler::{Handlers, Reply};
use super::super::state::servers::{Address, Server, host_name};
use super::super::state::services::SERVERS;
use super::super::world::World;
use crate::kit::args::Args;
use crate::kit::random::Random;
use crate::kit::values::{list, map};
use model::{Map, Value};

pub(super) const HANDLERS: Handlers = &[("server.info", info), ("server.list", list_servers)];

/// The traffic of a day is less than this, in bytes.
const BUSIEST: u32 = 2_000_000_000;

impl Address {
    /// The bytes in and out of a day: `today` or `yesterday`.
    pub(crate) fn traffic(&self, day: &str) -> [i64; 2] {
        let mut random = Random::of(&format!("{} {day}", self.address));
        [random.below(BUSIEST), random.below(BUSIEST)]
    }

    fn show(&self) -> Value {
        let [in_yesterday, out_yesterday] = self.traffic("yesterday");
        let [in_today, out_today] = self.traffic("today");
        map! {
            "address" => self.address.as_str(),
            "reverse_map" => self.reverse_map.as_str(),
            "bytes_in_yesterday" => in_yesterday,
            "bytes_out_yesterday" => out_yesterday,
            "bytes_in_today" => in_today,
            "bytes_out_today" => out_today,
        }
        .into()
    }
}

impl Server {
    fn show(&self, world: &World) -> Map {
        let primary = self.addresses.first().map_or("", |address| &address.address);
        map! {
            "name" => self.name.as_str(),
            "host_name" => host_name(&self.name),
            "primary_ip" => primary,
            "ips" => self.addresses.iter().map(Address::show).collect::<Vec<Value>>(),
            "vlans" => world.vlans_of(&self.name),
            "os" => self.os.as_str(),
            "backups" => self.backups,
            "control_panel" => if self.os.contains("cpanel") { "cpanel" } else { "none" },
            "firewall_type" => self.firewall_type.as_str(),
            "firewall_rule_group" => world.rule_group_of(self),
            "monitoring_level" => self.monitoring_level.as_str(),
            "monitor" => self.policy.monitoring,
            "ignore_monitoring_off" => !self.policy.monitoring && !self.policy.reminder_emails,
            "no_nrpe" => false,
            "no_auto_reboot" => !self.policy.auto_reboot,
            "support_level" => self.support_level.as_str(),
            "vulnscan" => self.vulnscan.as_str(),
            "intrusion_detection" => self.intrusion_detection.as_str(),
            "intrusion_detection_alert_level" => self.alert_level,
        }
    }
}

impl World {
    /// The server's own fields, then those of its service.
    fn show_server(&self, server: &Server) -> Result<Map, Fault> {
        let service = self.services.find(&server.name)?.show();
        Ok(server.show(self).into_iter().chain(service).collect())
    }
}

fn info(world: &mut World, args: &Args) -> Reply {
    let name = args.text("name");
    world.services.find_of(name, SERVERS)?;
    let server = world.servers.find(name).ok_or_else(|| Fault::missing("server", "name", name))?;
    Ok(world.show_server(server)?.into())
}

fn list_servers(world: &mut World, args: &Args) -> Reply {
    let status = args.maybe_text("status").unwrap_or("LIVE");
    let wanted = |server: &&Server| world.services.find(&server.name).is_ok_and(|service| service.status == status);
    let shown: Result<Vec<Map>, Fault> =
        world.servers.iter().filter(wanted).map(|server| world.show_server(server)).collect();
    Ok(list(shown?))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Account;
    use super::*;

    #[test]
    fn a_server_is_shown_with_its_service() {
        let mut account = Account::new();
        let server = account.get("server.info", map! { "name" => "myserver1" });
        let service = account.get("service.info", map! { "name" => "myserver1" });
        assert_eq!(server.get("primary_ip"), Some(&"192.0.2.1".into()));
        assert!(service.as_map().unwrap().iter().all(|(key, value)| server.get(key) == Some(value)));
        assert!(account.get("server.list", map! {}).as_list().unwrap().contains(&server));
    }

    #[test]
    fn servers_are_distinguished_from_other_services() {
        for (method, args, code) in [
            ("server.info", map! { "name" => "oldserver1" }, 0),
            ("server.info", map! { "name" => "mystorage1" }, 5),
            ("server.info", map! { "name" => "nosuch" }, 3),
            ("server.list", map! { "status" => "CANCELLED" }, 0),
            ("server.list", map! { "status" => "ONHOLD" }, 7),
        ] {
            assert_eq!(Account::new().code(method, args.clone()), code, "{method} {args:?}");
        }
    }
}

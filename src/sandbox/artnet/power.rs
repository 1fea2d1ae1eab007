//! Power, traffic and management boards of servers.

use super::handler::{Args, Handlers, Reply};
use super::refusal::Refusal;
use super::world::World;
use crate::kit::random::Random;
use crate::kit::values::{list, map, nothing};
use model::Value;

pub(super) const HANDLERS: Handlers = &[
    ("colocation.power-details", |world, args| line(world, args, "colocation")),
    ("colocation.power-off", |world, args| switch(world, args, "colocation", false)),
    ("colocation.power-on", |world, args| switch(world, args, "colocation", true)),
    ("colocation.power-restart", |world, args| switch(world, args, "colocation", true)),
    ("colocation.transfer-usage-details", |world, args| traffic(world, args, "colocation")),
    ("dedicated.ilo-access-disable", disable_ilo),
    ("dedicated.ilo-access-enable", enable_ilo),
    ("dedicated.ilo-details", ilo_details),
    ("dedicated.power-details", |world, args| line(world, args, "dedicated")),
    ("dedicated.power-off", |world, args| switch(world, args, "dedicated", false)),
    ("dedicated.power-on", |world, args| switch(world, args, "dedicated", true)),
    ("dedicated.power-restart", |world, args| switch(world, args, "dedicated", true)),
    ("dedicated.transfer-usage-details", |world, args| traffic(world, args, "dedicated")),
    ("vps.power-off", |world, args| switch_later(world, args, false)),
    ("vps.power-on", |world, args| switch_later(world, args, true)),
    ("vps.power-restart", |world, args| switch(world, args, "vps", true)),
];

/// The first day of the current payment period, and the length of a period in seconds.
const PERIOD: (&str, i64) = ("2011-07-17", 30 * 86_400);

impl World {
    fn has(&self, id: i64, feature: &str) -> bool {
        let features = self.details.get(&id).and_then(|details| details.get("features"));
        features.and_then(|features| features.get(feature)) == Some(&Value::Bool(true))
    }

    fn able(&self, args: &Args, kind: &str, feature: &str) -> Result<i64, Refusal> {
        let id = self.service_of(args, kind)?;
        if self.has(id, feature) { Ok(id) } else { Err(Refusal::of("unsupported-feature")) }
    }
}

impl World {
    /// The server of a call, if its power can be switched.
    fn switchable(&self, args: &Args, kind: &str) -> Result<i64, Refusal> {
        let id = self.able(args, kind, "power_management")?;
        match self.details.get(&id).and_then(|details| details.get("active")) {
            Some(Value::Bool(false)) => Err(Refusal::of("service-suspended")),
            _ => Ok(id),
        }
    }

    fn set_power(&mut self, id: i64, on: bool) {
        if on {
            self.off.remove(&id)
        } else {
            self.off.insert(id)
        };
    }
}

fn switch(world: &mut World, args: &Args, kind: &str, on: bool) -> Reply {
    let id = world.switchable(args, kind)?;
    world.set_power(id, on);
    Ok(nothing())
}

/// A virtual server takes some time to switch.
fn switch_later(world: &mut World, args: &Args, on: bool) -> Reply {
    let id = world.switchable(args, "vps")?;
    world.later(move |world| world.set_power(id, on));
    Ok(nothing())
}

fn line(world: &mut World, args: &Args, kind: &str) -> Reply {
    let id = world.service_of(args, kind)?;
    let state = if world.off.contains(&id) { "off" } else { "on" };
    Ok(map! { "manageable" => world.has(id, "power_management"), "state" => state }.into())
}

/// The traffic of this period and the three before it.
fn traffic(world: &mut World, args: &Args, kind: &str) -> Reply {
    let id = world.service_of(args, kind)?;
    let (start, length) = (world.clock.unix_of(PERIOD.0), PERIOD.1);
    let mut random = Random::of(&id.to_string());
    Ok(list((0..4).map(|back| {
        let from = start - back * length;
        let usage = map! { "up" => random.below(u32::MAX), "down" => random.below(u32::MAX) };
        map! { "time_range" => map! { "from" => from, "to" => from + length }, "transfer_usage" => usage }
    })))
}

fn ilo_details(world: &mut World, args: &Args) -> Reply {
    let id = world.service_of(args, "dedicated")?;
    let open = world.ilo.get(&id);
    let mut shown = map! {
        "available" => world.has(id, "ilo_access_management"),
        "ip" => "198.51.100.10",
        "access_enabled" => open.is_some(),
    };
    if let Some(remote) = open {
        shown.insert("access_ip", remote.as_str());
    }
    Ok(shown.into())
}

fn enable_ilo(world: &mut World, args: &Args) -> Reply {
    let id = world.able(args, "dedicated", "ilo_access_management")?;
    world.ilo.insert(id, args.text("remote_ip").to_owned());
    Ok(nothing())
}

fn disable_ilo(world: &mut World, args: &Args) -> Reply {
    let id = world.able(args, "dedicated", "ilo_access_management")?;
    world.ilo.remove(&id);
    Ok(nothing())
}

#[cfg(test)]
mod tests {
    use super::super::testing::Client;
    use super::*;

    #[test]
    fn switching_power_needs_a_confirmation() {
        for (method, id, confirm, code) in [
            ("vps.power-off", 12_347, "confirm", ""),
            ("vps.power-off", 12_347, "yes", "unconfirmed"),
            ("vps.power-off", 12_358, "confirm", "service-suspended"),
            ("vps.power-off", 12_345, "confirm", "invalid-service-type"),
            ("dedicated.power-off", 12_345, "confirm", ""),
            ("dedicated.power-off", 12_345, "", "unconfirmed"),
            ("dedicated.power-restart", 12_359, "confirm", "unsupported-feature"),
            ("colocation.power-off", 12_346, "confirm", ""),
        ] {
            let args = map! { "service_id" => id, "confirm" => confirm };
            assert_eq!(Client::new().code(method, args), code, "{method} {id} {confirm}");
        }
    }

    #[test]
    fn the_line_and_the_state_show_the_change() {
        let mut client = Client::new();
        let of = |id: i64| map! { "service_id" => id, "confirm" => "confirm" };
        let only = |id: i64| map! { "service_id" => id };
        for (power, state) in [("power-off", "off"), ("power-on", "on"), ("power-restart", "on")] {
            client.get(&format!("vps.{power}"), of(12_347));
            client.get(&format!("dedicated.{power}"), of(12_345));
            client.wait();
            assert_eq!(client.get("vps.details", only(12_347)).get("power_state"), Some(&state.into()));
            assert_eq!(client.get("dedicated.power-details", only(12_345)).get("state"), Some(&state.into()));
        }
    }

    #[test]
    fn a_board_accepts_one_address() {
        let mut client = Client::new();
        let args = |id: i64, ip: &str| map! { "service_id" => id, "remote_ip" => ip };
        for (id, ip, code) in [
            (12_359, "192.0.2.1", "unsupported-feature"),
            (12_345, "x", "incorrect-param-value"),
            (12_345, "192.0.2.1", ""),
        ] {
            assert_eq!(client.code("dedicated.ilo-access-enable", args(id, ip)), code, "{id} {ip}");
        }
        let open = |client: &mut Client| {
            client.get("dedicated.ilo-details", map! { "service_id" => 12_345 }).get("access_ip").cloned()
        };
        assert_eq!(open(&mut client), Some("192.0.2.1".into()));
        client.get("dedicated.ilo-access-disable", map! { "service_id" => 12_345 });
        assert_eq!(open(&mut client), None);
    }
}

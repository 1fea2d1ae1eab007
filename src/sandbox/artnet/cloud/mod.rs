//! cloud-instance.*: virtual instances; calls that change one need its own password.

pub(super) mod setup;

use super::handler::{Args, Handlers, Reply};
use super::refusal::Refusal;
use super::world::World;
use crate::kit::table::NOBODY;
use crate::kit::values::{int, list, map, merge, nothing, text, texts};
use model::{Map, Value};

pub(super) const HANDLERS: Handlers = &[
    ("cloud-instance.action-power-off", |world, args| power(world, args, STOPPED)),
    ("cloud-instance.action-power-on", |world, args| power(world, args, RUNNING)),
    ("cloud-instance.action-power-restart", |world, args| power(world, args, RUNNING)),
    ("cloud-instance.action-reboot", reboot),
    ("cloud-instance.action-shutdown", shutdown),
    ("cloud-instance.custom-properties-edit", edit_properties),
    ("cloud-instance.delete", delete),
    ("cloud-instance.details", details),
    ("cloud-instance.list", list_instances),
    ("cloud-instance.password-change", change_password),
];

const RUNNING: &str = "running";
const STOPPED: &str = "stopped";
/// The management password of a new sandbox's instances, as in the document's examples.
const PASSWORD: &str = "Ex4mple.pass";
/// The instance whose system ignores a shutdown signal.
const STUBBORN: i64 = 679;
/// The characters allowed in passwords besides letters and digits.
const SPECIAL: &str = ".!@#$%^&*()_+-=";
/// The longest display name and notes, in characters.
const LONGEST: (usize, usize) = (35, 10_240);

/// The instances of a new sandbox.
pub(super) fn seed(world: &mut World) {
    for (name, custom, host) in [("vm-678", "web-1", 20), ("vm-679", "stubborn-1", 21), ("vm-680", "db-1", 22)] {
        let network = map! {
            "ip" => format!("192.0.2.{host}"),
            "mask" => "255.255.255.0",
            "gateway_ip" => "192.0.2.1",
            "dns_list" => texts(["198.51.100.53", "203.0.113.53"]),
        };
        let instance = map! {
            "name" => name,
            "vnc_configuration" => map! { "host" => "198.51.100.20", "port" => 5900 + host },
            "resources" => map! { "cpu_cores" => 1, "ram" => 1024, "hdd" => 20, "bandwidth" => 100 },
            "state" => RUNNING,
            "boot_status" => "boot",
            "custom_properties" => map! { "display_name" => custom, "notes" => "" },
            "network_configuration" => network,
        };
        let id = int(&world.instances.add(NOBODY, instance), "id");
        world.passwords.insert(id, PASSWORD.to_owned());
    }
}

impl World {
    /// The id of a call's instance, without checking its password.
    fn instance(&self, args: &Args) -> Result<i64, Refusal> {
        let id = args.int("instance_id").unwrap_or_default();
        self.instances.find(NOBODY, id).map(|_| id).ok_or(Refusal::of("authorization-failed"))
    }

    /// The same, but the call must give the password.
    fn opened(&self, args: &Args) -> Result<i64, Refusal> {
        let id = self.instance(args)?;
        let right = self.passwords.get(&id).is_some_and(|password| password == args.text("instance_password"));
        if right { Ok(id) } else { Err(Refusal::of("instance-password-incorrect")) }
    }

    /// Sets fields of an instance.
    fn set(&mut self, id: i64, fields: Map) {
        if let Some(instance) = self.instances.find_mut(NOBODY, id) {
            merge(instance, fields);
        }
    }

    /// Restarts an instance, by a signal to its system if requested.
    fn restart(&mut self, id: i64, args: &Args, fields: Map) -> Reply {
        let running = self.instances.find(NOBODY, id).is_some_and(|instance| text(instance, "state") == RUNNING);
        if id == STUBBORN && running && args.flag("shutdown") == Some(true) {
            return Err(Refusal::of("instance-unable-shutdown"));
        }
        self.set(id, fields);
        self.set(id, map! { "state" => RUNNING });
        Ok(nothing())
    }

    fn shown(&self, instance: &Map) -> Map {
        let properties = instance.get("custom_properties");
        let custom = properties.and_then(|it| it.get("display_name")).cloned().unwrap_or_default();
        let mut shown = instance.clone();
        merge(&mut shown, map! { "custom_name" => custom, "state_time" => self.clock.unix() });
        shown.insert("price_resources", setup::price(&setup::Resources::of(instance)));
        shown
    }
}

fn list_instances(world: &mut World, _: &Args) -> Reply {
    Ok(list(world.instances.of(NOBODY).map(|instance| {
        let mut shown = world.shown(instance);
        shown.remove("custom_properties");
        shown.remove("network_configuration");
        shown
    })))
}

fn details(world: &mut World, args: &Args) -> Reply {
    let id = world.instance(args)?;
    Ok(world.instances.find(NOBODY, id).map(|instance| world.shown(instance)).unwrap_or_default().into())
}

fn power(world: &mut World, args: &Args, state: &'static str) -> Reply {
    let id = world.opened(args)?;
    world.set(id, map! { "state" => state });
    Ok(nothing())
}

/// The signal is sent; a system that reacts to it takes some time.
fn shutdown(world: &mut World, args: &Args) -> Reply {
    let id = world.opened(args)?;
    if id != STUBBORN {
        world.later(move |world| world.set(id, map! { "state" => STOPPED }));
    }
    Ok(nothing())
}

fn reboot(world: &mut World, args: &Args) -> Reply {
    world.opened(args)?;
    Ok(nothing())
}

fn edit_properties(world: &mut World, args: &Args) -> Reply {
    let id = world.instance(args)?;
    let changes = args.get("custom_properties").and_then(Value::as_map).cloned().unwrap_or_default();
    let length = |name: &str| text(&changes, name).chars().count();
    if length("display_name") > LONGEST.0 {
        return Err(Refusal::of("instance-custom-properties-display-name-too-long"));
    }
    if length("notes") > LONGEST.1 {
        return Err(Refusal::of("instance-custom-properties-notes-too-long"));
    }
    let instance = world.instances.find_mut(NOBODY, id);
    if let Some(Value::Map(properties)) = instance.and_then(|instance| instance.get_mut("custom_properties")) {
        merge(properties, changes);
    }
    Ok(nothing())
}

fn change_password(world: &mut World, args: &Args) -> Reply {
    let id = world.opened(args)?;
    let new = args.text("instance_new_password");
    if !new.chars().all(|c| c.is_ascii_alphanumeric() || SPECIAL.contains(c)) {
        return Err(Refusal::of("password-invalid"));
    }
    world.passwords.insert(id, new.to_owned());
    Ok(nothing())
}

fn delete(world: &mut World, args: &Args) -> Reply {
    let id = world.opened(args)?;
    world.instances.take(NOBODY, id);
    world.passwords.remove(&id);
    Ok(nothing())
}

#[cfg(test)]
mod tests {
    use super::super::testing::Client;
    use super::*;

    fn of(id: i64, changes: Map) -> Map {
        let mut args = map! { "instance_id" => id, "instance_password" => PASSWORD };
        merge(&mut args, changes);
        args
    }

    fn state(client: &mut Client, id: i64) -> String {
        client.get("cloud-instance.details", map! { "instance_id" => id }).get("state").unwrap().plain()
    }

    #[test]
    fn a_shutdown_takes_its_time() {
        let mut client = Client::new();
        for (id, method, at_once, later) in [
            (678, "shutdown", RUNNING, STOPPED),
            (678, "power-on", RUNNING, RUNNING),
            (678, "power-off", STOPPED, STOPPED),
            (678, "power-restart", RUNNING, RUNNING),
            (679, "shutdown", RUNNING, RUNNING),
            (679, "reboot", RUNNING, RUNNING),
        ] {
            client.get(&format!("cloud-instance.action-{method}"), of(id, map! {}));
            assert_eq!(state(&mut client, id), at_once, "{method} {id}");
            client.wait();
            assert_eq!(state(&mut client, id), later, "{method} {id}");
        }
    }

    #[test]
    fn changing_an_instance_needs_its_password() {
        let mut client = Client::new();
        let new = |password: &str| of(678, map! { "instance_new_password" => password });
        for (method, args, code) in [
            ("action-power-off", of(678, map! { "instance_password" => "wrong" }), "instance-password-incorrect"),
            ("action-power-off", of(1, map! {}), "authorization-failed"),
            ("password-change", new("abc"), "password-too-short"),
            ("password-change", new("zażółć"), "password-invalid"),
            ("password-change", new("N3w.example"), ""),
            ("action-power-off", of(678, map! {}), "instance-password-incorrect"),
            ("delete", of(678, map! {}), "instance-password-incorrect"),
            ("delete", of(678, map! { "instance_password" => "N3w.example" }), ""),
            ("details", map! { "instance_id" => 678 }, "authorization-failed"),
        ] {
            assert_eq!(client.code(&format!("cloud-instance.{method}"), args.clone()), code, "{method} {args:?}");
        }
        assert_eq!(client.get("cloud-instance.list", map! {}).as_list().unwrap().len(), 2);
    }

    #[test]
    fn properties_have_lengths() {
        let mut client = Client::new();
        let edit = |properties: Map| map! { "instance_id" => 678, "custom_properties" => properties };
        for (properties, code) in [
            (map! { "display_name" => "n".repeat(36) }, "instance-custom-properties-display-name-too-long"),
            (map! { "notes" => "n".repeat(10_241) }, "instance-custom-properties-notes-too-long"),
            (map! { "display_name" => "ń".repeat(35) }, ""),
            (map! { "notes" => "Front end" }, ""),
        ] {
            assert_eq!(client.code("cloud-instance.custom-properties-edit", edit(properties)), code);
        }
        let details = client.get("cloud-instance.details", map! { "instance_id" => 678 });
        assert_eq!(details.get("custom_name"), Some(&"ń".repeat(35).into()));
        assert_eq!(details.get("custom_properties").unwrap().get("notes"), Some(&"Front end".into()));
    }
}

//! Power actions, which take some time: the answer comes at once and says that one is running.

use super::super::handler::{Args, Handlers, Reply};
use super::super::refusal::Refusal;
use super::super::world::World;
use crate::kit::values::{map, nothing};
use model::{Map, Value};

pub(crate) const HANDLERS: Handlers = &[
    ("virtual_machine.deploy_storage", deploy_storage),
    ("virtual_machine.power_off", power_off),
    ("virtual_machine.power_on", power_on),
    ("virtual_machine.reboot", reboot),
    ("virtual_machine.rebuild", rebuild),
    ("virtual_machine.rebuild_network", rebuild_network),
    ("virtual_machine.reinstall", reinstall),
    ("virtual_machine.reset_password", reset_password),
    ("virtual_machine.shutdown", shutdown),
];

impl World {
    /// Locks a server for a while, then sets some of its fields.
    pub(crate) fn act(&mut self, id: i64, action: &str, after: Map) -> Reply {
        if self.server(id)?.get("power_action_pending") == Some(&Value::Bool(true)) {
            return Err(Refusal::invalid("base", "Another task of this server is pending"));
        }
        self.change(id, map! { "power_action_pending" => true });
        self.log(id, action);
        self.later(move |world| {
            world.change(id, after);
            world.change(id, map! { "power_action_pending" => false });
        });
        Ok(self.shown(self.server(id)?).into())
    }

    fn switch(&mut self, args: &Args, action: &str, from: Option<bool>, to: bool) -> Reply {
        let running = self.server(args.id())?.get("running").and_then(Value::as_bool);
        if from.is_some() && from != running {
            let state = if running == Some(true) { "running" } else { "off" };
            return Err(Refusal::invalid("base", &format!("The server is {state}")));
        }
        self.act(args.id(), action, map! { "running" => to })
    }
}

fn shutdown(world: &mut World, args: &Args) -> Reply {
    world.switch(args, "shutdown", Some(true), false)
}

fn power_off(world: &mut World, args: &Args) -> Reply {
    world.switch(args, "power_off", Some(true), false)
}

fn power_on(world: &mut World, args: &Args) -> Reply {
    world.switch(args, "power_on", Some(false), true)
}

fn reboot(world: &mut World, args: &Args) -> Reply {
    world.switch(args, "reboot", Some(true), true)
}

fn rebuild(world: &mut World, args: &Args) -> Reply {
    world.switch(args, "rebuild", None, true)
}

fn rebuild_network(world: &mut World, args: &Args) -> Reply {
    world.switch(args, "rebuild_network", None, true)
}

fn deploy_storage(world: &mut World, args: &Args) -> Reply {
    world.act(args.id(), "deploy_storage", map! { "delayed_storage" => false, "delayed_storage_until" => Value::Null })
}

fn reinstall(world: &mut World, args: &Args) -> Reply {
    let server = world.server(args.id())?;
    let cloud = server.get("cloud_id").and_then(Value::as_int);
    let template = args.get("system_template_id").or_else(|| server.get("system_template_id")).cloned();
    let template = template.unwrap_or_default();
    let place = world.clouds.iter().find(|known| Some(known.id) == cloud);
    if !place.is_some_and(|cloud| cloud.templates.iter().any(|(id, ..)| template == Value::Int(*id))) {
        return Err(Refusal::invalid("system_template_id", "is not a template of that cloud"));
    }
    if server.get("running") == Some(&Value::Bool(true)) {
        return Err(Refusal::invalid("base", "The server is running"));
    }
    world.act(args.id(), "reinstall", map! { "system_template_id" => template, "running" => true })?;
    Ok(nothing())
}

fn reset_password(world: &mut World, args: &Args) -> Reply {
    let password: String = world.random.id().chars().take(12).collect();
    world.act(args.id(), "reset_password", map! { "running" => true })?;
    world.change(args.id(), map! { "password" => password });
    Ok(world.shown(world.server(args.id())?).into())
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Client;
    use super::*;

    #[test]
    fn actions_require_a_state_and_lead_to_another() {
        for (id, method, status, running) in [
            (1384, "shutdown", 200, false),
            (1384, "power_off", 200, false),
            (1384, "reboot", 200, true),
            (1384, "power_on", 422, true),
            (1384, "reinstall", 422, true),
            (1384, "rebuild_network", 200, true),
            (1384, "reset_password", 200, true),
            (1384, "deploy_storage", 200, true),
            (1386, "shutdown", 422, false),
            (1386, "power_off", 422, false),
            (1386, "reboot", 422, false),
            (1386, "power_on", 200, true),
            (1386, "rebuild", 200, true),
            (1386, "reinstall", 200, true),
            (1, "reboot", 404, false),
        ] {
            let mut client = Client::new();
            let args = || map! { "id" => id };
            assert_eq!(client.status(&format!("virtual_machine.{method}"), args()), status, "{method} {id}");
            if status == 404 {
                continue;
            }
            let state = |client: &mut Client, key: &str| client.get("virtual_machine.get", args()).get(key).cloned();
            let pending = state(&mut client, "power_action_pending");
            assert_eq!(pending, Some(Value::Bool(status == 200)), "{method} {id}");
            client.wait();
            assert_eq!(state(&mut client, "power_action_pending"), Some(false.into()), "{method} {id}");
            assert_eq!(state(&mut client, "running"), Some(running.into()), "{method} {id}");
        }
    }

    #[test]
    fn one_action_at_a_time() {
        let mut client = Client::new();
        let id = || map! { "id" => 1384 };
        let old = client.get("virtual_machine.get", id());
        let new = client.get("virtual_machine.reset_password", id());
        assert_ne!(old.get("password"), new.get("password"));
        assert_eq!(client.status("virtual_machine.reboot", id()), 422);
        assert_eq!(client.status("virtual_machine.reinstall", map! { "id" => 1386, "system_template_id" => 41 }), 422);
    }
}

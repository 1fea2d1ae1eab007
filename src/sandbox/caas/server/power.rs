//! Starting and stopping servers, gracefully or not.

use super::super::fault::Fault;
use super::super::handler::{Handlers, Reply, done};
use super::super::world::World;
use crate::kit::args::Args;

pub(super) const HANDLERS: Handlers = &[
    ("server.power_off", |world, args| switch(world, args, "Power Off", "POWER_OFF_SERVER", true, false)),
    ("server.reboot", |world, args| switch(world, args, "Graceful Reboot", "REBOOT_SERVER", true, true)),
    ("server.reset", |world, args| switch(world, args, "Reset", "RESET_SERVER", true, true)),
    ("server.restart", |world, args| switch(world, args, "Restart", "RESET_SERVER", true, true)),
    ("server.shutdown", |world, args| switch(world, args, "Graceful Shutdown", "SHUTDOWN_SERVER", true, false)),
    ("server.start", |world, args| switch(world, args, "Start", "START_SERVER", false, true)),
    ("server.stop", |world, args| switch(world, args, "Stop", "POWER_OFF_SERVER", true, false)),
    ("server.update_vmware_tools", update_tools),
];

/// Runs an action on a server that must, or must not, be running, and sets whether it is running afterwards.
fn switch(world: &mut World, args: &Args, words: &str, action: &'static str, wanted: bool, runs: bool) -> Reply {
    let id = args.text("server-id");
    let server = world.idle(id)?;
    if wanted != server.started {
        let state = if server.started { "started" } else { "stopped" };
        return Err(Fault::new(40, format!("Server with Id {id} is {state}")));
    }
    world.change(id, action, move |server| server.started = runs)?;
    done(format!("Server \"{words}\" issued"))
}

fn update_tools(world: &mut World, args: &Args) -> Reply {
    let id = args.text("server-id");
    let server = world.idle(id)?;
    if server.tools_current {
        return Err(Fault::new(820, "VMware Tools need no update"));
    }
    if !server.started {
        return Err(Fault::new(821, "VMware Tools are not running"));
    }
    world.change(id, "UPDATE_VMWARE_TOOLS", |server| server.tools_current = true)?;
    done("Server \"update vmware tools\" issued")
}

#[cfg(test)]
mod tests {
    use super::super::super::state::servers::{FAILED, OLD, WEB_1, WEB_2};
    use super::super::super::testing::Organization;
    use crate::kit::values::map;

    #[test]
    fn servers_are_switched_when_they_can_be() {
        for (method, id, reason) in [
            ("server.start", OLD, 0),
            ("server.start", WEB_1, 40),
            ("server.shutdown", WEB_1, 0),
            ("server.shutdown", OLD, 40),
            ("server.power_off", WEB_1, 0),
            ("server.stop", WEB_1, 0),
            ("server.reboot", WEB_1, 0),
            ("server.reset", OLD, 40),
            ("server.restart", WEB_1, 0),
            ("server.start", FAILED, 40),
            ("server.start", "nosuch", 395),
            ("server.update_vmware_tools", WEB_1, 0),
            ("server.update_vmware_tools", WEB_2, 820),
        ] {
            assert_eq!(Organization::new().reason(method, map! { "server-id" => id }), reason, "{method} {id}");
        }
    }

    #[test]
    fn a_busy_server_stays_busy_until_it_is_done() {
        let mut org = Organization::new();
        let old = || map! { "server-id" => OLD };
        org.done("server.start", old());
        assert_eq!(org.reason("server.power_off", old()), 392);
        let server = org.find("server.list", map! {}, "id", OLD).unwrap();
        assert_eq!(
            (server.get("state"), server.get("isStarted")),
            (Some(&"PENDING_CHANGE".into()), Some(&false.into()))
        );
        let status = server.get("status").and_then(|status| status.get("action"));
        assert_eq!(status, Some(&"START_SERVER".into()));
        org.wait();
        let server = org.find("server.list", map! {}, "id", OLD).unwrap();
        assert_eq!((server.get("state"), server.get("isStarted")), (Some(&"NORMAL".into()), Some(&true.into())));
        assert_eq!((server.get("status"), org.reason("server.power_off", old())), (None, 0));
    }
}

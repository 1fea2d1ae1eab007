//! backup.*: the backup services of servers, by plan.

mod client;
mod restore;

use super::fault::Fault;
use super::handler::{Answer, Handlers, Reply, done, rows, value};
use super::state::backups::{Backup, SCHEDULES, STORAGES, TYPES};
use super::world::World;
use crate::kit::args::Args;
use crate::kit::values::map;
use model::Map;

pub(super) const AREAS: &[Handlers] = &[HANDLERS, client::HANDLERS, restore::HANDLERS];
const HANDLERS: Handlers = &[
    ("backup.change_plan", change_plan),
    ("backup.disable", disable),
    ("backup.enable", enable),
    ("backup.get", |world, args| {
        let clock = world.clock.clone();
        value(world.service(args)?.show(&clock))
    }),
    ("backup.list_client_types", client_types),
    ("backup.list_schedule_policies", |world, args| policies(world, args, schedules)),
    ("backup.list_storage_policies", |world, args| policies(world, args, storages)),
];

impl World {
    /// The backup service of a call's server.
    fn service(&mut self, args: &Args) -> Result<&mut Backup, Fault> {
        let id = args.text("server-id");
        self.servers.find(id)?;
        let found = self.backups.0.iter_mut().find(|backup| backup.server == id);
        found.ok_or_else(|| Fault::new(543, "Cloud backup for this server is not enabled"))
    }
}

fn client_types(world: &mut World, args: &Args) -> Reply {
    let essentials = world.service(args)?.plan == "Essentials";
    let types = TYPES.iter().filter(|(_, files, _)| *files || !essentials);
    rows(types.map(|(name, files, words)| map! { "type" => *name, "isFileSystem" => *files, "description" => *words }))
}

fn policies(world: &mut World, args: &Args, all: fn() -> Vec<Map>) -> Reply {
    world.service(args)?;
    rows(all())
}

fn storages() -> Vec<Map> {
    let show = |(name, days): (&str, i64)| {
        let mut shown = map! { "name" => name, "retentionPeriodInDays" => days };
        if name.ends_with("Secondary Copy") {
            shown.insert("secondaryLocation", "NA2");
        }
        shown
    };
    STORAGES.into_iter().map(show).collect()
}

fn schedules() -> Vec<Map> {
    let show = |name: &&str| map! { "name" => *name, "description" => format!("Backups start within {name}") };
    SCHEDULES.iter().map(show).collect()
}

fn enable(world: &mut World, args: &Args) -> Reply {
    let (server, plan) = (args.text("server-id").to_owned(), args.text("servicePlan").to_owned());
    let state = world.servers.find(&server)?.state;
    if world.backups.of(&server).is_some() {
        let words = "Cloud backup for this server is already enabled or being enabled (state: NORMAL).";
        return Err(Fault::new(550, words));
    }
    if state != super::state::servers::NORMAL {
        return Err(Fault::new(378, format!("The server is in the state {state}")));
    }
    let asset = world.new_id();
    world.backups.0.push(Backup { server, asset: asset.clone(), plan, clients: Vec::new() });
    let words = "Backup enabled for Server - see additionalInformation for Asset ID";
    Ok(Answer::Done(words.into(), vec![("assetId", asset)]))
}

fn disable(world: &mut World, args: &Args) -> Reply {
    let backup = world.service(args)?;
    if !backup.clients.is_empty() {
        return Err(Fault::new(548, "The server still has backup clients"));
    }
    let server = backup.server.clone();
    world.idle(&server).map_err(|fault| Fault::new(40, fault.detail))?;
    world.backups.0.retain(|backup| backup.server != server);
    done("Backup disabled for Server")
}

fn change_plan(world: &mut World, args: &Args) -> Reply {
    let plan = args.text("servicePlan").to_owned();
    let backup = world.service(args)?;
    if plan != "Enterprise" && backup.clients.iter().any(|client| !client.is_for_files()) {
        return Err(Fault::new(546, "The server has clients that are not for file systems"));
    }
    if plan == backup.plan {
        return Err(Fault::data("servicePlan", "the server has that plan"));
    }
    backup.plan = plan;
    done("Backup Service Plan changed")
}

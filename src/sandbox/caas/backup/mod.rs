//! backup.*: the backup services of servers, by plan.

mod client;
mod restore;

use super::fault::Fault;
use super::server::{DB_2, WEB_1, WEB_2};
use super::world::World;
use super::{Answer, Handlers, Reply, done, rows, value};
use crate::kit::args::Args;
use crate::kit::clock::Clock;
use crate::kit::values::{list, map};
pub(crate) use client::Client;
use model::{Map, Value};

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

/// Types of clients: name, whether they are for files, what they back up, and the plans that have them.
const TYPES: [(&str, bool, &str); 3] = [
    ("FA.Linux", true, "File system backup for Linux"),
    ("FA.Win", true, "File system backup for Windows"),
    ("MySQL", false, "MySQL databases"),
];
const STORAGES: [(&str, i64); 2] = [("14 Day Storage Policy", 14), ("30 Day Storage Policy + Secondary Copy", 30)];
const SCHEDULES: [&str; 3] = ["12AM - 6AM", "6AM - 12PM", "6PM - 12AM"];

/// The backup service of a server.
#[derive(Clone, Debug)]
pub(crate) struct Backup {
    server: String,
    asset: String,
    plan: String,
    clients: Vec<Client>,
}

impl Backup {
    /// As lists of servers show it.
    pub(crate) fn summary(&self) -> Map {
        map! { "assetId" => self.asset.as_str(), "state" => "NORMAL", "servicePlan" => self.plan.as_str() }
    }

    fn show(&self, clock: &Clock) -> Map {
        let mut shown = self.summary();
        shown.insert("backupClient", list(self.clients.iter().map(|client| client.show(clock))));
        shown
    }
}

/// The backup services of all servers.
#[derive(Debug)]
pub(crate) struct Backups(Vec<Backup>);

impl Backups {
    /// The services of a new sandbox.
    pub(crate) fn seed() -> Backups {
        let row = |server: &str, asset: &str, client: Option<&str>| Backup {
            server: server.into(),
            asset: asset.into(),
            plan: "Advanced".into(),
            clients: client.map(Client::seeded).into_iter().collect(),
        };
        Backups(vec![
            row(WEB_1, "30fea016-db07-4935-919d-bfd18caaae62", Some("2f357232-bc95-4508-a491-d75b5682e925")),
            row(WEB_2, "30fea016-db07-4935-919d-bfd18caaae63", Some("2f357232-bc95-4508-a491-d75b5682e926")),
            row(DB_2, "30fea016-db07-4935-919d-bfd18caaae64", None),
        ])
    }

    /// The service of a server, if it has one.
    pub(crate) fn of(&self, server: &str) -> Option<&Backup> {
        self.0.iter().find(|backup| backup.server == server)
    }

    /// Every client with the plan and the server that it belongs to.
    pub(crate) fn clients(&self) -> impl Iterator<Item = (&Backup, &Client)> {
        self.0.iter().flat_map(|backup| backup.clients.iter().map(move |client| (backup, client)))
    }
}

impl Backup {
    /// The server's id, the id in the backup system, and the plan.
    pub(crate) fn ids(&self) -> (&str, &str, &str) {
        (&self.server, &self.asset, &self.plan)
    }
}

impl World {
    /// The backup service of the server that a call is about.
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
    if state != super::server::NORMAL {
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

/// Whether a value is among the names that may be given.
fn among(args: &Args, name: &str, known: &[&str]) -> Result<String, Fault> {
    let given = args.text(name).trim();
    match known.contains(&given) {
        true => Ok(given.to_owned()),
        false => Err(Fault::data(name, "not one that the server can have")),
    }
}

/// Whether a type of clients is for files; `None` when there is no such type.
fn is_for_files(kind: &str) -> Option<bool> {
    TYPES.iter().find(|(name, ..)| *name == kind).map(|(_, files, _)| *files)
}

/// What a type of clients backs up.
fn words(kind: &str) -> Value {
    TYPES.iter().find(|(name, ..)| *name == kind).map_or(Value::Null, |(_, _, words)| (*words).into())
}

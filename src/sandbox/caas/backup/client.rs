//! The clients of a backup service: what is backed up, when, and how long it is kept.

use super::super::fault::Fault;
use super::super::world::World;
use super::super::{Answer, Handlers, Reply, done};
use super::{Backup, SCHEDULES, STORAGES, TYPES, among, is_for_files, words};
use crate::kit::args::Args;
use crate::kit::clock::Clock;
use crate::kit::values::map;
use model::{Map, Value};

pub(super) const HANDLERS: Handlers =
    &[("backup.client_add", add), ("backup.client_remove", remove), ("backup.client_update", update)];

/// When backups are made on the first day.
const BACKED_UP: &str = "2011-08-01T02:10:00Z";

/// A client.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    /// Its id.
    pub(crate) id: String,
    /// Its type, such as `FA.Linux`.
    pub(crate) kind: String,
    /// How long backups are kept.
    pub(crate) storage: String,
    /// When backups are made.
    pub(crate) schedule: String,
    alerting: Option<Map>,
    /// Whether its installer has run on the server.
    active: bool,
    /// The restore in progress.
    pub(super) job: Option<String>,
}

impl Client {
    /// A client that has run for a while.
    pub(super) fn seeded(id: &str) -> Client {
        Client {
            id: id.into(),
            kind: "FA.Linux".into(),
            storage: "14 Day Storage Policy".into(),
            schedule: "12AM - 6AM".into(),
            alerting: None,
            active: true,
            job: None,
        }
    }

    /// Whether it backs up files.
    pub(super) fn is_for_files(&self) -> bool {
        is_for_files(&self.kind).unwrap_or_default()
    }

    /// Whether anything was backed up.
    pub(super) fn has_data(&self) -> bool {
        self.active
    }

    fn download(&self) -> String {
        format!("https://downloads.example.com/backup/{}", self.id)
    }

    /// As the details of a service show it.
    pub(super) fn show(&self, clock: &Clock) -> Map {
        let mut shown = map! {
            "id" => self.id.as_str(),
            "type" => self.kind.as_str(),
            "isFileSystem" => self.is_for_files(),
            "status" => if self.active { "Active" } else { "Unregistered" },
            "description" => words(&self.kind),
            "schedulePolicyName" => self.schedule.as_str(),
            "storagePolicyName" => self.storage.as_str(),
            "downloadUrl" => self.download(),
        };
        if let Some(alerting) = &self.alerting {
            shown.insert("alerting", alerting.clone());
        }
        if self.active {
            let done = clock.moment().as_str() >= clock.moved(BACKED_UP).as_str();
            let [last, next] = if done { ["2011-08-01", "2011-08-02"] } else { ["2011-07-31", "2011-08-01"] };
            let times = [("lastBackup", last), ("nextBackup", next)];
            shown.insert(
                "times",
                times.map(|(name, time)| (name, clock.date(&format!("{time}T02:10:00")))).into_iter().collect::<Map>(),
            );
            shown.insert("totalBackupSizeGb", 8);
        }
        if let Some(job) = &self.job {
            let job =
                map! { "id" => job.as_str(), "name" => "Restore", "percentageComplete" => 0, "status" => "Running" };
            shown.insert("runningJob", job);
        }
        shown
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        vec![("backupClient.id", self.id.clone()), ("backupClient.downloadUrl", self.download())]
    }
}

impl Backup {
    /// The client with that id, when it has nothing to do.
    pub(super) fn client(&mut self, id: &str) -> Result<&mut Client, Fault> {
        let unknown = || Fault::new(545, format!("Backup client {id} not found"));
        let client = self.clients.iter_mut().find(|client| client.id == id).ok_or_else(unknown)?;
        match client.job {
            Some(_) => Err(Fault::new(547, format!("Backup client {id} has a job in progress"))),
            None => Ok(client),
        }
    }
}

fn policies(args: &Args) -> Result<(String, String, Option<Map>), Fault> {
    let storage = among(args, "storagePolicyName", &STORAGES.map(|(name, _)| name))?;
    let schedule = among(args, "schedulePolicyName", &SCHEDULES)?;
    let alerting = args.get("alerting").and_then(Value::as_map).cloned();
    let complete = |alerting: &Map| {
        let told = alerting.get("emailAddress").and_then(Value::as_list).is_some_and(|to| !to.is_empty());
        told && alerting.get("trigger").is_some()
    };
    match alerting.as_ref().is_none_or(complete) {
        true => Ok((storage, schedule, alerting)),
        false => Err(Fault::data("alerting", "trigger and emailAddress are required")),
    }
}

fn add(world: &mut World, args: &Args) -> Reply {
    let (storage, schedule, alerting) = policies(args)?;
    let kind = among(args, "type", &TYPES.map(|(name, ..)| name))?;
    let id = world.new_id();
    let backup = world.service(args)?;
    if backup.plan != "Enterprise" && is_for_files(&kind) == Some(false) {
        return Err(Fault::data("type", "only the plan Enterprise has clients that are not for file systems"));
    }
    let client = Client { id, kind, storage, schedule, alerting, active: false, job: None };
    let facts = client.facts();
    backup.clients.push(client);
    Ok(Answer::Done("Backup client added".into(), facts))
}

fn remove(world: &mut World, args: &Args) -> Reply {
    let backup = world.service(args)?;
    let id = backup.client(args.text("backup-client-id"))?.id.clone();
    backup.clients.retain(|client| client.id != id);
    done("Backup Client removed")
}

fn update(world: &mut World, args: &Args) -> Reply {
    let (storage, schedule, alerting) = policies(args)?;
    let client = world.service(args)?.client(args.text("backup-client-id"))?;
    (client.storage, client.schedule) = (storage, schedule);
    client.alerting = alerting.or(client.alerting.take());
    Ok(Answer::Done("Backup Client modified".into(), client.facts()))
}

#[cfg(test)]
mod tests {
    use super::super::super::server::{OLD, WEB_1, WEB_3};
    use super::super::super::testing::Organization;
    use super::*;
    use crate::kit::values::texts;

    const CLIENT: &str = "2f357232-bc95-4508-a491-d75b5682e925";

    fn client(server: &str, kind: &str) -> Map {
        map! {
            "server-id" => server, "type" => kind, "storagePolicyName" => "14 Day Storage Policy",
            "schedulePolicyName" => "12AM - 6AM",
        }
    }

    #[test]
    fn backup_refuses_what_it_must() {
        let plan = |server: &str, plan: &str| map! { "server-id" => server, "servicePlan" => plan };
        let of = |server: &str| map! { "server-id" => server };
        let mut half = client(WEB_1, "FA.Linux");
        half.insert("alerting", map! { "trigger" => "ON_FAILURE" });
        for (method, args, reason) in [
            ("backup.enable", plan(WEB_3, "Essentials"), 0),
            ("backup.enable", plan(WEB_1, "Essentials"), 550),
            ("backup.enable", plan(WEB_3, "Golden"), 320),
            ("backup.enable", plan("nosuch", "Essentials"), 395),
            ("backup.enable", plan(super::super::super::server::FAILED, "Essentials"), 378),
            ("backup.disable", of(WEB_1), 548),
            ("backup.disable", of(OLD), 543),
            ("backup.change_plan", plan(WEB_1, "Enterprise"), 0),
            ("backup.change_plan", plan(WEB_1, "Advanced"), 320),
            ("backup.get", of(OLD), 543),
            ("backup.client_add", client(WEB_1, "FA.Linux"), 0),
            ("backup.client_add", client(WEB_1, "MySQL"), 320),
            ("backup.client_add", client(WEB_1, "Tape"), 320),
            ("backup.client_add", half, 320),
            ("backup.client_remove", map! { "server-id" => WEB_1, "backup-client-id" => "nosuch" }, 545),
        ] {
            assert_eq!(Organization::new().reason(method, args.clone()), reason, "{method} {args:?}");
        }
    }

    #[test]
    fn a_service_comes_gets_clients_and_goes() {
        let mut org = Organization::new();
        let of = || map! { "server-id" => WEB_3 };
        let made = org.get("backup.enable", map! { "server-id" => WEB_3, "servicePlan" => "Enterprise" });
        let details = org.get("backup.get", of());
        assert_eq!((details.get("assetId"), details.get("backupClient")), (made.get("id"), None));
        let mut new = client(WEB_3, "MySQL");
        new.insert("alerting", map! { "trigger" => "ON_FAILURE", "emailAddress" => texts(["ops@example.com"]) });
        let id = org.get("backup.client_add", new).get("id").cloned().unwrap();
        assert_eq!(org.reason("backup.change_plan", map! { "server-id" => WEB_3, "servicePlan" => "Advanced" }), 546);
        let shown = org.get("backup.get", of());
        let shown = &shown.get("backupClient").unwrap().as_list().unwrap()[0];
        assert_eq!((shown.get("id"), shown.get("status")), (Some(&id), Some(&"Unregistered".into())));
        org.done("backup.client_remove", map! { "server-id" => WEB_3, "backup-client-id" => id });
        org.done("backup.disable", of());
        assert_eq!(org.reason("backup.get", of()), 543);
    }

    #[test]
    fn a_restore_keeps_its_client_busy() {
        let mut org = Organization::new();
        let of = || map! { "server-id" => WEB_1, "backup-client-id" => CLIENT };
        let job = org.get("backup.restore", of()).get("id").cloned().unwrap();
        let running = |org: &mut Organization| {
            let details = org.get("backup.get", map! { "server-id" => WEB_1 });
            details.get("backupClient").unwrap().as_list().unwrap()[0]
                .get("runningJob")
                .and_then(|j| j.get("id"))
                .cloned()
        };
        assert_eq!((running(&mut org), org.reason("backup.client_remove", of())), (Some(job), 547));
        org.wait();
        assert_eq!((running(&mut org), org.reason("backup.client_remove", of())), (None, 0));
    }
}

//! The clients of a backup service: what is backed up, when, and for how long.

use super::super::fault::Fault;
use super::super::handler::{Answer, Handlers, Reply, done};
use super::super::state::backups::{Client, SCHEDULES, STORAGES, TYPES, among, is_for_files};
use super::super::world::World;
use crate::kit::args::Args;
use model::{Map, Value};

pub(super) const HANDLERS: Handlers =
    &[("backup.client_add", add), ("backup.client_remove", remove), ("backup.client_update", update)];

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
    use super::super::super::state::servers::{OLD, WEB_1, WEB_3};
    use super::super::super::testing::Organization;
    use super::*;
    use crate::kit::values::map;
    use crate::kit::values::texts;

    const CLIENT: &str = "2f357232-bc95-4508-a491-d75b5682e925";

    fn client(server: &str, kind: &str) -> Map {
        map! {
            "server-id" => server, "type" => kind, "storagePolicyName" => "14 Day Storage Policy",
            "schedulePolicyName" => "12AM - 6AM",
        }
    }

    #[test]
    fn invalid_backup_calls_are_refused() {
        let plan = |server: &str, plan: &str| map! { "server-id" => server, "servicePlan" => plan };
        let of = |server: &str| map! { "server-id" => server };
        let mut half = client(WEB_1, "FA.Linux");
        half.insert("alerting", map! { "trigger" => "ON_FAILURE" });
        for (method, args, reason) in [
            ("backup.enable", plan(WEB_3, "Essentials"), 0),
            ("backup.enable", plan(WEB_1, "Essentials"), 550),
            ("backup.enable", plan(WEB_3, "Golden"), 320),
            ("backup.enable", plan("nosuch", "Essentials"), 395),
            ("backup.enable", plan(super::super::super::state::servers::FAILED, "Essentials"), 378),
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
    fn a_service_is_created_gets_clients_and_is_deleted() {
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

//! References between the parts of a new organization lead to existing things.

use std::time::Duration;

use super::super::locations::{LOCATIONS, priced};
use super::super::organization::{KEY, USER};
use super::super::shelf::text;
use super::accounts::Accounts;
use super::audit::Audit;
use super::backups::{Backups, SCHEDULES, STORAGES, TYPES, among, is_for_files};
use super::balancing::{Balancing, FARM, PROBE, PROFILE, REAL, VIP};
use super::files::FilesAccounts;
use super::images::{FAILED, Images};
use super::networks::{MAIN, Networks};
use super::os::Os;
use super::reports::Reports;
use super::servers::Servers;
use super::transfers::Transfers;
use crate::kit::args::Args;
use crate::kit::clock::Clock;
use crate::kit::clock::testing::story;
use crate::kit::values::map;
use model::Value;

fn clock() -> Clock {
    Clock::starting(story())
}

#[test]
fn a_server_is_in_a_network_and_made_from_an_image() {
    let (networks, images, servers) = (Networks::seed(), Images::seed(&clock()), Servers::seed(&clock(), 300));
    for server in servers.iter() {
        let network = networks.find(&server.network).unwrap();
        assert_eq!(network.location, server.location, "{}", server.name);
        assert!(images.usable(&server.image).is_ok(), "{}", server.name);
        assert!(server.labels.iter().all(|label| priced(label).is_some()), "{}", server.name);
        assert_eq!(server.sizes().len(), server.disks.len(), "{}", server.name);
        assert_eq!(servers.find(&server.id).map(|found| found.name.as_str()), Ok(server.name.as_str()));
    }
    let mut inside = servers.iter().take(200);
    assert!(inside.all(|server| networks.find(&server.network).unwrap().holds(&server.ip).is_ok()));
    for rule in servers.rules.on(MAIN) {
        let apart = rule.get("serverSummary").and_then(Value::as_list).unwrap();
        assert!(apart.iter().all(|id| servers.find(&id.plain()).is_ok()), "{rule:?}");
    }
}

#[test]
fn an_image_is_at_a_data_centre_and_one_has_failed() {
    let mut images = Images::seed(&clock());
    assert!(images.all.iter().all(|image| LOCATIONS.contains(&image.location.as_str())));
    assert!(images.find(FAILED).is_ok() && images.usable(FAILED).is_err());
    let own: Vec<String> = images.all.iter().filter(|image| !image.base).map(|image| image.id.clone()).collect();
    assert!(!own.is_empty() && own.iter().all(|id| images.own(id).is_ok()));
    assert!(images.name_is_free("NA1", "LAMP").is_err() && images.name_is_free("NA2", "LAMP").is_ok());
}

#[test]
fn a_backup_is_of_a_server_and_by_a_policy() {
    let (backups, servers) = (Backups::seed(), Servers::seed(&clock(), 0));
    for (backup, client) in backups.clients() {
        assert!(servers.find(&backup.server).is_ok() && backups.of(&backup.server).is_some());
        assert!(STORAGES.iter().any(|(name, _)| *name == client.storage), "{client:?}");
        assert!(SCHEDULES.contains(&client.schedule.as_str()), "{client:?}");
        assert!(TYPES.iter().any(|(name, ..)| *name == client.kind), "{client:?}");
        assert_eq!(client.show(&clock()).get("isFileSystem"), Some(&client.is_for_files().into()));
    }
    assert_eq!([Os::REDHAT, Os::WINDOWS].map(|os| is_for_files(os.client_type())), [Some(true); 2]);
    let args = Args::new(map! { "schedule" => " 12AM - 6AM " });
    assert_eq!(among(&args, "schedule", &SCHEDULES).as_deref(), Ok("12AM - 6AM"));
    assert!(among(&args, "schedule", &["never"]).is_err());
}

#[test]
fn balancing_refers_to_servers() {
    let (balancing, servers) = (Balancing::seed(), Servers::seed(&clock(), 0));
    assert!(balancing.real_servers.on(MAIN).all(|real| servers.find(text(real, "serverId")).is_ok()));
    assert!([REAL, FARM, PROBE, PROFILE, VIP].iter().all(|id| balancing.name(id).is_some()));
    assert!(balancing.holds(MAIN).iter().all(|(holds, ..)| *holds));
}

#[test]
fn users_log_in_and_own_accounts_of_files() {
    let (users, files) = (Accounts::seed(KEY), FilesAccounts::seed());
    assert!(users.admits(USER, KEY) && !users.admits(USER, "wrong"));
    assert!(users.sub_administrators().all(|name| users.find(name).is_some() && name != USER));
    assert_eq!(files.count(), files.0.len());
    for account in &files.0 {
        let admins = account.get("subAdminUsername").and_then(Value::as_list).unwrap();
        assert!(admins.iter().all(|admin| users.sub_administrators().any(|name| name == admin.plain())));
        assert!(files.position(text(account, "userName")).is_ok());
    }
}

#[test]
fn nothing_is_running_at_first() {
    let transfers = Transfers::seed(&clock());
    assert!(transfers.room("exported").is_ok() && transfers.prefix_is_free("new").is_ok());
    assert!(transfers.prefix_is_free("MYIMAGE").is_err());
    assert_eq!(Audit::default().rows().count(), 0);
    assert!(Reports::taking(Duration::ZERO).making.is_empty());
}

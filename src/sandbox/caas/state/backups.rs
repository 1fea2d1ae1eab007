//! The backup services of servers, each with its clients.

use super::super::fault::Fault;
use super::servers::{DB_2, WEB_1, WEB_2};
use crate::kit::args::Args;
use crate::kit::clock::Clock;
use crate::kit::values::{list, map};
use model::{Map, Value};

/// The time of backups on the first day.
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
    pub(crate) alerting: Option<Map>,
    /// Whether its installer has run on the server.
    pub(crate) active: bool,
    /// The running restore.
    pub(crate) job: Option<String>,
}

impl Client {
    /// A client that has existed for a while.
    pub(crate) fn seeded(id: &str) -> Client {
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
    pub(crate) fn is_for_files(&self) -> bool {
        is_for_files(&self.kind).unwrap_or_default()
    }

    /// Whether it has backed up anything.
    pub(crate) fn has_data(&self) -> bool {
        self.active
    }

    fn download(&self) -> String {
        format!("https://downloads.example.com/backup/{}", self.id)
    }

    /// The form in the details of a service.
    pub(crate) fn show(&self, clock: &Clock) -> Map {
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

    pub(crate) fn facts(&self) -> Vec<(&'static str, String)> {
        vec![("backupClient.id", self.id.clone()), ("backupClient.downloadUrl", self.download())]
    }
}

/// Types of clients: name, whether they are for files, what they back up, and the plans that include them.
pub(crate) const TYPES: [(&str, bool, &str); 3] = [
    ("FA.Linux", true, "File system backup for Linux"),
    ("FA.Win", true, "File system backup for Windows"),
    ("MySQL", false, "MySQL databases"),
];

pub(crate) const STORAGES: [(&str, i64); 2] =
    [("14 Day Storage Policy", 14), ("30 Day Storage Policy + Secondary Copy", 30)];

pub(crate) const SCHEDULES: [&str; 3] = ["12AM - 6AM", "6AM - 12PM", "6PM - 12AM"];

/// The backup service of a server.
#[derive(Clone, Debug)]
pub(crate) struct Backup {
    pub(crate) server: String,
    pub(crate) asset: String,
    pub(crate) plan: String,
    pub(crate) clients: Vec<Client>,
}

impl Backup {
    /// The form in lists of servers.
    pub(crate) fn summary(&self) -> Map {
        map! { "assetId" => self.asset.as_str(), "state" => "NORMAL", "servicePlan" => self.plan.as_str() }
    }

    pub(crate) fn show(&self, clock: &Clock) -> Map {
        let mut shown = self.summary();
        shown.insert("backupClient", list(self.clients.iter().map(|client| client.show(clock))));
        shown
    }
}

/// The backup services of all servers.
#[derive(Debug)]
pub(crate) struct Backups(pub(crate) Vec<Backup>);

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

impl Backup {
    /// The client with that id, if it is idle.
    pub(crate) fn client(&mut self, id: &str) -> Result<&mut Client, Fault> {
        let unknown = || Fault::new(545, format!("Backup client {id} not found"));
        let client = self.clients.iter_mut().find(|client| client.id == id).ok_or_else(unknown)?;
        match client.job {
            Some(_) => Err(Fault::new(547, format!("Backup client {id} has a job in progress"))),
            None => Ok(client),
        }
    }
}

/// A value that must be one of the known names.
pub(crate) fn among(args: &Args, name: &str, known: &[&str]) -> Result<String, Fault> {
    let given = args.text(name).trim();
    match known.contains(&given) {
        true => Ok(given.to_owned()),
        false => Err(Fault::data(name, "not one that the server can have")),
    }
}

/// Whether a type of clients is for files; `None` if there is no such type.
pub(crate) fn is_for_files(kind: &str) -> Option<bool> {
    TYPES.iter().find(|(name, ..)| *name == kind).map(|(_, files, _)| *files)
}

/// What a type of clients backs up.
pub(crate) fn words(kind: &str) -> Value {
    TYPES.iter().find(|(name, ..)| *name == kind).map_or(Value::Null, |(_, _, words)| (*words).into())
}

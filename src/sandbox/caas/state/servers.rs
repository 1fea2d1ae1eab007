//! The servers of the organization.

use super::super::fault::Fault;
use super::super::progress::Progress;
use super::super::shelf::Shelf;
use super::networks::MAIN;
use super::os::Os;
use crate::kit::clock::Clock;
use crate::kit::values::{date, map, texts};
use model::Map;

/// The initial servers, with the ids of the documentation's examples.
pub(crate) const WEB_1: &str = "37605271-d650-4d8e-a0b0-ad46b25d0952";
pub(crate) const WEB_2: &str = "2b657232-bc95-4508-a491-d75b5682d925";
pub(crate) const WEB_3: &str = "415a7f70-1008-42a3-8375-5dcf52636cc5";
const DB_1: &str = "40285f24-300f-11e2-b574-1a6dd6e90d84";
pub(crate) const DB_2: &str = "45912c48-90fe-11e2-94d5-43b05675abcd";
pub(crate) const OLD: &str = "5d1a7b1e-0c7e-4b0e-9d1b-3a1f0e5c7a01";
pub(crate) const FAILED: &str = "5d1a7b1e-0c7e-4b0e-9d1b-3a1f0e5c7a02";

/// Idle.
pub(crate) const NORMAL: &str = "NORMAL";

/// A disk.
#[derive(Clone, Debug)]
pub(crate) struct Disk {
    pub(crate) id: String,
    pub(crate) scsi: i64,
    pub(crate) gb: i64,
    pub(crate) speed: String,
    pub(crate) state: &'static str,
}

/// A server.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    /// Its id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    pub(crate) description: String,
    /// Its data centre.
    pub(crate) location: String,
    /// Its network.
    pub(crate) network: String,
    /// Its private address.
    pub(crate) ip: String,
    /// Its operating system.
    pub(crate) os: Os,
    /// Its CPUs.
    pub(crate) cpus: i64,
    /// Its memory in MB.
    pub(crate) memory: i64,
    pub(crate) disks: Vec<Disk>,
    /// Its priced software.
    pub(crate) labels: Vec<String>,
    pub(crate) image: String,
    pub(crate) created: String,
    pub(crate) deployed: bool,
    /// Whether it is running.
    pub(crate) started: bool,
    /// `NORMAL`, or the running operation.
    pub(crate) state: &'static str,
    pub(crate) progress: Option<Progress>,
    /// Whether VMware Tools are up to date.
    pub(crate) tools_current: bool,
}

impl Server {
    /// The sizes of its disks, that of the operating system first.
    pub(crate) fn sizes(&self) -> Vec<i64> {
        self.disks.iter().map(|disk| disk.gb).collect()
    }
}

/// The servers of the organization, and the rules that keep them apart.
#[derive(Debug)]
pub(crate) struct Servers {
    pub(crate) all: Vec<Server>,
    /// Anti-affinity rules, under their networks.
    pub(crate) rules: Shelf,
}

impl Servers {
    /// The servers of a new sandbox, and `more` additional ones.
    pub(crate) fn seed(clock: &Clock, more: usize) -> Servers {
        let rows = [
            (WEB_1, "web-1", true),
            (WEB_2, "web-2", true),
            (WEB_3, "web-3", true),
            (DB_1, "db-1", true),
            (DB_2, "db-2", true),
            (OLD, "old-1", false),
            (FAILED, "failing-1", false),
        ];
        let seeded = |at: i64, id: &str, name: &str, started| Server {
            created: clock.moved(&format!("2011-06-{:02}T10:43:31.000Z", (at + 10).min(29))),
            ..seeded(at, id, name, started)
        };
        let mut all: Vec<Server> =
            (1..).zip(rows).map(|(at, (id, name, started))| seeded(at, id, name, started)).collect();
        if let Some(failed) = all.last_mut() {
            failed.state = "FAILED_ADD";
            failed.deployed = false;
            failed.progress = Some(Progress::failed(
                "DEPLOY_SERVER",
                super::super::organization::USER,
                "The disk could not be copied.",
                clock,
            ));
        }
        all.extend((8..).take(more).map(|at| {
            let id = format!("00000000-0000-4000-8000-{at:012}");
            seeded(at, &id, &format!("more-{at}"), true)
        }));
        Servers { all, rules: rules(clock) }
    }

    /// All servers, the oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Server> {
        self.all.iter()
    }

    /// The server with that id.
    pub(crate) fn find(&self, id: &str) -> Result<&Server, Fault> {
        self.all.iter().find(|server| server.id == id).ok_or_else(|| unknown(id))
    }

    pub(crate) fn find_mut(&mut self, id: &str) -> Result<&mut Server, Fault> {
        self.all.iter_mut().find(|server| server.id == id).ok_or_else(|| unknown(id))
    }
}

pub(crate) fn unknown(id: &str) -> Fault {
    Fault::new(395, format!("Server with Id {id} not found"))
}

fn seeded(at: i64, id: &str, name: &str, started: bool) -> Server {
    let network = super::networks::MAIN;
    let disk = |id: &str, scsi, gb| Disk { id: id.into(), scsi, gb, speed: "STANDARD".into(), state: NORMAL };
    let mut disks = vec![disk(&format!("e1f5c9a0-87d0-400f-aa32-0000000000{at:02}"), 0, 10)];
    if id == WEB_1 {
        disks.push(disk("ef49974c-87d0-400f-aa32-ee43559fdb1b", 1, 50));
    }
    Server {
        id: id.into(),
        name: name.into(),
        description: format!("Example server {name}"),
        location: "NA1".into(),
        network: network.into(),
        ip: format!("192.0.{}.{}", 2 + (at + 10) / 250, (at + 10) % 250),
        os: Os::REDHAT,
        cpus: 2,
        memory: 4096,
        disks,
        labels: vec!["REDHAT5ES64".into()],
        image: super::images::REDHAT.into(),
        created: String::new(),
        deployed: true,
        started,
        state: NORMAL,
        progress: None,
        tools_current: id != WEB_1,
    }
}

/// The rules of a new sandbox.
fn rules(clock: &Clock) -> Shelf {
    let rule =
        rule("4ba40fb1-55db-4d20-8afd-5db9f1b5a339", "NA1", &clock.moved("2011-06-20T09:00:00.000Z"), &[WEB_1, WEB_2]);
    Shelf::of(MAIN, [rule])
}

/// A rule, with the ids of its servers in place of the servers that lists show.
pub(crate) fn rule(id: &str, location: &str, created: &str, servers: &[&str]) -> Map {
    map! {
        "id" => id,
        "location" => location,
        "created" => date(created),
        "state" => "NORMAL",
        "serverSummary" => texts(servers),
    }
}

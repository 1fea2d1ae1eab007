//! report.*: usage and actions, as rows.

use super::fault::Fault;
use super::handler::{Handlers, Reply, rows};
use super::locations;
use super::state::servers::Server;
use super::world::World;
use crate::kit::args::Args;
use crate::kit::values::map;
use model::date::Day;
use model::{Map, Value};

pub(super) const HANDLERS: Handlers = &[
    ("report.audit_log", audit_log),
    ("report.backup_usage", backup_usage),
    ("report.software_units", software_units),
    ("report.usage", usage),
    ("report.usage_detailed", usage_detailed),
];

/// The most days in a report, and in the administrator logs.
const DAYS: i32 = 31;
const LOG_DAYS: i32 = 30;

/// The most usage reports in preparation.
const USAGE_AT_ONCE: usize = 20;

impl World {
    /// Starts a report; refused if too many are in preparation.
    fn begin(&mut self, report: &'static str, at_once: usize) -> Result<(), Fault> {
        let now = self.clock.now();
        self.reports.making.retain(|(_, done)| *done > now);
        if self.reports.making.iter().filter(|(known, _)| *known == report).count() >= at_once {
            return Err(Fault::new(529, "Concurrent request limit has been reached"));
        }
        self.reports.making.push((report, now + self.reports.takes));
        Ok(())
    }
}

/// What happens to a period that is too long.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Excess {
    CutOff,
    Refused,
}

/// The days from one parameter's to another's.
fn days(args: &Args, from: &str, to: &str, most: i32, excess: Excess) -> Result<Vec<Day>, Fault> {
    let bad = |name: &str| Fault::new(520, format!("Invalid Input Date(s): {name}"));
    let day = |name: &str| Day::parse(args.text(name)).ok_or_else(|| bad(name));
    let (first, last) = (day(from)?, day(to)?);
    let length = first.until(last);
    if length < 0 || (length >= most && excess == Excess::Refused) {
        return Err(bad(to));
    }
    let days = (0..=length.min(most - 1)).filter_map(|day| first.later(day));
    Ok(days.collect())
}

fn slashed(day: Day) -> String {
    day.print("%d/%m/%Y")
}

/// A row with zeros in every column that is not given: the others are counts.
fn counted(mut row: Map, zeros: &[&str]) -> Map {
    for name in zeros.iter().filter(|name| row.get(name).is_none()).collect::<Vec<_>>() {
        row.insert(*name, 0);
    }
    row
}

/// Storage hours and similar counts of a server for a day.
fn hours(server: &Server) -> Map {
    let (running, gb) = (i64::from(server.started) * 24, server.sizes().iter().sum::<i64>());
    map! {
        "CPU Hours" => server.cpus * running,
        "RAM Hours" => server.memory / 1024 * running,
        "Storage Hours" => gb * 24,
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn usage(world: &mut World, args: &Args) -> Reply {
    const ZEROS: [&str; 11] = [
        "Performance Storage Hours",
        "Bandwidth In",
        "Bandwidth Out",
        "Cloud Files (GB Days)",
        "Software Units",
        "Essentials Client Days",
        "Enterprise Client Days",
        "Advanced Client Days",
        "Essentials Backups (GB)",
        "Advanced Backups (GB)",
        "Enterprise Backups (GB)",
    ];
    let days = days(args, "startDate", "endDate", DAYS, Excess::CutOff)?;
    world.begin("usage", USAGE_AT_ONCE)?;
    let row = |(day, location): (Day, &str)| {
        let mut row = map! { "DAY" => slashed(day), "Location" => location };
        for field in ["CPU Hours", "RAM Hours", "Storage Hours"] {
            let here = world.servers.iter().filter(|server| server.location == location).map(hours);
            row.insert(field, here.filter_map(|hours| hours.get(field).and_then(Value::as_int)).sum::<i64>());
        }
        let networks = world.networks.iter().filter(|network| network.location == location).count();
        row.insert("Sub-Admin Hours", count(world.accounts.sub_administrators().count()) * 24);
        row.insert("Network Hours", count(networks) * 24);
        row.insert("Public IP Hours", count(networks) * 96);
        row.insert("Cloud Files Account Hours", count(world.files.count()) * 24);
        counted(row, &ZEROS)
    };
    let pairs = days.into_iter().flat_map(|day| locations::LOCATIONS.into_iter().map(move |location| (day, location)));
    rows(pairs.map(row).collect::<Vec<Map>>())
}

/// The columns of the detailed report that are counts.
const DETAILS: [&str; 15] = [
    "CPU Count",
    "RAM (GB)",
    "Storage (GB)",
    "Performance Storage (GB)",
    "CPU Hours",
    "RAM Hours",
    "Storage Hours",
    "Performance Storage Hours",
    "Bandwidth-In (GB)",
    "Bandwidth-Out (GB)",
    "Subadmin Hours",
    "Network Hours",
    "Public IP Hours",
    "Cloud Files Account Hours",
    "Cloud Storage (GB)",
];

fn usage_detailed(world: &mut World, args: &Args) -> Reply {
    let days = days(args, "startDate", "endDate", DAYS, Excess::Refused)?;
    world.begin("usageDetailed", 1)?;
    rows(days.into_iter().flat_map(|day| {
        let next = day.later(1).unwrap_or(day);
        let total = map! { "Name" => format!("TOTAL for {}", day.print("%Y-%m-%d")) };
        things(world).into_iter().chain([total]).map(move |mut row| {
            row.insert("Start Time", format!("{} 00:00", slashed(day)));
            row.insert("End Time", format!("{} 00:00", slashed(next)));
            row.insert("Duration (Hours)", 24);
            counted(row, &DETAILS)
        })
    }))
}

/// The things that are in use all day.
fn things(world: &World) -> Vec<Map> {
    let server = |server: &Server| {
        let mut row = hours(server);
        row.insert("Name", server.name.as_str());
        row.insert("Type", "Server");
        row.insert("Location", server.location.as_str());
        row.insert("Private IP Address", server.ip.as_str());
        row.insert("Status", if server.started { "Running" } else { "Stopped" });
        row.insert("CPU Count", server.cpus);
        row.insert("RAM (GB)", server.memory / 1024);
        row.insert("Storage (GB)", server.sizes().iter().sum::<i64>());
        row
    };
    let other = |name: &str, kind: &str, location: &str, hours: &str| {
        map! { "Name" => name, "Type" => kind, "Location" => location, "Status" => "Running", hours => 24 }
    };
    let networks = world.networks.iter().map(|n| other(&n.name, "Network", &n.location, "Network Hours"));
    let admins = world.accounts.sub_administrators().map(|name| other(name, "Sub-Administrator", "", "Subadmin Hours"));
    world.servers.iter().map(server).chain(networks).chain(admins).collect()
}

fn software_units(world: &mut World, args: &Args) -> Reply {
    let days = days(args, "startDate", "endDate", DAYS, Excess::Refused)?;
    let row = |day: Day, server: &Server, label: &str| {
        let (name, per, started, stopped) = locations::priced(label)?;
        let (running, resting) = if server.started { (24, 0) } else { (0, 24) };
        let times = if per == "CPU" { server.cpus } else { 1 };
        Some(map! {
            "Date" => day.print("%d-%b-%Y"),
            "Location" => server.location.as_str(),
            "Server" => server.name.as_str(),
            "Server ID" => server.id.as_str(),
            "CPU Count" => server.cpus,
            "Software" => name,
            "Units when Started" => started,
            "Units when Stopped" => stopped,
            "Per" => per,
            "Running Hours" => running,
            "Stopped Hours" => resting,
            "Software Units" => (started * running + stopped * resting) * times,
        })
    };
    let servers = || world.servers.iter().flat_map(|server| server.labels.iter().map(move |label| (server, label)));
    rows(
        days.into_iter()
            .flat_map(|day| servers().filter_map(move |(server, label)| row(day, server, label)))
            .collect::<Vec<_>>(),
    )
}

fn backup_usage(world: &mut World, args: &Args) -> Reply {
    let location = args.text("datacenterId");
    world.location(location)?;
    let days = days(args, "fromDate", "toDate", DAYS, Excess::CutOff)?;
    let mut all = Vec::new();
    for day in days {
        for (backup, client) in world.backups.clients() {
            let (id, asset, plan) = backup.ids();
            let Ok(server) = world.servers.find(id) else { continue };
            if server.location != location {
                continue;
            }
            all.push(map! {
                "BackupClientID" => client.id.as_str(),
                "BackupClientType" => client.kind.as_str(),
                "BackupPlan" => plan,
                "BackupSize" => 1,
                "CustomerAssetID" => asset,
                "Date" => slashed(day),
                "EndTime" => "02:20:00",
                "Location" => location,
                "PreviousBackupPlan" => plan,
                "PreviousSchedulePolicy" => client.schedule.as_str(),
                "PreviousStoragePolicy" => client.storage.as_str(),
                "RestoreSize" => 0,
                "SchedulePolicy" => client.schedule.as_str(),
                "ServerID" => id,
                "ServerName" => server.name.as_str(),
                "StartTime" => "02:10:00",
                "StoragePolicy" => client.storage.as_str(),
                "TotalBackupSize" => 8,
                "UsageType" => "SCHEDULED_BACKUP",
            });
        }
    }
    rows(all)
}

fn audit_log(world: &mut World, args: &Args) -> Reply {
    let days = days(args, "startDate", "endDate", LOG_DAYS, Excess::Refused)?;
    let on = |row: &&Map| {
        let day = row.get("Time").and_then(Value::as_str).and_then(Day::parse);
        day.is_some_and(|day| days.contains(&day))
    };
    rows(world.audit.rows().filter(on).cloned())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::state::servers::OLD;
    use super::super::testing::Organization;
    use super::*;
    use crate::Options;

    fn period(first: &str, last: &str) -> Map {
        map! { "startDate" => first, "endDate" => last }
    }

    #[test]
    fn periods_are_cut_off_or_refused() {
        for (method, first, last, found) in [
            ("report.usage", "2013-01-01", "2013-01-08", Ok(24)),
            ("report.usage", "2013-01-01", "2013-12-31", Ok(93)),
            ("report.usage", "2013-01-08", "2013-01-01", Err(520)),
            ("report.usage_detailed", "2013-01-01", "2013-01-01", Ok(13)),
            ("report.usage_detailed", "2013-01-01", "2013-02-01", Err(520)),
            ("report.software_units", "2013-01-01", "2013-01-02", Ok(14)),
            ("report.audit_log", "2013-01-01", "2013-01-31", Err(520)),
            ("report.audit_log", "2013-01-01", "2013-01-30", Ok(0)),
        ] {
            let answer = Organization::new().call(method, period(first, last));
            let count = answer.map(|rows| rows.as_list().map(<[Value]>::len).unwrap());
            assert_eq!(count, found, "{method} {first} {last}");
        }
    }

    #[test]
    fn one_report_too_many_is_refused_until_the_first_is_done() {
        let report_time = Duration::from_secs(60);
        let mut org = Organization::of(&Options { report_time, ..Options::default() });
        let detailed = |org: &mut Organization| org.reason("report.usage_detailed", period("2013-01-01", "2013-01-02"));
        assert_eq!((detailed(&mut org), detailed(&mut org)), (0, 529));
        org.service.world.clock.advance(report_time);
        assert_eq!(detailed(&mut org), 0);
    }

    #[test]
    fn actions_are_logged_with_their_outcome() {
        let mut org = Organization::new();
        org.done("server.start", map! { "server-id" => OLD });
        org.reason("probe.delete", map! { "network-id" => "nosuch", "probe-id" => "p" });
        org.get("server.list", map! {});
        let log = org.get("report.audit_log", period("2011-08-01", "2011-08-02"));
        let rows: Vec<(String, String)> = log
            .as_list()
            .unwrap()
            .iter()
            .map(|row| {
                ["Details", "Response Code"]
                    .map(|name| super::super::write::plain(row.get(name).unwrap_or(&Value::Null)))
            })
            .map(|[details, code]| (details, code))
            .collect();
        let row = |details: &str, code: &str| (details.to_owned(), code.to_owned());
        assert_eq!(
            rows,
            [
                row("ATTEMPT: Start Server 'old-1'", ""),
                row("Start Server 'old-1'", "OK"),
                row("Delete Probe 'p'", "REASON_250"),
            ]
        );
    }
}

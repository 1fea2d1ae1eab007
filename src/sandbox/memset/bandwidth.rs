//! bandwidth.*: made-up traffic, the same for a service every time.

use super::args::Args;
use super::random::Random;
use super::service::Service;
use super::values::{date, float, list, map};
use super::{Handlers, Reply, World};
use model::{Map, Value};

pub(super) const HANDLERS: Handlers =
    &[("bandwidth.info", info), ("bandwidth.monthly_usage", monthly_usage), ("bandwidth.usage", usage)];

/// The kinds of service that have traffic.
const MEASURED: &[&str] = &["miniserver", "fullserver", "cloudstorage", "loadbalancer"];
/// The traffic of a month, in bytes, is less than this.
const BUSIEST: u32 = 4_000_000_000;
/// The transfer in the price of a metered server, in GB a month.
const INCLUSIVE: i64 = 1000;
/// For each period, how many figures there are and how many days are between them; within a day, hours.
const PERIODS: &[(&str, usize, usize)] =
    &[("week", 7, 1), ("month", 30, 1), ("quarter", 13, 7), ("halfyear", 26, 7), ("year", 52, 7)];

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Day {
    year: i64,
    month: i64,
    day: i64,
}

impl Day {
    /// The day of a date as it is on the wire.
    fn of(date: &str) -> Day {
        let part = |from: usize, to: usize| date.get(from..to).and_then(|digits| digits.parse().ok()).unwrap_or(1);
        Day { year: part(0, 4), month: part(4, 6), day: part(6, 8) }
    }

    fn before(self) -> Day {
        let (year, month) = if self.month == 1 { (self.year - 1, 12) } else { (self.year, self.month - 1) };
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        match (self.day, month) {
            (2.., _) => Day { day: self.day - 1, ..self },
            (_, 2) => Day { year, month, day: if is_leap { 29 } else { 28 } },
            (_, 4 | 6 | 9 | 11) => Day { year, month, day: 30 },
            _ => Day { year, month, day: 31 },
        }
    }

    fn at(self, hour: usize) -> Value {
        date(&format!("{}{:02}{:02}T{hour:02}:00:00", self.year, self.month, self.day))
    }
}

/// What is measured of a service: of storage, what goes through the CDN apart.
fn measured(service: &Service) -> &'static [&'static str] {
    match service.kind {
        "cloudstorage" => &["cloudstorage", "cdn"],
        "fullserver" => &["fullserver"],
        "loadbalancer" => &["loadbalancer"],
        _ => &["miniserver"],
    }
}

/// An answer for each thing that is measured of a call's service.
fn for_each(world: &World, args: &Args, answer: impl Fn(&Service, &str) -> Value) -> Reply {
    let service = world.services.live_of(args.text("name"), MEASURED)?;
    Ok(measured(service).iter().map(|what| (*what, answer(service, what))).collect::<Map>().into())
}

impl World {
    /// The bytes in and out of this month, whose first day is today.
    fn traffic_this_month(&self, service: &Service, what: &str) -> [i64; 2] {
        match self.servers.find(&service.name) {
            Some(server) => server.addresses.iter().fold([0, 0], |[all_in, all_out], address| {
                let [bytes_in, bytes_out] = address.traffic("today");
                [all_in + bytes_in, all_out + bytes_out]
            }),
            None => traffic(service, what, "this month"),
        }
    }
}

/// The bytes in and out of some month.
fn traffic(service: &Service, what: &str, month: &str) -> [i64; 2] {
    let mut random = Random::of(&format!("{} {what} {month}", service.name));
    [random.below(BUSIEST), random.below(BUSIEST)]
}

fn info(world: &mut World, args: &Args) -> Reply {
    for_each(world, args, |service, what| {
        let [bytes_in, bytes_out] = world.traffic_this_month(service, what);
        let both = bytes_in + bytes_out;
        let shared = map! {
            "bytes_in" => float(bytes_in),
            "bytes_out" => float(bytes_out),
            "daily_rate" => float(both),
            "predicted" => float(both * 31),
        };
        shared.into_iter().chain(connection(world, service, both)).collect::<Map>().into()
    })
}

/// What is said of servers only: dedicated ones are unmetered, others metered.
fn connection(world: &World, service: &Service, used: i64) -> Map {
    let Some(server) = world.servers.find(&service.name) else { return Map::new() };
    let mut shown = match service.kind {
        "fullserver" => map! { "connection_type" => "unmetered", "contention" => float(5) },
        _ => map! {
            "connection_type" => "metered",
            "remaining" => float((INCLUSIVE * 1_000_000_000 - used).max(0)),
            "inclusive_transfer" => float(INCLUSIVE),
            "bandwidth_bank" => float(0),
        },
    };
    shown.insert("max_burst", float(100));
    let today = server.addresses.iter().map(|address| {
        let [bytes_in, bytes_out] = address.traffic("today");
        map! { address.address.as_str() => map! { "bytes_in" => float(bytes_in), "bytes_out" => float(bytes_out) } }
    });
    shown.insert("ips", list(today));
    shown
}

/// The months of a year from the service's first to the present one.
fn monthly_usage(world: &mut World, args: &Args) -> Reply {
    let today = Day::of(&world.clock.day_in_months(0));
    let year = args.int("year").unwrap_or(today.year);
    for_each(world, args, |service, what| {
        let first = Day::of(&service.start);
        let since = |month: &i64| (year, *month) >= (first.year, first.month);
        let until = |month: &i64| (year, *month) <= (today.year, today.month);
        list((1..=12).filter(|month| since(month) && until(month)).map(|month| {
            let this = (year, month) == (today.year, today.month);
            let month = format!("{year}-{month:02}");
            let [bytes_in, bytes_out] =
                if this { world.traffic_this_month(service, what) } else { traffic(service, what, &month) };
            map! { "date" => date(&month), "bytes_in" => float(bytes_in), "bytes_out" => float(bytes_out) }
        }))
    })
}

fn usage(world: &mut World, args: &Args) -> Reply {
    let yesterday = Day::of(&world.clock.day_in_months(0)).before();
    let mut times: Vec<Value> = match PERIODS.iter().find(|(period, ..)| *period == args.text("period")) {
        Some((_, count, step)) => {
            let days = std::iter::successors(Some(yesterday), |day| Some(day.before()));
            days.step_by(*step).take(*count).map(|day| day.at(0)).collect()
        }
        None => (0..24).rev().map(|hour| yesterday.at(hour)).collect(),
    };
    times.reverse();
    for_each(world, args, |service, what| {
        let mut random = Random::of(&format!("{} {what} {}", service.name, args.text("period")));
        list(times.iter().map(|time| {
            map! {
                "date" => time.clone(),
                "bps_in" => float(random.below(1_000_000)),
                "bps_out" => float(random.below(10_000_000)),
            }
        }))
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::Account;
    use super::*;

    #[test]
    fn a_day_has_one_before() {
        for (day, before) in [
            ("20110801", "20110731T00:00:00"),
            ("20110315", "20110314T00:00:00"),
            ("20110301", "20110228T00:00:00"),
            ("20120301", "20120229T00:00:00"),
            ("20000301", "20000229T00:00:00"),
            ("19000301", "19000228T00:00:00"),
            ("20110101", "20101231T00:00:00"),
            ("20110501", "20110430T00:00:00"),
        ] {
            assert_eq!(Day::of(day).before().at(0), date(before), "{day}");
        }
    }

    #[test]
    fn what_is_shown_depends_on_the_service() {
        let mut account = Account::new();
        for (name, whats, present, absent) in [
            ("myserver1", vec!["miniserver"], vec!["remaining", "ips"], vec!["contention"]),
            ("myserver3", vec!["fullserver"], vec!["contention", "ips"], vec!["remaining"]),
            ("msstore1", vec!["cloudstorage", "cdn"], vec![], vec!["ips", "max_burst", "connection_type"]),
            ("mylb1", vec!["loadbalancer"], vec![], vec!["ips"]),
        ] {
            let info = account.get("bandwidth.info", map! { "name" => name });
            assert_eq!(info.as_map().unwrap().keys().collect::<Vec<_>>(), whats, "{name}");
            let first = info.get(whats[0]).unwrap();
            assert!(present.iter().all(|key| first.get(key).is_some()), "{name}");
            assert!(absent.iter().all(|key| first.get(key).is_none()), "{name}");
        }
        for (name, code) in [("myvlan1", 5), ("nosuch", 3), ("oldserver1", 9), ("busyserver1", 11)] {
            assert_eq!(account.code("bandwidth.info", map! { "name" => name }), code, "{name}");
        }
    }

    #[test]
    fn the_figures_of_this_month_agree() {
        let mut account = Account::new();
        for (name, what) in [("myserver1", "miniserver"), ("msstore1", "cdn")] {
            let info = account.get("bandwidth.info", map! { "name" => name });
            let months = account.get("bandwidth.monthly_usage", map! { "name" => name });
            let last = months.get(what).unwrap().as_list().unwrap().last().cloned().unwrap();
            assert_eq!(last.get("date"), Some(&date("2011-08")), "{name}");
            assert_eq!(last.get("bytes_in"), info.get(what).unwrap().get("bytes_in"), "{name}");
        }
    }

    #[test]
    fn periods_have_their_figures() {
        let mut account = Account::new();
        let mut figures = |method: &str, args: Map| {
            let all = account.get(method, args);
            let all = all.get("fullserver").unwrap().as_list().unwrap();
            let shown = |at: usize| all[at].get("date").and_then(Value::as_str).unwrap().to_owned();
            (all.len(), if all.is_empty() { String::new() } else { format!("{} {}", shown(0), shown(all.len() - 1)) })
        };
        for (year, count, days) in
            [(2009, 0, ""), (2010, 10, "2010-03 2010-12"), (2011, 8, "2011-01 2011-08"), (2012, 0, "")]
        {
            let found = figures("bandwidth.monthly_usage", map! { "name" => "myserver3", "year" => year });
            assert_eq!(found, (count, days.into()), "{year}");
        }
        for (period, count, days) in [
            ("day", 24, "20110731T00:00:00 20110731T23:00:00"),
            ("week", 7, "20110725T00:00:00 20110731T00:00:00"),
            ("month", 30, "20110702T00:00:00 20110731T00:00:00"),
            ("year", 52, "20100808T00:00:00 20110731T00:00:00"),
        ] {
            let found = figures("bandwidth.usage", map! { "name" => "myserver3", "period" => period });
            assert_eq!(found, (count, days.into()), "{period}");
        }
    }
}

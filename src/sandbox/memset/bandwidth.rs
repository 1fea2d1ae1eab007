//! bandwidth.*: made-up traffic, always the same for a service.

use super::handler::{Handlers, Reply};
use super::state::services::Service;
use super::world::World;
use crate::kit::args::Args;
use crate::kit::random::Random;
use crate::kit::values::{date, float, list, map};
use model::date::Day;
use model::{Date, Map, Value};

pub(super) const HANDLERS: Handlers =
    &[("bandwidth.info", info), ("bandwidth.monthly_usage", monthly_usage), ("bandwidth.usage", usage)];

/// The kinds of service that have traffic.
const MEASURED: &[&str] = &["miniserver", "fullserver", "cloudstorage", "loadbalancer"];
/// The traffic of a month is less than this, in bytes.
const BUSIEST: u32 = 4_000_000_000;
/// The transfer included in the price of a metered server, in GB a month.
const INCLUSIVE: i64 = 1000;
/// For each period, the number of figures and the days between them; within a day, hours.
const PERIODS: &[(&str, usize, usize)] =
    &[("week", 7, 1), ("month", 30, 1), ("quarter", 13, 7), ("halfyear", 26, 7), ("year", 52, 7)];

/// The progress of the current month.
struct Month {
    /// Its days up to today.
    so_far: i64,
    /// All its days.
    days: i64,
}

impl Month {
    fn of(today: Day) -> Month {
        let so_far = today.print("%d").parse().unwrap_or(1);
        let first = today.later(1 - so_far);
        let next = first.and_then(|first| first.months_later(1));
        let days = first.zip(next).map_or(so_far, |(first, next)| first.until(next));
        Month { so_far: so_far.into(), days: days.into() }
    }
}

/// An hour of a day, as it is on the wire.
fn at(day: Day, hour: usize) -> Value {
    date(&day.print(&format!("%Y%m%dT{hour:02}:00:00")))
}

/// What is measured for a service: for storage, the CDN traffic separately.
fn measured(service: &Service) -> &'static [&'static str] {
    match service.kind {
        "cloudstorage" => &["cloudstorage", "cdn"],
        "fullserver" => &["fullserver"],
        "loadbalancer" => &["loadbalancer"],
        _ => &["miniserver"],
    }
}

/// An answer for each thing that is measured for a call's service.
fn for_each(world: &World, args: &Args, answer: impl Fn(&Service, &str) -> Value) -> Reply {
    let service = world.services.live_of(args.text("name"), MEASURED)?;
    Ok(measured(service).iter().map(|what| (*what, answer(service, what))).collect::<Map>().into())
}

impl World {
    /// The bytes in and out of this month so far; a server has the same traffic every day as today.
    fn traffic_this_month(&self, service: &Service, what: &str) -> [i64; 2] {
        let days = Month::of(self.clock.today()).so_far;
        match self.servers.find(&service.name) {
            Some(server) => server.addresses.iter().fold([0, 0], |[all_in, all_out], address| {
                let [bytes_in, bytes_out] = address.traffic("today");
                [all_in + bytes_in * days, all_out + bytes_out * days]
            }),
            None => traffic(service, what, "this month"),
        }
    }
}

/// The bytes in and out of a month.
fn traffic(service: &Service, what: &str, month: &str) -> [i64; 2] {
    let mut random = Random::of(&format!("{} {what} {month}", service.name));
    [random.below(BUSIEST), random.below(BUSIEST)]
}

fn info(world: &mut World, args: &Args) -> Reply {
    let month = Month::of(world.clock.today());
    for_each(world, args, |service, what| {
        let [bytes_in, bytes_out] = world.traffic_this_month(service, what);
        let both = bytes_in + bytes_out;
        let daily = both / month.so_far;
        let shared = map! {
            "bytes_in" => float(bytes_in),
            "bytes_out" => float(bytes_out),
            "daily_rate" => float(daily),
            "predicted" => float(daily * month.days),
        };
        shared.into_iter().chain(connection(world, service, both)).collect::<Map>().into()
    })
}

/// Only for servers: dedicated ones are unmetered, others metered.
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

/// The months of a year from the service's first to the current one.
fn monthly_usage(world: &mut World, args: &Args) -> Reply {
    let this = world.clock.today().print("%Y-%m");
    let year = args.int("year").map_or_else(|| this.chars().take(4).collect(), |year| format!("{year:04}"));
    for_each(world, args, |service, what| {
        let first: String = Date::verbatim(&service.start).to_spaced().chars().take(7).collect();
        let months = (1..=12).map(|month| format!("{year}-{month:02}"));
        list(months.filter(|month| (&first..=&this).contains(&month)).map(|month| {
            let this = month == this;
            let [bytes_in, bytes_out] =
                if this { world.traffic_this_month(service, what) } else { traffic(service, what, &month) };
            map! { "date" => date(&month), "bytes_in" => float(bytes_in), "bytes_out" => float(bytes_out) }
        }))
    })
}

fn usage(world: &mut World, args: &Args) -> Reply {
    let today = world.clock.today();
    let days_ago = |days: usize| i32::try_from(days).ok().and_then(|days| today.later(-days));
    let mut times: Vec<Value> = match PERIODS.iter().find(|(period, ..)| *period == args.text("period")) {
        Some((_, count, step)) => {
            let days = (0..*count).filter_map(|back| days_ago(1 + back * step));
            days.map(|day| at(day, 0)).collect()
        }
        None => days_ago(1).map_or_else(Vec::new, |day| (0..24).rev().map(|hour| at(day, hour)).collect()),
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
    fn months_have_their_real_length() {
        for (day, so_far, days) in
            [("2011-08-01", 1, 31), ("2011-02-14", 14, 28), ("2012-02-29", 29, 29), ("2011-04-30", 30, 30)]
        {
            let month = Month::of(Day::parse(day).unwrap());
            assert_eq!((month.so_far, month.days), (so_far, days), "{day}");
        }
    }

    #[test]
    fn the_figures_depend_on_the_service() {
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

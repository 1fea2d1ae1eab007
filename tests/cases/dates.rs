//! Dates of every provider and transport in one form: the filters that people write by themselves are right.

use std::time::{SystemTime, UNIX_EPOCH};

use marsh::model::Date;
use marsh::sandbox::{Options, Server as Sandbox};
use serde_json::Value;

use crate::support::cmd::{Run, World};

const DAY: i64 = 86_400;

/// A list with a field that has dates before and after so many days from now.
const LISTS: [(&[&str], &str, i64); 7] = [
    (&["memset:service.list"], "expiry_date", 60),
    (&["service.list", "-p", "memset", "--transport", "jsonrpc"], "expiry_date", 60),
    (&["service.list", "-p", "memset", "--transport", "json"], "expiry_date", 60),
    (&["memset:server.list"], "expiry_date", 60),
    (&["artnet:services.list"], "expiration_time", 60),
    (&["caas:server.list"], "created", -48),
    (&["vpsnet:invoice.list"], "date_sent", -40),
];

fn seconds(days: i64) -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    i64::try_from(now).unwrap() + days * DAY
}

fn sandbox() -> (Sandbox, World) {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let world = World::of(&sandbox, "");
    (sandbox, world)
}

/// The program with a line and its options; those of the program come first.
fn run(world: &World, words: &[&str]) -> Run {
    let (line, options) = words.split_first().unwrap();
    world.marsh().args(options).arg(line)
}

fn json(run: Run) -> Value {
    let text = run.run().exits(0).stdout;
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn the_filters_that_people_write_are_right_for_every_provider() {
    let (_sandbox, world) = sandbox();
    for (words, field, days) in LISTS {
        let all = json(run(&world, words));
        let limit = Date::of_unix(seconds(days)).unwrap().to_string();
        // Counted here, not by the program: in the common form, dates are in the order of their texts.
        let dates: Vec<&str> = all.as_array().unwrap().iter().map(|row| row[field].as_str().unwrap()).collect();
        let due = dates.iter().filter(|date| **date < limit.as_str()).count();
        assert!(due > 0 && due < dates.len(), "{words:?}: {limit} {dates:?}");
        for date in &dates {
            let form = date.len() >= 10 && &date[4..5] == "-" && (date.len() == 10 || &date[10..11] == "T");
            assert!(form && !date.contains('+') && (date.len() <= 19 || date.ends_with('Z')), "{words:?}: {date}");
        }
        let span = days * DAY;
        for filter in [
            format!("map(select(.{field} < (now + {span} | todate)))"),
            format!("map(select(.{field} < now + {span}))"),
            format!("map(select((.{field} | fromdate) < now + {span}))"),
            format!("map(select(now + {span} >= .{field}))"),
        ] {
            let found = json(run(&world, words).args(["-q", &filter]));
            assert_eq!(found.as_array().unwrap().len(), due, "{words:?} {filter}\n{dates:?}");
        }
        let (from, to) = (Date::of_unix(seconds(0)).unwrap(), Date::of_unix(seconds(days)).unwrap());
        let (from, to) = if days < 0 { (to, from) } else { (from, to) };
        // A day, and what services write for one, is over at its end.
        let since = |date: &str| if date.len() > 19 { from.to_string() } else { from.as_str()[..10].to_owned() };
        let within = dates.iter().filter(|date| **date >= since(date).as_str() && **date < to.as_str()).count();
        let found = json(run(&world, words).args(["-q", &format!("map(select(.{field} | within(\"{days}d\")))")]));
        assert_eq!(found.as_array().unwrap().len(), within, "{words:?} {dates:?}");
        let sorted = json(run(&world, words).args(["--sort", field, "--columns", field]));
        let sorted: Vec<&str> = sorted.as_array().unwrap().iter().map(|row| row[field].as_str().unwrap()).collect();
        assert!(sorted.is_sorted(), "{words:?}: {sorted:?}");
    }
}

/// Whether a text has midnights as ISO 8601 writes them, whatever the day.
fn is_dashed(text: &str) -> bool {
    let mut before = text.split("T00:00:00").collect::<Vec<_>>();
    before.pop();
    before.iter().any(|before| matches!(before.as_bytes(), [.., b'-', b'0'..=b'9', b'0'..=b'9']))
}

/// Whether a text has days as ISO 8601 writes them.
fn has_days(text: &str) -> bool {
    text.as_bytes().windows(10).any(|ten| {
        ten.iter().enumerate().all(|(at, byte)| if at == 4 || at == 7 { *byte == b'-' } else { byte.is_ascii_digit() })
    })
}

#[test]
fn a_bare_key_keeps_the_spelling_of_documents_and_no_other() {
    let (sandbox, world) = sandbox();
    let account = sandbox.accounts().remove(0);
    let bare = |more: &[&str]| world.marsh().to(&account.url, &account.key).arg("service.list").args(more);
    let compact = |text: &str| text.contains("T00:00:00") && !is_dashed(text);
    for format in ["json", "jsonl", "yaml", "xml"] {
        let text = bare(&["-o", format]).run().exits(0).stdout;
        assert!(compact(&text), "{format}: {text}");
        let text = run(&world, &["memset:service.list", "-o", format]).run().exits(0).stdout;
        assert!(is_dashed(&text), "{format}: {text}");
    }
    for words in [&["-q", "."][..], &["--sort", "name"], &["--sort", "expiry_date", "-o", "jsonl"]] {
        let text = bare(words).run().exits(0).stdout;
        assert!(is_dashed(&text), "{words:?}: {text}");
    }
    for format in ["table", "record", "csv"] {
        let text = bare(&["-o", format]).run().exits(0).stdout;
        assert!(has_days(&text) && !text.contains("T00:00:00"), "{format}: {text}");
    }
    let raw = run(&world, &["memset:service.list", "-o", "raw"]).run().exits(0).stdout;
    assert!(compact(&raw), "{raw}");
    // Into a file it passes without being held as a whole.
    bare(&["|", "bare.json"]).run().exits(0);
    run(&world, &["memset:service.list"]).args(["|", "named.json"]).run().exits(0);
    assert!(compact(&world.content("bare.json")));
    assert!(is_dashed(&world.content("named.json")));
    let shown = run(&world, &["memset:service.list"]).run().exits(0).stdout;
    assert_eq!(world.content("named.json"), shown);
}

#[test]
fn a_date_that_was_shown_is_a_date_that_can_be_sent() {
    let (_sandbox, world) = sandbox();
    let script = "invoice.list\nlet day = $_[0].date\ninvoice.list date_gte $day date_lte $day\n";
    let run = world.marsh().args(["-p", "memset", "-o", "jsonl"]).stdin(script).run().exits(0);
    let dates: Vec<Value> = run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let last = dates.last().unwrap();
    assert_eq!(last["date"], dates[0]["date"], "{}", run.stdout);
}

/// A line whose result has a day or a moment as people write it: the field, and its spelling in the answer.
const WRITTEN: [(&[&str], &str, &str); 5] = [
    (&["caas:report.usage", "startDate", "2013-01-01", "endDate", "2013-02-02"], "DAY", "31/01/2013"),
    (
        &["caas:report.usage_detailed", "startDate", "2013-01-30", "endDate", "2013-02-02"],
        "Start Time",
        "01/02/2013 00:00",
    ),
    (&["caas:report.software_units", "startDate", "2013-01-30", "endDate", "2013-02-02"], "Date", "01-Feb-2013"),
    (
        &["caas:report.backup_usage", "datacenterId", "NA1", "fromDate", "2013-10-30", "toDate", "2013-11-02"],
        "Date",
        "01/11/2013",
    ),
    (&["vpsnet:managed_service.list"], "renewal_date", "11 Sep 2011"),
];

#[test]
fn days_as_people_write_them_become_dates_that_can_be_compared() {
    let (_sandbox, world) = sandbox();
    for (line, field, spelling) in WRITTEN {
        let line = |more: &[&str]| world.marsh().args(line).args(more);
        assert!(line(&["-o", "raw"]).run().exits(0).stdout.contains(spelling), "{field}");
        let rows = json(line(&[]));
        let days: Vec<&str> = rows.as_array().unwrap().iter().filter_map(|row| row[field].as_str()).collect();
        let days: Vec<&str> = days.into_iter().filter(|day| !day.is_empty()).collect();
        assert!(!days.is_empty() && days.iter().all(|day| Date::parse(day).is_some_and(|date| date.as_str() == *day)));
        let day = days[days.len() / 2];
        let filter = format!("map(select(.[\"{field}\"] >= \"{day}\")) | length");
        let found: usize = line(&["-q", &filter]).run().exits(0).stdout.trim().parse().unwrap();
        assert_eq!(found, days.iter().filter(|other| **other >= day).count(), "{field}: {days:?}");
        let sorted = json(line(&["--sort", field, "-q", &format!("map(.[\"{field}\"] | select(. != \"\"))")]));
        let sorted: Vec<&str> = sorted.as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert!(sorted.is_sorted() && sorted.len() == days.len(), "{field}: {sorted:?}");
        for format in ["csv", "table"] {
            let text = line(&["-o", format, "--columns", field]).run().exits(0).stdout;
            assert!(text.contains(&day[..10]) && !text.contains(spelling), "{format}: {text}");
        }
    }
}

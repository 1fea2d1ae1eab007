//! How many instructions the program takes, beside the numbers that are kept: a slow-down is seen here, however busy the
//! machine is.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::support::KEY;
use crate::support::cmd::{Run, World};
use crate::support::raw::{Peer, result};

const KEPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/counts.toml");

/// The numbers that are kept.
#[derive(Deserialize)]
struct Kept {
    compiler: String,
    tolerance: f64,
    counts: BTreeMap<String, u64>,
}

#[test]
fn the_program_takes_no_more_instructions_than_are_kept() {
    let kept: Kept = toml::from_str(&std::fs::read_to_string(KEPT).unwrap()).unwrap();
    if let Some(reason) = incomparable(&kept.compiler) {
        // Not `eprintln`, which shows only what a failed test says.
        return std::io::stderr().write_all(format!("instructions are not counted: {reason}\n").as_bytes()).unwrap();
    }
    let peer = |records| Peer::saying(result(&list(records)));
    let (short, long) = (peer(20), peer(1_200));
    let call = |run: Run, peer: &Peer| run.args(["-k", KEY, "-u"]).arg(peer.url()).arg("service.list");
    let found = [
        ("start-up", counted(|run| run.arg("--version"))),
        ("one call, 15 kB", counted(|run| call(run, &short))),
        ("1 MB into a file", counted(|run| call(run, &long).args(["|", "list.json"]))),
    ];
    let table: String = found.iter().map(|(label, count)| format!("{label:?} = {count}\n")).collect();
    if std::env::var_os("MARSH_BLESS").is_some() {
        let text = std::fs::read_to_string(KEPT).unwrap();
        let (head, _) = text.split_once("[counts]\n").unwrap();
        return std::fs::write(KEPT, format!("{head}[counts]\n{table}")).unwrap();
    }
    for (label, count) in found {
        let more = count as f64 / kept.counts[label] as f64 - 1.0;
        assert!(
            more <= kept.tolerance,
            "{label}: {:.0} % more instructions than in tests/counts.toml:\n{table}",
            more * 100.0
        );
    }
}

/// Why the numbers cannot be compared here.
fn incomparable(compiler: &str) -> Option<String> {
    let says = |program: &str| {
        let output = Command::new(program).arg("--version").stderr(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    if !cfg!(all(target_arch = "x86_64", target_os = "linux", debug_assertions)) {
        return Some("the numbers are those of the development build on x86-64 Linux".to_owned());
    }
    if says("valgrind").is_none() {
        return Some("valgrind is not installed".to_owned());
    }
    let own = says(option_env!("RUSTC").unwrap_or("rustc"));
    let is_other = own.as_deref() != Some(compiler);
    is_other.then(|| format!("the numbers are those of {compiler}, not of {}", own.unwrap_or_default()))
}

/// The instructions of a run in a world of its own.
fn counted(given: impl FnOnce(Run) -> Run) -> u64 {
    let world = World::new();
    let script = "exec valgrind --tool=callgrind --callgrind-out-file=/dev/null --log-file=log \"$@\"";
    let run = given(world.marsh()).through(script).into_file(std::fs::File::create(world.at("out")).unwrap());
    // Counting takes fifty times as long, so no time is too long.
    let ended = run.spawn().wait_with_output().unwrap();
    let log = world.content("log");
    assert!(ended.status.success(), "{} {log}", String::from_utf8_lossy(&ended.stderr));
    let count = log.lines().find_map(|line| line.split_once("Collected : ")).map(|(_, count)| count.trim().parse());
    count.unwrap_or_else(|| panic!("no count in {log}")).unwrap()
}

/// The value of a list of that many services, each in 800 bytes.
fn list(records: usize) -> String {
    let member = |(name, kind, text): (&str, &str, &str)| {
        format!("<member>\n<name>{name}</name>\n<value><{kind}>{text}</{kind}></value>\n</member>\n")
    };
    let record = |at: usize| {
        let (name, nickname) = (format!("mydomain{at}"), format!("R&amp;D — no. {at}"));
        let members = [
            ("status", "string", "LIVE"),
            ("renewal_price_currency", "string", "GBP"),
            ("type", "string", "domain"),
            ("name", "string", &name),
            ("expiry_date", "dateTime.iso8601", "20270301T00:00:00"),
            ("renewal_price_amount", "double", "12.34"),
            ("nickname", "string", &nickname),
            ("start_date", "dateTime.iso8601", "20090301T00:00:00"),
            ("renewal_price_vat", "double", "2.46"),
        ];
        format!("<value><struct>\n{}</struct></value>\n", members.map(member).concat())
    };
    format!("<array><data>\n{}</data></array>", (0..records).map(record).collect::<String>())
}

//! Tab over 5,000 methods and 50,000 values that were seen, inside this process: what a key asks for, without the terminal.

use std::borrow::Cow;
use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use history::{Account, Journal, MOST_SEEN, Object, Sighting};
use marsh::complete::{self, Context, Seen, Words};
use marsh::model::{Remembered, Sought};
use marsh::registry::catalog::Catalog;
use marsh::registry::{Registry, Source, embedded};

const METHODS: usize = 5_000;
const ROUNDS: usize = 101;

/// What is typed, and what is asked for there.
const LINES: &[(&str, &str)] = &[
    ("group7.m", "a method by its beginning"),
    ("gr4.met12", "a method by its parts"),
    ("dns.zone_info id ", "an id, nothing typed"),
    ("dns.zone_info id 7", "an id by its beginning"),
    ("dns.zone_info id name-49", "an id by its name"),
    ("dns.zone_info id ame-4999", "an id by a part of its name"),
    ("dns.zone_info id nowhere", "an id that is not there"),
];

/// The journal, asked as the prompt asks it.
struct Store(Journal);

fn account() -> Account {
    Account { provider: "memset".into(), host: "h:443".into(), profile: Some("bench".into()), id: None }
}

impl Seen for Store {
    fn values(&self, _: &str, sought: Sought<'_>) -> Vec<Remembered> {
        let Sought { kind, begun, within } = sought;
        let found = self.0.seen_within(&account(), (kind, begun), within, 200).unwrap_or_default().into_iter();
        found.map(|one| Remembered { key: one.key, label: one.label, age: Duration::ZERO }).collect()
    }

    fn jobs(&self) -> Vec<(String, String)> {
        Vec::new()
    }
}

/// Measures, and prints a table.
pub(crate) fn run(folder: &Path, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let journal = Journal::at(folder.join("seen"), "bench");
    let object = |number: usize| Object {
        kind: "dns.zone".into(),
        key: format!("{:032x}", (number as u128 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)),
        label: format!("name-{number}.example"),
        within: vec![("dns.domain".into(), (number % 500).to_string())],
    };
    let seen = (0..MOST_SEEN).map(object).collect();
    let (list, gone) = (Some("all".to_owned()), Vec::new());
    let started = Instant::now();
    let sighting = Sighting { account: account(), at: 1, list, whole_since: None, seen, gone };
    journal.record_sightings(&[Cow::Owned(sighting)])?;
    journal.take_in_seen()?;
    let taken_in = started.elapsed();
    let registry = registry()?;
    let store = Store(journal);
    let nothing = |_: &str| Vec::new();
    let context =
        Context { registry: &registry, words: Words::default(), last: None, named: &[], files: &nothing, seen: &store };
    writeln!(out, "\n### P10: Tab over {METHODS} methods and {MOST_SEEN} values, {ROUNDS} rounds\n")?;
    writeln!(out, "| typed | asks for | found | median | slowest |\n|---|---|---:|---:|---:|")?;
    for (line, what) in LINES {
        let mut times = Vec::with_capacity(ROUNDS);
        let mut found = 0;
        for _ in 0..ROUNDS {
            let started = Instant::now();
            found = complete::complete(line, line.len(), &context).candidates.len();
            times.push(started.elapsed().as_secs_f64() * 1000.0);
        }
        times.sort_by(f64::total_cmp);
        let (median, slowest) = (times.get(ROUNDS / 2).copied().unwrap_or(0.0), times.last().copied().unwrap_or(0.0));
        writeln!(out, "| `{line}` | {what} | {found} | {median:.2} ms | {slowest:.2} ms |")?;
    }
    let taken_in = taken_in.as_secs_f64() * 1000.0;
    writeln!(out, "\n- all {MOST_SEEN} values taken in at once, between two lines: {taken_in:.0} ms")?;
    Ok(())
}

fn registry() -> Result<Registry, Box<dyn Error>> {
    let embedded = embedded::find(embedded::DEFAULT).ok_or("no catalogue")?;
    let mut source = Source::new("bench", Catalog::open(embedded)?);
    source.merge_live((0..METHODS).map(|number| format!("group{}.method{number}", number / 20)));
    Ok(Registry::new(source, Vec::new()))
}

//! Processes that are killed at any moment, and a server that notes what arrived: every change that arrived is on record,
//! and nothing is on record that did not happen.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use history::Outcome;
use rand_of::random;

use crate::support::KEY;
use crate::support::cmd::World;
use crate::support::raw::{Peer, fault, is_whole, result};

/// Random numbers from the standard library.
mod rand_of {
    use std::hash::{BuildHasher, RandomState};

    pub(super) fn random(most: u64) -> u64 {
        RandomState::new().hash_one(0) % most
    }
}

/// What the server did with a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Did {
    Arrived,
    Done,
    Refused,
}

type Log = Arc<Mutex<BTreeMap<String, Vec<Did>>>>;

/// Takes its time, and does every second change.
fn server() -> (Peer, Log) {
    let log = Log::default();
    let notes = Arc::clone(&log);
    let peer = Peer::new(move |request, stream| {
        if !is_whole(request.as_bytes()) {
            return Ok(());
        }
        let name = request.split("<string>").nth(1).and_then(|rest| rest.split('<').next()).unwrap_or_default();
        let note = |did| notes.lock().unwrap().entry(name.to_owned()).or_default().push(did);
        note(Did::Arrived);
        thread::sleep(Duration::from_micros(random(4_000)));
        let refused = name.ends_with(['1', '3', '5', '7', '9']);
        note(if refused { Did::Refused } else { Did::Done });
        thread::sleep(Duration::from_micros(random(4_000)));
        stream.write_all(&if refused { fault(3, "no") } else { result("<string>gone</string>") })
    });
    (peer, log)
}

/// Starts processes with several changes each, and kills them after a random time.
fn kills(count: usize) {
    let world = World::new();
    let (peer, log) = server();
    thread::scope(|scope| {
        for shell in 0..2 {
            let (world, peer) = (&world, &peer);
            scope.spawn(move || {
                for process in (0..count).filter(|process| process % 2 == shell) {
                    let script: String =
                        (0..5).map(|n| format!("firewalling.rule_delete rule_id p{process}x{n} --yes\n")).collect();
                    let marsh = world.marsh().to(&peer.url(), KEY).args(["run", "-", "--keep-going"]);
                    let mut child = marsh.stdin(script).spawn();
                    thread::sleep(Duration::from_micros(random(160_000)));
                    child.kill().unwrap();
                    child.wait().unwrap();
                }
            });
        }
    });
    drop(peer);
    let figures = compare(&world, &log.lock().unwrap());
    tell(&format!("{count} processes killed: {figures}"));
}

/// Prints figures, which `--nocapture` shows.
#[expect(clippy::print_stdout, reason = "they are what the test is run for by hand")]
fn tell(figures: &str) {
    println!("{figures}");
}

/// Fails if the journal and the server disagree; otherwise the figures.
fn compare(world: &World, log: &BTreeMap<String, Vec<Did>>) -> String {
    let calls = world.calls();
    let name = |text: &str| text.split(' ').nth(2).unwrap().to_owned();
    let rows: BTreeMap<String, Outcome> = calls.iter().map(|call| (name(&call.call.text), call.outcome)).collect();
    assert_eq!(rows.len(), calls.len(), "a change has two rows");
    for (name, did) in log {
        assert_eq!(did.iter().filter(|did| **did == Did::Arrived).count(), 1, "{name} arrived twice");
        assert!(rows.contains_key(name), "{name} arrived and is not on record");
    }
    for (name, outcome) in &rows {
        let did = log.get(name).and_then(|did| did.iter().max());
        let is_true = match outcome {
            Outcome::Done => did == Some(&Did::Done),
            Outcome::Refused => did == Some(&Did::Refused),
            // It claims nothing.
            Outcome::Unknown => true,
            _ => false,
        };
        assert!(is_true, "{name} is {outcome} on record, and the server did {did:?}");
    }
    let open = rows.values().filter(|outcome| **outcome == Outcome::Unknown).count();
    assert!(open > 0 && open < rows.len(), "{open} of {} rows are open", rows.len());
    assert!(world.opened().check().unwrap().damage.is_empty());
    format!("{} changes arrived, {} rows, 0 lost, 0 untrue, {open} unknown", log.len(), rows.len())
}

#[test]
fn every_change_that_arrived_is_on_record_when_processes_are_killed() {
    kills(60);
}

#[test]
#[ignore = "takes long; for releases"]
fn every_change_that_arrived_is_on_record_when_many_processes_are_killed() {
    kills(1000);
}

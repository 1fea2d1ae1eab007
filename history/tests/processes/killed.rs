//! Processes that are killed at any moment.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use history::{CallId, Filter, Found, Journal, Outcome};

use crate::child::random;
use crate::{Ended, LONG, Place, child};

#[test]
fn nothing_announced_is_lost_when_processes_are_killed() {
    kill(200);
}

#[test]
#[ignore = "takes long; for releases"]
fn nothing_announced_is_lost_when_many_processes_are_killed() {
    kill(1000);
}

/// A journal is used for so many kills, so that opening after a kill and making a new one are both met.
const KILLS_EACH: usize = 8;

fn kill(count: usize) {
    let (mut killed, mut arrived, mut unknown, mut rows) = (0, 0, 0, 0);
    while killed < count {
        let place = Place::new();
        for round in 0..KILLS_EACH {
            // Two shells at a time now and then.
            let mut children: Vec<Ended> = (0..=round % 2).map(|_| Ended::start(child("change", &place))).collect();
            // Most are killed while they write, some while they start or make the journal.
            if round % 4 != 0 {
                writes(&place, place.numbers("arrived").len());
            }
            for child in &mut children {
                thread::sleep(random(12_000));
                child.kill();
                killed += 1;
            }
            unknown += holds(&place, &place.journal());
        }
        assert!(place.journal().check().unwrap().damage.is_empty());
        arrived += place.numbers("arrived").len();
        rows += place.journal().calls(&Filter::default()).unwrap().len();
    }
    tell(&format!(
        "{killed} processes killed: {arrived} changes arrived, {rows} rows, 0 lost, 0 untrue, {unknown} unknown"
    ));
    assert!(arrived > count && unknown > 0, "{arrived} arrived, {unknown} unknown");
    assert!(unknown <= killed, "one process leaves one row at most: {unknown}");
}

#[test]
fn reads_are_on_record_once_when_processes_are_killed() {
    let place = Place::new();
    let mut killed = 0;
    for _ in 0..40 {
        let before = place.numbers("read").len();
        let mut children = [(); 2].map(|()| Ended::start(child("read", &place)));
        wait_until(|| place.numbers("read").len() > before);
        for child in &mut children {
            thread::sleep(random(8_000));
            child.kill();
            killed += 1;
        }
    }
    let calls = place.journal().calls(&Filter::default()).unwrap();
    let on_record: BTreeSet<String> = calls.iter().map(|call| call.call.request.clone()).collect();
    assert_eq!(on_record.len(), calls.len(), "a read is on record twice");
    let noted = place.numbers("read");
    let lost: Vec<i64> = noted.iter().copied().filter(|read| !on_record.contains(&format!("{read:x}"))).collect();
    assert!(lost.is_empty(), "lost: {lost:?}");
    // The last one of each may not have been noted any more.
    assert!(calls.len() <= noted.len() + killed, "{} on record, {} noted", calls.len(), noted.len());
}

/// Prints figures, which `--nocapture` shows.
#[expect(clippy::print_stdout, reason = "they are what the test is run for by hand")]
fn tell(figures: &str) {
    println!("{figures}");
}

/// Waits until the server has seen more changes than before.
pub(crate) fn writes(place: &Place, before: usize) {
    wait_until(|| place.numbers("arrived").len() > before);
}

fn wait_until(done: impl Fn() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < LONG, "a child does not begin");
        thread::sleep(Duration::from_millis(1));
    }
}

/// Compares the journal with what the server noted; gives the number of changes whose outcome has become unknown.
pub(crate) fn holds(place: &Place, journal: &Journal) -> usize {
    let calls = journal.calls(&Filter::default()).unwrap();
    let on_record: BTreeSet<i64> = calls.iter().map(|call| call.id.0).collect();
    let arrived: BTreeSet<i64> = place.numbers("arrived").into_iter().collect();
    let did: BTreeSet<i64> = place.numbers("did").into_iter().collect();
    let lost: Vec<&i64> = arrived.difference(&on_record).collect();
    assert!(lost.is_empty(), "lost: {lost:?}");
    let done = calls.iter().filter(|call| call.outcome == Outcome::Done);
    let untrue: Vec<i64> = done.map(|call| call.id.0).filter(|id| !did.contains(id)).collect();
    assert!(untrue.is_empty(), "not done: {untrue:?}");
    let left = calls.iter().filter(|call| call.outcome == Outcome::Unknown);
    let left: Vec<i64> = left.map(|call| call.id.0).collect();
    // The next round counts its own.
    for id in &left {
        journal.reconcile(CallId(*id), Found::DidNot, "the log", None, 1).unwrap();
    }
    left.len()
}

//! What the children do.

use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io::Write;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use history::{Account, CallId, Error, Finish, Journal, NewCall, Outcome};

/// A child that nobody kills ends after so many calls.
const MOST: usize = 20_000;

#[test]
#[ignore = "only a child has a role"]
fn plays_its_role() {
    let arguments: Vec<String> = std::env::args().collect();
    let [.., role, folder] = arguments.as_slice() else { return };
    let place = PathBuf::from(folder);
    let session = format!("{role} {}", std::process::id());
    let journal = Journal::at(place.join("state"), session.clone()).taking_over(place.join("old"));
    let log = || File::options().create(true).append(true).open(place.join("log")).unwrap();
    match role.as_str() {
        "change" => change(&journal, log(), MOST),
        "change-300" => change(&journal, log(), 300),
        "lines-300" => lines(&journal, &session),
        "begin" => begin(&journal, &session),
        "fill" => fill(&journal, log()),
        "read" => read(&journal, log()),
        "change-then-read" => change_then_read(&journal, log()),
        // Somebody asked for all ignored tests.
        _ => {}
    }
}

pub(crate) fn call(number: usize) -> NewCall {
    NewCall {
        begun: 1,
        line: None,
        account: Account { provider: "p".into(), host: "h:443".into(), profile: None, id: None },
        method: "thing.create".into(),
        text: format!("thing.create name thing-{number} {}", "x".repeat(200)),
        effect: "create".into(),
        request: format!("{number:x}"),
        key: None,
        output: None,
        before: None,
    }
}

/// Puts a change on record, as one that is about to be sent.
pub(crate) fn announce(journal: &Journal, number: usize) -> history::Result<CallId> {
    Ok(journal.begin_changes(&[call(number)])?.remove(0))
}

pub(crate) fn done() -> Finish {
    Finish::new(Outcome::Done, 0, Duration::ZERO)
}

/// At most so many microseconds.
pub(crate) fn random(most: u64) -> Duration {
    Duration::from_micros(RandomState::new().hash_one(0) % most)
}

/// What a server would know, in one write, so that lines of two children do not mix.
fn note(server: &mut File, what: &str, of: impl std::fmt::Display) {
    server.write_all(format!("{what} {of}\n").as_bytes()).unwrap();
}

/// Makes changes as a shell does: on record, sent, answered, closed.
fn change(journal: &Journal, mut server: File, count: usize) {
    for number in 0..count {
        let id = announce(journal, number).unwrap();
        note(&mut server, "arrived", id);
        thread::sleep(random(500));
        note(&mut server, "did", id);
        journal.finish(id, &done()).unwrap();
    }
}

fn lines(journal: &Journal, session: &str) {
    for number in 0..300 {
        journal.append(1, None, &format!("{session} line {number}"), &[]).unwrap();
    }
}

/// A first start, perhaps at the same time as others.
fn begin(journal: &Journal, session: &str) {
    let lines = journal.recall(None, usize::MAX).unwrap().own;
    assert_eq!(lines.iter().filter(|line| line.starts_with("old ")).count(), 300);
    journal.append(1, None, session, &[]).unwrap();
}

/// Makes changes until one is refused.
fn fill(journal: &Journal, mut server: File) {
    for number in 0..MOST {
        match announce(journal, number) {
            Ok(id) => note(&mut server, "arrived", id),
            Err(Error::Full) => {
                note(&mut server, "refused", "full");
                // Reading goes on.
                assert_eq!(journal.count_open(None).unwrap(), number as u64);
                return;
            }
            Err(error) => panic!("{error:?}"),
        }
    }
}

/// Goes on with reads, whose rows need not be on disk.
fn change_then_read(journal: &Journal, mut server: File) {
    for number in 0..40 {
        let id = announce(journal, number).unwrap();
        note(&mut server, "arrived", id);
        if number % 3 == 0 {
            journal.finish(id, &done()).unwrap();
        }
    }
    for number in 0..5 {
        journal.record_reads(&[(call(number), 1, done())]).unwrap();
        note(&mut server, "read", number);
    }
}

/// Makes reads, and opens the database for something else after a few of them.
fn read(journal: &Journal, mut server: File) {
    for number in 0..MOST {
        // No other child has this number.
        let number = std::process::id() as usize * MOST + number;
        journal.record_reads(&[(call(number), 1, done())]).unwrap();
        note(&mut server, "read", number);
        if number.is_multiple_of(3) {
            journal.open().unwrap();
        }
    }
}

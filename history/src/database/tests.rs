//! The open file: waiting, the log, and what is in the way.

use super::*;
use crate::tests::*;
use std::io::Write;

#[test]
fn the_log_stays_short_where_every_process_makes_one_call() {
    let (_folder, journal) = fresh();
    for _ in 0..300 {
        // As if each were a process of its own: nobody else has it open.
        append(&other(&journal), "line");
    }
    let [_, log, _] = journal.check().unwrap().files.try_into().unwrap();
    assert!(log.size < 500_000, "{log:?}");
    // A reader at the wrong moment costs no more than a longer log.
    let reader = raw(&journal);
    let mut select = reader.prepare("SELECT * FROM lines").unwrap();
    let mut rows = select.query([]).unwrap();
    assert!(rows.next().unwrap().is_some());
    for _ in 0..300 {
        append(&other(&journal), "line");
    }
    drop(rows);
    append(&other(&journal), "line");
    assert_eq!(journal.check().unwrap().files[1].size, 0);
}

#[test]
fn a_file_that_is_not_a_journal_is_refused_and_left_unchanged() {
    let (_folder, journal) = fresh();
    fs::create_dir(journal.folder()).unwrap();
    fs::File::create(journal.path()).unwrap().write_all(&b"no database at all, but long enough. ".repeat(99)).unwrap();
    let before = fs::read(journal.path()).unwrap();
    assert!(matches!(begin(&journal, &new_call("a", "h")), Err(Error::Corrupt(_))));
    assert!(matches!(journal.recall(None, 9), Err(Error::Corrupt(_))));
    assert!(matches!(journal.check(), Err(Error::Corrupt(_))));
    assert_eq!(fs::read(journal.path()).unwrap(), before);
    fs::remove_file(journal.path()).unwrap();
    raw(&journal).execute_batch("CREATE TABLE t (x); PRAGMA user_version = 1").unwrap();
    assert!(matches!(journal.open(), Err(Error::Foreign)));
    raw(&journal).execute_batch("PRAGMA user_version = 0").unwrap();
    assert!(matches!(journal.open(), Err(Error::Foreign)));
}

#[test]
fn an_empty_file_becomes_a_journal() {
    let (_folder, journal) = fresh();
    fs::create_dir(journal.folder()).unwrap();
    fs::File::create(journal.path()).unwrap();
    begin(&journal, &new_call("a", "h")).unwrap();
    assert_eq!(bits(&journal.path()), 0o600);
}

#[test]
fn a_lock_is_waited_for_and_then_named() {
    let (_folder, journal) = fresh();
    journal.append(1, None, "line", &[]).unwrap();
    let holder = raw(&journal);
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let hasty = Journal::at(journal.folder(), "hasty").waiting(Duration::from_millis(20));
    assert!(matches!(begin(&hasty, &new_call("a", "h")), Err(Error::Locked)));
    // Nobody who reads waits.
    assert_eq!(hasty.recall(None, 9).unwrap().own.len(), 1);
    holder.execute_batch("COMMIT").unwrap();
    begin(&hasty, &new_call("a", "h")).unwrap();
}

#[test]
fn a_journal_has_a_write_ahead_log() {
    let (_folder, journal) = fresh();
    journal.open().unwrap();
    let mode: String = raw(&journal).pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
}

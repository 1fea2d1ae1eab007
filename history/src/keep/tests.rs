//! What is removed, and what never is.

use super::*;
use crate::tests::*;
use std::io::Write;

#[test]
fn pruning_leaves_what_is_open_and_nothing_of_the_rest() {
    let (_folder, journal) = fresh();
    for at in [10, 20, 30] {
        journal.append(at, None, &format!("canary line {at}"), &[]).unwrap();
        let closed = begin(&journal, &NewCall { begun: at, ..new_call("a", "canary") }).unwrap();
        journal.finish(closed, &done()).unwrap();
        begin(&journal, &NewCall { begun: at, ..new_call("a", "open") }).unwrap();
    }
    journal.reconcile(CallId(4), Found::CannotTell, "nothing", None, 1).unwrap();
    assert_eq!(journal.prune(30).unwrap(), Removed { lines: 2, calls: 3, compacted: true });
    assert_eq!(ids(&journal.calls(&Filter::default()).unwrap()), [2, 5, 6]);
    assert_eq!(texts(journal.load(9).unwrap()), ["canary line 30"]);
    let content = fs::read(journal.path()).unwrap();
    assert!(!content.windows(14).any(|bytes| bytes == b"canary line 10"));
    assert_eq!(journal.prune(31).unwrap(), Removed { lines: 1, calls: 1, compacted: true });
    // A number is never given again.
    assert_eq!(begin(&journal, &new_call("a", "h")).unwrap(), CallId(7));
    assert_eq!(journal.append(1, None, "next", &[]).unwrap(), Appended::Stored(LineId(4)));
}

#[test]
fn pruning_beside_another_program_removes_the_rows_at_least() {
    let (_folder, journal) = fresh();
    let journal = journal.waiting(Duration::from_millis(20));
    journal.append(1, None, "line", &[]).unwrap();
    let reader = raw(&journal);
    let mut select = reader.prepare("SELECT * FROM migrations").unwrap();
    let mut rows = select.query([]).unwrap();
    assert!(rows.next().unwrap().is_some());
    assert_eq!(journal.prune(9).unwrap(), Removed { lines: 1, calls: 0, compacted: false });
}

#[test]
fn lines_that_were_taken_over_are_as_old_as_the_journal() {
    let folder = tempfile::tempdir().unwrap();
    let old = folder.path().join("history");
    fs::File::create(&old).unwrap().write_all(b"one\ntwo\n").unwrap();
    let journal = Journal::at(folder.path(), "one").taking_over(&old);
    assert_eq!(journal.prune(1_600_000_000_000).unwrap().lines, 0);
    raw(&journal).execute_batch("UPDATE taken_over SET at = 1000").unwrap();
    // Nothing that is recorded later makes them younger.
    let id = begin(&journal, &new_call("a", "h")).unwrap();
    journal.finish(id, &done()).unwrap();
    for request in ["a", "b"] {
        journal.record_read(&new_call("a", request), 1, &done()).unwrap();
        journal.append(2000, None, "newer", &[]).unwrap();
    }
    other(&journal).open().unwrap();
    assert_eq!(journal.prune(1000).unwrap().lines, 0);
    assert_eq!(journal.prune(1001).unwrap().lines, 2);
}

#[test]
fn what_is_kept_is_a_matter_of_settings() {
    let (_folder, journal) = fresh();
    for at in 1..=10 {
        journal.append(at, None, &format!("line {at}"), &[]).unwrap();
        journal.record_read(&NewCall { begun: at, ..new_call("a", "r") }, 1, &done()).unwrap();
    }
    for (keep, lines, calls) in [
        (Keep::default(), 0, 0),
        (Keep { lines: Some(10), ..Keep::default() }, 0, 0),
        (Keep { lines: Some(8), ..Keep::default() }, 2, 0),
        (Keep { lines: Some(u64::MAX), lines_since: Some(5), calls_since: Some(3) }, 2, 2),
        (Keep { lines: Some(0), ..Keep::default() }, 6, 0),
    ] {
        let removed = journal.tend(&keep).unwrap();
        assert_eq!((removed.lines, removed.calls), (lines, calls), "{keep:?}");
    }
}

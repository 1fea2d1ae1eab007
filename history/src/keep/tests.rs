//! What is removed, and what never is.

use super::*;
use crate::tests::*;
use std::io::Write;

/// Removes what began before then.
fn prune(journal: &Journal, before: Millis) -> Result<Removed> {
    journal.prune(&journal.would_remove(&before_then(before)).unwrap())
}

fn before_then(before: Millis) -> Keep {
    Keep { lines: None, lines_since: Some(before), calls_since: Some(before) }
}

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
    assert_eq!(prune(&journal, 30).unwrap(), Removed { lines: 2, calls: 3, compacted: true });
    assert_eq!(ids(&journal.calls(&Filter::default()).unwrap()), [2, 5, 6]);
    assert_eq!(load(&journal, 9), ["canary line 30"]);
    let content = fs::read(journal.path()).unwrap();
    assert!(!content.windows(14).any(|bytes| bytes == b"canary line 10"));
    assert_eq!(prune(&journal, 31).unwrap(), Removed { lines: 1, calls: 1, compacted: true });
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
    assert_eq!(prune(&journal, 9).unwrap(), Removed { lines: 1, calls: 0, compacted: false });
}

#[test]
fn lines_that_were_taken_over_are_as_old_as_the_journal() {
    let folder = tempfile::tempdir().unwrap();
    let old = folder.path().join("history");
    fs::File::create(&old).unwrap().write_all(b"one\ntwo\n").unwrap();
    let journal = Journal::at(folder.path(), "one").taking_over(&old);
    assert_eq!(prune(&journal, 1_600_000_000_000).unwrap().lines, 0);
    raw(&journal).execute_batch("UPDATE taken_over SET at = 1000").unwrap();
    // Nothing that is recorded later makes them younger.
    let id = begin(&journal, &new_call("a", "h")).unwrap();
    journal.finish(id, &done()).unwrap();
    for request in ["a", "b"] {
        journal.record_read(&new_call("a", request), 1, &done()).unwrap();
        journal.append(2000, None, "newer", &[]).unwrap();
    }
    other(&journal).open().unwrap();
    assert_eq!(prune(&journal, 1000).unwrap().lines, 0);
    assert_eq!(prune(&journal, 1001).unwrap().lines, 2);
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
        let shown = journal.would_remove(&keep).unwrap();
        assert_eq!((shown.lines, shown.calls), (lines, calls), "{keep:?}");
        let removed = journal.tend(&keep).unwrap();
        assert_eq!((removed.lines, removed.calls), (lines, calls), "{keep:?}");
    }
}

/// Everything that can happen between the question and the removal.
#[test]
fn no_more_is_removed_than_was_shown() {
    let old = |journal: &Journal, at: i64| {
        let id = begin(journal, &NewCall { begun: at, ..new_call("a", "r") }).unwrap();
        journal.finish(id, &done()).unwrap();
    };
    type Meanwhile = fn(&Journal);
    let meanwhile: [(&str, Meanwhile); 6] = [
        ("nothing", |_| {}),
        ("an open call is closed", |journal| journal.finish(CallId(2), &done()).unwrap()),
        ("one is given up", |journal| journal.reconcile(CallId(2), Found::CannotTell, "x", None, 1).unwrap()),
        ("old rows are added", |journal| {
            journal.record_read(&NewCall { begun: 1, ..new_call("a", "late") }, 1, &done()).unwrap();
            journal.append(1, None, "late", &[]).unwrap();
        }),
        ("others remove them", |journal| assert!(journal.tend(&before_then(100)).is_ok())),
        ("some are removed, and more are added", |journal| {
            journal.tend(&before_then(15)).unwrap();
            journal.append(1, None, "late", &[]).unwrap();
        }),
    ];
    for (what, happens) in meanwhile {
        for keep in
            [before_then(100), Keep { lines: Some(1), ..before_then(15) }, Keep { lines: Some(2), ..Keep::default() }]
        {
            let (_folder, journal) = fresh();
            old(&journal, 10);
            begin(&journal, &NewCall { begun: 10, ..new_call("a", "open") }).unwrap();
            old(&journal, 20);
            for at in [10, 20, 30] {
                append(&journal, &format!("line {at}"));
            }
            let shown = journal.would_remove(&keep).unwrap();
            happens(&other(&journal));
            let rows = |journal: &Journal| -> Vec<Record> { journal.export().map(Result::unwrap).collect() };
            let before = rows(&journal);
            let removed = journal.prune(&shown).unwrap();
            assert!(
                removed.lines <= shown.lines && removed.calls <= shown.calls,
                "{what} {keep:?}: {removed:?} {shown:?}"
            );
            assert_eq!(before.len() - rows(&journal).len(), (removed.lines + removed.calls) as usize);
            let left = |wanted: &str| {
                rows(&journal).iter().any(|row| match row {
                    Record::Line(line) => line.text == wanted,
                    Record::Call(call) => call.call.request == wanted,
                })
            };
            assert!(left("open"), "{what} {keep:?}");
            assert_eq!(left("late"), what.ends_with("added"), "{what} {keep:?}");
        }
    }
}

#[test]
fn what_is_shown_is_what_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let old = folder.path().join("history");
    fs::File::create(&old).unwrap().write_all(b"one\ntwo\n").unwrap();
    for at in [0, 1, 5, 9, i64::MAX] {
        for lines in [None, Some(0), Some(3), Some(7)] {
            for calls_since in [None, Some(5), Some(i64::MAX)] {
                let state = folder.path().join(format!("{at} {lines:?} {calls_since:?}"));
                let journal = Journal::at(state, "one").taking_over(&old);
                for begun in 1..=6 {
                    append(&journal, &format!("line {begun}"));
                    let id = begin(&journal, &NewCall { begun, ..new_call("a", "r") }).unwrap();
                    let outcome = Outcome::ALL[begun as usize % Outcome::ALL.len()];
                    journal.finish(id, &Finish::new(outcome, 1, Duration::ZERO)).unwrap();
                }
                let keep = Keep { lines, lines_since: Some(at), calls_since };
                let shown = journal.would_remove(&keep).unwrap();
                let removed = journal.tend(&keep).unwrap();
                assert_eq!((removed.lines, removed.calls), (shown.lines, shown.calls), "{keep:?}");
                let again = journal.would_remove(&keep).unwrap();
                assert_eq!((again.lines, again.calls), (0, 0), "{keep:?}");
            }
        }
    }
}

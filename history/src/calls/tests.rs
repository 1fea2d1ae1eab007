//! A change is on record before it leaves, and closed once.

use super::*;
use crate::tests::*;

#[test]
fn a_change_is_unknown_until_its_answer_is_noted() {
    let (_folder, journal) = fresh();
    let call = NewCall {
        line: Some(LineId(4)),
        account: account("a", Some("17")),
        key: Some(Key { text: "k-1".into(), until: Some(99) }),
        output: Some("/tmp/x.json".into()),
        before: Some("v1".into()),
        ..new_call("a", "hash")
    };
    let id = begin(&journal, &call).unwrap();
    let found = other(&journal).call(id).unwrap().unwrap();
    assert_eq!((found.outcome, found.attempts, found.is_change, found.is_open()), (Outcome::Unknown, 1, true, true));
    assert_eq!((found.exit_code, found.duration, found.reconciled), (None, None, None));
    assert_eq!((found.session.as_str(), found.process), ("one", std::process::id()));
    assert_eq!(found.call, call);
    journal.attempt(id).unwrap();
    let finish = Finish {
        bytes: Some(2048),
        object: Some("srv-9".into()),
        job: Some("j-1".into()),
        after: Some("v2".into()),
        ..done()
    };
    journal.finish(id, &finish).unwrap();
    let found = journal.call(id).unwrap().unwrap();
    assert_eq!((found.outcome, found.attempts, found.is_open()), (Outcome::Done, 2, false));
    assert_eq!((found.exit_code, found.duration), (Some(0), Some(Duration::from_millis(12))));
    assert_eq!(found.bytes, Some(2048));
    assert_eq!(
        (found.object.as_deref(), found.job.as_deref(), found.after.as_deref()),
        (Some("srv-9"), Some("j-1"), Some("v2"))
    );
    assert_eq!(found.call, call);
}

#[test]
fn a_read_comes_with_its_end() {
    let (_folder, journal) = fresh();
    journal.record_read(&new_call("a", "r"), 3, &done()).unwrap();
    let read = journal.calls(&Filter::default()).unwrap().remove(0);
    assert_eq!((read.outcome, read.attempts, read.is_change), (Outcome::Done, 3, false));
    assert_eq!(journal.count_open(None).unwrap(), 0);
}

#[test]
fn many_reads_are_recorded_in_their_order() {
    let (_folder, journal) = fresh();
    let reads: Vec<_> = (0..250).map(|at| (new_call("a", &format!("r{at}")), 1, done())).collect();
    journal.record_reads(&reads).unwrap();
    journal.record_reads(&[]).unwrap();
    let found = journal.calls(&Filter::default()).unwrap();
    assert!(found.iter().map(|call| &call.call).eq(reads.iter().map(|(call, ..)| call)), "{}", found.len());
}

#[test]
fn changes_that_leave_together_are_all_on_record_or_none() {
    let (_folder, journal) = fresh();
    let ids = journal.begin_changes(&["a", "b", "c"].map(|request| new_call("p", request))).unwrap();
    assert_eq!(ids, [1, 2, 3].map(CallId));
    raw(&journal).execute_batch("CREATE UNIQUE INDEX only_one ON calls (request)").unwrap();
    assert!(journal.begin_changes(&["d", "e", "a"].map(|request| new_call("p", request))).is_err());
    assert_eq!(journal.calls(&Filter::default()).unwrap().len(), 3);
}

#[test]
fn a_closed_row_is_never_opened_again() {
    let (_folder, journal) = fresh();
    let closed = Outcome::ALL.iter().filter(|outcome| !outcome.is_open());
    for outcome in closed {
        let id = begin(&journal, &new_call("a", "h")).unwrap();
        journal.finish(id, &Finish::new(*outcome, 3, Duration::ZERO)).unwrap();
        let before = journal.call(id).unwrap();
        for refused in [
            journal.finish(id, &Finish::new(Outcome::Unknown, 0, Duration::ZERO)),
            journal.finish(id, &done()),
            journal.attempt(id),
            journal.reconcile(id, Found::DidNot, "x", None, 1),
        ] {
            let error = refused.unwrap_err();
            assert!(matches!(error, Error::Closed { id: of, outcome: was } if of == id && was == *outcome), "{error}");
        }
        assert_eq!(journal.call(id).unwrap(), before);
    }
    let missing = CallId(4711);
    assert!(matches!(journal.finish(missing, &done()), Err(Error::NoSuchCall(id)) if id == missing));
    assert!(matches!(journal.attempt(missing), Err(Error::NoSuchCall(_))));
    assert_eq!(journal.call(missing).unwrap(), None);
}

#[test]
fn what_is_open_may_change_until_it_is_over() {
    let (_folder, journal) = fresh();
    let id = begin(&journal, &new_call("a", "h")).unwrap();
    // The answer did not come …
    journal.finish(id, &Finish::new(Outcome::Unknown, 7, Duration::from_secs(30))).unwrap();
    journal.reconcile(id, Found::CannotTell, "too early", None, 5).unwrap();
    assert!(!journal.call(id).unwrap().unwrap().is_open());
    // … but a later look finds the job, which another session waits for.
    let other = other(&journal);
    running(&other, id, "j-7");
    assert_eq!(other.call(id).unwrap().unwrap().outcome, Outcome::Running);
    other.finish(id, &Finish::new(Outcome::EndedBadly, 1, Duration::from_secs(60))).unwrap();
    let call = journal.call(id).unwrap().unwrap();
    assert_eq!((call.outcome, call.job.as_deref(), call.exit_code), (Outcome::EndedBadly, Some("j-7"), Some(1)));
}

#[test]
fn the_disk_is_waited_for_before_a_change_and_only_then() {
    let (_folder, journal) = fresh();
    let level = |journal: &Journal| -> Result<i64> {
        let level =
            |connection: &rusqlite::Connection| connection.pragma_query_value(None, "synchronous", |row| row.get(0));
        journal.with(|state| Ok(level(&state.database.connection)?))
    };
    let expect = |expected: i64| assert_eq!(level(&journal).unwrap(), expected);
    let id = begin(&journal, &new_call("a", "h")).unwrap();
    expect(3);
    journal.finish(id, &done()).unwrap();
    expect(1);
    let id = begin(&journal, &new_call("a", "h")).unwrap();
    expect(3);
    journal.record_read(&new_call("a", "r"), 1, &done()).unwrap();
    expect(1);
    journal.attempt(id).unwrap();
    expect(3);
    journal.append(1, None, "line", &[]).unwrap();
    expect(1);
}

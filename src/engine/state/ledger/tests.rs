//! What the ledger writes down, and when.

use std::io;

use super::*;
use crate::engine::state::console::Stream;
use history::Object;
use model::{Class, Diagnostic};

fn call(method: &str) -> NewCall {
    let account = Account { provider: "p".into(), host: "h:443".into(), profile: None, id: None };
    NewCall {
        begun: 1,
        line: None,
        account,
        method: method.into(),
        text: method.into(),
        effect: "change".into(),
        request: "r".into(),
        key: None,
        output: None,
        before: None,
    }
}

fn end(outcome: Outcome) -> End {
    End { outcome, exit_code: 0, bytes: 7, job: None, object: None }
}

fn console() -> Console {
    let stream = || Stream::plain(Box::new(io::sink()));
    Console {
        out: stream(),
        err: stream(),
        person: None,
        width: 80,
        height: 24,
        window: Default::default(),
        ability: Default::default(),
    }
}

fn with_journal() -> (tempfile::TempDir, Arc<Journal>, Ledger) {
    let folder = tempfile::tempdir().unwrap();
    let journal = Arc::new(Journal::at(folder.path().join("state"), "s"));
    let ledger = Ledger::new(Records::In(Arc::clone(&journal)));
    (folder, journal, ledger)
}

#[test]
fn a_change_is_on_record_before_it_leaves_and_a_read_after_the_line() {
    let (_folder, journal, mut ledger) = with_journal();
    ledger.line = Some(LineId(4));
    let read = ledger.open(call("a.list"), Effect::Read).unwrap();
    assert_eq!((read.row, ledger.row, journal.path().exists()), (None, None, false));
    let mut change = ledger.open(call("a.delete"), Effect::Destroy).unwrap();
    let row = change.row.unwrap();
    assert_eq!(ledger.row, Some(row));
    let on_record = || journal.call(row).unwrap().unwrap();
    assert_eq!((on_record().outcome, on_record().call.line), (Outcome::Unknown, Some(LineId(4))));
    ledger.again(&mut change).unwrap();
    ledger.close(&mut console(), &Redactor::default(), change, end(Outcome::Done));
    ledger.close(&mut console(), &Redactor::default(), read, end(Outcome::Done));
    assert_eq!((on_record().outcome, on_record().attempts, on_record().bytes), (Outcome::Done, 2, Some(7)));
    ledger.settle(&mut console(), &Redactor::default());
    let reads = journal.calls(&Filter::default()).unwrap().into_iter().filter(|call| !call.is_change).count();
    assert_eq!(reads, 1);
    ledger.turn();
    assert_eq!(ledger.row, None);
}

#[test]
fn what_is_shown_again_is_written_down_once_a_minute() {
    let (folder, _journal, mut ledger) = with_journal();
    let sighting = |at, key: &str, whole: bool| Sighting {
        account: call("a.list").account,
        at,
        list: Some("a.list".into()),
        whole_since: whole.then_some(at),
        seen: vec![Object { kind: "a".into(), key: key.into(), ..Object::default() }],
        gone: Vec::new(),
    };
    let lines = || {
        let text = std::fs::read_to_string(folder.path().join("state/journal.seen")).unwrap();
        text.lines().filter(|line| !line.is_empty()).count()
    };
    for (step, (at, key, whole, expected)) in [
        (0, "x", true, 1),
        (1, "x", true, 1),
        (59_999, "x", true, 1),
        (60_000, "x", true, 2),
        (60_001, "y", true, 3),
        (60_002, "x", true, 4),
        (60_003, "x", false, 5),
        (60_002, "x", false, 6),
    ]
    .into_iter()
    .enumerate()
    {
        ledger.saw(Some(sighting(at, key, whole)));
        ledger.settle(&mut console(), &Redactor::default());
        // A line that shows nothing changes nothing.
        ledger.settle(&mut console(), &Redactor::default());
        assert_eq!(lines(), expected, "step {step}");
    }
    // Two together are not the same as one.
    for _ in 0..2 {
        ledger.saw(Some(sighting(60_002, "x", false)));
    }
    ledger.settle(&mut console(), &Redactor::default());
    assert_eq!(lines(), 8);
}

#[test]
fn calls_that_leave_together_have_a_row_each_but_for_the_reads() {
    let (_folder, journal, mut ledger) = with_journal();
    let calls = [("a.new", Effect::Billable), ("a.list", Effect::Read), ("a.set", Effect::Change)];
    let entries = ledger.open_all(calls.map(|(name, effect)| (call(name), effect)).into()).unwrap();
    let rows: Vec<Option<i64>> = entries.iter().map(|entry| entry.row.map(|row| row.0)).collect();
    assert_eq!((rows, journal.count_open(None).unwrap()), (vec![Some(1), None, Some(2)], 2));
}

#[test]
fn a_change_that_cannot_be_recorded_is_refused_and_a_read_is_not() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("journal.db")).unwrap();
    let broken = Records::In(Arc::new(Journal::at(folder.path(), "s")));
    for (records, refused) in [(broken, true), (Records::Homeless, true), (Records::Off, false)] {
        let mut ledger = Ledger::new(records);
        assert!(ledger.open(call("a.list"), Effect::Read).is_ok());
        match ledger.open(call("a.delete"), Effect::Destroy) {
            Ok(entry) => assert!(!refused && entry.row.is_none()),
            Err(error) => {
                assert!(refused && error.class() == Class::Local, "{error}");
                assert!(error.to_string().starts_with("a.delete was not sent, because"), "{error}");
            }
        }
    }
}

#[test]
fn no_known_secret_comes_into_a_row() {
    let (_folder, journal, mut ledger) = with_journal();
    let mut redactor = Redactor::default();
    redactor.learn_text("canary-secret-1");
    let entry = ledger.open(call("a.new"), Effect::Change).unwrap();
    let row = entry.row.unwrap();
    let named = |name: &str| Some(format!("{name}-canary-secret-1"));
    let end = End { job: named("job"), object: named("object"), ..end(Outcome::Running) };
    ledger.close(&mut console(), &redactor, entry, end);
    let by = "it has canary-secret-1";
    ledger.reconcile(&redactor, row, Found::CannotTell, by, Some("canary-secret-1")).unwrap();
    let found = journal.call(row).unwrap().unwrap();
    assert!(found.job.is_some() && found.object.is_some() && found.reconciled.is_some());
    assert!(!format!("{found:?}").contains("canary"), "{found:?}");
}

#[test]
fn what_another_shell_has_found_out_is_returned() {
    let (_folder, _journal, mut ledger) = with_journal();
    let row = ledger.open(call("a.new"), Effect::Change).unwrap().row.unwrap();
    let redactor = Redactor::default();
    let reconcile = |found| ledger.reconcile(&redactor, row, found, "w", None).unwrap();
    assert_eq!(reconcile(Found::DidNot), None);
    assert_eq!(reconcile(Found::Happened), Some(Outcome::Failed));
}

#[test]
fn what_another_shell_has_begun_since_somebody_was_asked_is_in_the_way() {
    let (folder, _journal, mut ledger) = with_journal();
    let mut other = Ledger::new(Records::In(Arc::new(Journal::at(folder.path().join("state"), "t"))));
    let account = || call("").account;
    ledger.looked(account(), "r".into(), None);
    let first = other.open(call("a.delete"), Effect::Destroy).unwrap().row;
    let error = ledger.open(call("a.delete"), Effect::Destroy).unwrap_err();
    assert_eq!((error.class(), ledger.row), (Class::Blocked, first), "{error}");
    // Asked again, now about that call; and what nobody asked about is not held back.
    ledger.turn();
    ledger.looked(account(), "r".into(), first);
    assert!(ledger.open(call("a.delete"), Effect::Destroy).is_ok());
    assert!(other.open(call("a.delete"), Effect::Destroy).is_ok());
    assert!(ledger.open(call("a.delete"), Effect::Destroy).is_err(), "a third one");
}

#[test]
fn what_is_unknown_is_found_by_what_it_asked_for() {
    let (_folder, _journal, mut ledger) = with_journal();
    let entry = ledger.open(call("a.delete"), Effect::Destroy).unwrap();
    let account = call("").account;
    assert_eq!(ledger.unknown(&account, "r", "a.delete").unwrap().len(), 1);
    assert_eq!(ledger.unknown(&account, "other", "a.delete").unwrap().len(), 0);
    ledger.close(&mut console(), &Redactor::default(), entry, end(Outcome::Running));
    assert_eq!(ledger.unknown(&account, "r", "a.delete").unwrap().len(), 0);
    let row = ledger.row.unwrap();
    for _ in 0..2 {
        ledger.finish(&mut console(), row, &Finish::new(Outcome::EndedBadly, 9, std::time::Duration::ZERO));
    }
    assert_eq!(ledger.unknown(&account, "r", "a.delete").unwrap().len(), 0);
}

//! Names that are stored.

use super::*;
use crate::tests::*;

#[test]
fn every_outcome_and_every_finding_is_stored_under_its_name() {
    let (_folder, journal) = fresh();
    for outcome in Outcome::ALL {
        let id = begin(&journal, &new_call("a", "h")).unwrap();
        journal.finish(id, &Finish::new(*outcome, 1, Duration::ZERO)).unwrap();
        let found = journal.call(id).unwrap().unwrap();
        assert_eq!((found.outcome, found.is_open()), (*outcome, outcome.is_open()));
    }
    for (found, outcome) in
        [(Found::Happened, Outcome::Done), (Found::DidNot, Outcome::Failed), (Found::CannotTell, Outcome::Unknown)]
    {
        let id = begin(&journal, &new_call("a", "h")).unwrap();
        journal.reconcile(id, found, "thing.list", Some("srv-9"), 77).unwrap();
        let call = journal.call(id).unwrap().unwrap();
        assert_eq!((call.outcome, call.is_open(), call.object.as_deref()), (outcome, false, Some("srv-9")));
        assert_eq!(call.reconciled, Some(Reconciled { found, by: "thing.list".into(), at: 77 }));
    }
    assert_eq!(Found::ALL.len(), 3);
}

#[test]
fn a_row_is_open_by_one_definition() {
    let (_folder, journal) = fresh();
    for outcome in Outcome::ALL {
        for found in [None, Some(Found::CannotTell)] {
            let id = begin(&journal, &new_call("a", "h")).unwrap();
            if let Some(found) = found {
                journal.reconcile(id, found, "x", None, 1).unwrap();
            }
            journal.finish(id, &Finish::new(*outcome, 1, Duration::ZERO)).unwrap();
        }
    }
    let chosen = |sql: &str| -> Vec<i64> {
        let connection = raw(&journal);
        let mut select = connection.prepare(&format!("SELECT id FROM calls WHERE {sql} ORDER BY id")).unwrap();
        select.query_map([], |row| row.get(0)).unwrap().map(|id| id.unwrap()).collect()
    };
    let calls = journal.calls(&Filter::default()).unwrap();
    let by = |rule: fn(&Call) -> bool| ids(&calls.iter().filter(|call| rule(call)).cloned().collect::<Vec<_>>());
    assert_eq!(chosen(is_open!()), by(Call::is_open));
    assert_eq!(chosen(may_change!()), by(|call| call.outcome.is_open()));
    // No statement has a condition of its own.
    assert_eq!(sources().iter().map(|(_, text)| text.matches("outcome IN").count()).sum::<usize>(), 1);
}

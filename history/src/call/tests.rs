//! Names that are stored.

use super::*;
use crate::tests::*;

#[test]
fn every_outcome_and_every_finding_is_stored_under_its_name() {
    let (_folder, journal) = fresh();
    for outcome in Outcome::ALL {
        let id = journal.begin_change(&new_call("a", "h")).unwrap();
        journal.finish(id, &Finish::new(*outcome, 1, Duration::ZERO)).unwrap();
        let found = journal.call(id).unwrap().unwrap();
        assert_eq!((found.outcome, found.is_open()), (*outcome, outcome.is_open()));
    }
    for (found, outcome) in
        [(Found::Happened, Outcome::Done), (Found::DidNot, Outcome::Failed), (Found::CannotTell, Outcome::Unknown)]
    {
        let id = journal.begin_change(&new_call("a", "h")).unwrap();
        journal.reconcile(id, found, "thing.list", Some("srv-9"), 77).unwrap();
        let call = journal.call(id).unwrap().unwrap();
        assert_eq!((call.outcome, call.is_open(), call.object.as_deref()), (outcome, false, Some("srv-9")));
        assert_eq!(call.reconciled, Some(Reconciled { found, by: "thing.list".into(), at: 77 }));
    }
    assert_eq!(Found::ALL.len(), 3);
}

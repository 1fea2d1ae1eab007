//! Steps that were taken, by this version and by newer ones.

use super::*;
use crate::tests::*;

#[test]
fn one_of_a_newer_version_can_be_read_but_not_written() {
    let (_folder, journal) = fresh();
    let id = journal.begin_change(&new_call("a", "h")).unwrap();
    journal.append(1, None, "line", &[]).unwrap();
    raw(&journal).execute_batch("ALTER TABLE calls ADD COLUMN more TEXT; PRAGMA user_version = 99").unwrap();
    let journal = other(&journal);
    assert_eq!(journal.load(9).unwrap().len(), 1);
    assert_eq!(journal.open_calls(None).unwrap().len(), 1);
    let newer = |error: Error| assert!(matches!(error, Error::Newer { found: 99, known: 1 }), "{error}");
    newer(journal.begin_change(&new_call("a", "h")).unwrap_err());
    newer(journal.finish(id, &done()).unwrap_err());
    newer(journal.append(1, None, "more", &[]).unwrap_err());
    newer(journal.prune(9).unwrap_err());
    assert_eq!(journal.mend(&Error::Newer { found: 99, known: 1 }), Some(Mend::Update));
    assert_eq!(journal.check().unwrap().mends(&journal), [Mend::Update, Mend::Reconcile(1)]);
}

#[test]
fn the_steps_that_were_taken_are_on_record() {
    let (_folder, journal) = fresh();
    journal.open().unwrap();
    let step: (i64, i64) =
        raw(&journal).query_row("SELECT number, at FROM migrations", [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    assert!(step.0 == 1 && step.1 > 1_600_000_000_000, "{step:?}");
}

//! Steps that were taken, by this version and by newer ones.

use super::*;
use crate::tests::*;

#[test]
fn one_of_a_newer_version_can_be_read_but_not_written() {
    let (_folder, journal) = fresh();
    let id = begin(&journal, &new_call("a", "h")).unwrap();
    journal.append(1, None, "line", &[]).unwrap();
    raw(&journal).execute_batch("ALTER TABLE calls ADD COLUMN more TEXT; PRAGMA user_version = 99").unwrap();
    let journal = other(&journal);
    assert_eq!(journal.recall(None, 9).unwrap().own.len(), 1);
    assert_eq!(journal.open_calls(None).unwrap().len(), 1);
    let newer = |error: Error| assert!(matches!(error, Error::Newer { found: 99, known: KNOWN }), "{error}");
    newer(begin(&journal, &new_call("a", "h")).unwrap_err());
    newer(journal.finish(id, &done()).unwrap_err());
    newer(journal.append(1, None, "more", &[]).unwrap_err());
    newer(journal.tend(&Keep { lines: Some(0), ..Keep::default() }).unwrap_err());
    assert_eq!(journal.mend(&Error::Newer { found: 99, known: KNOWN }), Some(Mend::Update));
    assert_eq!(journal.check().unwrap().mends(&journal), [Mend::Update, Mend::Reconcile(1)]);
}

#[test]
fn the_steps_that_were_taken_are_on_record() {
    let (_folder, journal) = fresh();
    journal.open().unwrap();
    let connection = raw(&journal);
    let mut select =
        connection.prepare("SELECT number FROM migrations WHERE at > 1600000000000 ORDER BY number").unwrap();
    let steps: Vec<u32> = select.query_map([], |row| row.get(0)).unwrap().map(|number| number.unwrap()).collect();
    assert_eq!(steps, (1..=KNOWN).collect::<Vec<_>>());
}

#[test]
fn a_journal_of_any_earlier_version_is_brought_up_to_date() {
    for version in 1..KNOWN {
        let (_folder, journal) = fresh();
        fs::create_dir(journal.folder()).unwrap();
        let connection = raw(&journal);
        connection.execute_batch("CREATE TABLE migrations (number INTEGER PRIMARY KEY, at INTEGER NOT NULL)").unwrap();
        for (number, step) in (1..=version).zip(STEPS) {
            connection.execute_batch(step).unwrap();
            connection.execute("INSERT INTO migrations VALUES (?1, 1)", params![number]).unwrap();
        }
        connection.pragma_update(None, "application_id", APPLICATION).unwrap();
        connection.pragma_update(None, "user_version", version).unwrap();
        connection.execute_batch("INSERT INTO taken_over VALUES ('/old', 7, 2)").unwrap();
        if version == 1 {
            // Later versions have a table of their own for this.
            connection.execute_batch("INSERT INTO taken_over VALUES ('reads of one 1', 9, 0)").unwrap();
        }
        connection.execute_batch("INSERT INTO lines (text, repeated) VALUES ('line', 0)").unwrap();
        drop(connection);
        assert_eq!(load(&journal, 9), ["line"]);
        let age: i64 = raw(&journal).query_row("SELECT max(at) FROM taken_over", [], |row| row.get(0)).unwrap();
        assert_eq!((age, version_of(&journal)), (7, KNOWN));
    }
}

fn version_of(journal: &Journal) -> u32 {
    version(&raw(journal)).unwrap()
}

//! A handle before and after its first use.

use super::Journal;
use crate::tests::*;

#[test]
fn nothing_is_touched_before_the_first_use() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::at(folder.path().join("state"), "one").waiting(Duration::ZERO);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    journal.open().unwrap();
    assert!(journal.path().is_file());
}

#[test]
fn a_removed_journal_is_begun_again() {
    let (_folder, journal) = fresh();
    let second = other(&journal);
    append(&journal, "one");
    assert_eq!(told(&second), [""; 0]);
    fs::remove_dir_all(journal.folder()).unwrap();
    assert_eq!(load(&journal, 9), [""; 0]);
    append(&journal, "two");
    assert_eq!(load(&journal, 9), ["two"]);
    assert_eq!(told(&second), ["two"]);
    fs::remove_file(journal.path()).unwrap();
    assert_eq!(append(&journal, "two"), Appended::Stored(LineId(1)));
    assert_eq!(told(&second), ["two"]);
    assert_eq!(bits(&journal.path()), 0o600);
}

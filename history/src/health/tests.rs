//! The state of a journal, and what can be done about it.

use super::*;
use crate::tests::*;
use std::io::{Seek, SeekFrom, Write};

#[test]
fn a_journal_that_was_never_written_is_healthy_and_not_made() {
    let (_folder, journal) = fresh();
    let health = journal.check().unwrap();
    assert!(health.files.is_empty() && health.damage.is_empty() && health.mends(&journal).is_empty());
    assert_eq!(health.format, 0);
    assert!(!journal.path().exists());
}

#[test]
fn health_says_what_is_there() {
    let (_folder, journal) = fresh();
    journal.append(1, None, "line", &[]).unwrap();
    let first = begin(&journal, &new_call("a", "h")).unwrap();
    journal.finish(first, &done()).unwrap();
    let second = begin(&journal, &NewCall { begun: 2000, ..new_call("a", "h") }).unwrap();
    journal.record_read(&new_call("a", "r"), 1, &done()).unwrap();
    let nothing =
        Sighting { account: account("a", None), at: 1, list: None, whole_since: None, seen: vec![], gone: vec![] };
    journal.record_sighting(&nothing).unwrap();
    let health = journal.check().unwrap();
    assert_eq!((health.lines, health.calls, health.open), (1, 2, 1));
    assert_eq!((health.last_durable, health.format), (Some((second, 2000)), migrate::KNOWN));
    assert_eq!(health.files.len(), 5);
    assert!(health.folder_is_private && health.files.iter().all(|file| file.is_private));
    assert_eq!(health.mends(&journal), [Mend::Reconcile(1)]);
    set_bits(journal.folder(), 0o755);
    set_bits(&journal.path(), 0o644);
    let health = journal.check().unwrap();
    let (folder, file) = (journal.folder().to_owned(), journal.path());
    let expected = [Mend::SetBits(folder, 0o700), Mend::SetBits(file, 0o600), Mend::Reconcile(1)];
    assert_eq!(health.mends(&journal), expected);
    // It only looks.
    assert_eq!(bits(&journal.path()), 0o644);
}

#[test]
fn damage_is_found_and_named() {
    let (_folder, journal) = fresh();
    for number in 0..200 {
        journal.append(number, None, &format!("line {number} {}", "x".repeat(200)), &[]).unwrap();
    }
    raw(&journal).execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let size = fs::metadata(journal.path()).unwrap().len();
    let mut file = fs::File::options().write(true).open(journal.path()).unwrap();
    file.seek(SeekFrom::Start(size / 2)).unwrap();
    file.write_all(&vec![0xa5; size as usize / 2]).unwrap();
    drop(file);
    let journal = other(&journal);
    let health = journal.check().unwrap();
    assert!(!health.damage.is_empty());
    assert_eq!(health.mends(&journal)[0], Mend::SetAside(journal.path()));
    let error = journal.recall(None, usize::MAX).unwrap_err();
    assert!(matches!(error, Error::Corrupt(_)), "{error}");
    assert_eq!(journal.mend(&error), Some(Mend::SetAside(journal.path())));
}

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
    assert!(!second.has_news().unwrap());
    fs::remove_dir_all(journal.folder()).unwrap();
    assert_eq!(load(&journal, 9), [""; 0]);
    append(&journal, "two");
    assert_eq!(load(&journal, 9), ["two"]);
    assert!(second.has_news().unwrap());
    fs::remove_file(journal.path()).unwrap();
    assert_eq!(append(&journal, "two"), Appended::Stored(LineId(1)));
    assert!(second.has_news().unwrap());
    assert_eq!(bits(&journal.path()), 0o600);
}

/// The methods that write, or that neither look nor write.
static WRITING: &[&str] = &[
    "at",
    "session",
    "taking_over",
    "path",
    "folder",
    "open",
    "mend",
    "mends",
    "append",
    "line_completed",
    "line_ended",
    "begin_changes",
    "record_reads",
    "attempt",
    "finish",
    "reconcile",
    "tend",
    "begin_changes_unless",
    "record_sightings",
    "take_in_seen",
];

#[test]
fn looking_makes_no_journal() {
    type Look = fn(&Journal) -> Result<bool>;
    let looks: &[(&str, Look)] = &[
        ("lines", |journal| Ok(journal.lines(&Filter::default())?.is_empty())),
        ("calls", |journal| Ok(journal.calls(&Filter::default())?.is_empty())),
        ("calls_of_lines", |journal| Ok(journal.calls_of_lines(LineId(1), LineId(9))?.is_empty())),
        ("call", |journal| Ok(journal.call(CallId(1))?.is_none())),
        ("calls_by_job", |journal| Ok(journal.calls_by_job("j")?.is_empty())),
        ("open_calls", |journal| Ok(journal.open_calls(None)?.is_empty())),
        ("count_open", |journal| Ok(journal.count_open(None)? == 0)),
        ("same_unknown", |journal| Ok(journal.same_unknown(&account("a", None), "r")?.is_empty())),
        ("recall", |journal| Ok(journal.recall(Some(&account("a", None)), 9)? == Recalled::default())),
        ("has_news", |journal| Ok(!journal.has_news()?)),
        ("would_remove", |journal| Ok(journal.would_remove(&Keep::default())?.lines == 0)),
        ("prune", |journal| Ok(journal.prune(&journal.would_remove(&Keep::default())?)?.compacted)),
        ("seen", |journal| Ok(journal.seen(&account("a", None), "k", "", 9)?.is_empty())),
        ("seen_within", |journal| Ok(journal.seen_within(&account("a", None), ("k", ""), &[], 9)?.is_empty())),
        ("count_seen", |journal| Ok(journal.count_seen(&account("a", None))?.is_empty())),
        ("export", |journal| Ok(journal.export().collect::<Result<Vec<Record>>>()?.is_empty())),
        ("check", |journal| Ok(journal.check()?.files.is_empty())),
    ];
    for (name, look) in looks {
        let (folder, journal) = fresh();
        assert!(look(&journal).unwrap(), "{name}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "{name}");
        // What cannot be looked at is an error, and not an empty journal.
        fs::create_dir_all(journal.path()).unwrap();
        assert!(matches!(journal.open(), Err(Error::NotAFile(_))), "{name}");
        assert!(look(&journal).is_err(), "{name}");
    }
    // A new method belongs to one of the lists.
    for (name, text) in crate::tests::sources() {
        let own = text.split("impl Journal {").nth(1).and_then(|rest| rest.split("\n}").next()).unwrap_or_default();
        for line in own.lines().filter_map(|line| line.strip_prefix("    pub fn ")) {
            let method = line.split(['(', '<']).next().unwrap();
            let known = looks.iter().any(|(look, _)| *look == method) || WRITING.contains(&method);
            assert!(known, "{name}: does {method} look or write?");
        }
    }
}

#[test]
fn what_waits_for_a_journal_is_looked_at() {
    let (_folder, journal) = fresh();
    journal.record_read(&new_call("a", "r"), 1, &done()).unwrap();
    assert_eq!(journal.calls(&Filter::default()).unwrap().len(), 1);
    let (folder, journal) = fresh();
    std::io::Write::write_all(&mut fs::File::create(folder.path().join("old")).unwrap(), b"line\n").unwrap();
    let journal = journal.taking_over(folder.path().join("old"));
    assert_eq!(journal.lines(&Filter::default()).unwrap().len(), 1);
}

#[test]
fn what_is_stored_after_looking_at_nothing_is_news() {
    let (_folder, journal) = fresh();
    assert!(!journal.has_news().unwrap());
    append(&other(&journal), "line");
    assert!(journal.has_news().unwrap());
}

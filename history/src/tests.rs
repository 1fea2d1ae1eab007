//! The record as shells use it, on real files.

use super::*;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;
use tempfile::TempDir;

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history");
    (folder, path)
}

fn texts(history: &History, most: usize) -> Vec<String> {
    history.load(most).unwrap().into_iter().map(|entry| entry.text).collect()
}

fn bits(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn put(path: &Path, content: &[u8]) {
    File::create(path).unwrap().write_all(content).unwrap();
}

#[test]
fn lines_come_back_in_order() {
    let (_folder, path) = folder();
    let mut history = History::open(&path).unwrap();
    for (line, became) in [
        ("service.list", Appended::Stored),
        ("service.list", Appended::Skipped),
        ("service.info name a\\\n  # more", Appended::Stored),
        ("service.list", Appended::Stored),
        ("", Appended::Skipped),
        ("  ", Appended::Skipped),
        (" not.kept", Appended::Skipped),
        ("\tnot.kept", Appended::Skipped),
    ] {
        assert_eq!(history.append(line, &[]).unwrap(), became, "{line:?}");
    }
    assert_eq!(texts(&history, 9), ["service.list", "service.info name a\\\n  # more", "service.list"]);
    assert_eq!(texts(&history, 1), ["service.list"]);
    assert_eq!(texts(&history, 0), [""; 0]);
    assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 3);
}

#[test]
fn a_repeat_is_known_after_opening_again() {
    let (_folder, path) = folder();
    History::open(&path).unwrap().append("one", &[]).unwrap();
    assert_eq!(History::open(&path).unwrap().append("one", &[]).unwrap(), Appended::Skipped);
}

#[test]
fn a_secret_never_reaches_the_disk() {
    let (_folder, path) = folder();
    let mut history = History::open(&path).unwrap();
    let hide = std::slice::from_ref(&(10..18));
    assert_eq!(history.append("login key canary-1", hide).unwrap(), Appended::Stored);
    assert_eq!(history.append("login key canary-2", hide).unwrap(), Appended::Skipped);
    history.append("plain", &[]).unwrap();
    assert!(!fs::read_to_string(&path).unwrap().contains("canary"));
    let expected = [("login key (redacted)", true), ("plain", false)]
        .map(|(text, redacted)| Entry { text: text.to_owned(), redacted });
    assert_eq!(history.load(9).unwrap(), expected);
}

#[test]
fn only_the_owner_can_read_it() {
    let (folder, _) = folder();
    let path = folder.path().join("a/b/history");
    History::open(&path).unwrap();
    assert_eq!((bits(&path), bits(&folder.path().join("a")), bits(&folder.path().join("a/b"))), (0o600, 0o700, 0o700));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o664)).unwrap();
    History::open(&path).unwrap();
    assert_eq!(bits(&path), 0o600);
}

#[test]
fn what_is_no_file_is_refused_and_left_alone() {
    let (folder, path) = folder();
    symlink("/dev/null", &path).unwrap();
    let before = bits(Path::new("/dev/null"));
    assert_eq!(History::open(&path).unwrap_err().kind(), io::ErrorKind::InvalidInput);
    assert_eq!(bits(Path::new("/dev/null")), before);
    assert!(History::open(folder.path()).is_err());
}

#[test]
fn a_torn_or_foreign_file_is_read() {
    let (_folder, path) = folder();
    put(&path, b"one\n\n\xff\xfetwo\nservice.li");
    let mut history = History::open(&path).unwrap();
    assert_eq!(texts(&history, 9), ["one", "\u{fffd}\u{fffd}two", "service.li"]);
    history.append("next", &[]).unwrap();
    assert_eq!(texts(&history, 2), ["service.li", "next"]);
}

#[test]
fn two_writers_share_it() {
    let (_folder, path) = folder();
    std::thread::scope(|scope| {
        for name in ["left", "right"] {
            let path = &path;
            scope.spawn(move || {
                let mut history = History::open(path).unwrap();
                for number in 0..200 {
                    history.append(&format!("{name} {number} {}", "x".repeat(5000)), &[]).unwrap();
                }
            });
        }
    });
    let lines = texts(&History::open(&path).unwrap(), usize::MAX);
    assert_eq!(lines.len(), 400);
    for name in ["left", "right"] {
        let numbers: Vec<usize> =
            lines.iter().filter_map(|line| line.strip_prefix(name)?.split_whitespace().next()?.parse().ok()).collect();
        assert_eq!(numbers, (0..200).collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn a_long_file_is_cut_back_under_the_hands_of_another_shell() {
    let (folder, path) = folder();
    let mut other = History::open(&path).unwrap();
    let lines: String = (0..=MOST).map(|number| format!("line {number}\n")).collect();
    put(&path, lines.as_bytes());
    let history = History::open(&path).unwrap();
    other.append("from the other", &[]).unwrap();
    let kept = texts(&history, usize::MAX);
    assert_eq!(kept.len(), KEPT + 1);
    assert_eq!((kept[0].as_str(), kept[KEPT].as_str()), ("line 5001", "from the other"));
    assert_eq!((bits(&path), fs::read_dir(folder.path()).unwrap().count()), (0o600, 1));
}

#[test]
fn a_file_of_the_full_length_is_left_alone() {
    let (_folder, path) = folder();
    put(&path, "x\n".repeat(MOST).as_bytes());
    assert_eq!(texts(&History::open(&path).unwrap(), usize::MAX).len(), MOST);
}

#[test]
fn a_removed_file_is_begun_again() {
    let (_folder, path) = folder();
    let mut history = History::open(&path).unwrap();
    history.append("one", &[]).unwrap();
    fs::remove_file(&path).unwrap();
    assert_eq!(texts(&history, 9), [""; 0]);
    history.append("two", &[]).unwrap();
    assert_eq!(texts(&history, 9), ["two"]);
}

#[test]
fn a_link_stays_a_link_when_the_file_is_cut_back() {
    let (folder, path) = folder();
    let real = folder.path().join("real");
    put(&real, "x\n".repeat(MOST + 1).as_bytes());
    symlink("real", &path).unwrap();
    History::open(&path).unwrap();
    assert!(fs::symlink_metadata(&path).unwrap().is_symlink());
    assert_eq!(fs::read(&real).unwrap().len(), 2 * KEPT);
}

#[test]
fn what_another_shell_stores_is_told_once_and_ones_own_never() {
    let (_folder, path) = folder();
    let told = |history: &mut History| -> Vec<String> {
        history.news().unwrap().into_iter().map(|entry| entry.text).collect()
    };
    put(&path, b"old\n");
    let (mut one, mut other) = (History::open(&path).unwrap(), History::open(&path).unwrap());
    assert_eq!(told(&mut one), [""; 0]);
    one.append("mine", &[]).unwrap();
    other.append("theirs", &[]).unwrap();
    one.append("mine again", &[]).unwrap();
    other.append("theirs\\nagain", &[]).unwrap();
    assert_eq!(told(&mut one), ["theirs", "theirs\\nagain"]);
    assert_eq!(told(&mut one), [""; 0]);
    assert_eq!(told(&mut other), ["mine", "mine again"]);
    // What is only half there is told when it is whole.
    File::options().append(true).open(&path).unwrap().write_all(b"broken").unwrap();
    assert_eq!(told(&mut one), [""; 0]);
    other.append("off", &[]).unwrap();
    assert_eq!(told(&mut one), ["broken", "off"]);
}

#[test]
fn nothing_is_missed_or_told_twice_when_the_file_is_cut_back_or_removed() {
    let (_folder, path) = folder();
    let told = |history: &mut History| -> Vec<String> {
        history.news().unwrap().into_iter().map(|entry| entry.text).collect()
    };
    let lines: String = (0..MOST).map(|number| format!("line {number}\n")).collect();
    put(&path, lines.as_bytes());
    let (mut one, mut other) = (History::open(&path).unwrap(), History::open(&path).unwrap());
    other.append("before", &[]).unwrap();
    History::open(&path).unwrap().append("after", &[]).unwrap();
    assert_eq!(texts(&one, usize::MAX).len(), KEPT + 1);
    assert_eq!(told(&mut one), ["before", "after"]);
    other.append("later", &[]).unwrap();
    assert_eq!(told(&mut other), ["after"]);
    fs::remove_file(&path).unwrap();
    assert_eq!(told(&mut one), ["later"]);
    other.append("begun anew", &[]).unwrap();
    assert_eq!(told(&mut one), ["begun anew"]);
}

//! Lines are kept, shared and taken over.

use super::*;
use crate::tests::*;
use std::io::Write;

#[test]
fn lines_come_back_in_order() {
    let (_folder, journal) = fresh();
    for (line, became) in [
        ("service.list", Appended::Stored(LineId(1))),
        ("service.list", Appended::Repeated(LineId(2))),
        ("service.info name a\\\n  # more", Appended::Stored(LineId(3))),
        ("service.list", Appended::Stored(LineId(4))),
        ("", Appended::Skipped),
        ("  ", Appended::Skipped),
        (" not.kept", Appended::Skipped),
        ("\tnot.kept", Appended::Skipped),
    ] {
        assert_eq!(append(&journal, line), became, "{line:?}");
    }
    assert_eq!(load(&journal, 9), ["service.list", "service.info name a\\\n  # more", "service.list"]);
    assert_eq!(load(&journal, 1), ["service.list"]);
    assert_eq!(load(&journal, 0), [""; 0]);
    assert_eq!(journal.lines(&Filter::default()).unwrap().len(), 4);
}

#[test]
fn a_repeat_is_known_after_opening_again() {
    let (_folder, journal) = fresh();
    append(&journal, "one");
    assert_eq!(append(&other(&journal), "one"), Appended::Repeated(LineId(2)));
}

#[test]
fn a_secret_never_reaches_the_disk() {
    let (_folder, journal) = fresh();
    let hide = std::slice::from_ref(&(10..18));
    assert_eq!(journal.append(1, None, "login key canary-1", hide).unwrap(), Appended::Stored(LineId(1)));
    assert_eq!(journal.append(1, None, "login key canary-2", hide).unwrap(), Appended::Repeated(LineId(2)));
    append(&journal, "plain");
    for entry in fs::read_dir(journal.folder()).unwrap() {
        let content = fs::read(entry.unwrap().path()).unwrap();
        assert!(!content.windows(6).any(|bytes| bytes == b"canary"));
    }
    let lines = journal.lines(&Filter::default()).unwrap();
    let shown: Vec<(&str, bool)> = lines.iter().map(|line| (line.text.as_str(), line.redacted)).collect();
    assert_eq!(shown, [("login key (redacted)", true), ("login key (redacted)", true), ("plain", false)]);
    assert_eq!(load(&journal, 9), ["login key (redacted)", "plain"]);
}

#[test]
fn a_completed_line_takes_the_place_of_what_was_typed() {
    let (_folder, journal) = fresh();
    append(&journal, "zone.info");
    let id = append(&journal, "zone.info").id().unwrap();
    journal.line_completed(id, "zone.info id canary key abc", std::slice::from_ref(&(13..19))).unwrap();
    journal.line_ended(id, 0, Duration::from_secs(1)).unwrap();
    let lines = journal.lines(&Filter::default()).unwrap();
    let found: Vec<_> = lines.iter().map(|line| (line.text.as_str(), line.exit_code, line.redacted)).collect();
    assert_eq!(found, [("zone.info", None, false), ("zone.info id (redacted) key abc", Some(0), true)]);
    assert_eq!(load(&journal, 9), ["zone.info", "zone.info id (redacted) key abc"]);
    // The next line is compared with the complete one.
    assert_eq!(append(&journal, "zone.info id (redacted) key abc"), Appended::Repeated(LineId(3)));
    assert_eq!(append(&journal, "zone.info"), Appended::Stored(LineId(4)));
    journal.line_completed(LineId(99), "gone", &[]).unwrap();
    assert_eq!(journal.lines(&Filter::default()).unwrap().len(), 4);
}

#[test]
fn how_a_line_ended_is_noted_later() {
    let (_folder, journal) = fresh();
    let whose = account("a", Some("17"));
    let id = journal.append(5, Some(&whose), "service.list", &[]).unwrap().id().unwrap();
    let line = |journal: &Journal| journal.lines(&Filter::default()).unwrap().remove(0);
    let found = line(&journal);
    assert_eq!((found.exit_code, found.duration), (None, None));
    assert_eq!((found.at, found.session.as_deref(), found.account), (Some(5), Some("one"), Some(whose)));
    journal.line_ended(id, 7, Duration::from_millis(1500)).unwrap();
    let found = line(&journal);
    assert_eq!((found.exit_code, found.duration), (Some(7), Some(Duration::from_millis(1500))));
    journal.line_ended(LineId(99), 0, Duration::ZERO).unwrap();
}

#[test]
fn the_lines_of_an_account_are_recalled_first() {
    let (_folder, journal) = fresh();
    let whose = [None, Some(account("a", None)), Some(account("b", Some("2")))];
    for number in 0..9 {
        journal.append(number, whose[number as usize % 3].as_ref(), &format!("line {number}"), &[]).unwrap();
    }
    let reader = other(&journal);
    let recalled = |account: Option<&Account>, most| {
        let Recalled { own, others } = reader.recall(account, most).unwrap();
        [own, others].map(|lines| lines.join(" ").replace("line ", ""))
    };
    for (account, most, own, others) in [
        (account("a", None), 99, "7 4 1", "8 6 5 3 2 0"),
        (account("renamed", Some("2")), 99, "8 5 2", "7 6 4 3 1 0"),
        (account("b", None), 4, "8 5 2", "7"),
        (account("b", Some("3")), 2, "", "8 7"),
        (account("a", None), 2, "7 4", ""),
        (account("a", None), 0, "", ""),
        (Account { host: "elsewhere:1".into(), ..account("a", None) }, 99, "7 4 1", "8 6 5 3 2 0"),
    ] {
        assert_eq!(recalled(Some(&account), most), [own, others], "{account:?}");
    }
    assert_eq!(recalled(None, 5), ["8 7 6 5 4", ""]);
    assert_eq!(journal.recall(None, 99).unwrap(), Recalled::default(), "its own session has them");
}

#[test]
fn a_line_is_repeated_only_for_the_same_account() {
    let (_folder, journal) = fresh();
    let (a, b) = (account("a", None), account("b", None));
    let append = |journal: &Journal, account: &Account| {
        matches!(journal.append(1, Some(account), "thing.list", &[]).unwrap(), Appended::Repeated(_))
    };
    assert_eq!([&a, &a, &b, &b].map(|account| append(&journal, account)), [false, true, false, true]);
    let second = other(&journal);
    assert_eq!([&b, &a].map(|account| append(&second, account)), [true, false]);
    for account in [&a, &b] {
        assert!(!Journal::at(journal.folder(), "reader").recall(Some(account), 9).unwrap().own.is_empty());
    }
}

#[test]
fn two_writers_share_it() {
    let (_folder, journal) = fresh();
    std::thread::scope(|scope| {
        for name in ["left", "right"] {
            let folder = journal.folder();
            scope.spawn(move || {
                let journal = Journal::at(folder, name);
                for number in 0..200 {
                    append(&journal, &format!("{name} {number} {}", "x".repeat(5000)));
                }
            });
        }
    });
    let lines = load(&journal, usize::MAX);
    assert_eq!(lines.len(), 400);
    for name in ["left", "right"] {
        let numbers: Vec<usize> =
            lines.iter().filter_map(|line| line.strip_prefix(name)?.split_whitespace().next()?.parse().ok()).collect();
        assert_eq!(numbers, (0..200).collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn lines_of_another_session_are_news_once_and_own_lines_never() {
    let (_folder, one) = fresh();
    append(&Journal::at(one.folder(), "earlier"), "old");
    let other = other(&one);
    let news = || (one.has_news().unwrap(), other.has_news().unwrap());
    assert_eq!(news(), (false, false));
    append(&one, "mine");
    assert_eq!(news(), (false, true));
    append(&other, "theirs");
    append(&one, "mine again");
    assert_eq!(news(), (true, true));
    assert_eq!(news(), (false, false));
    append(&other, "theirs\nagain");
    assert_eq!(news(), (true, false));
    append(&other, "theirs\nagain");
    assert_eq!(news(), (false, false), "it repeats the line before it");
    assert_eq!(one.recall(None, 9).unwrap().own, ["theirs\nagain", "theirs", "old"]);
}

#[test]
fn older_lines_are_taken_over_once_and_left_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let old = folder.path().join("history");
    let content = b"one\none\n\n\xff\xfetwo\nthree\\nlines\nservice.li";
    fs::File::create(&old).unwrap().write_all(content).unwrap();
    set_bits(&old, 0o640);
    let lines = ["one", "\u{fffd}\u{fffd}two", "three\nlines", "service.li"];
    for session in ["one", "other"] {
        let journal = Journal::at(folder.path(), session).taking_over(&old);
        let mut recalled = journal.recall(None, 9).unwrap().own;
        recalled.reverse();
        assert_eq!(recalled, lines, "{session}");
        assert!(!journal.has_news().unwrap());
    }
    assert_eq!((fs::read(&old).unwrap(), bits(&old)), (content.to_vec(), 0o640));
    let first = &Journal::at(folder.path(), "third").lines(&Filter::default()).unwrap()[0];
    assert_eq!((first.at, &first.session, &first.account), (None, &None, &None));
    // What an older version goes on to keep there is its own.
    fs::File::options().append(true).open(&old).unwrap().write_all(b"later\n").unwrap();
    assert_eq!(Journal::at(folder.path(), "fourth").taking_over(&old).recall(None, 9).unwrap().own.len(), lines.len());
}

#[test]
fn an_older_record_that_cannot_be_read_is_skipped() {
    let folder = tempfile::tempdir().unwrap();
    for (number, old) in ["missing", ".", "/dev/zero"].iter().enumerate() {
        let journal = Journal::at(folder.path().join(number.to_string()), "one").taking_over(folder.path().join(old));
        assert_eq!(journal.recall(None, 9).unwrap().own, [""; 0], "{old}");
        append(&journal, "one");
    }
}

//! Values that were seen: kept, found, forgotten.

use super::sighting::{LONGEST, MOST_ACCOUNTS, MOST_INSIDE};
use super::store::find;
use super::waiting::is_any;
use super::*;
use crate::Keep;
use crate::tests::*;

fn object(kind: &str, key: &str, label: &str) -> Object {
    Object { kind: kind.into(), key: key.into(), label: label.into(), within: Vec::new() }
}

fn sighting(profile: &str, at: Millis, list: Option<&str>, seen: &[(&str, &str)]) -> Sighting {
    Sighting {
        account: account(profile, None),
        at,
        list: list.map(str::to_owned),
        whole_since: None,
        seen: seen.iter().map(|(key, label)| object("zone", key, label)).collect(),
        gone: Vec::new(),
    }
}

fn record(journal: &Journal, sighting: &Sighting) {
    journal.record_sighting(sighting).unwrap();
    journal.take_in_seen().unwrap();
}

fn keys(journal: &Journal, profile: &str, begun: &str) -> Vec<String> {
    let found = journal.seen(&account(profile, None), "zone", begun, 9).unwrap();
    found.into_iter().map(|one| one.key).collect()
}

#[test]
fn values_wait_in_a_private_file_until_they_are_taken_in() {
    let (_folder, journal) = fresh();
    assert!(keys(&journal, "a", "").is_empty() && !journal.folder().exists());
    journal.record_sighting(&sighting("a", 1, None, &[("k1", "One")])).unwrap();
    assert!(!journal.path().exists() && is_any(&journal.place));
    assert_eq!(bits(&waiting::path(&journal.place)), 0o600);
    other(&journal).take_in_seen().unwrap();
    assert_eq!(fs::metadata(waiting::path(&journal.place)).unwrap().len(), 0);
    assert_eq!(bits(&journal.path()), 0o600);
    let found = journal.seen(&account("a", None), "zone", "", 9).unwrap();
    assert_eq!(found, [Seen { key: "k1".into(), label: "One".into(), at: 1 }]);
}

#[test]
fn a_text_finds_beginnings_of_keys_and_labels_and_else_what_contains_it() {
    let (_folder, journal) = fresh();
    record(&journal, &sighting("a", 1, None, &[("d908", "Shop.example"), ("5hop", ""), ("é1", "Éclair")]));
    record(&journal, &sighting("a", 2, None, &[("aa", "my shop"), ("shx", "x")]));
    for (begun, found) in [
        ("", &["aa", "shx", "5hop", "d908", "é1"][..]),
        ("sho", &["d908"]),
        ("SHOP", &["d908"]),
        ("sh", &["shx", "d908"]),
        ("d9", &["d908"]),
        ("hop", &["5hop", "aa", "d908"]),
        ("éc", &["é1"]),
        ("zz", &[]),
        ("%", &[]),
        ("_", &[]),
    ] {
        let mut keys = keys(&journal, "a", begun);
        let mut expected = found.to_vec();
        if begun == "hop" || begun.is_empty() {
            // The same age.
            keys.sort();
            expected.sort();
        }
        assert_eq!(keys, expected, "{begun}");
    }
}

#[test]
fn accounts_have_values_of_their_own() {
    let (_folder, journal) = fresh();
    record(&journal, &sighting("a", 1, None, &[("k1", "")]));
    record(&journal, &sighting("b", 1, None, &[("k2", "")]));
    assert_eq!((keys(&journal, "a", ""), keys(&journal, "b", "")), (vec!["k1".into()], vec!["k2".into()]));
    // What the provider calls the account becomes known later; the values are the same.
    let known = Sighting { account: account("a", Some("7")), ..sighting("a", 2, None, &[("k3", "")]) };
    record(&journal, &known);
    assert_eq!(find(&raw(&journal), &account("a", Some("7")), ("zone", "k3"), 9).unwrap().len(), 1);
    let of = |profile: &str, id: Option<&str>| journal.seen(&account(profile, id), "zone", "", 9).unwrap().len();
    assert_eq!((of("a", None), of("a", Some("7")), of("c", Some("7")), of("a", Some("8"))), (2, 2, 2, 0));
    assert_eq!(journal.count_seen(&account("a", None)).unwrap(), [("zone".into(), 2)]);
}

#[test]
fn what_is_gone_goes() {
    let (_folder, journal) = fresh();
    record(&journal, &sighting("a", 1, Some("zone.list"), &[("k1", "One"), ("k2", ""), ("k3", "")]));
    record(&journal, &sighting("a", 2, Some("all.list"), &[("k2", "")]));
    record(&journal, &sighting("a", 2, None, &[("k4", "")]));
    // A name is not lost, and a newer one replaces it.
    record(&journal, &sighting("a", 3, None, &[("k1", "")]));
    assert_eq!(journal.seen(&account("a", None), "zone", "k1", 9).unwrap()[0].label, "One");
    // Only a list that was read as a whole removes what it does not show any more, and only what it had shown.
    record(&journal, &sighting("a", 10, Some("zone.list"), &[("k1", "Uno")]));
    assert_eq!(keys(&journal, "a", "").len(), 4);
    let whole = Sighting { whole_since: Some(10), ..sighting("a", 11, Some("zone.list"), &[]) };
    record(&journal, &whole);
    assert_eq!(keys(&journal, "a", ""), ["k1", "k4"]);
    assert_eq!(journal.seen(&account("a", None), "zone", "k1", 9).unwrap()[0].label, "Uno");
    let gone = Sighting { gone: vec![("zone".into(), "k1".into())], ..sighting("a", 12, None, &[]) };
    record(&journal, &gone);
    assert_eq!(keys(&journal, "a", ""), ["k4"]);
}

#[test]
fn nothing_grows_without_end() {
    let (_folder, journal) = fresh();
    let many: Vec<String> = (0..MOST_SEEN + 10).map(|number| format!("k{number:06}")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|key| (key.as_str(), "")).collect();
    record(&journal, &sighting("a", 1, None, &many[..10]));
    record(&journal, &sighting("a", 2, None, &many[10..]));
    assert_eq!(journal.count_seen(&account("a", None)).unwrap(), [("zone".into(), MOST_SEEN as u64)]);
    assert!(keys(&journal, "a", "k000009").is_empty());
    for nth in 0..=MOST_ACCOUNTS {
        let profile = format!("p{nth}");
        record(&journal, &sighting(&profile, 10 + nth as i64, None, &[("k", "")]));
    }
    let left: i64 = raw(&journal).query_row("SELECT count(*) FROM owners", [], |row| row.get(0)).unwrap();
    assert_eq!((left as usize, keys(&journal, "a", "").len()), (MOST_ACCOUNTS, 0));
    let left: i64 = raw(&journal).query_row("SELECT count(*) FROM seen", [], |row| row.get(0)).unwrap();
    assert_eq!(left as usize, MOST_ACCOUNTS);
}

#[test]
fn what_nobody_completes_is_not_kept() {
    let (_folder, journal) = fresh();
    let (long, label) = ("x".repeat(LONGEST + 1), "y".repeat(LONGEST + 1));
    record(&journal, &sighting("a", 1, None, &[(&long, ""), ("", "none"), ("a\u{1b}b", ""), ("k", &label)]));
    let found = journal.seen(&account("a", None), "zone", "", 9).unwrap();
    assert_eq!(found.iter().map(|one| (one.key.as_str(), one.label.len())).collect::<Vec<_>>(), [("k", LONGEST)]);
}

#[test]
fn much_that_waits_is_taken_in_by_who_adds_to_it_and_a_broken_line_is_left_out() {
    let (_folder, journal) = fresh();
    let label = "y".repeat(190);
    journal.record_sighting(&sighting("a", 1, None, &[("k", "")])).unwrap();
    let path = waiting::path(&journal.place);
    let mut file = fs::File::options().append(true).open(&path).unwrap();
    std::io::Write::write_all(&mut file, b"\n{\"account\":{\"pro\xff").unwrap();
    let most = (0..9999).find(|number| {
        journal.record_sighting(&sighting("a", 1, None, &[(&format!("n{number}"), &label)])).unwrap();
        journal.path().exists()
    });
    assert!(most.is_some_and(|most| most > 100), "{most:?}");
    assert_eq!(fs::metadata(&path).unwrap().len(), 0);
    assert_eq!(keys(&journal, "a", "k"), ["k"]);
}

#[test]
fn values_are_found_by_what_they_are_in() {
    let (_folder, journal) = fresh();
    let pair = |kind: &str, key: &str| (kind.to_owned(), key.to_owned());
    let inside = |key: &str, label: &str, within: &[(String, String)]| Object {
        within: within.to_vec(),
        ..object("record", key, label)
    };
    let (one, other, site) = (pair("zone", "z1"), pair("zone", "z2"), pair("site", "s"));
    let seen = vec![
        inside("r1", "www", &[one.clone(), site.clone()]),
        inside("r2", "mail", std::slice::from_ref(&one)),
        inside("r3", "www", &[other.clone(), pair("record", "r1"), pair("zone", "a\nb")]),
        inside("r4", "", &[]),
    ];
    record(&journal, &Sighting { seen, ..sighting("a", 1, None, &[]) });
    let found = |begun: &str, within: &[Vec<(String, String)>]| {
        let found = journal.seen_within(&account("a", None), ("record", begun), within, 9).unwrap();
        let mut keys: Vec<String> = found.into_iter().map(|one| one.key).collect();
        keys.sort();
        keys.join(" ")
    };
    let (z1, z2, in_site) = (vec![one.clone()], vec![other.clone()], vec![site]);
    let (unknown, either) = (vec![pair("zone", "z9")], vec![pair("x", "y"), one, other]);
    for (begun, within, keys) in [
        ("", &[][..], "r1 r2 r3 r4"),
        ("", std::slice::from_ref(&z1), "r1 r2"),
        ("", std::slice::from_ref(&z2), "r3"),
        ("www", std::slice::from_ref(&z1), "r1"),
        ("ai", std::slice::from_ref(&z1), "r2"),
        // Whoever types the beginning of something else wants that.
        ("r3", std::slice::from_ref(&z1), "r3"),
        // Nothing was seen in it.
        ("", std::slice::from_ref(&unknown), "r1 r2 r3 r4"),
        ("", &[unknown.clone(), z1.clone()], "r1 r2"),
        ("", &[z1.clone(), in_site.clone()], "r1"),
        // What contradicts itself says nothing.
        ("", &[z2.clone(), in_site.clone()], "r3"),
        ("", &[either], "r1 r2 r3"),
    ] {
        assert_eq!(found(begun, within), keys, "{begun} in {within:?}");
    }
    // What is gone, and comes back elsewhere, is in nothing that it was in.
    let gone = Sighting { gone: vec![pair("record", "r1")], ..sighting("a", 2, None, &[]) };
    record(&journal, &gone);
    let back = Sighting { seen: vec![inside("r1", "www", &[])], ..sighting("a", 3, None, &[]) };
    record(&journal, &back);
    assert_eq!(found("", &[z1]), "r2");
    // Nor is the rest narrowed by an object that has too much in it.
    let many = (0..=MOST_INSIDE).map(|at| inside(&format!("m{at}"), "", &[pair("zone", "big")]));
    record(&journal, &Sighting { seen: many.collect(), ..sighting("a", 4, None, &[]) });
    assert!(found("r", &[vec![pair("zone", "big")]]).contains("r2"));
    assert_eq!(found("m25", &[vec![pair("zone", "big")]]), "m25 m250");
}

#[test]
fn pruning_removes_old_values() {
    let (_folder, journal) = fresh();
    record(&journal, &sighting("a", 5, None, &[("k1", "")]));
    record(&journal, &sighting("a", 50, None, &[("k2", "")]));
    journal.tend(&Keep { calls_since: Some(10), ..Keep::default() }).unwrap();
    assert_eq!(keys(&journal, "a", ""), ["k2"]);
}

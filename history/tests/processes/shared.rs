//! Several processes that go on side by side.

use std::fs::File;
use std::io::Write;

use history::{Filter, Outcome};

use crate::{Ended, Place, child};

#[test]
fn two_processes_write_at_once_and_nothing_is_lost() {
    let place = Place::new();
    let roles = ["change-300", "lines-300", "change-300", "lines-300"];
    let children = roles.map(|role| Ended::start(child(role, &place)));
    children.into_iter().for_each(Ended::ends_well);
    let calls = place.journal().calls(&Filter::default()).unwrap();
    let mut arrived = place.numbers("arrived");
    arrived.sort_unstable();
    assert_eq!(arrived, (1..=600).collect::<Vec<_>>());
    assert!(calls.len() == 600 && calls.iter().all(|call| call.outcome == Outcome::Done));
    let lines = place.journal().lines(&Filter::default()).unwrap();
    assert_eq!(lines.len(), 600);
    for session in lines.iter().map(|line| line.session.as_deref().unwrap()).take(2) {
        let own = lines.iter().filter(|line| line.session.as_deref() == Some(session));
        let texts: Vec<String> = own.map(|line| line.text.clone()).collect();
        assert_eq!(texts, (0..300).map(|number| format!("{session} line {number}")).collect::<Vec<_>>());
    }
}

#[test]
fn first_starts_at_once_make_one_journal_and_take_lines_over_once() {
    for _ in 0..4 {
        let place = Place::new();
        let old: String = (0..300).map(|number| format!("old {number}\n")).collect();
        File::create(place.folder.path().join("old")).unwrap().write_all(old.as_bytes()).unwrap();
        let children: Vec<_> = (0..6).map(|_| Ended::start(child("begin", &place))).collect();
        children.into_iter().for_each(Ended::ends_well);
        let lines = place.journal().lines(&Filter::default()).unwrap();
        assert_eq!(lines.len(), 306);
        assert_eq!(lines.iter().filter(|line| line.session.is_none()).count(), 300);
    }
}

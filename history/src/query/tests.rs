//! What is asked of the journal.

use super::*;
use crate::tests::*;

/// Calls 1 to 8: of account a with id 17 and without, of b, of another provider; reads and changes; open and closed.
fn filled() -> (TempDir, Journal) {
    let (folder, journal) = fresh();
    let change = |call: NewCall, outcome| {
        let id = begin(&journal, &call).unwrap();
        journal.finish(id, &Finish::new(outcome, i32::from(outcome != Outcome::Done), Duration::ZERO)).unwrap();
    };
    let known = NewCall { account: account("a", Some("17")), begun: 2000, ..new_call("a", "ÄRGER") };
    change(known.clone(), Outcome::Done);
    change(new_call("a", "same"), Outcome::Unknown);
    change(NewCall { request: "same".into(), ..known.clone() }, Outcome::Unknown);
    change(
        NewCall { account: account("renamed", Some("17")), request: "same".into(), ..known.clone() },
        Outcome::Unknown,
    );
    change(new_call("b", "same"), Outcome::Unknown);
    change(new_call("b", "other"), Outcome::Refused);
    let elsewhere = Account { provider: "q".into(), ..account("a", Some("17")) };
    change(NewCall { account: elsewhere, request: "same".into(), ..known }, Outcome::Unknown);
    journal.record_read(&new_call("a", "read"), 1, &done()).unwrap();
    (folder, journal)
}

#[test]
fn filters_choose_calls() {
    let (_folder, journal) = filled();
    let words =
        |words: &[&str]| Filter { words: words.iter().map(|word| (*word).to_owned()).collect(), ..Filter::default() };
    for (filter, expected) in [
        (Filter::default(), &[1, 2, 3, 4, 5, 6, 7, 8][..]),
        (Filter { most: Some(2), ..Filter::default() }, &[7, 8]),
        (Filter { most: Some(0), ..Filter::default() }, &[]),
        (words(&["ärger"]), &[1, 3, 4, 7]),
        (words(&["CREATE", "other"]), &[6]),
        (words(&["create", "nowhere"]), &[]),
        (Filter { failed: true, ..Filter::default() }, &[2, 3, 4, 5, 6, 7]),
        (Filter { changes: true, most: Some(1), ..Filter::default() }, &[7]),
        (Filter { profile: Some("b".into()), ..Filter::default() }, &[5, 6]),
        (Filter { profile: Some("b".into()), failed: true, words: vec!["other".into()], ..Filter::default() }, &[6]),
        (Filter { account: Some(account("a", Some("17"))), ..Filter::default() }, &[1, 2, 3, 4, 8]),
        (Filter { since: Some(2000), ..Filter::default() }, &[1, 3, 4, 7]),
        (Filter { since: Some(2001), ..Filter::default() }, &[]),
    ] {
        assert_eq!(ids(&journal.calls(&filter).unwrap()), expected, "{filter:?}");
    }
}

#[test]
fn filters_choose_lines() {
    let (_folder, journal) = fresh();
    let mut number = 0;
    let mut line = |text: &str, profile: &str, exit_code: Option<i32>| {
        number += 1;
        let id = journal.append(number, Some(&account(profile, None)), text, &[]).unwrap().id().unwrap();
        if let Some(code) = exit_code {
            journal.line_ended(id, code, Duration::ZERO).unwrap();
        }
        id
    };
    line("thing.list", "a", Some(0));
    let changing = line("thing.create name É", "b", Some(7));
    line("thing.list", "b", None);
    line("thing.list", "b", None);
    begin(&journal, &NewCall { line: Some(changing), ..new_call("b", "h") }).unwrap();
    journal.record_read(&NewCall { line: Some(LineId(1)), ..new_call("a", "h") }, 1, &done()).unwrap();
    for (filter, expected) in [
        (Filter::default(), &[1, 2, 3, 4][..]),
        (Filter { failed: true, ..Filter::default() }, &[2]),
        (Filter { changes: true, ..Filter::default() }, &[2]),
        (Filter { words: vec!["é".into()], ..Filter::default() }, &[2]),
        (Filter { profile: Some("b".into()), most: Some(2), ..Filter::default() }, &[3, 4]),
        (Filter { account: Some(account("a", None)), ..Filter::default() }, &[1]),
        (Filter { since: Some(3), ..Filter::default() }, &[3, 4]),
        (Filter { profile: Some("x".into()), ..Filter::default() }, &[]),
    ] {
        let found: Vec<i64> = journal.lines(&filter).unwrap().iter().map(|line| line.id.0).collect();
        assert_eq!(found, expected, "{filter:?}");
    }
}

#[test]
fn open_calls_are_those_of_the_account() {
    let (_folder, journal) = filled();
    let elsewhere = Account { provider: "q".into(), ..account("a", Some("17")) };
    for (whose, expected) in [
        (None, &[2, 3, 4, 5, 7][..]),
        // The one without an id may be any of the profile's.
        (Some(account("a", Some("17"))), &[2, 3, 4]),
        (Some(account("a", None)), &[2, 3]),
        (Some(account("a", Some("18"))), &[2]),
        (Some(account("b", None)), &[5]),
        (Some(elsewhere), &[7]),
        (Some(account("c", None)), &[]),
    ] {
        assert_eq!(ids(&journal.open_calls(whose.as_ref()).unwrap()), expected, "{whose:?}");
        assert_eq!(journal.count_open(whose.as_ref()).unwrap(), expected.len() as u64, "{whose:?}");
    }
}

#[test]
fn the_same_request_is_found_while_its_outcome_is_unknown() {
    let (_folder, journal) = filled();
    let same = |whose: &Account, request: &str| ids(&journal.same_unknown(whose, request).unwrap());
    assert_eq!(same(&account("a", Some("17")), "same"), [2, 3, 4]);
    assert_eq!(same(&account("b", Some("99")), "same"), [5]);
    assert_eq!(same(&account("a", Some("17")), "ÄRGER"), [0; 0]);
    assert_eq!(same(&account("b", None), "other"), [0; 0]);
    journal.reconcile(CallId(2), Found::Happened, "thing.list", None, 1).unwrap();
    running(&journal, CallId(3), "j");
    // Nobody is reminded of this one, but the same change once more is still to be asked about.
    journal.reconcile(CallId(4), Found::CannotTell, "nothing lists it", None, 1).unwrap();
    assert_eq!(same(&account("a", Some("17")), "same"), [4]);
    assert_eq!(ids(&journal.open_calls(None).unwrap()), [3, 5, 7]);
}

#[test]
fn a_job_is_found_by_how_its_id_begins() {
    let (_folder, journal) = fresh();
    for job in ["ab1", "ab2", "ab%", "b", "ab\u{10fffe}"] {
        let id = begin(&journal, &new_call("a", "h")).unwrap();
        running(&journal, id, job);
    }
    begin(&journal, &new_call("a", "h")).unwrap();
    for (prefix, expected) in
        [("ab", &[1, 2, 3, 5][..]), ("ab1", &[1]), ("ab%", &[3]), ("b", &[4]), ("c", &[]), ("B", &[])]
    {
        assert_eq!(ids(&journal.calls_by_job(prefix).unwrap()), expected, "{prefix}");
    }
}

#[test]
fn what_the_prompt_asks_uses_an_index() {
    let (_folder, journal) = filled();
    let plan = |sql: &str, count: usize| -> String {
        let connection = raw(&journal);
        let mut select = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let parameters = rusqlite::params_from_iter((0..count).map(|_| "x"));
        let steps = select.query_map(parameters, |row| row.get::<_, String>(3)).unwrap();
        steps.map(|step| step.unwrap()).collect::<Vec<_>>().join("; ")
    };
    for (sql, count) in crate::query::FREQUENT {
        let plan = plan(sql, *count);
        assert!(plan.contains("INDEX calls_"), "{sql}: {plan}");
    }
}

#[test]
fn the_calls_of_lines_are_found() {
    let (_folder, journal) = fresh();
    for line in [Some(LineId(1)), Some(LineId(2)), None, Some(LineId(2)), Some(LineId(4))] {
        begin(&journal, &NewCall { line, ..new_call("a", "r") }).unwrap();
    }
    let found = |first, last| {
        let calls = journal.calls_of_lines(LineId(first), LineId(last)).unwrap();
        calls.into_iter().map(|(line, call, outcome)| (line.0, call.0, outcome)).collect::<Vec<_>>()
    };
    let open = Outcome::Unknown;
    assert_eq!(found(1, 3), [(1, 1, open), (2, 2, open), (2, 4, open)]);
    assert_eq!((found(3, 3), found(4, 9)), (vec![], vec![(4, 5, open)]));
}

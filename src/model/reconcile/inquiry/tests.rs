//! The judgement, by tables.

use std::slice;

use super::*;
use crate::reconcile::{Does, When};

/// The seconds of 2011-08-01 at 10:00 in UTC.
const SENT: Seconds = 1_312_192_800;

/// What was found out, in a few words: `yes`, `yes 5` with an id, `no`, or why it is open.
fn told(rule: &str, given: &str, heard: Heard<'_>) -> String {
    asked_later(rule, given, heard, 600, &[])
}

fn asked_later(rule: &str, given: &str, heard: Heard<'_>, later: Seconds, others: &[Other]) -> String {
    let params = r#"[{"name":"name"},{"name":"kind","default":"plain"},{"name":"size","type":"int"},{"name":"n"}]"#;
    let text = format!(r#"{{"name":"a.make","params":{params},"reconcile":{rule}}}"#);
    let method: Method = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{rule}: {error}"));
    let given: Map = serde_json::from_str(given).unwrap();
    let (sent, asked) = (SENT, SENT + later);
    let inquiry = Inquiry { method: &method, given: &given, sent, asked, until: sent + 60, others };
    let verdict = inquiry.question().map_or_else(|open| open, |question| question.judge(heard));
    match verdict {
        Verdict::Happened { id: Some(id), .. } => format!("yes {id}"),
        Verdict::Happened { id: None, evidence } => {
            assert!(!evidence.is_empty());
            "yes".into()
        }
        Verdict::DidNot { evidence } => {
            assert!(!evidence.is_empty());
            "no".into()
        }
        Verdict::CannotTell { why, look } => {
            assert!(!look.is_empty());
            why
        }
    }
}

fn answered(rule: &str, given: &str, answer: &str) -> String {
    let value = serde_json::from_str(answer).unwrap();
    told(rule, given, Heard::Answer { value: &value, whole: true })
}

/// Whether that was found out: `yes`, `yes 5` or `no`, or else a part of the reason why it is open.
fn says(told: &str, expected: &str) -> bool {
    let decided = |words: &str| words == "no" || words.starts_with("yes");
    if decided(expected) { told == expected } else { !decided(told) && told.contains(expected) }
}

/// Rows of: what was sent, what was answered, the verdict.
fn table(rule: &str, rows: &[(&str, &str, &str)]) {
    for (given, answer, expected) in rows {
        let told = answered(rule, given, answer);
        assert!(says(&told, expected), "{rule}\n{given}\n{answer}: {told}");
    }
}

#[test]
fn what_is_unique_is_there_or_not() {
    let rule =
        r#"{"method":"a.list","find":{"name":"name","kind":"kind"},"unique":true,"becomes":{"size":"size"},"id":"id"}"#;
    table(
        rule,
        &[
            (r#"{"name":"x"}"#, r#"[{"name":"x","kind":"plain","size":1,"id":5}]"#, "yes 5"),
            (r#"{"name":"x","size":1}"#, r#"[{"name":"x","kind":"plain","size":1}]"#, "yes"),
            (r#"{"name":"x","size":2}"#, r#"[{"name":"x","kind":"plain","size":1}]"#, "not all as this call set it"),
            (r#"{"name":"x","size":2}"#, r#"[{"name":"x","kind":"plain"}]"#, "shows no size"),
            // What is not given is what the provider assumes.
            (r#"{"name":"x"}"#, r#"[{"name":"x","kind":"other"}]"#, "no"),
            (r#"{"name":"x","kind":"other"}"#, r#"[{"name":"x","kind":"other"}]"#, "yes"),
            (r#"{"name":"x"}"#, "[]", "no"),
            // Nothing is not an empty list.
            (r#"{"name":"x"}"#, "null", "the answer of a.list is empty"),
            (r#"{"name":"x"}"#, "{}", "is empty"),
            (r#"{"name":"x"}"#, r#""""#, "is empty"),
            (r#"{"name":"x"}"#, "false", "is empty"),
            (r#"{"name":"x"}"#, r#"[{"name":"y","kind":"plain"}]"#, "no"),
            (r#"{"name":"x"}"#, r#"[{"name":"X","kind":"plain"}]"#, "may be another one"),
            (r#"{"name":"x"}"#, r#"[{"name":"x","kind":"plain"},{"name":"x","kind":"plain"}]"#, "and 2 such"),
            // An answer that is not what was promised.
            (r#"{"name":"x"}"#, r#"[{"title":"x","kind":"plain"}]"#, "has a field name"),
            (r#"{"name":"x"}"#, "[5]", "has a field kind"),
            // What was kept of the call is not enough.
            (r#"{"name":"(redacted)"}"#, "[]", "the value of name was not kept"),
            (r#"{"name":"x","size":"(redacted)"}"#, "[]", "the value of size was not kept"),
        ],
    );
}

#[test]
fn what_may_be_older_is_not_taken_for_it() {
    let rule = r#"{"method":"a.list","find":{"name":"name"}}"#;
    table(
        rule,
        &[
            (r#"{"name":"x"}"#, r#"[{"name":"x"}]"#, "may be older than this call"),
            (r#"{"name":"x"}"#, r#"[{"name":"y"}]"#, "no"),
            (r#"{"name":"x"}"#, r#"[{"name":"x"},{"name":"x"}]"#, "may be older"),
            ("{}", "[]", "the call had no name"),
        ],
    );
}

#[test]
fn the_creation_time_distinguishes_a_new_member_from_an_old_one() {
    let rule = r#"{"method":"a.list","find":{"name":"name"},"since":"made","id":"id"}"#;
    let at = |moment: &str, id: i64| format!(r#"{{"name":"x","made":{moment},"id":{id}}}"#);
    for (members, expected) in [
        (vec![at(r#""2011-08-01T10:00:00Z""#, 5)], "yes 5"),
        (vec![at("1312192801", 5)], "yes 5"),
        (vec![at(r#""2011-08-01T06:00:03-04:00""#, 5), at(r#""2011-07-01T10:00:00Z""#, 4)], "yes 5"),
        (vec![at(r#""2011-08-01T09:00:00Z""#, 5)], "no"),
        (vec![at(r#""2011-08-01T09:44:59Z""#, 5)], "no"),
        // Clocks differ, by minutes where one is not set.
        (vec![at(r#""2011-08-01T09:45:00Z""#, 5)], "not certain that this call made it"),
        (vec![at(r#""2011-08-01T09:55:00Z""#, 5)], "not certain that this call made it"),
        (vec![at(r#""2011-08-01T09:59:40Z""#, 5)], "not certain that this call made it"),
        (vec![at(r#""2011-08-01T09:59:40Z""#, 4), at(r#""2011-08-01T10:00:02Z""#, 5)], "yes 5"),
        // Somebody may have made it since.
        (vec![at(r#""2011-08-01T10:30:00Z""#, 5)], "not certain"),
        (vec![at(r#""2011-08-01T10:00:02Z""#, 4), at(r#""2011-08-01T10:00:03Z""#, 5)], "and 2 such"),
        // A day, or a time of no place, is not enough on that day, and enough on another.
        (vec![at(r#""20110801T00:00:00""#, 5)], "not certain"),
        (vec![at(r#""20110801T10:00:00""#, 5)], "not certain"),
        (vec![at(r#""20110729T00:00:00""#, 5)], "no"),
        (vec![at(r#""some day""#, 5)], "not certain"),
        (vec![at("null", 5)], "has a field made"),
    ] {
        let told = answered(rule, r#"{"name":"x"}"#, &format!("[{}]", members.join(",")));
        assert!(says(&told, expected), "{members:?}: {told}");
    }
}

/// Another call that made this object, or one that is not known.
fn maker(method: &str, when: When, object: Option<&str>) -> Other {
    let given = serde_json::from_str(r#"{"name":"x"}"#).unwrap();
    let (method, object) = (method.to_owned(), object.map(str::to_owned));
    Other { number: 14, method, does: Does::Makes, given: Some(given), is_same: false, when, object }
}

#[test]
fn what_another_call_made_is_not_of_this_one() {
    use When::{Before, Shortly, Since};
    let timed = r#"{"method":"a.list","find":{"name":"name"},"since":"made","id":"id"}"#;
    let nameless = r#"{"method":"a.list","find":{"name":"name"},"since":"made"}"#;
    let unique = r#"{"method":"a.list","find":{"name":"name"},"unique":true,"id":"id"}"#;
    let changed = r#"{"method":"a.list","find":{"name":"name"},"expect":"changed","becomes":{"n":"n"},"id":"id"}"#;
    let absent = r#"{"method":"a.list","find":{"name":"name"},"expect":"absent","id":"id"}"#;
    let one = r#"{"name":"x","n":1,"made":"2011-08-01T10:00:02Z","id":4}"#;
    let two = r#"{"name":"x","n":1,"made":"2011-08-01T10:00:03Z","id":5}"#;
    for (rule, members, other, expected) in [
        (timed, vec![one], maker("a.make", Since, Some("4")), "no"),
        (timed, vec![one, two], maker("a.make", Since, Some("4")), "yes 5"),
        (timed, vec![one], maker("a.make", Before, Some("4")), "no"),
        // Which one it made is not known, or not shown.
        (timed, vec![one], maker("a.make", Since, None), "due to call 14 (a.make)"),
        (timed, vec![one], maker("a.make", Shortly, None), "due to call 14"),
        (timed, vec![one], maker("a.make", Before, None), "yes 4"),
        (timed, vec![one], maker("a.make", Since, Some("3")), "due to call 14"),
        (timed, vec![], maker("a.make", Since, None), "no"),
        (nameless, vec![one], maker("a.make", Since, Some("4")), "due to call 14"),
        // The ids of other methods are of other kinds.
        (timed, vec![one], maker("b.make", Before, Some("4")), "yes 4"),
        (timed, vec![one], maker("a.update", Before, Some("4")), "yes 4"),
        // There can be only one, whose id proves nothing.
        (unique, vec![one], maker("a.make", Before, Some("4")), "yes 4"),
        (unique, vec![one], maker("a.make", Since, Some("4")), "due to call 14"),
        (changed, vec![one], maker("a.make", Before, Some("4")), "yes 4"),
        (absent, vec![one], maker("a.make", Before, Some("4")), "no"),
        (absent, vec![], maker("a.make", Before, Some("4")), "yes"),
    ] {
        let value = serde_json::from_str(&format!("[{}]", members.join(","))).unwrap();
        let heard = Heard::Answer { value: &value, whole: true };
        let told = asked_later(rule, r#"{"name":"x","n":1}"#, heard, 600, slice::from_ref(&other));
        assert!(says(&told, expected), "{rule}\n{members:?}\n{other:?}: {told}");
    }
}

#[test]
fn several_that_a_call_makes_are_counted() {
    let rule = r#"{"method":"a.list","with":{"of":"name"},"since":"made","count":"n"}"#;
    let made = r#"{"made":"2011-08-01T10:00:01Z"}"#;
    let all = |count: usize| format!("[{}]", vec![made; count].join(","));
    for (n, count, expected) in
        [("2", 2, "yes"), ("2", 1, "and 1 such"), ("2", 3, "and 3 such"), ("2", 0, "no"), ("1", 2, "and 2 such")]
    {
        let told = answered(rule, &format!(r#"{{"name":"x","n":{n}}}"#), &all(count));
        assert!(says(&told, expected), "{n} {count}: {told}");
    }
    assert!(answered(rule, r#"{"name":"x","n":"many"}"#, &all(1)).contains("not a number"));
}

#[test]
fn what_is_removed_is_gone() {
    let rule = r#"{"method":"a.list","find":{"id":"n"},"expect":"absent","then":{"state":["PENDING_DELETE"]}}"#;
    table(
        rule,
        &[
            (r#"{"n":5}"#, r#"[{"id":4,"state":"OK"}]"#, "yes"),
            (r#"{"n":5}"#, "[]", "yes"),
            (r#"{"n":5}"#, "null", "is empty"),
            (r#"{"n":5}"#, "{}", "is empty"),
            (r#"{"n":5}"#, r#"[{"id":"5","state":"OK"}]"#, "no"),
            (r#"{"n":5}"#, r#"[{"id":"5","state":"PENDING_DELETE"}]"#, "yes"),
            (r#"{"n":5}"#, r#"[{"id":"5"}]"#, "has no field state"),
            (r#"{"n":"a"}"#, r#"[{"id":"A","state":"OK"}]"#, "may be another one"),
            (r#"{"n":5}"#, r#"[{"id":5,"state":"pending_delete"}]"#, "may be about to go"),
            (r#"{"n":5}"#, r#"[{"id":5,"state":"OK"},{"id":5,"state":"PENDING_DELETE"}]"#, "and another"),
        ],
    );
}

#[test]
fn what_is_changed_is_as_it_was_set() {
    let rule = r#"{"method":"a.get","with":{"id":"n"},"expect":"changed","becomes":{"name":"name","size":"size"}}"#;
    table(
        rule,
        &[
            (r#"{"n":5,"name":"x"}"#, r#"{"name":"x","size":1}"#, "yes"),
            (r#"{"n":5,"name":"x"}"#, r#"{"name":"y","size":1}"#, "no"),
            (r#"{"n":5,"name":"x","size":1}"#, r#"{"name":"y","size":1}"#, "only a part"),
            (r#"{"n":5,"name":"x","size":2}"#, r#"{"name":"y","size":1}"#, "no"),
            (r#"{"n":5,"name":"x"}"#, r#"{"name":" X"}"#, "may be the same"),
            (r#"{"n":5,"name":"x"}"#, r#"{"size":1}"#, "shows no name"),
            (r#"{"n":5}"#, r#"{"name":"x"}"#, "nothing of what it changes"),
            (r#"{"n":5,"name":"x"}"#, "[]", "does not show what this call was about"),
            (r#"{"n":5,"name":"x"}"#, r#"[{"name":"x"},{"name":"x"}]"#, "not certain that this is the one"),
        ],
    );
    let switch = r#"{"method":"a.list","find":{"id":"n"},"expect":"changed","then":{"on":[true]}}"#;
    table(
        switch,
        &[
            (r#"{"n":5}"#, r#"[{"id":5,"on":true}]"#, "yes"),
            (r#"{"n":5}"#, r#"[{"id":5,"on":false}]"#, "no"),
            (r#"{"n":5}"#, r#"[{"id":5}]"#, "shows no on"),
            (r#"{"n":5}"#, r#"[{"id":5,"on":1}]"#, "may be the same"),
        ],
    );
}

#[test]
fn members_show_what_the_rule_says() {
    let rule = r#"{"method":"a.get","with":{"id":"n"},"at":"jobs","find":{"of":"name"},"where":{"kind":["MAKE*"]},"unique":true}"#;
    table(
        rule,
        &[
            (r#"{"n":1,"name":"x"}"#, r#"{"jobs":[{"of":"x","kind":"MAKE_IT"}]}"#, "yes"),
            (r#"{"n":1,"name":"x"}"#, r#"{"jobs":[{"of":"x","kind":"DROP"},{"of":"y"}]}"#, "no"),
            (r#"{"n":1,"name":"x"}"#, r#"{"jobs":[{"of":"x"}]}"#, "has no field kind"),
            (r#"{"n":1,"name":"x"}"#, r#"{"jobs":[{"of":"x","kind":"make_it"}]}"#, "may be another one"),
            (r#"{"n":1,"name":"x"}"#, r#"{"other":[]}"#, "shows no jobs"),
            (r#"{"n":1,"name":"x"}"#, r#"{"jobs":null}"#, "shows no jobs"),
            (r#"{"n":1,"name":"x"}"#, r#"{"jobs":[]}"#, "no"),
        ],
    );
}

#[test]
fn what_is_being_worked_on_decides_nothing() {
    let gone = r#"{"method":"a.list","find":{"name":"name"},"expect":"absent","busy":{"state":["PENDING_*"]}}"#;
    let on =
        r#"{"method":"a.list","find":{"name":"name"},"expect":"changed","then":{"on":[true]},"busy":{"busy":[true]}}"#;
    let given = r#"{"name":"x"}"#;
    table(
        gone,
        &[
            (given, r#"[{"name":"x","state":"NORMAL"}]"#, "no"),
            (given, r#"[{"name":"x","state":"PENDING_CHANGE"}]"#, "while it is in this state"),
            (given, r#"[{"name":"x","state":"pending_change"}]"#, "while it is in this state"),
            (given, r#"[{"name":"x"}]"#, "has no field state"),
            (given, r#"[{"name":"y","state":"PENDING_CHANGE"}]"#, "yes"),
        ],
    );
    table(
        on,
        &[
            (given, r#"[{"name":"x","on":true,"busy":true}]"#, "yes"),
            (given, r#"[{"name":"x","on":false,"busy":true}]"#, "while it is in this state"),
            (given, r#"[{"name":"x","on":false,"busy":false}]"#, "no"),
        ],
    );
}

#[test]
fn values_that_are_shown_otherwise_decide_nothing() {
    let rule = r#"{"method":"a.list","find":{"name":"name"},"unique":true,"unless":{"kind":["srv"],"size":[1,2]}}"#;
    table(
        rule,
        &[
            (r#"{"name":"x"}"#, "[]", "no"),
            (r#"{"name":"x","kind":"srv"}"#, "[]", "with this kind"),
            (r#"{"name":"x","size":2}"#, r#"[{"name":"x"}]"#, "with this size"),
            (r#"{"name":"x","size":3}"#, r#"[{"name":"x"}]"#, "yes"),
        ],
    );
    let rule = r#"{"method":"a.list","find":{"name":"name","n":"n"},"needs":["n"],"unique":true}"#;
    table(
        rule,
        &[(r#"{"name":"x"}"#, "[]", "the call had no n"), (r#"{"name":"x","n":5}"#, r#"[{"name":"x","n":5}]"#, "yes")],
    );
}

#[test]
fn a_refusal_means_that_the_object_is_gone_or_nothing() {
    for (expect, code, expected) in [
        ("present", 4, "no"),
        ("absent", 4, "yes"),
        ("changed", 4, "reports that it does not exist"),
        ("present", 5, "refused with code 5"),
        ("absent", 5, "refused with code 5"),
    ] {
        let rule = format!(r#"{{"method":"a.get","with":{{"id":"n"}},"expect":"{expect}","unique":true,"gone":[4]}}"#);
        let told = told(&rule, r#"{"n":1}"#, Heard::Refused(&code.into()));
        assert!(says(&told, expected), "{rule} {code}: {told}");
    }
}

#[test]
fn what_was_not_read_whole_and_what_may_come_decide_nothing() {
    let present = r#"{"method":"a.list","find":{"name":"name"},"unique":true}"#;
    let absent = r#"{"method":"a.list","find":{"name":"name"},"expect":"absent"}"#;
    let changed = r#"{"method":"a.list","find":{"name":"name"},"expect":"changed","becomes":{"size":"size"}}"#;
    let (there, other) = (r#"[{"name":"x","size":1}]"#, r#"[{"name":"y","size":1}]"#);
    let slow = r#"{"method":"a.list","find":{"name":"name"},"expect":"absent","slow":true}"#;
    for (rule, answer, whole, later, expected) in [
        (slow, there, true, 600, "may still be going on"),
        (slow, other, true, 600, "yes"),
        (present, there, false, 600, "yes"),
        (present, other, false, 600, "not all of the answer"),
        (absent, there, false, 600, "no"),
        (absent, other, false, 600, "not all of the answer"),
        (changed, other, false, 600, "not all of the answer"),
        (present, there, true, 0, "yes"),
        (present, other, true, 0, "ask again in 60 s"),
        (present, other, true, 59, "ask again in 1 s"),
        (present, other, true, 60, "no"),
        (absent, there, true, 20, "ask again in 40 s"),
        (absent, other, true, 0, "yes"),
    ] {
        let value = serde_json::from_str(answer).unwrap();
        let told = asked_later(rule, r#"{"name":"x","size":1}"#, Heard::Answer { value: &value, whole }, later, &[]);
        assert!(says(&told, expected), "{rule} {answer} {whole}: {told}");
    }
}

#[test]
fn a_method_without_a_rule_is_open() {
    let method = Method::discovered("a.make");
    let given = Map::new();
    let inquiry = Inquiry { method: &method, given: &given, sent: 0, asked: 0, until: 0, others: &[] };
    let Err(Verdict::CannotTell { why, .. }) = inquiry.question() else { panic!("it can be asked") };
    assert!(why.contains("the catalogue has no way"), "{why}");
}

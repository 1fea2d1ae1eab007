//! What is written while it comes beside what is written of a tree.

use std::io;
use std::sync::Arc;

use proptest::prelude::*;

use super::super::stream::tests::Full;
use super::super::transcode::tests::{Decoded, any_value};
use super::super::{Format, Fragment, LAST, Passage, Room, View, render_all, stream};
use super::*;

/// What is written of a source, and the name that comes twice.
fn written<'de>(source: impl Deserializer<'de>, lines: Lines) -> (String, Option<String>) {
    let mut out = Vec::new();
    let written = write(source, (lines, false, 0), Spelling::default(), &mut out).unwrap();
    (String::from_utf8(out).unwrap(), written.twice)
}

/// What is written of a tree.
fn whole(value: &Value, lines: Lines) -> String {
    let format = if lines == Lines::Spread { Format::Json } else { Format::Jsonl };
    let mut out = Vec::new();
    render_all(std::slice::from_ref(value), &View::of(format), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn compared(json: &str) -> Option<String> {
    let tree: Value = serde_json::from_str(json).unwrap();
    let mut twice = None;
    for lines in [Lines::Spread, Lines::EachMember] {
        let (text, name) = written(&mut serde_json::Deserializer::from_str(json), lines);
        assert_eq!(text, whole(&tree, lines), "{json}");
        twice = name;
    }
    twice
}

#[test]
fn every_form_is_written_as_that_of_a_tree() {
    for json in [
        "null",
        "true",
        "-7",
        "18446744073709551615",
        "[1e400,21.60,-0,0.5]",
        r#""a\"\\\b\f\n\r\t\u0001\u001f\u007fé\u2028""#,
        "[]",
        "{}",
        "[[],{},[[1],[2]]]",
        r#"{"a":{"b":[{},[]]},"c":[1,{"d":null}]}"#,
        r#"[{"a":1,"b":2},{"a":1},{"b":2,"a":1},{"a":1,"c":3,"b":2}]"#,
        r#"{"$serde_json::private::Number":"no number"}"#,
        r#"{"$serde_json::private::Number":"7","b":1}"#,
        r#"{"$serde_json::private::Number":{"a":[]}}"#,
        r#"{"a":1,"$serde_json::private::Number":"7"}"#,
    ] {
        assert_eq!(compared(json), None, "{json}");
    }
}

#[test]
fn of_two_members_of_a_name_the_last_counts_in_the_place_of_the_first() {
    for (json, name) in [
        (r#"{"a":1,"a":2}"#, "a"),
        (r#"[{"a":1,"b":[1,{"c":2}],"a":{"x":"long"},"d":4,"b":5,"a":null}]"#, "a"),
        (r#"{"o":{"p":1,"q":{"r":1,"r":[22]},"p":3},"z":1}"#, "r"),
        (r#"[{"k":1,"l":2},{"k":1,"k":2,"l":3},{"l":1,"l":2,"k":3}]"#, "k"),
        (r#"{"$serde_json::private::Number":"x","$serde_json::private::Number":[1]}"#, NUMBER),
    ] {
        assert_eq!(compared(json).as_deref(), Some(name), "{json}");
    }
    let many: Vec<String> = (0..40).map(|at| format!(r#""n{at}":{at}"#)).collect();
    let many = format!(r#"[{{{0}}},{{{0},"n3":"x","n39":{{"n3":1}},"n40":1}},{{"n7":0,{0}}}]"#, many.join(","));
    assert_eq!(compared(&many).as_deref(), Some("n3"));
}

#[test]
fn an_error_of_the_source_keeps_its_words_and_what_came_is_passed_on() {
    let mut out = Vec::new();
    let source = &mut serde_json::Deserializer::from_str(r#"[{"a":[1]},{"b":"#);
    let Err(StreamError::Read(words)) = write(source, (Lines::EachMember, true, 0), Spelling::default(), &mut out)
    else {
        panic!("it is broken")
    };
    assert!(words.starts_with("EOF while parsing a value at line 1"), "{words}");
    assert!(out.starts_with(b"{\"a\":[1]}\n"));
}

/// A name that many dictionaries share.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[a-d]", 1 => any::<String>()]
}

/// JSON whose dictionaries may have a name several times.
fn any_json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        any::<i32>().prop_map(|number| number.to_string()),
        any::<String>().prop_map(|text| serde_json::Value::from(text).to_string()),
    ];
    leaf.prop_recursive(4, 48, 8, |inner| {
        let member = (name(), inner.clone()).prop_map(|(name, value)| {
            let name = serde_json::Value::from(name);
            format!("{name}:{value}")
        });
        prop_oneof![
            prop::collection::vec(inner, 0..8).prop_map(|all| format!("[{}]", all.join(","))),
            prop::collection::vec(member, 0..8).prop_map(|all| format!("{{{}}}", all.join(","))),
        ]
    })
}

proptest! {
    #[test]
    fn any_value_is_written_as_that_of_a_tree(value in any_value()) {
        for lines in [Lines::Spread, Lines::EachMember] {
            prop_assert_eq!(written(Decoded(value.clone()), lines).0, whole(&value, lines));
        }
    }

    #[test]
    fn any_names_that_come_twice_are_merged_as_in_a_tree(json in any_json()) {
        compared(&json);
    }
}

/// What is written of members whose last value comes apart, with so much room for fragments in memory.
fn apart(members: &[(Map, Option<Value>)], lines: Lines, room: usize) -> String {
    let format = if lines == Lines::Spread { Format::Json } else { Format::Jsonl };
    let (view, room) = (View::of(format), Arc::new(Room::of(room)));
    let passage = Passage { view: &view, common: None, spool: &tempfile::tempfile, at_once: false, within: LAST };
    let fragment = |value: &Value| {
        let mut fragment = Fragment::of(&room, tempfile::tempfile);
        stream(Decoded(value.clone()), passage, &mut fragment).unwrap();
        fragment
    };
    // All of them wait, the last of them for the longest time.
    let mut all: Vec<_> = members.iter().map(|(map, last)| (map.clone(), last.as_ref().map(fragment))).collect();
    let mut all = all.drain(..);
    let mut out = Vec::new();
    joined(&mut || all.next(), (lines, "last"), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The same members as trees.
fn as_trees(members: &[(Map, Option<Value>)]) -> Value {
    let member = |(map, last): &(Map, Option<Value>)| {
        let mut map = map.clone();
        last.iter().for_each(|last| drop(map.insert("last", last.clone())));
        Value::Map(map)
    };
    Value::List(members.iter().map(member).collect())
}

proptest! {
    #[test]
    fn what_is_put_together_is_the_text_of_the_whole(
        all in prop::collection::vec((any::<String>(), any_value(), prop::option::of(any_value())), 0..6),
        room in prop_oneof![Just(0), Just(20), Just(1 << 20)],
    ) {
        let member = |(text, value, last): (String, Value, Option<Value>)| {
            (Map::from_iter([("item", Value::Text(text)), ("more", value)]), last)
        };
        let members: Vec<_> = all.into_iter().map(member).collect();
        for lines in [Lines::Spread, Lines::EachMember] {
            prop_assert_eq!(apart(&members, lines, room), whole(&as_trees(&members), lines));
        }
    }
}

#[test]
fn nothing_more_is_asked_for_when_the_place_is_full() {
    for room in [0, 1 << 20] {
        let (room, mut asked) = (Arc::new(Room::of(room)), 0);
        let mut next = || {
            asked += 1;
            let mut fragment = Fragment::of(&room, tempfile::tempfile);
            fragment.write_all(&[b'7'; 20_000]).unwrap();
            Some((Map::from_iter([("a", 1)]), Some(fragment)))
        };
        let done = joined(&mut next, (Lines::Spread, "b"), &mut Full(0));
        assert!(matches!(done, Err(StreamError::Write(fault)) if fault.kind() == io::ErrorKind::StorageFull));
        assert_eq!(asked, 1);
    }
}

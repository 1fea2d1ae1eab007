//! The contents of dictionaries and lists, checked against the catalogue at every depth.

use std::sync::Arc;

use super::Files;
use crate::bind::{Faults, Rules, bind};
use model::{Arguments, Call, Diagnostic, Map, Method, Secret, Shape, Value};

/// A method with nested parameters, and the shapes that describe them.
pub(super) fn method() -> (Arc<Method>, Vec<Shape>) {
    let shapes = r#"[
        {"name":"record","fields":[
            {"name":"type","type":"string","choices":["A","MX"]},
            {"name":"address","type":"string","pattern":"ascii","max_length":9},
            {"name":"ttl","type":"int","optional":true,"min":0,"max":999},
            {"name":"made","type":"date","optional":true,"form":"day"},
            {"name":"tags","type":"list:string","optional":true,"pattern":"word","max_length":2},
            {"name":"key","type":"string","optional":true,"secret":true,"max_length":4},
            {"name":"port","type":"any","takes":["int"],"or_empty":true,"optional":true,"max":65535},
            {"name":"next","type":"@record","optional":true}],
         "rules":[{"when":{"type":["MX"]},"needs":["ttl"]}]}]"#;
    let json = r#"{"name":"zone.make","params":[
        {"name":"name","type":"string"},
        {"name":"records","type":"list:@record"},
        {"name":"first","type":"@record"},
        {"name":"counts","type":"map:int","choices":[0,1]},
        {"name":"open","type":"dict"},
        {"name":"made","type":"list:date","operators":["MIN","MAX"],"form":"day","repeat":true},
        {"name":"ids","type":"list:string","distinct":true},
        {"name":"roles","type":"list:dict","alone":[{"name":"none"}],"fields":[{"name":"name","type":"string"}]},
        {"name":"number","type":"int"},
        {"name":"data","type":"any","takes":["string","list:string"]},
        {"name":"free","type":"any"}]}"#;
    let method: Method = serde_json::from_str(json).unwrap();
    (Arc::new(Method { any_case: true, ..method }), serde_json::from_str(shapes).unwrap())
}

fn run(text: &str, unchecked: bool) -> Result<Call, Faults> {
    let (method, shapes) = method();
    let line = lang::parse(text).unwrap().remove(0);
    bind(&method, &line, Rules { unchecked, shapes: &shapes, ..Rules::default() }, &mut Files)
}

fn bound(text: &str) -> Map {
    let Arguments::Named(map) = run(text, false).unwrap_or_else(|e| panic!("{text}: {e}")).arguments else { panic!() };
    map
}

/// All faults of a line: the message, and the text that it points at.
fn faults(text: &str) -> Vec<(String, String)> {
    let faults = run(text, false).expect_err(text);
    let one = |fault: &dyn Diagnostic| (fault.to_string(), text[fault.span().unwrap_or_default().range()].to_owned());
    let mut all = vec![one(&faults)];
    all.extend(faults.more().into_iter().map(one));
    all
}

#[test]
fn a_nested_fault_has_its_path_and_its_own_caret() {
    for (text, said, under) in [
        ("records[0].type NS records[0].address x", "`records[0].type` cannot be `NS`", "NS"),
        ("records[0].type A", "`records[0]` needs `address`", "records[0].type"),
        ("records[0].type A records[0].adress x", "`records[0]` has no field `adress`", ".adress"),
        ("records[0].type A records[0].address é", "`records[0].address` must be printable ASCII", "é"),
        (
            "records[0].type A records[0].address x records[0].ttl abc",
            "`records[0].ttl` must be a whole number, not `abc`",
            "abc",
        ),
        ("records[0].type A records[0].address x records[0].ttl 1000", "`records[0].ttl` must be at most 999", "1000"),
        (
            "records[0].type MX records[0].address x",
            "`records[0]` needs `records[0].ttl` when `records[0].type` is MX",
            "records[0].type",
        ),
        ("records '[{\"type\":\"A\"}]'", "`records[0]` needs `address`", "{\"type\":\"A\"}"),
        (
            "records '[{\"type\":\"A\",\"address\":null}]'",
            "`records[0]` needs `address`",
            "{\"type\":\"A\",\"address\":null}",
        ),
        ("records (json)[{\"type\":\"BAD\",\"address\":\"x\"}]", "`records[0].type` cannot be `BAD`", "\"BAD\""),
        ("records '[{\"type\":\"A\",\"address\":\"x\",\"zone\":1}]'", "`records[0]` has no field `zone`", "\"zone\""),
        ("records '[{\"type\":\"A\",\"address\":\"x\",\"ttl\":-1}]'", "`records[0].ttl` must be at least 0", "-1"),
        (
            "records '[{\"type\":\"A\",\"address\":\"x\",\"ttl\":\"soon\"}]'",
            "`records[0].ttl` must be a whole number, not `soon`",
            "\"soon\"",
        ),
        (
            "records '[{\"type\":\"A\",\"address\":\"x\",\"ttl\":[1]}]'",
            "`records[0].ttl` must be a whole number, not a list",
            "[1]",
        ),
        (
            "records '[{\"type\":\"A\",\"address\":\"x\",\"tags\":[\"a\",\"b c\"]}]'",
            "`records[0].tags[1]` must be made of letters, digits, _ and -",
            "\"b c\"",
        ),
        (
            "records '[{\"type\":\"A\",\"address\":\"x\",\"tags\":[\"a\",\"b\",\"c\"]}]'",
            "`records[0].tags` must have at most 2 members, but has 3",
            "[\"a\",\"b\",\"c\"]",
        ),
        ("records '[1]'", "`records[0]` must be a dictionary, not `1`", "1"),
        ("records '{\"a\":1}'", "`records` must be a JSON list, not `{\"a\":1}`", "'{\"a\":1}'"),
        ("records (json)'{\"a\":1}'", "`records` must be a list of dictionaries, not a dictionary", "'{\"a\":1}'"),
        (
            "first (json){\"type\":\"A\",\"address\":\"x\",\"next\":{\"type\":\"A\",\"address\":\"far too long\"}}",
            "`first.next.address` must have at most 9 characters, but has 12",
            "\"far too long\"",
        ),
        (
            "first.type A first.address x first.next.address y first.next.tpye A",
            "`first.next` has no field `tpye`",
            ".tpye",
        ),
        (
            "first '{\"type\":\"A\",\"type\":\"MX\",\"address\":\"x\"}'",
            "`first` must be JSON (the key \"type\" is given twice",
            "'{",
        ),
        (
            "first.type A first.address x first.made 2013-02-01T10:00",
            "`first.made` must be a day such as 2013-02-01, not `2013-02-01T10:00`",
            "2013-02-01T10:00",
        ),
        ("first.type A first.address x first.port http", "`first.port` must be a whole number, not `http`", "http"),
        ("first.type A first.address x first.port 65536", "`first.port` must be at most 65535", "65536"),
        (
            "first '{\"type\":\"A\",\"address\":\"x\",\"key\":\"hunter22\"}'",
            "`first.key` must have at most 4 characters, but has 8",
            "\"hunter22\"",
        ),
        ("counts.x 2", "`counts.x` cannot be `2`", "2"),
        ("counts '{\"a\":1,\"b\":7}'", "`counts.b` cannot be `7`", "7"),
        ("ids a,b,a", "`ids` must not have a member twice, and number 3 is a repeat", "a,b,a"),
        ("roles[0].name server roles[1].name none", "`roles` must have no other member besides none", "roles[0].name"),
        ("roles[0].nam server", "`roles[0]` has no field `nam`", ".nam"),
    ] {
        let text = format!("zone.make {text}");
        let faults = faults(&text);
        assert!(faults[0].0.starts_with(said), "{text}: {}", faults[0].0);
        assert!(faults[0].1.starts_with(under), "{text}: points at {:?}", faults[0].1);
        assert_eq!(faults.len(), 1, "{text}: {faults:?}");
        assert!(run(&text, true).is_ok() || faults[0].0.contains("must be"), "{text}: --no-check");
    }
}

#[test]
fn all_nested_faults_are_reported_at_once() {
    let text =
        "zone.make records '[{\"type\":\"BAD\",\"ttl\":-1},{\"typ\":\"A\",\"address\":\"x\"}]' counts.x 5 nubmer 1";
    let faults: Vec<String> = faults(text).into_iter().map(|(said, _)| said).collect();
    assert_eq!(
        faults,
        [
            "`records[0]` needs `address`",
            "`records[0].type` cannot be `BAD`",
            "`records[0].ttl` must be at least 0",
            "`records[1]` has no field `typ`",
            "`counts.x` cannot be `5`",
            "zone.make has no parameter `nubmer`",
        ]
    );
}

#[test]
fn paths_into_values_without_parts_are_refused() {
    for (text, said, under) in [
        ("name.MIN a", "`name.MIN` does not exist: `name` is a text", "name.MIN"),
        ("number[0] 1", "`number[0]` does not exist: `number` is a whole number", "number[0]"),
        ("ids.x.y 1", "`ids.x.y` does not exist: `ids` is a list of texts", "ids.x.y"),
        ("ids[0].x 1", "`ids[0].x` does not exist: `ids[0]` is a text", "ids[0].x"),
        ("records.type A", "`records.type` does not exist: `records` is a list of dictionaries", "records.type"),
        ("first[0] A", "`first[0]` does not exist: `first` is a dictionary", "first[0]"),
        ("data.x 1", "`data.x` does not exist: `data` is a text or a list of texts", "data.x"),
        ("made.LIKE 2012", "`made` has no operator `LIKE`", ".LIKE"),
        ("made.x.y 2012", "`made.x.y` does not exist: `made` is a list of dates", "made.x.y"),
        ("number (list)1,2", "`number` must be a whole number, not a list", "1,2"),
        ("number (json)[1]", "`number` must be a whole number, not a list", "[1]"),
        ("name (json){\"a\":1}", "`name` must be a text, not a dictionary", "{\"a\":1}"),
        ("made.MIN 2012-09-01,2012-09-02", "`made.MIN` must be a day", "2012-09-01,2012-09-02"),
        ("made.MIN (list)2012-09-01,2012-09-02", "`made.MIN` must be a day", "2012-09-01,2012-09-02"),
        ("data (json){\"a\":1}", "`data` must be a text or a list of texts, not a dictionary", "{\"a\":1}"),
        ("data (json)[{\"a\":1}]", "`data[0]` must be a text, not a dictionary", "{\"a\":1}"),
    ] {
        let text = format!("zone.make {text}");
        let faults = faults(&text);
        assert!(faults[0].0.starts_with(said), "{text}: {}", faults[0].0);
        assert_eq!((faults[0].1.as_str(), faults.len()), (under, 1), "{text}: {faults:?}");
    }
}

#[test]
fn fitting_values_are_converted_to_the_required_form() {
    let json = |text: &str| -> Value { serde_json::from_str(text).unwrap() };
    for (text, name, wanted) in [
        (
            "records '[{\"type\":\"A\",\"address\":5,\"ttl\":\"300\"}]'",
            "records",
            json(r#"[{"type":"A","address":"5","ttl":300}]"#),
        ),
        ("records[0].type A records[0].address x", "records", json(r#"[{"type":"A","address":"x"}]"#)),
        ("first.type A first.address x first.port ''", "first", json(r#"{"type":"A","address":"x","port":""}"#)),
        ("first.type A first.address x first.port 22", "first", json(r#"{"type":"A","address":"x","port":22}"#)),
        (
            "first '{\"type\":\"A\",\"address\":\"x\",\"ttl\":null}'",
            "first",
            json(r#"{"type":"A","address":"x","ttl":null}"#),
        ),
        ("counts '{\"2\":1}' counts.3 0", "counts", json(r#"{"2":1,"3":0}"#)),
        ("counts[2] 1", "counts", json(r#"{"2":1}"#)),
        ("open.any.thing[0] 1", "open", json(r#"{"any":{"thing":["1"]}}"#)),
        ("data '[\"127.0.0.2\",\"127.0.0.3\"]'", "data", json(r#"["127.0.0.2","127.0.0.3"]"#)),
        ("data (list)a,b", "data", json(r#"["a","b"]"#)),
        ("data[0] a data[1] b", "data", json(r#"["a","b"]"#)),
        ("data '[no json'", "data", "[no json".into()),
        ("data (string)[1]", "data", "[1]".into()),
        ("data 5", "data", "5".into()),
        ("free [1]", "free", json("[1]")),
        ("free '{\"a\":1}'", "free", json(r#"{"a":1}"#)),
        ("free 5", "free", "5".into()),
        ("number (string)x", "number", "x".into()),
        ("number (json)true", "number", true.into()),
        ("NAME x", "name", "x".into()),
        ("RECORDS[0].type A records[0].address x", "records", json(r#"[{"type":"A","address":"x"}]"#)),
    ] {
        assert_eq!(bound(&format!("zone.make {text}")).get(name), Some(&wanted), "{text}");
    }
    for (text, name, wanted) in [
        ("made 20120901", "made", "2012-09-01"),
        ("made.min 2012/9/1", "made.MIN", "2012-09-01"),
        ("Made.Max 2012-09-01T00:00:00Z", "made.MAX", "2012-09-01"),
    ] {
        let map = bound(&format!("zone.make {text}"));
        let value = map.get(name).map(|value| value.as_list().map_or(value, |list| &list[0]));
        assert_eq!(value.and_then(Value::as_str), Some(wanted), "{text}");
    }
    let made = bound("zone.make made (list)2012-09-01, 20120902");
    let days: Vec<&str> = made.get("made").unwrap().as_list().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(days, ["2012-09-01", "2012-09-02"]);
}

#[test]
fn a_secret_at_any_depth_is_sealed_and_never_shown() {
    let map = bound("zone.make first '{\"type\":\"A\",\"address\":\"x\",\"key\":\"abcd\"}'");
    assert_eq!(map.get("first").unwrap().get("key"), Some(&Value::Secret(Secret::new("abcd"))));
    for text in [
        "first.type A first.address x first.key.x hunter22",
        "first '{\"type\":\"A\",\"address\":\"x\",\"key\":[\"hunter22\"]}'",
    ] {
        for (said, _) in faults(&format!("zone.make {text}")) {
            assert!(!said.contains("hunter22"), "{said}");
        }
    }
}

#[test]
fn unchecked_lines_are_sent_as_they_are_typed() {
    for (text, sent) in [
        ("made.LIKE 2012", r#"{"made.LIKE":"2012"}"#),
        ("name.x a", r#"{"name":{"x":"a"}}"#),
        ("records '[{\"typ\":\"BAD\"}]'", r#"{"records":[{"typ":"BAD"}]}"#),
        ("number (list)1,2", r#"{"number":["1","2"]}"#),
        ("nubmer 1", r#"{"nubmer":"1"}"#),
    ] {
        let call = run(&format!("zone.make {text}"), true).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(call.arguments, Arguments::Named(serde_json::from_str(sent).unwrap()), "{text}");
    }
}

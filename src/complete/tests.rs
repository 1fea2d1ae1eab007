//! Lines with a cursor, and the candidates there.

use super::*;
use model::{Map, Method, Param, Remembered, Sought, Value};
use registry::catalog::Catalog;
use registry::{Registry, Source};

mod inner;

const CATALOG: &str = r#"
id = "own"
title = "Our own"
document = "wiki"
host = "https://api.example.com"
[auth]
scheme = "basic"
user = "{key}"
[[transport]]
name = "xmlrpc"
protocol = "xmlrpc"
path = "/rpc"
[[shape]]
name = "zone"
kind = "zone"
key = "id"
label = ["name"]
fields = [
  { name = "id", type = "int", summary = "Number" },
  { name = "name", type = "string", summary = "Name" },
  { name = "nature", type = "string", summary = "Kind" },
]
[[method]]
name = "zone.list"
doc = 1
summary = "List zones"
effect = "read"
returns = "list:@zone"
example = "zone.list"
params = [
  { name = "created", type = "date", operators = ["MIN", "MAX"], summary = "Made then" },
]
[[method]]
name = "zone.old_list"
doc = 1
summary = "List zones"
deprecated = "Use zone.list"
effect = "read"
example = "zone.old_list"
[[method]]
name = "zone.record_create"
doc = 2
summary = "Make a record"
effect = "change"
example = "zone.record_create zone_id 1 type A confirm yes"
params = [
  { name = "ttl", type = "int", summary = "Seconds" },
  { name = "zone_id", type = "int", required = true, names = "zone", summary = "Zone" },
  { name = "type", type = "string", required = true, choices = ["A", "AAAA", "a word"], summary = "Kind" },
  { name = "relative", type = "boolean", summary = "Relative" },
  { name = "confirm", type = "string", required = true, choices = ["yes"], confirm = true, summary = "Sure" },
  { name = "flags", type = "list:string", choices = ["fast", "safe"], summary = "Flags" },
  { name = "owner", type = "dict", summary = "Owner", fields = [
    { name = "name", type = "string", names = "zone", summary = "Name" },
    { name = "rank", type = "string", choices = ["low", "high"], summary = "Rank" },
  ] },
  { name = "roles", type = "list:dict", summary = "Roles", fields = [
    { name = "name", type = "string", names = "zone", summary = "Name" },
    { name = "main", type = "boolean", summary = "Main" },
  ] },
  { name = "zones", type = "list:string", names = "zone", summary = "Zones" },
  { name = "password", type = "string", secret = true, summary = "Password" },
  { name = "priority", type = "int", min = 0, max = 999, default = 10, summary = "Order" },
  { name = "note", type = "string", max_length = 20, summary = "Remark" },
]
"#;

fn source(profile: &str) -> Source {
    Source::new(profile, Catalog::parse("own.toml", CATALOG).unwrap())
}

fn command(name: &str, params: &[&str]) -> Method {
    let params = params.iter().map(|name| Param { name: (*name).into(), ..Param::default() });
    Method { name: name.into(), params: params.collect(), ..Method::default() }
}

fn registry() -> Registry {
    let commands = vec![
        command("help", &["topic"]),
        command("use", &["profile"]),
        command("source", &["file"]),
        command("call", &["method"]),
        command("set", &["name value …"]),
        command("let", &["name = value …"]),
        command("wait", &["id"]),
        command("history", &["words…"]),
    ];
    let mut registry = Registry::new(source("work"), commands);
    for profile in ["home", "lab"] {
        let mut other = source(profile);
        let mut live = vec!["extra.thing".to_owned()];
        live.extend((profile == "lab").then(|| "yonder.go".to_owned()));
        other.merge_live(live);
        registry.add(other);
    }
    registry
}

/// A folder with a folder, a file with a space in its name and a hidden one.
fn files(folder: &str) -> Vec<FileName> {
    let file = |name: &str, folder| FileName { name: name.into(), folder };
    match folder {
        "" => vec![file("out.json", false), file("my files", true), file(".hidden", false)],
        "my files/" => vec![file("a.csv", false)],
        _ => Vec::new(),
    }
}

fn last() -> Value {
    let row = Map::from_iter([("id", Value::from(7)), ("odd key", "x".into())]);
    Value::List(vec![Value::Map(row)])
}

/// Two settings.
const SETTINGS: &[Setting] = &[
    Setting { name: "output", values: "a format", choices: &["default"] },
    Setting { name: "confirm", values: "when to ask", choices: &["none", "destroy"] },
];

/// Zones that were seen in one account, a value that was typed there, and a job.
struct Store;

impl Seen for Store {
    fn values(&self, profile: &str, sought: Sought<'_>) -> Vec<Remembered> {
        let Sought { kind, begun, .. } = sought;
        let all = match (profile, kind) {
            ("work", "zone") => vec![("7", ""), ("81", "parked"), ("d9085f001122334455667788", "shop")],
            ("work", "=zone.record_create ttl") => vec![("300", "")],
            ("work", "=zone.record_create password") => vec![("canary", "")],
            _ => Vec::new(),
        };
        let begins = |text: &str| text.to_lowercase().starts_with(&begun.to_lowercase());
        let fitting = all.into_iter().filter(|(key, label)| begins(key) || begins(label));
        let age = std::time::Duration::from_secs(200);
        fitting.map(|(key, label)| Remembered { key: key.into(), label: label.into(), age }).collect()
    }

    fn jobs(&self) -> Vec<(String, String)> {
        vec![("j1".into(), "zone.record_create".into())]
    }

    fn calls(&self) -> Vec<(String, String)> {
        vec![("12".into(), "zone.record_create zone_id 7".into()), ("3".into(), "zone.list".into())]
    }
}

/// The completion of a line in which `|` marks the cursor.
fn offered(line: &str) -> Completion {
    let cursor = line.find('¦').unwrap_or(line.len());
    let (registry, last) = (registry(), last());
    let words = Words {
        formats: &["json", "jsonl", "xml"],
        forms: &["curl"],
        topics: &[("output", "Forms")],
        settings: SETTINGS,
    };
    let named = [("mine", &last)];
    let context = Context { registry: &registry, words, last: Some(&last), named: &named, files: &files, seen: &Store };
    complete(&line.replace('¦', ""), cursor, &context)
}

fn inserts(line: &str) -> Vec<String> {
    offered(line).candidates.into_iter().map(|candidate| candidate.insert).collect()
}

/// The options that remain after `-o`.
const OPEN: &[&str] = &[
    "--xml",
    "--query",
    "--columns",
    "--sort",
    "--no-header",
    "--safe",
    "--bom",
    "--all",
    "--wait",
    "--no-wait",
    "--yes",
    "--again",
    "--dry-run",
    "--as",
    "--timeout",
    "--no-check",
    "--positional",
    "--help",
];

#[test]
fn the_cursor_position_decides_the_candidates() {
    for (line, candidates) in [
        // Methods, commands, accounts.
        ("he", &["help"][..]),
        ("zone.", &["zone.list", "zone.record_create", "zone.old_list"]),
        ("z.rc", &["zone.record_create"]),
        ("x; zone.l", &["zone.list"]),
        ("work:zone.l", &["zone.list"]),
        ("lab:ext", &["extra.thing"]),
        ("work:ext", &[]),
        // Methods of other accounts come last, with the account.
        ("ext", &["home:extra.thing", "lab:extra.thing"]),
        ("yon", &["lab:yonder.go"]),
        (
            "",
            &[
                "help",
                "use",
                "source",
                "call",
                "set",
                "let",
                "wait",
                "history",
                "zone.list",
                "zone.record_create",
                "zone.old_list",
                "home:extra.thing",
                "lab:extra.thing",
                "lab:yonder.go",
                "work:",
                "home:",
                "lab:",
            ],
        ),
        ("help yon", &["lab:yonder.go"]),
        ("wor", &["work:"]),
        ("ho", &["home:"]),
        ("la", &["lab:"]),
        ("zone.l¦ created x", &["zone.list"]),
        // A call by a name that need not be in a catalogue.
        ("call zone.l", &["zone.list"]),
        ("call zone.record_create ty", &["type"]),
        ("call GET /x ", &[]),
        // Parameters.
        (
            "zone.record_create ",
            &["zone_id", "type", "ttl", "relative", "flags", "owner", "roles", "zones", "password", "priority", "note"],
        ),
        ("work:zone.record_create ty", &["type"]),
        (
            "zone.record_create type A ",
            &["zone_id", "ttl", "relative", "flags", "owner", "roles", "zones", "password", "priority", "note"],
        ),
        (
            "zone.record_create ¦ zone_id 5 type A",
            &["ttl", "relative", "flags", "owner", "roles", "zones", "password", "priority", "note"],
        ),
        ("zone.record_create conf", &["confirm"]),
        ("zone.list created.M", &["created.MIN", "created.MAX"]),
        ("zone.record_create owner.", &["owner.name", "owner.rank"]),
        ("zone.record_create owner.name x owner.", &["owner.rank"]),
        ("zone.record_create roles[", &["roles[0]"]),
        ("zone.record_create roles[0].name x roles[", &["roles[0]", "roles[1]"]),
        ("zone.record_create roles[0]", &["roles[0].name", "roles[0].main"]),
        ("zone.record_create roles[0].m", &["roles[0].main"]),
        // Values and types.
        ("zone.record_create type ", &["A", "AAAA", "'a word'"]),
        ("zone.record_create type 'a", &["'A'", "'AAAA'", "'a word'"]),
        ("zone.record_create type aa", &["AAAA"]),
        ("zone.record_create relative (boolean)", &["true", "false"]),
        ("zone.record_create roles[0].main ", &["true", "false"]),
        ("zone.record_create owner.rank h", &["high"]),
        ("zone.record_create flags fast,", &["fast,safe"]),
        ("zone.record_create zone_id (f", &["(float)", "(file)"]),
        ("zone.record_create zone_id (i", &["(int)"]),
        // Files.
        ("zone.list | ", &["each", "'my files/", "out.json"]),
        ("zone.list | out", &["out.json"]),
        ("zone.list | each zone.rec", &["zone.record_create"]),
        ("zone.list | each work:zone.rec", &["zone.record_create"]),
        // Commands make no calls.
        ("zone.list | each hel", &[]),
        ("zone.list --all | each zone.record_create zone_id {n", &["{name}", "{nature}"]),
        ("zone.list | each zone.record_create ttl {i", &["{id}"]),
        ("zone.record_create ttl {i", &[]),
        ("zone.list | each zone.record_create ttl 5 --kee", &["--keep-going"]),
        ("zone.list > .", &[".hidden"]),
        ("zone.list >! 'my files/", &["'my files/a.csv'"]),
        ("zone.record_create owner (file)ou", &["out.json"]),
        ("source o", &["out.json"]),
        // Options.
        ("zone.list --out", &["--output"]),
        ("zone.list -o json --out", &[]),
        ("zone.list created 2011-06-17 -o xml -", OPEN),
        ("zone.list created 2011-06-17 -o xml ", OPEN),
        ("zone.list -o js", &["json", "jsonl"]),
        ("zone.list --output=x", &["xml"]),
        ("zone.list --as ", &["curl"]),
        ("zone.list --columns na", &["name", "nature"]),
        ("zone.list --columns name,na", &["name,nature"]),
        ("zone.list --sort=-i", &["-id"]),
        ("zone.list --wait=1", &["10m", "1h"]),
        ("zone.list | out.json --dr", &["--dry-run"]),
        // Words of commands.
        ("use h", &["home"]),
        ("help out", &["output"]),
        ("help lab:ext", &["lab:extra.thing"]),
        ("set ", &["output", "confirm"]),
        ("set con", &["confirm"]),
        ("set output js", &["json", "jsonl"]),
        ("set confirm ", &["none", "destroy"]),
        ("set confirm none ", &[]),
        ("wait ", &["j1"]),
        ("wait x", &[]),
        // Results.
        ("zone.record_create zone_id $", &["$_", "$mine"]),
        ("zone.record_create zone_id $_", &["$_"]),
        ("zone.record_create zone_id $_[", &["$_[0]"]),
        ("zone.record_create zone_id $_[0].", &["$_[0].id"]),
        ("let x = $_[0].", &["$_[0].id"]),
        ("$_[0].", &["$_[0].id"]),
        ("$m", &["$mine"]),
        ("zone.list -q .[].na", &[".[].name", ".[].nature"]),
        // What was seen, by its id or by its name.
        ("zone.record_create zone_id ", &["7", "81", "d9085f001122334455667788"]),
        ("zone.record_create zone_id 8", &["81"]),
        ("zone.record_create zone_id sho", &["d9085f001122334455667788"]),
        ("work:zone.record_create zone_id SHO", &["d9085f001122334455667788"]),
        ("lab:zone.record_create zone_id sho", &[]),
        ("zone.record_create owner.name ", &["7", "81", "d9085f001122334455667788"]),
        ("zone.record_create roles[1].name par", &["81"]),
        ("zone.record_create zones 7,sho", &["7,d9085f001122334455667788"]),
        ("zone.record_create zones[0] sho", &["d9085f001122334455667788"]),
        ("zone.record_create ttl ", &["300"]),
        ("zone.record_create password ", &[]),
    ] {
        assert_eq!(inserts(line), candidates, "{line}");
    }
}

#[test]
fn tab_has_something_to_offer_in_every_place() {
    for (place, line) in [
        ("a command", "he"),
        ("a method", "zone.l"),
        ("a method by its parts", "z.rc"),
        ("an account", "ho"),
        ("a method of an account", "lab:ext"),
        ("a method after a semicolon", "zone.list; zone."),
        ("a method after call", "call zone."),
        ("a parameter", "zone.record_create "),
        ("an operator of a parameter", "zone.list created."),
        ("a field of a parameter", "zone.record_create owner."),
        ("a member of a list", "zone.record_create roles["),
        ("a choice", "zone.record_create type "),
        ("a boolean", "zone.record_create relative "),
        ("a type", "zone.record_create ttl ("),
        ("the id of an object", "zone.record_create zone_id "),
        ("the name of an object", "zone.record_create zone_id sho"),
        ("an id inside a dictionary", "zone.record_create owner.name "),
        ("an id inside a list", "zone.record_create roles[0].name "),
        ("a value given before", "zone.record_create ttl "),
        ("a variable", "zone.record_create zone_id $"),
        ("a path in a result", "zone.record_create zone_id $_[0]."),
        ("a path in let", "let x = $_[0]."),
        ("a path alone", "$_[0]."),
        ("an option", "zone.list --"),
        ("the value of an option", "zone.list -o "),
        ("a column", "zone.list --columns "),
        ("a filter", "zone.list -q '.[].na"),
        ("a file after a bar", "zone.list | "),
        ("a file as a value", "zone.record_create note (file)"),
        ("a script", "source "),
        ("a topic of help", "help "),
        ("an account after use", "use "),
        ("a setting", "set "),
        ("the value of a setting", "set output "),
        ("a job", "wait "),
        ("the past", "history "),
    ] {
        assert!(!inserts(line).is_empty(), "{place}: {line}");
    }
}

#[test]
fn nothing_is_offered_where_nothing_is_known() {
    for line in [
        "zone.list |! ",
        "zone.list |! jq",
        "zone.list # ",
        "zone.list | out.json x",
        "nowhere.at_all ",
        "zone.record_create zone_id -",
        "use home ",
        "zone.record_create zone_id $_[1].",
        "zone.record_create zone_id $nobody.",
    ] {
        assert!(inserts(line).is_empty(), "{line}: {:?}", inserts(line));
    }
}

#[test]
fn required_and_deprecated_parameters_are_marked() {
    let marks = |line: &str| -> Vec<String> {
        offered(line).candidates.into_iter().map(|candidate| candidate.summary).collect()
    };
    assert_eq!(marks("zone.record_create z")[..1], ["* (int) Zone"]);
    assert_eq!(marks("zone.record_create t")[..2], ["* (string) Kind", "(int) Seconds"]);
    assert_eq!(marks("zone.old"), ["deprecated: List zones"]);
}

#[test]
fn the_hint_is_the_next_required_part() {
    let (registry, nothing) = (registry(), |_: &str| Vec::new());
    let context = Context {
        registry: &registry,
        words: Words::default(),
        last: None,
        named: &[],
        files: &nothing,
        seen: &Nothing,
    };
    for (line, shown, insert) in [
        ("zone.record_create", " zone_id (int)", Some(" zone_id ")),
        ("work:zone.record_create", " zone_id (int)", Some(" zone_id ")),
        ("zone.record_create ", "zone_id (int)", Some("zone_id ")),
        ("zone.record_create zo", "ne_id (int)", Some("ne_id ")),
        ("zone.record_create zone_id", " (int)", Some(" ")),
        ("zone.record_create zone_id ", "(int) Zone", None),
        ("zone.record_create priority ", "(int) Order; 0 to 999; default 10", None),
        ("zone.record_create note ", "(string) Remark; at most 20 characters", None),
        ("zone.record_create zone_id 5 ", "type (A|AAAA|a word)", Some("type ")),
        ("zone.record_create ttl ", "(int) Seconds", None),
    ] {
        let hint = hint(line, line.len(), &context).unwrap_or_else(|| panic!("{line}"));
        assert_eq!((hint.shown.as_str(), hint.insert.as_deref()), (shown, insert), "{line}");
    }
    for line in [
        "",
        " ",
        "zone",
        "zone.list",
        "zone.list ",
        "zone.record_create zone_id 5 type A ",
        "help ",
        "x; ",
        "zone.list created (date)",
    ] {
        assert_eq!(hint(line, line.len(), &context), None, "{line}");
    }
    assert_eq!(hint("zone.record_create ", 4, &context), None);
}

#[test]
fn unknown_names_are_marked_once_they_are_complete() {
    use Standing::{Known, Open, Unknown};
    let registry = registry();
    for (line, at, standing) in [
        ("zone.list¦", 0, Known),
        ("zone.lis¦", 0, Open),
        ("zone.lis ¦", 0, Unknown),
        ("help ¦", 0, Known),
        ("nowhere:zone.list¦", 0, Unknown),
        ("work:zone.list¦", 1, Known),
        ("work:help ¦", 1, Unknown),
        ("zone.record_create zon¦", 1, Open),
        ("zone.record_create zon ¦", 1, Unknown),
        ("zone.record_create owner.name ¦", 1, Known),
        ("zone.record_create zon x --no-check ¦", 1, Known),
        ("extra.thing any ¦", 0, Unknown),
        ("extra.thing any ¦", 1, Known),
        ("yonder.go ¦", 0, Unknown),
        ("lab:yonder.go ¦", 0, Known),
        ("lab:yonder.go ¦", 1, Known),
        ("nowhere any ¦", 1, Known),
        ("call nowhere any ¦", 1, Known),
        ("call GET /nowhere any ¦", 1, Known),
        ("call GET /nowhere any ¦", 2, Known),
        ("call GET /nowhere any ¦", 3, Known),
        ("call zone.record_create zon ¦", 2, Unknown),
        ("call x; nowhere ¦", 3, Unknown),
        ("help nothing ¦", 1, Known),
    ] {
        let cursor = line.find('¦').unwrap();
        assert_eq!(standings(&line.replace('¦', ""), cursor, &registry)[at].1, standing, "{line}");
    }
}

proptest::proptest! {
    #[test]
    fn any_line_can_be_completed_and_hinted(line in "[a-z.:_ ()|>\\[\\]$'\"=,#;é-]{0,40}", cursor in 0usize..50) {
        let (registry, nothing) = (registry(), |_: &str| Vec::new());
        let context = Context { registry: &registry, words: Words::default(), last: None, named: &[], files: &nothing, seen: &Nothing };
        let completion = complete(&line, cursor, &context);
        proptest::prop_assert!(completion.start <= line.len() && line.is_char_boundary(completion.start));
        hint(&line, cursor, &context);
        standings(&line, cursor, &registry);
    }
}

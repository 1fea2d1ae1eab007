//! Lines inside others, commands of the user's own shell, and values that were seen in what a line names.

use super::*;

/// What earlier answers showed, as they asked for it.
struct Asked(std::cell::RefCell<Vec<String>>);

impl Seen for Asked {
    fn values(&self, _: &str, sought: Sought<'_>) -> Vec<Remembered> {
        let within: Vec<String> = sought.within.iter().flatten().map(|(kind, key)| format!("{kind} {key}")).collect();
        self.0.borrow_mut().push(format!("{} in {}", sought.kind, within.join(", ")));
        Vec::new()
    }

    fn jobs(&self) -> Vec<(String, String)> {
        Vec::new()
    }
}

#[test]
fn a_line_inside_another_one_is_completed_as_a_line() {
    for (line, candidates) in [
        ("watch 5s zone.l", &["zone.list"][..]),
        ("watch 5s work:zone.l", &["zone.list"]),
        ("watch 5s zone.record_create ty", &["type"]),
        ("watch 5s zone.record_create type aa", &["AAAA"]),
        ("watch 5s zone.record_create zone_id sho", &["d9085f001122334455667788"]),
        ("watch 5s zone.list -o js", &["json", "jsonl"]),
        ("watch 5s zone.list --ti", &["--timeout", "--times"]),
        ("watch 5s --times 3 zone.l", &["zone.list"]),
        ("x; save zones zone.l", &["zone.list"]),
        ("save zones zone.list | each zone.record_create ttl {i", &["{id}"]),
        ("save zones watch 5s zone.l", &["zone.list"]),
        ("save zones zone.list | out", &["out.json"]),
        ("watch 5s zone.list --ti¦ -o json", &["--timeout", "--times"]),
        ("!cat ou", &["out.json"]),
        ("!cat 'my", &["'my files/"]),
        ("!ou", &[]),
        ("let x = !cat ou", &["out.json"]),
        ("zone.list |! jq -f ou", &["out.json"]),
        ("watch 5s zone.list |! jq -f ou", &["out.json"]),
    ] {
        assert_eq!(inserts(line), candidates, "{line}");
    }
    // The place in the whole line.
    assert_eq!(offered("watch 5s zone.l").start, 9);
    assert_eq!(offered("x; !cat ou").start, 8);
}

#[test]
fn a_value_is_shown_by_its_name_its_id_and_its_age() {
    let found = offered("zone.record_create zone_id ").candidates;
    let rows: Vec<String> = found.iter().map(|one| format!("{} | {}", one.shown(), one.summary)).collect();
    assert_eq!(rows, ["7 | 3 min", "parked | 81       3 min", "shop | d9085f…  3 min"]);
}

#[test]
fn commands_complete_what_follows_them() {
    let commands = [
        ("run", "file …"),
        ("login", "provider"),
        ("save", "name line …"),
        ("reconcile", "number …"),
        ("let", "name = value …"),
    ];
    let registry = Registry::new(source("work"), commands.map(|(name, word)| command(name, &[word])).to_vec());
    let (words, mine) = (Words::default(), Value::from(1));
    let named = [("mine", &mine)];
    let context = Context { registry: &registry, words, last: Some(&mine), named: &named, files: &files, seen: &Store };
    let inserts = |line: &str| -> Vec<String> {
        complete(line, line.len(), &context).candidates.into_iter().map(|candidate| candidate.insert).collect()
    };
    for (line, candidates) in [
        ("run ou", &["out.json"][..]),
        ("run zones ou", &["out.json"]),
        ("run zones a ou", &["out.json"]),
        ("save ", &[]),
        ("reconcile ", &["12", "3"]),
        ("reconcile 12 ", &["3", "happened", "did-not", "cannot-tell"]),
        ("reconcile 12 d", &["did-not"]),
        ("let x = ", &["$_", "$mine"]),
        ("let x = $m", &["$mine"]),
        ("let x ", &[]),
    ] {
        assert_eq!(inserts(line), candidates, "{line}");
    }
    let ids: Vec<&str> = registry::embedded::ids().collect();
    assert_eq!(inserts("login "), ids);
}

#[test]
fn values_are_looked_up_in_what_the_line_names() {
    let (registry, last) = (registry(), last());
    let (zone, row) = (Value::from("z9"), [Value::from(7)]);
    let named = [("zone", &zone), ("row", &row[0])];
    for (line, asked) in [
        ("zone.record_create zone_id z1 owner.name ", "zone in zone z1"),
        ("zone.record_create zone_id 'z 1' owner.name ", "zone in zone z 1"),
        ("zone.record_create zone_id $zone owner.name ", "zone in zone z9"),
        ("zone.record_create zone_id $_[0].id owner.name ", "zone in zone 7"),
        ("zone.record_create zone_id $gone owner.name ", "zone in "),
        ("zone.record_create owner.name ", "zone in "),
        ("watch 5s zone.record_create zone_id z1 owner.name ", "zone in zone z1"),
    ] {
        let store = Asked(std::cell::RefCell::default());
        let words = Words::default();
        let context =
            Context { registry: &registry, words, last: Some(&last), named: &named, files: &files, seen: &store };
        complete(line, line.len(), &context);
        assert_eq!(store.0.take(), [asked], "{line}");
    }
}

#[test]
fn the_inner_line_has_a_hint_and_is_judged() {
    let (registry, last) = (registry(), last());
    let words = Words::default();
    let context = Context { registry: &registry, words, last: Some(&last), named: &[], files: &files, seen: &Store };
    for line in ["watch 5s zone.record_create", "save z zone.record_create"] {
        let hint = hint(line, line.len(), &context).unwrap();
        assert_eq!(hint.insert.as_deref(), Some(" zone_id "), "{line}");
    }
    let unknown = |line: &str| {
        let judged = standings(line, line.len() + 1, &registry);
        let unknown = judged.into_iter().filter(|(_, standing)| *standing == Standing::Unknown);
        let words = unknown.map(|(token, _)| line[token.span.range()].to_owned());
        // This registry does not have the command.
        words.filter(|word| word != "watch").collect::<Vec<_>>()
    };
    assert_eq!(unknown("watch 5s zone.list nam x"), ["nam"]);
    assert_eq!(unknown("watch 5s zone.lst; zone.list"), ["zone.lst"]);
    assert!(unknown("watch 5s work:zone.list created x -o json").is_empty());
}

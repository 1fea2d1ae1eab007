//! `history`: the lines that were typed and what became of them, and the calls that were made.

use serde_json::{Value, json};

use crate::support::KEY;
use crate::support::cmd::{Run, World};
use crate::support::keys::Terminal;
use crate::support::raw::{Peer, fault, http, result};
use marsh::sandbox::{Options, Server};

fn listed(run: Run, line: &str) -> Value {
    let ended = run.line(line).run().exits(0).says_nothing();
    serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error} {ended}"))
}

fn column<'v>(rows: &'v Value, name: &str) -> Vec<&'v Value> {
    rows.as_array().unwrap().iter().map(|row| &row[name]).collect()
}

#[test]
fn one_call_after_another_is_listed_by_a_later_one() {
    let sandbox = Server::start(Options::default()).unwrap();
    let world = World::of(&sandbox, "");
    let marsh = || world.marsh();
    marsh().line("-p memset service.list").run().exits(0);
    marsh().line("-p memset service.set_nickname name myserver1 nickname a").run().exits(0);
    marsh().line("-p memset service.set_nickname name nobody nickname b").run().exits(4);
    let changes = listed(marsh(), "history --changes -o json");
    assert_eq!(column(&changes, "number"), [2, 3], "{changes}");
    assert_eq!(column(&changes, "outcome"), ["done", "refused"]);
    assert_eq!(column(&changes, "exit_code"), [0, 4]);
    assert_eq!(column(&changes, "profile"), ["memset", "memset"]);
    assert_eq!(column(&changes, "text")[0], "service.set_nickname name myserver1 nickname a");
    let moment = changes[0]["time"].as_str().unwrap();
    assert!(moment.len() >= 20 && moment.ends_with('Z') && moment.as_bytes()[10] == b'T', "{moment}");
    assert!(changes[0]["duration_ms"].is_u64() && changes[0]["change"] == true);
    for (line, numbers) in [
        ("history --failed -o json", &[3][..]),
        ("history --changes --failed -o json", &[3]),
        ("history --changes myserver1 NICKNAME -o json", &[2]),
        ("history --changes -n 1 -o json", &[3]),
        ("history --changes --since 1h -o json", &[2, 3]),
        ("history --changes --since 2001-01-01 -o json", &[2, 3]),
        ("history --changes --since 2999-01-01 -o json", &[]),
        ("history --changes --profile memset -o json", &[2, 3]),
        ("history --changes --profile elsewhere -o json", &[]),
        ("history -o json", &[]),
    ] {
        assert_eq!(column(&listed(marsh(), line), "number"), numbers, "{line}");
    }
    // As text, and out of a script.
    let table = marsh().line("history --changes").run().exits(0);
    let rows: Vec<&str> = table.stdout.lines().collect();
    assert!(rows[0].starts_with("no.  time") && rows[0].ends_with("  call"), "{table}");
    assert!(rows[1].starts_with("  2  ") && rows[1].ends_with("  service.set_nickname name myserver1 nickname a"));
    assert!(rows[2].contains("  memset   refused  "), "{table}");
    let script = marsh().stdin("service.list | out.json\nhistory --changes --no-header -n 1\n").run().exits(0);
    assert_eq!(script.stdout.lines().count(), 1, "{script}");
    assert!(script.stdout.contains("nobody"), "{script}");
}

#[test]
fn a_wrong_option_is_refused_before_anything_runs() {
    let world = World::new();
    for (line, said) in [
        ("history --since 30", "`30` is not a time in the past"),
        ("history --since yesterday", "write a length of time such as 90m, 2d or 365d, or a date"),
        ("history -n 0", "the number must be a whole number, 1 or more"),
        ("history -n many", "the number must be a whole number, 1 or more"),
        ("service.list --failed", "try history --failed"),
        ("service.list -n 5", "try history --number"),
        ("service.list --profile work", "put --profile before the method"),
    ] {
        world.marsh().arg("--sandbox").line(line).run().exits(2).prints("").says(said);
    }
    let script = world.marsh().arg("--sandbox").stdin("internal.noop\nhistory -n 0\n").run().exits(2);
    assert_eq!(script.stdout, "", "{script}");
}

/// A service that does what it is asked, refuses, or says nothing, by the rule's name.
fn service() -> Peer {
    Peer::new(|request, stream| {
        use std::io::Write;
        let answer = match () {
            // A prompt asks for the list behind the scenes, and would show what is wrong with another answer.
            () if request.contains("system.listMethods") => result("<array><data></data></array>"),
            () if request.contains(">no<") => fault(3, "no"),
            () if request.contains(">hm<") => http("502 Oops", "text/plain", "canary-9"),
            () => result("<string>gone</string>"),
        };
        stream.write_all(&answer)
    })
}

#[test]
fn at_the_prompt_each_line_shows_what_became_of_it() {
    let world = World::new();
    world.configure("output = \"json\"\n");
    let peer = service();
    let run = || world.marsh().to(&peer.url(), KEY).env("TZ", "UTC").env("NO_COLOR", "1").line("--retries 0");
    let mut shell = Terminal::prompt(run());
    for line in [
        "internal.noop",
        "firewalling.rule_delete rule_id yes --yes; firewalling.rule_delete rule_id no --yes",
        "firewalling.rule_delete rule_id hm --yes",
        "service.info nam x",
        "memshell.disable name a password canary-1",
    ] {
        shell.run(line);
    }
    let shown = shell.run(" history");
    let rows: Vec<&str> = shown.lines().collect();
    assert!(rows.iter().all(|row| row.chars().count() <= 80), "{shown}");
    let outcomes: Vec<&str> = rows.iter().skip(1).filter_map(|row| row.split_whitespace().nth(3)).collect();
    assert!(rows[0].starts_with("no.  time   account  outcome"), "{shown}");
    for outcome in ["done", "refused", "unknown", "failed"] {
        assert!(outcomes.contains(&outcome), "{outcome}: {shown}");
    }
    assert!(!shown.contains("canary"), "{shown}");
    // A line too long for its column continues there.
    assert!(rows.iter().any(|row| row.starts_with("                    ")), "{shown}");
    let failed = shell.run(" history --failed -o value -q '.[]|\"\\(.number) \\(.line)\"'");
    assert_eq!(failed, "3 2\n4 3");
    let lines = shell.run(" history rule_id -o value -q '.[]|\"\\(.number) \\(.calls)\"'");
    assert_eq!(lines, "2 [2,3]\n3 [4]");
    drop(shell);
    // A later session sees the same, also without the first one's key.
    let later = listed(run().without("MARSH_KEY").env("MARSH_KEY", "other"), "history hm -o json");
    assert_eq!((&later[0]["outcome"], &later[0]["exit_code"]), (&json!("unknown"), &json!(5)), "{later}");
}

#[test]
fn nothing_secret_is_listed() {
    let world = World::new();
    let peer = service();
    let run = || world.marsh().to(&peer.url(), KEY).line("--retries 0");
    run().line("memshell.disable name a password canary-1 --yes").run();
    run().line("firewalling.rule_delete rule_id hm --yes").run().exits(5);
    // The key that is in use is hidden although it was sent as something else.
    run().line("firewalling.rule_delete --yes rule_id").arg(KEY).run();
    for format in ["table", "json", "jsonl", "yaml", "xml", "csv", "tsv", "record", "value", "raw"] {
        for line in ["history --changes", "history --failed", "history"] {
            let ended = run().line(line).args(["-o", format]).run().exits(0);
            assert!(!ended.to_string().contains("canary") && !ended.stdout.contains(KEY), "{line} {ended}");
        }
    }
    let text = run().line("history --changes").run().exits(0);
    assert!(!text.stdout.contains("canary") && !text.stdout.contains(KEY), "{text}");
    assert!(text.stdout.contains("rule_id hm"), "{text}");
}

#[test]
fn completion_and_help_know_the_options() {
    let world = World::new();
    let page = world.marsh().arg("--sandbox").line("help history").run().exits(0);
    for option in ["--changes", "--failed", "--profile", "--since", "--number"] {
        assert!(page.stdout.contains(option), "{option}: {page}");
    }
    let mut shell = Terminal::prompt(world.marsh().arg("--sandbox"));
    shell.press("history --fai\t");
    shell.typing("history --failed");
}

#[test]
fn the_journal_is_exported_and_old_rows_are_removed() {
    let world = World::new();
    let peer = service();
    let run = |line: &str| world.marsh().to(&peer.url(), KEY).line("--retries 0").line(line);
    run("firewalling.rule_delete rule_id yes --yes").run().exits(0);
    run("firewalling.rule_delete rule_id hm --yes").run().exits(5);
    let marsh = |line: &str| world.marsh().line(line).run();
    let all = marsh("journal export").exits(0).says_nothing().stdout;
    let rows: Vec<Value> = all.lines().map(|row| serde_json::from_str(row).unwrap()).collect();
    assert_eq!(rows.iter().map(|row| &row["outcome"]).collect::<Vec<_>>(), ["done", "unknown"], "{all}");
    assert!(rows.iter().all(|row| row["record"] == "call") && !all.contains("canary") && !all.contains(KEY));
    marsh("journal export all.jsonl").exits(0).prints("");
    assert_eq!((world.content("all.jsonl"), world.bits("all.jsonl")), (all, 0o600));
    let doctor = marsh("doctor --offline");
    assert!(doctor.stdout.contains("sound, 0 lines, 2 calls, 1 open, "), "{doctor}");
    assert!(doctor.stdout.contains("marsh pending"), "{doctor}");
    marsh("journal prune --before 30").exits(2).says("it must be a length of time such as 90m");
    marsh("journal prune --before 1d").exits(0).says("removed 0 lines and 0 calls");
    marsh("journal prune --before 1ms").exits(10).says("0 lines and 1 call would be removed").says("add --yes");
    assert_eq!(world.calls().len(), 2);
    marsh("journal prune --before 1ms --yes").exits(0).says("removed 0 lines and 1 call\n");
    let left = world.calls();
    assert!(left.len() == 1 && left[0].is_open(), "{left:?}");
}

#[test]
fn an_export_goes_into_a_file_as_any_result_does() {
    let world = World::new();
    world.marsh().to(&service().url(), KEY).line("firewalling.rule_delete rule_id yes --yes").run().exits(0);
    let export = |file: &str| world.marsh().line("journal export").arg(file).run();
    let all = world.marsh().line("journal export").run().exits(0).stdout;
    // A file that others could read is replaced by one that they cannot.
    world.put("old.jsonl", "something else", 0o644);
    std::os::unix::fs::symlink(world.at("old.jsonl"), world.at("link.jsonl")).unwrap();
    for file in ["new.jsonl", "old.jsonl", "link.jsonl"] {
        export(file).exits(0).prints("").says_nothing();
        assert_eq!((world.content(file), world.bits(file)), (all.clone(), 0o600), "{file}");
    }
    assert!(world.at("link.jsonl").is_symlink());
    std::fs::create_dir(world.at("folder")).unwrap();
    world.put("fixed.jsonl", "keep this", 0o400);
    let names = world.names();
    for (file, said) in [
        ("folder", "`folder` is a directory"),
        ("fixed.jsonl", "`fixed.jsonl` is read-only"),
        ("missing/all.jsonl", "cannot write to `missing/all.jsonl`: No such file or directory"),
    ] {
        export(file).exits(1).prints("").says(said);
    }
    assert_eq!((world.content("fixed.jsonl").as_str(), world.names()), ("keep this", names));
    // What cannot be read leaves the file as it was. With its log, the journal would be whole again.
    std::fs::remove_file(world.journal().with_extension("db-wal")).unwrap();
    world.put("../home/.state/marsh/journal.db", &"no journal ".repeat(999), 0o600);
    let before = world.content("old.jsonl");
    export("old.jsonl").exits(1).says("damaged");
    assert_eq!((world.content("old.jsonl"), world.bits("old.jsonl")), (before, 0o600));
}

#[test]
fn lines_of_an_older_version_are_not_removed_without_asking() {
    let world = World::new();
    std::fs::create_dir_all(world.journal().parent().unwrap()).unwrap();
    world.put("../home/.state/marsh/history", "service.list\nservice.info name a\n", 0o600);
    let marsh = |line: &str| world.marsh().line(line).run();
    marsh("journal prune --before 1d").exits(0).says("removed 0 lines and 0 calls");
    let journal = rusqlite::Connection::open(world.journal()).unwrap();
    journal.execute_batch("UPDATE taken_over SET at = at - 2 * 86400000").unwrap();
    drop(journal);
    marsh("journal prune --before 1d").exits(10).says("2 lines and 0 calls would be removed");
    assert_eq!(world.lines().len(), 2);
    marsh("journal prune --before 1d --yes").exits(0).says("removed 2 lines and 0 calls");
    assert_eq!(world.lines().len(), 0);
}

#[test]
fn old_rows_leave_when_a_session_has_begun() {
    let world = World::new();
    world.configure("history_lines = 2\njournal_keep = \"1ms\"\n");
    let peer = service();
    let run = || world.marsh().to(&peer.url(), KEY).line("--retries 0");
    for rule in ["yes", "hm"] {
        run().line("firewalling.rule_delete --yes rule_id").arg(rule).run();
    }
    assert_eq!(world.calls().len(), 2);
    Terminal::prompt(run()).run("internal.noop");
    let left: Vec<String> = world.calls().into_iter().map(|call| call.call.text).collect();
    assert_eq!(left, ["firewalling.rule_delete rule_id hm", "internal.noop"]);
    for (setting, said) in [("journal_keep = 365", "journal_keep"), ("history_lines = -1", "history_lines")] {
        world.configure(&format!("{setting}\n[profiles.a]\nprovider = \"memset\"\n"));
        let ended = world.marsh().line("profiles").run();
        assert!(ended.code != 0 && ended.stderr.contains(said), "{ended}");
    }
}

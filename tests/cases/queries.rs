//! `-q`: what a jq filter makes of results, and that no filter, whatever it does, takes the program with it.

use std::fs;
use std::mem;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use crate::support::cmd::{Run, World};
use crate::support::keys::{CTRL_C, ENTER, Terminal};
use crate::support::server::{Answer, Server};

const LIST: &str = "<array><data>\
    <value><struct><member><name>name</name><value>web1</value></member>\
    <member><name>price</name><value><double>21.60</double></value></member>\
    <member><name>id</name><value><i8>9007199254740993</i8></value></member></struct></value>\
    <value><struct><member><name>name</name><value>db1</value></member>\
    <member><name>since</name><value><dateTime.iso8601>20120101T00:00:00</dateTime.iso8601></value></member>\
    </struct></value></data></array>";
const NEW_KEY: &str =
    "<struct><member><name>key</name><value>739c99f25ed8d13e48ba94ec6a4a0102</value></member></struct>";
const KEY: &str = "739c99f25ed8d13e48ba94ec6a4a0102";

/// Filters that end badly, the seconds that they are given, and how they end.
const KILLERS: [(&str, u8, &str); 7] = [
    ("def f: [f]; f", 25, "recursed too deep"),
    ("reduce range(100000) as $n (0; [.])", 25, "recursed too deep"),
    ("\"aaaaaaaaaaaaaaaa\" | until(false; . + .)", 25, "used too much memory"),
    ("def f: f; f", 1, "did not end within 1 s"),
    ("last(repeat(1))", 1, "did not end within 1 s"),
    ("[limit(1e9; repeat(1))]", 1, "did not end within 1 s"),
    ("repeat(\"aaaaaaaa\")", 1, "did not end within 1 s"),
];

fn answering(value: &str) -> Server {
    Server::answering([Answer::value(value)])
}

fn filtered(world: &World, server: &Server, line: &str, filter: &str) -> Run {
    world.marsh().against(server).line(line).args(["-q", filter])
}

#[test]
fn a_result_is_what_the_filter_makes_of_it() {
    for (filter, shown) in [
        (".[0].name", "\"web1\"\n"),
        ("(.[0].name)", "\"web1\"\n"),
        (".[0] | keys_unsorted", "[\n  \"name\",\n  \"price\",\n  \"id\"\n]\n"),
        (".[0].price, .[0].id + 0", "21.60\n9007199254740993\n"),
        (".[].since", "null\n\"2012-01-01T00:00:00\"\n"),
        ("map(.name) | join(\" | \")", "\"web1 | db1\"\n"),
        ("empty", ""),
    ] {
        let (server, world) = (answering(LIST), World::new());
        filtered(&world, &server, "service.list", filter).run().exits(0).prints(shown).says_nothing();
    }
    let (server, world) = (answering(LIST), World::new());
    let run = filtered(&world, &server, "service.list", ".[1].name").args(["-o", "xml"]).run().exits(0);
    assert!(run.stdout.contains("<result>db1</result>"), "{run}");
}

#[test]
fn a_file_holds_what_the_filter_makes_of_the_whole_result() {
    for (line, value, filter, content, bits) in [
        ("service.list", LIST, ".[].name", "\"web1\"\n\"db1\"\n", 0o644),
        ("service.list", LIST, "empty", "", 0o644),
        ("apikey.create", NEW_KEY, ".key", "\"739c99f25ed8d13e48ba94ec6a4a0102\"\n", 0o600),
    ] {
        let (server, world) = (answering(value), World::new());
        filtered(&world, &server, line, filter).args(["|", "out.json"]).run().exits(0).prints("").says_nothing();
        assert_eq!((world.content("out.json").as_str(), world.bits("out.json")), (content, bits), "{filter}");
    }
}

#[test]
fn a_faulty_filter_is_shown_its_place_and_costs_no_call() {
    let brackets = "(".repeat(20_000);
    let minuses = "-".repeat(16_000);
    let (server, world) = (Server::answering([]), World::new());
    for (filter, message, below) in [
        (".a | nme(1)", "there is no filter `nme`", "  service.list -q .a | nme(1)\n                       ^^^\n"),
        (".[0].x | lenght", "hint: did you mean length?", "^^^^^^"),
        (".[", "a `[` is still open here", "  service.list -q .[\n                    ^\n"),
        ("map", "`map` takes 1 argument, not 0", "^^^\n"),
        ("import \"a\" as a; .", "a filter cannot load other files", "^"),
        ("$ENV.MARSH_KEY", "`$ENV` is not allowed here", "^^^^\n"),
        ("input", "`input` is not allowed here", "^^^^^\n"),
        ("", "the filter stops where a filter", "^\n"),
        (&brackets, "the filter has 20000 bytes; at most 16384 are allowed", "^"),
        (&brackets[..1000], "nested deeper than 200", "^"),
        (&minuses, "", "^"),
    ] {
        filtered(&world, &server, "service.list", filter).run().exits(2).prints("").says(message).says(below);
    }
    for line in ["service.list --dry-run", "methods", "no.such.method"] {
        filtered(&world, &server, line, "nope")
            .run()
            .exits(2)
            .prints("")
            .says("no filter `nope`")
            .says("nothing was sent");
    }
    filtered(&world, &server, "service.list | out.json", "nope").run().exits(2);
    assert_eq!((server.requests().len(), world.names()), (0, vec![]));
}

#[test]
fn a_quoted_filter_is_pointed_into_as_well() {
    let (server, world) = (Server::answering([]), World::new());
    for (line, below) in [
        ("service.list -q '.a | nope'", "                        ^^^^\n"),
        ("service.list -q \".a|nope\"", "                     ^^^^\n"),
        ("service.list -q .a,' nope'", "                  ^^^^^^^^^^\n"),
    ] {
        let run = world.marsh().against(&server).stdin(line).run().prints("");
        assert_ne!(run.code, 0, "{run}");
        run.says(below);
    }
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn a_raw_result_is_not_filtered() {
    let (server, world) = (Server::answering([]), World::new());
    let run = filtered(&world, &server, "service.list", ".").args(["-o", "raw"]).run();
    run.exits(2).prints("").says("a filter cannot read them").says("-o json").says("nothing was sent");
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn a_filter_that_fails_leaves_a_read_without_result() {
    let (server, world) = (answering(LIST), World::new());
    world.put("out.json", "old\n", 0o644);
    let run = filtered(&world, &server, "service.list", ".name").args(["|", "out.json"]).run();
    run.exits(1).prints("").says("cannot index […] with \"name\"").says("repeat it with another filter");
    assert_eq!((world.names(), world.content("out.json").as_str()), (vec!["out.json".to_owned()], "old\n"));
    let server = answering(LIST);
    let run = filtered(&world, &server, "service.list -o json", ".name").run();
    run.exits(1).says(r#""kind":"local","code":1"#).says(r#""sent":"yes""#);
}

#[test]
fn what_a_change_gives_is_not_lost_to_a_filter() {
    let whole = format!("{{\n  \"key\": \"{KEY}\"\n}}\n");
    for filter in [".key[0]", "error(.key)", "def f: [f]; f"] {
        let (server, world) = (answering(NEW_KEY), World::new());
        let run = filtered(&world, &server, "apikey.create", filter).run().exits(1).prints(&whole);
        let run = run.says("apikey.create was done, and its whole result was written");
        // An error quotes what it failed on.
        assert!(!run.stderr.contains(KEY) && !run.stderr.contains("nothing was sent"), "{run}");
        let server = answering(NEW_KEY);
        let run = filtered(&world, &server, "apikey.create", filter).args(["|", "out.json"]).run().exits(1).prints("");
        assert!(!run.stderr.contains(KEY), "{run}");
        assert_eq!((world.content("out.json"), world.bits("out.json")), (whole.clone(), 0o600));
    }
}

#[test]
fn no_filter_takes_the_program_with_it() {
    for (filter, seconds, end) in KILLERS {
        let (server, world) = (answering(LIST), World::new());
        let run = filtered(&world, &server, &format!("service.list --timeout {seconds}"), filter).run();
        run.exits(1).prints("").says(end).says("the call changed nothing");
    }
    let deep = format!("{}{}", "<array><data><value>".repeat(100_000), "</value></data></array>".repeat(100_000));
    let (server, world) = (answering(&deep), World::new());
    filtered(&world, &server, "service.list", ".").run().exits(5).prints("");
}

#[test]
fn the_time_of_a_filter_is_that_of_an_answer_wherever_it_is_said() {
    for (args, line) in [(&["--timeout", "1s"][..], "service.list"), (&[], "service.list --timeout 1000ms")] {
        let (server, world) = (answering(LIST), World::new());
        let run = world.marsh().args(args).against(&server).line(line).args(["-q", "last(repeat(1))"]);
        run.run().exits(1).says("did not end within 1 s");
    }
}

#[test]
fn results_of_local_commands_are_filtered() {
    for (line, filter, shown) in [
        ("methods", "map(select(.name == \"service.list\") | .effect) | .[0]", "\"read\"\n"),
        ("profiles", "map(.provider) | length", "4\n"),
        ("profiles", "empty", ""),
        ("help", "type", "\"string\"\n"),
    ] {
        World::new()
            .marsh()
            .arg("--sandbox")
            .line(line)
            .args(["-q", filter])
            .run()
            .exits(0)
            .prints(shown)
            .says_nothing();
    }
    World::new().marsh().arg("--sandbox").line("profiles -q .name").run().exits(1).prints("").says("nothing was sent");
}

#[test]
fn a_secret_stays_hidden_on_a_screen_whatever_the_filter() {
    let world = World::new();
    let mut shell = Terminal::prompt(world.marsh().arg("--sandbox"));
    for filter in [".[0].key", "map({a: .key})", "\"the key: \\(.[0].key)\"", "error(.[0].key)"] {
        let shown = shell.run(&format!("apikey.list -q '{filter}'"));
        assert!(shown.contains("(redacted)"), "{shown}");
    }
    for (filter, hidden) in
        [(".[0].key", true), (".[0].key | length", true), (".[0].comment", false), ("length", false)]
    {
        let shown = shell.run(&format!("apikey.list -q '{filter}'"));
        assert_eq!(shown.contains("secrets are hidden"), hidden, "{shown}");
    }
    let shown = shell.run("memshell.enable name myserver2 -q .password | out.json");
    let secret = world.content("out.json");
    let secret = secret.trim().trim_matches('"');
    assert!(shown.contains("(redacted)") && secret.len() >= 10 && secret != "(redacted)", "{shown}");
    assert_eq!(world.bits("out.json"), 0o600);
    assert!(!String::from_utf8_lossy(&shell.raw).contains(secret), "{shown}");
}

#[test]
fn ctrl_c_ends_a_filter_at_once_and_brings_the_prompt_back() {
    let mut shell = Terminal::prompt(World::new().marsh().arg("--sandbox"));
    for line in ["methods", "service.list"] {
        shell.press(&format!("{line} -q 'last(repeat(1))'"));
        shell.press(ENTER);
        let started = Instant::now();
        // The first process only checks the filter. The second does not end by itself.
        let mut child = None;
        loop {
            assert!(started.elapsed() < Duration::from_secs(20), "no filter is running:\n{}", shell.contents());
            thread::sleep(Duration::from_millis(300));
            let before = mem::replace(&mut child, child_of(shell.process()));
            if before.is_some() && before == child {
                break;
            }
        }
        let shown = shell.after(CTRL_C);
        assert!(shown.contains("interrupted while the filter ran"), "{shown}");
        assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
        assert_eq!(child_of(shell.process()), None);
    }
}

/// The folder in `/proc` of a process that this one has started, and that has not ended.
fn child_of(parent: i32) -> Option<PathBuf> {
    let line = format!("PPid:\t{parent}\n");
    let mut processes = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
    // A process may end while it is looked at.
    processes.find(|path| fs::read_to_string(path.join("status")).is_ok_and(|status| status.contains(&line)))
}

#[test]
fn a_process_of_a_filter_bears_any_task() {
    for task in [
        "",
        "{}",
        "null\n",
        "{\"filter\":\".\",\"value\":true,\"seconds\":1}\n",
        "{\"filter\":\".\",\"value\":true,\"seconds\":1}\n[",
    ] {
        World::new().marsh().arg("__filter").stdin(task).run().exits(2).prints("");
    }
    let deep = format!("{{\"filter\":\".\",\"value\":true,\"seconds\":1}}\n{}", "[".repeat(100_000));
    World::new().marsh().arg("__filter").stdin(deep).run().exits(2).prints("");
}

//! The prompt as somebody at a terminal meets it: what a line shows, and what a session survives.

use std::io::Write;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::KEY;
use crate::support::cmd::World;
use crate::support::keys::{CTRL_C, CTRL_D, ENTER, PROMPT, Terminal};
use crate::support::raw::{Peer, fault, hold, http, result};

const IN_DOUBT: &str = "it may have reached the provider";

/// The result that stands below its heading.
fn json(shown: &str) -> Value {
    let (heading, json) = shown.split_once('\n').unwrap();
    assert!(heading.ends_with(" result)"), "{shown}");
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {shown}"))
}

#[test]
fn the_banner_is_above_a_prompt_with_the_end_of_the_key() {
    let shell = Terminal::sandbox();
    assert_eq!(shell.row(), PROMPT);
    let screen = shell.contents();
    let version = env!("CARGO_PKG_VERSION");
    for words in [&format!("(Memset API shell v{version})"), "Simulated accounts (memset"] {
        assert!(screen.contains(words), "{screen}");
    }
}

#[test]
fn a_result_is_shown_below_its_heading() {
    let mut shell = Terminal::sandbox();
    let shown = shell.run("service.list");
    let lines: Vec<&str> = shown.lines().collect();
    assert!(lines[2].starts_with("name  ") && lines[4].starts_with("myserver1  "), "{shown}");
    let shown = shell.run("service.info name (string)myserver1");
    assert!(shown.starts_with("(service.info result)\nname  ") && shown.contains("\ntype  "), "{shown}");
    assert_eq!(json(&shell.run("service.list -q 'map(.name)'"))[1], "myserver1");
    shell.run("set output json");
    let info = json(&shell.run("service.info name (string)myserver1"));
    assert_eq!((&info["name"], &info["type"]), (&"myserver1".into(), &"miniserver".into()));
}

#[test]
fn several_lines_on_one_stop_at_the_first_that_fails() {
    let mut shell = Terminal::sandbox();
    let shown = shell.run("internal.noop; service.info name nobody; service.list");
    assert!(shown.starts_with("(internal.noop result)"), "{shown}");
    assert!(shown.contains("service.info was refused") && !shown.contains("(service.list result)"), "{shown}");
    // What can be known to be wrong is told before the first of them runs.
    let shown = shell.run("internal.noop; service.info nam x; service.list");
    assert!(shown.contains("no parameter `nam`") && shown.ends_with("nothing was sent"), "{shown}");
    assert!(!shown.contains("result)"), "{shown}");
}

#[test]
fn a_stored_result_is_shown_cut_and_stored_whole() {
    let world = World::new();
    let mut shell = Terminal::prompt(world.marsh().arg("--sandbox"));
    let shown = shell.run("service.list | out.json");
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!((lines[0], lines[2].starts_with("name  ")), ("(service.list result)", true), "{shown}");
    assert_eq!(*lines.last().unwrap(), "(result piped to out.json)");
    assert!(lines.len() < 24, "more than a screenful: {shown}");
    let stored: Value = serde_json::from_str(&world.content("out.json")).unwrap();
    assert_eq!(stored, json(&shell.run("service.list -o json")));
    let shown = shell.run("service.list | out.json -o json");
    assert!(shown.contains(" more lines\n(result piped to out.json)"), "{shown}");
}

#[test]
fn a_secret_in_a_result_is_for_a_file_and_not_for_the_screen() {
    let world = World::new();
    let mut shell = Terminal::prompt(world.marsh().arg("--sandbox"));
    let shown = shell.run("memshell.enable name myserver1");
    assert!(shown.contains("\npassword  (redacted)\n") && shown.contains("secrets are hidden"), "{shown}");
    let shown = shell.run("memshell.enable name myserver2 | out.json");
    let stored: Value = serde_json::from_str(&world.content("out.json")).unwrap();
    let secret = stored["password"].as_str().unwrap();
    assert!(shown.contains("(redacted)") && secret.len() >= 10 && secret != "(redacted)", "{shown}");
    assert_eq!(world.bits("out.json"), 0o600);
    assert!(!String::from_utf8_lossy(&shell.raw).contains(secret), "{shown}");
}

#[test]
fn help_describes_the_shell_the_methods_and_one_method() {
    let mut shell = Terminal::sandbox();
    for (line, words) in [
        ("help", "Commands\n"),
        ("?", "`help METHOD` describes one"),
        ("help remote", "  windows_template.list "),
        ("help service.info", "  name *  (string) Name of the service; 1 to 64 of A-Z"),
        ("? service.info", "Effect: read"),
        ("service.info --help", "service.info name STRING"),
        ("help quit", "quit\n\nLeave."),
        ("help servce.info", "did you mean service.info"),
    ] {
        let shown = shell.run(line);
        assert!(shown.contains(words), "{line}: {shown}");
    }
}

#[test]
fn a_fault_in_the_line_is_marked_below_it_and_nothing_is_sent() {
    let mut shell = Terminal::sandbox();
    for (line, wrong, words) in [
        ("servce.list", "servce.list", "did you mean service.list"),
        ("service.info nam myserver1", "nam", "did you mean name?"),
        ("service.info name", "name", "name has no value"),
        ("service.info name x name y", "name y", "twice"),
        ("dns.zone_record_create ttl (int)soon", "soon", "(int)"),
        ("dns.zone_record_create type Q", "Q", "CNAME"),
        ("service.list |", "|", "file"),
        ("service.list > /no/such/folder/x", "> /no", "/no/such/folder"),
        ("service.list -o jsn", "jsn", "did you mean json or jsonl?"),
        ("service.list --timeout soon", "soon", "not a length of time"),
    ] {
        let shown = shell.run(line);
        let lines: Vec<&str> = shown.lines().map(|line| line.strip_prefix("  ").unwrap_or(line)).collect();
        let at = lines.iter().position(|shown| *shown == line).unwrap_or_else(|| panic!("not quoted: {shown}"));
        let column = lines[at + 1].find('^').unwrap_or_else(|| panic!("not marked: {shown}"));
        assert!(line[column..].starts_with(wrong), "{shown}");
        assert!(shown.contains(words) && shown.ends_with("\n  nothing was sent"), "{line}: {shown}");
    }
}

#[test]
fn quit_exit_and_the_end_of_the_input_leave_and_a_fault_before_does_not_count() {
    for leave in ["quit\r", "exit\r", CTRL_D, "internal.noop; quit\r"] {
        let mut shell = Terminal::sandbox();
        assert!(shell.run("no.such").contains("unknown method"));
        shell.press(leave);
        assert_eq!(shell.code(), 0, "{leave:?}");
    }
}

#[test]
fn ctrl_c_during_a_call_returns_to_the_prompt_and_says_what_was_sent() {
    let (world, peer) = (World::new(), Peer::silent());
    let mut shell = Terminal::prompt(world.marsh().to(&peer.url(), KEY));
    for line in ["service.list", "server.reboot name myserver1", "server.list | out.json"] {
        shell.press(line);
        shell.press(ENTER);
        peer.hear(line.split(' ').next().unwrap());
        let started = Instant::now();
        let shown = shell.after(CTRL_C);
        assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
        assert!(shown.contains("interrupted"), "{shown}");
        // What only reads has changed nothing, wherever it got to.
        assert_eq!(shown.contains(IN_DOUBT), line.starts_with("server.reboot"), "{shown}");
    }
    assert!(!world.at("out.json").exists());
    shell.press("help service.list");
    shell.press(ENTER);
    peer.hear("system.methodHelp");
    let shown = shell.after(CTRL_C);
    assert!(shown.contains("gave no help for service.list: interrupted") && shown.contains("Effect: read"), "{shown}");
    // What goes on in the background is not what the user wants to stop.
    assert!(!shell.transcript().iter().any(|line| line.contains("method list")), "{}", shell.contents());
}

#[test]
fn whatever_a_server_does_the_session_goes_on() {
    let cases = [
        (fault(3, "Couldn't find service"), "provider: Couldn't find service (code 3)"),
        (http("502 Bad Gateway", "text/html", "<html><h1>502 Bad Gateway</h1></html>"), "HTTP 502 (bad gateway)"),
        (http("200 OK", "text/html", "<html><h1>Maintenance</h1></html>"), "not XML-RPC but an HTML"),
        (b"\x16\x03\x01".to_vec(), "broke: "),
        (Vec::new(), "broke: "),
        (result("<int>42</int>"), "a list was expected, and `42` came"),
        (result("<array><data></data></array>"), "(service.list result)\n[]"),
    ];
    let (answers, words): (Vec<_>, Vec<_>) = cases.into_iter().unzip();
    let (world, peer) = (World::new(), Peer::in_turn(answers));
    let mut shell = Terminal::prompt(world.marsh().args(["--retries", "0"]).to(&peer.url(), KEY));
    for words in words {
        let shown = shell.run("service.list");
        assert!(shown.contains(words), "{shown}");
    }
    drop(peer);
    let shown = shell.run("service.list");
    assert!(shown.contains("cannot reach 127.0.0.1:") && shown.ends_with("nothing was sent"), "{shown}");
    assert!(shell.run("help quit").contains("Leave."));
}

#[test]
fn what_a_server_says_cannot_drive_the_terminal() {
    let words = "\u{9b}31mred\u{202e}txt\u{7f}";
    let page = format!("<html><title>\x1b]0;owned\x07 {words}</title></html>");
    let answers = vec![
        fault(3, words),
        result(&format!(
            "<array><data><value><struct><member><name>{words}</name><value>{words}</value></member></struct></value>\
             </data></array>"
        )),
        http("503 Busy", "text/html", &page),
        http("200 OK", "text/plain", &page),
    ];
    let (world, peer) = (World::new(), Peer::in_turn(answers));
    let mut shell = Terminal::prompt(world.marsh().to(&peer.url(), KEY));
    for line in ["service.list", "service.list", "service.list -o xml", "service.list -o raw"] {
        let before = shell.raw.len();
        let shown = shell.run(line);
        let raw = String::from_utf8(shell.raw[before..].to_vec()).unwrap();
        let acting = ['\u{9b}', '\u{202e}', '\u{7f}', '\x07'];
        assert!(!raw.contains(acting) && !raw.contains("\x1b]"), "{raw:?}");
        assert!(shown.contains("txt"), "{shown}");
    }
}

#[test]
fn a_service_that_is_away_costs_a_note() {
    let world = World::new();
    let url = Peer::silent().url();
    let mut shell = Terminal::prompt(world.marsh().to(&url, KEY));
    let told = |line: &String| line.starts_with("note: the method list") && line.contains("cannot reach 127.0.0.1:");
    let started = Instant::now();
    while !shell.transcript().iter().any(told) {
        assert!(shell.run("help quit").starts_with("quit"));
        assert!(started.elapsed() < Duration::from_secs(30), "{}", shell.contents());
    }
    let shown = shell.run("service.list");
    assert!(shown.contains("cannot reach") && shown.ends_with("nothing was sent"), "{shown}");
}

#[test]
fn neither_the_prompt_nor_leaving_waits_for_the_method_list() {
    let world = World::new();
    let peer = Peer::new(|request, stream| match request.contains("system.listMethods") {
        true => hold(stream),
        false => stream.write_all(&result("<array><data></data></array>")),
    });
    let mut shell = Terminal::prompt(world.marsh().to(&peer.url(), KEY));
    peer.hear("system.listMethods");
    assert_eq!(shell.run("service.list"), "(service.list result)\n[]");
    shell.press(CTRL_D);
    let leaving = Instant::now();
    assert_eq!(shell.code(), 0);
    assert!(leaving.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_method_that_only_the_server_lists_can_be_called_and_completed() {
    let world = World::new();
    let peer = Peer::new(|request, stream| match request.contains("system.listMethods") {
        true => stream.write_all(&result("<array><data><value>brand.new_thing</value></data></array>")),
        false => stream.write_all(&result("<int>42</int>")),
    });
    let mut shell = Terminal::prompt(world.marsh().to(&peer.url(), KEY));
    peer.hear("system.listMethods");
    let started = Instant::now();
    while !shell.run("brand.new_thing").contains("42") {
        assert!(started.elapsed() < Duration::from_secs(30), "{}", shell.contents());
    }
    shell.press("brand.n\t");
    shell.typing("brand.new_thing");
}

#[test]
fn colours_are_for_those_who_want_them() {
    for (name, value, wanted) in [("LANG", "C.UTF-8", true), ("NO_COLOR", "1", false), ("TERM", "dumb", false)] {
        let mut shell = Terminal::open(World::new().marsh().arg("--sandbox").env(name, value));
        shell.see(PROMPT);
        shell.press("service.info name myserver1\rno.such\rquit\r");
        assert_eq!(shell.code(), 0);
        let raw = String::from_utf8(shell.raw.clone()).unwrap();
        let plain = |text: &str| raw.contains(text);
        assert!(plain("(service.info result)") && plain("miniserver") && plain("unknown method `no.such`"), "{raw:?}");
        let ends_in_m = |rest: &str| rest.trim_start_matches(|c| matches!(c, '0'..='9' | ';')).starts_with('m');
        assert_eq!(raw.split("\x1b[").skip(1).any(ends_in_m), wanted, "{name}: {raw:?}");
    }
}

#[test]
fn a_sandbox_leaves_nothing_but_the_lines_that_were_typed() {
    let world = World::new();
    let mut shell = Terminal::prompt(world.marsh().arg("--sandbox"));
    shell.run("refresh; service.list");
    let mut files: Vec<_> = world.everything().into_iter().map(|(path, _)| path).collect();
    files.sort();
    let journal = world.journal();
    assert_eq!(files, ["db", "db-shm", "db-wal", "reads", "seen"].map(|end| journal.with_extension(end)));
}

#[test]
fn a_folder_that_cannot_be_written_costs_a_note() {
    let world = World::new();
    world.put("in-the-way", "a file", 0o600);
    let run = world.marsh().arg("--sandbox");
    let blocked = world.at("in-the-way");
    let mut shell = Terminal::prompt(run.env("XDG_STATE_HOME", &blocked).env("XDG_CACHE_HOME", &blocked));
    assert!(shell.contents().contains("note: lines are not saved: "), "{}", shell.contents());
    assert!(shell.run("service.list").starts_with("(service.list result)"));
}

//! What is pending: calls whose outcome nobody knows, and jobs that nobody has seen to end, as a new session shows them.

use std::io::Write;

use serde_json::{Value, json};

use crate::support::KEY;
use crate::support::cmd::{Run, World};
use crate::support::keys::Terminal;
use crate::support::raw::{Peer, hold, result};

const CHANGE: &str = "firewalling.rule_delete rule_id a --yes";

fn run(world: &World, peer: &Peer) -> Run {
    world.marsh().to(&peer.url(), KEY)
}

/// Makes a change whose answer is held back, and kills its process.
fn killed(world: &World, peer: &Peer, line: &str) {
    let mut child = run(world, peer).line(line).spawn();
    peer.hear(line.split(' ').next().unwrap());
    child.kill().unwrap();
    child.wait().unwrap();
}

/// A service that holds back what changes something.
fn holding() -> Peer {
    Peer::new(|request, stream| match request.contains("rule_delete") {
        true => hold(stream),
        false => stream.write_all(&result("<array><data></data></array>")),
    })
}

fn data(run: Run) -> Value {
    let ended = run.line("pending -o json").run().exits(0);
    serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {ended}"))
}

#[test]
fn a_call_whose_process_was_killed_is_pending_in_the_next_session() {
    let world = World::new();
    let peer = holding();
    let ended = run(&world, &peer).line("pending").run().exits(0).says("nothing is pending");
    assert_eq!(ended.stdout, "");
    assert!(!world.journal().exists(), "looking made a journal");
    killed(&world, &peer, CHANGE);
    let listed = data(run(&world, &peer));
    let row = &listed[0];
    assert_eq!(listed.as_array().map(Vec::len), Some(1));
    let expected = json!([1, "firewalling.rule_delete", "firewalling.rule_delete rule_id a", "unknown", "reconcile 1"]);
    assert_eq!(json!([row["number"], row["method"], row["text"], row["outcome"], row["next"]]), expected, "{row}");
    // Nothing was asked of anybody: it works without a key, and at another service.
    let ended = world.marsh().line("pending").run().exits(0);
    let shown = ended.stdout;
    assert!(shown.starts_with("1  ") && shown.contains("its outcome is unknown"), "{shown}");
    assert_eq!(peer.received().len(), 1);
    for format in ["jsonl", "yaml", "xml", "table", "record", "csv", "tsv"] {
        let ended = run(&world, &peer).line("pending -o").line(format).run().exits(0);
        assert!(ended.stdout.contains("rule_id a"), "{ended}");
    }
}

#[test]
fn a_call_in_progress_is_not_pending() {
    let world = World::new();
    let peer = holding();
    let mut child = run(&world, &peer).line(CHANGE).spawn();
    peer.hear("rule_delete");
    let row = data(run(&world, &peer))[0].clone();
    let words = format!("process {} is making this call now", child.id());
    assert_eq!(json!([row["open"], row["next"]]), json!([words, null]));
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(data(run(&world, &peer))[0]["open"], json!("its outcome is unknown"));
}

#[test]
fn another_process_with_the_same_number_does_not_make_the_call() {
    let world = World::new();
    let peer = holding();
    killed(&world, &peer, CHANGE);
    // The process of this test: it began before the call, then long after it.
    let journal = rusqlite::Connection::open(world.journal()).unwrap();
    journal.execute("UPDATE calls SET process = ?1", [std::process::id()]).unwrap();
    let open = || data(run(&world, &peer))[0]["open"].clone();
    assert_eq!(open(), json!(format!("process {} is making this call now", std::process::id())));
    world.aged(7 * 86_400);
    assert_eq!(open(), json!("its outcome is unknown"));
    let ended = run(&world, &peer).line("reconcile 1").run();
    assert!(!ended.stderr.contains("is making it now"), "{ended}");
}

#[test]
fn the_prompt_marks_an_account_with_open_calls() {
    let world = World::new();
    let (peer, other) = (holding(), Peer::saying(result("<array><data></data></array>")));
    let prompt = |peer: &Peer, name: &str| Terminal::prompt(run(&world, peer).env(name, "1"));
    assert!(!prompt(&peer, "NO_COLOR").contents().contains('!'));
    killed(&world, &peer, CHANGE);
    for (name, coloured) in [("NO_COLOR", false), ("LESS", true)] {
        let mut shell = prompt(&peer, name);
        assert!(shell.row().ends_with("!>"), "{}", shell.contents());
        assert!(shell.run("pending").contains("firewalling.rule_delete rule_id a"));
        let raw = String::from_utf8_lossy(&shell.raw).into_owned();
        assert_eq!(raw.contains("\x1b[1;31m!\x1b[0m"), coloured, "{raw:?}");
    }
    let mut plain = Terminal::open(run(&world, &peer).env("TERM", "dumb"));
    plain.see("!> ");
    // Another account has nothing open.
    assert!(!prompt(&other, "NO_COLOR").row().contains('!'));
}

#[test]
fn the_mark_comes_with_the_call_and_not_before() {
    let world = World::new();
    let peer = Peer::in_turn(vec![Vec::new()]);
    let mut shell = Terminal::prompt(run(&world, &peer));
    assert!(!shell.row().contains('!'));
    shell.run("openstack.user.disable username a");
    assert!(shell.row().ends_with("!>"), "{}", shell.contents());
}

#[test]
fn nothing_secret_is_pending() {
    const SECRET: &str = "Canary-pass-1Ab9";
    let world = World::new();
    let peer = Peer::new(|_, stream| hold(stream));
    killed(
        &world,
        &peer,
        &format!("openstack.user.create username carol password {SECRET} email carol@example.com enabled true --yes"),
    );
    for options in ["", "-o json", "-o table"] {
        let ended = run(&world, &peer).line("pending").line(options).run().exits(0);
        assert!(!ended.stdout.contains(SECRET) && !ended.stderr.contains(SECRET), "{ended}");
        assert!(ended.stdout.contains("openstack.user.create"), "{ended}");
        assert!(!ended.stdout.contains(KEY), "{ended}");
    }
}

#[test]
fn a_journal_that_is_off_or_damaged_has_nothing_to_list() {
    let world = World::new();
    let peer = Peer::silent();
    run(&world, &peer).env("MARSH_JOURNAL", "off").line("pending").run().exits(0).says("the journal is turned off");
    std::fs::create_dir_all(world.journal().parent().unwrap()).unwrap();
    std::fs::write(world.journal(), "no journal ".repeat(999)).unwrap();
    run(&world, &peer).line("pending").run().exits(1).says("the journal cannot be read");
}

#[test]
fn calls_of_a_sandbox_are_closed_when_it_has_ended() {
    let world = World::new();
    world.marsh().line("--sandbox server.reboot name myserver1 --no-wait --yes").run().exits(0);
    let [call] = world.calls().try_into().unwrap();
    assert!(call.is_open(), "{call:?}");
    let peer = holding();
    for line in ["pending", "jobs", "reconcile --all", "pending"] {
        let ended = run(&world, &peer).line(line).line("-o json").run().exits(0);
        assert_eq!(ended.stdout.trim(), "[]", "{ended}");
        let [call] = world.calls().try_into().unwrap();
        let found = call.reconciled.unwrap();
        assert_eq!((found.found, &*found.by), (history::Found::CannotTell, "the sandbox has ended"));
    }
}

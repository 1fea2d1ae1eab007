//! What became of a change whose answer never came: a new session asks the provider, and closes the row with the truth.

use std::io::Write;

use history::{Call, Found, Outcome};
use serde_json::{Value, json};

use crate::support::KEY;
use crate::support::cmd::{Run, World};
use crate::support::keys::Terminal;
use crate::support::raw::{Peer, fault, hold, result};

const CHANGE: &str = "firewalling.rule_delete rule_id a --yes";

/// What the service knows of the rule.
#[derive(Clone, Copy, Debug)]
enum Rule {
    There,
    Gone,
    Unreadable,
}

/// A service that never answers a change, and shows its rule as it is.
fn service(rule: Rule) -> Peer {
    let shown = "<struct><member><name>rule_id</name><value><string>a</string></value></member></struct>";
    Peer::new(move |request, stream| match (request.contains("firewalling.rule_info"), rule) {
        (false, _) if request.contains("listMethods") => stream.write_all(&result("<array><data></data></array>")),
        (false, _) => hold(stream),
        (true, Rule::There) => stream.write_all(&result(shown)),
        (true, Rule::Gone) => stream.write_all(&fault(3, "no such rule")),
        (true, Rule::Unreadable) => stream.write_all(&fault(4, "bad key")),
    })
}

/// With so short a patience that what is not to be seen at once counts as not done.
fn run(world: &World, peer: &Peer) -> Run {
    world.marsh().to(&peer.url(), KEY).env("MARSH_TIMEOUT", "0.9")
}

/// Makes a change whose answer is held back, and kills its process.
fn killed(world: &World, peer: &Peer, line: &str) {
    let mut child = world.marsh().to(&peer.url(), KEY).line(line).spawn();
    peer.hear(&format!(">{}<", line.split(' ').nth(2).unwrap()));
    child.kill().unwrap();
    child.wait().unwrap();
}

fn change(world: &World) -> Call {
    world.calls().into_iter().find(|call| call.is_change).unwrap()
}

fn asked(peer: &Peer) -> usize {
    peer.received().iter().filter(|request| request.contains("rule_info")).count()
}

#[test]
fn the_row_is_closed_with_the_truth() {
    for (rule, outcome, found, words) in [
        (Rule::Gone, Outcome::Done, Found::Happened, "it happened: "),
        (Rule::There, Outcome::Failed, Found::DidNot, "it did not happen: "),
    ] {
        let world = World::new();
        let peer = service(rule);
        killed(&world, &peer, CHANGE);
        let mut shell = Terminal::prompt(run(&world, &peer).env("COLUMNS", "200"));
        assert!(shell.row().ends_with("!>"), "{rule:?}: {}", shell.contents());
        assert!(shell.run("pending").contains("reconcile 1"), "{}", shell.contents());
        let said = shell.run("reconcile 1");
        assert!(said.contains(words) && said.contains("firewalling.rule_delete rule_id a"), "{rule:?}: {said}");
        assert!(!shell.row().contains('!'), "{rule:?}: {}", shell.contents());
        assert!(shell.run("pending").contains("nothing is pending"), "{}", shell.contents());
        let call = change(&world);
        let seen = call.reconciled.unwrap();
        assert_eq!((call.outcome, seen.found), (outcome, found), "{rule:?}");
        assert!(seen.by.contains("firewalling.rule_info"), "{}", seen.by);
        // Nothing was sent again.
        assert_eq!(peer.received().iter().filter(|request| request.contains("rule_delete")).count(), 1);
    }
}

#[test]
fn all_open_calls_are_asked_about_at_once() {
    let world = World::new();
    let peer = service(Rule::Gone);
    killed(&world, &peer, CHANGE);
    killed(&world, &peer, "firewalling.rule_delete rule_id b --yes");
    let ended = run(&world, &peer).line("reconcile --all -o json").run().exits(0);
    let rows: Value = serde_json::from_str(&ended.stdout).unwrap();
    let told = |row: &Value| json!([row["number"], row["found"], row["pending"]]);
    assert_eq!([told(&rows[0]), told(&rows[1])], [json!([1, "happened", false]), json!([2, "happened", false])]);
    assert_eq!(world.opened().count_open(None).unwrap(), 0);
    run(&world, &peer).line("reconcile --all").run().exits(0).says("nothing is pending");
    run(&world, &peer).line("reconcile 1").run().exits(2).says("is known: done");
    // The same change again is no repetition of something unknown any more.
    run(&world, &peer).line(CHANGE).run().exits(7);
}

#[test]
fn what_may_yet_come_is_not_given_up() {
    let world = World::new();
    let peer = service(Rule::There);
    killed(&world, &peer, CHANGE);
    // As long as an answer is waited for.
    let ended = world.marsh().to(&peer.url(), KEY).line("reconcile 1").run().exits(0);
    assert!(ended.stdout.contains("it cannot be told whether it happened") && ended.stdout.contains("still pending"));
    assert_eq!((world.opened().count_open(None).unwrap(), asked(&peer)), (1, 1));
}

#[test]
fn a_reading_that_fails_leaves_the_row_open() {
    let world = World::new();
    let peer = service(Rule::Unreadable);
    killed(&world, &peer, CHANGE);
    for line in ["reconcile 1", "reconcile --all"] {
        run(&world, &peer).line(line).run().exits(3);
        assert_eq!(change(&world).outcome, Outcome::Unknown, "{line}");
    }
    assert_eq!(world.opened().count_open(None).unwrap(), 1);
}

#[test]
fn nobody_is_asked_about_what_cannot_be_told() {
    let world = World::new();
    let peer = Peer::new(|_, stream| hold(stream));
    // A method without a rule, and values that are too long to keep.
    killed(&world, &peer, "server.reboot name a");
    let long = "x".repeat(600);
    killed(&world, &peer, &format!("dns.zone_create nickname {long} --no-check"));
    let before = peer.received().len();
    for number in [1, 2] {
        let ended = run(&world, &peer).line(&format!("reconcile {number} -o json")).run().exits(0);
        let row: Value = serde_json::from_str(&ended.stdout).unwrap();
        assert_eq!((&row["found"], &row["pending"]), (&json!("cannot_tell"), &json!(false)), "{ended}");
        assert!(row["look"].is_string());
    }
    assert_eq!(peer.received().len(), before);
    // It is still unknown, so the same is not simply sent again.
    run(&world, &peer).line("server.reboot name a --yes").run().exits(10);
    // And can be closed by hand.
    run(&world, &peer).line("reconcile 1 did-not").run().exits(0);
    assert_eq!(
        (change(&world).outcome, change(&world).reconciled.unwrap().by),
        (Outcome::Failed, "the user said so".into())
    );
}

#[test]
fn a_call_of_another_account_is_not_asked_about_here() {
    let world = World::new();
    let (peer, other) = (service(Rule::Gone), service(Rule::Gone));
    let profile = |peer: &Peer| {
        world.put("key", KEY, 0o600);
        let key = world.at("key").display().to_string();
        world.configure(&format!(
            "[profiles.prod]\nprovider = \"memset\"\nurl = \"{}\"\nkey_file = \"{key}\"\nread_only = {}\n",
            peer.url(),
            asked(peer) > 100
        ));
    };
    profile(&peer);
    let mut child = world.marsh().line("-p prod").line(CHANGE).spawn();
    peer.hear("rule_delete");
    let busy = world.marsh().line("-p prod reconcile 1").run().exits(10);
    assert!(busy.stderr.contains("is making it now"), "{busy}");
    child.kill().unwrap();
    child.wait().unwrap();
    profile(&other);
    world.marsh().line("-p prod reconcile 1").run().exits(2).says("another account");
    world.configure("[profiles.else]\nprovider = \"memset\"\n");
    world.marsh().line("reconcile 1").run().exits(2).says("not there any more");
    assert_eq!((asked(&peer), asked(&other)), (0, 0));
    profile(&peer);
    world.marsh().env("MARSH_READ_ONLY", "true").line("-p prod reconcile 1").run().exits(0).says("");
    assert_eq!(change(&world).outcome, Outcome::Done);
}

#[test]
fn a_line_that_is_wrong_asks_nobody() {
    let world = World::new();
    let peer = service(Rule::Gone);
    killed(&world, &peer, CHANGE);
    for (line, code) in [
        ("reconcile", 2),
        ("reconcile 99", 2),
        ("reconcile x", 2),
        ("reconcile 1 --all", 2),
        ("reconcile 1 maybe", 2),
        ("reconcile 1 -o nonsense", 2),
        ("reconcile 1 --dry-run", 2),
        ("reconcile 1 | missing/out.json", 2),
    ] {
        run(&world, &peer).line(line).run().exits(code);
    }
    assert_eq!((asked(&peer), change(&world).outcome), (0, Outcome::Unknown));
}

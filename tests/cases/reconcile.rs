//! What became of a change whose answer never came: a new session asks the provider, and closes the row with the truth.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

use history::{Call, Found, Outcome};
use serde_json::{Value, json};

use crate::support::KEY;
use crate::support::cmd::{Run, World, signalled};
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
    answering(rule, false)
}

/// The same, but only the first change is not answered.
fn recovering(rule: Rule) -> Peer {
    answering(rule, true)
}

/// A service that does not answer the first change, and those after it if it recovers.
fn answering(rule: Rule, recovers: bool) -> Peer {
    let shown = "<struct><member><name>rule_id</name><value><string>a</string></value></member></struct>";
    let changes = AtomicUsize::new(0);
    Peer::new(move |request, stream| match (request.contains("firewalling.rule_info"), rule) {
        (false, _) if request.contains("listMethods") => stream.write_all(&result("<array><data></data></array>")),
        (false, _) if changes.fetch_add(1, Ordering::Relaxed) == 0 || !recovers => hold(stream),
        (false, _) if request.contains(">refused<") => stream.write_all(&fault(3, "no")),
        (false, _) | (true, Rule::There) => stream.write_all(&result(shown)),
        (true, Rule::Gone) => stream.write_all(&fault(3, "no such rule")),
        (true, Rule::Unreadable) => stream.write_all(&fault(4, "bad key")),
    })
}

fn run(world: &World, peer: &Peer) -> Run {
    world.marsh().to(&peer.url(), KEY)
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
        // By now the provider is done with it.
        world.aged(61);
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
    run(&world, &peer).env("MARSH_TIMEOUT", "0.9").line(CHANGE).run().exits(7);
}

#[test]
fn what_other_calls_may_explain_proves_nothing() {
    const CLOSED: bool = false;
    for (rule, line, found, pending, number) in [
        (
            Rule::Gone,
            "firewalling.rule_delete rule_id a --again",
            "cannot_tell",
            true,
            "call 2 (firewalling.rule_delete)",
        ),
        (Rule::Gone, "firewalling.rule_delete rule_id b", "happened", CLOSED, ""),
        (
            Rule::There,
            "firewalling.rule_update rule_id a comment x",
            "cannot_tell",
            true,
            "call 2 (firewalling.rule_update)",
        ),
        (Rule::There, "firewalling.rule_update rule_id b comment a1", "did_not", CLOSED, ""),
        // What was refused did nothing.
        (Rule::There, "firewalling.rule_update rule_id a comment refused", "did_not", CLOSED, ""),
        // What was sent is not known any more.
        (Rule::There, "dns.zone_create nickname LONG --no-check", "cannot_tell", true, "call 2 (dns.zone_create)"),
    ] {
        let (world, peer) = (World::new(), recovering(rule));
        killed(&world, &peer, CHANGE);
        world.aged(300);
        let line = format!("{} --yes", line.replace("LONG", &"x".repeat(600)));
        run(&world, &peer).line(&line).run();
        let ended = run(&world, &peer).line("reconcile 1 -o json").run().exits(0);
        let row: Value = serde_json::from_str(&ended.stdout).unwrap();
        assert_eq!((&row["found"], &row["pending"]), (&json!(found), &json!(pending)), "{line}: {ended}");
        assert!(row["reason"].as_str().unwrap().contains(number), "{line}: {ended}");
    }
}

#[test]
fn the_id_that_was_found_is_kept() {
    let shown: String =
        [("id", "5ca1ab1e"), ("zone_id", "z"), ("type", "A"), ("record", "www"), ("address", "192.0.2.1")]
            .iter()
            .map(|(name, value)| format!("<member><name>{name}</name><value><string>{value}</string></value></member>"))
            .collect();
    let list = format!("<array><data><value><struct>{shown}</struct></value></data></array>");
    let peer = Peer::new(move |request, stream| match request.contains("zone_record_list") {
        true => stream.write_all(&result(&list)),
        false => hold(stream),
    });
    let world = World::new();
    killed(&world, &peer, "dns.zone_record_create zone_id z type A record www address 192.0.2.1 --no-check");
    run(&world, &peer).line("reconcile 1").run().exits(0);
    let call = change(&world);
    assert_eq!((call.outcome, call.object.as_deref()), (Outcome::Done, Some("5ca1ab1e")));
}

#[test]
fn what_may_yet_come_is_not_given_up() {
    let world = World::new();
    let peer = service(Rule::There);
    killed(&world, &peer, CHANGE);
    // A minute at least, however short the time limit is, and longer where that is longer.
    for (timeout, waited) in [("0.9", 0), ("0.9", 30), ("600", 61)] {
        world.aged(waited);
        let ended = run(&world, &peer).env("MARSH_TIMEOUT", timeout).line("reconcile 1").run().exits(0);
        let said = &ended.stdout;
        assert!(said.contains("ask again in") && said.contains("still pending"), "{timeout} {waited}: {ended}");
        assert_eq!(world.opened().count_open(None).unwrap(), 1, "{timeout} {waited}");
    }
    run(&world, &peer).env("MARSH_TIMEOUT", "0.9").line("reconcile 1").run().exits(0);
    assert_eq!(change(&world).reconciled.unwrap().found, Found::DidNot);
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
fn nothing_is_asked_about_what_the_provider_cannot_show() {
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
    run(&world, &peer).line("reconcile 1 did_not").run().exits(0);
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
fn a_wrong_line_asks_nothing() {
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

#[test]
fn a_signal_ends_the_line_and_not_only_the_call_that_is_asked_about() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let world = World::new();
        let peer = Peer::new(|_, stream| hold(stream));
        for rule in ["a", "b", "c"] {
            killed(&world, &peer, &format!("firewalling.rule_delete rule_id {rule} --yes"));
        }
        let child = run(&world, &peer).line("reconcile --all").spawn();
        peer.hear("firewalling.rule_info");
        let (ended, stderr) = signalled(child, signal);
        assert_eq!((ended, asked(&peer)), (code, 1), "{stderr}");
        assert!(stderr.contains("3 of 3 calls were not asked about"), "{stderr}");
        assert_eq!(world.opened().count_open(None).unwrap(), 3);
    }
}

//! Several calls in one request: `| each` and `run --batch` over JSON-RPC and over `system.multicall`. Each call has its own
//! outcome and its own row in the journal.

use std::io::Write;
use std::time::Duration;

use marsh::sandbox::{Options, Server};
use serde_json::Value;

use crate::support::cmd::{Outcome, World};
use crate::support::raw::{Peer, http};

const KEY: &str = "feedbeefeedbeefeedbeefeedbee0123";
/// Three names of servers, of which the account does not have the second.
const NAMES: &str = "let n = (json)[\"myserver1\",\"nobody\",\"myserver2\"]\n";

fn sandbox() -> (Server, World) {
    let sandbox = Server::start(Options { job_time: Duration::ZERO, ..Options::default() }).unwrap();
    let world = World::of(&sandbox, "retries = 0\n");
    (sandbox, world)
}

/// Runs a script, and returns how many requests that took.
fn run(sandbox: &Server, world: &World, options: &[&str], script: &str) -> (Outcome, usize) {
    let before = sandbox.received();
    let outcome = world.marsh().args(["-p", "memset"]).args(options).args(["run", "-"]).stdin(script).run();
    (outcome, sandbox.received() - before)
}

fn outcomes(outcome: &Outcome) -> String {
    let list: Vec<Value> = serde_json::from_str(&outcome.stdout).unwrap();
    list.iter().map(|one| one["outcome"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

/// The outcomes of the calls of a method that are on record.
fn recorded(world: &World, method: &str) -> String {
    let rows = world.calls().into_iter().filter(|row| row.call.method == method);
    rows.map(|row| row.outcome.name().to_owned()).collect::<Vec<_>>().join(" ")
}

#[test]
fn reads_of_members_share_a_request_where_the_service_takes_several() {
    let (sandbox, world) = sandbox();
    let each = "server.list -q 'map(.name | select(startswith(\"my\")))' | each server.info name {} -o json\n";
    let (alone, requests) = run(&sandbox, &world, &[], each);
    let (together, few) = run(&sandbox, &world, &["--transport", "jsonrpc"], each);
    let (alone, together) = (alone.exits(0), together.exits(0).says("calls of server.info, all done"));
    assert_eq!((requests, few), (4, 2), "{together}");
    let names = |outcome: &Outcome| -> Vec<String> {
        let list: Vec<Value> = serde_json::from_str(&outcome.stdout).unwrap();
        list.iter().map(|one| format!("{} {}", one["item"], one["result"]["name"])).collect()
    };
    assert_eq!(names(&alone), names(&together));
    // Threads share the calls.
    let (_, some) = run(&sandbox, &world, &["--transport", "jsonrpc"], &each.replace(" -o", " --jobs 2 -o"));
    assert_eq!(some, 3);
    // A service that lists the method for it takes several over XML-RPC.
    let (outcome, listed) = run(&sandbox, &world, &[], "refresh | l.json\n");
    outcome.exits(0);
    let (outcome, both) = run(&sandbox, &world, &[], &format!("refresh | l.json\n{each}"));
    assert_eq!((names(&outcome.exits(0)), both - listed), (names(&alone), 2));
}

#[test]
fn a_fault_of_one_member_is_the_outcome_of_that_member() {
    let (sandbox, world) = sandbox();
    for (options, refresh) in [(&["--transport", "jsonrpc"][..], ""), (&[], "refresh | l.json\n")] {
        let script = format!("{refresh}{NAMES}$n | each server.info name {{}} -o json\n");
        let (outcome, _) = run(&sandbox, &world, options, &script);
        let outcome = outcome.exits(11).says("member 2 (nobody)");
        assert_eq!(outcomes(&outcome), "done refused done", "{outcome}");
    }
}

#[test]
fn changes_share_a_request_only_if_the_line_says_so() {
    for (options, refresh) in [(&["--transport", "jsonrpc"][..], ""), (&[], "refresh | l.json\n")] {
        let (sandbox, world) = sandbox();
        let (_, listed) = if refresh.is_empty() {
            (None, 0)
        } else {
            let (outcome, count) = run(&sandbox, &world, options, refresh);
            (Some(outcome), count)
        };
        let line = format!("{refresh}{NAMES}$n | each server.reboot name {{}} --yes --again -o json");
        let (outcome, one_by_one) = run(&sandbox, &world, options, &format!("{line} --keep-going\n"));
        assert_eq!(outcomes(&outcome.exits(11)), "done refused done");
        let (outcome, together) = run(&sandbox, &world, options, &format!("{line} --batch\n"));
        assert_eq!(outcomes(&outcome.exits(11)), "done refused done");
        assert_eq!((one_by_one - listed, together - listed), (3, 1), "{options:?}");
        assert_eq!(recorded(&world, "server.reboot"), "done refused done done refused done");
        // What an account may not do is refused before anything is sent.
        let (outcome, none) = run(
            &sandbox,
            &world,
            &[options, &["--read-only"]].concat(),
            &format!("{NAMES}$n | each server.reboot name {{}} --yes --batch\n"),
        );
        outcome.exits(10).says("read-only");
        assert_eq!(none, 0);
    }
}

#[test]
fn lines_of_a_batch_are_one_request_over_xml_rpc_too() {
    let (sandbox, world) = sandbox();
    world.put("reads", &"internal.noop\n".repeat(5), 0o600);
    let (outcome, listed) = run(&sandbox, &world, &[], "refresh | l.json\n");
    outcome.exits(0);
    let (outcome, all) = run(&sandbox, &world, &[], "refresh | l.json\nsource --batch reads -q length\n");
    outcome.exits(0).prints("5\n");
    assert_eq!(all - listed, 1);
}

fn json(body: &str) -> Vec<u8> {
    http("200 OK", "application/json", body)
}

/// Runs a script against a peer that speaks JSON-RPC.
fn against(peer: &Peer, script: &str) -> (World, Outcome) {
    let world = World::new();
    world.put("../home/key", KEY, 0o600);
    world.configure(&format!(
        "retries = 0\n[profiles.p]\nprovider = \"memset\"\nurl = \"http://{}/v1/jsonrpc/\"\nkey_file = \"~/key\"\n",
        peer.host()
    ));
    let outcome = world.marsh().args(["run", "-"]).stdin(script).run();
    (world, outcome)
}

#[test]
fn an_answer_that_cannot_be_read_leaves_every_change_unknown() {
    let reboot = format!("{NAMES}$n | each server.reboot name {{}} --yes --batch -o json\n");
    let answers: [fn() -> Vec<u8>; 3] = [Vec::new, || json("[{\"jsonrpc\":\"2.0\",\"id\":1,\"res"), || json("7")];
    for answer in answers {
        let peer = Peer::new(move |_, stream| stream.write_all(&answer()));
        let (world, outcome) = against(&peer, &reboot);
        assert_eq!(outcomes(&outcome.exits(7)), "unknown unknown unknown");
        assert_eq!((recorded(&world, "server.reboot").as_str(), peer.received().len()), ("unknown unknown unknown", 1));
    }
    // Calls that an answer leaves out are unknown, and the others are not.
    let peer = Peer::new(|_, stream| {
        stream.write_all(&json("[{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":true},{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":3,\"message\":\"No\"}}]"))
    });
    let (world, outcome) = against(&peer, &reboot);
    assert_eq!(outcomes(&outcome.exits(11)), "refused done unknown");
    assert_eq!(recorded(&world, "server.reboot"), "refused done unknown");
}

#[test]
fn reads_that_a_service_does_not_take_together_are_made_one_by_one() {
    let info = format!("{NAMES}$n | each server.info name {{}} --keep-going -o json\n");
    for refusal in [
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,\"message\":\"one call only\"}}",
        "<html>no</html>",
    ] {
        let peer = Peer::new(move |request, stream| {
            let together = request.matches("server.info").count() > 1;
            let one = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"name\":\"x\"}}";
            stream.write_all(&json(if together { refusal } else { one }))
        });
        let (_world, outcome) = against(&peer, &info);
        assert_eq!(outcomes(&outcome.exits(0)), "done done done");
        assert_eq!(peer.received().len(), 4, "{refusal}");
    }
    // A wrong key is not tried again, and no key is shown.
    let peer = Peer::new(|request, stream| {
        let echoed = request.len();
        let fault = |id: i64| {
            format!(
                "{{\"jsonrpc\":\"2.0\",\"id\":{id},\"error\":{{\"code\":4,\"message\":\"Bad key {KEY} {echoed}\"}}}}"
            )
        };
        stream.write_all(&json(&format!("[{}]", [1, 2, 3].map(fault).join(","))))
    });
    let (world, outcome) = against(&peer, &info);
    assert_eq!(peer.received().len(), 1);
    let outcome = outcome.exits(3);
    assert!(!outcome.to_string().contains(KEY) && !world.remembered().contains(KEY), "{outcome}");
}

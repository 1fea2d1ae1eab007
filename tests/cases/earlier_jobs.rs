//! Jobs that an earlier session began: the next session lists them, waits for them, and reads what became of them.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use history::Outcome;
use marsh::sandbox::{Options, Server as Sandbox};
use serde_json::{Value, json};

use crate::support::KEY;
use crate::support::cmd::{Run, World};
use crate::support::raw::{Peer, fault, result};

/// A server of the sandbox's cloud that can be rebooted.
const SERVER: &str = "37605271-d650-4d8e-a0b0-ad46b25d0952";

fn run(world: &World, peer: &Peer) -> Run {
    world.marsh().to(&peer.url(), KEY)
}

/// A job as the XML-RPC service writes it.
fn job(state: &str) -> Vec<u8> {
    job_of("j-1", state)
}

/// The same with this id.
fn job_of(id: &str, state: &str) -> Vec<u8> {
    let text = |(name, value)| format!("<member><name>{name}</name><value><string>{value}</string></value></member>");
    let flag = |(name, is): (&str, bool)| {
        format!("<member><name>{name}</name><value><boolean>{}</boolean></value></member>", u8::from(is))
    };
    let words = [("id", id), ("type", "REBOOT"), ("status", state)].map(text).concat();
    let flags = [("finished", state != "DOING"), ("error", state == "ERROR")].map(flag).concat();
    result(&format!("<struct>{words}{flags}</struct>"))
}

/// A service whose job is seen in these states, one after the other; the last one stays.
fn service(states: &'static [&'static str]) -> Peer {
    let reads = AtomicUsize::new(0);
    Peer::new(move |request, stream| match request.contains("server.reboot") {
        true => stream.write_all(&job("DOING")),
        false if request.contains("job.status") => {
            let state = states[reads.fetch_add(1, Ordering::Relaxed).min(states.len() - 1)];
            stream.write_all(&if state.is_empty() { fault(3, "no such job") } else { job(state) })
        }
        false => stream.write_all(&result("<array><data></data></array>")),
    })
}

/// The one row of the answer of a line, or the only row of its list.
fn row(run: Run, line: &str) -> Value {
    let ended = run.line(line).line("-o json").run().exits(0);
    let value: Value = serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {ended}"));
    match value {
        Value::Array(mut rows) if rows.len() == 1 => rows.remove(0),
        row => row,
    }
}

fn outcome(world: &World) -> (Outcome, Option<i32>) {
    let change = world.calls().into_iter().find(|call| call.is_change).unwrap();
    (change.outcome, change.exit_code)
}

#[test]
fn a_job_that_was_begun_in_one_session_is_waited_for_in_the_next() {
    for (states, expected, code) in [
        (&["DONE"][..], Outcome::Done, 0),
        (&["DOING", "DONE"], Outcome::Done, 0),
        (&["ERROR"], Outcome::EndedBadly, 9),
    ] {
        let (world, peer) = (World::new(), service(states));
        run(&world, &peer).line("server.reboot name a").run().exits(0);
        let pending = row(run(&world, &peer), "pending");
        assert_eq!((&pending["outcome"], &pending["next"]), (&json!("running"), &json!("wait j-1")));
        let listed = row(run(&world, &peer), "jobs");
        assert_eq!(
            [&listed["number"], &listed["call"], &listed["method"], &listed["id"], &listed["under_way"]],
            [&json!(null), &json!(1), &json!("server.reboot"), &json!("j-1"), &json!(true)]
        );
        run(&world, &peer).line("wait j-1").run().exits(code);
        assert_eq!(outcome(&world), (expected, Some(code)));
        assert_eq!(world.opened().count_open(None).unwrap(), 0);
        assert_eq!(row(run(&world, &peer), "jobs"), json!([]));
    }
}

#[test]
fn reconcile_reads_the_state_of_a_job() {
    for (states, found, pending, expected) in [
        (&["DONE"][..], "done", false, (Outcome::Done, Some(0))),
        (&["ERROR"], "ended_badly", false, (Outcome::EndedBadly, Some(9))),
        (&["DOING"], "running", true, (Outcome::Running, Some(0))),
    ] {
        for line in ["reconcile 1", "reconcile --all"] {
            let (world, peer) = (World::new(), service(states));
            run(&world, &peer).line("server.reboot name a").run().exits(0);
            let row = row(run(&world, &peer), line);
            assert_eq!((&row["found"], &row["pending"]), (&json!(found), &json!(pending)), "{line}: {row}");
            assert_eq!(outcome(&world), expected, "{line}");
            let sent = peer.received().iter().filter(|request| request.contains("server.reboot")).count();
            assert_eq!(sent, 1, "a job is only read");
        }
    }
    // The user may know better, and the service may have forgotten it.
    let (world, peer) = (World::new(), service(&[""]));
    run(&world, &peer).line("server.reboot name a").run().exits(0);
    run(&world, &peer).line("reconcile 1").run().exits(4);
    run(&world, &peer).line("reconcile 1 happened").run().exits(0);
    assert_eq!(outcome(&world).0, Outcome::Done);
}

#[test]
fn the_journal_knows_the_method_where_a_provider_has_several_kinds_of_job() {
    let sandbox = Sandbox::start(Options { job_time: Duration::from_millis(400), ..Options::default() }).unwrap();
    let world = World::new();
    let accounts = sandbox.accounts();
    let profiles: Vec<String> = accounts
        .iter()
        .map(|account| {
            let user = account.user.as_ref().map(|user| format!("user = {user:?}\n")).unwrap_or_default();
            format!(
                "[profiles.{0}]\nprovider = \"{0}\"\nurl = \"{1}\"\nkey_env = \"KEY_{0}\"\n{user}",
                account.provider, account.url
            )
        })
        .collect();
    world.configure(&profiles.join("\n"));
    let marsh = |profile: &str| {
        let run = world.marsh().args(["-p", profile]);
        accounts.iter().fold(run, |run, account| run.env(&format!("KEY_{}", account.provider), &account.key))
    };
    marsh("caas").line("server.reboot").args(["server-id", SERVER]).run().exits(0);
    assert_eq!(outcome(&world).0, Outcome::Running);
    // Another session, in another profile.
    let ended = marsh("memset").args(["wait", SERVER]).run().exits(0).says("reading the job from caas");
    assert!(ended.stdout.contains("NORMAL"), "{ended}");
    assert_eq!(outcome(&world).0, Outcome::Done);
    // What has ended can still be looked at; what nobody has begun cannot.
    marsh("caas").args(["wait", SERVER]).run().exits(0);
    marsh("caas").line("wait nothing").run().exits(2).says("`server.list id nothing --wait`");
    let reads = |name: &str| sandbox.requests().iter().filter(|(method, _)| method == name).count();
    assert_eq!(reads("server.reboot"), 1);
}

#[test]
fn an_id_or_a_file_name_with_a_secret_in_it_is_not_kept() {
    let peer = Peer::new(|request, stream| match request.contains("server.reboot") {
        true => stream.write_all(&job_of(KEY, "DOING")),
        false => stream.write_all(&result("<array><data></data></array>")),
    });
    let world = World::new();
    run(&world, &peer).line("server.reboot name a").args(["|", &format!("{KEY}.json")]).run().exits(0);
    let call = world.calls().into_iter().find(|call| call.is_change).unwrap();
    assert!(call.job.is_some() && call.call.output.is_some(), "{call:?}");
    assert!(!world.remembered().contains(KEY));
    for line in ["pending", "jobs", "history --changes"] {
        let ended = run(&world, &peer).line(line).run();
        assert!(!format!("{}{}", ended.stdout, ended.stderr).contains(KEY), "{ended}");
    }
}

//! The journal of calls: a change is on record before it leaves by whatever way it is made, what is on record is true,
//! and the same change is not made twice while nobody knows what became of the first.

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use history::{Call, Outcome};
use serde_json::{Value, json};

use crate::support::KEY;
use crate::support::cmd::{Run, World};
use crate::support::keys::Terminal;
use crate::support::raw::{Peer, fault, hold, http, result, with_headers};
use crate::support::source::sources;

const CHANGE: &str = "firewalling.rule_delete rule_id a --yes";
const READ: &str = "service.list";

/// What was on record when each request arrived: the texts of the open calls.
type Seen = Arc<Mutex<Vec<(String, Vec<String>)>>>;

/// A service that looks into the journal before it answers.
fn watching(world: &World, answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> (Peer, Seen) {
    let seen = Seen::default();
    let (journal, notes) = (world.opened(), Arc::clone(&seen));
    let peer = Peer::new(move |request, stream| {
        let open = journal.open_calls(None).unwrap().into_iter().map(|call| call.call.text).collect();
        notes.lock().unwrap().push((request.to_owned(), open));
        stream.write_all(&answer(request))
    });
    (peer, seen)
}

/// An answer in the notation of the request.
fn yes(request: &str) -> Vec<u8> {
    let Some((_, body)) = request.split_once("\r\n\r\n").filter(|(_, body)| body.starts_with(['{', '['])) else {
        return result("<string>gone</string>");
    };
    let body: Value = serde_json::from_str(body).unwrap();
    let one = |call: &Value| json!({"jsonrpc": "2.0", "id": call["id"], "result": "gone"});
    let answer = body.as_array().map_or_else(|| one(&body), |calls| calls.iter().map(one).collect());
    http("200 OK", "application/json", answer.to_string())
}

fn run(world: &World, peer: &Peer) -> Run {
    world.marsh().to(&peer.url(), KEY)
}

#[test]
fn a_change_is_on_record_before_it_leaves_by_whatever_way_it_is_made() {
    let change = |name: &str| format!("firewalling.rule_delete rule_id {name} --yes\n");
    let script = change("a") + &change("b");
    let batch = script.replace(" --yes", "");
    type Way<'t> = (&'static str, fn(Run, &str) -> Run, &'t str);
    let ways: [Way<'_>; 12] = [
        ("one shot", |run, _| run.line(CHANGE), ""),
        ("raw", |run, _| run.line(CHANGE).line("-o raw"), ""),
        ("into a file", |run, _| run.line(CHANGE).line("| out.json"), ""),
        ("filtered", |run, _| run.line(CHANGE).line("-q ."), ""),
        ("not checked", |run, _| run.line(CHANGE).line("--no-check more 1"), ""),
        ("positional", |run, _| run.line("firewalling.rule_delete a --positional --yes"), ""),
        ("over JSON-RPC", |run, _| run.line("--transport jsonrpc").line(CHANGE), ""),
        ("standard input", |run, text| run.stdin(text), &script),
        ("a file", |run, _| run.line("run script"), &script),
        ("from a file", |run, _| run.line("source script"), &script),
        ("a batch", |run, _| run.line("source script --batch --yes"), &batch),
        ("a batch in one request", |run, _| run.line("--transport jsonrpc source script --batch --yes"), &batch),
    ];
    for (way, go, text) in ways {
        let world = World::new();
        world.put("script", text, 0o600);
        let (peer, seen) = watching(&world, yes);
        let ended = go(run(&world, &peer), text).run().exits(0);
        let calls = world.calls();
        let seen = seen.lock().unwrap();
        assert_eq!(calls.len(), if text.is_empty() { 1 } else { 2 }, "{way}: {ended}");
        assert!(calls.iter().all(|call| call.is_change && call.outcome == Outcome::Done), "{way}: {calls:?}");
        assert!(calls.iter().all(|call| call.attempts == 1 && call.bytes.is_some_and(|bytes| bytes > 0)), "{way}");
        for (request, open) in seen.iter() {
            let known = |open: &String| open.split_whitespace().any(|word| request.contains(&format!(">{word}<")));
            let known = open.iter().all(known) || request.contains("jsonrpc") || way == "positional";
            assert!(known && !open.is_empty(), "{way}: {request}: {open:?}");
        }
    }
}

#[test]
fn a_change_at_the_prompt_is_on_record_with_its_line() {
    let world = World::new();
    let (peer, seen) = watching(&world, yes);
    let mut shell = Terminal::prompt(run(&world, &peer));
    shell.run("internal.noop; firewalling.rule_delete rule_id a --yes | out.json");
    let [read, change] = world.calls().try_into().unwrap();
    assert_eq!((change.call.line, read.call.line), (Some(history::LineId(1)), Some(history::LineId(1))));
    assert_eq!(change.call.output, Some(world.at("out.json").display().to_string()));
    assert_eq!(change.call.text, "firewalling.rule_delete rule_id a");
    assert!(seen.lock().unwrap().iter().any(|(_, open)| *open == ["firewalling.rule_delete rule_id a"]));
    let [line] = world.opened().lines(&history::Filter::default()).unwrap().try_into().unwrap();
    assert_eq!(line.exit_code, Some(0));
    shell.run("service.info nam x");
    let lines = world.opened().lines(&history::Filter { failed: true, ..Default::default() }).unwrap();
    assert_eq!(lines.last().and_then(|line| line.exit_code), Some(2));
}

/// The one call that a line made, with the exit code of the line.
fn one(peer: &Peer, line: &str) -> (Call, i32) {
    let world = World::new();
    let ended = run(&world, peer).line("--retries 1").line(line).run();
    let [call] = world.calls().try_into().unwrap_or_else(|calls| panic!("{calls:?} {ended}"));
    (call, ended.code)
}

#[test]
fn what_is_on_record_is_what_happened() {
    use Outcome::{Done, Failed, Refused, Unknown};
    let later = || with_headers("429 Slow down", "Retry-After: 0\r\nContent-Length: 5\r\n", "later");
    for (line, answer, outcome, code) in [
        (CHANGE, result("<string>gone</string>"), Done, 0),
        (CHANGE, fault(3, "no"), Refused, 4),
        (CHANGE, fault(4, "bad key"), Refused, 3),
        (CHANGE, later(), Refused, 4),
        (CHANGE, http("401 No", "text/plain", "no"), Refused, 3),
        (CHANGE, http("500 Oops", "text/plain", "no"), Unknown, 5),
        (CHANGE, http("502 Oops", "text/plain", "no"), Unknown, 5),
        (CHANGE, http("200 OK", "text/xml", "<methodResponse>"), Unknown, 7),
        (CHANGE, Vec::new(), Unknown, 7),
        (READ, result("<array><data></data></array>"), Done, 0),
        (READ, fault(3, "no"), Refused, 4),
        (READ, http("500 Oops", "text/plain", "no"), Failed, 5),
        (READ, http("200 OK", "text/xml", "<methodResponse>"), Failed, 5),
    ] {
        let (call, ended) = one(&Peer::saying(answer.clone()), line);
        let told = (call.outcome, call.exit_code, ended, call.is_change);
        assert_eq!(told, (outcome, Some(code), code, line == CHANGE), "{line}: {}", String::from_utf8_lossy(&answer));
        assert!(call.duration.is_some());
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1/xmlrpc", listener.local_addr().unwrap());
    drop(listener);
    let world = World::new();
    world.marsh().to(&url, KEY).line("--retries 1").line(CHANGE).run().exits(6);
    let [call] = world.calls().try_into().unwrap();
    assert_eq!((call.outcome, call.attempts, call.exit_code), (Failed, 2, Some(6)));
}

#[test]
fn a_job_is_on_record_until_it_ends() {
    use Outcome::{Done, EndedBadly, Running};
    let job = |state: &str| {
        let members = [("id", "j-1"), ("type", "REBOOT"), ("status", state)].map(|(name, value)| {
            format!("<member><name>{name}</name><value><string>{value}</string></value></member>")
        });
        let finished = state != "DOING";
        let error = state == "ERROR";
        let flags = [("finished", finished), ("error", error)].map(|(name, flag)| {
            format!("<member><name>{name}</name><value><boolean>{}</boolean></value></member>", u8::from(flag))
        });
        result(&format!("<struct>{}{}</struct>", members.concat(), flags.concat()))
    };
    for (options, end, outcome) in [("", "DONE", Running), ("--wait", "DONE", Done), ("--wait", "ERROR", EndedBadly)] {
        let (first, last) = (job("DOING"), job(end));
        let peer = Peer::new(move |request, stream| {
            stream.write_all(if request.contains("server.reboot") { &first } else { &last })
        });
        let world = World::new();
        let ended = run(&world, &peer).line("server.reboot name a").line(options).run();
        let change = world.calls().into_iter().find(|call| call.is_change).unwrap();
        assert_eq!((change.outcome, change.job.as_deref()), (outcome, Some("j-1")), "{ended}");
        assert_eq!(change.exit_code, Some(ended.code));
    }
}

#[test]
fn a_journal_that_cannot_be_written_sends_no_change() {
    let full = |run: Run| run.through("trap '' XFSZ; ulimit -f 0; exec \"$@\"");
    let broken = |world: &World| {
        fs::create_dir_all(world.journal().parent().unwrap()).unwrap();
        fs::write(world.journal(), "no journal ".repeat(999)).unwrap();
    };
    let folder = |world: &World| fs::create_dir_all(world.journal()).unwrap();
    let nothing = |_: &World| {};
    type Case<'c> = (&'static str, &'c dyn Fn(&World), &'c dyn Fn(Run) -> Run);
    let cases: [Case<'_>; 3] = [
        ("is full", &nothing, &full),
        ("is damaged", &broken, &|run| run),
        ("is not a regular file", &folder, &|run| run),
    ];
    for (words, prepare, how) in cases {
        let world = World::new();
        prepare(&world);
        let peer = Peer::saying(result("<string>gone</string>"));
        let marsh = || how(run(&world, &peer).arg("-x").line(CHANGE));
        let ended = marsh().run().exits(1).says("was not sent, because it cannot be recorded").says("nothing was sent");
        assert!(ended.stderr.replace('\n', " ").contains(words), "{ended}");
        assert!(peer.received().is_empty(), "{words}");
        let read = how(run(&world, &peer).line("-o raw internal.noop"));
        read.run().exits(0);
        // The user's own decision.
        marsh().env("MARSH_JOURNAL", "off").run().exits(0);
        assert_eq!(peer.received().len(), 2, "{words}");
    }
}

#[test]
fn reads_go_on_with_a_note_where_they_cannot_be_recorded() {
    let world = World::new();
    let peer = Peer::saying(result("<array><data></data></array>"));
    let script = "service.list\nservice.list\n";
    let ended = run(&world, &peer).stdin(script).through("trap '' XFSZ; ulimit -f 0; exec \"$@\"").run().exits(0);
    assert_eq!(ended.stderr.matches("note: calls that only read are not recorded").count(), 1, "{ended}");
    assert_eq!(ended.stdout, "[]\n[]\n");
}

#[test]
fn a_read_does_not_open_the_database() {
    let world = World::new();
    let peer = Peer::saying(result("<array><data></data></array>"));
    run(&world, &peer).line(READ).run().exits(0);
    world.marsh().arg("--version").run().exits(0);
    run(&world, &peer).line(CHANGE).arg("--dry-run").run().exits(0);
    assert!(!world.journal().exists());
    let [read] = world.calls().try_into().unwrap();
    assert_eq!((read.call.method.as_str(), read.is_change, read.outcome), (READ, false, Outcome::Done));
}

#[test]
fn an_unknown_outcome_names_its_row() {
    for (answer, code, kind) in [(Vec::new(), 7, "unknown"), (http("502 Bad", "text/plain", "x"), 5, "failed")] {
        let world = World::new();
        let peer = Peer::saying(answer);
        run(&world, &peer).line(CHANGE).run().exits(code).says("it is call 1 in the journal");
        let ended = run(&world, &peer).line("firewalling.rule_delete rule_id b --yes -o json").run().exits(code);
        let error: Value = serde_json::from_str(&ended.stderr).unwrap();
        assert_eq!((&error["error"]["journal"], &error["error"]["kind"]), (&json!(2), &json!(kind)), "{ended}");
        let read = run(&world, &peer).line("--retries 0 service.list -o json").run();
        let error: Value = serde_json::from_str(&read.stderr).unwrap();
        assert_eq!(error["error"]["journal"], Value::Null);
    }
}

#[test]
fn each_call_of_a_batch_names_its_own_row() {
    let world = World::new();
    world.put("script", "firewalling.rule_delete rule_id a\nservice.list\nfirewalling.rule_delete rule_id b\n", 0o600);
    let peer = Peer::new(|request, stream| {
        let body = request.split_once("\r\n\r\n").unwrap().1;
        let calls: Vec<Value> = serde_json::from_str(body).unwrap();
        let one = |call: &Value| match call["method"] == "service.list" {
            true => json!({"jsonrpc": "2.0", "id": call["id"], "result": []}),
            false => json!({"jsonrpc": "2.0", "id": call["id"], "error": {"code": 3, "message": "no"}}),
        };
        let answer: Value = calls.iter().map(one).collect();
        stream.write_all(&http("200 OK", "application/json", answer.to_string()))
    });
    let ended = run(&world, &peer).line("--transport jsonrpc source script --batch --yes").run().exits(11);
    let results: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!([&results[0]["error"]["journal"], &results[2]["error"]["journal"]], [&json!(1), &json!(2)], "{ended}");
    let outcomes: Vec<Outcome> = world.calls().iter().map(|call| call.outcome).collect();
    assert_eq!(outcomes, [Outcome::Refused, Outcome::Refused, Outcome::Done]);
}

#[test]
fn the_same_change_is_not_sent_while_the_first_is_unknown() {
    let world = World::new();
    let peer = Peer::saying(Vec::new());
    run(&world, &peer).line(CHANGE).run().exits(7);
    let blocked = |line: &str| {
        let before = peer.received().len();
        let ended = run(&world, &peer).line(line).run().exits(10);
        assert_eq!(peer.received().len(), before, "{line}");
        ended
    };
    let said = blocked(CHANGE).stderr.replace("\n", " ");
    assert!(said.contains("call 1 in the journal") && said.contains("--again"), "{said}");
    let error: Value = serde_json::from_str(&blocked("firewalling.rule_delete rule_id a -o json").stderr).unwrap();
    assert_eq!((&error["error"]["journal"], &error["error"]["kind"]), (&json!(1), &json!("blocked")));
    // The same values by their positions.
    blocked("firewalling.rule_delete a --positional --yes");
    // A script is judged before its first line is sent.
    let before = peer.received().len();
    run(&world, &peer).stdin(format!("{READ}\n{CHANGE}\n")).run().exits(10);
    assert_eq!(peer.received().len(), before);
    // Other changes, the same at another service, and reads.
    run(&world, &peer).line("firewalling.rule_delete rule_id b --yes").run().exits(7);
    let elsewhere = Peer::saying(result("<string>gone</string>"));
    run(&world, &elsewhere).line(CHANGE).run().exits(0);
    // The user knows better.
    run(&world, &peer).line(CHANGE).arg("--again").run().exits(7);
    assert_eq!(world.calls().iter().filter(|call| call.is_change).count(), 4);
}

#[test]
fn a_person_is_asked_about_a_change_that_may_have_been_made() {
    let world = World::new();
    let answers = vec![Vec::new(), result("<string>gone</string>")];
    let peer = Peer::in_turn(answers);
    let mut shell = Terminal::prompt(run(&world, &peer));
    let line = "openstack.user.disable username a";
    shell.run(line);
    let sent = || peer.received().iter().filter(|request| !request.contains("listMethods")).count();
    assert_eq!((sent(), world.calls().len()), (1, 1));
    shell.press(line);
    shell.press("\r");
    shell.see("call 1 in the journal");
    shell.see("Continue? [y/N]");
    shell.press("n");
    shell.enter();
    assert_eq!(sent(), 1);
    shell.press(line);
    shell.press("\r");
    shell.until("another question", |shell| shell.contents().matches("Continue? [y/N]").count() == 2);
    shell.press("y");
    shell.enter();
    assert_eq!(sent(), 2);
    let outcomes: Vec<Outcome> = world.calls().iter().map(|call| call.outcome).collect();
    assert_eq!(outcomes, [Outcome::Unknown, Outcome::Done]);
}

#[test]
fn the_same_change_in_two_shells_at_once_is_sent_once() {
    let world = World::new();
    let peer = Peer::new(|request, stream| match request.contains("rule_delete") {
        true => hold(stream),
        false => stream.write_all(&result("<array><data></data></array>")),
    });
    let sent = || peer.received().iter().filter(|request| request.contains("rule_delete")).count();
    let asked = || {
        let mut shell = Terminal::prompt(run(&world, &peer));
        shell.press("firewalling.rule_delete rule_id a");
        shell.press("\r");
        shell.see("to confirm");
        shell
    };
    // Both are asked before either is sent: neither question knows of the other call.
    let (mut first, mut second) = (asked(), asked());
    first.press("a");
    first.press("\r");
    peer.hear("rule_delete");
    second.press("a");
    second.press("\r");
    second.see("may have been done already: call 1");
    assert_eq!((sent(), world.calls().iter().filter(|call| call.is_change).count()), (1, 1));
}

/// Where requests leave from, and whether anything but a read can leave there.
#[test]
fn nothing_leaves_but_by_the_way_past_the_journal() {
    let sources = sources("src/engine");
    let leaves = |text: &str| text.lines().any(|line| line.contains("wire.send(") && !line.contains("//"));
    let found: Vec<&str> = sources.iter().filter(|(_, text)| leaves(text)).map(|(path, _)| path.as_str()).collect();
    assert_eq!(found, ["accounts/catalogs.rs", "accounts/inquiry.rs", "call/exchange.rs", "call/together.rs"]);
    for (path, text) in sources.iter().filter(|(path, _)| path.starts_with("accounts/") && found.contains(&&**path)) {
        let sends = text.lines().filter(|line| line.contains("wire.send("));
        assert!(sends.into_iter().all(|line| line.contains("Effect::Read")), "{path} may send a change");
    }
}

#[test]
fn two_shells_record_side_by_side() {
    let world = World::new();
    let peer = Peer::saying(result("<string>gone</string>"));
    std::thread::scope(|scope| {
        for shell in 0..2 {
            let (world, peer) = (&world, &peer);
            scope.spawn(move || {
                let script: String =
                    (0..20).map(|n| format!("firewalling.rule_delete rule_id s{shell}x{n} --yes\n")).collect();
                run(world, peer).stdin(script).run().exits(0);
            });
        }
    });
    let calls = world.calls();
    assert_eq!((calls.len(), peer.received().len()), (40, 40));
    assert!(calls.iter().all(|call| call.outcome == Outcome::Done));
    let mut texts: Vec<&str> = calls.iter().map(|call| call.call.text.as_str()).collect();
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(texts.len(), 40);
}

#[test]
fn a_call_whose_answer_is_held_back_stays_unknown_when_its_process_is_killed() {
    let world = World::new();
    let peer = Peer::new(|_, stream| hold(stream));
    let mut child = run(&world, &peer).line(CHANGE).spawn();
    peer.hear("firewalling.rule_delete");
    child.kill().unwrap();
    child.wait().unwrap();
    let [call] = world.opened().open_calls(None).unwrap().try_into().unwrap();
    assert_eq!((call.outcome, call.exit_code, call.duration), (Outcome::Unknown, None, None));
}

/// Between the row and the signal handler there is no moment in which the process can end.
#[test]
fn signals_wait_for_the_row_before_it_is_written() {
    let mut opening = 0;
    for (path, text) in sources("src/engine").iter().filter(|(path, _)| path.starts_with("call/")) {
        for (place, _) in text.match_indices("ledger.open") {
            let function = text[..place].rfind("fn ").map_or("", |start| &text[start..place]);
            assert!(function.contains("signals::begin("), "{path}: {function}");
            opening += 1;
        }
    }
    assert_eq!(opening, 2, "calls are recorded in exchange.rs and in together.rs");
}

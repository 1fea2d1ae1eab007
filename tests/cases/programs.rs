//! Scripts, variables and batches: what runs, what is sent, and how it ends.

use std::fs;

use marsh::sandbox::{Options, Server as Sandbox};
use serde_json::{Value, json};

use crate::support::cmd::{Run, World};
use crate::support::keys::{CTRL_C, ENTER, Terminal};
use crate::support::server::{Answer, Server};

fn five() -> Answer {
    Answer::value("<int>5</int>")
}

/// A world with one script in it.
fn with(script: &str) -> World {
    let world = World::new();
    world.put("deploy.marsh", script, 0o644);
    world
}

fn sandbox() -> Sandbox {
    Sandbox::start(Options::default()).unwrap()
}

/// The program on an account of the sandbox.
fn on(world: &World, sandbox: &Sandbox) -> Run {
    let account = sandbox.accounts().remove(0);
    world.marsh().to(&account.url, &account.key)
}

/// The parameters of every call of a method.
fn sent(sandbox: &Sandbox, method: &str) -> Vec<String> {
    sandbox.requests().into_iter().filter(|(name, _)| name == method).map(|(_, values)| values).collect()
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn a_script_runs_from_a_file_and_from_standard_input() {
    let script = "#!/usr/bin/env marsh\n\ninternal.echo # one\ninternal.echo; internal.echo\n";
    for (args, stdin) in [(&["run", "deploy.marsh"][..], ""), (&["run", "-"], script), (&[], script)] {
        let server = Server::answering(vec![five(); 3]);
        with(script).marsh().against(&server).args(args).stdin(stdin).run().exits(0).prints("5\n5\n5\n").says_nothing();
        assert_eq!(server.requests().len(), 3);
    }
}

#[test]
fn nothing_is_sent_if_a_line_of_a_script_cannot_be_parsed() {
    let script = "internal.echo\ninternal.echo a (itn)5 (zzz)6\n\ninternal.echo -o\ninternal.echo s 'a\nb\n";
    let server = Server::answering([]);
    let ended = with(script).marsh().against(&server).args(["run", "deploy.marsh"]).run().exits(2).prints("");
    let ended = ended.says("marsh: deploy.marsh:2: unknown type (itn)").says("  internal.echo a (itn)5 (zzz)6\n");
    let ended = ended.says("marsh: deploy.marsh:4: --output has no value");
    let ended =
        ended.says("marsh: deploy.marsh:5: the quote ' is not closed\n  internal.echo s 'a\n                  ^");
    assert!(!ended.stderr.contains("(zzz) "), "{ended}");
    let ended = World::new().marsh().against(&server).stdin(script).run().exits(2).prints("");
    ended.says("marsh: stdin:2: unknown type (itn)").says("nothing was sent");
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn a_script_stops_at_the_first_failure_unless_it_is_to_keep_going() {
    let script = "internal.echo\nservice.info name x\n\ninternal.echo string a\ninternal.echo string b\n";
    for (args, stdin, prints, failures) in [
        (&["run", "deploy.marsh"][..], "", "5\n", 1),
        (&["run", "--keep-going", "deploy.marsh"], "", "5\n6\n", 2),
        (&["--keep-going", "run", "deploy.marsh"], "", "5\n6\n", 2),
        (&["--keep-going"], script, "5\n6\n", 2),
        (&["source", "--keep-going", "deploy.marsh"], "", "5\n6\n", 2),
    ] {
        let refused = || Answer::fault(3, "no such service");
        let server = Server::answering([five(), refused(), Answer::value("<int>6</int>"), refused()]);
        let ended = with(script).marsh().against(&server).args(args).stdin(stdin).run().exits(4).prints(prints);
        let name = if stdin.is_empty() { "deploy.marsh" } else { "stdin" };
        let ended = ended.says(&format!("marsh: {name}:2: service.info was refused"));
        assert_eq!(ended.stderr.matches("marsh: ").count(), failures, "{ended}");
        if failures > 1 {
            ended.says(&format!("marsh: {name}:5: ")).says("note: 2 of 4 lines failed");
        }
    }
}

#[test]
fn scripts_run_each_other_but_never_themselves() {
    let server = Server::answering(vec![five(); 2]);
    let world = with("internal.echo\nsource inner.marsh\ninternal.echo\n");
    world.put("inner.marsh", "internal.echo\ninternal.echo string $_.x\n", 0o644);
    let ended = world.marsh().against(&server).args(["run", "deploy.marsh"]).run().exits(2).prints("5\n5\n");
    let ended = ended.says("marsh: inner.marsh:2: ").says("nothing of this line was sent; lines before it were");
    assert_eq!(ended.stderr.matches("marsh: ").count(), 1, "{ended}");

    // What is wrong anywhere is found before the first line runs.
    for (wrong, words) in [
        ("internal.echo (itn)5", "unknown type (itn)"),
        ("service.info nam x", "service.info has no parameter `nam`"),
        ("service.inof name x", "did you mean service.info"),
    ] {
        world.put("inner.marsh", &format!("internal.echo\n{wrong}\n"), 0o644);
        let ended = world.marsh().against(&server).args(["run", "deploy.marsh"]).run().exits(2).prints("");
        ended.says("marsh: inner.marsh:2: ").says(words).says("nothing was sent");
    }

    world.put("inner.marsh", "source ./deploy.marsh\n", 0o644);
    world.put("deploy.marsh", "source inner.marsh\n", 0o644);
    let ended = world.marsh().against(&server).args(["run", "deploy.marsh"]).run().exits(2).prints("");
    ended.says("marsh: inner.marsh:1: ./deploy.marsh is running already");

    for nth in 0..20 {
        world.put(&format!("{nth}.marsh"), &format!("source {}.marsh\n", nth + 1), 0o644);
    }
    let ended = world.marsh().against(&server).args(["run", "0.marsh"]).run().exits(2);
    ended.says("marsh: 15.marsh:1: scripts run each other 16 deep at most");
}

#[test]
fn a_script_that_cannot_be_read_is_reported() {
    let world = World::new();
    fs::write(world.at("bytes.marsh"), b"internal.echo\ninternal.echo \xff\n").unwrap();
    for (line, code, words) in [
        ("run no.marsh", 1, "cannot read no.marsh: No such file"),
        ("run bytes.marsh", 1, "cannot read bytes.marsh: line 2 is not UTF-8 text"),
        ("source", 2, "`source` needs a file"),
        ("source no.marsh -o json", 2, "--output has no effect on a script"),
        ("source no.marsh | f", 2, "a script has more than one result"),
        ("service.list --keep-going", 2, "--keep-going is an option of `source`"),
        ("methods --batch", 2, "--batch is an option of `source`"),
    ] {
        world.marsh().arg("--sandbox").line(line).run().exits(code).prints("").says(words);
    }
    assert_eq!(world.names(), ["bytes.marsh"]);
}

#[test]
fn a_line_uses_the_results_before_it() {
    let script = "\
dns.zone_create nickname example -o json
let zone = $_.id
dns.zone_record_create zone_id $zone type A record www address 192.0.2.1 ttl 0
let record = $_
dns.zone_record_info id $record.id
service.set_nickname name myserver1 nickname '$_.id'
service.set_nickname name myserver1 nickname (string)$zone
service.set_nickname name myserver1 nickname $record.ttl
dns.reload
job.status id $_.id
last -o json | job.json
";
    let (sandbox, world) = (sandbox(), with(script));
    on(&world, &sandbox).args(["run", "deploy.marsh"]).run().exits(0).says_nothing();
    let created = sent(&sandbox, "dns.zone_record_create").remove(0);
    let zone = parsed(&created)["zone_id"].as_str().unwrap().to_owned();
    assert_eq!(zone.len(), 32, "{created}");
    assert_eq!(sent(&sandbox, "dns.zone_record_info").len(), 1);
    let names: Vec<Value> =
        sent(&sandbox, "service.set_nickname").iter().map(|values| parsed(values)["nickname"].clone()).collect();
    assert_eq!(names, ["$_.id", "$zone", "0"]);
    assert_eq!(sent(&sandbox, "job.status").len(), 1);
    assert!(parsed(&world.content("job.json"))["id"].is_string());
}

#[test]
fn a_missing_value_is_reported_before_anything_is_sent() {
    for (script, words, calls) in [
        (
            "service.info name $_.name",
            "there is no result yet\n  service.info name $_.name\n                    ^^^",
            0,
        ),
        ("service.info name $nme", "`$nme` is not set", 0),
        ("let name = a\nservice.info name $nme", "hint: did you mean $name?", 0),
        ("service.list\nservice.info name $_.name", "`$_` is a list of 13 members and has no `name`", 1),
        ("service.list | f.json\nservice.info name $_[0].name", "it went straight into a file", 1),
        ("service.list -o raw\nservice.info name $_[0].name", "its bytes were passed on unchanged", 1),
        ("service.list\nservice.info name $_[0].nam", "hint: did you mean name?", 1),
        ("let x = $_", "there is no result yet", 0),
        ("let x", "a `=` is missing", 0),
        ("let 5 = 5", "this is not a valid name for a variable", 0),
        ("let _ = 5", "`_` is the last result and cannot be set", 0),
        ("let x = a b", "`let` takes one value", 0),
        ("last", "there is no result yet", 0),
        ("set outptu json", "hint: did you mean output?", 0),
        ("set confirm maybe", "`maybe` is not one of none, destroy, change", 0),
        ("server.reboot name myserver1; wait --dry-run", "--dry-run is for calls, but `wait` is a command", 0),
        ("set timeout soon", "`soon` is not a length of time", 0),
    ] {
        let sandbox = sandbox();
        on(&with(script), &sandbox).args(["run", "deploy.marsh"]).run().exits(2).says(words);
        assert_eq!(sandbox.requests().len(), calls, "{script}");
    }
}

#[test]
fn after_a_failed_line_there_is_no_older_result() {
    let script =
        "service.info name myserver1\nservice.info name nobody\nlet x = a\nlet x = $_.name\nservice.info name $x\n";
    let sandbox = sandbox();
    let ended = on(&with(script), &sandbox).args(["run", "--keep-going", "deploy.marsh"]).run().exits(4);
    let ended =
        ended.says("deploy.marsh:4: the last result was not kept: the line that should have produced it failed");
    ended.says("deploy.marsh:5: `$x` is not set");
    assert_eq!(sent(&sandbox, "service.info").len(), 2);
}

#[test]
fn a_secret_result_goes_on_whole_and_is_shown_nowhere() {
    let script = "\
memshell.enable name myserver1
let pw = $_.password
memshell.disable name myserver1 password $pw
memshell.enable name myserver2
last | secret.json
memshell.disable name myserver2 password $_.password
let
memshell.disable name nobody password $pw
";
    let (sandbox, world) = (sandbox(), with(script));
    let ended = on(&world, &sandbox).args(["run", "deploy.marsh"]).run();
    let second = parsed(&world.content("secret.json"))["password"].as_str().unwrap().to_owned();
    assert_eq!(world.bits("secret.json"), 0o600);
    assert!(!ended.stderr.contains(&second), "{ended}");
    assert!(ended.stdout.contains("\"pw\": \"(redacted)\""), "{ended}");
    assert_eq!(ended.code, 4, "{ended}");
    assert_eq!(sent(&sandbox, "memshell.disable").len(), 3, "{ended}");
}

#[test]
fn a_secret_that_looks_like_a_variable_is_never_shown() {
    for secret in ["$canary-99", "$canary.99", "$canary/99", "$canary[99"] {
        let script = format!("memshell.disable name myserver1 password {secret}\n");
        let world = with(&script);
        for run in [world.marsh().arg("--sandbox").args(["run", "deploy.marsh"]), world.marsh().arg("--sandbox")] {
            let ended = run.stdin(script.as_str()).run().exits(2).prints("").says("nothing was sent");
            assert!(!ended.stderr.contains("canary"), "{ended}");
        }
    }
    let world = World::new();
    let mut shell = Terminal::prompt(world.marsh().arg("--sandbox"));
    shell.run("let my_password = canary-1");
    shell.run("memshell.disable name myserver1 password $canary-2");
    shell.run("memshell.disable name myserver1 password $my_password");
    shell.run("let");
    let kept = world.lines().join("\n");
    assert!(kept.contains("$my_password") && !kept.contains("canary"), "{kept}");
    assert!(shell.contents().contains("my_password  (redacted)"), "{}", shell.contents());
}

#[test]
fn settings_hold_until_they_go_back() {
    let script = "set output xml\nset output\nset output default\nset timeout 5\nset\n";
    let ended = with(script).marsh().arg("--sandbox").args(["run", "deploy.marsh"]).run().exits(0).says_nothing();
    let (xml, rest) = ended.stdout.split_once("</result>\n").unwrap();
    assert!(xml.contains("<value>xml</value>") && xml.contains("<from>set</from>"), "{ended}");
    let rows = parsed(rest);
    let short = |row: &Value| json!([row["name"], row["value"], row["from"]]);
    let rows: Vec<Value> = rows.as_array().unwrap().iter().map(short).collect();
    let wanted = json!([["output", "json", "default"], ["confirm", "destroy", "default"], ["timeout", 5, "set"]]);
    assert_eq!(Value::from(rows), wanted);
}

#[test]
fn a_length_of_time_is_written_alike_everywhere() {
    let marsh = || World::new().marsh().arg("--sandbox");
    for (args, line, value, from) in [
        (&["--timeout", "2m"][..], "set timeout", 120, "start"),
        (&["--timeout", "90"], "set timeout", 90, "start"),
        (&[], "set timeout 1m30s; set timeout", 90, "set"),
    ] {
        let ended = marsh().args(args).stdin(line).run().exits(0);
        let row = parsed(&ended.stdout);
        assert_eq!((&row["value"], &row["from"]), (&json!(value), &json!(from)), "{ended}");
    }
    for (args, line) in [(&["--timeout", "2x"][..], "service.list"), (&[], "service.list --timeout 2x")] {
        marsh().args(args).line(line).run().exits(2).prints("").says("a length of time such as 30, 90s, 10m or 1h30m");
    }
}

#[test]
fn the_prompt_remembers_too() {
    let world = with("service.info name $n\n");
    let mut shell = Terminal::prompt(world.marsh().arg("--sandbox"));
    shell.run("service.list");
    assert!(shell.run("let n = $_[1].name").is_empty());
    assert_eq!(shell.run("$n"), "\"myserver1\"");
    assert!(shell.run("$n x").contains("a method comes first"));
    assert!(shell.run("$_[1].nam").contains("did you mean name?"));
    let shown = shell.run("source deploy.marsh");
    assert!(shown.contains("\nname  ") && shown.contains("  myserver1\n"), "{shown}");
    assert!(shell.run("last -o xml").contains("<name>myserver1</name>"));
    assert!(shell.run("service.info name $_.nam").contains("did you mean name?"));
    assert!(shell.run("service.info name $_.name").starts_with("(service.info result)"));
}

/// The members of a batch that went out, as the service wants them answered: each number comes back.
fn answer_of(numbers: std::ops::Range<usize>) -> Answer {
    let answers =
        numbers.clone().zip(1..).map(|(number, id)| format!(r#"{{"jsonrpc":"2.0","result":{number},"id":{id}}}"#));
    let body = answers.collect::<Vec<_>>().join(",");
    Answer::http(format!("HTTP/1.1 200 OK\nContent-Type: application/json\n\n[{body}]").as_bytes())
}

fn echoes(count: usize) -> String {
    (0..count).map(|number| format!("internal.echo integer {number}\n")).collect()
}

/// The program against a server that speaks JSON-RPC, about to run the script as a batch.
fn batch(world: &World, server: &Server) -> Run {
    let url = format!("http://{}/v1/jsonrpc", server.address);
    world.marsh().to(&url, crate::support::KEY).args(["--transport", "jsonrpc", "run", "--batch", "deploy.marsh"])
}

#[test]
fn a_batch_of_250_calls_goes_out_in_three_requests() {
    let server = Server::answering([answer_of(0..100), answer_of(100..200), answer_of(200..250)]);
    let ended = batch(&with(&echoes(250)), &server).run().exits(0).says_nothing();
    assert_eq!(parsed(&ended.stdout), json!((0..250).collect::<Vec<_>>()));
    let sizes =
        server.requests().iter().map(|request| parsed(&request.text()).as_array().unwrap().len()).collect::<Vec<_>>();
    assert_eq!(sizes, [100, 100, 50]);
}

#[test]
fn a_batch_of_250_calls_reaches_the_sandbox_in_three_requests() {
    let (sandbox, world) = (sandbox(), with(&echoes(250)));
    let account = sandbox.accounts().remove(0);
    for (transport, requests) in [("jsonrpc", 3), ("xmlrpc", 250)] {
        let before = sandbox.received();
        let url = account.url.replace("xmlrpc", transport);
        let run = world.marsh().to(&url, &account.key).args(["--transport", transport, "run", "--batch"]);
        let ended = run.arg("deploy.marsh").run().exits(0).says_nothing();
        let results = parsed(&ended.stdout);
        let numbers: Vec<i64> = results.as_array().unwrap().iter().map(|r| r["integer"].as_i64().unwrap()).collect();
        assert_eq!(numbers, (0..250).collect::<Vec<_>>());
        assert_eq!(sandbox.received() - before, requests, "{transport}");
    }
    assert_eq!(sent(&sandbox, "internal.echo").len(), 500);
}

#[test]
fn a_batch_brings_results_and_refusals_in_order() {
    let script = "internal.echo integer 7\n# a comment\nservice.info name nobody\nservice.info name myserver1\n";
    let sandbox = sandbox();
    let account = sandbox.accounts().remove(0);
    let url = account.url.replace("xmlrpc", "jsonrpc");
    for (marsh, form) in [("jsonrpc", &url), ("xmlrpc", &account.url)] {
        let world = with(script);
        let run = world.marsh().to(form, &account.key).args(["--transport", marsh, "run", "--batch", "deploy.marsh"]);
        let ended = run.run().exits(11);
        let results = parsed(&ended.stdout);
        assert_eq!((&results[0]["integer"], &results[2]["name"]), (&json!(7), &json!("myserver1")), "{ended}");
        let error = &results[1]["error"];
        assert_eq!(
            (&error["kind"], &error["code"], &error["line"]),
            (&json!("refused"), &json!(4), &json!(3)),
            "{ended}"
        );
        assert_eq!((&error["method"], &error["sent"]), (&json!("service.info"), &json!("yes")), "{ended}");
        ended.says("marsh: deploy.marsh:3: service.info was refused").says("1 of 3 calls failed: line 3");
    }
    let world = with(&format!("{script}source inner.marsh\n"));
    on(&world, &sandbox)
        .args(["run", "--batch", "deploy.marsh"])
        .run()
        .exits(2)
        .says("`source` does not call a provider");
}

#[test]
fn a_batch_is_checked_as_a_whole_before_it_is_sent() {
    for (line, code, words) in [
        ("service.info nam x", 2, "deploy.marsh:2: service.info has no parameter `nam`"),
        ("service.info name x | f", 2, "deploy.marsh:2: all results of a batch go to one place"),
        ("service.info name x -o xml", 2, "deploy.marsh:2: --output cannot be used in a line of a batch"),
        ("set output xml", 2, "deploy.marsh:2: `set` does not call a provider"),
        ("service.info name $_.name", 2, "no call of a batch has run when its lines are read"),
        ("service.info name 'x", 2, "deploy.marsh:2: the quote ' is not closed"),
        ("dns.zone_delete id 0123456789abcdef0123456789abcdef", 10, ", and nobody can be asked"),
    ] {
        let server = Server::answering([]);
        let world = with(&format!("internal.echo\n{line}\n"));
        batch(&world, &server)
            .env("MARSH_CONFIRM", "destroy")
            .run()
            .exits(code)
            .prints("")
            .says(words)
            .says("nothing was sent");
        assert_eq!(server.requests().len(), 0, "{line}");
    }
    let world = with("internal.echo\n");
    world.marsh().arg("--sandbox").line("source --batch --timeout 5 deploy.marsh").run().exits(2);
}

#[test]
fn what_is_confirmed_goes_out_in_one_request() {
    let line = "dns.zone_delete id 0123456789abcdef0123456789abcdef\n".repeat(2);
    let server = Server::answering([answer_of(0..2)]);
    let ended = batch(&with(&line), &server).arg("--yes").run().exits(0).says_nothing();
    assert_eq!((parsed(&ended.stdout), server.requests().len()), (json!([0, 1]), 1));
}

#[test]
fn a_batch_that_is_lost_sends_no_more_and_says_what_is_not_known() {
    let script = "service.set_nickname name a nickname b\n".repeat(250);
    let server = Server::answering([answer_of(0..100), Answer::HangUp, answer_of(200..250)]);
    let ended = batch(&with(&script), &server).run().exits(11);
    assert_eq!(server.requests().len(), 2);
    let results = parsed(&ended.stdout);
    assert_eq!((&results[99], &results[100]["error"]["kind"]), (&json!(99), &json!("unknown")));
    assert_eq!(results[100]["error"]["sent"], "unknown");
    assert_eq!((&results[200]["error"]["kind"], &results[200]["error"]["sent"]), (&json!("blocked"), &json!("no")));
    assert_eq!(results.as_array().unwrap().len(), 250);
    let ended = ended.says("marsh: deploy.marsh:101: ").says("it may have reached the provider");
    ended.says("150 of 250 calls failed: lines 101-250").says("check which of them took effect");
}

#[test]
fn a_batch_can_be_stored_like_any_result() {
    let server = Server::answering([answer_of(0..2)]);
    let world = with(&echoes(2));
    let url = format!("http://{}/v1/jsonrpc", server.address);
    let run = world.marsh().to(&url, crate::support::KEY).args(["--transport", "jsonrpc"]);
    run.line("source --batch deploy.marsh | out.json").run().exits(0).prints("").says_nothing();
    assert_eq!(parsed(&world.content("out.json")), json!([0, 1]));
}

#[test]
fn a_batch_of_changes_is_not_lost_to_a_filter() {
    let server = Server::answering([answer_of(0..2)]);
    let world = with(&"service.set_nickname name a nickname b\n".repeat(2));
    let url = format!("http://{}/v1/jsonrpc", server.address);
    let run = world.marsh().to(&url, crate::support::KEY).args(["--transport", "jsonrpc", "source", "--batch"]);
    let ended = run.args(["deploy.marsh", "-q", ".[0].key"]).run().exits(1);
    assert_eq!(parsed(&ended.stdout), json!([0, 1]), "{ended}");
    ended.says("the calls of the batch were made, and their whole result was");
}

#[test]
fn every_error_of_a_batch_is_an_object_if_its_line_asks_for_json() {
    let sandbox = sandbox();
    for (script, code, objects) in [
        ("service.info name nobody\nservice.info name myserver1\n", 11, 2),
        ("service.info nam x\nset output xml\n", 2, 2),
        ("service.info name 'x\n", 2, 1),
    ] {
        let world = with(script);
        let ended = on(&world, &sandbox).args(["source", "--batch", "deploy.marsh", "-o", "json"]).run().exits(code);
        let errors: Vec<Value> = ended.stderr.lines().map(parsed).collect();
        assert!(errors.len() == objects && errors.iter().all(|error| error["error"]["code"].is_i64()), "{ended}");
    }
}

#[test]
fn a_batch_that_reaches_no_service_was_not_sent() {
    let world = with(&echoes(2));
    let run = world.marsh().to("http://127.0.0.1:1/v1/jsonrpc", crate::support::KEY);
    let run = run.args(["--retries", "0", "--transport", "jsonrpc", "source", "--batch", "deploy.marsh", "-o", "json"]);
    let ended = run.run().exits(11);
    let last = parsed(ended.stderr.lines().last().unwrap());
    assert_eq!((&last["error"]["kind"], &last["error"]["sent"]), (&json!("several"), &json!("no")), "{ended}");
}

#[test]
fn ctrl_c_at_a_question_ends_a_script_that_keeps_going() {
    let cancel = |name: &str| format!("service.cancel name {name}\n");
    let world = with(&(cancel("myserver1") + &cancel("myserver2")));
    let mut shell = Terminal::open(world.marsh().arg("--sandbox").line("run --keep-going deploy.marsh"));
    shell.see("Type myserver1 to confirm:");
    shell.press(CTRL_C);
    assert_eq!(shell.code(), 10);
    assert!(!shell.contents().contains("myserver2 to go on"), "{}", shell.contents());
}

#[test]
fn somebody_at_the_terminal_is_asked_once_for_all_calls_of_a_batch() {
    // The list with the zones is read for the question.
    let zones = r#"{"jsonrpc":"2.0","result":[],"id":1}"#;
    let zones = || Answer::http(format!("HTTP/1.1 200 OK\nContent-Type: application/json\n\n{zones}").as_bytes());
    for (answer, requests) in [("3", 2), ("yes", 1), (CTRL_C, 1)] {
        let world = with(&"dns.zone_delete id 0123456789abcdef0123456789abcdef\n".repeat(3));
        let server = Server::answering([zones(), answer_of(0..3)]);
        let mut shell = Terminal::open(batch(&world, &server).env("MARSH_CONFIRM", "destroy"));
        shell.see("3 calls:");
        shell.see("Type 3 to confirm:");
        shell.press(answer);
        shell.press(ENTER);
        assert_eq!((shell.code(), server.requests().len()), (if requests == 2 { 0 } else { 10 }, requests));
    }
}

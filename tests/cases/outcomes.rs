//! What became of a call, as a script is told: the exit code, whether it was sent, and what to do next. That the status
//! counts before the body is held for every protocol by a table beside `engine/call/exchange.rs`; here is the way out.

use std::thread;
use std::time::{Duration, Instant};

use crate::support::KEY;
use crate::support::cmd::{Outcome, World, signalled};
use crate::support::server::{Answer, Server};

fn json(line: &str, body: &str) -> Answer {
    Answer::http(format!("HTTP/1.1 {line}\nContent-Type: application/json\n\n{body}").as_bytes())
}

/// A call of an account at a server with these answers.
fn called(provider: &str, answers: impl IntoIterator<Item = Answer>, words: &[&str]) -> (Outcome, Vec<String>) {
    let (server, world) = (Server::answering(answers), World::new());
    world.configure(&format!(
        "[profiles.a]\nprovider = \"{provider}\"\nurl = \"http://{}\"\nuser = \"me\"\nkey_env = \"A_KEY\"\n",
        server.address
    ));
    let ended = world.marsh().env("A_KEY", KEY).args(words).run();
    let requests = server.requests().iter().map(|request| request.start().to_owned()).collect();
    (ended, requests)
}

#[test]
fn the_words_of_a_gateway_are_not_a_refusal() {
    let change = ["virtual_machine.reboot", "id", "1384"];
    let nickname = ["--transport", "jsonrpc", "service.set_nickname", "name", "a", "nickname", "b"];
    for (status, body) in [
        ("500 Oops", r#"{"error":"upstream timed out"}"#),
        ("502 Bad Gateway", r#"{"errors":["upstream timed out"]}"#),
        ("503 Busy\nRetry-After: 5", r#"{"error":"upstream timed out"}"#),
        ("504 Late", r#"{"jsonrpc":"2.0","id":1,"error":{"code":3,"message":"upstream timed out"}}"#),
    ] {
        for (provider, words) in [("vpsnet", &change[..]), ("memset", &nickname)] {
            let (ended, requests) = called(provider, [json(status, body)], words);
            let ended = ended.exits(5).prints("").says("took effect before you repeat").says("upstream timed out");
            assert_eq!(requests.len(), 1, "{ended}");
        }
    }
    let busy = || json("503 Busy\nRetry-After: 5", "{}");
    let (ended, _) = called("vpsnet", [busy()], &change);
    ended.exits(5).says("check whether virtual_machine.reboot took effect").says("the service asks to wait 5 s");
    // Read again, as it would be without words.
    let failing = || json("503 Busy", r#"{"error":"upstream timed out"}"#);
    let (ended, requests) = called("vpsnet", [failing(), json("200 OK", "[]")], &["cloud.list"]);
    assert_eq!(requests.len(), 2, "{ended}");
}

#[test]
fn a_refused_key_is_reported_as_such_whatever_the_body() {
    for body in [r#"{"error":"nope","message":"sorry"}"#, r#"{"errors":["no"]}"#, "", "<html>no</html>"] {
        let (ended, _) = called("vpsnet", [json("401 Unauthorized", body)], &["cloud.list"]);
        ended.exits(3).says("hint: the key or the user name is wrong");
    }
    let (ended, _) = called(
        "memset",
        [json("401 Unauthorized", r#"{"error":"nope"}"#)],
        &["--transport", "jsonrpc", "service.list"],
    );
    ended.exits(3).says("hint: the key or the user name is wrong");
}

#[test]
fn a_refused_delete_is_not_blamed_on_the_key() {
    let forbidden = |body: &str| json("403 Forbidden", body);
    for line in ["node.delete id 51 type vps", "ip.delete id 12", "virtual_machine.delete id 1385"] {
        let words: Vec<&str> = line.split(' ').chain(["--yes"]).collect();
        let (ended, _) = called("vpsnet", [forbidden("")], &words);
        ended.exits(4).prints("");
    }
    for (line, body) in [("cloud.list", ""), ("ip.delete id 12 --yes", r#"{"error":"bad login"}"#)] {
        let words: Vec<&str> = line.split(' ').collect();
        called("vpsnet", [forbidden(body)], &words).0.exits(3);
    }
}

#[test]
fn an_error_that_may_be_about_the_object_is_not_blamed_on_the_key() {
    let refused = || json("200 OK", r#"{"success":false,"error":{"code":"authorization-failed","description":{}}}"#);
    let (ended, _) = called("artnet", [refused()], &["vps.details", "service_id", "5"]);
    ended.exits(4).says("Nothing of yours has that id");
    called("artnet", [refused()], &["customer.details"]).0.exits(3);
}

#[test]
fn what_was_never_sent_is_not_reported_as_sent() {
    let words = ["-o", "json", "--retries", "0", "server.start", "server-id", "37605271-d650-4d8e-a0b0-ad46b25d0952"];
    let unauthorised = json("401 Unauthorized", "");
    for (answer, timeout, code) in [
        (Answer::HangUp, "5", 5),
        (Answer::Silence, "0.5", 5),
        (json("200 OK", "nonsense"), "5", 5),
        (unauthorised, "5", 3),
    ] {
        let words: Vec<&str> = ["--timeout", timeout].into_iter().chain(words).collect();
        let (ended, requests) = called("caas", [answer], &words);
        let ended = ended.exits(code).prints("").says(r#""method":"server.start","sent":"no""#);
        let ended = ended.says("server.start was not sent, because account.me failed");
        assert!(!ended.stderr.contains("check whether"), "{ended}");
        assert_eq!(requests.len(), 1, "{ended}");
    }
}

#[test]
fn a_signal_is_reported_like_ctrl_c() {
    const CHANGE: &str = "service.cancel name myserver1";
    for (signal, line, as_json, expected, words) in [
        ("TERM", "service.list", false, 143, "terminated (SIGTERM)"),
        ("HUP", "service.list", false, 129, "hung up (SIGHUP)"),
        ("TERM", CHANGE, false, 7, "it may have reached the provider"),
        ("HUP", CHANGE, false, 7, "check whether service.cancel took effect"),
        ("TERM", "service.list", true, 143, r#""kind":"terminated","code":143"#),
        ("TERM", CHANGE, true, 7, r#""kind":"unknown","code":7"#),
    ] {
        for place in [&["|", "out.json"][..], &[]] {
            let (server, world) = (Server::answering([Answer::Silence]), World::new());
            let run = if as_json { world.marsh().args(["-o", "json"]) } else { world.marsh() };
            let child = run.against(&server).line(line).args(place).hearing_signals().spawn();
            server.asked();
            let ended = signalled(child, signal);
            assert_eq!(ended.0, expected, "{signal} {line} {place:?}: {}", ended.1);
            assert!(ended.1.contains(words), "{signal} {line} {place:?}: {}", ended.1);
            assert_eq!(world.names(), [""; 0], "{signal} {line} {place:?}");
        }
    }
}

#[test]
fn a_signal_that_is_ignored_at_the_start_ends_nothing() {
    let (server, world) = (Server::answering([Answer::Silence]), World::new());
    let run = world.marsh().against(&server).args(["--timeout", "2", "--retries", "0", "internal.version"]);
    let child = run.through("trap '' HUP; exec \"$@\"").spawn();
    server.asked();
    let (code, stderr) = signalled(child, "HUP");
    assert!(code == 5 && stderr.contains("no answer"), "{code}: {stderr}");
}

#[test]
fn a_list_of_methods_that_cannot_be_had_makes_no_name_unknown() {
    let page = || Answer::http(b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n<html>Welcome</html>");
    let nothing = || Answer::value("<struct></struct>");
    let numbers = || Answer::value("<array><data><value><int>1</int></value></data></array>");
    for (answer, code, words) in [
        (json("401 Unauthorized", ""), 3, "HTTP 401"),
        (json("403 Forbidden", "{}"), 3, "HTTP 403"),
        (Answer::fault(4, "no"), 3, "was refused"),
        (json("404 Not Found", ""), 4, "HTTP 404"),
        (json("503 Busy", ""), 5, "HTTP 503"),
        (Answer::HangUp, 5, "broke"),
        (page(), 5, "an HTML page"),
        (nothing(), 5, "system.listMethods returned dict, not a list of names"),
        (numbers(), 5, "system.listMethods returned list, not a list of names"),
    ] {
        for line in [&["service.shiny_new"][..], &["help", "service.shiny_new"]] {
            // A list is asked for once more when the connection breaks.
            let times = if matches!(answer, Answer::HangUp) { 2 } else { 1 };
            let (ended, requests) = called("memset", vec![answer.clone(); times], line);
            let ended = ended.exits(code).prints("").says("`service.shiny_new` is not in the catalogue").says(words);
            assert!(!ended.stderr.contains("unknown method"), "{ended}");
            assert_eq!(requests.len(), times, "{ended}");
        }
        let (ended, _) = called("memset", [answer], &["-o", "json", "service.shiny_new"]);
        ended.exits(code).says(r#""method":"service.shiny_new","sent":"no""#);
    }
    let run = World::new().marsh().args(["--retries", "0", "-k", KEY, "-u", "http://127.0.0.1:9/v1/xmlrpc"]);
    run.arg("service.shiny_new").run().exits(6).says("cannot reach");
    // A name that a good list does not have is unknown.
    let list = Answer::value("<array><data><value>service.list</value></data></array>");
    called("memset", [list], &["service.shiny_new"]).0.exits(2).says("unknown method");
}

#[test]
fn an_answer_that_is_not_a_list_does_not_discard_the_earlier_one() {
    let list = Answer::value("<array><data><value>service.shiny_new</value></data></array>");
    let five = || Answer::value("<int>5</int>");
    let server = Server::answering([list, five(), Answer::value("<struct></struct>"), five()]);
    let world = World::new();
    let run = |line: &str| world.marsh().against(&server).line(line).run();
    run("service.shiny_new").exits(0).prints("5\n");
    run("refresh").exits(5).says("not a list of names");
    run("service.shiny_new").exits(0).prints("5\n");
    assert_eq!(server.requests().len(), 4);
}

#[test]
fn ctrl_c_during_a_key_command_is_reported_like_any_other() {
    for (as_json, words) in [
        (false, "interrupted while waiting for the key from `sh -c 'echo >started; exec sleep 30'`"),
        (true, r#""kind":"interrupted","code":130"#),
    ] {
        let (server, world) = (Server::answering([]), World::new());
        world.configure(&format!(
            "[profiles.a]\nprovider = \"memset\"\nurl = \"http://{}/v1/xmlrpc\"\nkey_command = \"sh -c 'echo >started; exec sleep 30'\"\n",
            server.address
        ));
        let run = if as_json { world.marsh().args(["-o", "json"]) } else { world.marsh() };
        let child = run.args(["service.cancel", "name", "myserver1", "--yes", "|", "out.json"]).spawn();
        let started = Instant::now();
        while !world.at("started").exists() {
            assert!(started.elapsed() < Duration::from_secs(20), "the command was not started");
            thread::sleep(Duration::from_millis(5));
        }
        let (code, stderr) = signalled(child, "INT");
        assert!(code == 130 && stderr.contains(words), "{code} {stderr}");
        assert!(as_json || stderr.contains("nothing was sent"), "{stderr}");
        assert_eq!((server.requests().len(), world.names()), (0, vec!["started".to_owned()]));
    }
}

#[test]
fn no_line_runs_after_ctrl_c_even_with_keep_going() {
    let service = "<array><data><value><struct><member><name>name</name><value>a</value></member></struct></value></data></array>";
    let job = "<struct><member><name>id</name><value>0123456789abcdef0123456789abcdef</value></member>\
               <member><name>type</name><value>REBOOT</value></member><member><name>service</name><value>a</value></member>\
               <member><name>status</name><value>PENDING</value></member><member><name>finished</name>\
               <value><boolean>0</boolean></value></member><member><name>error</name><value><boolean>0</boolean></value></member></struct>";
    let member = "service.list | each service.set_nickname name {name} nickname b";
    for (line, answers, expected) in [
        ("service.list", vec![Answer::Silence], 130),
        ("service.set_nickname name a nickname b", vec![Answer::Silence], 7),
        ("@a service.set_nickname name a nickname b --yes", vec![Answer::Silence], 7),
        (member, vec![Answer::value(service), Answer::Silence], 7),
        (&format!("{member} --keep-going --jobs 2"), vec![Answer::value(service), Answer::Silence], 7),
        ("server.reboot name a --wait --yes", vec![Answer::value(job); 3], 8),
    ] {
        let (sent, mut answers) = (answers.len(), answers);
        answers.extend(vec![Answer::value(job); 20]);
        let (server, world) = (Server::answering(answers), World::new());
        world.put("key", KEY, 0o600);
        let key = world.at("key").display().to_string();
        let place = format!("url = \"http://{}/v1/xmlrpc\"\nkey_file = \"{key}\"\nretries = 0\n", server.address);
        world.configure(&format!("[profiles.a]\nprovider = \"memset\"\n{place}"));
        world.put("f", &format!("{line}\nservice.set_nickname name after nickname b\n"), 0o600);
        let child = world.marsh().line("run --keep-going f").hearing_signals().spawn();
        let started = Instant::now();
        while server.requests().len() < sent {
            assert!(started.elapsed() < Duration::from_secs(20), "{line}: {} requests", server.requests().len());
            thread::sleep(Duration::from_millis(5));
        }
        let (code, stderr) = signalled(child, "INT");
        assert_eq!(code, expected, "{line}: {stderr}");
        let after = server.requests().iter().filter(|request| request.text().contains("after")).count();
        assert_eq!(after, 0, "{line}: {stderr}");
    }
}

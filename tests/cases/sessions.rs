//! Sessions with a service, where several calls share a request, and where less than a call is asked for: they begin
//! and are renewed there too, and what was done is not done twice.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use super::canary::{KEY, is_clean, keeps_nothing};
use crate::support::cmd::{Outcome, World};
use crate::support::raw::{Peer, http, result, with_headers};

/// Longer than any answer takes.
const MOST: Duration = Duration::from_secs(30);

/// Three names.
const NAMES: &str = "let n = (json)[\"a\",\"b\",\"c\"]\n";

const METHODS: &str = r#"
[[method]]
name = "login"
effect = "read"
returns = "dict"
params = [{ name = "user", type = "string", required = true }, { name = "password", type = "string", required = true, secret = true }]
[[method]]
name = "thing.get"
effect = "read"
returns = "string"
params = [{ name = "name", type = "string", required = true }]
[[method]]
name = "thing.set"
effect = "change"
returns = "string"
params = [{ name = "name", type = "string", required = true }]
[[method]]
name = "status"
effect = "read"
returns = "string"
auth = "none"
params = [{ name = "of", type = "string" }]
"#;

/// The session that JSON-RPC sends in a header, and XML-RPC as the first value of each call.
const SESSION: &str = r#"
login = "login"
with = { user = "me", password = "{key}" }
takes = { session = "token" }
ended = [-32001]
"#;

fn world(peer: &Peer, protocol: &str, rules: &str) -> World {
    let world = World::new();
    let transport = format!("[[transport]]\nname = \"it\"\nprotocol = \"{protocol}\"\npath = \"/rpc\"\nbatch = 100\n");
    world.put(
        "own.toml",
        &format!("id = \"own\"\nhost = \"http://{}\"\n{rules}\n{transport}{METHODS}", peer.host()),
        0o600,
    );
    let catalog = world.at("own.toml").display().to_string();
    let auth = format!(
        "[profiles.own]\nprovider = \"own\"\ncatalog = \"{catalog}\"\nkey_env = \"KEY_OF_TEST\"\nretries = 0\n"
    );
    world.configure(&auth);
    world
}

fn in_header() -> String {
    format!("[auth]\nscheme = \"header\"\nname = \"X-Token\"\nvalue = \"{{session}}\"\n[auth.session]{SESSION}")
}

fn run(world: &World, script: &str) -> Outcome {
    world.marsh().env("KEY_OF_TEST", KEY).args(["-v", "-y", "run", "-"]).stdin(script).run()
}

fn body(request: &str) -> &str {
    request.split_once("\r\n\r\n").map_or("", |(_, body)| body)
}

/// The methods that a request calls, without those that it only carries.
fn called(request: &str) -> String {
    let of = |call: &Value| call["method"].as_str().unwrap_or_default().to_owned();
    match serde_json::from_str(body(request)) {
        Ok(Value::Array(calls)) => calls.iter().map(of).collect::<Vec<_>>().join("+"),
        Ok(call) => of(&call),
        Err(_) => "?".to_owned(),
    }
}

fn all(peer: &Peer) -> Vec<String> {
    peer.received().iter().map(|request| called(request)).collect()
}

/// How a service says that a session has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// With 401 for the request.
    Whole,
    /// With a fault for each call.
    Each,
    /// With a fault for each call but the first, which it makes.
    Rest,
    /// With a fault for each call under a status that may come from a gateway.
    Broken,
    /// In the same way, whatever the session is.
    Always,
}

/// A JSON-RPC service. Its first session has ended as soon as it begins.
fn service(ending: Ending) -> Peer {
    let begun = AtomicUsize::new(0);
    Peer::new(move |request, stream| {
        let parsed: Value = serde_json::from_str(body(request)).unwrap_or_default();
        let good = |call: &Value| json!({ "jsonrpc": "2.0", "id": call["id"], "result": "fine" });
        let over = |call: &Value| json!({ "jsonrpc": "2.0", "id": call["id"], "error": { "code": -32001, "message": format!("no session {KEY}") } });
        let number = begun.load(Ordering::SeqCst);
        let current = number > 1 && request.contains(&format!("\r\nx-token: CANARY-session-{number}\r\n"));
        let current = current && ending != Ending::Always;
        let answer = match &parsed {
            Value::Object(call) if call["method"] == "login" => {
                let number = begun.fetch_add(1, Ordering::SeqCst) + 1;
                json!({ "jsonrpc": "2.0", "id": call["id"], "result": { "token": format!("CANARY-session-{number}") } })
            }
            Value::Array(calls) if current => calls.iter().map(good).collect(),
            call if current => good(call),
            _ if ending == Ending::Whole => return stream.write_all(&http("401 Unauthorized", "text/plain", "over")),
            Value::Array(calls) => {
                let made = usize::from(ending == Ending::Rest);
                calls.iter().enumerate().map(|(nth, call)| if nth < made { good(call) } else { over(call) }).collect()
            }
            call => over(call),
        };
        let status = if ending == Ending::Broken && !current && parsed.is_array() { "502 Oops" } else { "200 OK" };
        stream.write_all(&http(status, "application/json", answer.to_string()))
    })
}

fn outcomes(world: &World, method: &str) -> String {
    let rows = world.calls().into_iter().filter(|row| row.call.method == method);
    rows.map(|row| row.outcome.name().to_owned()).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_session_that_ends_in_a_batch_is_renewed_and_only_what_was_not_done_is_sent_again() {
    let (get, set) = ("thing.get+thing.get+thing.get", "thing.set+thing.set+thing.set");
    for (ending, reads, changes) in [
        (Ending::Whole, get, set),
        (Ending::Each, get, set),
        (Ending::Rest, "thing.get+thing.get", "thing.set+thing.set"),
    ] {
        for (line, first, again) in [("thing.get name {}", get, reads), ("thing.set name {} --batch", set, changes)] {
            let peer = service(ending);
            let world = world(&peer, "jsonrpc", &in_header());
            let done = run(&world, &format!("{NAMES}$n | each {line} -q 'map(.outcome)' -o json\n")).exits(0);
            assert_eq!(all(&peer), ["login", first, "login", again], "{ending:?} {line}: {done}");
            is_clean(line, &done);
            let done = done.says("note: the session has ended; another one begins");
            assert_eq!(done.stdout.matches("done").count(), 3, "{done}");
            keeps_nothing(&world);
            let recorded = if line.contains("set") { "done done done" } else { "" };
            assert_eq!(outcomes(&world, "thing.set"), recorded, "{done}");
        }
    }
}

#[test]
fn a_session_is_renewed_once_and_never_on_a_doubt() {
    // The second session is refused too: the calls end so.
    let peer = service(Ending::Always);
    let world = world(&peer, "jsonrpc", &in_header());
    let done = run(&world, &format!("{NAMES}$n | each thing.set name {{}} --batch -o json\n"));
    let set = "thing.set+thing.set+thing.set";
    assert_eq!(all(&peer), ["login", set, "login", set], "{done}");
    assert_eq!(outcomes(&world, "thing.set"), "refused refused refused");
    is_clean("refused", &done);
    // What may have been sent by a gateway does not show that nothing was done.
    let peer = service(Ending::Broken);
    let world = self::world(&peer, "jsonrpc", &in_header());
    let done = run(&world, &format!("{NAMES}$n | each thing.set name {{}} --batch -o json\n"));
    assert_eq!(all(&peer), ["login", set], "{done}");
    assert_eq!(outcomes(&world, "thing.set"), "unknown unknown unknown");
}

#[test]
fn calls_side_by_side_whose_session_has_ended_log_in_once() {
    // The first call shows that the key is good. The session ends when the other two are there, and the next login is
    // answered only when both have been refused.
    let (begun, come, refused, gate) = (AtomicUsize::new(0), Mutex::new(0), Mutex::new(0), Condvar::new());
    let both = move |count: &Mutex<usize>, gate: &Condvar, wanted: usize| {
        let waited = gate.wait_timeout_while(count.lock().unwrap(), MOST, |count| *count < wanted).unwrap();
        assert!(!waited.1.timed_out(), "the calls do not come side by side");
    };
    let one_more = |count: &Mutex<usize>, gate: &Condvar| {
        *count.lock().unwrap() += 1;
        gate.notify_all();
        *count.lock().unwrap()
    };
    let refusals = Condvar::new();
    let peer = Peer::new(move |request, stream| {
        let parsed: Value = serde_json::from_str(body(request)).unwrap_or_default();
        let say = |member: &str, value: Value| {
            let answer = json!({ "jsonrpc": "2.0", "id": parsed["id"], member: value });
            http("200 OK", "application/json", answer.to_string())
        };
        if parsed["method"] == "login" {
            let number = begun.fetch_add(1, Ordering::SeqCst) + 1;
            if number > 1 {
                both(&refused, &refusals, 2);
            }
            return stream.write_all(&say("result", json!({ "token": format!("CANARY-session-{number}") })));
        }
        if request.contains("\r\nx-token: CANARY-session-2\r\n") && body(request).contains("\"c\"") {
            let odd = json!({ "code": -5, "message": "nothing for CANARY-session-2" });
            return stream.write_all(&say("error", odd));
        }
        if request.contains("\r\nx-token: CANARY-session-2\r\n") || one_more(&come, &gate) == 1 {
            return stream.write_all(&say("result", "fine".into()));
        }
        both(&come, &gate, 3);
        let over = json!({ "code": -32001, "message": "no session CANARY-session-1" });
        let answered = stream.write_all(&say("error", over));
        one_more(&refused, &refusals);
        answered
    });
    let world = world(&peer, "jsonrpc", &in_header());
    // Without batches, each call is a request.
    let script = "let n = (json)[\"a\",\"b\",\"c\"]\n$n | each thing.get name {} --jobs 2 -q 'map(.outcome)' -o json\n";
    let file = std::fs::read_to_string(world.at("own.toml")).unwrap().replace("batch = 100\n", "");
    world.put("own.toml", &file, 0o600);
    // What the service says of the session that began on a thread is hidden on the one that shows it.
    let done = run(&world, script).exits(11).says("nothing for (redacted)");
    let called = all(&peer);
    let count = |name: &str| called.iter().filter(|called| *called == name).count();
    assert_eq!((count("login"), count("thing.get")), (2, 5), "{called:?} {done}");
    is_clean("side by side", &done);
    keeps_nothing(&world);
}

#[test]
fn each_call_that_another_carries_gets_the_new_session() {
    let begun = AtomicUsize::new(0);
    let peer = Peer::new(move |request, stream| {
        let number = || begun.load(Ordering::SeqCst);
        if request.contains("<methodName>login<") {
            let token = format!("CANARY-session-{}", begun.fetch_add(1, Ordering::SeqCst) + 1);
            let member = format!("<struct><member><name>token</name><value>{token}</value></member></struct>");
            return stream.write_all(&result(&member));
        }
        let carried = request.matches("CANARY-session-").count();
        let current = number() > 1 && request.matches(&format!("CANARY-session-{}", number())).count() == carried;
        let fault = "<value><struct><member><name>faultCode</name><value><int>-32001</int></value></member>\
                     <member><name>faultString</name><value>over</value></member></struct></value>";
        let good = "<value><array><data><value>fine</value></data></array></value>";
        let all = if current { good } else { fault }.repeat(carried);
        stream.write_all(&result(&format!("<array><data>{all}</data></array>")))
    });
    let rules = format!(
        "[auth]\nscheme = \"argument\"\nvalue = \"{{session}}\"\nexcept = [\"login\"]\n[auth.session]{SESSION}"
    );
    let world = world(&peer, "xmlrpc", &format!("arguments = \"positional\"\n{rules}"));
    let done = run(&world, &format!("{NAMES}$n | each thing.get name {{}} -q 'map(.outcome)' -o json\n")).exits(0);
    let carriers = peer.received().iter().filter(|request| request.contains("multicall")).count();
    assert_eq!((peer.received().len(), carriers, done.stdout.matches("done").count()), (4, 2, 3), "{done}");
    is_clean("multicall", &done);
}

#[test]
fn a_token_for_a_batch_is_asked_for_once_and_shown_nowhere() {
    let peer = Peer::new(|request, stream| {
        let parsed: Value = serde_json::from_str(body(request)).unwrap_or_default();
        let good = |call: &Value| json!({ "jsonrpc": "2.0", "id": call["id"], "result": "CANARY-token repeated" });
        let answer: Value = parsed.as_array().map_or_else(|| good(&parsed), |calls| calls.iter().map(good).collect());
        stream.write_all(&match request.contains("\r\nx-id: CANARY-token\r\n") {
            true => http("200 OK", "application/json", answer.to_string()),
            false => with_headers("409 Conflict", "X-Id: CANARY-token\r\nContent-Length: 0\r\n", ""),
        })
    });
    let rules = "auth = { scheme = \"none\" }\nhandshake = { status = 409, header = \"X-Id\" }";
    let world = world(&peer, "jsonrpc", rules);
    let script = format!("{NAMES}$n | each thing.set name {{}} --batch -q 'map(.outcome)' -o json\n");
    let done = run(&world, &script).exits(0);
    assert_eq!(peer.received().len(), 2);
    is_clean("a token in a batch", &done);
    keeps_nothing(&world);
}

#[test]
fn a_request_that_is_shown_has_a_place_for_the_token() {
    let peer = Peer::saying(with_headers("409 Conflict", "X-Id: CANARY-token\r\nContent-Length: 0\r\n", ""));
    for (auth, key) in [("none", false), ("bearer", true)] {
        let rules = format!("auth = {{ scheme = \"{auth}\" }}\nhandshake = {{ status = 409, header = \"X-Id\" }}");
        let world = world(&peer, "jsonrpc", &rules);
        let shown = |form: &str| {
            let line = format!("thing.get name a {form}");
            world.marsh().env("KEY_OF_TEST", KEY).line(&line).run().exits(0)
        };
        let curl =
            shown("--as curl").says("$MARSH_SECRET_HANDSHAKE is the X-Id of the service's last refusal (HTTP 409)");
        assert!(curl.stdout.contains(r#"-H 'X-Id: '"$MARSH_SECRET_HANDSHAKE""#), "{curl}");
        assert_eq!(curl.stdout.contains("$MARSH_KEY"), key, "{curl}");
        assert!(shown("--as http").stdout.contains("X-Id: $MARSH_SECRET_HANDSHAKE\n"));
        let dry = shown("--dry-run");
        assert!(dry.stdout.contains("\nx-id: (the token of a refusal with HTTP 409)\n"), "{dry}");
    }
    assert!(peer.received().is_empty());
}

#[test]
fn a_call_without_a_key_needs_none_in_any_form() {
    let peer = Peer::new(|request, stream| {
        let parsed: Value = serde_json::from_str(body(request)).unwrap_or_default();
        let good = |call: &Value| json!({ "jsonrpc": "2.0", "id": call["id"], "result": "up" });
        let answer: Value = parsed.as_array().map_or_else(|| good(&parsed), |calls| calls.iter().map(good).collect());
        stream.write_all(&http("200 OK", "application/json", answer.to_string()))
    });
    let world = world(&peer, "jsonrpc", "auth = { scheme = \"bearer\" }");
    for (script, calls) in [
        ("status\n", 1),
        ("status\nstatus\n", 2),
        ("let n = (json)[\"a\",\"b\"]\n$n | each status of {} -o json\n", 1),
        ("status -q '[.]' | each status of {}\n", 2),
        ("@all status\n", 1),
        ("watch 1s status --times 2\n", 2),
    ] {
        let before = peer.received().len();
        let done = world.marsh().args(["run", "-"]).stdin(script).run();
        assert_eq!((done.code, peer.received().len() - before), (0, calls), "{script}: {done}");
    }
    for script in
        ["thing.get name a\n", "status\nthing.get name a\n", "let n = (json)[1]\n$n | each thing.get name {}\n"]
    {
        let before = peer.received().len();
        let done = world.marsh().args(["run", "-"]).stdin(script).run();
        assert_eq!((done.code, peer.received().len() - before), (3, 0), "{script}: {done}");
    }
}

#[test]
fn help_of_a_service_is_asked_for_in_a_session() {
    let begun = AtomicUsize::new(0);
    let peer = Peer::new(move |request, stream| {
        let answer = match request {
            request if request.contains("<methodName>login<") => {
                let token = format!("CANARY-session-{}", begun.fetch_add(1, Ordering::SeqCst) + 1);
                format!("<struct><member><name>token</name><value>{token}</value></member></struct>")
            }
            request if request.contains("methodHelp") && request.contains("CANARY-session-1") => {
                "Words that only the service has.".to_owned()
            }
            _ => return stream.write_all(&http("401 Unauthorized", "text/plain", "no session")),
        };
        stream.write_all(&result(&answer))
    });
    let rules = "arguments = \"positional\"\n[auth]\nscheme = \"header\"\nname = \"X-Token\"\nvalue = \"{session}\"\n[auth.session]";
    let introspection = "[introspection]\nstyle = \"system\"\n";
    let world = world(&peer, "xmlrpc", &format!("{rules}{SESSION}{introspection}"));
    let done = world.marsh().env("KEY_OF_TEST", KEY).arg("-v").line("help thing.get").run().exits(0);
    assert!(done.stdout.contains("Words that only the service has"), "{done}");
    is_clean("help", &done);
    assert_eq!(peer.received().len(), 2, "{done}");
    keeps_nothing(&world);
}

//! `marsh add NAME URL` from nothing: it finds out what a service speaks, asks for no more than it needs, tries it, and writes
//! the profile. The services are ours; `real` has those of others.

use std::fs;
use std::io::Write;

use super::dialects;
use crate::support::cmd::World;
use crate::support::keys::{ENTER, Terminal};
use crate::support::raw::{Peer, http, result, with_headers};

const CANARY: &str = "canary-of-an-added-key";

/// The profile that was written; empty if none was.
fn written(world: &World) -> String {
    fs::read_to_string(world.at("../home/.config/marsh/config.toml")).unwrap_or_default()
}

/// A service that is asked with a user and a key.
fn locked() -> Peer {
    let list = "<array><data><value>thing.list</value><value>thing.remove</value></data></array>";
    Peer::new(move |request, stream| {
        let opened = request.to_lowercase().contains("authorization: basic ");
        stream.write_all(&match (opened, request.contains("system.listMethods")) {
            (false, _) => with_headers(
                "401 Unauthorized",
                "WWW-Authenticate: Basic realm=\"things\"\r\nContent-Length: 0\r\n",
                "",
            ),
            (true, true) => result(list),
            (true, false) => result("<int>5</int>"),
        })
    })
}

/// A JSON-RPC service at one path; everything else is not there.
fn at_path(path: &'static str, answers: &'static str) -> Peer {
    Peer::new(move |request, stream| {
        let here = request.starts_with(&format!("POST {path} "));
        let method = request.split("\"method\":\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        let answer = fs::read_to_string(dialects::folder(answers).join("answers").join(method));
        stream.write_all(&match (here, answer) {
            (false, _) => http("404 Not Found", "text/html", "<html>Not here</html>"),
            (true, Ok(value)) => json(&format!("\"result\":{value}")),
            (true, Err(_)) if method.is_empty() => json("\"error\":{\"code\":-32700,\"message\":\"Parse error\"}"),
            (true, Err(_)) => json("\"error\":{\"code\":-32601,\"message\":\"Method not found\"}"),
        })
    })
}

fn json(member: &str) -> Vec<u8> {
    http("200 OK", "application/json", format!("{{\"jsonrpc\":\"2.0\",\"id\":1,{member}}}"))
}

#[test]
fn a_service_that_needs_no_key_is_added_without_a_question() {
    for (peer, path, said, profile) in [
        (
            dialects::service(&dialects::folder("python")),
            "/RPC2",
            "XML-RPC service: 6 methods",
            "provider = \"xmlrpc\"",
        ),
        (
            dialects::service(&dialects::folder("aria2-jsonrpc")),
            "/jsonrpc",
            "its values are sent in order",
            "provider = \"jsonrpc\"",
        ),
        (at_path("/", "openrpc-found"), "", "OpenRPC service: 3 methods", "provider = \"openrpc\""),
        (at_path("/api", "openrpc-found"), "/api", "JSON-RPC service: 3 methods", "provider = \"jsonrpc\""),
        (at_path("/jsonrpc", "kodi"), "", "JSON-RPC service: 4 methods", "provider = \"jsonrpc\""),
    ] {
        let world = World::new();
        let url = format!("http://{}{path}", peer.host());
        let run = world.marsh().args(["add", "it", &url]).run().exits(0).prints("");
        run.says(said).says("try: marsh -p it methods");
        let found = written(&world);
        assert!(found.contains(profile) && found.contains(&format!("url = \"{url}\"")), "{found}");
        assert!(!found.contains("key"), "{found}");
        // What it lists is kept: nobody asks for it again.
        let asked = peer.received().len();
        let listed = world.marsh().args(["-p", "it", "methods", "-q", "length"]).run().exits(0).says_nothing();
        assert_ne!(listed.stdout.trim(), "0");
        world.marsh().args(["__complete", "bash", "marsh", "-p", "it", ""]).run().exits(0);
        assert_eq!(peer.received().len(), asked);
    }
}

#[test]
fn only_what_a_service_needs_is_asked_for_and_the_key_is_shown_nowhere() {
    let peer = locked();
    let world = World::new();
    let url = format!("http://{}/RPC2", peer.host());
    let mut shell = Terminal::open(world.marsh().args(["add", "it", &url]));
    for (question, answer) in [("How is it sent", ""), ("User name:", "me"), ("Key (not shown):", CANARY)] {
        shell.see(question);
        shell.press(answer);
        shell.press(ENTER);
    }
    assert_eq!(shell.code(), 0, "{}", shell.contents());
    let raw = String::from_utf8_lossy(&shell.raw).into_owned();
    assert!(raw.contains("2 methods") && !raw.contains(CANARY), "{raw}");
    let profile = written(&world);
    for part in ["provider = \"xmlrpc\"", "user = \"me\"", "auth = \"basic\"", "key_file = "] {
        assert!(profile.contains(part), "{part}: {profile}");
    }
    assert!(!profile.contains(CANARY), "{profile}");
    // The first call is one request.
    let asked = peer.received().len();
    world.marsh().args(["-p", "it", "thing.list"]).run().prints("5\n").exits(0).says_nothing();
    assert_eq!(peer.received().len(), asked + 1);
    world.marsh().args(["-p", "it", "thing.remove", "--positional", "x"]).run().exits(10).prints("");
    assert_eq!(peer.received().len(), asked + 1);
}

#[test]
fn a_service_is_added_in_one_line_where_nobody_answers() {
    let peer = locked();
    let world = World::new();
    let url = format!("http://me@{}/RPC2", peer.host());
    world.put("key", CANARY, 0o600);
    world.marsh().args(["add", "it", &url]).run().exits(3).prints("");
    assert_eq!(written(&world), "");
    world.marsh().args(["add", "it", &url, "--key-file", "key"]).run().exits(0).says("accepts the key");
    let again = || world.marsh().args(["add", "it", &url, "--key-file", "key"]);
    again().run().exits(10).says("a profile `it` already exists");
    again().arg("--yes").run().exits(0);
    assert_eq!(written(&world).matches("[profiles.it]").count(), 1);
}

#[test]
fn what_cannot_be_used_is_not_added() {
    let page = Peer::saying(http("200 OK", "text/html", "<html>Welcome</html>"));
    let world = World::new();
    let url = format!("http://{}/", page.host());
    world.marsh().args(["add", "it", &url]).run().exits(2).says("speaks neither XML-RPC nor JSON-RPC");
    world.marsh().args(["add", "a b", &url]).run().exits(2).says("cannot be the name of a profile");
    world.marsh().args(["add", "it", "http://127.0.0.1:1/RPC2"]).run().exits(6);
    // An error in JSON is not JSON-RPC, and a refusal of JSON-RPC is.
    for (body, code) in [
        (r#"{"error":"Not Found"}"#, 2),
        (r#"{"message":"no route"}"#, 2),
        (r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no such method"}}"#, 0),
    ] {
        for status in ["200 OK", "404 Not Found"] {
            let peer = Peer::saying(http(status, "application/json", body));
            let url = format!("http://{}", peer.host());
            let other = World::new();
            let run = other.marsh().args(["add", "it", &url]).run().exits(code).prints("");
            run.says(if code == 0 { "try: marsh -p it call METHOD" } else { "speaks neither XML-RPC nor JSON-RPC" });
            assert_eq!(written(&other).is_empty(), code != 0);
        }
    }
    assert_eq!(written(&world), "");
    // Of a service with addresses nothing can be found out.
    world
        .marsh()
        .args(["--provider", "rest", "add", "it", &url])
        .run()
        .exits(0)
        .says("try: marsh -p it call GET /PATH");
    assert!(written(&world).contains("provider = \"rest\""));
}

#[test]
fn a_method_of_another_account_is_not_taken_for_one_of_an_account_that_was_never_asked() {
    let peer = dialects::service(&dialects::folder("supervisor"));
    let world = World::new();
    let profile = |name: &str| {
        format!("[profiles.{name}]\nprovider = \"xmlrpc\"\nurl = \"http://{}/{name}\"\nauth = \"none\"\n", peer.host())
    };
    world.configure(&(profile("one") + &profile("other")));
    world.marsh().args(["-p", "one", "refresh"]).run().exits(0);
    let run = world.marsh().args(["-p", "other", "supervisor.getState", "-q", ".statename"]).run();
    run.exits(0).prints("\"RUNNING\"\n");
    let last = peer.received().pop().unwrap();
    assert!(last.starts_with("POST /other "), "{last}");
}

/// A service over plain HTTP whose document is for those with a key.
fn described(document: &'static str) -> Peer {
    Peer::new(move |request, stream| {
        let opened = request.to_lowercase().contains(&format!("x-api-key: {CANARY}"));
        let at = |path: &str| request.starts_with(&format!("GET {path} "));
        stream.write_all(&match () {
            () if !at("/api/docs") && !at("/api/v1/things") => http("404 Not Found", "text/plain", "Not found"),
            () if !opened => {
                with_headers("401 Unauthorized", "WWW-Authenticate: X-API-Key realm=\"t\"\r\nContent-Length: 0\r\n", "")
            }
            () if at("/api/docs") => http("200 OK", "text/plain", document),
            () => http("200 OK", "application/json", r#"[{"id":"a"}]"#),
        })
    })
}

#[test]
fn a_service_with_a_document_becomes_a_provider_of_its_own() {
    let document = "swagger: '2.0'\ninfo: {title: Things}\nbasePath: /api/v1\n\
        securityDefinitions: {APIKeyHeader: {type: apiKey, in: header, name: X-API-Key}}\nsecurity: [{APIKeyHeader: []}]\n\
        paths: {/things: {get: {responses: {200: {schema: {type: array, items: {type: object}}}}}}}";
    let peer = described(document);
    let world = World::new();
    let url = format!("http://{}", peer.host());
    world.marsh().args(["add", "things", &url]).run().exits(3);
    assert_eq!(written(&world), "");
    let mut terminal = Terminal::open(world.marsh().args(["add", "things", &url]));
    terminal.see("the service asks for a key (x-api-key)");
    terminal.see_after(ENTER, "Key (not shown):", "the way is that of the challenge");
    terminal.see_after(&format!("{CANARY}{ENTER}"), "try: marsh -p", "the document is enough");
    assert!(terminal.contents().contains("Things: 1 method, from its document"), "{}", terminal.contents());
    assert_eq!(terminal.code(), 0);
    assert!(!terminal.contents().contains(CANARY));
    assert_eq!(world.marsh().line("things.list -q .[0].id").run().exits(0).stdout, "\"a\"\n");
    let profile = written(&world);
    assert!(profile.contains("provider = \"things\"") && !profile.contains("url"), "{profile}");
    world.marsh().line("refresh").run().exits(0).says("things: 0 added, 0 removed");
    // A document does not move the key to another host.
    let away =
        described("swagger: '2.0'\nhost: other.example\ninfo: {title: T}\npaths: {/x: {get: {responses: {200: {}}}}}");
    let url = format!("http://{}", away.host());
    world.put("key", CANARY, 0o600);
    let key = world.at("key").display().to_string();
    let run = world.marsh().args(["add", "away", &url, "--auth", "header:X-API-Key", "--key-file", &key]);
    run.run().exits(10).says("sends calls to https://other.example; nothing was written");
}

/// A service that wants two more secrets beside the key, and lists its methods to who has all three.
fn thrice_locked() -> Peer {
    Peer::new(|request, stream| {
        let has = |part: &str| request.contains(part);
        let opened = has(&format!("\r\nx-key: {CANARY}-1\r\n"))
            && has(&format!("\r\nx-app: {CANARY}-2\r\n"))
            && has(&format!("?otp={CANARY}-3 "));
        let list = "<array><data><value>thing.list</value></data></array>";
        stream.write_all(&match (opened, has("system.listMethods")) {
            (false, _) => http("401 Unauthorized", "text/plain", format!("no {CANARY}-1 {CANARY}-2 {CANARY}-3")),
            (true, true) => result(list),
            (true, false) => result("<int>5</int>"),
        })
    })
}

const SEVERAL: &str = r#"
id = "own"
title = "Own"
host = ""
arguments = "positional"
introspection = { style = "system" }
[auth]
scheme = "header"
name = "X-Key"
secrets = { app = "Application key", otp = "One-time password" }
also = [{ scheme = "header", name = "X-App", value = "{app}" }, { scheme = "query", name = "otp", value = "{otp}" }]
[[transport]]
name = "xmlrpc"
protocol = "xmlrpc"
path = "/"
"#;

#[test]
fn every_secret_that_a_service_of_a_catalogue_wants_is_asked_for() {
    let peer = thrice_locked();
    let world = World::new();
    world.put("own.toml", SEVERAL, 0o600);
    let url = format!("http://{}/rpc", peer.host());
    let words = ["add", "it", &url, "--catalog", "own.toml"];
    let mut shell = Terminal::open(world.marsh().args(words));
    let all = [("Key", 1), ("Application key", 2), ("One-time password", 3)];
    for (title, number) in all {
        shell.see(&format!("{title} (not shown):"));
        shell.press(&format!("{CANARY}-{number}{ENTER}"));
    }
    assert_eq!(shell.code(), 0, "{}", shell.contents());
    let raw = String::from_utf8_lossy(&shell.raw).into_owned();
    assert!(raw.contains("accepts the key") && !raw.contains(CANARY), "{raw}");
    let profile = written(&world);
    for part in ["provider = \"own\"", "catalog = ", "key_file = ", "secrets.app", "secrets.otp"] {
        assert!(profile.contains(part), "{part}: {profile}");
    }
    assert!(!profile.contains(CANARY), "{profile}");
    world.marsh().args(["-p", "it", "thing.list"]).run().prints("5\n").exits(0);
}

#[test]
fn several_secrets_are_given_in_one_line_where_nobody_answers() {
    let peer = thrice_locked();
    let world = World::new();
    world.put("own.toml", SEVERAL, 0o600);
    for number in 1..=3 {
        world.put(&format!("key{number}"), &format!("{CANARY}-{number}"), 0o600);
    }
    let url = format!("http://{}/rpc", peer.host());
    let add = |given: &[&str]| {
        let secrets = given.iter().flat_map(|given| ["--secret", given]);
        world.marsh().args(secrets).args(["add", "it", &url, "--catalog", "own.toml", "--key-file", "key1"]).run()
    };
    add(&[]).exits(2).says("--secret NAME=@FILE");
    add(&["app=@key2"]).exits(2).says("--secret NAME=@FILE");
    assert_eq!((written(&world).as_str(), peer.received().len()), ("", 0));
    let done = add(&["app=@key2", "otp=@key3"]).exits(0).says("accepts the key");
    assert!(!done.to_string().contains(CANARY), "{done}");
    world.marsh().args(["-p", "it", "thing.list"]).run().prints("5\n").exits(0);
}

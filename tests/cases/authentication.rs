//! Where a service wants its keys, apart from HTTP Basic: they arrive there, and show up nowhere else.

use std::io::Write;

use super::canary::{NEVER, is_clean, keeps_nothing};
use crate::support::cmd::{Run, World};
use crate::support::raw::{Peer, http, with_headers};

/// A key with characters that an address must escape.
const KEY: &str = "CANARY+key/0123456789&abc=def";
/// The same in an address.
const ESCAPED: &str = "CANARY%2Bkey%2F0123456789%26abc%3Ddef";

const METHODS: &str = r#"
[[transport]]
name = "rest"
protocol = "rest"
path = "/v1"
[[method]]
name = "thing.get"
effect = "read"
returns = "dict"
route = { verb = "GET", path = "/things/{id}" }
answers = { as = "json" }
params = [{ name = "id", type = "string", required = true }, { name = "deep", type = "boolean", place = "query" }]
[[method]]
name = "thing.set"
effect = "change"
returns = "dict"
route = { verb = "PUT", path = "/things/{id}" }
sends = { as = "json" }
answers = { as = "json" }
params = [{ name = "id", type = "string", required = true }, { name = "name", type = "string" }]
[[method]]
name = "thing.file"
effect = "read"
returns = "bytes"
route = { verb = "GET", path = "/things/{id}/file" }
answers = { as = "pdf" }
params = [{ name = "id", type = "string", required = true }]
"#;

/// A world with an account of a service whose catalogue has these rules.
pub(super) fn world(rules: &str, url: &str) -> World {
    let world = World::new();
    world.put("own.toml", &format!("id = \"own\"\nhost = \"https://api.example.com\"\n{rules}\n{METHODS}"), 0o600);
    let catalog = world.at("own.toml").display().to_string();
    world.configure(&format!(
        "[profiles.own]\nprovider = \"own\"\ncatalog = \"{catalog}\"\nkey_env = \"KEY_OF_TEST\"\nurl = \"{url}/v1\"\n"
    ));
    world
}

fn marsh(world: &World) -> Run {
    world.marsh().env("KEY_OF_TEST", KEY)
}

fn json(text: &str) -> Vec<u8> {
    http("200 OK", "application/json", text)
}

/// The places of a key: the rule, the account's choice for a service that has no catalogue, and what arrives.
fn places() -> Vec<(&'static str, &'static str, String)> {
    vec![
        (r#"scheme = "header", name = "X-API-Key""#, "header:X-API-Key", format!("\r\nx-api-key: {KEY}\r\n")),
        (
            r#"scheme = "header", name = "Authorization", value = "Token {key}""#,
            "header:Authorization:Token",
            format!("\r\nauthorization: Token {KEY}\r\n"),
        ),
        (r#"scheme = "bearer""#, "bearer", format!("\r\nauthorization: Bearer {KEY}\r\n")),
        (r#"scheme = "query", name = "api_key""#, "query:api_key", format!("?api_key={ESCAPED} HTTP/1.1\r\n")),
    ]
}

/// Whatever the answer is: it repeats the key, in an address too.
fn answers() -> Vec<Vec<u8>> {
    let address = format!("http://127.0.0.1:9/x?api_key={ESCAPED}");
    let echo = format!("no {KEY} at {address}");
    vec![
        json("{}"),
        http("403 Forbidden", "application/json", serde_json::json!({ "error": echo }).to_string()),
        http("500 Oops", "text/plain", &echo),
        with_headers("307 Elsewhere", &format!("Location: {address}\r\nContent-Length: 0\r\n"), ""),
        http("200 OK", "application/json", &echo),
    ]
}

#[test]
fn a_key_arrives_in_its_place_and_nowhere_else() {
    for (rule, _, place) in places() {
        for answer in answers() {
            let peer = Peer::saying(answer);
            let world = world(&format!("auth = {{ {rule} }}"), &peer.url());
            for line in ["thing.get id 5", "thing.set id 5 name x", "thing.file id 5"] {
                let ended = marsh(&world).args(["-v", "--retries", "0", "-y"]).line(line).arg("--again").run();
                assert!([0, 3, 4, 5, 6, 7].contains(&ended.code), "{line}: {ended}");
                is_clean(line, &ended);
                let got = peer.received().pop().unwrap();
                assert_eq!(got.matches(&place).count(), 1, "{got}");
                assert_eq!(got.matches("CANARY").count(), 1, "{got}");
            }
            keeps_nothing(&world);
        }
    }
}

#[test]
fn a_request_that_is_only_shown_has_no_key() {
    for (rule, _, _) in places() {
        let world = world(&format!("auth = {{ {rule} }}"), "http://127.0.0.1:9");
        for (form, key) in [("--dry-run", "(redacted)"), ("--as curl", "$MARSH_KEY"), ("--as http", "$MARSH_KEY")] {
            let ended = marsh(&world).line(&format!("thing.get id 5 deep true {form}")).run().exits(0);
            is_clean(form, &ended);
            assert!(ended.stdout.contains(key) && ended.stdout.contains("deep=true"), "{rule} {form}: {ended}");
        }
    }
}

#[test]
fn a_shown_request_sends_the_key_as_a_shell_fills_it_in() {
    let world = world(r#"auth = { scheme = "query", name = "api_key" }"#, "http://127.0.0.1:9");
    let shown = marsh(&world).line("thing.get id 5 --as curl").run().exits(0);
    assert!(shown.stdout.contains(r#"'http://127.0.0.1:9/v1/things/5?api_key='"$MARSH_KEY""#), "{shown}");
    shown.says("$MARSH_KEY is the key, as a form writes it");
    marsh(&world)
        .line("thing.get id 5 --dry-run")
        .run()
        .exits(0)
        .prints("GET http://127.0.0.1:9/v1/things/5?api_key=(redacted)\naccept: application/json\n\n\n");
}

#[test]
fn an_account_of_any_service_names_the_place() {
    for (_, way, place) in places() {
        let peer = Peer::saying(json("{}"));
        let world = World::new();
        let run = || world.marsh().args(["-u", &peer.url(), "--provider", "rest", "--auth", way, "-k", KEY]);
        run().args(["--no-check", "call", "GET", "/things"]).run().exits(0);
        let got = peer.received().pop().unwrap();
        assert_eq!((got.matches(&place).count(), got.matches("CANARY").count()), (1, 1), "{got}");
    }
    for (way, words) in [
        ("header", "it has argument"),
        ("header:", "header:NAME"),
        ("header:Host", "header:NAME"),
        ("bearer:x", "header:NAME"),
    ] {
        let words = if words == "it has argument" { "header:NAME, key, none, query:NAME" } else { words };
        let run =
            World::new().marsh().args(["-u", "http://127.0.0.1:9", "--provider", "rest", "--auth", way, "-k", "k"]);
        run.args(["call", "GET", "/"]).run().exits(2).says("no way").says(words);
    }
}

#[test]
fn a_document_that_moved_is_fetched_without_the_key_of_another_host() {
    let there = Peer::saying(http("200 OK", "application/pdf", "%PDF-1.4"));
    for (rule, _, _) in places() {
        let (host, before) = (there.host(), there.received().len());
        let place = format!("http://{host}/file?api_key={ESCAPED}&x=1");
        let here = Peer::new(move |_, stream| {
            stream.write_all(&with_headers("302 Found", &format!("Location: {place}\r\nContent-Length: 0\r\n"), ""))
        });
        let world = world(&format!("auth = {{ {rule} }}"), &here.url());
        let ended = marsh(&world).args(["-v"]).line("thing.file id 5 | out.pdf").run().exits(0);
        is_clean(rule, &ended);
        let got = there.received().split_off(before).pop().unwrap();
        // An address that the service names is its own affair, but for the key that it repeats.
        let repeated = rule.contains("query") && NEVER.iter().any(|never| got.contains(never));
        assert!(
            !repeated && got.contains("x=1") && !got.contains("x-api-key") && !got.contains("authorization"),
            "{got}"
        );
    }
}

//! Where a service wants its keys, apart from HTTP Basic: they arrive there, and show up nowhere else.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

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

/// A service that wants a session: `login` returns one, and each call must have the newest.
fn sessions(place: fn(&str) -> String, refusal: fn() -> Vec<u8>) -> Peer {
    let begun = AtomicUsize::new(0);
    Peer::new(move |request, stream| {
        let number = || begun.load(Ordering::SeqCst);
        let answer = match () {
            () if request.starts_with("POST /v1/xmlrpc/v1/login ") => {
                assert!(request.contains(r#""password":"CANARY"#) && request.contains(r#""user":"me""#), "{request}");
                json(&format!(
                    r#"{{"data":{{"token":"CANARY-session-{}"}}}}"#,
                    begun.fetch_add(1, Ordering::SeqCst) + 1
                ))
            }
            () if request.contains("/logout ") => json("{}"),
            () if request.contains(&place(&format!("CANARY-session-{}", number()))) && number() != 1 => json("{}"),
            () => refusal(),
        };
        stream.write_all(&answer)
    })
}

const LOGIN: &str = r#"
[[method]]
name = "login"
effect = "read"
returns = "dict"
route = { verb = "POST", path = "/login" }
sends = { as = "json" }
answers = { as = "json" }
params = [
  { name = "user", type = "string", required = true },
  { name = "password", type = "string", required = true, secret = true },
]
[[method]]
name = "logout"
effect = "read"
returns = "dict"
route = { verb = "GET", path = "/logout" }
answers = { as = "json" }
"#;

#[test]
fn a_session_begins_with_a_login_and_is_renewed_once_when_it_has_ended() {
    let rules = r#"
[auth]
scheme = "header"
name = "X-Token"
value = "{session}"
[auth.session]
login = "login"
with = { user = "me", password = "{key}" }
takes = { session = "data.token" }
logout = "logout"
ended = [419]
[fault]
style = "errors-json"
message = ["error"]
"#;
    // The first session is refused: it has ended already.
    for refusal in [
        (|| http("401 Unauthorized", "application/json", r#"{"error":"no session"}"#)) as fn() -> Vec<u8>,
        || http("419 Ended", "application/json", r#"{"error":"no session"}"#),
        || http("401 Unauthorized", "text/plain", "no session"),
    ] {
        let peer = sessions(|session| format!("\r\nx-token: {session}\r\n"), refusal);
        let world = world(&format!("{rules}{LOGIN}"), &peer.url());
        let script = "thing.set id 5 name x\nthing.get id 5\nthing.get id 6\n";
        let ended = marsh(&world).args(["-v", "-y", "run", "-"]).stdin(script).run().exits(0);
        is_clean(script, &ended);
        let got: Vec<String> = peer.received().iter().map(|it| it.lines().next().unwrap().to_owned()).collect();
        let lines = [
            "POST /login",
            "PUT /things/5",
            "POST /login",
            "PUT /things/5",
            "GET /things/5",
            "GET /things/6",
            "GET /logout",
        ];
        let lines: Vec<String> =
            lines.iter().map(|it| format!("{} HTTP/1.1", it.replace(" /", " /v1/xmlrpc/v1/"))).collect();
        assert_eq!(got, lines, "{ended}");
        keeps_nothing(&world);
        let calls: Vec<String> = world.calls().iter().map(|call| call.call.method.clone()).collect();
        assert!(calls.contains(&"login".to_owned()), "{calls:?}");
    }
}

#[test]
fn a_login_that_is_refused_sends_nothing_else() {
    let rules = r#"
[auth]
scheme = "bearer"
value = "{session}"
session = { login = "login", with = { user = "me", password = "{key}" }, takes = { session = "." } }
"#;
    for (answer, code, words) in [
        (
            http("401 Unauthorized", "text/plain", "CANARY+key/0123456789"),
            3,
            "thing.set was not sent, because login failed",
        ),
        (json("{}"), 5, "login returned no session"),
    ] {
        let peer = Peer::saying(answer);
        let world = world(&format!("{rules}{LOGIN}"), &peer.url());
        let ended = marsh(&world).arg("-y").line("thing.set id 5 name x").run().exits(code).says(words);
        is_clean(words, &ended);
        assert_eq!(peer.received().len(), 1);
        keeps_nothing(&world);
    }
}

#[test]
fn a_refusal_that_hands_out_a_token_is_answered_once_with_it() {
    let refuse =
        |token: &str| with_headers("409 Conflict", &format!("X-Session-Id: {token}\r\nContent-Length: 0\r\n"), "");
    for (rules, key) in [
        ("auth = { scheme = \"none\" }\nhandshake = { status = 409, header = \"X-Session-Id\" }", ""),
        ("auth = { scheme = \"bearer\" }\nhandshake = { status = 409, header = \"X-Session-Id\" }", "CANARY+key"),
    ] {
        let peer = Peer::new(move |request, stream| {
            let known = request.contains("\r\nx-session-id: CANARY-token\r\n") && request.contains(key);
            stream.write_all(&if known { json("{}") } else { refuse("CANARY-token") })
        });
        let world = world(rules, &peer.url());
        let ended = marsh(&world).args(["-v", "-y", "run", "-"]).stdin("thing.set id 5 name x\nthing.get id 5\n").run();
        is_clean(rules, &ended.exits(0));
        let starts: Vec<String> = peer.received().iter().map(|it| it[..3].to_owned()).collect();
        assert_eq!(starts, ["PUT", "PUT", "GET"]);
        keeps_nothing(&world);
    }
    // A service that is not content with its own token is not asked for ever.
    let peer = Peer::saying(refuse("CANARY-token"));
    let world =
        world("auth = { scheme = \"none\" }\nhandshake = { status = 409, header = \"X-Session-Id\" }", &peer.url());
    is_clean("refused", &marsh(&world).arg("-y").line("thing.set id 5 name x").run().exits(4));
    assert_eq!(peer.received().len(), 2);
}

const SEVERAL: &str = r#"
[auth]
scheme = "header"
name = "X-Key"
secrets = { app = "Application key", otp = "One-time password" }
also = [{ scheme = "header", name = "X-App", value = "App {app}" }, { scheme = "query", name = "otp", value = "{otp}" }]
"#;

#[test]
fn several_secrets_are_sent_together_or_nothing_is() {
    let peer = Peer::saying(http("403 Forbidden", "text/plain", "no CANARY-app CANARY-otp"));
    let world = world(SEVERAL, &peer.url());
    let run = || marsh(&world).env("MARSH_OWN_SECRET_APP", "CANARY-app-secret");
    run().line("thing.get id 5").run().exits(3).says("no otp for `own`").says("secrets.otp.key_command");
    run()
        .args(["--secret", "totp=x"])
        .line("thing.get id 5")
        .run()
        .exits(2)
        .says("has no secret `totp`")
        .says("app, otp");
    assert_eq!(peer.received().len(), 0);
    let ended = run().args(["-v", "--secret", "otp=CANARY-otp-secret"]).line("thing.get id 5").run().exits(3);
    is_clean("refused", &ended);
    let got = peer.received().pop().unwrap();
    for place in [
        format!("\r\nx-key: {KEY}\r\n"),
        "\r\nx-app: App CANARY-app-secret\r\n".to_owned(),
        "?otp=CANARY-otp-secret ".to_owned(),
    ] {
        assert!(got.contains(&place), "{got}");
    }
    for form in ["--dry-run", "--as curl", "--as http"] {
        let shown = run().env("MARSH_SECRET_OTP", "CANARY-otp").line(&format!("thing.get id 5 {form}")).run().exits(0);
        is_clean(form, &shown);
        assert!(shown.stdout.to_lowercase().contains("x-app: app"), "{shown}");
    }
    keeps_nothing(&world);
}

#[test]
fn login_asks_for_every_secret_and_names_their_places() {
    let peer = Peer::saying(json("{}"));
    let world = world(SEVERAL, &peer.url());
    let login = || {
        let run = world.marsh().args(["-k", KEY]).env("X", "1");
        run.args(["--secret", "app=CANARY-app-secret"])
    };
    let more = ["login", "--catalog", "own.toml", "--name", "two", "--no-test"];
    let url = format!("{}/v1", peer.url());
    login().args(more).args(["--url", &url]).run().exits(2).says("--secret NAME=@FILE");
    let ended = login().args(["--secret", "otp=CANARY-otp-secret"]).args(more).args(["--url", &url]).run().exits(0);
    is_clean("login", &ended);
    world.marsh().args(["-p", "two"]).line("thing.get id 5").run().exits(0);
    let got = peer.received().pop().unwrap();
    assert!(got.contains("x-app: App CANARY-app-secret") && got.contains("otp=CANARY-otp-secret"), "{got}");
}

#[test]
fn a_method_may_be_called_without_a_key() {
    let peer = Peer::saying(json("{}"));
    let free = r#"
auth = { scheme = "header", name = "X-Key" }
auths = { other = { scheme = "query", name = "k" } }
[[method]]
name = "status"
effect = "read"
returns = "dict"
auth = "none"
route = { verb = "GET", path = "/status" }
answers = { as = "json" }
[[method]]
name = "other"
effect = "read"
returns = "dict"
auth = "other"
route = { verb = "GET", path = "/other" }
answers = { as = "json" }
"#;
    let world = world(free, &peer.url());
    world.marsh().line("thing.get id 5").run().exits(3);
    world.marsh().line("status").run().exits(0);
    marsh(&world).line("status").run().exits(0);
    marsh(&world).line("other").run().exits(0);
    let got = peer.received();
    assert!(got.iter().take(2).all(|request| !request.contains("CANARY")), "{got:?}");
    assert!(got[2].contains(&format!("/other?k={ESCAPED} ")) && !got[2].contains("x-key"), "{got:?}");
}

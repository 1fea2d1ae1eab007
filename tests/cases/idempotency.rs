//! Idempotency keys: a change that was lost is sent again with the same key, by the program and by its user, while the
//! provider remembers it; and what became of it is never claimed without an answer.

use history::{Call, Found, Outcome};

use crate::support::KEY;
use crate::support::cmd::{Run, World};
use crate::support::keys::Terminal;
use crate::support::server::{Answer, Request, Server};

const HEADER: &str = r#"{ header = "Idempotency-Key", window = "24h" }"#;
const PARAM: &str = r#"{ param = "token", window = "24h" }"#;
/// A window that has ended before anything can be sent again.
const SHORT: &str = r#"{ header = "Idempotency-Key", window = "1ms" }"#;

const CHANGE: &str = "thing.new name x";

fn catalog(idempotency: &str) -> String {
    format!(
        r#"
id = "own"
title = "Our own"
document = "wiki"
host = "https://api.example.com"
idempotency = {idempotency}
[auth]
scheme = "basic"
user = "{{key}}"
[[transport]]
name = "jsonrpc"
protocol = "jsonrpc"
path = "/rpc"
batch = 10
[[method]]
name = "thing.list"
doc = 1
summary = "List things"
effect = "read"
example = "thing.list"
[[method]]
name = "thing.new"
doc = 2
summary = "Make a thing"
effect = "change"
example = "thing.new name x"
params = [
  {{ name = "name", type = "string", required = true, summary = "Name" }},
  {{ name = "password", type = "string", secret = true, summary = "Password" }},
  {{ name = "token", type = "string", summary = "Key by which a repetition is recognised" }},
]
"#
    )
}

fn yes() -> Answer {
    reply(r#""result":"made""#)
}

fn no() -> Answer {
    reply(r#""error":{"code":9,"message":"the name is taken"}"#)
}

fn reply(what: &str) -> Answer {
    let body = format!(r#"{{"jsonrpc":"2.0","id":1,{what}}}"#);
    Answer::http(format!("HTTP/1.1 200 OK\nContent-Type: application/json\n\n{body}").as_bytes())
}

fn world(server: &Server, idempotency: &str) -> World {
    let world = World::new();
    world.put("own.toml", &catalog(idempotency), 0o600);
    world.configure(&format!(
        "[profiles.own]\nprovider = \"own\"\ncatalog = \"{}\"\nkey_env = \"OWN\"\nurl = \"{}\"\n",
        world.at("own.toml").display(),
        server.url("/rpc").replace("%s:@", "")
    ));
    world
}

fn marsh(world: &World, retries: u8) -> Run {
    world.marsh().env("OWN", KEY).args(["--retries", &retries.to_string()])
}

/// The key that a request has, wherever it is.
fn key(request: &Request) -> Option<String> {
    let header = request.header("idempotency-key").map(str::to_owned);
    let body: serde_json::Value = serde_json::from_str(&request.text()).unwrap();
    header.or_else(|| body["params"]["token"].as_str().map(str::to_owned))
}

fn keys(server: &Server) -> Vec<Option<String>> {
    server.requests().iter().map(key).collect()
}

/// A text without its line breaks.
fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn only(world: &World) -> Call {
    let [call] = world.calls().try_into().unwrap_or_else(|calls| panic!("{calls:?}"));
    call
}

#[test]
fn a_lost_change_is_sent_again_with_the_same_key() {
    for rule in [HEADER, PARAM] {
        for more in ["", " -o raw", " | out.json", " -q ."] {
            let server = Server::answering([Answer::HangUp, yes()]);
            let world = world(&server, rule);
            let ended = marsh(&world, 3).line(&format!("{CHANGE}{more}")).run().exits(0);
            let ended = ended.says("trying again with the same key in 0.5 s");
            let keys = keys(&server);
            let [Some(first), Some(second)] = keys.as_slice() else { panic!("{rule}{more}: {keys:?} {ended}") };
            assert!(first == second && first.len() == 36, "{rule}{more}: {keys:?}");
            let call = only(&world);
            let recorded = call.call.key.unwrap();
            assert_eq!((call.outcome, call.attempts, &recorded.text), (Outcome::Done, 2, first), "{rule}{more}");
            let window = recorded.until.unwrap() - call.call.begun;
            assert!((86_000_000..=86_400_000).contains(&window), "{rule}{more}: {window}");
            assert!(!call.call.text.contains("token"), "{}", call.call.text);
        }
    }
}

#[test]
fn a_change_that_was_not_answered_in_time_is_sent_again_once() {
    for (answers, code, outcome) in [
        (vec![Answer::Silence, yes()], 0, Outcome::Done),
        (vec![Answer::Silence, Answer::Silence, yes()], 7, Outcome::Unknown),
    ] {
        let server = Server::answering(answers);
        let world = world(&server, HEADER);
        marsh(&world, 3).args(["--timeout", "1"]).line(CHANGE).run().exits(code);
        let (call, keys) = (only(&world), keys(&server));
        assert_eq!((call.outcome, call.attempts, keys.len()), (outcome, 2, 2));
        assert_eq!(keys[0], keys[1]);
    }
}

#[test]
fn each_change_has_a_key_of_its_own_and_a_read_has_none() {
    let server = Server::answering([yes(), yes(), yes(), yes()]);
    let world = world(&server, HEADER);
    let batch = format!("{CHANGE}\n{CHANGE}\nthing.list\nthing.list\n");
    world.put("script", &batch, 0o600);
    let list = r#"[{"jsonrpc":"2.0","id":1,"result":1},{"jsonrpc":"2.0","id":2,"result":2}]"#;
    let reads = Answer::http(format!("HTTP/1.1 200 OK\nContent-Type: application/json\n\n{list}").as_bytes());
    marsh(&world, 0).stdin(format!("{CHANGE}\n{CHANGE}\nthing.list\n")).run().exits(0);
    let keys = |server: &Server| {
        let all = server.requests();
        all.iter().map(|request| request.header("idempotency-key").map(str::to_owned)).collect::<Vec<_>>()
    };
    let [Some(one), Some(other), None] = &keys(&server)[..] else { panic!("{:?}", keys(&server)) };
    assert_ne!(one, other);
    // A batch is one request for the reads alone.
    let server = Server::answering([yes(), yes(), reads]);
    let world = self::world(&server, HEADER);
    world.put("script", &batch, 0o600);
    marsh(&world, 0).line("source script --batch --yes").run().exits(0);
    let [Some(one), Some(other), None] = &keys(&server)[..] else { panic!("{:?}", keys(&server)) };
    assert_ne!(one, other);
}

#[test]
fn without_a_key_that_is_remembered_nothing_is_sent_again() {
    let server = Server::answering([Answer::HangUp, Answer::HangUp, yes()]);
    let world = world(&server, SHORT);
    marsh(&world, 3).line(CHANGE).run().exits(7);
    assert_eq!(server.requests().len(), 1);
    let unasked = marsh(&world, 3).line(CHANGE).run().exits(10);
    assert!(joined(&unasked.stderr).contains("--again sends it in any case"), "{unasked}");
    marsh(&world, 3).line(&format!("{CHANGE} --again")).run().exits(7);
    let keys = keys(&server);
    assert!(keys.len() == 2 && keys[0] != keys[1] && keys.iter().all(Option::is_some), "{keys:?}");
}

#[test]
fn the_same_line_entered_again_has_the_same_key_and_settles_the_first() {
    for rule in [HEADER, PARAM] {
        let server = Server::answering([Answer::HangUp, Answer::HangUp, no(), yes(), yes()]);
        let world = world(&server, rule);
        marsh(&world, 0).line(CHANGE).run().exits(7).says("call 1 in the journal");
        let unasked = marsh(&world, 0).line(&format!("{CHANGE} --yes")).run().exits(10);
        let words = "--again sends it with the key of call 1, so that the provider does not carry it out twice";
        assert!(joined(&unasked.stderr).contains(words), "{unasked}");
        assert_eq!(server.requests().len(), 1);
        let again = format!("{CHANGE} --again");
        marsh(&world, 0).line(&again).run().exits(7);
        marsh(&world, 0).line(&again).run().exits(4).says("the name is taken");
        let outcomes = |world: &World| world.calls().iter().map(|call| call.outcome).collect::<Vec<_>>();
        assert_eq!(outcomes(&world), [Outcome::Unknown, Outcome::Unknown, Outcome::Refused], "{rule}");
        marsh(&world, 0).line(&again).run().exits(0);
        assert_eq!(outcomes(&world), [Outcome::Done, Outcome::Done, Outcome::Refused, Outcome::Done], "{rule}");
        let found = world.calls()[0].reconciled.clone().unwrap();
        assert_eq!((found.found, &*found.by), (Found::Happened, "call 4 with the same key"));
        // The next one is another change.
        marsh(&world, 0).line(CHANGE).run().exits(0);
        let keys = keys(&server);
        assert!(keys[..4].iter().all(|key| key.is_some() && *key == keys[0]), "{keys:?}");
        assert!(keys[4].is_some() && keys[4] != keys[0], "{keys:?}");
    }
}

#[test]
fn at_the_prompt_the_question_names_the_key() {
    let server = Server::answering([Answer::HangUp, yes()]);
    let world = world(&server, HEADER);
    let mut shell = Terminal::prompt(marsh(&world, 0));
    shell.run(CHANGE);
    shell.press(CHANGE);
    shell.press("\r");
    shell.see("Continue?");
    let asked = joined(&shell.contents());
    let warning = "It is sent with the key of call 1, so that the provider does not carry it out twice.";
    assert!(asked.contains(warning), "{asked}");
    shell.run("y");
    let keys = keys(&server);
    assert!(keys.len() == 2 && keys[0] == keys[1], "{keys:?}");
}

#[test]
fn a_later_attempt_does_not_show_what_became_of_the_first() {
    let busy = || Answer::http(b"HTTP/1.1 503 Busy\nContent-Type: text/plain\n\nlater");
    for (second, said) in [(no(), "the name is taken"), (busy(), "503")] {
        let server = Server::answering([Answer::HangUp, second]);
        let world = world(&server, HEADER);
        let ended = marsh(&world, 3).line(CHANGE).run().exits(7).prints("");
        ended.says("the next attempt, with the same key, failed").says(said).says("it may have reached the provider");
        let call = only(&world);
        assert_eq!((call.outcome, call.attempts, server.requests().len()), (Outcome::Unknown, 2, 2));
    }
    let server = Server::answering([Answer::HangUp, Answer::HangUp, Answer::HangUp, yes()]);
    let world = world(&server, HEADER);
    marsh(&world, 2).line(CHANGE).run().exits(7);
    assert_eq!((only(&world).outcome, only(&world).attempts), (Outcome::Unknown, 3));
}

#[test]
fn a_key_of_the_user_is_used_and_a_secret_is_never_kept_with_it() {
    let server = Server::answering([Answer::HangUp, yes(), yes(), Answer::HangUp, Answer::HangUp]);
    let world = world(&server, PARAM);
    marsh(&world, 3).line(&format!("{CHANGE} token mine")).run().exits(0);
    assert_eq!(keys(&server), [Some("mine".to_owned()), Some("mine".to_owned())]);
    assert_eq!(only(&world).call.key.map(|key| key.text).as_deref(), Some("mine"));
    // The account's key as a value of the line.
    marsh(&world, 0).line(&format!("{CHANGE} token {KEY}")).run();
    // With a secret the next call may ask for something else.
    for password in ["CANARY-1", "CANARY-2"] {
        marsh(&world, 0).line(&format!("{CHANGE} password {password} --again")).run().exits(7);
    }
    let last: Vec<Option<String>> = keys(&server).into_iter().rev().take(2).collect();
    assert!(last[0] != last[1] && last.iter().all(Option::is_some), "{last:?}");
    for secret in [KEY, "CANARY"] {
        assert!(!world.remembered().contains(secret), "{secret}");
    }
}

#[test]
fn help_says_how_a_repetition_is_recognised() {
    let server = Server::answering([]);
    for (rule, words) in [
        (HEADER, "For 1 d, the provider recognises a repeated call by the header Idempotency-Key"),
        (PARAM, "For 1 d, the provider recognises a repeated call by token, which is filled in if you leave it out."),
    ] {
        let world = world(&server, rule);
        let help = marsh(&world, 0).line("help thing.new").run().exits(0);
        assert!(joined(&help.stdout).contains(words), "{help}");
        let help = marsh(&world, 0).line("help thing.list").run().exits(0);
        assert!(!help.stdout.contains("repeated call"), "{help}");
    }
}

#[test]
fn a_dry_run_shows_where_the_key_goes() {
    let server = Server::answering([]);
    let world = world(&server, HEADER);
    let shown = marsh(&world, 0).line(&format!("{CHANGE} --dry-run")).run().exits(0);
    assert!(shown.stdout.contains("\nIdempotency-Key: (made when the call is sent)\n"), "{shown}");
    let shown = marsh(&world, 0).line("thing.list --dry-run").run().exits(0);
    assert!(!shown.stdout.contains("Idempotency-Key"), "{shown}");
    assert!(server.requests().is_empty());
}

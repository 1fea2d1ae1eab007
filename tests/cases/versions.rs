//! Changes that are meant for the version of an object that was read: the tag of the last read goes with them as `If-Match`.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::canary::{KEY, is_clean, keeps_nothing};
use crate::support::cmd::{Outcome, World};
use crate::support::raw::{Peer, http, with_headers};

const CATALOG: &str = r#"
id = "own"
host = "HOST"
idempotency = { header = "Idempotency-Key", window = "1h" }
fault = { style = "errors-json", message = ["error"] }
[[transport]]
name = "rest"
protocol = "rest"
path = "/v1"
[[method]]
name = "thing.get"
effect = "read"
returns = "dict"
fields = [{ name = "name", type = "string" }]
route = { verb = "GET", path = "/things/{id}" }
answers = { as = "json" }
params = [{ name = "id", type = "int", required = true }, { name = "part", type = "string" }]
[[method]]
name = "thing.set"
effect = "change"
returns = "none"
route = { verb = "PUT", path = "/things/{id}", if_match = true }
sends = { as = "json" }
answers = { as = "none" }
params = [{ name = "id", type = "int", required = true }, { name = "name", type = "string" }]
[[method]]
name = "thing.patch"
effect = "change"
returns = "none"
shows = { method = "thing.get", with = { id = "id" } }
route = { verb = "PATCH", path = "/things/{id}", if_match = true }
sends = { as = "json" }
answers = { as = "none" }
params = [
  { name = "id", type = "int", required = true },
  { name = "name", type = "string" },
  { name = "tag", type = "string", wire = "If-Match", place = "header" },
]
[[method]]
name = "thing.remove"
effect = "destroy"
returns = "none"
shows = { method = "thing.get", with = { id = "id" } }
route = { verb = "DELETE", path = "/things/{id}", if_match = true }
answers = { as = "none" }
params = [{ name = "id", type = "int", required = true }]
"#;

/// How a service treats the tags of its one object, thing 5.
#[derive(Clone, Copy, Default)]
struct Manner {
    /// A change must name a version.
    strict: bool,
    /// The answer to a change names the new one.
    tells: bool,
    /// Somebody else changes the object after every read.
    busy: bool,
    /// The first change is made, and its answer is lost.
    loses: bool,
}

fn service(manner: Manner) -> Peer {
    let (version, changes) = (AtomicUsize::new(1), AtomicUsize::new(0));
    Peer::new(move |request, stream| {
        let tag = || format!("\"v{}\"", version.load(Ordering::SeqCst));
        let given = request.split("\r\nif-match: ").nth(1).and_then(|rest| rest.lines().next());
        let refused = |status| http(status, "application/json", r#"{"error":"not that version"}"#);
        let answer = match () {
            () if request.contains("/things/6") => http("404 Not Found", "application/json", r#"{"error":"no thing"}"#),
            () if request.starts_with("GET ") => {
                let body = format!("ETag: {}\r\nContent-Type: application/json\r\nContent-Length: 12\r\n", tag());
                version.fetch_add(usize::from(manner.busy), Ordering::SeqCst);
                with_headers("200 OK", &body, r#"{"name":"a"}"#)
            }
            () if manner.strict && given.is_none() => refused("428 Precondition Required"),
            () if given.is_some_and(|given| given != tag()) => refused("412 Precondition Failed"),
            () => {
                version.fetch_add(1, Ordering::SeqCst);
                if manner.loses && changes.fetch_add(1, Ordering::SeqCst) == 0 {
                    return Ok(());
                }
                let told = if manner.tells { format!("ETag: {}\r\n", tag()) } else { String::new() };
                with_headers("204 No Content", &told, "")
            }
        };
        stream.write_all(&answer)
    })
}

fn world(peer: &Peer) -> World {
    let world = World::new();
    world.put("own.toml", &CATALOG.replace("HOST", &format!("http://{}", peer.host())), 0o600);
    let catalog = world.at("own.toml").display().to_string();
    world.configure(&format!("[profiles.own]\nprovider = \"own\"\ncatalog = \"{catalog}\"\n"));
    world
}

fn run(world: &World, script: &str) -> Outcome {
    world.marsh().args(["--retries", "1", "-y", "--keep-going", "run", "-"]).stdin(script).run()
}

/// The requests, each with the tag that it names.
fn seen(peer: &Peer) -> String {
    let one = |request: &String| {
        let line = request.split(" HTTP/1.1").next().unwrap_or_default().replace("/v1/things/", "");
        let tag = request.split("\r\nif-match: ").nth(1).and_then(|rest| rest.lines().next()).unwrap_or("-");
        format!("{line} {tag}")
    };
    peer.received().iter().map(one).collect::<Vec<_>>().join(", ")
}

/// What became of the changes on record.
fn changes(world: &World) -> Vec<String> {
    let changes = world.calls().into_iter().filter(|row| row.call.effect != "read");
    changes.map(|row| row.outcome.name().to_owned()).collect()
}

#[test]
fn a_change_names_the_version_that_was_read_last() {
    let none = Manner::default();
    for (what, manner, script, requests) in [
        ("nothing was read", none, "thing.set id 5 name b\n", "PUT 5 -"),
        ("read before", none, "thing.get id 5\nthing.set id 5 name b\n", r#"GET 5 -, PUT 5 "v1""#),
        ("another object", none, "thing.get id 5\nthing.set id 55 name b\n", "GET 5 -, PUT 55 -"),
        ("a part", none, "thing.get id 5 part x\nthing.set id 5 name b\n", "GET 5?part=x -, PUT 5 -"),
        ("a call by its address", none, "thing.get id 5\ncall PUT /things/5 name b\n", r#"GET 5 -, PUT 5 "v1""#),
        (
            "the answer names the next version",
            Manner { tells: true, ..none },
            "thing.get id 5\nthing.set id 5 name b\nthing.set id 5 name c\n",
            r#"GET 5 -, PUT 5 "v1", PUT 5 "v2""#,
        ),
        (
            "the answer does not",
            none,
            "thing.get id 5\nthing.set id 5 name b\nthing.set id 5 name c\n",
            r#"GET 5 -, PUT 5 "v1", PUT 5 -"#,
        ),
        ("read first", none, "thing.patch id 5 name b\n", r#"GET 5 -, PATCH 5 "v1""#),
        ("read before the question", none, "thing.remove id 5\n", r#"GET 5 -, DELETE 5 "v1""#),
        ("what is not there has no version", none, "thing.patch id 6 name b\n", "GET 6 -, PATCH 6 -"),
        ("the user's own tag", none, "thing.patch id 5 name b tag '\"v1\"'\n", r#"PATCH 5 "v1""#),
        (
            "several",
            none,
            "thing.patch id 5 name b\nthing.patch id 5 name c\n",
            r#"GET 5 -, PATCH 5 "v1", GET 5 -, PATCH 5 "v2""#,
        ),
    ] {
        let peer = service(manner);
        let world = world(&peer);
        let done = run(&world, script);
        assert_eq!(seen(&peer), requests, "{what}: {done}");
        let refused = what == "what is not there has no version";
        assert!(refused || done.code == 0, "{what}: {done}");
    }
}

#[test]
fn what_somebody_else_has_changed_stays_as_it_is() {
    let busy = Manner { busy: true, ..Manner::default() };
    let peer = service(busy);
    let world = world(&peer);
    // The same line again is refused as well: the version that was read is still the old one.
    let done = run(&world, "thing.get id 5\nthing.set id 5 name b\nthing.set id 5 name b --again\n");
    assert_eq!(seen(&peer), r#"GET 5 -, PUT 5 "v1", PUT 5 "v1""#, "{done}");
    let done = done.exits(4).says("thing.set was refused: it has changed since it was read");
    let done = done.says("somebody else changed it meanwhile, and this call changed nothing;");
    done.says("read it again, and then decide").says("not that version");
    assert_eq!(changes(&world), ["refused", "refused"]);
    // With a method that shows it, the words name the line.
    let told = self::world(&peer).marsh().arg("-y").line("thing.patch id 5 name b").run();
    told.exits(4).says("read it again with `thing.get id 5`");
}

#[test]
fn a_service_that_wants_a_version_gets_one_or_the_words_say_how() {
    let peer = service(Manner { strict: true, ..Manner::default() });
    let world = world(&peer);
    world.marsh().line("thing.set id 5 name b").run().exits(4).says("wants to be told which version is meant");
    world.marsh().line("thing.patch id 5 name b").run().exits(0);
    run(&world, "thing.get id 5\nthing.set id 5 name b --again\n").exits(0);
    assert_eq!(seen(&peer), r#"PUT 5 -, GET 5 -, PATCH 5 "v1", GET 5 -, PUT 5 "v2""#);
}

#[test]
fn a_change_that_was_made_and_not_answered_is_not_called_refused() {
    let peer = service(Manner { loses: true, ..Manner::default() });
    let world = world(&peer);
    // The second attempt has the same key and the same tag; this service looks at the tag first.
    let done = run(&world, "thing.get id 5\nthing.set id 5 name b\n");
    assert_eq!(seen(&peer), r#"GET 5 -, PUT 5 "v1", PUT 5 "v1""#, "{done}");
    done.exits(7);
    assert_eq!(changes(&world), ["unknown"]);
}

#[test]
fn a_read_that_fails_keeps_the_change_from_being_sent() {
    let peer = Peer::new(|request, stream| match request.starts_with("GET ") {
        true => stream.write_all(&http("500 Oops", "application/json", r#"{"error":"down"}"#)),
        false => stream.write_all(&with_headers("204 No Content", "", "")),
    });
    let world = world(&peer);
    let done = world.marsh().args(["--retries", "0"]).line("thing.patch id 5 name b").run();
    done.exits(5).says("thing.patch was not sent, because thing.get failed");
    assert_eq!(seen(&peer), "GET 5 -");
    assert!(changes(&world).is_empty());
}

#[test]
fn a_request_that_is_only_shown_has_the_tag_as_far_as_it_is_known() {
    let peer = service(Manner::default());
    let world = world(&peer);
    let shown = |line: &str| run(&world, &format!("thing.get id 5 | seen\n{line}\n")).exits(0).stdout;
    for form in ["--dry-run", "--as curl", "--as http"] {
        let text = shown(&format!("thing.set id 5 name b {form}"));
        assert!(text.contains("if-match: \"v1\""), "{form}: {text}");
    }
    let text = world.marsh().line("thing.patch id 5 name b --dry-run").run().exits(0).stdout;
    assert!(text.contains("if-match: (the tag of the version that thing.get shows)"), "{text}");
    let text = world.marsh().line("thing.set id 5 name b --dry-run").run().exits(0).stdout;
    assert!(!text.contains("if-match"), "{text}");
    assert!(peer.received().iter().all(|request| request.starts_with("GET ")));
}

#[test]
fn calls_side_by_side_share_what_was_read() {
    let peer = service(Manner { tells: true, ..Manner::default() });
    let world = world(&peer);
    let script = "thing.get id 5 | a\nlet n = (json)[\"b\"]\n$n | each thing.set id 5 name {} --jobs 2\n";
    let done = run(&world, script).exits(0);
    assert!(seen(&peer).ends_with(r#"PUT 5 "v1""#), "{} {done}", seen(&peer));
}

#[test]
fn a_key_that_a_service_repeats_in_a_tag_shows_up_nowhere() {
    let peer = Peer::new(|request, stream| match request.starts_with("GET ") {
        true => {
            let head = format!("ETag: \"{KEY}\"\r\nContent-Type: application/json\r\nContent-Length: 12\r\n");
            stream.write_all(&with_headers("200 OK", &head, r#"{"name":"a"}"#))
        }
        false => stream.write_all(&http("412 No", "application/json", format!(r#"{{"error":"not {KEY}"}}"#))),
    });
    let world = world(&peer);
    let keyed = CATALOG.replace("[[transport]]", "[auth]\nscheme = \"bearer\"\n[[transport]]");
    world.put("own.toml", &keyed.replace("HOST", &format!("http://{}", peer.host())), 0o600);
    let catalog = world.at("own.toml").display().to_string();
    world.configure(&format!(
        "[profiles.own]\nprovider = \"own\"\ncatalog = \"{catalog}\"\nkey_env = \"KEY_OF_TEST\"\n"
    ));
    let script =
        "thing.get id 5\nthing.set id 5 name b --dry-run\nthing.set id 5 name b --as curl\nthing.set id 5 name b\n";
    let run =
        || world.marsh().env("KEY_OF_TEST", KEY).args(["-v", "-y", "--keep-going", "run", "-"]).stdin(script).run();
    let done = run().exits(4);
    is_clean("a tag", &done);
    assert!(peer.received().last().unwrap().contains(&format!("if-match: \"{KEY}\"")), "{done}");
    keeps_nothing(&world);
}

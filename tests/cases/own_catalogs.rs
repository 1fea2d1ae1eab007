//! A catalogue of the user's own, from an address: fetched, kept, asked again, and refused when it is bad.

use crate::support::cmd::World;
use crate::support::server::{Answer, Server};

pub(super) const CATALOG: &str = r#"
id = "own"
title = "Our own"
document = "wiki"
host = "https://api.example.com"
[auth]
scheme = "basic"
user = "{key}"
[[transport]]
name = "xmlrpc"
protocol = "xmlrpc"
path = "/rpc"
[[method]]
name = "thing.odd"
doc = 1
summary = "An odd thing"
effect = "read"
example = "thing.odd flag true"
params = [{ name = "flag", type = "boolean", required = true, summary = "A flag" }]
"#;

fn toml(text: &str) -> Answer {
    Answer::http(format!("HTTP/1.1 200 OK\nContent-Type: application/toml\nETag: \"v1\"\n\n{text}").as_bytes())
}

fn configured(server: &Server, url: bool) -> World {
    let world = World::new();
    let catalog = format!("http://{}/own.toml", server.address);
    let url = if url { format!("url = \"{}\"\n", server.url("/rpc")) } else { String::new() };
    world.configure(&format!(
        "[profiles.own]\nprovider = \"own\"\ncatalog = \"{catalog}\"\nkey_command = \"printf a-key-of-ours\"\n{url}"
    ));
    world
}

#[test]
fn a_catalogue_from_an_address_is_kept_and_asked_again() {
    let unchanged = Answer::http(b"HTTP/1.1 304 Not Modified\nContent-Length: 0\n\n");
    let bad = toml(&CATALOG.replace("boolean", "bolean"));
    let called = || Answer::value("<int>5</int>");
    let server = Server::answering([toml(CATALOG), called(), called(), unchanged, bad, called()]);
    let world = configured(&server, true);
    let call = || world.marsh().line("thing.odd flag yes").run();

    for _ in 0..2 {
        call().prints("5\n").exits(0);
    }
    world.marsh().line("refresh").run().says("own: 0 added, 0 removed").exits(0);
    world.marsh().line("refresh").run().says("bolean is not a type").exits(1);
    call().prints("5\n").exits(0);

    let starts: Vec<String> = server.requests().iter().map(|request| request.start().to_owned()).collect();
    let (get, post) = ("GET /own.toml HTTP/1.1", "POST /rpc HTTP/1.1");
    assert_eq!(starts, [get, post, post, get, get, post]);
    assert_eq!(server.requests()[3].header("if-none-match"), Some("\"v1\""));
    assert!(server.requests().iter().filter(|r| r.start() == get).all(|r| r.header("authorization").is_none()));
}

#[test]
fn a_catalogue_from_an_address_cannot_choose_where_the_key_goes() {
    let server = Server::answering([toml(CATALOG)]);
    let world = configured(&server, false);
    world.marsh().line("thing.odd flag yes").run().says("names its own host").exits(2);
}

#[test]
fn a_catalogue_from_an_address_is_taken_whole_or_not_at_all() {
    let comment = |length: usize| format!("# {}\n{CATALOG}", "x".repeat(length));
    let head = |more: &str| format!("HTTP/1.1 200 OK\nContent-Type: application/toml\n{more}\n");
    for (answer, told) in [
        (toml(&comment(16 << 20)), "the catalogue is longer than 16 MB"),
        // What it was cut to would be a catalogue, too.
        (toml(&format!("{CATALOG}\n# {}", "x".repeat(16 << 20))), "the catalogue is longer than 16 MB"),
        (Answer::http([head("").as_bytes(), b"# caf\xe9"].concat().as_slice()), "it is not UTF-8"),
        (Answer::http(format!("{}x", head("Content-Encoding: BR\n")).as_bytes()), "it is packed with br"),
    ] {
        let server = Server::answering([answer]);
        let world = configured(&server, true);
        world.marsh().line("thing.odd flag yes").run().says(told).prints("").exits(2);
        assert_eq!(server.requests().len(), 1);
    }
    let server = Server::answering([toml(&comment(15 << 20)), Answer::value("<int>5</int>")]);
    configured(&server, true).marsh().line("thing.odd flag yes").run().prints("5\n").exits(0);
}

//! How a run ends: the exit codes that scripts rely on, whichever side breaks off, and what is said where.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::os::fd::OwnedFd;

use crate::support::KEY;
use crate::support::cmd::{World, code, signalled, wait};
use crate::support::server::{Answer, Server};

const CHANGE: &str = "service.cancel name myserver1";

/// An address where nobody listens.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}/v1/xmlrpc", listener.local_addr().unwrap())
}

#[test]
fn nobody_listens() {
    for line in ["service.list", CHANGE] {
        let run = World::new().marsh().args(["--retries", "0", "-k", KEY, "-u", &nobody()]).line(line).run();
        run.exits(6).prints("").says("cannot reach 127.0.0.1:").says("nothing was sent");
        let run = World::new().marsh().args(["-o", "json", "--retries", "0"]);
        let run = run.args(["-k", KEY, "-u", &nobody()]).line(line).run();
        let outcome = run.exits(6).prints("").says(r#""kind":"not_reached","code":6"#).says(r#""sent":"no""#);
        assert_eq!(outcome.stderr.lines().count(), 1, "{outcome}");
    }
}

#[test]
fn the_other_side_does_not_speak_tls() {
    let server = Server::answering([]);
    let url = format!("https://{}/v1/xmlrpc", server.address);
    World::new().marsh().args(["-k", KEY, "-u", &url, "internal.version"]).run().exits(6).prints("");
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn a_key_does_not_cross_a_network_in_the_clear() {
    let run = World::new().marsh().args(["-k", KEY, "-u", "http://192.0.2.1/", "service.list"]).run();
    run.exits(2).prints("").says("--plain-http 192.0.2.1").says("nothing was sent");
}

#[test]
fn a_command_line_that_makes_no_sense() {
    for arguments in [
        "--nope",
        "-o nonsense service.list",
        "-x -o json service.list",
        "-k",
        "--timeout soon service.list",
        "--timeout 0 service.list",
        "--sandbox -u http://127.0.0.1:1/ service.list",
        "sandbox",
        "sandbox serve --port many",
    ] {
        let outcome = World::new().marsh().line(arguments).run().exits(2).prints("");
        assert!(!outcome.stderr.is_empty(), "{outcome}");
    }
    let server = Server::answering([]);
    for line in ["service.list -o nonsense", "service.list --nope", "service.list --timeout soon", "quit now", "| x"] {
        World::new().marsh().against(&server).line(line).run().exits(2).prints("").says("nothing was sent");
    }
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn what_is_asked_for_goes_to_standard_output() {
    for (line, text) in [
        ("-h", "Usage: marsh"),
        ("--version", concat!("marsh ", env!("CARGO_PKG_VERSION"))),
        ("help", "METHOD NAME VALUE"),
        ("?", "METHOD NAME VALUE"),
        ("help remote", "service.set_nickname"),
        ("help quit", "quit"),
        ("service.list -h", "service.list [type"),
    ] {
        let outcome = World::new().marsh().line(line).run().exits(0).says_nothing();
        assert!(outcome.stdout.contains(text), "no `{text}`\n{outcome}");
    }
    World::new().marsh().arg("quit").run().exits(0).prints("").says_nothing();
}

#[test]
fn no_answer_in_time() {
    for (line, code) in [("service.list", 5), (CHANGE, 7)] {
        let server = Server::answering([Answer::Silence]);
        let run = World::new().marsh().args(["--timeout", "0.5", "--retries", "0"]).against(&server).line(line).run();
        run.exits(code).prints("").says("no answer from 127.0.0.1:").says("within 0.5 s");
        let server = Server::answering([Answer::Silence]);
        let run = World::new().marsh().args(["--retries", "0"]).against(&server).line(line).line("--timeout 0.5");
        run.run().exits(code);
        server.asked();
    }
}

#[test]
fn interrupted_while_waiting() {
    for (line, expected) in [("service.list", 130), (CHANGE, 7)] {
        let (server, world) = (Server::answering([Answer::Silence]), World::new());
        let child = world.marsh().against(&server).line(line).spawn();
        server.asked();
        assert_eq!(signalled(child, "INT").0, expected, "{line}");
    }
}

/// A list of a few hundred kilobytes: more than any pipe holds.
fn long_list() -> Answer {
    let member = "<value><string>service.some_method_with_a_long_name</string></value>";
    Answer::value(&format!("<array><data>{}</data></array>", member.repeat(10_000)))
}

#[test]
fn the_reader_leaves_after_one_line() {
    for format in ["json", "xml", "raw"] {
        let (server, world) = (Server::answering([long_list()]), World::new());
        let mut child = world.marsh().against(&server).line("system.listMethods -o").arg(format).spawn();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        assert!(!first.is_empty());
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert_eq!((wait(&mut child).map(code), stderr.as_str()), (Some(141), ""), "{format}");
    }
}

#[test]
fn the_reader_of_the_help_leaves() {
    let world = World::new();
    for line in ["help remote", "--help", "--version"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let outcome = world.marsh().line(line).into_file(File::from(OwnedFd::from(writer))).run();
        assert_eq!((outcome.code, outcome.stderr.as_str()), (141, ""), "{line}");
    }
}

#[test]
fn standard_output_is_full() {
    for line in ["internal.echo", "help exit", "--help", "--version", "man", "login --help"] {
        let server = Server::answering([Answer::value("<int>5</int>")]);
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        World::new().marsh().against(&server).line(line).into_file(full).run().exits(1).says("cannot write");
    }
}

#[test]
fn an_answer_in_chunks() {
    let chunk = |text: &str| format!("{:x}\r\n{text}\r\n", text.len());
    let chunks =
        ["<methodResponse><params><param><val", "ue><int>5</int></value></param>", "</params></methodResponse>"];
    let body: String = chunks.into_iter().map(chunk).collect();
    let head = "HTTP/1.1 200 OK\nContent-Type: text/xml\nTransfer-Encoding: chunked\n\n";
    let server = Server::answering([Answer::http(format!("{head}{body}0\r\n\r\n").as_bytes())]);
    World::new().marsh().against(&server).arg("internal.echo").run().exits(0).prints("5\n").says_nothing();
    let server = Server::answering([Answer::http(format!("{head}Connection: close\r\n\r\n{body}").as_bytes())]);
    World::new().marsh().against(&server).arg("internal.echo").run().exits(5).prints("");
}

//! What is sent again after a failure, what is not, and what of a document is asked for twice.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::thread;

use crate::support::KEY;
use crate::support::cmd::{Outcome, World, code, wait};
use crate::support::server::{Answer, Server};

const READ: &str = "service.list";
const CHANGE: &str = "service.cancel name myserver1";

fn status(line: &str, headers: &str) -> Answer {
    Answer::http(format!("HTTP/1.1 {line}\n{headers}Content-Type: text/plain\n\nlater").as_bytes())
}

/// At once.
const NOW: &str = "Retry-After: 0\n";

#[test]
fn a_read_is_repeated_and_a_change_is_not() {
    let busy = || status("503 Busy", NOW);
    let five = || Answer::value("<array><data><value><int>5</int></value></data></array>");
    for (line, answers, exit, requests) in [
        (READ, vec![busy(), busy(), busy(), five()], 0, 4),
        (READ, vec![busy(), busy(), busy(), busy(), five()], 5, 4),
        (READ, vec![status("429 Slow down", NOW), status("502 Gone", NOW), status("504 Late", NOW), five()], 0, 4),
        (READ, vec![status("429 Slow down", "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\n"), five()], 0, 2),
        (READ, vec![Answer::HangUp, five()], 0, 2),
        (READ, vec![Answer::Bytes(b"no HTTP at all\r\n\r\n".to_vec()), five()], 5, 1),
        (READ, vec![status("500 Oops", NOW), five()], 5, 1),
        (READ, vec![status("404 Nowhere", NOW), five()], 4, 1),
        (READ, vec![Answer::fault(3, "none"), five()], 4, 1),
        (CHANGE, vec![busy(), five()], 5, 1),
        (CHANGE, vec![status("429 Slow down", NOW), five()], 4, 1),
        (CHANGE, vec![Answer::HangUp, five()], 7, 1),
    ] {
        let server = Server::answering(answers.clone());
        let ended = World::new().marsh().against(&server).line(line).run();
        assert_eq!((ended.code, server.requests().len()), (exit, requests), "{line} {answers:?}: {ended}");
        let server = Server::answering(answers);
        World::new().marsh().args(["--retries", "0"]).against(&server).line(line).run();
        assert_eq!(server.requests().len(), 1, "{line}");
    }
}

#[test]
fn what_never_left_is_tried_again_whatever_it_does() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1/xmlrpc", listener.local_addr().unwrap());
    drop(listener);
    for line in [READ, CHANGE] {
        let run = World::new().marsh().args(["--retries", "2", "-k", KEY, "-u", &url]).line(line).run();
        run.exits(6).says("trying again in 1.0 s").says("nothing was sent");
    }
}

#[test]
fn a_server_that_cannot_be_trusted_is_not_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/v1/xmlrpc", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // What is no TLS, in answer to the first word of it.
            let _ = stream.read(&mut [0; 16]).and_then(|_| stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n"));
        }
    });
    let ended = World::new().marsh().args(["-k", KEY, "-u", &url]).line(READ).run().exits(6).says("nothing was sent");
    assert!(!ended.stderr.contains("trying again"), "{ended}");
}

#[test]
fn a_change_that_was_not_answered_in_time_was_sent_once() {
    let unanswered = || [Answer::Silence, Answer::Silence, Answer::value("<int>5</int>")];
    let server = Server::answering(unanswered());
    let run = World::new().marsh().args(["--timeout", "0.3"]).against(&server).line(CHANGE).run();
    run.exits(7).prints("").says("it may have reached the provider");
    assert_eq!(server.requests().len(), 1);
    let server = Server::answering(unanswered());
    let run = World::new().marsh().args(["--timeout", "0.3"]).against(&server).line(READ).run();
    run.exits(5).prints("").says("no answer");
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn nothing_is_sent_again_when_part_of_the_result_has_come() {
    let half = "HTTP/1.1 200 OK\nContent-Type: text/xml\nContent-Length: 1000\nConnection: close\n\n<methodResponse>";
    for place in [&[][..], &["|", "out.json"]] {
        let server = Server::answering([Answer::http(half.as_bytes()), Answer::value("<int>5</int>")]);
        let world = World::new();
        world.marsh().against(&server).line(READ).args(place).run().exits(5).prints("");
        assert_eq!((server.requests().len(), world.names()), (1, vec![]));
    }
}

#[test]
fn breaking_off_ends_the_waiting_at_once() {
    let server = Server::answering([status("503 Busy", "Retry-After: 25\n")]);
    let world = World::new();
    let mut child = world.marsh().against(&server).line(READ).spawn();
    let mut told = String::new();
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut told).unwrap();
    assert_eq!(told, "note: the server answered HTTP 503 (service unavailable); trying again in 25.0 s\n");
    let kill = Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status().unwrap();
    assert!(kill.success());
    assert_eq!(wait(&mut child).map(code), Some(130));
    assert_eq!(server.requests().len(), 1);
}

/// A document, and a piece of it.
const DOCUMENT: &str = "%PDF-1.4 this is all of it %%EOF";

/// An answer that promises the document from a place on, and holds so many bytes of the rest.
fn document(from: usize, holds: usize, headers: &str) -> Answer {
    let (line, range) = match from {
        0 => ("200 OK", String::new()),
        from => ("206 Partial", format!("Content-Range: bytes {from}-{}/{}\n", DOCUMENT.len() - 1, DOCUMENT.len())),
    };
    let (rest, length) = (&DOCUMENT[from..], DOCUMENT.len() - from);
    let head = format!("HTTP/1.1 {line}\nContent-Type: application/pdf\nContent-Length: {length}\nConnection: close\n");
    Answer::http(format!("{head}{range}{headers}\n{}", &rest[..holds.min(length)]).as_bytes())
}

const ABLE: &str = "Accept-Ranges: bytes\nETag: \"v1\"\n";
const ALL: usize = usize::MAX;

/// The document, asked for from a server with these answers: exit code, file, and the ranges that were asked for.
fn fetched(answers: Vec<Answer>) -> (i32, Option<String>, Vec<Option<String>>) {
    let server = Server::answering(answers);
    let world = World::new();
    let address = server.address;
    world.configure(&format!(
        "[profiles.a]\nprovider = \"vpsnet\"\nurl = \"http://{address}\"\nuser = \"me\"\nkey_env = \"A_KEY\"\n"
    ));
    let ended = world.marsh().env("A_KEY", KEY).line("invoice.get id 9130 | invoice.pdf").run();
    let file = world.names().contains(&"invoice.pdf".to_owned()).then(|| world.content("invoice.pdf"));
    let ranges = server.requests().iter().map(|request| request.header("range").map(str::to_owned)).collect();
    assert!(server.requests().iter().skip(1).all(|request| request.header("if-range") == Some("\"v1\"")), "{ended}");
    (ended.code, file, ranges)
}

#[test]
fn a_document_goes_on_where_it_broke_off() {
    let range = |from: usize| Some(format!("bytes={from}-"));
    let whole = || Some(DOCUMENT.to_owned());
    for (answers, expected) in [
        (vec![document(0, ALL, ABLE)], (0, whole(), vec![None])),
        (vec![document(0, 10, ABLE), document(10, ALL, ABLE)], (0, whole(), vec![None, range(10)])),
        (
            vec![document(0, 5, ABLE), document(5, 5, ABLE), document(10, 5, ABLE), document(15, ALL, ABLE)],
            (0, whole(), vec![None, range(5), range(10), range(15)]),
        ),
        // Another version: it is taken from its beginning.
        (vec![document(0, 10, ABLE), document(0, ALL, ABLE)], (0, whole(), vec![None, range(10)])),
        // A piece that does not fit is no piece.
        (vec![document(0, 10, ABLE), document(12, ALL, ABLE)], (5, None, vec![None, range(10)])),
        (vec![document(0, 10, "")], (5, None, vec![None])),
        (
            vec![document(0, 5, ABLE), document(5, 1, ABLE), document(6, 1, ABLE), document(7, 1, ABLE)],
            (5, None, vec![None, range(5), range(6), range(7)]),
        ),
    ] {
        assert_eq!(fetched(answers), expected);
    }
}

fn moved(status: &str, to: &str) -> Answer {
    Answer::http(format!("HTTP/1.1 {status}\nLocation: {to}\nContent-Length: 0\n\n").as_bytes())
}

/// The invoice as a file, from a service at this address.
fn invoice(world: &World, server: &Server) -> Outcome {
    world.configure(&format!(
        "[profiles.a]\nprovider = \"vpsnet\"\nurl = \"http://{}\"\nuser = \"me\"\nkey_env = \"A_KEY\"\n",
        server.address
    ));
    world.marsh().env("A_KEY", KEY).line("invoice.get id 9130 | invoice.pdf").run()
}

#[test]
fn a_document_that_lies_elsewhere_is_fetched_from_there() {
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let server = Server::answering([moved(status, "/files/9130.pdf"), document(0, ALL, ABLE)]);
        let world = World::new();
        invoice(&world, &server).exits(0).prints("").says_nothing();
        let requests = server.requests();
        assert_eq!(requests[1].start(), "GET /files/9130.pdf HTTP/1.1");
        assert!(requests.iter().all(|request| request.header("authorization").is_some()), "the host is the same");
        assert_eq!(world.content("invoice.pdf"), DOCUMENT);
        // Another host gets no key.
        let elsewhere = Server::answering([document(0, ALL, ABLE)]);
        let server = Server::answering([moved(status, &format!("http://{}/x?signed=1", elsewhere.address))]);
        let world = World::new();
        invoice(&world, &server).exits(0);
        let requests = elsewhere.requests();
        assert_eq!((requests[0].start(), requests[0].header("authorization")), ("GET /x?signed=1 HTTP/1.1", None));
        assert_eq!(world.content("invoice.pdf"), DOCUMENT);
    }
}

#[test]
fn a_document_that_breaks_off_after_a_redirect_is_continued() {
    let to = || moved("302 Found", "/files/9130.pdf");
    let server = Server::answering([to(), document(0, 10, ABLE), to(), document(10, ALL, ABLE)]);
    let world = World::new();
    invoice(&world, &server).exits(0);
    let asked: Vec<(String, Option<String>)> =
        server.requests().iter().map(|one| (one.start().to_owned(), one.header("range").map(str::to_owned))).collect();
    assert_eq!(asked[3], ("GET /files/9130.pdf HTTP/1.1".to_owned(), Some("bytes=10-".to_owned())), "{asked:?}");
    assert_eq!(world.content("invoice.pdf"), DOCUMENT);
}

#[test]
fn redirects_without_end_are_given_up() {
    let server = Server::answering((0..20).map(|_| moved("302 Found", "/invoices/9130.pdf")));
    let world = World::new();
    invoice(&world, &server).exits(4).says("it points to /invoices/9130.pdf");
    assert_eq!((server.requests().len(), world.names()), (6, vec![]));
}

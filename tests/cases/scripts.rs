//! Lines on standard input, and what one run leaves to the next.

use crate::support::cmd::World;
use crate::support::server::{Answer, Server};

const LINE: &str = "internal.echo\n";

fn five() -> Answer {
    Answer::value("<int>5</int>")
}

/// The list of a service that has one method more than the catalogue.
fn list() -> Answer {
    Answer::value("<array><data><value>service.shiny_new</value></data></array>")
}

#[test]
fn one_connection_carries_all_calls() {
    let server = Server::answering(vec![five(); 3]);
    World::new().marsh().against(&server).stdin(LINE.repeat(3)).run().exits(0).prints("5\n5\n5\n").says_nothing();
    assert_eq!((server.requests().len(), server.connections()), (3, 1));
}

#[test]
fn a_connection_that_was_closed_is_opened_again() {
    let closing = b"HTTP/1.1 200 OK\nConnection: close\n\n<methodResponse><params><param><value>x</value></param></params></methodResponse>";
    let server = Server::answering([Answer::http(closing), five()]);
    World::new().marsh().against(&server).stdin(LINE.repeat(2)).run().exits(0).prints("\"x\"\n5\n").says_nothing();
    assert_eq!((server.requests().len(), server.connections()), (2, 2));
}

#[test]
fn the_first_failure_ends_a_script_with_its_code() {
    for (answer, code) in [
        (Answer::fault(3, "no such service"), 4),
        (Answer::fault(4, "Bad api_key"), 3),
        (Answer::fault(2, "broken"), 5),
        (Answer::HangUp, 5),
    ] {
        let server = Server::answering([five(), answer, Answer::value("<int>6</int>")]);
        let run = World::new().marsh().args(["--retries", "0"]).against(&server).stdin(LINE.repeat(3)).run();
        run.exits(code).prints("5\n");
        assert_eq!(server.requests().len(), 2);
    }
}

#[test]
fn lines_come_in_any_shape() {
    for (script, calls) in [
        ("", 0),
        ("\n\n  # nothing\n", 0),
        ("internal.echo\r\ninternal.echo\r\n", 2),
        ("internal.echo; internal.echo; internal.echo", 3),
        ("internal.echo \\\n  string a\ninternal.echo string 'a\nb'\n", 2),
        ("internal.echo\nquit\ninternal.echo\n", 1),
        ("internal.echo; exit; internal.echo\n", 1),
    ] {
        let server = Server::answering(vec![five(); calls]);
        World::new().marsh().against(&server).stdin(script).run().exits(0).prints(&"5\n".repeat(calls)).says_nothing();
        assert_eq!(server.requests().len(), calls, "{script}");
    }
}

#[test]
fn a_value_can_be_what_is_left_of_standard_input() {
    let server = Server::answering([five(), Answer::value("<int>6</int>")]);
    let script = "internal.echo\ninternal.echo string @-\nline one\nline two\n";
    World::new().marsh().against(&server).stdin(script).run().exits(0).prints("5\n6\n").says_nothing();
    assert!(server.requests()[1].text().contains("<string>line one\nline two</string>"));
}

#[test]
fn a_script_that_is_not_text_is_refused() {
    let server = Server::answering([]);
    World::new().marsh().against(&server).stdin(*b"internal.echo \xff\n").run().exits(2).prints("").says("UTF-8");
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn a_list_that_was_fetched_is_kept_for_the_next_run() {
    let server = Server::answering([list(), five(), Answer::value("<int>6</int>")]);
    let world = World::new();
    world.marsh().against(&server).arg("service.shiny_new").run().exits(0).prints("5\n").says_nothing();
    world.marsh().against(&server).arg("service.shiny_new").run().exits(0).prints("6\n").says_nothing();
    let called: Vec<bool> = server.requests().iter().map(|r| r.text().contains("system.listMethods")).collect();
    assert_eq!(called, [true, false, false]);
}

#[test]
fn another_service_has_another_list() {
    let world = World::new();
    for _ in 0..2 {
        let server = Server::answering([list(), five()]);
        world.marsh().against(&server).arg("service.shiny_new").run().exits(0).prints("5\n").says_nothing();
        assert_eq!(server.requests().len(), 2);
    }
}

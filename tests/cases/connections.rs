//! Connections: those that died while nobody looked, those that a proxy refuses, and how long one is waited for.

use std::thread;
use std::time::{Duration, Instant};

use crate::support::KEY;
use crate::support::cmd::{Outcome, Run, World};
use crate::support::keys::{ENTER, Terminal};
use crate::support::server::{Answer, Server};

const IDLE: Duration = Duration::from_millis(200);
const ORDER: &str = "create.memstore sku CLOUDF5 dry_run false";
const CHANGE: &str = "service.set_nickname name myserver1 nickname www";

/// A server that answers everything with a number and does not keep an idle connection for long.
fn impatient() -> Server {
    Server::impatient((0..20).map(|_| Answer::value("<int>5</int>")), IDLE)
}

/// Waits until the server has closed so many connections.
fn closed(server: &Server, count: usize) {
    let started = Instant::now();
    while server.closed() < count {
        assert!(started.elapsed() < Duration::from_secs(20), "no connection was closed");
        thread::sleep(Duration::from_millis(5));
    }
}

/// How many times a method was called.
fn calls(server: &Server, method: &str) -> usize {
    let name = format!("<methodName>{method}</methodName>");
    server.requests().iter().filter(|request| request.text().contains(&name)).count()
}

#[test]
fn a_change_after_a_question_goes_over_a_connection_that_is_alive() {
    let server = impatient();
    let run = World::new().marsh().against(&server).env("MARSH_CONFIRM", "destroy").line(ORDER);
    let mut terminal = Terminal::open(run);
    terminal.see("Continue? [y/N]");
    // The price was asked for over a connection that ends while the question is read.
    closed(&server, 1);
    terminal.press("y");
    terminal.press(ENTER);
    assert_eq!(terminal.code(), 0, "{}", terminal.contents());
    assert_eq!(calls(&server, "create.memstore"), 2);
}

/// Two accounts at one server, the second with a key that takes its time.
fn two_accounts(world: &World, server: &Server) -> Run {
    let account = |name: &str, key: &str| {
        let url = format!("http://{}/v1/xmlrpc", server.address);
        format!("[profiles.{name}]\nprovider = \"memset\"\nurl = \"{url}\"\n{key}\n")
    };
    let slow = format!("key_command = \"sh -c 'sleep 0.5; echo {KEY}'\"");
    world.configure(&[account("a", "key_env = \"A\""), account("b", &slow)].concat());
    world.marsh().args(["-p", "a"]).env("A", KEY)
}

#[test]
fn a_change_after_any_other_pause_does_too() {
    for (pause, prefix) in [
        ("internal.version |! sleep 0.5", ""),
        ("internal.version -q 'last(range(500000))'", ""),
        ("internal.version", "b:"),
        ("internal.version\nsource wait.marsh", ""),
    ] {
        let (server, world) = (impatient(), World::new());
        world.put("wait.marsh", "last |! sleep 0.5\n", 0o644);
        let ended = two_accounts(&world, &server).stdin(format!("{pause}\n{prefix}{CHANGE}\n")).run();
        let ended = ended.exits(0);
        assert_eq!(calls(&server, "service.set_nickname"), 1, "{ended}");
    }
}

#[test]
fn a_connection_that_lives_is_used_again() {
    let server = Server::answering((0..3).map(|_| Answer::value("<int>5</int>")));
    let script = format!("internal.version\n{CHANGE}\ninternal.version\n");
    World::new().marsh().against(&server).stdin(script).run().exits(0);
    assert_eq!((server.requests().len(), server.connections()), (3, 1));
}

/// A call of a service beyond a proxy that answers so.
fn by_proxy(answer: &str) -> (Outcome, usize) {
    let proxy = Server::answering((0..9).map(|_| Answer::http(answer.as_bytes())));
    let run = World::new().marsh().args(["-k", KEY, "-u", "https://api.example.invalid/v1/xmlrpc"]);
    let run = run.env("HTTPS_PROXY", format!("http://{}", proxy.address));
    let ended = run.line(CHANGE).run();
    (ended, proxy.connections())
}

#[test]
fn a_proxy_that_refuses_is_asked_once() {
    for answer in [
        "HTTP/1.1 407 Proxy Authentication Required\nConnection: close\n\n",
        "HTTP/1.1 403 Forbidden\nConnection: close\n\n",
    ] {
        let (ended, asked) = by_proxy(answer);
        let ended = ended.exits(6).prints("").says("nothing was sent");
        assert_eq!(asked, 1, "{ended}");
    }
}

#[test]
fn the_time_for_an_answer_is_that_of_the_whole_call() {
    let server = Server::answering([Answer::Silence]);
    let run = World::new().marsh().args(["-v", "--timeout", "2", "--retries", "0"]).against(&server);
    let ended = run.line("service.list").run().exits(5).says("within 2 s");
    let took =
        ended.stderr.lines().find_map(|line| line.strip_prefix("< nothing:")?.rsplit_once('(')?.1.strip_suffix(" ms)"));
    // One limit for the connection and one more for the answer would be twice the time.
    assert!((2000..3900).contains(&took.unwrap().parse::<u32>().unwrap()), "{ended}");
}

#[test]
fn an_answer_with_many_headers_is_one() {
    let headers: String = (0..300).map(|at| format!("X-Hop-{at}: {}\n", "v".repeat(40))).collect();
    let body = "<methodResponse><params><param><value><int>5</int></value></param></params></methodResponse>";
    let server = Server::answering([Answer::http(format!("HTTP/1.1 200 OK\n{headers}\n{body}").as_bytes())]);
    World::new().marsh().against(&server).line("internal.version").run().exits(0).prints("5\n");
}

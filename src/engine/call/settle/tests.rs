//! The question that is asked, and what is made of the answer, with a service of one request.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::thread;

use super::*;
use crate::bind::{self, Nowhere};
use crate::engine::fixture;
use crate::engine::run::session::Session;
use crate::engine::{Console, Stream};
use crate::wire::Timeouts;
use model::{Class, Diagnostic, Inquiry};

const CATALOG: &str = r#"
id = "own"
title = "Our Own"
document = "wiki"
host = "https://api.example.com"
auth = { scheme = "basic", user = "{key}" }
transport = [{ name = "json", protocol = "json", path = "/{method}" }]
error = [{ code = 4, kind = "refused", summary = "No such thing" }, { code = 5, kind = "refused", summary = "Not now" }]
[[shape]]
name = "thing"
fields = [{ name = "id", type = "int" }, { name = "name", type = "string" }]
[[method]]
name = "thing.list"
doc = 1
summary = "List things"
effect = "read"
returns = "list:@thing"
example = "thing.list"
[[method]]
name = "thing.get"
doc = 1
summary = "Show a thing"
effect = "read"
returns = "@thing"
example = "thing.get id 1"
params = [{ name = "id", type = "int", required = true, summary = "Number" }]
[[method]]
name = "thing.delete"
doc = 1
summary = "Delete a thing"
effect = "destroy"
loses = "the thing"
reconcile = { method = "thing.get", with = { id = "id" }, expect = "absent", gone = [4] }
example = "thing.delete id 1"
params = [{ name = "id", type = "int", required = true, summary = "Number" }]
[[method]]
name = "thing.make"
doc = 1
summary = "Make a thing"
effect = "change"
reconcile = { method = "thing.list", find = { name = "name" }, unique = true, id = "id" }
example = "thing.make name x"
params = [{ name = "name", type = "string", required = true, summary = "Name" }]
[[method]]
name = "thing.turn"
doc = 1
summary = "Turn a thing"
effect = "change"
example = "thing.turn id 1"
params = [{ name = "id", type = "int", required = true, summary = "Number" }]
"#;

const KEY: &str = "canary-0123456789";

/// A service that gives one answer; what it was asked comes back from the thread, nothing if it was not.
fn service(status: u16, body: String) -> (String, thread::JoinHandle<String>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let (mut head, mut length) = (String::new(), 0);
        while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).unwrap() > 0 {
            let last = head.lines().last().unwrap_or_default().to_ascii_lowercase();
            length = last.strip_prefix("content-length: ").map_or(length, |digits| digits.parse().unwrap());
        }
        let mut sent = vec![0; length];
        reader.read_exact(&mut sent).unwrap();
        let kind = "Content-Type: application/json\r\nConnection: close";
        write!(stream, "HTTP/1.1 {status} It\r\n{kind}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        format!("{} {}", head.lines().next().unwrap_or_default(), String::from_utf8(sent).unwrap())
    });
    (url, asked)
}

fn session(url: String) -> Session {
    let mut account = fixture::account("it", CATALOG, KEY);
    account.place.url = Some(url);
    let quiet = || Stream::plain(Box::new(io::sink()));
    let console = Console {
        out: quiet(),
        err: quiet(),
        person: None,
        width: 80,
        height: 24,
        window: Default::default(),
        ability: Default::default(),
    };
    let mut parts = fixture::parts(account, console);
    parts.settings.simulated = true;
    Session::new(parts).unwrap()
}

/// What is found out about a line at a service of that address.
fn settled(line: &str, url: String) -> Result<Verdict, CallError> {
    let mut session = session(url);
    let lines = lang::parse(line).unwrap();
    let method = session.accounts.registry.here().method(&lines[0].head.text()).unwrap().unwrap();
    let call = bind::bind(&method, &lines[0], bind::Rules::default(), &mut Nowhere).unwrap();
    let Arguments::Named(given) = &call.arguments else { panic!("{line}") };
    let mut exchange = session.exchange("it", Timeouts::default()).unwrap();
    exchange.account.unlock(exchange.redactor).unwrap();
    let inquiry = Inquiry { method: &call.method, given, sent: 0, asked: 3600, until: 60, others: &[] };
    match inquiry.question() {
        Ok(question) => settle(&mut exchange, &question),
        Err(verdict) => Ok(verdict),
    }
}

#[test]
fn one_reading_shows_what_became_of_a_call() {
    let refusal = |code: u16| format!(r#"{{"error_code":{code},"error_type":"Refused","error":"No."}}"#);
    for (line, status, body, asked, expected) in [
        ("thing.make name x", 200, r#"[{"id":5,"name":"x"}]"#.to_owned(), "/thing.list", "yes 5"),
        ("thing.make name x", 200, "[]".to_owned(), "/thing.list", "no"),
        ("thing.make name x", 200, r#"[{"id":5,"name":"X"}]"#.to_owned(), "/thing.list", "open"),
        ("thing.delete id 99", 404, refusal(4), "/thing.get", "yes"),
        ("thing.delete id 99", 200, r#"{"id":99,"name":"x"}"#.to_owned(), "/thing.get", "no"),
        ("thing.delete id 99", 400, refusal(5), "/thing.get", "refused"),
    ] {
        let (url, request) = service(status, body.clone());
        let found = match settled(line, url) {
            Ok(Verdict::Happened { id: Some(id), .. }) => format!("yes {id}"),
            Ok(Verdict::Happened { .. }) => "yes".into(),
            Ok(Verdict::DidNot { .. }) => "no".into(),
            Ok(Verdict::CannotTell { .. }) => "open".into(),
            Err(error) => {
                assert_eq!(error.class(), Class::Refused, "{line}: {error}");
                "refused".to_owned()
            }
        };
        let request = request.join().unwrap();
        assert!(request.contains(asked) && request.contains("99") == line.contains("99"), "{line}: {request}");
        assert_eq!(found, expected, "{line}: {body}");
    }
}

#[test]
fn what_a_service_shows_is_reported_without_the_key() {
    let (url, request) = service(200, format!(r#"[{{"id":5,"name":"{KEY}"}}]"#));
    let found = settled(&format!("thing.make name {KEY}"), url);
    let Ok(Verdict::Happened { evidence, .. }) = found else { panic!("{found:?}") };
    request.join().unwrap();
    assert!(evidence.contains("thing.list shows name") && !evidence.contains(KEY), "{evidence}");
}

#[test]
fn without_a_rule_nothing_is_asked() {
    // Nobody listens there.
    let open = settled("thing.turn id 1", "http://127.0.0.1:1".into()).unwrap();
    assert!(!open.is_settled(), "{open:?}");
    let lost = settled("thing.make name x", "http://127.0.0.1:1".into()).unwrap_err();
    assert_eq!(lost.class(), Class::NotReached, "{lost}");
}

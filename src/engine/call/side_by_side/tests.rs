//! Calls side by side, against services that count how many calls are under way.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use super::order::{Ended, Finished, Order, Planned};
use super::run::run;
use crate::bind::{self, Nowhere};
use crate::engine::call::exchange::Exchange;
use crate::engine::fixture;
use crate::engine::run::session::{Parts, Session};
use crate::engine::state::error::CallError;
use crate::engine::{Console, Stream};
use crate::wire::Timeouts;
use model::{Call, Class, Diagnostic, Method, Value};

fn catalog(limits: &str) -> String {
    format!(
        r#"
id = "own"
title = "Our Own"
document = "wiki"
host = "https://api.example.com"
{limits}
auth = {{ scheme = "basic", user = "{{key}}" }}
transport = [{{ name = "json", protocol = "json", path = "/{{method}}" }}]
error = [{{ code = 4, kind = "refused", summary = "No such thing" }}, {{ code = 9, kind = "credentials", summary = "Key" }}]
[[method]]
name = "thing.get"
doc = 1
summary = "Show a thing"
effect = "read"
example = "thing.get id 1"
params = [{{ name = "id", type = "int", required = true, summary = "Number" }}]
[[method]]
name = "thing.slow"
doc = 1
summary = "Show a thing at length"
effect = "read"
calls_at_once = 1
example = "thing.slow id 1"
params = [{{ name = "id", type = "int", required = true, summary = "Number" }}]
"#
    )
}

/// What a service saw.
#[derive(Debug, Default)]
struct Seen {
    now: AtomicUsize,
    most: AtomicUsize,
    calls: AtomicUsize,
    /// Each call with its key, in the order of arrival.
    asked: Mutex<Vec<(String, String)>>,
    /// How many calls are answered only when so many have come.
    gate: Mutex<usize>,
    opened: Condvar,
}

impl Seen {
    /// Waits until so many calls have come.
    fn wait_for(&self, calls: usize) {
        let mut come = self.gate.lock().unwrap();
        while *come < calls {
            come = self.opened.wait_timeout(come, Duration::from_secs(20)).unwrap().0;
        }
    }
}

/// A service that answers each call with its id, after `together` calls have come.
fn service(together: usize, refuses: &'static [&'static str]) -> (String, Arc<Seen>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let seen = Arc::<Seen>::default();
    let ours = Arc::clone(&seen);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let seen = Arc::clone(&ours);
            thread::spawn(move || while answer(&stream, &seen, together, refuses).is_some() {});
        }
    });
    (url, seen)
}

fn answer(stream: &TcpStream, seen: &Seen, together: usize, refuses: &[&str]) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
        let last = head.lines().last().unwrap_or_default().to_ascii_lowercase();
        length = last.strip_prefix("content-length: ").map_or(length, |digits| digits.parse().unwrap());
    }
    let mut sent = vec![0; length];
    reader.read_exact(&mut sent).ok()?;
    let body = String::from_utf8(sent).unwrap();
    let key = head.lines().find(|line| line.to_ascii_lowercase().starts_with("authorization")).unwrap().to_owned();
    // `parameters={"id":5}`, escaped.
    let id = body.rsplit("%3A").next().and_then(|rest| rest.split('%').next()).unwrap_or_default().to_owned();
    seen.asked.lock().unwrap().push((id.clone(), key));
    let now = seen.now.fetch_add(1, Ordering::SeqCst) + 1;
    seen.most.fetch_max(now, Ordering::SeqCst);
    seen.calls.fetch_add(1, Ordering::SeqCst);
    *seen.gate.lock().unwrap() += 1;
    seen.opened.notify_all();
    seen.wait_for(together);
    seen.now.fetch_sub(1, Ordering::SeqCst);
    let (status, body) = match refuses {
        ["key"] => (401, r#"{"error_code":9,"error_type":"Key","error":"No."}"#.to_owned()),
        ids if ids.contains(&id.as_str()) => (400, r#"{"error_code":4,"error_type":"No","error":"No."}"#.to_owned()),
        _ => (200, id),
    };
    let kind = "Content-Type: application/json";
    write!(&*stream, "HTTP/1.1 {status} It\r\n{kind}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).ok()
}

struct One {
    profile: &'static str,
    call: Call,
}

impl Planned for One {
    fn profile(&self) -> &str {
        self.profile
    }

    fn method(&self) -> &Method {
        &self.call.method
    }

    fn timeouts(&self) -> Timeouts {
        Timeouts::default()
    }
}

/// A session with an account for each address, and its calls: each a profile, a method and an id.
fn session(accounts: &[(&str, &str, &str)], limits: &str) -> Session {
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
    let mut all: Vec<_> = accounts
        .iter()
        .map(|(profile, url, key)| {
            let mut account = fixture::account(profile, &catalog(limits), key);
            account.place.url = Some((*url).to_owned());
            account.rules.retries = 0;
            account
        })
        .collect();
    let first = all.remove(0);
    let mut parts: Parts = fixture::parts(first, console);
    parts.others = all;
    let mut session = Session::new(parts).unwrap();
    accounts.iter().for_each(|(profile, ..)| session.accounts.unlock(profile).unwrap());
    session
}

fn calls(session: &Session, asked: &[(&'static str, &str, usize)]) -> Vec<One> {
    let call = |(profile, method, id): &(&'static str, &str, usize)| {
        let lines = lang::parse(&format!("{method} id {id}")).unwrap();
        let method = session.accounts.registry.source(profile).unwrap().method(method).unwrap().unwrap();
        let call = bind::bind(&method, &lines[0], bind::Rules::default(), &mut Nowhere).unwrap();
        One { profile, call }
    };
    asked.iter().map(call).collect()
}

/// Runs calls, and returns how each ended, in the order of delivery.
fn outcomes(session: &mut Session, calls: &[One], at_once: usize, ends: fn(&CallError) -> bool) -> Vec<String> {
    let mut all = Vec::new();
    let order = Order { at_once, ends: &ends };
    let work = |exchange: &mut Exchange<'_>, one: &One| Ok(exchange.value(&one.call)?.0);
    let parts = (&mut session.accounts, &mut session.console);
    let done = run(parts, calls, &order, work, |_, index, finished: Finished<Value>| {
        let ended = match finished.ended {
            Ended::Done(value) => value.plain(),
            Ended::Failed(error) if error.class() == Class::Failed => error.to_string(),
            Ended::Failed(error) => format!("{:?}", error.class()),
            Ended::Unsent(why) => format!("{why:?}"),
        };
        assert_eq!(index, all.len());
        all.push(ended);
        Ok(())
    });
    done.unwrap();
    all
}

#[test]
fn results_come_in_order_and_so_many_calls_are_under_way() {
    let (url, seen) = service(4, &[]);
    let mut session = session(&[("a", &url, "key-of-a-0123456789")], "");
    session.accounts.list[0].accepted = Some(true);
    let asked: Vec<_> = (0..40).map(|id| ("a", "thing.get", id)).collect();
    let calls = calls(&session, &asked);
    let all = outcomes(&mut session, &calls, 4, |_| false);
    assert_eq!(all, (0..40).map(|id| id.to_string()).collect::<Vec<_>>());
    assert_eq!(seen.most.load(Ordering::SeqCst), 4, "{seen:?}");
    // The connections are kept for the next time.
    assert_eq!(session.accounts.wires.len(), 4);
    assert_eq!(session.accounts.wire.left(), 40);
}

#[test]
fn an_account_and_a_method_have_their_own_limits() {
    let (url, seen) = service(0, &[]);
    let mut session = session(&[("a", &url, "key-of-a-0123456789")], "calls_at_once = 2");
    session.accounts.list[0].accepted = Some(true);
    let asked: Vec<_> = (0..30).map(|id| ("a", "thing.get", id)).collect();
    let all = calls(&session, &asked);
    assert_eq!(outcomes(&mut session, &all, 8, |_| false).len(), 30);
    assert!(seen.most.load(Ordering::SeqCst) <= 2, "{seen:?}");
    let (before, asked): (usize, Vec<_>) = (30, (0..9).map(|id| ("a", "thing.slow", id)).collect());
    seen.most.store(0, Ordering::SeqCst);
    let all = calls(&session, &asked);
    assert_eq!(outcomes(&mut session, &all, 8, |_| false).len(), 9);
    assert_eq!((seen.most.load(Ordering::SeqCst), seen.calls.load(Ordering::SeqCst)), (1, before + 9));
}

#[test]
fn two_profiles_with_one_key_are_one_account() {
    let (url, seen) = service(0, &[]);
    let key = "key-of-both-0123456789";
    let mut session = session(&[("a", &url, key), ("b", &url, key)], "calls_at_once = 1");
    let asked: Vec<_> = (0..10).map(|id| (["a", "b"][id % 2], "thing.get", id)).collect();
    let all = calls(&session, &asked);
    assert_eq!(outcomes(&mut session, &all, 8, |_| false).len(), 10);
    assert_eq!(seen.most.load(Ordering::SeqCst), 1, "{seen:?}");
}

#[test]
fn each_account_gets_its_own_key() {
    let ((one, first), (two, second)) = (service(0, &[]), service(0, &[]));
    let mut session = session(&[("a", &one, "canary-a-0123456789"), ("b", &two, "canary-b-0123456789")], "");
    let asked: Vec<_> = (0..20).map(|id| (["a", "b"][id % 2], "thing.get", id)).collect();
    let all = calls(&session, &asked);
    assert_eq!(outcomes(&mut session, &all, 4, |_| false).len(), 20);
    let key = |seen: &Seen| seen.asked.lock().unwrap()[0].1.clone();
    assert_ne!(key(&first), key(&second));
    for (seen, even) in [(first, 0), (second, 1)] {
        let asked = seen.asked.lock().unwrap();
        assert!(asked.len() == 10 && asked.iter().all(|(id, _)| id.parse::<usize>().unwrap() % 2 == even), "{asked:?}");
        assert!(asked.iter().all(|(_, key)| *key == asked[0].1), "{asked:?}");
    }
}

#[test]
fn the_first_failure_ends_it_or_not() {
    for (ends, expected) in [
        ((|_| false) as fn(&CallError) -> bool, ["0", "1", "Refused", "3", "4", "5"]),
        (|error| error.class() == Class::Refused, ["0", "1", "Refused", "Failure", "Failure", "Failure"]),
    ] {
        let (url, seen) = service(0, &["2"]);
        let mut session = session(&[("a", &url, "key-of-a-0123456789")], "");
        let asked: Vec<_> = (0..6).map(|id| ("a", "thing.get", id)).collect();
        let all = calls(&session, &asked);
        assert_eq!(outcomes(&mut session, &all, 1, ends), expected);
        assert_eq!(seen.calls.load(Ordering::SeqCst), expected.iter().filter(|one| **one != "Failure").count());
    }
}

#[test]
fn a_wrong_key_is_tried_three_times_and_a_dead_account_delays_no_other() {
    let ((bad, refused), (good, _)) = (service(0, &["key"]), service(0, &[]));
    let dead = "http://127.0.0.1:1";
    let mut session = session(
        &[("bad", &bad, "k-1-0123456789"), ("dead", dead, "k-2-0123456789"), ("good", &good, "k-3-0123456789")],
        "",
    );
    let asked: Vec<_> = (0..15).map(|id| (["bad", "dead", "good"][id % 3], "thing.get", id)).collect();
    let all = calls(&session, &asked);
    let ended = outcomes(&mut session, &all, 3, |_| false);
    let of = |place: usize| ended.iter().skip(place).step_by(3).map(String::as_str).collect::<Vec<_>>();
    assert_eq!(of(0), ["Credentials", "Credentials", "Credentials", "Key", "Key"]);
    assert_eq!(of(1), ["NotReached"; 5]);
    assert_eq!(of(2), ["2", "5", "8", "11", "14"]);
    assert_eq!(refused.calls.load(Ordering::SeqCst), 3);
    assert_eq!(session.accounts.get("bad").unwrap().accepted, Some(false));
    assert_eq!(session.accounts.get("good").unwrap().accepted, Some(true));
}

#[test]
fn a_result_that_cannot_be_delivered_ends_it() {
    let (url, seen) = service(0, &[]);
    let mut session = session(&[("a", &url, "key-of-a-0123456789")], "");
    let asked: Vec<_> = (0..100).map(|id| ("a", "thing.get", id)).collect();
    let all = calls(&session, &asked);
    let order = Order { at_once: 2, ends: &|_| false };
    let work = |exchange: &mut Exchange<'_>, one: &One| Ok(exchange.value(&one.call)?.0);
    let mut delivered = 0;
    let parts = (&mut session.accounts, &mut session.console);
    let done = run(parts, &all, &order, work, |_, _, _| {
        delivered += 1;
        Err(CallError::NoOutput)
    });
    assert!(matches!(done, Err(CallError::NoOutput)), "{done:?}");
    // The window bounds how far the calls can have gone on.
    assert!(delivered == 1 && seen.calls.load(Ordering::SeqCst) <= 9, "{seen:?}");
}

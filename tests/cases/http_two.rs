//! Calls side by side over TLS: one connection for all of them where the service speaks HTTP/2, and what is known of a
//! call when such a connection ends. The service is written frame by frame, so that it can end one as it likes.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use history::Outcome;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::each_jobs::CATALOG;
use crate::support::cmd::{Run, World};
use crate::support::raw;
use crate::support::tls::{Authority, usual};

type Stream = StreamOwned<ServerConnection, TcpStream>;

/// What the service does with a call that has come, and is not the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    /// Answers as soon as so many have come.
    Answers(usize),
    /// Says once that it ends the connection before the call, and ends it.
    GoesAway,
    /// Says once that it ends the connection after the call, and ends it without an answer.
    GoesAwayAfter,
    /// Ends the call once, with this reason.
    Resets(u32),
    /// Closes the connection once.
    HangsUp,
}

const REFUSED_STREAM: u32 = 7;
const CANCEL: u32 = 8;

/// What it saw.
#[derive(Default)]
struct Seen {
    connections: AtomicUsize,
    /// The most calls that waited for an answer on one connection.
    most: AtomicUsize,
    /// How many times each member was called.
    calls: Mutex<BTreeMap<usize, usize>>,
    /// The deed that is done once was done.
    done: AtomicUsize,
}

/// A service over TLS with these protocols; its port, and the certificate of its authority.
fn service(protocols: &'static [&'static [u8]], deed: Deed) -> (u16, String, Arc<Seen>) {
    let authority = Authority::new("one");
    let config = authority.issue(usual(&["localhost"])).speaking(protocols);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen = Arc::<Seen>::default();
    let ours = Arc::clone(&seen);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (seen, config) = (Arc::clone(&ours), Arc::clone(&config));
            thread::spawn(move || converse(stream, config, deed, &seen));
        }
    });
    (port, authority.pem, seen)
}

fn converse(stream: TcpStream, config: Arc<ServerConfig>, deed: Deed, seen: &Seen) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
    while stream.conn.is_handshaking() {
        stream.conn.complete_io(&mut stream.sock)?;
    }
    seen.connections.fetch_add(1, Ordering::SeqCst);
    match stream.conn.alpn_protocol() {
        Some(b"h2") => Two { stream, deed, seen, bodies: BTreeMap::new(), waiting: Vec::new(), last: 0 }.run(),
        _ => one(stream, seen),
    }
}

/// Calls over HTTP/1, one after the other.
fn one(mut stream: Stream, seen: &Seen) -> io::Result<()> {
    let mut bytes = Vec::new();
    loop {
        while !raw::is_whole(&bytes) {
            let mut buffer = [0; 4096];
            let count = stream.read(&mut buffer)?;
            if count == 0 {
                return Ok(());
            }
            bytes.extend_from_slice(&buffer[..count]);
        }
        seen.note(&bytes);
        let body = answer();
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n\r\n{body}", body.len())?;
        stream.flush()?;
        bytes.clear();
    }
}

fn answer() -> String {
    "<methodResponse><params><param><value><int>5</int></value></param></params></methodResponse>".into()
}

impl Seen {
    /// Notes a call, and returns how many have come.
    fn note(&self, body: &[u8]) -> usize {
        let text = String::from_utf8_lossy(body);
        let id = text.split("<int>").nth(1).and_then(|rest| rest.split('<').next()).unwrap_or("0").parse().unwrap();
        let mut calls = self.calls.lock().unwrap();
        *calls.entry(id).or_default() += 1;
        calls.values().sum()
    }

    fn calls(&self) -> Vec<usize> {
        self.calls.lock().unwrap().values().copied().collect()
    }

    /// Whether this is the first time.
    fn once(&self) -> bool {
        self.done.fetch_add(1, Ordering::SeqCst) == 0
    }
}

/// A connection in HTTP/2.
struct Two<'s> {
    stream: Stream,
    deed: Deed,
    seen: &'s Seen,
    bodies: BTreeMap<u32, Vec<u8>>,
    /// The calls that have come and are not answered.
    waiting: Vec<u32>,
    /// The last call that was answered.
    last: u32,
}

impl Two<'_> {
    fn run(mut self) -> io::Result<()> {
        let mut preface = [0; 24];
        self.stream.read_exact(&mut preface)?;
        assert_eq!(&preface, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        self.send(4, 0, 0, &[])?;
        loop {
            let mut head = [0; 9];
            self.stream.read_exact(&mut head)?;
            let (kind, flags) = (head[3], head[4]);
            let id = u32::from_be_bytes(head[5..].try_into().unwrap());
            let mut payload = vec![0; usize::from(head[0]) << 16 | usize::from(head[1]) << 8 | usize::from(head[2])];
            self.stream.read_exact(&mut payload)?;
            match kind {
                // Data makes room for as much.
                0 if !payload.is_empty() => {
                    let room = u32::try_from(payload.len()).unwrap().to_be_bytes();
                    self.send(8, 0, 0, &room)?;
                    self.bodies.entry(id).or_default().extend_from_slice(&payload);
                }
                4 if flags & 1 == 0 => self.send(4, 1, 0, &[])?,
                6 if flags & 1 == 0 => self.send(6, 1, 0, &payload)?,
                7 => return Ok(()),
                _ => {}
            }
            if matches!(kind, 0 | 1) && flags & 1 == 1 && !self.called(id)? {
                return Ok(());
            }
        }
    }

    /// A call has come as a whole. Returns whether the connection goes on.
    fn called(&mut self, id: u32) -> io::Result<bool> {
        let nth = self.seen.note(&self.bodies.remove(&id).unwrap_or_default());
        self.waiting.push(id);
        self.seen.most.fetch_max(self.waiting.len(), Ordering::SeqCst);
        match self.deed {
            // The first goes alone, to find out whether the key is accepted.
            _ if nth == 1 => self.answer_all()?,
            Deed::Answers(together) if self.waiting.len() < together => {}
            Deed::GoesAway | Deed::GoesAwayAfter if self.seen.once() => {
                let last = if self.deed == Deed::GoesAway { self.last } else { id };
                let text = [last.to_be_bytes(), 0_u32.to_be_bytes()].concat();
                self.send(7, 0, 0, &text)?;
                self.stream.conn.send_close_notify();
                self.stream.flush()?;
                return Ok(false);
            }
            Deed::Resets(reason) if self.seen.once() => {
                self.waiting.retain(|waiting| *waiting != id);
                self.send(3, 0, id, &reason.to_be_bytes())?;
            }
            Deed::HangsUp if self.seen.once() => return Ok(false),
            _ => self.answer_all()?,
        }
        Ok(true)
    }

    fn answer_all(&mut self) -> io::Result<()> {
        for id in std::mem::take(&mut self.waiting) {
            // `:status: 200`, and `content-type` as a literal.
            self.send(1, 4, id, b"\x88\x0f\x10\x08text/xml")?;
            self.send(0, 1, id, answer().as_bytes())?;
            self.last = self.last.max(id);
        }
        Ok(())
    }

    fn send(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) -> io::Result<()> {
        let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
        let frame = [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat();
        self.stream.write_all(&frame)?;
        self.stream.flush()
    }
}

const TWO: &[&[u8]] = &[b"h2", b"http/1.1"];

/// Makes a call for each of so many numbers.
fn each(world: &World, (port, pem): (u16, &str), method: &str, members: usize, options: &str) -> Run {
    world.put("own.toml", CATALOG, 0o600);
    world.put("ca.pem", pem, 0o600);
    let catalog = world.at("own.toml").display().to_string();
    world.configure(&format!(
        "[profiles.own]\nprovider = \"own\"\ncatalog = \"{catalog}\"\nurl = \"https://localhost:{port}\"\nkey_env = \"K\"\n"
    ));
    let numbers: Vec<String> = (1..=members).map(|number| number.to_string()).collect();
    let script = format!("let all = (json)[{}]\n$all | each {method} id {{}} {options} -o jsonl\n", numbers.join(","));
    let run = world.marsh().env("K", "0123456789abcdef0123456789abcdef").env("SSL_CERT_FILE", world.at("ca.pem"));
    run.args(["-p", "own"]).stdin(script)
}

#[test]
fn sixteen_calls_at_once_share_one_connection() {
    let (port, pem, seen) = service(TWO, Deed::Answers(16));
    let world = World::new();
    let ran = each(&world, (port, &pem), "thing.info", 161, "--jobs 16").run().exits(0);
    assert_eq!(ran.says("161 calls of thing.info, all done").stdout.lines().count(), 161);
    let [connections, most] = [&seen.connections, &seen.most].map(|count| count.load(Ordering::SeqCst));
    assert_eq!((connections, most, seen.calls()), (1, 16, vec![1; 161]));
}

#[test]
fn a_service_without_http_two_gets_some_connections() {
    let (port, pem, seen) = service(&[b"http/1.1"], Deed::Answers(1));
    let world = World::new();
    each(&world, (port, &pem), "thing.info", 40, "--jobs 4").run().exits(0).says("40 calls of thing.info, all done");
    assert_eq!(seen.calls(), [1; 40]);
    // Each thread may have begun a call before the first answer said that nothing can be shared.
    let connections = seen.connections.load(Ordering::SeqCst);
    assert!((1..=8).contains(&connections), "{connections}");
}

#[test]
fn a_change_that_the_service_did_not_take_is_made_again() {
    for deed in [Deed::GoesAway, Deed::Resets(REFUSED_STREAM)] {
        let (port, pem, seen) = service(TWO, deed);
        let world = World::new();
        let ran = each(&world, (port, &pem), "thing.touch", 3, "--jobs 1 --yes").run().exits(0);
        ran.says("3 calls of thing.touch, all done");
        assert_eq!(seen.calls(), [1, 2, 1], "{deed:?}");
        assert_eq!(seen.connections.load(Ordering::SeqCst), if deed == Deed::GoesAway { 2 } else { 1 }, "{deed:?}");
        let rows = world.calls();
        let rows: Vec<_> = rows.iter().map(|row| (row.outcome, row.attempts)).collect();
        assert_eq!(rows, [(Outcome::Done, 1), (Outcome::Done, 2), (Outcome::Done, 1)], "{deed:?}");
    }
}

#[test]
fn a_change_that_was_broken_off_is_unknown_and_never_made_again() {
    for (deed, words) in [
        (Deed::Resets(CANCEL), "the service broke off this call"),
        (Deed::Resets(2), "the service broke off this call"),
        (Deed::HangsUp, "the connection to localhost"),
        (Deed::GoesAwayAfter, "the connection to localhost"),
    ] {
        let (port, pem, seen) = service(TWO, deed);
        let world = World::new();
        let ran = each(&world, (port, &pem), "thing.touch", 3, "--jobs 1 --yes --keep-going").run().exits(11);
        let ran = ran.says("1 of 3 calls were not done: 2 done, 1 outcome unknown");
        assert!(ran.stderr.contains(words), "{deed:?}: {ran}");
        assert_eq!(seen.calls(), [1, 1, 1], "{deed:?}");
        let outcomes: Vec<_> = world.calls().iter().map(|row| row.outcome).collect();
        assert_eq!(outcomes, [Outcome::Done, Outcome::Unknown, Outcome::Done], "{deed:?}");
    }
}

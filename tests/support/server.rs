//! A server on loopback that records what it is sent, byte for byte, and answers with the bytes it was given.
//!
//! It keeps connections open unless an answer says `Connection: close`, closes those that are idle for too long, and
//! stops when it is dropped.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How long a connection may stay without a byte: longer than any test, shorter than forever.
const IDLE: Duration = Duration::from_secs(30);

/// What becomes of one request.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// These bytes go back.
    Bytes(Vec<u8>),
    /// The connection is closed without a word.
    HangUp,
    /// Nothing happens until the other side gives up.
    Silence,
}

impl Answer {
    /// A message written with bare line feeds, as files and literals hold it: its head gets CRLF, and a length where
    /// it states neither one nor that it comes in chunks.
    pub(crate) fn http(message: &[u8]) -> Answer {
        let blank = message.windows(2).position(|pair| pair == b"\n\n").expect("a blank line behind the head");
        let (head, body) = (&message[..blank], &message[blank + 2..]);
        let head = std::str::from_utf8(head).expect("a head of text");
        let mut bytes = Vec::new();
        for line in head.lines() {
            bytes.extend_from_slice(line.as_bytes());
            bytes.extend_from_slice(b"\r\n");
        }
        let states = |name: &str| head.lines().any(|line| line.to_ascii_lowercase().starts_with(name));
        if !states("content-length:") && !states("transfer-encoding:") {
            bytes.extend_from_slice(format!("Content-Length: {}\r\n", body.len()).as_bytes());
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(body);
        Answer::Bytes(bytes)
    }

    /// An XML document under status 200.
    pub(crate) fn xml(body: &str) -> Answer {
        Answer::http(format!("HTTP/1.1 200 OK\nContent-Type: text/xml\n\n{body}").as_bytes())
    }

    /// A call's result, its value given as XML-RPC writes it.
    pub(crate) fn value(value: &str) -> Answer {
        let params = format!("<params><param><value>{value}</value></param></params>");
        Answer::xml(&format!("<?xml version=\"1.0\"?>\n<methodResponse>{params}</methodResponse>\n"))
    }

    /// A fault.
    pub(crate) fn fault(code: i32, words: &str) -> Answer {
        Answer::xml(&format!(
            "<?xml version=\"1.0\"?>\n<methodResponse><fault><value><struct>\
             <member><name>faultCode</name><value><int>{code}</int></value></member>\
             <member><name>faultString</name><value><string>{words}</string></value></member>\
             </struct></value></fault></methodResponse>\n"
        ))
    }
}

/// A request as it came in.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    head: String,
    /// What followed the head.
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// The first line.
    pub(crate) fn start(&self) -> &str {
        self.head.lines().next().unwrap_or_default()
    }

    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let fields = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        fields.into_iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// The server.
pub(crate) struct Server {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

struct Shared {
    answers: Mutex<VecDeque<Answer>>,
    requests: Mutex<Vec<Request>>,
    streams: Mutex<Vec<TcpStream>>,
    ending: AtomicBool,
    /// How long a connection may stay without a byte.
    idle: Duration,
    /// How many were closed because of it.
    closed: AtomicUsize,
}

impl Server {
    /// A server with an answer for each request that is expected, in order.
    pub(crate) fn answering(answers: impl IntoIterator<Item = Answer>) -> Server {
        Server::impatient(answers, IDLE)
    }

    /// The same, closing connections on which nothing has come for a while.
    pub(crate) fn impatient(answers: impl IntoIterator<Item = Answer>, idle: Duration) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port on loopback");
        let address = listener.local_addr().expect("its address");
        let shared = Arc::new(Shared {
            answers: Mutex::new(answers.into_iter().collect()),
            requests: Mutex::default(),
            streams: Mutex::default(),
            ending: AtomicBool::new(false),
            idle,
            closed: AtomicUsize::new(0),
        });
        let acceptor = thread::spawn({
            let shared = Arc::clone(&shared);
            move || accept(&listener, &shared)
        });
        Server { address, shared, acceptor: Some(acceptor) }
    }

    /// The address of a path, with `%s` where ma-shell wants the key.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://%s:@{}{path}", self.address)
    }

    /// What has come in so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.shared.requests.lock().unwrap().clone()
    }

    /// Waits until a request has come in.
    pub(crate) fn asked(&self) {
        let started = Instant::now();
        while self.requests().is_empty() {
            assert!(started.elapsed() < Duration::from_secs(20), "no request came");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// How many connections were closed because nothing came.
    pub(crate) fn closed(&self) -> usize {
        self.shared.closed.load(Ordering::SeqCst)
    }

    /// How many connections were made.
    pub(crate) fn connections(&self) -> usize {
        self.shared.streams.lock().unwrap().len()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.ending.store(true, Ordering::SeqCst);
        for stream in self.shared.streams.lock().unwrap().iter() {
            let _ = stream.shutdown(Shutdown::Both);
        }
        // The acceptor looks whether to end at the next connection.
        let _ = TcpStream::connect(self.address);
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    let mut workers = Vec::new();
    for stream in listener.incoming() {
        if shared.ending.load(Ordering::SeqCst) {
            break;
        }
        let Ok(stream) = stream else { continue };
        let Ok(kept) = stream.try_clone() else { continue };
        shared.streams.lock().unwrap().push(kept);
        let shared = Arc::clone(shared);
        workers.push(thread::spawn(move || converse(stream, &shared)));
    }
    for worker in workers {
        let _ = worker.join();
    }
}

/// One connection, request after request. A client that leaves ends it, whatever it leaves behind.
fn converse(stream: TcpStream, shared: &Shared) {
    let _ = stream.set_read_timeout(Some(shared.idle));
    let mut input = BufReader::new(&stream);
    while let Some(request) = receive(&mut input) {
        shared.requests.lock().unwrap().push(request);
        let answer = shared.answers.lock().unwrap().pop_front();
        match answer.unwrap_or_else(unexpected) {
            Answer::Bytes(bytes) => {
                if (&stream).write_all(&bytes).is_err() || says_close(&bytes) {
                    break;
                }
            }
            Answer::HangUp => break,
            Answer::Silence => {
                let _ = input.read(&mut [0]);
                break;
            }
        }
    }
    let _ = stream.shutdown(Shutdown::Both);
    shared.closed.fetch_add(1, Ordering::SeqCst);
}

fn unexpected() -> Answer {
    Answer::http(b"HTTP/1.1 500 Internal Server Error\nContent-Type: text/plain\n\nno request was expected\n")
}

fn says_close(message: &[u8]) -> bool {
    let text = String::from_utf8_lossy(message).to_ascii_lowercase();
    text.split("\r\n\r\n").next().is_some_and(|head| head.contains("\r\nconnection: close"))
}

fn receive(input: &mut impl BufRead) -> Option<Request> {
    let mut head = String::new();
    loop {
        let start = head.len();
        if input.read_line(&mut head).ok()? == 0 {
            return None;
        }
        if head[start..].trim_end().is_empty() {
            break;
        }
    }
    let mut request = Request { head, body: Vec::new() };
    let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    request.body.resize(length, 0);
    input.read_exact(&mut request.body).ok()?;
    Some(request)
}

//! A peer that answers with bytes of a test's choosing, and keeps what it was sent.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Nobody keeps a connection open for longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Writes the answer to one request. That the client has gone meanwhile is its own affair.
type Answer = dyn Fn(&str, &mut TcpStream) -> io::Result<()> + Send + Sync;

/// A peer on the loopback interface. When the value goes, nobody can reach it any more.
pub(crate) struct Peer {
    port: u16,
    received: Arc<Mutex<Vec<Vec<u8>>>>,
    stopped: Arc<AtomicBool>,
    listener: Option<JoinHandle<()>>,
}

impl Peer {
    /// Answers each request, known by its text, as `answer` does, and closes the connection.
    pub(crate) fn new(answer: impl Fn(&str, &mut TcpStream) -> io::Result<()> + Send + Sync + 'static) -> Peer {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (received, stopped) = (Arc::default(), Arc::default());
        let mut peer = Peer { port, received, stopped, listener: None };
        let (received, stopped) = (Arc::clone(&peer.received), Arc::clone(&peer.stopped));
        let answer: Arc<Answer> = Arc::new(answer);
        let listening = thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::Relaxed) {
                    break;
                }
                let (received, answer) = (Arc::clone(&received), Arc::clone(&answer));
                thread::spawn(move || converse(stream.unwrap(), &received, &*answer));
            }
        });
        peer.listener = Some(listening);
        peer
    }

    /// Answers every request with the same bytes.
    pub(crate) fn saying(bytes: impl Into<Vec<u8>>) -> Peer {
        let bytes = bytes.into();
        Peer::new(move |_, stream| stream.write_all(&bytes))
    }

    /// Takes every request and never says a word.
    pub(crate) fn silent() -> Peer {
        Peer::new(|_, stream| hold(stream))
    }

    /// Answers calls with these, in turn and over again, and says that it has no methods to list.
    pub(crate) fn in_turn(answers: Vec<Vec<u8>>) -> Peer {
        let turn = Mutex::new(answers.into_iter().cycle());
        Peer::new(move |request, stream| match request.contains("system.listMethods") {
            true => stream.write_all(&result("<array><data></data></array>")),
            false => stream.write_all(&turn.lock().unwrap().next().unwrap()),
        })
    }

    pub(crate) fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/v1/xmlrpc", self.host())
    }

    /// The requests so far, head and body, as they came.
    pub(crate) fn received(&self) -> Vec<String> {
        self.received.lock().unwrap().iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect()
    }

    /// Waits until a request has come that holds this text, and returns the last such.
    pub(crate) fn hear(&self, text: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(request) = self.received().into_iter().rfind(|request| request.contains(text)) {
                return request;
            }
            assert!(Instant::now() < deadline, "waited in vain for {text:?}");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        // Wakes the listener, so that it sees that it is to stop.
        drop(TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)));
        drop(self.listener.take().map(JoinHandle::join));
    }
}

fn converse(mut stream: TcpStream, received: &Mutex<Vec<Vec<u8>>>, answer: &Answer) {
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let request = read(&mut stream);
    received.lock().unwrap().push(request.clone());
    if answer(&String::from_utf8_lossy(&request), &mut stream).is_ok() {
        drop(stream.shutdown(Shutdown::Write));
        drop(hold(&mut stream));
    }
}

/// One request; what there is of it, when the client goes before its end.
fn read(stream: &mut TcpStream) -> Vec<u8> {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
    while !is_whole(&bytes) {
        match stream.read(&mut buffer) {
            Ok(count @ 1..) => bytes.extend_from_slice(&buffer[..count]),
            _ => break,
        }
    }
    bytes
}

pub(crate) fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_lowercase();
    let Some((head, _)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.parse().ok());
    request.len() >= head.len() + 4 + length.unwrap_or(0)
}

/// Waits until the client goes.
pub(crate) fn hold(stream: &mut TcpStream) -> io::Result<()> {
    let mut buffer = [0; 4096];
    while stream.read(&mut buffer)? > 0 {}
    Ok(())
}

/// An answer with a body of the length that it states.
pub(crate) fn http(status: &str, media: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    with_headers(status, &format!("Content-Type: {media}\r\nContent-Length: {}\r\n", body.as_ref().len()), body)
}

/// An answer with just these headers; the connection serves no other.
pub(crate) fn with_headers(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {status}\r\nConnection: close\r\n{headers}\r\n").into_bytes();
    bytes.extend_from_slice(body.as_ref());
    bytes
}

/// A document under the usual headers.
pub(crate) fn document(xml: impl AsRef<[u8]>) -> Vec<u8> {
    http("200 OK", "text/xml; charset=utf-8", xml)
}

/// A result; `value` is what stands inside `<value>`.
pub(crate) fn result(value: &str) -> Vec<u8> {
    let head = "<?xml version=\"1.0\"?><methodResponse><params><param><value>";
    document(format!("{head}{value}</value></param></params></methodResponse>"))
}

/// A fault.
pub(crate) fn fault(code: i64, words: &str) -> Vec<u8> {
    let member = |name, value: &str| format!("<member><name>{name}</name><value>{value}</value></member>");
    let code = member("faultCode", &format!("<int>{code}</int>"));
    let words = member("faultString", &format!("<string>{words}</string>"));
    document(format!("<methodResponse><fault><value><struct>{code}{words}</struct></value></fault></methodResponse>"))
}

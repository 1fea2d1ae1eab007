//! Which addresses are used, and which connections.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::mpsc;
use std::thread;

use super::*;

#[test]
fn a_key_never_crosses_a_network_in_clear_text() {
    let request = Request { verb: "POST", url: "http://192.0.2.1/".into(), headers: vec![], body: Default::default() };
    let mut wire = Wire::new(Network::default()).unwrap();
    let sent = wire.send(&request, Effect::Read, (&Auth::default(), None), Timeouts::default());
    assert!(matches!(sent, Err(WireError::Insecure { .. })));
}

/// Sends a request and reads its answer.
fn asked(wire: &mut Wire, url: &str, effect: Effect) -> Result<String, WireError> {
    let request = Request { verb: "GET", url: url.into(), headers: vec![], body: Default::default() };
    let mut answer = wire.send(&request, effect, (&Auth::default(), None), Timeouts::default())?;
    let mut body = String::new();
    answer.body.read_to_string(&mut body).unwrap();
    Ok(body)
}

#[test]
fn a_connection_that_was_closed_is_noticed_before_anything_is_sent_over_it() {
    const CALLS: usize = 60;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let (closed, is_closed) = mpsc::channel();
    let server = thread::spawn(move || {
        for nth in 0..CALLS {
            let (mut stream, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            while !lines.next().unwrap().unwrap().is_empty() {}
            drop(lines);
            // The answer promises to keep the connection, in one piece or in two.
            let body = "x".repeat(if nth % 2 == 0 { 3 } else { 100_000 });
            write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len()).unwrap();
            drop(stream);
            closed.send(body.len()).unwrap();
        }
    });
    let mut wire = Wire::new(Network::default()).unwrap();
    for nth in 0..CALLS {
        let effect = if nth % 3 == 0 { Effect::Change } else { Effect::Read };
        let body = asked(&mut wire, &url, effect).unwrap_or_else(|error| panic!("call {nth}: {error}"));
        assert_eq!(body.len(), is_closed.recv().unwrap());
    }
    server.join().unwrap();
}

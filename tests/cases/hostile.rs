//! Servers that break off, lie, hang, flood or talk of something else: each call ends in time, with the right code and
//! a word about what came.

use std::fs;
use std::io::{self, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use crate::support::cmd::{Outcome, World, code, wait};
use crate::support::raw::{Peer, document, fault, hold, http, result, with_headers};
use crate::support::{KEY, KEY_IN_HEADER};

const READ: &[&str] = &["service.list"];
const CHANGE: &[&str] = &["server.reboot", "name", "myserver1"];

fn call(peer: &Peer, timeout: &str, words: &[&str]) -> Outcome {
    World::new().marsh().args(["-k", KEY, "-u", &peer.url(), "--timeout", timeout, "--retries", "0"]).args(words).run()
}

/// Calls a method that reads and one that changes; each must end with its code and these words, and print nothing.
#[track_caller]
fn fails(peer: &Peer, timeout: &str, codes: (i32, i32), words: &str) {
    for (line, code) in [(READ, codes.0), (CHANGE, codes.1)] {
        let started = Instant::now();
        let ended = call(peer, timeout, line);
        assert!(started.elapsed() < Duration::from_secs(20), "{ended}");
        let headline = ended.stderr.lines().next().unwrap_or_default();
        assert!(headline.starts_with("marsh: ") && headline.contains(words), "{words}: {ended}");
        assert_eq!(ended.code, code, "{ended}");
        assert!(ended.stdout.is_empty(), "{ended}");
        for never in ["panicked", KEY, KEY_IN_HEADER] {
            assert!(!ended.stderr.contains(never), "{ended}");
        }
        peer.hear(KEY_IN_HEADER);
    }
}

/// The same for bytes.
#[track_caller]
fn answers(bytes: impl Into<Vec<u8>>, codes: (i32, i32), words: &str) {
    fails(&Peer::saying(bytes), "5", codes, words);
}

/// An answer came, and says nothing of how the call went.
const UNREADABLE: (i32, i32) = (5, 7);
/// The connection broke: what a change did is not known.
const LOST: (i32, i32) = (5, 7);

#[test]
fn a_server_that_hangs() {
    fails(&Peer::silent(), "0.3", LOST, "no answer from 127.0.0.1:");
    let slow = |start: Vec<u8>| {
        Peer::new(move |_, stream| {
            stream.write_all(&start)?;
            hold(stream)
        })
    };
    let whole = result("<int>42</int>");
    fails(&slow(b"HTTP/1.1 200 OK\r\nContent-".to_vec()), "0.3", LOST, "no answer from");
    fails(&slow(whole[..whole.len() - 9].to_vec()), "0.3", LOST, "no answer from");
    fails(&slow(b"HTTP/1.1 100 Continue\r\n\r\n".to_vec()), "0.3", LOST, "no answer from");
}

#[test]
fn an_answer_that_drips() {
    let dripping = |start: &'static [u8]| {
        Peer::new(move |_, stream| {
            stream.write_all(start)?;
            loop {
                stream.write_all(b" ")?;
                std::thread::sleep(Duration::from_millis(50));
            }
        })
    };
    fails(&dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"), "0.5", LOST, "comes too slowly");
    fails(&dripping(b"HTTP/1.1 200 OK\r\nX-Slow:"), "0.5", LOST, "no answer from");
}

#[test]
fn a_connection_that_breaks() {
    let whole = result("<int>42</int>");
    let part = whole[..whole.len() - 20].to_vec();
    answers(part.clone(), LOST, "broke");
    answers(Vec::new(), LOST, "broke");
    answers(whole[..30].to_vec(), LOST, "broke");
    let reset = Peer::new(move |_, stream| {
        stream.write_all(&part)?;
        reset(stream)
    });
    fails(&reset, "5", LOST, "broke");
}

/// Breaks the connection in the client's face.
fn reset(_: &mut TcpStream) -> io::Result<()> {
    Err(io::Error::other("reset"))
}

#[test]
fn a_length_that_is_a_lie() {
    let body = String::from_utf8(result("<int>42</int>")).unwrap();
    let body = body.split_once("\r\n\r\n").unwrap().1;
    let with_length = |length: usize| with_headers("200 OK", &format!("Content-Length: {length}\r\n"), body);
    answers(with_length(body.len() + 10), LOST, "broke");
    answers(with_length(body.len() - 10), UNREADABLE, "the message breaks off");
    answers(with_length(0), UNREADABLE, "empty");
    answers(with_headers("200 OK", "Content-Length: -1\r\n", body), LOST, "broke");
    answers(with_headers("200 OK", "Content-Length: 5\r\nContent-Length: 7\r\n", body), LOST, "broke");
    answers(document(&body[..body.len() - 20]), UNREADABLE, "the message breaks off");
    answers(document([body, "<more/>"].concat()), UNREADABLE, "unexpected");
}

#[test]
fn chunks_that_are_none() {
    let chunked = |chunks: &str| with_headers("200 OK", "Transfer-Encoding: chunked\r\n", chunks);
    answers(chunked("zz\r\nnonsense\r\n0\r\n\r\n"), LOST, "broke");
    answers(chunked("5\r\n<?xml"), LOST, "broke");
    answers(chunked("ffffffffffffffffffff\r\n<?xml"), LOST, "broke");
    answers(chunked("0\r\n\r\n"), UNREADABLE, "empty");
}

#[test]
fn headers_without_end() {
    let endless = Peer::new(|_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\n")?;
        loop {
            stream.write_all(format!("X-{}: {}\r\n", "y".repeat(20), "z".repeat(200)).as_bytes())?;
        }
    });
    fails(&endless, "5", LOST, "broke");
    let long = Peer::new(|_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\n")?;
        (0..100).try_for_each(|at| stream.write_all(format!("X-{at}: {}\r\n", "z".repeat(65_536)).as_bytes()))?;
        stream.write_all(b"\r\n")
    });
    fails(&long, "5", LOST, "broke");
}

#[test]
fn what_is_not_http() {
    answers("<html>hello</html>", LOST, "broke");
    answers([0x16, 3, 1, 0, 0xa5, 1, 0, 0, 0xa1, 3, 3], LOST, "broke");
    answers("HTTP/9.9 200 OK\r\n\r\n", LOST, "broke");
    answers("SSH-2.0-OpenSSH_9.6\r\n", LOST, "broke");
    answers([0; 4096], LOST, "broke");
}

#[test]
fn documents_that_attack_the_reader() {
    let deep = format!("{}{}", "<array><data><value>".repeat(5_000), "</value></data></array>".repeat(5_000));
    answers(result(&deep), UNREADABLE, "more than 64 levels");
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
    answers(document(format!("{bomb}<methodResponse/>")), UNREADABLE, "DOCTYPE");
    let outside = "<?xml version=\"1.0\"?><!DOCTYPE x SYSTEM \"file:///etc/passwd\">";
    let value = "<methodResponse><params><param><value>&x;</value></param></params></methodResponse>";
    answers(document([outside, value].concat()), UNREADABLE, "unknown reference &x;");
    answers(result("&a;"), UNREADABLE, "unknown reference &a;");
    answers(result("<string>&#0;</string>"), UNREADABLE, "unknown reference &#0;");
    answers(result("<string>\u{1b}[2J</string>"), UNREADABLE, "U+001B");
    answers(document(format!("<a {}>", "x".repeat(200_000))), UNREADABLE, "a tag longer than");
    answers(document(["<?xml version=\"1.0\"?>", &"<methodResponse>".repeat(50)].concat()), UNREADABLE, "unexpected");
    answers(result("<i4>99999999999999999999999999999999999999999x</i4>"), UNREADABLE, "is no");
    answers(result("<double>0x7</double>"), UNREADABLE, "is no");
    answers(result("<base64>!!!</base64>"), UNREADABLE, "is no");
    answers(result("<script>x</script>"), UNREADABLE, "unknown type <script>");
}

#[test]
fn text_in_another_character_set_than_promised() {
    answers(result_in(b"caf\xe9"), UNREADABLE, "is not UTF-8");
    answers(result_in(b"\xff\xfe\x00"), UNREADABLE, "is not UTF-8");
    let list = "<array><data><value>caf\u{e9}</value></data></array>";
    let body = String::from_utf8(result(list)).unwrap().split_once("\r\n\r\n").unwrap().1.to_owned();
    for label in ["none", "klingon", "utf-8", "UTF8"] {
        let ended = call(&Peer::saying(http("200 OK", &format!("text/xml; charset={label}"), &body)), "5", READ);
        assert_eq!((ended.code, ended.stdout.as_str()), (0, "[\n  \"café\"\n]\n"), "{label}: {ended}");
    }
}

/// A string of these bytes under the label of UTF-8.
fn result_in(text: &[u8]) -> Vec<u8> {
    let whole = result("<string>@</string>");
    let body: Vec<u8> = whole.split(|byte| *byte == b'\n').next_back().unwrap().to_vec();
    let at = body.iter().position(|byte| *byte == b'@').unwrap();
    document([&body[..at], text, &body[at + 1..]].concat())
}

#[test]
fn something_else_in_place_of_an_answer() {
    let page = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in</body></html>";
    for (status, media, body, codes, words) in [
        ("200 OK", "text/html", page, (5, 7), "an HTML page"),
        ("200 OK", "application/json", "{\"result\": []}", (5, 7), "JSON"),
        ("200 OK", "text/plain", "hello", (5, 7), "not XML-RPC but"),
        ("200 OK", "image/png", "\u{89}PNG\r\n\u{1a}\n", (5, 7), "not XML-RPC but"),
        ("204 No Content", "text/xml", "", (5, 7), "empty"),
        ("400 Bad Request", "text/html", page, (4, 4), "HTTP 400"),
        ("401 Unauthorized", "text/html", page, (3, 3), "HTTP 401"),
        ("403 Forbidden", "text/html", page, (3, 3), "HTTP 403"),
        ("404 Not Found", "text/html", page, (4, 4), "HTTP 404"),
        ("407 Proxy Authentication Required", "text/html", page, (4, 4), "HTTP 407"),
        ("429 Too Many Requests", "text/html", page, (4, 4), "HTTP 429"),
        ("500 Internal Server Error", "text/plain", "Traceback", (5, 5), "HTTP 500"),
        ("502 Bad Gateway", "text/html", page, (5, 5), "HTTP 502"),
        ("503 Service Unavailable", "text/html", page, (5, 5), "HTTP 503"),
        ("599 Strange", "text/html", page, (5, 5), "HTTP 599"),
    ] {
        answers(http(status, media, body), codes, words);
    }
}

#[test]
fn raw_is_what_came_whatever_it_is() {
    let page = "<html><head><title>Sign in</title></head></html>";
    for (answer, read, change) in [
        (http("200 OK", "text/html", page), 5, 7),
        (http("503 Busy", "text/html", page), 5, 5),
        (http("401 Unauthorized", "text/html", page), 3, 3),
        (fault(3, "no such thing"), 4, 4),
        (result("<string>down</string>"), 5, 7),
        (document(b"\x89PNG\r\n\x1a\n\0\xff"), 5, 7),
        (result_in(b"caf\xe9"), 5, 7),
        (document(b"<methodResponse><params>"), 5, 7),
        (packed("br", b"\xff\0"), 5, 7),
    ] {
        let at = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap() + 4;
        for (line, code) in [(READ, read), (CHANGE, change)] {
            for to in [&[][..], &["|!", "dd of=out status=none"]] {
                let (peer, world) = (Peer::saying(answer.clone()), World::new());
                let run = world.marsh().to(&peer.url(), KEY).args(["--retries", "0", "-o", "raw"]).args(line).args(to);
                let into = if to.is_empty() { "out" } else { "nothing" };
                let ended = run.into_file(fs::File::create(world.at(into)).unwrap()).run();
                assert_eq!((ended.code, ended.stderr.is_empty()), (code, code == 0), "{line:?} {to:?}: {ended}");
                assert_eq!(fs::read(world.at("out")).unwrap(), answer[at..], "{line:?} {to:?}: {ended}");
            }
        }
    }
}

#[test]
fn a_redirect_is_not_followed_and_takes_no_key_along() {
    let elsewhere = Peer::saying(result("<int>42</int>"));
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let location = format!("Location: {}\r\nContent-Length: 0\r\n", elsewhere.url());
        let peer = Peer::saying(with_headers(status, &location, ""));
        fails(&peer, "5", (4, 4), "a redirect, which is not followed");
        assert_eq!(peer.received().len(), 2);
    }
    assert!(elsewhere.received().is_empty());
}

#[test]
fn control_characters_reach_a_pipe_escaped_and_stderr_made_visible() {
    let acting = "\u{9b}31m\u{202e}\u{7f}\r\t";
    let written = acting.replace('\r', "&#13;");
    let member = format!("<struct><member><name>{written}</name><value>{written}</value></member></struct>");
    let value = format!("<array><data><value>{member}</value></data></array>");
    let ended = call(&Peer::saying(result(&value)), "5", READ);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    let text = ended.stdout;
    assert!(!text.contains(|c: char| c.is_ascii_control() && c != '\n' && c != '\u{7f}'), "{text:?}");
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value[0][acting], acting);
    let refused = call(&Peer::saying(fault(3, &written)), "5", READ);
    assert_eq!(refused.code, 4, "{refused}");
    assert!(refused.stderr.contains(r"\u{9b}31m\u{202e}\u{7f}"), "{}", refused.stderr);
    assert!(!refused.stderr.contains(|c: char| c.is_control() && c != '\n' && c != '\t'), "{:?}", refused.stderr);
}

/// The start of an answer in chunks, so that it needs no length.
const CHUNKED: &[u8] = b"HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";

fn chunk(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
    stream.write_all(format!("{:x}\r\n", bytes.len()).as_bytes())?;
    stream.write_all(bytes)?;
    stream.write_all(b"\r\n")
}

#[test]
#[cfg(target_os = "linux")]
fn an_answer_goes_into_a_file_without_being_held_in_memory() {
    const MEMBERS: usize = 5_000;
    let (sent, all_sent) = channel();
    let (go, on) = channel();
    let on = Mutex::new(on);
    let peer = Peer::new(move |_, stream| {
        stream.write_all(CHUNKED)?;
        chunk(stream, b"<methodResponse><params><param><value><array><data>")?;
        let member = format!("<value>{}</value>", "x".repeat(10_000));
        (0..MEMBERS).try_for_each(|_| chunk(stream, member.as_bytes()))?;
        sent.send(()).unwrap();
        on.lock().unwrap().recv().unwrap();
        chunk(stream, b"</data></array></value></param></params></methodResponse>")?;
        chunk(stream, b"")
    });
    let world = World::new();
    let mut child = world.marsh().to(&peer.url(), KEY).args(["service.list", "|", "out.json"]).spawn();
    all_sent.recv_timeout(Duration::from_secs(60)).unwrap();
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    go.send(()).unwrap();
    assert_eq!(wait(&mut child).map(code), Some(0));
    let size = world.at("out.json").metadata().unwrap().len();
    assert!(size > 50_000_000, "{size}");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kilobytes: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
    // Most of it is the development build of the program itself.
    assert!(kilobytes < 52_000, "{peak}");
}

#[test]
fn a_value_without_end_is_given_up() {
    let peer = Peer::new(|_, stream| {
        stream.write_all(CHUNKED)?;
        chunk(stream, b"<methodResponse><params><param><value><string>")?;
        let piece = "x".repeat(1 << 20);
        loop {
            chunk(stream, piece.as_bytes())?;
        }
    });
    for line in [&["service.list"][..], &["service.list", "|", "out.json"]] {
        let ended = call(&peer, "5", line);
        assert!(ended.stderr.contains("a value or a tag is longer than 67108864 bytes"), "{ended}");
        assert_eq!((ended.code, ended.stdout.len()), (5, 0), "{ended}");
    }
}

#[test]
fn a_bomb_of_gzip_is_given_up() {
    let body = bomb(400 << 20);
    let headers = format!("Content-Encoding: gzip\r\nContent-Length: {}\r\n", body.len());
    assert!(body.len() < 3 << 20, "{}", body.len());
    answers(with_headers("200 OK", &headers, &body), UNREADABLE, "a value or a tag is longer than");
    answers(packed("gzip", b"not gzip!"), UNREADABLE, "its gzip compression is damaged");
}

/// An answer whose body is packed as its head says, or not.
fn packed(coding: &str, body: &[u8]) -> Vec<u8> {
    with_headers("200 OK", &format!("Content-Encoding: {coding}\r\nContent-Length: {}\r\n", body.len()), body)
}

#[test]
fn a_packed_answer_is_read_to_its_very_end() {
    let gzip = |bytes: &[u8]| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    };
    let whole = result("<array><data><value>one</value><value>two</value></data></array>");
    let at = whole.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap() + 4;
    let (body, half) = (&whole[at..], (whole.len() - at) / 2);
    let two = [gzip(&body[..half]), gzip(&body[half..])].concat();
    let many = body.chunks(7).flat_map(gzip).collect::<Vec<u8>>();
    for (coding, body) in
        [("gzip", &two), ("GZIP", &two), ("x-gzip", &two), ("X-GZip, identity", &many), ("identity", &body.to_vec())]
    {
        for target in [&["service.list", "-o", "jsonl"][..], &["service.list", "|", "out.jsonl"]] {
            let ended = call(&Peer::saying(packed(coding, body)), "5", target);
            assert_eq!((ended.code, ended.stderr.as_str()), (0, ""), "{coding}: {ended}");
            assert!(target.len() == 3 && target[1] == "|" || ended.stdout == "\"one\"\n\"two\"\n", "{coding}: {ended}");
        }
    }
    let damaged = "its gzip compression is damaged";
    answers(packed("gzip", &two[..two.len() - 3]), UNREADABLE, damaged);
    answers(packed("gzip", &[&two[..], b"and more"].concat()), UNREADABLE, damaged);
    answers(packed("gzip", &[&two[..], &[0; 20]].concat()), UNREADABLE, damaged);
    let mut wrong = two.clone();
    *wrong.last_mut().unwrap() ^= 1;
    answers(packed("gzip", &wrong), UNREADABLE, damaged);
    answers(packed("gzip", b""), UNREADABLE, "empty");
    for coding in ["br", "Deflate", "gzip, gzip", "zstd"] {
        let named = format!("it is packed with {}, which was not asked for", coding.to_lowercase());
        answers(packed(coding, &two), UNREADABLE, &named);
    }
    let refused = String::from_utf8(packed("br", b"xx")).unwrap().replace("200 OK", "503 Busy");
    answers(refused, (5, 5), "HTTP 503");
}

/// So many blanks and more in gzip, as one block in which a blank is repeated over and over.
fn bomb(length: usize) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.push(0b1, 1);
    bits.push(0b01, 2);
    // A blank, in the fixed code.
    bits.push_code(0b0101_0000, 8);
    for _ in 0..length / 258 {
        // 258 bytes, from one byte back.
        bits.push_code(0b1100_0101, 8);
        bits.push_code(0, 5);
    }
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    bytes.extend(bits.bytes);
    bytes
}

#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    count: usize,
}

impl Bits {
    /// The lowest bit first.
    fn push(&mut self, value: u32, length: u32) {
        for at in 0..length {
            if self.count.is_multiple_of(8) {
                self.bytes.push(0);
            }
            *self.bytes.last_mut().unwrap() |= (((value >> at) & 1) as u8) << (self.count % 8);
            self.count += 1;
        }
    }

    /// The highest bit first.
    fn push_code(&mut self, code: u32, length: u32) {
        (0..length).rev().for_each(|at| self.push((code >> at) & 1, 1));
    }
}

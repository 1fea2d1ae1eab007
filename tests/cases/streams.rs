//! Results that are written while they come: how much memory they take, when they arrive, and what is left of one that
//! breaks off.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Child;
use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use crate::support::KEY;
use crate::support::cmd::{Run, World, code, wait};
use crate::support::keys::{CTRL_C, Terminal};
use crate::support::raw::{Peer, http};

/// A list in one notation.
struct Way {
    /// The profile that reads it.
    profile: &'static str,
    line: &'static str,
    media: &'static str,
    begin: &'static str,
    /// A row with a number and a text.
    row: fn(usize, &str) -> String,
    end: &'static str,
}

fn json(number: usize, text: &str) -> String {
    format!("{}{{\"name\":\"s{number}\",\"other\":\"{text}\"}}", if number == 0 { "" } else { "," })
}

static WAYS: &[Way] = &[
    Way {
        profile: "xmlrpc",
        line: "service.list",
        media: "text/xml",
        begin: "<methodResponse><params><param><value><array><data>",
        row: |number, text| {
            format!(
                "<value><struct><member><name>name</name><value>s{number}</value></member>\
                 <member><name>other</name><value>{text}</value></member></struct></value>"
            )
        },
        end: "</data></array></value></param></params></methodResponse>",
    },
    Way {
        profile: "jsonrpc",
        line: "service.list",
        media: "application/json",
        begin: "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[",
        row: json,
        end: "]}",
    },
    Way { profile: "json", line: "service.list", media: "application/json", begin: "[", row: json, end: "]" },
    Way {
        profile: "caas",
        line: "server.list",
        media: "text/xml",
        begin: "<ServersWithBackup totalCount='1000000'>",
        row: |number, text| {
            format!("<server id='s{number}'><name>s{number}</name><description>{text}</description></server>")
        },
        end: "</ServersWithBackup>",
    },
    Way {
        profile: "caas",
        line: "report.usage startDate 2013-01-01 endDate 2013-01-08",
        media: "text/csv",
        begin: "DAY,Location,CPU Hours\n",
        row: |number, text| format!("s{number},{text},1.50\n"),
        end: "",
    },
];

/// A world with a profile for each way, and one for lists in pages.
fn world(peer: &Peer) -> World {
    let world = World::new();
    let of = |name: &str, rest: &str| {
        let url = peer.url();
        format!("[profiles.{name}]\nurl = \"{url}\"\nkey_env = \"K\"\nretries = 0\n{rest}\n")
    };
    let memset = |name: &str| of(name, &format!("provider = \"memset\"\ntransport = \"{name}\""));
    let caas = of("caas", "provider = \"caas\"\nuser = \"me\"");
    world.put("own.toml", PAGED, 0o600);
    let own = format!("provider = \"own\"\ncatalog = \"{}\"", world.at("own.toml").display());
    let paged: String = ["xmlrpc", "jsonrpc", "json"]
        .map(|way| of(&format!("paged-{way}"), &format!("{own}\ntransport = \"{way}\"")))
        .concat();
    world.configure(&(["xmlrpc", "jsonrpc", "json"].map(memset).concat() + &caas + &paged));
    world
}

/// A catalogue with a list in pages of ten, in every protocol with an envelope.
const PAGED: &str = r#"
id = "own"
title = "Our own"
document = "wiki"
host = "https://api.example.com"
auth = { scheme = "basic", user = "{key}" }
transport = [
  { name = "xmlrpc", protocol = "xmlrpc", path = "/rpc" },
  { name = "jsonrpc", protocol = "jsonrpc", path = "/rpc" },
  { name = "json", protocol = "json", path = "/json/{method}" },
]
paging = { style = "number", page = "page", size = "size" }
[[method]]
name = "service.list"
doc = 1
summary = "List things"
effect = "read"
returns = "list:dict"
fields = [
  { name = "name", type = "string", summary = "Name" },
  { name = "other", type = "string", summary = "Other name" },
]
example = "service.list"
params = [
  { name = "page", type = "int", summary = "Page" },
  { name = "size", type = "int", default = 10, summary = "Members a page" },
]
"#;

fn marsh(world: &World, way: &Way, words: &str) -> Run {
    world.marsh().env("K", KEY).args(["-p", way.profile]).line(way.line).line(words)
}

fn is_account(request: &str) -> bool {
    request.contains("/myaccount ")
}

fn account(stream: &mut TcpStream) -> io::Result<()> {
    stream.write_all(&http("200 OK", "text/xml", "<Account><userName>me</userName><orgId>o1</orgId></Account>"))
}

fn head(way: &Way) -> String {
    format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: {}\r\n\r\n{}", way.media, way.begin)
}

/// A peer that answers with so many rows, and breaks off before the end if it is to.
fn peer(way: &'static Way, rows: usize, text: usize, whole: bool) -> Peer {
    let text = "x".repeat(text);
    Peer::new(move |request, stream| {
        if is_account(request) {
            return account(stream);
        }
        // Chunks, so that an end that is missing is seen.
        let head = head(way).replacen("\r\n\r\n", "\r\nTransfer-Encoding: chunked\r\n\r\n", 1);
        let (head, begin) = head.split_at(head.len() - way.begin.len());
        stream.write_all(head.as_bytes())?;
        chunk(stream, begin)?;
        (0..rows).try_for_each(|number| chunk(stream, &(way.row)(number, &text)))?;
        if whole {
            chunk(stream, way.end)?;
            stream.write_all(b"0\r\n\r\n")?;
        }
        Ok(())
    })
}

fn chunk(stream: &mut TcpStream, text: &str) -> io::Result<()> {
    match text.is_empty() {
        true => Ok(()),
        false => stream.write_all(format!("{:x}\r\n{text}\r\n", text.len()).as_bytes()),
    }
}

/// Where a result goes, and how a line says so.
const PLACES: [&str; 3] = ["| out", "|! tee out", ""];

/// Runs it to its end: its exit code, what it wrote to standard error, how many bytes to standard output, and the most
/// memory that it had, in kB.
pub(super) fn measured(run: Run) -> (i32, String, usize, u64) {
    let mut child = run.spawn();
    let (stdout, mut stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let count = thread::spawn(move || io::copy(&mut { stdout }, &mut io::sink()).unwrap());
    let said = thread::spawn(move || {
        let mut text = String::new();
        stderr.read_to_string(&mut text).unwrap();
        text
    });
    let peak = peak(&mut child);
    let ended = wait(&mut child).map_or(-1, code);
    (ended, said.join().unwrap(), usize::try_from(count.join().unwrap()).unwrap(), peak)
}

/// The most memory that a program had, in kB, seen shortly before it ended.
fn peak(child: &mut Child) -> u64 {
    let path = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let status = fs::read_to_string(&path).unwrap_or_default();
        let found = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        // Before it becomes the program, it is a copy of this one.
        peak = found.and_then(|text| text.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(peak);
        thread::sleep(Duration::from_millis(5));
    }
    peak
}

#[test]
#[cfg(target_os = "linux")]
fn a_list_of_any_length_goes_anywhere_in_little_memory() {
    const TEXT: usize = 8_192;
    // Every protocol with every place, and every format with every place.
    thread::scope(|scope| {
        for (nth, way) in WAYS.iter().enumerate() {
            scope.spawn(move || {
                // A debug build looks at every byte of JSON for long.
                let rows = if way.media.ends_with("json") { 4_000 } else { 8_000 };
                let peer = peer(way, rows, TEXT, true);
                for (at, place) in PLACES.into_iter().enumerate() {
                    let format = ["csv", "json", "jsonl"][(nth + at) % 3];
                    let world = world(&peer);
                    let (code, said, count, peak) = measured(marsh(&world, way, &format!("-o {format} {place}")));
                    let what = format!("{} {} {format} {place:?}: {peak} kB, {said}", way.profile, way.line);
                    assert_eq!(code, 0, "{what}");
                    let stored = if place.is_empty() { count } else { size(&world) };
                    assert!(stored > rows * TEXT, "{what}: {stored}");
                    assert!(peak > 5_000 && peak < MOST, "{what}");
                }
            });
        }
    });
}

/// What a debug build may take, in kB: less than a fifth of it is the answer's.
const MOST: u64 = 56_000;

fn size(world: &World) -> usize {
    usize::try_from(world.at("out").metadata().unwrap().len()).unwrap()
}

#[test]
fn a_result_is_the_same_wherever_it_goes() {
    for way in WAYS {
        let peer = peer(way, 3, 5, true);
        for format in ["csv", "json", "jsonl", "xml"] {
            let world = world(&peer);
            let of = |words: &str| marsh(&world, way, &format!("-o {format} {words}")).run().exits(0).stdout;
            // A filter needs all of it.
            let whole = of("-q .");
            let piped = of("");
            assert!(of("| out").is_empty() && of("|! tee other") == piped);
            assert_eq!([world.content("out"), world.content("other")], [piped.clone(), piped.clone()]);
            // A filter makes texts of dates, and rows of its own have no order.
            assert_eq!(piped.len(), whole.len(), "{} {format}:\n{piped}\n{whole}", way.line);
            assert!(piped.contains("s0") && piped.contains("s2"), "{piped}");
        }
    }
}

#[test]
fn of_an_answer_that_breaks_off_a_file_has_nothing_and_a_pipe_what_came() {
    for (nth, way) in WAYS.iter().enumerate() {
        // A report in CSV does not say where it ends, but the message does.
        for (rows, passed) in [(3, false), (40, true)] {
            let peer = peer(way, rows, 4096, false);
            let world = world(&peer);
            world.put("out", "before", 0o644);
            let format = ["jsonl", "json"][nth % 2];
            for place in PLACES {
                let ended = marsh(&world, way, &format!("-o {format} {place}")).run().exits(5);
                let incomplete = ended.stderr.contains("note: what was passed on before is incomplete");
                assert_eq!(incomplete, passed && place != "| out", "{ended}");
                assert_eq!(!ended.stdout.is_empty(), incomplete, "{ended}");
                if place == "| out" {
                    assert_eq!(world.content("out"), "before");
                    assert_eq!(world.names(), ["out", "own.toml"]);
                }
            }
        }
    }
}

/// An answer that breaks off shows it: what came is there, or nothing.
#[test]
fn a_result_in_a_script_passes_unless_the_next_line_can_use_it() {
    let peer = peer(&WAYS[0], 40, 8_192, false);
    let line = "service.list -o jsonl";
    for (lines, passes) in [
        (format!("{line}\n"), true),
        (format!("{line}\n{line}\n"), true),
        (format!("{line}\n$_ -o json\n"), false),
        (format!("{line}\necho $_[0].name\n"), false),
        (format!("{line}\nlet all = $_\n"), false),
        (format!("{line}\nservice.list -o value -q '$_'\n"), false),
    ] {
        let world = world(&peer);
        let run = world.marsh().env("K", KEY).args(["-p", "xmlrpc", "run", "-"]).stdin(lines.as_str()).run();
        assert_eq!(!run.stdout.is_empty(), passes, "{lines}: {}", run.stderr);
    }
}

/// The ways that have pages: ten rows each.
fn paged() -> Vec<(&'static Way, Way)> {
    let profiles = ["paged-xmlrpc", "paged-jsonrpc", "paged-json", "caas"];
    let of = |(way, profile): (&'static Way, &'static str)| (way, Way { profile, ..*way });
    WAYS.iter().zip(profiles).map(of).collect()
}

/// A peer that answers each call with a page of rows, after a word if there is somebody to give it; and refuses the one
/// after the last.
fn paging(way: &'static Way, last: usize, go: Option<std::sync::mpsc::Receiver<()>>) -> Peer {
    let (turn, go) = (Mutex::new(0_usize), Mutex::new(go));
    Peer::new(move |request, stream| {
        if is_account(request) {
            return account(stream);
        }
        if !request.contains("service.list") && !request.contains("/serverWithBackup") {
            return stream.write_all(&http("404 No", "text/plain", "no"));
        }
        let mut turn = turn.lock().unwrap();
        if *turn > 0
            && let Some(go) = &*go.lock().unwrap()
        {
            let _ = go.recv();
        }
        if *turn == last {
            return stream.write_all(&http("500 Oops", "text/plain", "down"));
        }
        let size = if way.profile == "caas" { 250 } else { 10 };
        let rows: String = (0..size)
            .map(|at| {
                let row = (way.row)(*turn * size + at, "x");
                if at == 0 { row.trim_start_matches(',').to_owned() } else { row }
            })
            .collect();
        *turn += 1;
        stream.write_all(format!("{}{rows}{}", head(way), way.end).as_bytes())
    })
}

#[test]
fn a_page_is_there_before_the_next_is_read() {
    for (way, paged) in paged() {
        for (format, first) in [("jsonl", "\"s0\""), ("json", "["), ("csv --columns name", "name")] {
            let (go, wait_for) = channel();
            let peer = paging(way, 3, Some(wait_for));
            let world = world(&peer);
            let mut child = marsh(&world, &paged, &format!("--all -o {format}")).spawn();
            let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
            let line = lines.next().unwrap().unwrap();
            assert!(line.contains(first), "{} {format}: {line}", paged.profile);
            // The second page has not been answered, and what came of the first one is there.
            let rows = lines.by_ref().map(Result::unwrap).find(|line| line.contains("s9"));
            assert!(rows.is_some(), "{} {format}", paged.profile);
            drop(go);
            let rest = lines.count();
            let ended = wait(&mut child).map(code);
            // The fourth page is refused.
            assert!(rest >= 20 && ended == Some(5), "{} {format}: {rest}, {ended:?}", paged.profile);
        }
    }
}

#[test]
fn of_pages_that_break_off_a_file_has_nothing_and_a_pipe_those_that_came() {
    for (way, paged) in paged() {
        for place in PLACES {
            let world = world(&paging(way, 2, None));
            let peer = paging(way, 2, None);
            let world = {
                drop(world);
                self::world(&peer)
            };
            world.put("out", "before", 0o644);
            let ended = marsh(&world, &paged, &format!("--all -o jsonl {place}")).run().exits(5);
            let size = if way.profile == "caas" { 250 } else { 10 };
            assert!(ended.stderr.contains(&format!("page 3 of {}, after {} members", way.line, 2 * size)), "{ended}");
            let file = place == "| out";
            assert_eq!(ended.stderr.contains("note: what was passed on before is incomplete"), !file, "{ended}");
            assert_eq!(ended.stderr.contains("nothing was written"), file, "{ended}");
            let out = if place.is_empty() { ended.stdout } else { world.content("out") };
            if file { assert_eq!(out, "before") } else { assert_eq!(out.lines().count(), 2 * size) }
        }
    }
}

#[test]
fn no_further_page_is_read_for_a_reader_that_has_seen_enough() {
    for (way, paged) in paged() {
        let (go, wait_for) = channel();
        let peer = paging(way, 1000, Some(wait_for));
        let world = world(&peer);
        let mut child = marsh(&world, &paged, "--all -o jsonl").spawn();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        lines.read_line(&mut String::new()).unwrap();
        drop(lines);
        drop(go);
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!((wait(&mut child).map(code), said.as_str()), (Some(141), ""), "{}", paged.profile);
        let asked = peer.received().iter().filter(|request| !is_account(request)).count();
        assert!(asked < 6, "{}: {asked}", paged.profile);

        let peer = paging(way, 1000, None);
        let world = self::world(&peer);
        let ended = marsh(&world, &paged, "--all -o jsonl").args(["|!", "head -n 1"]).run().exits(0);
        assert!(ended.stdout.contains("\"s0\"") && ended.stderr.is_empty(), "{ended}");
        assert_eq!(ended.stdout.lines().count(), 1);
    }
}

#[test]
fn a_command_runs_only_if_there_is_something_for_it() {
    for way in WAYS {
        let peer = Peer::new(move |request, stream| match is_account(request) {
            true => account(stream),
            false => stream.write_all(&http("500 Oops", "text/plain", "down")),
        });
        let world = world(&peer);
        let ended = marsh(&world, way, "-o jsonl |! tee out").run().exits(5);
        assert!(ended.stdout.is_empty() && !world.names().contains(&"out".to_owned()), "{ended}");
    }
}

#[test]
fn rows_that_had_to_wait_are_spoken_of() {
    let way = &WAYS[0];
    let peer = peer(way, 100, 20_000, true);
    let world = world(&peer);
    for (words, waited) in
        [("-o csv", true), ("-o csv --columns name", false), ("-o csv | out", false), ("-o jsonl", false)]
    {
        let ended = marsh(&world, way, words).run().exits(0);
        assert_eq!(ended.stderr.contains("note: rows waited in a temporary file"), waited, "{words}: {}", ended.stderr);
    }
}

#[test]
fn a_prompt_shows_a_page_before_the_next_is_read_and_keeps_what_came() {
    let way = WAYS.iter().find(|way| way.line == "server.list").unwrap();
    let (go, wait_for) = channel();
    let peer = paging(way, 2, Some(wait_for));
    let world = world(&peer);
    let mut shell = Terminal::prompt(world.marsh().env("K", KEY).args(["-p", "caas"]));
    shell.press("server.list --all --columns id,name\r");
    // The last row of the first page, while the second has not been answered.
    shell.see("s249");
    assert!(!shell.contents().contains("s250"), "{}", shell.contents());
    go.send(()).unwrap();
    shell.see("s499");
    drop(go);
    shell.see("page 3 of server.list, after 500 members");
    shell.see("`$_` has the first 500");
    shell.press("$_[499].name\r");
    shell.see("\"s499\"");
    shell.press("quit\r");
    assert_eq!(shell.code(), 0);
}

#[test]
fn ctrl_c_between_two_pages_keeps_what_was_shown() {
    let way = WAYS.iter().find(|way| way.line == "server.list").unwrap();
    let (go, wait_for) = channel();
    let peer = paging(way, 2, Some(wait_for));
    let world = world(&peer);
    let mut shell = Terminal::prompt(world.marsh().env("K", KEY).args(["-p", "caas"]));
    shell.press("server.list --all --columns id,name\r");
    shell.see("s249");
    shell.press(CTRL_C);
    shell.see("`$_` has the first 250");
    shell.press("$_[249].name\r");
    shell.see("\"s249\"");
    shell.press("quit\r");
    assert_eq!(shell.code(), 0);
    drop(go);
}

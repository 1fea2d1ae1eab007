//! Many calls side by side: how many at once, each exactly once, and what is known after Ctrl-C.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use history::Outcome;

use super::streams::measured;
use crate::support::cmd::{Run, World, signalled};

/// A service without limits: a list of numbers, two reads and a change for each of them.
pub(super) const CATALOG: &str = r#"
id = "own"
title = "A service"
document = "none"
host = "http://127.0.0.1"
[auth]
scheme = "basic"
user = "{key}"
[[transport]]
name = "xmlrpc"
protocol = "xmlrpc"
path = "/rpc"
[[method]]
name = "thing.list"
doc = 1
summary = "List things"
effect = "read"
returns = "list:int"
example = "thing.list"
[[method]]
name = "thing.info"
doc = 1
summary = "Show a thing"
effect = "read"
returns = "int"
example = "thing.info id 1"
params = [{ name = "id", type = "int", required = true, summary = "Number" }]
[[method]]
name = "thing.lines"
doc = 1
summary = "Show the lines of a thing"
effect = "read"
returns = "list:string"
example = "thing.lines id 1"
params = [{ name = "id", type = "int", required = true, summary = "Number" }]
[[method]]
name = "thing.touch"
doc = 1
summary = "Change a thing"
effect = "change"
returns = "int"
example = "thing.touch id 1"
params = [{ name = "id", type = "int", required = true, summary = "Number" }]
"#;

/// What a service does.
#[derive(Clone, Copy)]
struct Manners {
    /// How many members the list has.
    members: usize,
    /// From the second call on, calls are answered when so many of them have come, or no more come.
    together: usize,
    /// Calls for multiples of this are refused.
    refuses: Option<usize>,
    /// After so many calls, none is answered any more.
    silent_after: usize,
    /// The lines of a thing are so many, each of a thousand letters, and those of multiples of this cannot be read.
    lines: (usize, usize),
    /// The second call is answered when so many have come.
    holds: usize,
}

const PLAIN: Manners =
    Manners { members: 0, together: 1, refuses: None, silent_after: usize::MAX, lines: (0, 1), holds: 0 };

/// What a service saw.
#[derive(Default)]
struct Seen {
    /// How often each member was called for.
    calls: Mutex<BTreeMap<usize, usize>>,
    under_way: AtomicUsize,
    most: AtomicUsize,
    connections: AtomicUsize,
    come: Mutex<usize>,
    more: Condvar,
}

impl Seen {
    fn count(&self) -> usize {
        self.calls.lock().unwrap().values().sum()
    }

    /// Waits until so many calls have come in all.
    fn until(&self, calls: usize) {
        let mut come = self.come.lock().unwrap();
        while *come < calls {
            come = self.more.wait_timeout(come, Duration::from_secs(20)).unwrap().0;
        }
    }
}

fn service(manners: Manners) -> (SocketAddr, Arc<Seen>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let seen = Arc::<Seen>::default();
    let ours = Arc::clone(&seen);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let seen = Arc::clone(&ours);
            seen.connections.fetch_add(1, Ordering::SeqCst);
            thread::spawn(move || while converse(&stream, manners, &seen).is_some() {});
        }
    });
    (address, seen)
}

/// Reads a request and answers it; `None` at the end of the connection.
fn converse(stream: &TcpStream, manners: Manners, seen: &Seen) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let before = head.len();
        reader.read_line(&mut head).ok().filter(|read| *read > 0)?;
        let line = head[before..].to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let body = String::from_utf8_lossy(&body).into_owned();
    let value = match body.split_once("<int>").and_then(|(_, rest)| rest.split_once("</int>")) {
        None => {
            let members: String = (1..=manners.members).map(|id| format!("<value><int>{id}</int></value>")).collect();
            format!("<array><data>{members}</data></array>")
        }
        Some((id, _)) => {
            let id = id.parse().ok()?;
            let value = called(id, manners, seen)?;
            if body.contains("thing.lines") && !value.starts_with("fault") { lines(id, manners) } else { value }
        }
    };
    let answer = match value.strip_prefix("fault ") {
        Some(words) => format!(
            "<methodResponse><fault><value><struct><member><name>faultCode</name><value><int>3</int></value></member>\
             <member><name>faultString</name><value>{words}</value></member></struct></value></fault></methodResponse>"
        ),
        None => format!("<methodResponse><params><param><value>{value}</value></param></params></methodResponse>"),
    };
    let mut stream = stream;
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n\r\n{answer}", answer.len()).ok()
}

/// The lines of a thing.
fn lines(id: usize, manners: Manners) -> String {
    let line = format!("<value><string>{}</string></value>", "x".repeat(1000));
    let wrong = if id.is_multiple_of(manners.lines.1) { "<value><int>two</int></value>" } else { "" };
    format!("<array><data>{}{wrong}</data></array>", line.repeat(manners.lines.0))
}

/// The answer to the call for a member.
fn called(id: usize, manners: Manners, seen: &Seen) -> Option<String> {
    *seen.calls.lock().unwrap().entry(id).or_default() += 1;
    let now = seen.under_way.fetch_add(1, Ordering::SeqCst) + 1;
    seen.most.fetch_max(now, Ordering::SeqCst);
    let nth = {
        let mut come = seen.come.lock().unwrap();
        *come += 1;
        seen.more.notify_all();
        *come
    };
    if nth > manners.silent_after {
        // The other side has to give up.
        thread::sleep(Duration::from_secs(60));
        return None;
    }
    // The first goes alone, to find out whether the key is accepted. The others come in rounds.
    if nth > 1 && manners.together > 1 {
        let round = 1 + (nth - 2) / manners.together * manners.together + manners.together;
        seen.until(round.min(manners.members));
    }
    if nth == 2 {
        seen.until(manners.holds);
    }
    seen.under_way.fetch_sub(1, Ordering::SeqCst);
    Some(match manners.refuses.is_some_and(|every| id.is_multiple_of(every)) {
        true => format!("fault no thing {id}"),
        false => format!("<int>{id}</int>"),
    })
}

/// marsh with an account at that service.
fn marsh(world: &World, address: SocketAddr) -> Run {
    world.put("own.toml", CATALOG, 0o600);
    let catalog = world.at("own.toml").display().to_string();
    world.configure(&format!(
        "[profiles.own]\nprovider = \"own\"\ncatalog = \"{catalog}\"\nurl = \"http://{address}\"\nkey_env = \"K\"\n"
    ));
    world.marsh().env("K", "0123456789abcdef0123456789abcdef").args(["-p", "own"])
}

#[test]
fn as_many_calls_as_asked_for_are_under_way_and_each_is_made_once() {
    let (address, seen) = service(Manners { members: 201, together: 8, ..PLAIN });
    let world = World::new();
    let line = "thing.list | each thing.info id {} --jobs 8 -o jsonl";
    let ran = marsh(&world, address).line(line).run().exits(0).says("201 calls of thing.info, all done");
    assert_eq!((seen.most.load(Ordering::SeqCst), seen.count()), (8, 201));
    assert!(seen.calls.lock().unwrap().values().all(|times| *times == 1));
    assert!(seen.connections.load(Ordering::SeqCst) <= 9, "one for the list, and one for each of eight");
    let items: Vec<String> = ran.stdout.lines().map(str::to_owned).collect();
    for (nth, item) in (1..).zip(&items) {
        assert_eq!(*item, format!("{{\"item\":{nth},\"outcome\":\"done\",\"journal\":null,\"result\":{nth}}}"));
    }
    assert_eq!(items.len(), 201);
}

#[test]
fn one_in_ten_that_fails_leaves_the_others() {
    let (address, seen) = service(Manners { members: 100, refuses: Some(10), ..PLAIN });
    let world = World::new();
    let line = "thing.list | each thing.touch id {} --jobs 4 --keep-going -o jsonl";
    let ran =
        marsh(&world, address).line(line).run().exits(11).says("10 of 100 calls were not done: 90 done, 10 refused");
    assert!(ran.stderr.contains("member 10 (10): ") && ran.stderr.contains("no thing 100"), "{ran}");
    assert_eq!(seen.count(), 100);
    let refused = ran.stdout.lines().filter(|line| line.contains("\"outcome\":\"refused\""));
    assert_eq!(refused.count(), 10);
    let rows = world.calls();
    let with = |outcome| rows.iter().filter(|row| row.call.method == "thing.touch" && row.outcome == outcome).count();
    assert_eq!((with(Outcome::Done), with(Outcome::Refused)), (90, 10));
}

#[test]
fn results_that_are_written_as_they_come_are_those_of_a_whole_list() {
    let (address, seen) = service(Manners { members: 90, refuses: Some(20), ..PLAIN });
    let world = World::new();
    for format in ["json", "jsonl", "yaml", "xml", "csv", "tsv"] {
        let line = format!("thing.list | each thing.info id {{}} --jobs 8 --keep-going -o {format}");
        let passed = marsh(&world, address).line(&line).run().exits(11);
        // A filter needs the list as a whole.
        let whole = marsh(&world, address).line(&line).args(["-q", "."]).run().exits(11);
        assert_eq!(passed.stdout, whole.stdout, "{format}");
        assert!(passed.stdout.contains("refused") && passed.stdout.contains("no thing 20"), "{format}: {passed}");
        assert_eq!(passed.stderr, whole.stderr, "{format}");
    }
    assert_eq!(seen.count(), 90 * 12);
}

#[test]
fn an_answer_that_cannot_be_read_is_told_as_that_of_a_whole_list() {
    let (address, seen) = service(Manners { members: 30, refuses: Some(10), lines: (40, 7), ..PLAIN });
    let world = World::new();
    for format in ["json", "jsonl"] {
        let line = format!("thing.list | each thing.lines id {{}} --jobs 4 --keep-going -o {format}");
        let passed = marsh(&world, address).line(&line).run().exits(11);
        let whole = marsh(&world, address).line(&line).args(["-q", "."]).run().exits(11);
        assert_eq!(passed.stdout, whole.stdout, "{format}");
        assert!(passed.stderr.contains("3 refused") && passed.stderr.contains("4 failed"), "{format}: {passed}");
        assert_eq!(passed.stderr, whole.stderr, "{format}");
    }
    assert_eq!(seen.count(), 30 * 4);
}

#[test]
#[cfg(target_os = "linux")]
fn long_results_that_wait_for_their_turn_take_little_memory() {
    const LINES: usize = 2_500;
    // The second is there when so many others wait for it as may.
    let (address, _) = service(Manners { members: 40, lines: (LINES, usize::MAX), holds: 33, ..PLAIN });
    let world = World::new();
    let line = marsh(&world, address).line("thing.list | each thing.lines id {} --jobs 8");
    let (code, said, count, peak) = measured(line);
    assert_eq!(code, 0, "{said}");
    assert!(count > 40 * LINES * 1000, "{count}");
    // What a debug build takes, and a few buffers for each thread; as trees, those that wait are 80 MB.
    assert!(peak > 5_000 && peak < 90_000, "{peak} kB");
}

#[test]
fn the_first_failure_lets_no_other_call_begin() {
    let (address, seen) = service(Manners { members: 500, refuses: Some(20), ..PLAIN });
    let world = World::new();
    let line = "thing.list | each thing.touch id {} --jobs 4 -o jsonl";
    let ran = marsh(&world, address).line(line).run().exits(11);
    let calls = seen.count();
    assert!((20..40).contains(&calls), "{calls}");
    let unsent = ran.stdout.lines().filter(|line| line.contains("\"outcome\":\"not sent\"")).count();
    assert_eq!((unsent, ran.stdout.lines().count()), (500 - calls, 500));
}

#[test]
fn ctrl_c_in_the_middle_of_many_changes_leaves_a_true_report() {
    let (address, seen) = service(Manners { members: 1000, silent_after: 300, ..PLAIN });
    let world = World::new();
    let line = "thing.list | each thing.touch id {} --jobs 8 -o jsonl";
    let out = std::fs::File::create(world.at("out")).unwrap();
    let child = marsh(&world, address).line(line).hearing_signals().into_file(out).spawn();
    seen.until(308);
    let (code, said) = signalled(child, "INT");
    assert_eq!(code, 11, "{said}");
    assert!(said.contains("700 of 1000 calls were not done: 300 done, 8 outcome unknown, 692 not sent"), "{said}");
    assert_eq!(seen.count(), 308);
    let rows = world.calls();
    let with = |outcome| rows.iter().filter(|row| row.call.method == "thing.touch" && row.outcome == outcome).count();
    assert_eq!((with(Outcome::Done), with(Outcome::Unknown), rows.len()), (300, 8, 309));
    let list = std::fs::read_to_string(world.at("out")).unwrap();
    assert_eq!(list.lines().filter(|line| line.contains("\"outcome\":\"unknown\"")).count(), 8);
    assert_eq!(list.lines().count(), 1000);
}

#[test]
fn lines_of_a_script_overlap_and_their_results_keep_their_order() {
    let (address, seen) = service(Manners { members: 9, together: 8, ..PLAIN });
    let world = World::new();
    let lines: String = (1..=9).map(|id| format!("thing.info id {id}\n")).collect();
    world.put("lines", &lines, 0o600);
    let ran = marsh(&world, address).line("run --jobs 8 lines").run().exits(0).says_nothing();
    assert_eq!(ran.stdout, (1..=9).map(|id| format!("{id}\n")).collect::<String>());
    assert_eq!((seen.most.load(Ordering::SeqCst), seen.count()), (8, 9));
}

#[test]
fn lines_side_by_side_write_what_they_write_one_after_the_other() {
    let (address, seen) = service(Manners { lines: (3, 7), refuses: Some(8), ..PLAIN });
    let world = World::new();
    let script = "thing.lines id 1 -o csv\nthing.lines id 2 -o jsonl\nthing.lines id 3 -o yaml\nthing.lines id 4\n\
                  thing.lines id 5 -o csv --columns no\nthing.lines id 6 | f.tsv\nthing.lines id 7\nthing.info id 8\n\
                  thing.lines id 9 -q length\nthing.lines id 10 -o xml\nlet x = $_\nthing.info id 11\n";
    world.put("lines", script, 0o600);
    let one = marsh(&world, address).line("run --keep-going lines").run();
    let file = world.content("f.tsv");
    world.put("f.tsv", "", 0o600);
    let several = marsh(&world, address).line("run --keep-going --jobs 8 lines").run();
    assert_eq!((one.stdout, one.stderr, one.code), (several.stdout, several.stderr, several.code));
    assert!(file.len() > 3000 && file == world.content("f.tsv"));
    assert_eq!(seen.count(), 22);
}

#[test]
fn lines_that_may_depend_on_each_other_do_not_overlap() {
    let (address, seen) = service(PLAIN);
    let world = World::new();
    let script = "thing.info id 1\nthing.touch id 2\nthing.info id 3\nlet x = $_\nthing.touch id $x\n\
                  thing.touch id $_\nthing.info id 4 | f.json\nset timeout 5\nthing.info id 5\n";
    world.put("lines", script, 0o600);
    marsh(&world, address).line("run --jobs 8 lines").run().exits(0).prints("1\n2\n3\n3\n3\n5\n");
    assert_eq!((seen.most.load(Ordering::SeqCst), seen.count()), (1, 7));
    assert_eq!(world.content("f.json"), "4\n");
}

#[test]
fn a_line_that_fails_ends_a_script_whose_lines_overlap() {
    for (options, code, most) in [("", 4, 30), ("--keep-going", 4, 100)] {
        let (address, seen) = service(Manners { refuses: Some(20), ..PLAIN });
        let world = World::new();
        let lines: String = (1..=100).map(|id| format!("thing.touch id {id}\n")).collect();
        world.put("lines", &lines, 0o600);
        let ran = marsh(&world, address).line(&format!("run --jobs 4 {options} lines")).run().exits(code);
        assert!(ran.stderr.contains("lines:20: thing.touch was refused"), "{ran}");
        let printed: Vec<usize> = ran.stdout.lines().map(|line| line.parse().unwrap()).collect();
        assert!(printed.is_sorted() && seen.count() <= most && printed.len() >= 19, "{ran}");
        assert_eq!(options.is_empty(), printed.len() == 19, "{ran}");
    }
}

//! What cannot be had again is found afterwards: a new key, a one-time password, the answer to any change, whatever
//! becomes of the place that it was meant for.

use std::fs::{self, File, OpenOptions};
use std::io::Read;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::support::KEY;
use crate::support::cmd::{Outcome, Run, World, signalled};
use crate::support::keys::Terminal;
use crate::support::server::{Answer, Server};

const SECRET: &str = "739c99f25ed8d13e48ba94ec6a4a0102";
const CHANGES: [&str; 3] =
    ["apikey.create comment x", "memshell.enable name myserver1", "service.set_nickname name myserver1 nickname www"];

/// An answer that holds a secret which is told once.
fn secret() -> Answer {
    let member = |name: &str| format!("<member><name>{name}</name><value>{SECRET}</value></member>");
    Answer::value(&format!("<struct>{}{}</struct>", member("key"), member("password")))
}

/// The same in a list.
fn secrets() -> Answer {
    Answer::value(&format!("<array><data><value>{SECRET}</value></data></array>"))
}

/// The results that were kept, each of them for the owner alone.
fn kept(world: &World) -> Vec<(PathBuf, String)> {
    let folder = world.journal().with_file_name("kept");
    let Ok(entries) = fs::read_dir(&folder) else { return Vec::new() };
    let bits = |path: &PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(bits(&folder), 0o700);
    let paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths
        .into_iter()
        .inspect(|path| assert_eq!(bits(path), 0o600))
        .map(|path| (path.clone(), fs::read_to_string(path).unwrap()))
        .collect()
}

/// The only kept result, which the error names.
#[track_caller]
fn found(world: &World, ended: &Outcome) -> String {
    let all = kept(world);
    assert_eq!(all.len(), 1, "{all:?}\n{ended}");
    let (path, content) = all.into_iter().next().unwrap();
    let said = ended.stderr.replace("\n    ", " ").replace("\\\\", "\\");
    assert!(said.contains("was done: do not repeat it") && said.contains(&path.display().to_string()), "{ended}");
    assert!(!ended.stderr.contains(SECRET), "{ended}");
    content
}

fn full() -> File {
    OpenOptions::new().write(true).open("/dev/full").unwrap()
}

#[test]
fn the_answer_to_a_change_is_kept_where_its_place_fails() {
    let nobody = || {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        File::from(OwnedFd::from(writer))
    };
    type Place = (&'static [&'static str], fn(Run) -> Run);
    let places: [Place; 9] = [
        (&["|", "/dev/full"], |run| run),
        (&[">>", "/dev/full"], |run| run),
        (&["-o", "csv", "|", "/dev/full"], |run| run),
        (&["-o", "raw", "|", "/dev/full"], |run| run),
        (&["|!", "false"], |run| run),
        (&["|!", "sh -c 'cat >/dev/null; exit 3'"], |run| run),
        (&["-q", ".nothing.at.all | error", "|", "/dev/full"], |run| run),
        (&[], |run| run.into_file(full())),
        (&["-o", "raw"], |run| run.into_file(full())),
    ];
    for line in CHANGES {
        for (place, prepared) in &places {
            let (server, world) = (Server::answering([secret()]), World::new());
            let ended = prepared(world.marsh().against(&server).line(line).args(*place)).run().exits(1).prints("");
            assert!(found(&world, &ended).contains(SECRET), "{ended}");
            assert_eq!((server.requests().len(), world.names()), (1, vec![]), "{ended}");
        }
        let (server, world) = (Server::answering([secret()]), World::new());
        let ended = world.marsh().against(&server).line(line).into_file(nobody()).run().exits(1);
        assert!(found(&world, &ended).contains(SECRET), "{ended}");
        let (server, world) = (Server::answering([secret()]), World::new());
        let run = world.marsh().args(["-o", "json"]).against(&server).line(line).args(["|", "/dev/full"]);
        let ended = run.run().exits(1).says(r#""kind":"local","code":1"#).says(r#""sent":"yes""#);
        assert!(found(&world, &ended).contains(SECRET), "{ended}");
    }
}

#[test]
fn nothing_is_kept_of_what_can_be_had_again() {
    for (line, answer, hint) in [
        ("apikey.list", secrets(), "the provider has answered, and nothing was changed"),
        ("internal.version", Answer::value("<int>5</int>"), "the provider has answered, and nothing was changed"),
        ("service.set_nickname name myserver1 nickname www", Answer::value("<struct></struct>"), "do not repeat it"),
    ] {
        for place in [&["|", "/dev/full"][..], &["|!", "false"], &["-o", "yaml", "|", "/dev/full"]] {
            let (server, world) = (Server::answering([answer.clone()]), World::new());
            let ended = world.marsh().against(&server).line(line).args(place).run().exits(1);
            assert!(ended.stderr.replace("\n    ", " ").contains(hint), "{ended}");
            assert_eq!(kept(&world), [], "{ended}");
        }
    }
}

#[test]
fn an_answer_to_a_change_that_cannot_be_read_is_kept_where_it_is_not_shown() {
    let odd = || Answer::http(format!("HTTP/1.1 200 OK\nContent-Type: text/html\n\n<p>{SECRET}</p>").as_bytes());
    let page = format!("<p>{SECRET}</p>");
    let change = "service.set_nickname name myserver1 nickname www";
    for (line, place, code, shown, is_kept) in [
        (change, &["-o", "raw", "|", "out"][..], 7, "", true),
        (change, &["-o", "raw"], 7, &*page, false),
        (change, &[], 7, "", false),
        ("service.list", &["-o", "raw", "|", "out"], 5, "", false),
    ] {
        let (server, world) = (Server::answering([odd()]), World::new());
        let ended = world.marsh().against(&server).line(line).args(place).run().exits(code).prints(shown);
        let all = kept(&world);
        assert_eq!(all.len(), usize::from(is_kept), "{line} {place:?}: {ended}");
        for (path, content) in all {
            assert_eq!(content, page);
            assert!(ended.stderr.contains(&format!("note: the answer is saved in {}", path.display())), "{ended}");
        }
    }
    // Of a call that gives a new key they are kept whatever the form.
    let world = World::new();
    let (_server, run) = rekeyed(&world, "key_env = \"OLD\"", &format!("[\"{SECRET}\"]"));
    let ended = run.run().exits(7).prints("").says("note: the answer is saved in");
    assert_eq!(kept(&world).len(), 1, "{ended}");
    assert!(kept(&world)[0].1.contains(SECRET), "{ended}");
}

#[test]
fn where_no_file_can_be_written_it_is_printed() {
    for (place, to_stdout) in [(&["|", "out.json"][..], true), (&["|", "/dev/full"], true), (&[], false)] {
        let (server, world) = (Server::answering([secret()]), World::new());
        // With the journal, nothing would be sent in the first place.
        let run = world.marsh().env("MARSH_JOURNAL", "off").against(&server).line(CHANGES[0]).args(place);
        let full = if to_stdout { "" } else { " >/dev/full" };
        let ended = run.through(&format!("trap '' XFSZ; ulimit -f 0; exec \"$@\"{full}")).run().exits(1);
        let shown = if to_stdout { &ended.stdout } else { &ended.stderr };
        assert!(shown.contains(SECRET), "{ended}");
        assert_eq!((world.names(), kept(&world)), (vec![], vec![]), "{ended}");
    }
}

/// Runs a program where `full` is a disk without room; `None` where nothing can be mounted.
fn with_a_full_disk(run: Run) -> Option<Outcome> {
    let mount = "mkdir -p full && mount -t tmpfs -o size=64k none full || { echo no mounts >&2; exit 77; }; \
                 cp key full/key 2>/dev/null; head -c 1000000 /dev/zero >full/filler 2>/dev/null; exec \"$@\"";
    let ended = run.through(&format!("unshare -Urm sh -c '{mount}' sh \"$@\"")).run();
    let impossible = ended.stderr.contains("no mounts") || ended.stderr.contains("unshare");
    (!impossible).then_some(ended)
}

fn new_key() -> String {
    format!("{{\"api_key\":\"{SECRET}\",\"success\":true}}")
}

/// A profile whose key can be replaced, and what it is answered.
fn rekeyed(world: &World, key: &str, body: &str) -> (Server, Run) {
    let server = Server::answering([Answer::http(
        format!("HTTP/1.1 200 OK\nContent-Type: application/json\n\n{body}").as_bytes(),
    )]);
    world.configure(&format!(
        "[profiles.a]\nprovider = \"artnet\"\nurl = \"http://{}/api\"\nuser = \"me\"\n{key}\n",
        server.address
    ));
    let run = world.marsh().env("OLD", KEY).arg("-y").line("customer.regenerate-api-key");
    (server, run)
}

#[test]
fn on_a_full_disk_the_new_key_is_found_afterwards() {
    let world = World::new();
    let (server, run) = rekeyed(&world, "key_env = \"OLD\"", &new_key());
    let Some(ended) = with_a_full_disk(run.args(["|", "full/new.json"])) else { return };
    let ended = ended.exits(1).prints("").says("No space left on device");
    assert!(found(&world, &ended).contains(SECRET), "{ended}");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_new_key_whose_file_is_on_a_full_disk_is_in_the_result() {
    let world = World::new();
    world.put("key", KEY, 0o600);
    let (server, run) = rekeyed(&world, &format!("key_file = \"{}\"", world.at("full/key").display()), &new_key());
    let Some(ended) = with_a_full_disk(run) else { return };
    let ended = ended.exits(1).says("was done: do not repeat it");
    assert!(ended.stdout.contains(SECRET), "{ended}");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_signal_while_the_result_is_not_being_read_loses_nothing() {
    let long = format!("<string>{SECRET}{}</string>", "x".repeat(300_000));
    let record = format!("<struct><member><name>key</name><value>{long}</value></member></struct>");
    for (signal, code) in [("TERM", 143), ("HUP", 129), ("INT", 130)] {
        for (line, answer, keeps) in [("apikey.create comment x", &record, true), ("internal.version", &long, false)] {
            let (server, world) = (Server::answering([Answer::value(answer)]), World::new());
            assert!(Command::new("mkfifo").arg(world.at("pipe")).status().unwrap().success());
            // Both ends, so that opening it waits for nobody; and without waiting for what is to be read.
            let mut options = OpenOptions::new();
            let mut reader = options.read(true).write(true).custom_flags(0o4000).open(world.at("pipe")).unwrap();
            let child = world.marsh().against(&server).line(line).args(["|", "pipe"]).hearing_signals().spawn();
            let started = Instant::now();
            // With the first byte the writing has begun, and a pipe holds less than all of it.
            while reader.read(&mut [0]).is_err() {
                assert!(started.elapsed() < Duration::from_secs(20), "nothing is written");
                thread::sleep(Duration::from_millis(5));
            }
            let (ended, stderr) = signalled(child, signal);
            assert_eq!(ended, code, "{signal} {line}: {stderr}");
            let kept = kept(&world);
            assert_eq!(kept.len(), usize::from(keeps), "{signal} {line}: {stderr}");
            assert!(
                kept.iter().all(|(path, content)| {
                    content.contains(SECRET) && stderr.contains(&path.display().to_string())
                })
            );
        }
    }
}

#[test]
fn a_secret_hidden_on_a_terminal_is_saved_if_it_is_shown_only_once() {
    let password =
        || Answer::value(&format!("<struct><member><name>password</name><value>{SECRET}</value></member></struct>"));
    let (server, world) = (Server::answering([password()]), World::new());
    let mut terminal = Terminal::open(world.marsh().against(&server).line("memshell.enable name myserver1"));
    assert_eq!(terminal.code(), 0, "{}", terminal.contents());
    let all = kept(&world);
    assert!(all.len() == 1 && all[0].1.contains(SECRET), "{all:?}");
    let shown = terminal.contents();
    assert!(!shown.contains(SECRET) && shown.contains("the whole result is saved in"), "{shown}");
    // What can be had again is not.
    let (server, world) = (Server::answering([secrets()]), World::new());
    let mut terminal = Terminal::open(world.marsh().against(&server).line("apikey.list"));
    assert_eq!((terminal.code(), kept(&world).len()), (0, 0), "{}", terminal.contents());
}

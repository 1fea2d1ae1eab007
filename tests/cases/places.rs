//! Where results go: files for their owner alone where they hold a secret, whole or not at all, and the input of other
//! programs. What a file holds is told by the conversations.

use std::fs::{File, OpenOptions};
use std::io::Read;
use std::process::Command;
use std::thread;

use crate::support::cmd::{World, signalled, wait};
use crate::support::server::{Answer, Server};

const NEW_KEY: &str =
    "<struct><member><name>key</name><value>739c99f25ed8d13e48ba94ec6a4a0102</value></member></struct>";
const SHOWN: &str = "{\n  \"key\": \"739c99f25ed8d13e48ba94ec6a4a0102\"\n}\n";

#[test]
fn a_file_that_holds_a_secret_is_for_its_owner_alone() {
    for (line, bits) in [
        ("apikey.create comment x", 0o600),
        ("apikey.add_scope id 739c99f25ed8d13e48ba94ec6a4a0102 scope_name method value server.reboot", 0o600),
        ("apikey.info id 739c99f25ed8d13e48ba94ec6a4a0102", 0o600),
        ("partner.apikey.create account_name a service b comment c", 0o600),
        ("memshell.enable name myserver1", 0o600),
        ("internal.version", 0o644),
    ] {
        for operator in ["|", ">", ">>", ">!"] {
            let (server, world) = (Server::answering([Answer::value(NEW_KEY)]), World::new());
            let run = world.marsh().against(&server).line(line).args([operator, "out.json"]).run();
            run.exits(0).prints("").says_nothing();
            assert_eq!(
                (world.bits("out.json"), world.content("out.json").as_str()),
                (bits, SHOWN),
                "{line} {operator}"
            );
        }
    }
}

#[test]
fn a_file_that_was_open_to_all_is_closed() {
    for (operator, content) in [("|", SHOWN.to_owned()), (">>", format!("old\n{SHOWN}"))] {
        let (server, world) = (Server::answering([Answer::value(NEW_KEY)]), World::new());
        world.put("out.json", "old\n", 0o644);
        world.marsh().against(&server).line("apikey.create").args([operator, "out.json"]).run().exits(0);
        assert_eq!((world.bits("out.json"), world.content("out.json")), (0o600, content));
    }
}

#[test]
fn a_failed_call_leaves_the_file_as_it_was() {
    let broken =
        b"HTTP/1.1 200 OK\nContent-Type: text/xml\nContent-Length: 90000\nConnection: close\n\n<methodResponse>";
    for (answer, code) in [
        (Answer::fault(1, "no"), 4),
        (Answer::http(broken), 7),
        (Answer::http(b"HTTP/1.1 500 Broken\n\n<html></html>"), 5),
        (Answer::HangUp, 7),
    ] {
        for operator in ["|", ">>", ">!"] {
            let (server, world) = (Server::answering([answer.clone()]), World::new());
            world.put("out.json", "old\n", 0o644);
            world.marsh().against(&server).line("apikey.create").args([operator, "out.json"]).run().exits(code);
            assert_eq!((world.bits("out.json"), world.content("out.json").as_str()), (0o644, "old\n"), "{operator}");
            assert_eq!(world.names(), ["out.json"]);
        }
    }
}

#[test]
fn a_long_result_is_stored_as_it_is_shown() {
    let member = "<value><struct><member><name>n</name><value><double>21.60</double></value></member></struct></value>";
    let list = Answer::value(&format!("<array><data>{}</data></array>", member.repeat(5_000)));
    for format in ["json", "xml", "raw"] {
        let (server, world) = (Server::answering([list.clone(), list.clone()]), World::new());
        let shown = world.marsh().against(&server).args(["service.list", "-o", format]).run().exits(0).stdout;
        world.marsh().against(&server).args(["service.list", "-o", format, "|", "out"]).run().exits(0).prints("");
        assert!(shown.len() > 100_000);
        assert!(world.content("out") == shown, "{format}");
    }
}

#[test]
fn an_output_that_cannot_be_written_is_a_fault_of_this_machine() {
    for format in ["json", "jsonl", "yaml", "xml", "csv", "tsv", "table", "record", "value", "raw"] {
        for (operator, target) in [("|", "/dev/full"), (">>", "/dev/full"), ("|", "/proc/self/fd/1")] {
            for filter in [&[][..], &["-q", "."]] {
                if format == "raw" && !filter.is_empty() {
                    continue;
                }
                let (server, world) = (Server::answering([Answer::value("<string>x</string>")]), World::new());
                let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
                let run = world.marsh().against(&server).args(["internal.version", "-o", format]).args(filter);
                let ended = run.args([operator, target]).into_file(full).run();
                let ended = ended.exits(1).says("No space left on device");
                assert!(!ended.stderr.contains("cannot be read"), "{ended}");
                assert_eq!(server.requests().len(), 1, "{ended}");
            }
        }
    }
}

/// A pipe with a name in the folder to work in.
fn fifo(world: &World, name: &str) {
    assert!(Command::new("mkfifo").arg(world.at(name)).status().unwrap().success());
}

#[test]
fn a_pipe_without_a_reader_is_refused_before_the_call() {
    for line in ["internal.version", "apikey.create comment x"] {
        for operator in ["|", ">>", ">!"] {
            let (server, world) = (Server::answering([]), World::new());
            fifo(&world, "pipe");
            let run = world.marsh().against(&server).line(line).args([operator, "pipe"]).run();
            run.exits(2).prints("").says("no program is reading from the pipe `pipe`").says("nothing was sent");
            assert_eq!(server.requests().len(), 0);
        }
    }
}

#[test]
fn a_pipe_that_somebody_reads_gets_the_result() {
    let (server, world) = (Server::answering([Answer::value("<int>5</int>")]), World::new());
    fifo(&world, "pipe");
    let path = world.at("pipe");
    let reader = thread::spawn(move || {
        let mut text = String::new();
        File::open(path).unwrap().read_to_string(&mut text).unwrap();
        text
    });
    world.marsh().against(&server).args(["internal.version", "|", "pipe"]).run().exits(0).prints("");
    assert_eq!(reader.join().unwrap(), "5\n");
}

#[test]
fn an_impossible_output_is_explained() {
    let server = Server::answering([]);
    let world = World::new();
    world
        .marsh()
        .against(&server)
        .args(["internal.version", "|", ""])
        .run()
        .exits(2)
        .says("the name of the file is empty");
    let run = world.marsh().against(&server).args(["internal.version", "|", "out.json"]);
    run.through("mkdir gone && cd gone && rmdir ../gone && exec \"$@\"")
        .run()
        .exits(2)
        .says("the current folder has been deleted");
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn a_closed_standard_output_is_not_an_output() {
    for line in ["internal.version", "apikey.create comment x", "help exit", "--version", "--help", "login --help"] {
        let server = Server::answering([]);
        let run = World::new().marsh().against(&server).line(line).through("exec \"$@\" >&-").run();
        run.exits(1).says("standard output is closed").says("nothing was sent");
        assert_eq!(server.requests().len(), 0);
    }
    let (server, world) = (Server::answering([Answer::value("<int>5</int>")]), World::new());
    let run = world.marsh().against(&server).args(["internal.version", "|", "out.json"]);
    run.through("exec \"$@\" >&-").run().exits(0).says_nothing();
    let server = Server::answering([Answer::value("<int>5</int>")]);
    World::new().marsh().against(&server).arg("internal.version").through("exec \"$@\" 1<>/dev/null").run().exits(0);
}

#[test]
fn a_file_that_is_mounted_is_written_in_place() {
    let (server, world) = (Server::answering([Answer::value("<int>5</int>"), Answer::fault(1, "no")]), World::new());
    world.put("source", "old and longer than the new\n", 0o644);
    world.put("out.json", "", 0o644);
    let line = |method: &str| world.marsh().against(&server).args([method, "|", "out.json"]);
    let mount = "mount --bind source out.json 2>/dev/null || { echo no mounts >&2; exit 77; }; exec \"$@\"";
    let shell = |method: &str| line(method).through(&format!("unshare -m sh -c '{mount}' sh \"$@\" || exit $?"));
    let ended = shell("internal.version").run();
    if ended.stderr.contains("no mounts") || ended.stderr.contains("unshare") {
        // Skipped: nothing can be mounted here.
        return;
    }
    ended.exits(0).says_nothing();
    assert_eq!((world.content("source").as_str(), world.content("out.json").as_str()), ("5\n", ""));
    shell("apikey.create").run().exits(4);
    assert_eq!(world.content("source"), "5\n");
    assert_eq!(world.names(), ["out.json", "source"]);
}

#[test]
fn what_a_killed_run_left_is_gone_after_the_next() {
    let (server, world) = (Server::answering([Answer::Silence, Answer::value("<int>5</int>")]), World::new());
    world.put(".marsh-part-", "mine", 0o644);
    let child = world.marsh().against(&server).args(["internal.version", "|", "out.json"]).spawn();
    server.asked();
    assert_eq!(signalled(child, "KILL").0, 137);
    assert_eq!(world.names().len(), 2, "{:?}", world.names());
    world.marsh().against(&server).args(["internal.version", "|", "out.json"]).run().exits(0);
    assert_eq!(world.names(), [".marsh-part-", "out.json"]);
}

#[test]
fn another_run_that_goes_on_loses_nothing_to_the_next() {
    let (server, world) = (Server::answering([Answer::Silence]), World::new());
    let other = Server::answering([Answer::value("<int>5</int>")]);
    let mut child = world.marsh().against(&server).args(["internal.version", "|", "slow.json"]).spawn();
    server.asked();
    world.marsh().against(&other).args(["internal.version", "|", "out.json"]).run().exits(0);
    assert_eq!(world.names().len(), 2, "{:?}", world.names());
    let _ = child.kill();
    wait(&mut child);
}

#[test]
fn too_few_file_descriptors_are_explained() {
    for most in [8, 10, 12, 16, 18, 20, 24] {
        for sandbox in [true, false] {
            let run = World::new().marsh();
            let server = Server::answering([Answer::value("<int>5</int>")]);
            let run = if sandbox { run.arg("--sandbox") } else { run.against(&server) };
            let ended = run.arg("internal.version").through(&format!("ulimit -n {most}; exec \"$@\"")).run();
            assert!(matches!(ended.code, 0 | 1), "{most}: {ended}");
            assert!(ended.code == 0 || ended.stderr.contains("Too many open files"), "{most}: {ended}");
        }
    }
}

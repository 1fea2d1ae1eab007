//! Where results go: files for their owner alone where they hold a secret, whole or not at all, and the input of other
//! programs. What a file holds is told by the conversations.

use crate::support::cmd::World;
use crate::support::server::{Answer, Server};

const NEW_KEY: &str =
    "<struct><member><name>key</name><value>739c99f25ed8d13e48ba94ec6a4a0102</value></member></struct>";
const SHOWN: &str = "{\n  \"key\": \"739c99f25ed8d13e48ba94ec6a4a0102\"\n}\n";

#[test]
fn a_file_that_holds_a_secret_is_for_its_owner_alone() {
    for (line, bits) in [
        ("apikey.create comment x", 0o600),
        ("apikey.list", 0o600),
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

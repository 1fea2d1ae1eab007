//! Bytes in a result: a file or a command gets them as they are, JSON gets Base64.

use std::fs;

use crate::support::cmd::{Run, World};
use crate::support::keys::{CTRL_D, Terminal};
use crate::support::server::{Answer, Server};

const LINE: &str = "cluster.service.status_image cluster_name mycluster1 service_name www";
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\xff\xfe";
const BASE64: &str = "iVBORw0KGgoAAP/+";
/// How sixels begin, and the question whether a terminal shows them.
const SIXEL: &str = "\x1bP";
const QUESTION: &str = "\x1b[c";

/// The answer with the picture, as each transport carries it.
fn answer(transport: &str) -> Answer {
    let json =
        |body: String| Answer::http(format!("HTTP/1.1 200 OK\nContent-Type: application/json\n\n{body}").as_bytes());
    match transport {
        "xmlrpc" => Answer::value(&format!(
            "<struct><member><name>data</name><value><base64>{BASE64}</base64></value></member></struct>"
        )),
        "jsonrpc" => json(format!(r#"{{"jsonrpc":"2.0","id":1,"result":{{"data":"{BASE64}"}}}}"#)),
        _ => json(format!(r#"{{"data":"{BASE64}"}}"#)),
    }
}

/// Runs the line, with more at its end, where such a picture is the answer.
fn drawn(world: &World, transport: &str, before: &[&str], more: &[&str], into: impl Fn(Run) -> Run) -> String {
    let server = Server::answering([answer(transport)]);
    let run = world.marsh().against(&server).args(["--transport", transport]).args(before).line(LINE).args(more);
    into(run).run().exits(0).says_nothing().stdout
}

#[test]
fn a_file_and_a_command_get_the_picture_itself() {
    for transport in ["xmlrpc", "jsonrpc", "json"] {
        for (before, more) in [
            (&[][..], &["|", "img.png"][..]),
            (&[], &[">!", "img.png"]),
            (&[], &[">>", "img.png"]),
            (&["-o", "table"], &["|", "img.png"]),
            (&[], &["|!", "dd of=img.png status=none"]),
            (&[], &["-q", ".data", "-o", "value", "|", "img.png"]),
            (&[], &["-q", "[.][0].data", "-o", "value", ">", "img.png"]),
        ] {
            let world = World::new();
            drawn(&world, transport, before, more, |run| run);
            assert_eq!(fs::read(world.at("img.png")).unwrap(), PICTURE, "{transport} {before:?} {more:?}");
        }
    }
}

#[test]
fn a_pipe_gets_the_picture_itself_unless_a_format_is_chosen() {
    let object = format!("{{\"data\":\"{BASE64}\"}}\n");
    for (before, more, shown) in [
        (&[][..], &[][..], PICTURE),
        (&[], &["-q", ".data", "-o", "value"], PICTURE),
        (&[], &["-o", "jsonl"], object.as_bytes()),
        (&["-o", "jsonl"], &[], object.as_bytes()),
        (&[], &["-q", ".", "-o", "jsonl"], object.as_bytes()),
        (&[], &["-q", ".data"], format!("\"{BASE64}\"\n").as_bytes()),
    ] {
        let world = World::new();
        drawn(&world, "xmlrpc", before, more, |run| run.into_file(fs::File::create(world.at("out")).unwrap()));
        assert_eq!(fs::read(world.at("out")).unwrap(), shown, "{before:?} {more:?}");
    }
}

#[test]
fn a_file_named_after_a_format_has_the_whole_result() {
    let world = World::new();
    drawn(&world, "xmlrpc", &[], &["|", "img.json"], |run| run);
    assert_eq!(world.content("img.json"), format!("{{\n  \"data\": \"{BASE64}\"\n}}\n"));
}

#[test]
fn a_terminal_shows_a_picture_as_it_can() {
    let kitty = "\x1b_Ga=T,f=100,q=2,m=0;iVBORw0KGgo";
    let iterm = "\x1b]1337;File=inline=1;size=67";
    let json = "\"data\"";
    for (set, more, shown) in [
        (&[("KITTY_WINDOW_ID", "1")][..], "", kitty),
        (&[("TERM", "xterm-kitty")], "", kitty),
        (&[("TERM_PROGRAM", "iTerm.app")], "", iterm),
        (&[("TERM", "foot")], "", SIXEL),
        (&[("KONSOLE_VERSION", "230801")], "", SIXEL),
        (&[], "", "\x1b[38;5;231m▀"),
        (&[("COLORTERM", "truecolor")], "", "\x1b[38;2;255;255;255m▀"),
        (&[("LANG", "C")], "", json),
        (&[("KITTY_WINDOW_ID", "1"), ("NO_COLOR", "1")], "", json),
        (&[("KITTY_WINDOW_ID", "1"), ("TERM", "dumb")], "", json),
        (&[("KITTY_WINDOW_ID", "1")], " -o json", "\x1b[1;36m\"data\""),
        (&[("KITTY_WINDOW_ID", "1")], " -q .data", "(PNG picture, 67 B)"),
    ] {
        let run = set.iter().fold(World::new().marsh(), |run, (name, value)| run.env(name, value));
        let mut shell = Terminal::open(run.arg("--sandbox").line(&format!("{LINE}{more}")));
        assert_eq!(shell.code(), 0, "{set:?}\n{}", shell.contents());
        let raw = String::from_utf8_lossy(&shell.raw).into_owned();
        assert!(raw.contains(shown), "{set:?}: no {shown:?} in {raw:?}");
        let pictures = [kitty, iterm, SIXEL, "▀"].into_iter().filter(|begins| raw.contains(begins)).count();
        assert_eq!(
            pictures,
            usize::from([kitty, iterm, SIXEL].contains(&shown) || shown.contains('▀')),
            "{set:?}: {raw:?}"
        );
    }
}

#[test]
fn a_terminal_is_asked_for_sixels_once_and_only_where_it_can_answer() {
    let raw = |shell: &Terminal| String::from_utf8_lossy(&shell.raw).into_owned();
    for (answer, shown) in [("\x1b[?62;4;22c", SIXEL), ("\x1b[?62;22c", "▀"), ("", "▀")] {
        let mut shell = Terminal::prompt(World::new().marsh().arg("--sandbox"));
        shell.press(&format!("{LINE}\r"));
        shell.until("the question", |shell| raw(shell).contains(QUESTION));
        shell.press(answer);
        shell.until(shown, |shell| raw(shell).contains(shown));
        shell.until("the prompt", Terminal::at_prompt);
        // The answer is no part of the next line, and the second picture needs no question.
        shell.run(LINE);
        assert_eq!(raw(&shell).matches(QUESTION).count(), 1, "{answer:?}");
        shell.press(CTRL_D);
        assert_eq!(shell.code(), 0);
    }
    for (set, more) in [(("NO_COLOR", "1"), ""), (("TERM", "xterm-kitty"), ""), (("LANG", "C.UTF-8"), " -o json")] {
        let run = World::new().marsh().env(set.0, set.1).arg("--sandbox").line(&format!("{LINE}{more}"));
        let mut shell = Terminal::open(run);
        assert_eq!(shell.code(), 0);
        assert!(!raw(&shell).contains(QUESTION), "{set:?}");
    }
}

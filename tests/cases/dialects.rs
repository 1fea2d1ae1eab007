//! Services that describe themselves, each in a folder of `tests/dialects` with answers from its documents.
//!
//! `options` has the words before the line, one a line; `answers/METHOD` what the service answers to a method: the inside
//! of a value for XML-RPC, a result for JSON-RPC. What has no answer is refused as an unknown method. `cases` has lines:
//!
//! | line | holds |
//! |---|---|
//! | `$ LINE` | what is typed, in one world for all lines |
//! | `> TEXT` | standard output, or how it begins if it has several lines |
//! | `~ TEXT` | a part of standard output |
//! | `! CODE WORDS` | the exit code, and words of the error |
//! | `< PARAMS` | what the last request carried; `{key}` is the key |
//! | `= METHODS` | the methods that were called for this line, in order |

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::support::cmd::{Outcome, World};
use crate::support::raw::{Peer, fault, http, result};

const CANARY: &str = "canary-of-a-key";

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dialects");
    let mut all: Vec<PathBuf> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.sort();
    all
}

/// What stands between two marks.
fn between<'t>(text: &'t str, from: &str, to: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(from)?;
    rest.split_once(to).map(|(inside, _)| inside)
}

fn method(request: &str) -> &str {
    between(request, "<methodName>", "</methodName>").or_else(|| between(request, "\"method\":\"", "\"")).unwrap_or("")
}

/// A service that gives the answers in a folder.
pub(super) fn service(folder: &Path) -> Peer {
    let answers = folder.join("answers");
    Peer::new(move |request, stream| {
        let answer = fs::read_to_string(answers.join(method(request)));
        let bytes = match (answer, request.contains("<methodCall>")) {
            (Ok(value), true) => result(value.trim_end()),
            (Err(_), true) => fault(1, "no such method"),
            (Ok(value), false) => json(&format!("\"result\":{value}")),
            (Err(_), false) => json("\"error\":{\"code\":-32601,\"message\":\"Method not found.\"}"),
        };
        stream.write_all(&bytes)
    })
}

fn json(member: &str) -> Vec<u8> {
    http("200 OK", "application/json", format!("{{\"jsonrpc\":\"2.0\",\"id\":1,{member}}}"))
}

fn params(request: &str) -> String {
    let inside = match between(request, "<params>", "</params>") {
        Some(inside) => inside.to_owned(),
        None => {
            let rest = request.split_once("\"params\":").map_or("", |(_, rest)| rest);
            rest.rsplit_once(",\"id\"").map_or(rest, |(inside, _)| inside).to_owned()
        }
    };
    inside.replace(CANARY, "{key}")
}

/// The words of a line: quotes keep blanks together.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    words
}

struct Play<'f> {
    folder: &'f Path,
    peer: Peer,
    world: World,
    seen: usize,
    faults: Vec<String>,
}

impl Play<'_> {
    fn run(&mut self, line: &str) -> (Outcome, Vec<String>) {
        self.seen = self.peer.received().len();
        let options = fs::read_to_string(self.folder.join("options")).unwrap().replace("{host}", &self.peer.host());
        let mut run = self.world.marsh().args(["--retries", "0"]);
        let mut line = words(line);
        // An option of the program comes before the line.
        if let Some(at) = line.iter().position(|word| word == "--read-only") {
            run = run.arg(line.remove(at));
        }
        let outcome = run.args(options.lines()).args(line).run();
        (outcome, self.peer.received().split_off(self.seen))
    }

    fn check(&mut self, line: &str, expected: &[&str]) {
        let (outcome, requests) = self.run(line);
        let mut code = 0;
        for (mark, text) in expected.iter().map(|it| it.split_at(1)).map(|(mark, text)| (mark, text.trim_start())) {
            let fits = match mark {
                ">" => outcome.stdout.trim_end() == text || outcome.stdout.starts_with(&format!("{text}\n")),
                "~" => outcome.stdout.contains(text),
                "<" => requests.last().is_some_and(|request| params(request) == text.trim_end()),
                "=" => requests.iter().map(|request| method(request)).collect::<Vec<_>>().join(" ") == text,
                "!" => {
                    let (number, words) = text.split_once(' ').unwrap_or((text, ""));
                    code = number.parse().unwrap();
                    outcome.stderr.contains(words)
                }
                _ => panic!("{mark}"),
            };
            if !fits {
                let sent: Vec<String> = requests.iter().map(|it| format!("{} {}", method(it), params(it))).collect();
                self.faults.push(format!("{line}\n  {mark} {text}\n  sent: {sent:?}\n{outcome}"));
            }
        }
        if outcome.code != code {
            self.faults.push(format!("{line}: exit {} instead of {code}\n{outcome}", outcome.code));
        }
        for text in [&outcome.stdout, &outcome.stderr] {
            assert!(!text.contains(CANARY), "{text}");
        }
    }
}

#[test]
fn services_are_understood_as_their_documents_say() {
    let folders = folders();
    for folder in &folders {
        let mut play = Play { folder, peer: service(folder), world: World::new(), seen: 0, faults: Vec::new() };
        let cases = fs::read_to_string(folder.join("cases")).unwrap();
        let rows: Vec<&str> = cases.lines().filter(|row| !row.starts_with('#') && !row.is_empty()).collect();
        let begins = |row: &&str| row.starts_with("$ ");
        assert!(rows.first().is_some_and(begins), "{}", folder.display());
        for (at, row) in rows.iter().enumerate().filter(|(_, row)| begins(row)) {
            let rest = &rows[at + 1..];
            let end = rest.iter().position(begins).unwrap_or(rest.len());
            play.check(&row[2..], &rest[..end]);
        }
        assert!(play.faults.is_empty(), "== {}\n{}", folder.display(), play.faults.join("\n"));
    }
    assert!(folders.len() >= 9);
}

pub(super) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dialects").join(name)
}

#[test]
fn a_foreign_address_is_never_taken_for_the_usual_provider() {
    let peer = service(&folder("supervisor"));
    for (options, code, words) in [
        (vec![], 2, "say what it is: --provider xmlrpc"),
        (vec!["--user", "me"], 2, "--provider"),
        (vec!["--provider", "memset", "--user", "me"], 2, "sends no user name"),
        (vec!["--provider", "xmlrpc", "--auth", "nothing"], 2, "no way `nothing`"),
        (vec!["--provider", "xmlrpc"], 3, "has no user name"),
        (vec!["--provider", "xmlrpc", "--auth", "none"], 2, "no key is sent here"),
    ] {
        let url = format!("http://{}/RPC2", peer.host());
        let run = World::new().marsh().args(["-u", &url, "-k", CANARY]).args(options).arg("supervisor.getState");
        run.run().exits(code).says(words).prints("");
    }
    // A user without a key would be left out, and so would a key without a user.
    let url = format!("http://me@{}/RPC2", peer.host());
    World::new().marsh().args(["-u", &url, "--provider", "xmlrpc", "methods"]).run().exits(3).says("no key");
    assert_eq!(peer.received().len(), 0);
}

#[test]
fn the_users_shell_completes_what_a_service_lists() {
    let peer = service(&folder("supervisor"));
    let world = World::new();
    let url = format!("http://{}/RPC2", peer.host());
    world.configure(&format!("[profiles.sup]\nprovider = \"xmlrpc\"\nurl = \"{url}\"\nauth = \"none\"\n"));
    let complete = |line: &str| world.marsh().args(["__complete", "zsh"]).args(line.split(' ').skip(1)).run().stdout;
    assert!(!complete("marsh -p sup supervisor.st").contains("supervisor.startProcess"));
    world.marsh().line("-p sup methods").run().exits(0);
    let asked = peer.received().len();
    let found = complete("marsh -p sup supervisor.st");
    assert!(found.contains("supervisor.startProcess"), "{found}");
    let found = complete("marsh -p sup supervisor.startProcess na");
    assert!(found.contains("name"), "{found}");
    let found = complete("marsh -p sup supervisor.startProcess wait ");
    assert!(found.contains("false"), "{found}");
    assert_eq!(peer.received().len(), asked);
}

#[test]
fn an_error_of_the_list_keeps_its_exit_code() {
    for (status, code) in [("401 Unauthorized", 3), ("500 Internal Server Error", 5), ("403 Forbidden", 3)] {
        let answer = http(status, "text/html", "<html>no</html>");
        let peer = Peer::saying(answer);
        let url = format!("http://{}/RPC2", peer.host());
        for line in ["supervisor.getPID", "methods", "help remote", "search pid", "help supervisor.getPID"] {
            let run =
                World::new().marsh().args(["--retries", "0", "-u", &url, "--provider", "xmlrpc"]).line(line).run();
            assert!(!run.stderr.contains("unknown method"), "{line}: {run}");
            run.exits(code).prints("");
        }
    }
}

#[test]
fn a_hostile_list_does_no_harm() {
    let name = |text: &str| format!("<value><string>{text}</string></value>");
    let names =
        [name("a&#9;b"), name("&#x202e;gpj.exe"), name(""), name("--yes"), name(&"x".repeat(5_000)), name("help")];
    let many: String = (0..30_000).map(|nth| name(&format!("m{nth}"))).collect();
    let list = format!("<array><data>{}{many}</data></array>", names.concat());
    let peer = Peer::saying(result(&list));
    let url = format!("http://{}/RPC2", peer.host());
    let run = || World::new().marsh().args(["-u", &url, "--provider", "xmlrpc"]);
    let listed = run().line("methods -q length").run().exits(0);
    assert_eq!(listed.stdout.trim(), "20000");
    let shown = run().line("help remote").run().exits(0).stdout;
    assert!(!shown.contains('\u{202e}') && !shown.contains(&"x".repeat(300)), "{shown}");
    // The program's own commands stay what they are.
    run().line("help topics").run().exits(0);
}
